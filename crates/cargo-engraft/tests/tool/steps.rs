//! The steps of a build: the calls by which its programs change files of the target directory. They are counted, and at one of
//! them the build is killed, or the call is made to fail.

use crate::workspace::Workspace;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// A library that is loaded into every program of a build.
const SOURCE: &str = include_str!("steps/steps.c");

/// What is done at a step.
#[derive(Clone, Copy)]
pub enum Then {
    /// Every process of the build is killed.
    Kill,
    /// The call gives this error.
    Fail(i32),
}

/// What counts the steps of a workspace's builds.
pub struct Steps {
    library: PathBuf,
    counter: PathBuf,
    below: PathBuf,
}

impl Steps {
    /// Compiles what counts.
    pub fn of(workspace: &Workspace) -> Self {
        let source = workspace.write("steps/steps.c", SOURCE);
        let (library, counter) = (source.with_extension("so"), source.with_extension("counter"));
        let compiled = Command::new("cc").args(["-shared", "-fPIC", "-Wall", "-Werror", "-o"]).args([&library, &source]).status();
        assert!(compiled.unwrap().success());
        Self { library, counter, below: workspace.target.clone() }
    }

    /// Has the steps of all programs counted.
    pub fn count_all(&self, command: &mut Command) {
        self.count(command, None);
        command.env_remove("STEPS_OF");
    }

    /// Has the steps of Engraft's own processes counted, from 1 on, and something done at one of them.
    pub fn count(&self, command: &mut Command, at: Option<(usize, Then)>) {
        fs::write(&self.counter, "").unwrap();
        command.env("LD_PRELOAD", &self.library).env("STEPS_BELOW", &self.below).env("STEPS_COUNTER", &self.counter);
        command.env("STEPS_OF", "/cargo-engraft");
        if let Some((step, then)) = at {
            command.env("STEPS_AT", step.to_string());
            match then {
                // The group, which is not that of the tests.
                Then::Kill => command.process_group(0),
                Then::Fail(error) => command.env("STEPS_ERROR", error.to_string()),
            };
        }
    }

    /// The steps that were counted: the call, the path, and the program.
    pub fn counted(&self) -> Vec<String> {
        fs::read_to_string(&self.counter).unwrap().lines().map(|line| line.trim_end().to_owned()).collect()
    }
}

/// The steps, by index, at which a build that ends early leaves something different: all of them, but within a temporary directory only
/// the first and the last. What a build has in such a directory is of no meaning to the next one, which removes the directory.
pub fn telling(all: &[String]) -> Vec<usize> {
    let directory = |step: &String| step.rsplit_once("/.engraft-").and_then(|(_, rest)| Some(rest.split_once('/')?.0.to_owned()));
    let within: Vec<Option<String>> = all.iter().map(directory).collect();
    let is_telling = |&index: &usize| {
        let same = |other: &Option<String>| *other == within[index];
        within[index].is_none() || within.iter().position(same) == Some(index) || within.iter().rposition(same) == Some(index)
    };
    (0..all.len()).filter(is_telling).collect()
}
