//! A disk that is full: the build says so, with the file that it could not write, leaves what was there, and works when there is room.

use crate::ran::Ran;
use crate::skipped;
use crate::steps::Then;
use crate::versions::Versions;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// `ENOSPC`.
const NO_SPACE: i32 = 28;
const WORDS: &str = "No space left on device";

/// Whether a build failed for want of space in the way that it should.
fn check_told(ran: &Ran, below: &Path) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{what}\n{ran}"));
    if ran.code != Some(101) {
        return wrong("the exit code is not that of what could not be completed");
    }
    // What cargo starts may be told in its own words; a path stands in the line or in one that belongs to it.
    if !ran.stderr.contains(WORDS) {
        return wrong("it is not told that there is no space");
    }
    if !ran.stderr.contains(below.to_str().unwrap()) {
        return wrong("it is not told where there is no space");
    }
    if ran.stderr.contains("panicked") {
        return wrong("something panicked");
    }
    Ok(())
}

#[test]
fn a_build_that_finds_no_space_at_any_of_its_steps_says_where_and_leaves_what_was_there() {
    let mut versions = Versions::build();
    let (steps, all) = versions.steps();
    let mut wrong = Vec::new();
    for (index, step) in all.iter().enumerate() {
        let next = all.get(index + 1).map_or("", String::as_str);
        // What is removed takes no space, and whoever makes a file and then writes to it is told the same of both.
        let is_written_next = step.strip_prefix("open ").is_some_and(|path| next.strip_prefix("write ") == Some(path));
        if step.starts_with("unlink ") || step.starts_with("rmdir ") || is_written_next {
            continue;
        }
        versions.edit();
        let mut build = versions.workspace.command(["build"]);
        steps.count(&mut build, Some((index + 1, Then::Fail(NO_SPACE))));
        let ran = Ran::of(&mut build);
        let mut told = check_told(&ran, &versions.workspace.target);
        // Processes that run side by side do not always take their steps in one order: this is the one that found no space, if one did.
        let found = steps.counted().get(index).cloned().unwrap_or_default();
        // There may be another way: a copy in the place of another name. A directory that is there need not be made, and nothing depends on
        // what is removed.
        let is_needed = !found.is_empty() && !["link", "mkdir ", "unlink ", "rmdir "].iter().any(|call| found.starts_with(call));
        if !is_needed && ran.code == Some(0) {
            told = Ok(());
        }
        if let Err(error) = told.and_then(|()| versions.check_what_is_there()).and_then(|()| versions.finish()) {
            wrong.push(format!("no space at step {}, {found}: {error}", index + 1));
        }
    }
    assert!(wrong.is_empty(), "{} of {} are not as they should be\n\n{}", wrong.len(), all.len(), wrong.join("\n\n"));
}

/// Set in the process that has the small disk.
const WITHIN: &str = "FULL_DISK_AT";

/// How much the disk of the test holds, in KiB: what a target directory takes, and more.
const SIZE: u64 = 2 << 20;

/// How much is left free, in KiB: of the compiler's output there is room for nothing, for the first of it, for more, for nearly all.
const FREE: [u64; 6] = [0, 64, 512, 4 << 10, 16 << 10, 32 << 10];

#[test]
fn a_build_on_a_full_disk_fails_with_the_systems_words_and_works_when_there_is_room() {
    if std::env::var_os(WITHIN).is_some() {
        return on_a_small_disk();
    }
    // A disk for this test alone: nobody else sees it, and it goes away with the process.
    let mut unshare = Command::new("unshare");
    unshare.args(["--mount", "--"]);
    if let Err(why) = mounts(&unshare) {
        return skipped::tell(&format!("no disk can be made small: {why}"));
    }
    let program = std::env::current_exe().unwrap();
    let name = "full_disk::a_build_on_a_full_disk_fails_with_the_systems_words_and_works_when_there_is_room";
    unshare.arg(program).args(["--exact", name, "--nocapture"]).env(WITHIN, "here");
    Ran::of(&mut unshare).success().prints(&["1 passed"]);
}

/// Whether a file system can be mounted by a program that is started like this.
fn mounts(unshare: &Command) -> Result<(), String> {
    let place = tempfile::tempdir().unwrap();
    let mut command = Command::new(unshare.get_program());
    command.args(unshare.get_args()).args(["mount", "-t", "tmpfs", "none"]).arg(place.path());
    let output = command.output().map_err(|error| format!("unshare can't be run: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn on_a_small_disk() {
    let mut versions = Versions::build();
    let target = versions.workspace.target.clone();
    move_to_small_disk(&target);
    let mut wrong = Vec::new();
    let mut failed = 0;
    for free in FREE {
        versions.edit();
        let ballast = fill(&target, free);
        let ran = versions.workspace.engraft(["build"]);
        // It is where the last of it is written that is found out last.
        let told = if ran.code == Some(0) { Ok(()) } else { check_told(&ran, &target) };
        failed += u32::from(ran.code != Some(0));
        let there = versions.check_what_is_there();
        fs::remove_file(ballast).unwrap();
        if let Err(error) = told.and(there).and_then(|()| versions.finish()) {
            wrong.push(format!("with {free} KiB left: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(failed > 2, "{failed} of the builds found the disk full");
}

/// Puts a disk of its own in the place of a directory, with all that is in it. Paths and times stay as cargo knows them.
fn move_to_small_disk(directory: &Path) {
    let aside = tempfile::tempdir_in(directory.parent().unwrap()).unwrap();
    let script =
        "mount -t tmpfs -o size=\"$3k\" none \"$2\" && cp -a --sparse=never \"$1/.\" \"$2\" && mount --bind \"$2\" \"$1\" && umount \"$2\"";
    let mut mount = Command::new("sh");
    mount.args(["-e", "-c", script, "sh"]).args([directory, aside.path()]).arg(SIZE.to_string());
    Ran::of(&mut mount).success();
}

/// Leaves so many KiB free.
fn fill(directory: &Path, free: u64) -> PathBuf {
    let path = directory.join("ballast");
    let mut df = Command::new("df");
    let text = Ran::of(df.args(["--block-size=1K", "--output=avail"]).arg(directory)).success().stdout;
    let available: u64 = text.lines().last().unwrap().trim().parse().unwrap();
    let mut allocate = Command::new("fallocate");
    allocate.args(["--length", &format!("{}K", available - free)]).arg(&path);
    File::create(&path).unwrap();
    Ran::of(&mut allocate).success();
    path
}
