//! Programs that have the library and open nothing, and packages of plugins that are programs as well.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::{PLUGIN, Workspace};

#[test]
fn g28_program_that_links_the_library_without_using_it_runs() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", "use engraft as _;\nfn main() { println!(\"runs with {:?}\", std::env::args().nth(1)) }\n");
    workspace.build();
    workspace.host(["this"]).success().prints(&["runs with Some(\"this\")\n"]);
    // And as cargo alone links it.
    let mut cargo = tool::clean("cargo");
    cargo.args(["run", "--quiet", "-p", "host", "--", "that"]).current_dir(&workspace.root);
    Ran::of(cargo.env("CARGO_TARGET_DIR", workspace.root.join("plain"))).success().prints(&["runs with Some(\"that\")\n"]);
}

/// The package of a plugin may have a program too: that is another target, and no part of the plugin.
#[test]
fn h15_main_beside_a_plugin_never_runs() {
    let workspace = Workspace::new();
    workspace.plugin("one", &(PLUGIN.to_owned() + "pub fn main() { println!(\"main of the library\") }\n"));
    workspace.write("plugins/one/src/main.rs", "fn main() { println!(\"main of the program {}\", one::value()) }\n");
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 1\ncalls: 1\n"]).never_prints(&["main of"]);
}
