//! Builds that are killed: nothing that they leave opens and is wrong, and the next build makes what it should.

use crate::ran::Ran;
use crate::slot::By;
use crate::steps::{self, Steps, Then};
use crate::tool;
use crate::versions::Versions;
use crate::workspace::Workspace;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

#[test]
fn b07_a_build_that_is_killed_at_any_of_its_steps_leaves_the_older_or_the_newer_files() {
    kill_at_each_step(Versions::build(), "/plugins/one.so by cargo-engraft");
}

#[test]
fn b07_build_of_cargo_that_is_killed_at_any_of_its_steps_leaves_the_older_or_the_newer_files() {
    kill_at_each_step(Versions::build_by(By::Cargo), "/deps/libone.so by cargo-engraft");
}

/// One of the steps puts the plugin in place.
#[track_caller]
fn kill_at_each_step(mut versions: Versions, places_plugin: &str) {
    let (steps, all) = versions.steps();
    assert!(all.iter().any(|step| step.contains(places_plugin)), "{all:#?}");
    let mut wrong = Vec::new();
    let mut kills = 0;
    for index in steps::telling(&all) {
        versions.edit();
        let mut killed = versions.command();
        steps.count(&mut killed, Some((index + 1, Then::Kill)));
        let ran = Ran::of(&mut killed);
        if let Err(error) = versions.check_what_is_there().and_then(|()| versions.finish()) {
            wrong.push(format!("killed at step {}, {}: {error}\n{ran}", index + 1, all[index]));
        }
        match ran.code {
            None => kills += 1,
            // Processes that run side by side may share one step: then this build has fewer.
            code => assert!(code == Some(0) && steps.counted().len() <= index, "{ran}"),
        }
    }
    assert!(kills > 20, "{kills} builds were killed");
    assert!(wrong.is_empty(), "after {} of {kills} kills\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// What others may have open is replaced; whoever would write to it would change it under them.
#[test]
fn f13_no_program_of_a_build_writes_to_a_file_that_is_in_place() {
    let mut versions = Versions::build();
    let workspace = &versions.workspace;
    let steps = Steps::of(workspace);
    let mut placed = vec![workspace.output("host"), workspace.so("one"), workspace.target.join("engraft/build/debug/host")];
    let compiled = fs::read_dir(workspace.target.join("engraft/build/debug/deps")).unwrap().map(|entry| entry.unwrap().path());
    placed.extend(compiled.filter(|path| path.extension().is_none_or(|extension| extension == "rlib")));
    versions.edit();
    let mut build = versions.workspace.command(["build"]);
    steps.count_all(&mut build);
    Ran::of(&mut build).success();
    let all = steps.counted();
    let replaced =
        |path: &PathBuf| all.iter().any(|step| step.starts_with("rename ") && step.contains(&format!(" {} by ", path.display())));
    assert!(placed[..2].iter().all(replaced), "{all:#?}");
    let written: Vec<&String> = all
        .iter()
        .filter(|step| ["open ", "write ", "truncate "].iter().any(|call| step.starts_with(call)))
        .filter(|step| placed.iter().any(|path| step.contains(&format!(" {} by ", path.display()))))
        .collect();
    assert!(written.is_empty(), "{written:#?}");
}

#[test]
fn a_build_directory_that_an_update_has_begun_to_remove_passes_for_whole_to_nobody() {
    let workspace = Workspace::new();
    let target = tempfile::tempdir_in(&workspace.target).unwrap();
    let build = target.path().join("engraft/build");
    for file in ["debug/a", "debug/deps/b", "z"] {
        fs::create_dir_all(build.join(file).parent().unwrap()).unwrap();
        fs::write(build.join(file), "").unwrap();
    }
    fs::write(build.join("cargo-engraft-version"), "0.0.1 1").unwrap();
    let steps = Steps::of(&workspace);
    let mut removing = tool::engraft(&workspace.root, target.path());
    // The first step makes the lock, the second removes something, and the third would go on.
    steps.count(removing.arg("build"), Some((3, Then::Kill)));
    let ran = Ran::of(&mut removing);
    assert_eq!(ran.code, None, "{ran}");
    assert_eq!(steps.counted().iter().filter(|step| step.starts_with("unlink")).count(), 2, "{:#?}", steps.counted());
    assert!(!build.join("cargo-engraft-version").exists());
}

#[test]
fn a_record_that_was_cut_short_is_told_with_what_helps() {
    let workspace = Workspace::new();
    workspace.build();
    let deps = workspace.target.join("engraft/build/debug/deps");
    let of_api = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("libapi-");
    let files: Vec<PathBuf> = fs::read_dir(&deps).unwrap().map(|entry| entry.unwrap().path()).filter(of_api).collect();
    let record = files.iter().find(|path| path.extension().is_some_and(|extension| extension == "json")).unwrap();
    fs::File::options().write(true).open(record).unwrap().set_len(100).unwrap();
    workspace.append("plugins/one/src/lib.rs", "pub fn more() {}\n");
    let library = record.with_extension("").with_extension("");
    workspace.engraft(["build"]).ended(101).says(&[
        &format!("failed to understand {}", record.display()),
        &format!("help: it was cut short, as when the power goes: remove {}.*, ", library.display()),
    ]);
    files.iter().for_each(|path| fs::remove_file(path).unwrap());
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 1"]);
}

#[test]
fn a_linker_that_is_killed_is_told() {
    let workspace = Workspace::new();
    // Found before the system's own.
    let linker = workspace.script("killed/cc", "#!/bin/sh\nkill -KILL $$\n");
    let path = [linker.parent().unwrap().as_os_str(), &std::env::var_os("PATH").unwrap()].join(OsStr::new(":"));
    Ran::of(workspace.command(["build"]).env("PATH", path)).ended(101).says(&["error: cc did not come to its end: signal: 9 (SIGKILL)"]);
}

/// How many builds are killed at random moments.
const KILLS: u32 = 16;

#[test]
fn b07_builds_that_are_killed_at_random_moments_leave_the_older_or_the_newer_files() {
    let mut versions = Versions::build();
    versions.edit();
    let start = Instant::now();
    versions.workspace.build();
    let duration = start.elapsed();
    let mut moments = Moments(0x9e37_79b9_7f4a_7c15);
    let mut wrong = Vec::new();
    let mut killed = 0;
    for number in 0..KILLS {
        versions.edit();
        let moment = moments.within(duration);
        // Every other time the processes that the build has started live on for a while.
        let alone = number % 2 == 1;
        killed += u32::from(kill(versions.workspace.command(["build"]), moment, alone));
        let checked = if alone { Ok(()) } else { versions.check_what_is_there() };
        if let Err(error) = checked.and_then(|()| versions.finish()) {
            wrong.push(format!("kill {number}, after {moment:?}, {}: {error}", if alone { "alone" } else { "all" }));
        }
    }
    assert!(killed > 0, "every build had ended within a part of the time that one takes");
    assert!(wrong.is_empty(), "after {} of {KILLS} kills\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// Starts a build and kills it at a moment, with all of its processes or alone. False if it had come to its end before.
fn kill(mut build: Command, moment: Duration, alone: bool) -> bool {
    let mut child = build.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0).spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let (end, ended) = mpsc::channel();
    // The pipe's end is the end of all that have it.
    let reader = std::thread::spawn(move || {
        let read = stderr.read_to_end(&mut Vec::new());
        let _ = end.send(());
        read
    });
    let runs = ended.recv_timeout(moment).is_err();
    if runs && alone {
        child.kill().unwrap();
    } else if runs {
        // The group has its number for as long as nobody has asked how its first process ended.
        let sent = Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status();
        assert!(sent.unwrap().success());
    }
    if !alone {
        reader.join().unwrap().unwrap();
    }
    let status = child.wait().unwrap();
    status.code().is_none()
}

/// Moments that look random, the same in every run.
struct Moments(u64);

impl Moments {
    fn within(&mut self, duration: Duration) -> Duration {
        // xorshift64.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        duration * u32::try_from(self.0 >> 40).unwrap() / (1 << 24)
    }
}
