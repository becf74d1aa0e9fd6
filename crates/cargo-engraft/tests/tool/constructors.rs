//! Constructors of plugins, which run while the loader maps them, may open plugins themselves.

use crate::workspace::{PLUGIN, Workspace};

/// A plugin whose constructor runs `code`.
pub fn with_constructor(code: &str) -> String {
    format!(
        "{PLUGIN}\nuse std::sync::atomic::Ordering::SeqCst;\nextern \"C\" fn constructor() {{\n{code}\n}}\n\
         #[used]\n#[unsafe(link_section = \".init_array\")]\nstatic CONSTRUCTOR: extern \"C\" fn() = constructor;\n"
    )
}

/// Two threads: the one's constructor opens what the other is about to open. Each could hold what the other waits for.
///
/// The constructor only signals and never waits: glibc's loader keeps its lock meanwhile, which new threads need too.
const HOST: &str = r#"
use std::sync::atomic::Ordering::SeqCst;

fn wait_for(state: u32) {
    while api::CALLS.load(SeqCst) != state {
        std::thread::yield_now();
    }
}

fn main() {
    let other = std::thread::spawn(|| {
        api::CALLS.store(1, SeqCst);
        wait_for(2);
        println!("{}", unsafe { engraft::open("two") }.unwrap().name());
    });
    wait_for(1);
    println!("{}", unsafe { engraft::open("one") }.unwrap().name());
    other.join().unwrap();
}
"#;

#[test]
fn a_constructor_opens_what_another_thread_opens_too() {
    let workspace = Workspace::new();
    let code = "api::CALLS.store(2, SeqCst); unsafe { engraft::open(\"two\") }.unwrap();";
    workspace.plugin("one", &with_constructor(code));
    workspace.plugin("two", PLUGIN);
    workspace.write("host/src/main.rs", HOST);
    workspace.build();
    for _ in 0..20 {
        workspace.host([] as [&str; 0]).success().prints(&["one\n", "two\n"]);
    }
}

#[test]
fn a_constructor_that_opens_its_own_plugin_gets_an_error() {
    let workspace = Workspace::new();
    let code = "println!(\"{}\", unsafe { engraft::open(\"one\") }.unwrap_err()); let _ = SeqCst;";
    workspace.plugin("one", &with_constructor(code));
    workspace.build();
    workspace.host(["one"]).success().prints(&["E12: the plugin ", "one is 1\n"]);
}
