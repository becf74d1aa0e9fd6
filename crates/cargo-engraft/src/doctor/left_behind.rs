//! B13: exported functions that start, at each call, a thread or task that nothing ends. Told from [`Calls`], so it may be wrong.

use super::calls::{Calls, Function, Marked};
use super::finding::Finding;

/// Looks through the functions of plugins.
#[must_use]
pub fn check(plugins: &[Calls]) -> Vec<Finding> {
    plugins.iter().flat_map(of_plugin).collect()
}

fn of_plugin(calls: &Calls) -> Vec<Finding> {
    let never_ends = |runs: &String| calls.of(runs).is_some_and(|function| function.is_endless);
    let left = |function: &Function| {
        function.started.iter().find(|started| started.runs.as_ref().is_none_or(never_ends)).map(|started| match &started.runs {
            Some(runs) => format!("{}({runs})", started.by),
            None => started.by.clone(),
        })
    };
    let told = |Marked { name, place }: &Marked| {
        let way = calls.way(name, left)?;
        let what = format!("each call of `{name}` seems to leave something behind that runs for ever: {}", way.join(" → "));
        let mend = "let it end with what the call gives back (a channel that is closed, a flag), or start it once, behind a `OnceLock`; \
            `Plugin::live` counts what is started through `engraft::thread` and `engraft::task`";
        Some(Finding::new("B13", what, mend).at(place).perhaps())
    };
    calls.exports.iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    #[test]
    fn what_a_call_starts_must_end_or_be_kept() {
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
        for (text, way) in table {
            let text = format!("use std::thread::spawn;\n#[engraft::export] {text}");
            let found = check(&Calls::by_package(&[Source::parse("p", "p/src/lib.rs", &text).unwrap()]));
            assert_eq!(found.len(), usize::from(way.is_some()), "{text}: {found:?}");
            for (finding, way) in found.iter().zip(way) {
                assert!(finding.what.ends_with(&format!(": {way}")), "{finding:?}");
                assert_eq!((finding.place.as_deref(), finding.certain), (Some("p/src/lib.rs:2"), false));
            }
        }
    }
}
