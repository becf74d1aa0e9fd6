//! Initialisers that take long are told to whoever listens.

use crate::initialisers::{initialiser, workspace};
use crate::ran::Ran;
use crate::workspace::{PLUGIN, run_at};

/// A subscriber that remembers that an initialiser was told to be slow, and prints what it is told.
const SUBSCRIBER: &str = r#"
struct Printer;

struct Fields(String);

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}

impl tracing::Subscriber for Printer {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::WARN
    }
    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        println!("warning: {}", fields.0);
        api::CALLS.store(7, std::sync::atomic::Ordering::SeqCst);
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}
"#;

#[test]
fn b04_a_slow_one_is_told_while_it_runs_and_when_it_has_ended() {
    let workspace = workspace("");
    workspace.append("host/Cargo.toml", "tracing = { version = \"0.1\", default-features = false, features = [\"std\"] }\n");
    workspace.replace("host/src/main.rs", "fn main() {", "fn main() {\n    tracing::subscriber::set_global_default(Printer).unwrap();");
    workspace.append("host/src/main.rs", SUBSCRIBER);
    // It ends when it was told to be slow, and never before.
    let code = "while api::CALLS.load(std::sync::atomic::Ordering::SeqCst) != 7 { std::thread::yield_now(); }";
    workspace.plugin("one", &format!("{PLUGIN}{}", initialiser("start", code)));
    workspace.build();
    let run = |limit: &str| Ran::of(run_at(&workspace.output("host"), &workspace.root).arg("one").env("ENGRAFT_SLOW_INIT_MS", limit));
    let ran = run("20").success();
    ran.prints(&[
        "an initialiser is still running after 20ms",
        "one::start, plugins/one/src/lib.rs:",
        "an initialiser was slow",
        "one open",
    ]);
}
