//! The steps of `open`: each is a span, and each one's time is known afterwards. And every `open` is logged.

use crate::initialisers::initialiser;
use crate::workspace::{PLUGIN, Workspace};
use std::os::unix::fs::MetadataExt;

/// Prints each span when it begins and ends, with its parent's names before it.
const HOST: &str = r#"
use std::sync::Mutex;
use tracing::span::{Attributes, Id, Record};

struct Spans;

struct Fields(String);

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}

static NAMES: Mutex<Vec<&str>> = Mutex::new(Vec::new());
static ENTERED: Mutex<Vec<&str>> = Mutex::new(Vec::new());

impl tracing::Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("engraft")
    }
    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut names = NAMES.lock().unwrap();
        names.push(attributes.metadata().name());
        Id::from_u64(names.len() as u64)
    }
    fn enter(&self, id: &Id) {
        let mut entered = ENTERED.lock().unwrap();
        entered.push(NAMES.lock().unwrap()[id.into_u64() as usize - 1]);
        println!("{}", entered.join("/"));
    }
    fn exit(&self, _: &Id) {
        ENTERED.lock().unwrap().pop();
    }
    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        println!("logged: {}", fields.0);
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
}

fn main() {
    tracing::subscriber::set_global_default(Spans).unwrap();
    let start = std::time::Instant::now();
    let plugin = unsafe { engraft::open("one") }.unwrap();
    let whole = start.elapsed();
    let times = plugin.timings();
    let steps = [times.judge, times.map, times.register, times.initialise, times.publish];
    assert!(steps.iter().all(|step| !step.is_zero()), "{times:?}");
    assert!(steps.iter().sum::<std::time::Duration>() <= whole, "{times:?} of {whole:?}");
    // Opened again, it is still the plugin that took those.
    assert_eq!(unsafe { engraft::open("one") }.unwrap().timings(), times);
}
"#;

#[test]
fn s04_b07_every_step_is_a_span_with_its_time_and_each_open_is_logged() {
    let workspace = Workspace::new();
    workspace.append("host/Cargo.toml", "tracing = { version = \"0.1\", default-features = false, features = [\"std\"] }\n");
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("one", &format!("{PLUGIN}{}", initialiser("start", "let _ = api::CALLS.as_ptr();")));
    workspace.build();
    let ran = workspace.host([] as [&str; 0]).success();
    let steps: Vec<&str> = ran.stdout.lines().filter_map(|line| line.strip_prefix("engraft::open/")).collect();
    let expected = ["find", "turn", "judge", "map", "initialise", "initialise/engraft::init", "publish", "find", "turn"];
    assert_eq!(steps, expected, "{ran}");

    let file = workspace.so("one");
    let bytes = std::fs::read(&file).unwrap();
    let build_id = engraft_manifest::find_note(&bytes, bytes.len() as u64).unwrap().build_id.short();
    let modified = std::fs::metadata(&file).unwrap().mtime();
    let line = format!("logged: message=plugin open name=\"one\" path={} build_id={build_id} modified={modified} \n", file.display());
    assert_eq!(ran.stdout.matches(&line).count(), 2, "{line}{ran}");
}
