//! Files that are replaced while they are opened: what is mapped is what was judged, or nothing is mapped any more.

use crate::open_others::build_without_library;
use crate::workspace::{PLUGIN, Workspace};

/// Opens what is named. When `open` comes to the step that the first argument names for the first time, it renames the second over the third.
const HOST: &str = r#"
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use tracing::span::{Attributes, Id, Record};

struct Renaming { step: String, from: String, to: String, done: AtomicBool }

impl tracing::Subscriber for Renaming {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("engraft") && metadata.name() == self.step
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn enter(&self, _: &Id) {
        if !self.done.swap(true, SeqCst) {
            std::fs::rename(&self.from, &self.to).unwrap();
        }
    }
    fn exit(&self, _: &Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().unwrap();
    let renaming = Renaming { step: next(), from: next(), to: next(), done: AtomicBool::new(false) };
    tracing::subscriber::set_global_default(renaming).unwrap();
    for name in arguments {
        match unsafe { engraft::open(&name) } {
            Ok(plugin) => println!("{name} is {}", plugin.lookup::<fn() -> u32>("value").unwrap()()),
            Err(error) => println!("refused: {error}"),
        }
    }
    println!("{} descriptors", std::fs::read_dir("/proc/self/fd").unwrap().count());
}
"#;

fn with_host() -> Workspace {
    let workspace = Workspace::new();
    workspace.append("host/Cargo.toml", "tracing = { version = \"0.1\", default-features = false, features = [\"std\"] }\n");
    workspace.write("host/src/main.rs", HOST);
    workspace
}

/// Two builds of the plugin `one`, of which the second is in place; and another plugin.
fn with_two_builds() -> (Workspace, String) {
    let workspace = with_host();
    workspace.plugin("two", PLUGIN);
    workspace.plugin("one", &PLUGIN.replace("    1\n", "    7\n"));
    workspace.build();
    let other = workspace.keep(&workspace.so("one"), "other.so");
    workspace.plugin("one", PLUGIN);
    workspace.build();
    (workspace, other.display().to_string())
}

#[test]
fn a_file_that_is_replaced_after_it_was_read_is_opened_as_it_was_read() {
    let (workspace, other) = with_two_builds();
    let to = workspace.so("one").display().to_string();
    let ran = workspace.host(["turn", &other, &to, "one", "one", "two"]).success();
    ran.prints(&["one is 1\none is 7\ntwo is 1\n"]);
}

/// Between the last look at a path and the loader's own there is a moment left. What was mapped then is nobody's to judge.
#[test]
fn nothing_is_mapped_after_a_file_that_was_mapped_unseen() {
    let (workspace, other) = with_two_builds();
    let to = workspace.so("one").display().to_string();
    let ran = workspace.host(["map", &other, &to, "one", "one", "two"]).success();
    assert_eq!(ran.stdout.matches("refused: E07: ").count(), 3, "{ran}");
    ran.prints(&["another file was put in its place after it was judged", "nothing can be judged in this process any more"]);
}

#[test]
fn a_plugin_that_can_not_be_mapped_leaves_no_descriptor_open() {
    let workspace = with_host();
    build_without_library(&workspace);
    let descriptors = |times: usize| {
        let ran = workspace.host(["none", "", ""].into_iter().chain(std::iter::repeat_n("one", times))).success();
        assert_eq!(ran.stdout.matches("refused: E07: ").count(), times, "{ran}");
        ran.stdout.lines().last().unwrap().to_owned()
    };
    assert_eq!(descriptors(20), descriptors(1));
}
