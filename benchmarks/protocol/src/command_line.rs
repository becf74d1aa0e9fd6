//! The command line of a host, and the dispatch to its commands.

use crate::contestant::{BoxError, Contestant};
use crate::{open, work_items};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// The `main` function of a contestant's host.
pub fn main<C: Contestant>() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    told(run::<C>(&arguments))
}

/// Runs the command in the arguments. For hosts that have additional commands.
pub fn run<C: Contestant>(arguments: &[OsString]) -> Result<(), BoxError> {
    let words: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
    let (verb, rest) = words.split_first().ok_or("expected `start`, `open`, `call`, `work` or `edited`")?;
    match (verb.to_str(), rest) {
        (Some("start"), []) => Ok(()),
        (Some("open"), [_, ..]) => open::in_order::<C>(rest),
        (Some("call"), [plugin]) => call::<C>(Path::new(plugin)),
        (Some("work"), [item, plugin]) => work_items::measure::<C>(item, Path::new(plugin)),
        (Some("edited"), []) => edited::<C>(),
        _ => Err("expected `start`, `open PLUGIN…`, `call PLUGIN`, `work ITEM PLUGIN` or `edited`".into()),
    }
}

fn told(outcome: Result<(), BoxError>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn call<C: Contestant>(plugin: &Path) -> Result<(), BoxError> {
    let mut plugin = C::open(plugin)?;
    let calls = plugin.call()?;
    println!("call {}\nown {}", calls.theirs, calls.own);
    if let Some(calls) = plugin.call_trait() {
        println!("trait {}\nown-trait {}", calls.theirs, calls.own);
    }
    Ok(())
}

/// Answers each path before it reads the next one, because the runner waits for the answer.
fn edited<C: Contestant>() -> Result<(), BoxError> {
    for line in std::io::stdin().lines() {
        let constant = C::open(Path::new(&line?))?.constant()?;
        println!("edited {constant}");
        std::io::stdout().flush()?;
    }
    Ok(())
}
