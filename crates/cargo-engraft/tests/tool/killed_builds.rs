//! Builds that are killed: nothing that they leave opens and is wrong, and the next build makes what it should.

use crate::ran::Ran;
use crate::steps::{Steps, Then};
use crate::versions::Versions;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

#[test]
fn a_build_that_is_killed_at_any_of_its_steps_leaves_the_older_or_the_newer_files() {
    let mut versions = Versions::build();
    let steps = Steps::of(&versions.workspace);
    versions.edit();
    let mut undisturbed = versions.workspace.command(["build"]);
    steps.count(&mut undisturbed, None);
    Ran::of(&mut undisturbed).success();
    let all = steps.counted();
    assert!(all.iter().any(|step| step.contains("/plugins/one.so by cargo-engraft")), "{all:#?}");
    let mut wrong = Vec::new();
    for (index, step) in all.iter().enumerate() {
        versions.edit();
        let mut killed = versions.workspace.command(["build"]);
        steps.count(&mut killed, Some((index + 1, Then::Kill)));
        let ran = Ran::of(&mut killed);
        if let Err(error) = versions.check_what_is_there().and_then(|()| versions.finish()) {
            wrong.push(format!("killed at step {}, {step}: {error}\n{ran}", index + 1));
        }
        assert_eq!(ran.code, None, "{ran}");
    }
    assert!(wrong.is_empty(), "after {} of {} kills\n\n{}", wrong.len(), all.len(), wrong.join("\n\n"));
}

/// How many builds are killed at random moments.
const KILLS: u32 = 50;

#[test]
fn builds_that_are_killed_at_random_moments_leave_the_older_or_the_newer_files() {
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
