//! Slices that linkers make, as the crate `linkme` declares them: one that host and plugin would each have a part of is refused.

use crate::ran::Ran;
use crate::workspace::{PLUGIN, Workspace};
use std::process::Command;

/// A slice of numbers, and what reads it: what `linkme` makes of `#[distributed_slice] pub static NUMBERS: [u32]`.
const SLICE: &str = r#"
#[used]
#[unsafe(link_section = "linkme_NUMBERS")]
static NONE: [u32; 0] = [];
unsafe extern "C" {
    #[link_name = "__start_linkme_NUMBERS"]
    static START: [u32; 0];
    #[link_name = "__stop_linkme_NUMBERS"]
    static STOP: [u32; 0];
}
pub fn sum() -> u32 {
    let (start, stop) = ((&raw const START).cast::<u32>(), (&raw const STOP).cast::<u32>());
    let len = (stop.addr() - start.addr()) / 4;
    (0..len).map(|index| unsafe { *start.add(index) }).sum()
}
"#;

fn element(name: &str, value: u32) -> String {
    format!("#[used]\n#[unsafe(link_section = \"linkme_NUMBERS\")]\nstatic {name}: u32 = {value};\n")
}

/// A workspace with the package `slice`, for the host or for the plugin `one`.
fn with_slice(users: &[&str]) -> Workspace {
    let workspace = Workspace::new();
    workspace.replace("Cargo.toml", "\"plugins/*\"", "\"plugins/*\", \"slice\"");
    workspace.package("slice", "", "src/lib.rs", SLICE);
    for user in users {
        let path = if *user == "host" { "../slice" } else { "../../slice" };
        workspace.append(&format!("{user}/Cargo.toml"), &format!("slice = {{ path = \"{path}\" }}\n"));
    }
    workspace
}

#[test]
fn g36_element_for_slice_of_host_is_refused() {
    let workspace = with_slice(&["host", "plugins/one"]);
    workspace.append("host/src/main.rs", "pub fn sum() -> u32 { slice::sum() }\n");
    workspace.append("plugins/one/src/lib.rs", &format!("pub use slice::sum;\n{}{}", element("FIRST", 1), element("SECOND", 2)));
    workspace.engraft(["build"]).ended(100).says(&[
        "the plugin `one` and its host would each have a part of one slice: linkers make slices file by file\n\
         \x20 linkme_NUMBERS\n    read by `slice 0.1.0`, which the host has\n\
         \x20   the plugin would add: `one::FIRST` of `one 0.1.0`, `one::SECOND` of `one 0.1.0`\n",
        "help: register elements when the plugin opens: with `#[engraft::init]`",
    ]);
    // What reads it may be the plugin's own: then the host's elements are missing there.
    workspace.write("slice/src/lib.rs", &format!("{}pub fn sum() -> u32 {{ 0 }}\n", element("OF_HOST", 4)));
    workspace.write("plugins/one/src/lib.rs", &format!("{PLUGIN}pub use slice::sum as other;\n{SLICE}"));
    workspace.engraft(["build"]).ended(100).says(&[
        "  linkme_NUMBERS\n    read by `one 0.1.0`, which the plugin brings along\n    the host has the elements of `slice 0.1.0`\n",
    ]);
}

/// Only plugins have the package that reads the slice: the first that is opened has the slice.
#[test]
fn g36_slice_of_plugins_is_the_first_ones() {
    let workspace = with_slice(&["plugins/one"]);
    let value = PLUGIN.replace("    1\n", "    slice::sum()\n");
    workspace.write("plugins/one/src/lib.rs", &format!("{value}{}{}", element("FIRST", 1), element("SECOND", 2)));
    for (name, more) in [("adds", element("THIRD", 4)), ("reads", String::new())] {
        workspace.plugin(name, &format!("{value}{more}"));
        workspace.append(&format!("plugins/{name}/Cargo.toml"), "slice = { path = \"../../slice\" }\n");
    }
    workspace.build();
    workspace.host(["one", "reads", "adds"]).success().prints(&[
        "one is 3\nreads is 3\nrefused: E01: ",
        "adds 0.1.0: it adds to a slice that slice 0.1.0 reads, which the open plugin `one` has already; linkers make slices file by file\n",
        "help: register elements when the plugin opens: with `#[engraft::init]`, or the crates `inventory` or `ctor`\n",
    ]);
    workspace.host(["adds", "adds"]).success().prints(&["adds is 4\nadds is 4\n"]);
}

/// Makes an archive of C code, with which a plugin's build script has it linked.
fn with_archive(workspace: &Workspace, plugin: &str, code: &str) -> String {
    let source = workspace.write("native/beside.c", &format!("unsigned touch(void);\n{code}"));
    let (object, archive) = (source.with_extension("o"), source.with_file_name("libbeside.a"));
    Ran::of(Command::new("cc").args(["-c", "-fPIC", "-o"]).args([&object, &source])).success();
    Ran::of(Command::new("ar").arg("rcs").args([&archive, &object])).success();
    let script = format!("fn main() {{ println!(\"cargo::rustc-link-arg={}\"); }}\n", archive.display());
    workspace.write(&format!("plugins/{plugin}/build.rs"), &script);
    archive.display().to_string()
}

/// Calls what is in the archive, so that the linker takes it.
const TOUCH: &str = "#[engraft::export]\npub fn touched() -> u32 { unsafe extern \"C\" { fn touch() -> u32; } unsafe { touch() } }\n";

const C_ELEMENT: &str = "__attribute__((section(\"linkme_NUMBERS\"), used, retain)) static const unsigned element = 8;\n\
                         unsigned touch(void) { return element; }\n";

#[test]
fn g36_element_in_an_archive_beside_packages_is_refused() {
    let workspace = with_slice(&["host", "plugins/one"]);
    workspace.append("host/src/main.rs", "pub fn sum() -> u32 { slice::sum() }\n");
    let archive = with_archive(&workspace, "one", C_ELEMENT);
    // Nobody needs what is in it.
    workspace.append("plugins/one/src/lib.rs", "pub use slice::sum;\n");
    workspace.build();
    workspace.append("plugins/one/src/lib.rs", TOUCH);
    workspace.engraft(["build"]).ended(100).says(&[
        "the plugin `one` and its host would each have a part of one slice: linkers make slices file by file\n",
        &format!(
            "  linkme_NUMBERS\n    read by `slice 0.1.0`, which the host has\n    the plugin would add: an element of {archive}\nhelp: "
        ),
    ]);
    // What reads it may stand there.
    let reads = "extern const unsigned __start_linkme_NUMBERS[];\nunsigned touch(void) { return __start_linkme_NUMBERS[0]; }\n";
    with_archive(&workspace, "one", reads);
    workspace.write("slice/src/lib.rs", &format!("{}pub fn sum() -> u32 {{ 0 }}\n", element("OF_HOST", 4)));
    workspace.append("plugins/one/src/lib.rs", &element("OWN", 2));
    workspace.engraft(["build"]).ended(100).says(&[&format!(
        "  linkme_NUMBERS\n    read by {archive}, with which the plugin is linked\n    the host has the elements of `slice 0.1.0`\nhelp: "
    )]);
}

#[test]
fn g36_archive_does_not_add_to_the_slice_of_another_plugin() {
    let workspace = with_slice(&["plugins/one"]);
    let value = PLUGIN.replace("    1\n", "    slice::sum()\n");
    workspace.write("plugins/one/src/lib.rs", &value);
    workspace.plugin("adds", &format!("{value}{TOUCH}"));
    workspace.append("plugins/adds/Cargo.toml", "slice = { path = \"../../slice\" }\n");
    with_archive(&workspace, "adds", C_ELEMENT);
    workspace.build();
    let why = "adds 0.1.0: it adds to a slice that slice 0.1.0 reads, which the open plugin `one` has already";
    workspace.host(["one", "adds"]).success().prints(&["one is 0\nrefused: E01: ", why]);
    workspace.host(["adds"]).success().prints(&["adds is 8\n"]);
}
