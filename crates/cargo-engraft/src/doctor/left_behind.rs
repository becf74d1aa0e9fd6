//! B13: finds exported functions that start a thread or task on each call and never stop it. Uses [`Calls`], so a finding is a guess.

use super::calls::{Calls, Function, Marked};
use super::finding::Finding;

/// Checks the exported functions of plugins.
#[must_use]
pub fn check(plugins: &[Calls]) -> Vec<Finding> {
    plugins.iter().flat_map(check_plugin).collect()
}

fn check_plugin(calls: &Calls) -> Vec<Finding> {
    let never_ends = |runs: &String| calls.function(runs).is_some_and(|function| function.is_endless);
    let left = |function: &Function| {
        function.started.iter().find(|started| started.runs.as_ref().is_none_or(never_ends)).map(|started| match &started.runs {
            Some(runs) => format!("{}({runs})", started.by),
            None => started.by.clone(),
        })
    };
    let finding = |Marked { name, place }: &Marked| {
        let chain = calls.chain(name, left)?;
        let what = format!("each call of `{name}` probably starts a thread or task that never stops: {}", chain.join(" → "));
        let mend = "return something that stops it (a channel to close, a flag to set), or start it once with a `OnceLock`; \
            `Plugin::live` counts what `engraft::thread` and `engraft::task` start";
        Some(Finding::new("B13", what, mend).at(place).uncertain())
    };
    calls.exports.iter().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    #[test]
    fn endless_thread_without_handle_is_found() {
        let table = [
            ("pub fn go() { spawn(|| loop { work(); }); }", Some("go → std::thread::spawn")),
            ("pub fn go() { let _ = spawn(run); } fn run() { loop { work(); } }", Some("go → std::thread::spawn(run)")),
            ("pub fn go() { start(); } fn start() { tokio::spawn(async { loop { work().await; } }); }", Some("go → start → tokio::spawn")),
            (
                "pub fn go() { Queue::start(); } impl Queue { fn start() { tokio::spawn(run(1)); } } async fn run(_: u8) { loop {} }",
                Some("go → start → tokio::spawn(run)"),
            ),
            ("pub fn go() -> JoinHandle<()> { spawn(|| loop { work(); }) }", None),
            ("pub fn go() { let handle = spawn(|| loop { work(); }); keep(handle); }", None),
            ("pub fn go() { spawn(|| loop { if done() { break; } }); }", None),
            ("pub fn go() { spawn(|| loop { let Ok(it) = queue.recv() else { return }; }); }", None),
            ("pub fn go() { spawn(|| work()); }", None),
            ("pub fn go() {} fn other() { spawn(|| loop {}); }", None),
            ("pub fn go() { ONCE.get_or_init(|| spawn(|| loop { work(); })); }", None),
        ];
        for (text, chain) in table {
            let text = format!("use std::thread::spawn;\n#[engraft::export] {text}");
            let found = check(&Calls::by_package(&[Source::parse("p", "p/src/lib.rs", &text).unwrap()]));
            assert_eq!(found.len(), usize::from(chain.is_some()), "{text}: {found:?}");
            for (finding, chain) in found.iter().zip(chain) {
                assert!(finding.what.ends_with(&format!(": {chain}")), "{finding:?}");
                assert_eq!((finding.place.as_deref(), finding.certain), (Some("p/src/lib.rs:2"), false));
            }
        }
    }
}
