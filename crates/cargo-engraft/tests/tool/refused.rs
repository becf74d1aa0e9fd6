//! A refused plugin leaves nothing behind: what comes after it is judged as if it had never been there.

use crate::constructors::with_constructor;
use crate::linked;
use crate::workspace::{PLUGIN, Workspace};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Opens what is named, one after the other; `from>to` moves a file before the next is opened.
const HOST: &str = r#"
fn main() {
    for argument in std::env::args().skip(1) {
        if let Some((from, to)) = argument.split_once('>') {
            std::fs::rename(from, to).unwrap();
            continue;
        }
        match unsafe { engraft::open(&argument) } {
            Ok(plugin) => println!("{} is {}", plugin.name(), plugin.lookup::<fn() -> u32>("value").unwrap()()),
            Err(error) => println!("refused: {}", error.to_string().lines().take(2).collect::<Vec<_>>().join(" ")),
        }
    }
    println!("calls: {}", api::CALLS.load(std::sync::atomic::Ordering::Relaxed));
}
"#;

fn with_host() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace
}

/// Builds plugins of another `api`, and then everything as it was: gives the former back.
pub fn of_another_api(workspace: &Workspace, names: &[&str]) -> Vec<PathBuf> {
    workspace.append("api/src/lib.rs", "pub struct Other(pub u64);\n");
    workspace.build();
    let other = names.iter().map(|name| workspace.keep(&workspace.so(name), &format!("other-{name}.so"))).collect();
    workspace.replace("api/src/lib.rs", "pub struct Other(pub u64);\n", "");
    workspace.build();
    other
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn f04_h10_right_build_opens_after_the_wrong_one_at_the_same_path() {
    let workspace = with_host();
    let wrong = text(&of_another_api(&workspace, &["one"])[0]);
    let right = text(&workspace.keep(&workspace.so("one"), "right.so"));
    let linked = text(&workspace.root.join("kept/linked.so"));
    fs::hard_link(&wrong, &linked).unwrap();
    let ran = workspace.host([&wrong, &linked, &wrong, &format!("{right}>{wrong}"), &wrong, &linked, &wrong]).success();
    let lines: Vec<&str> = ran.stdout.lines().map(|line| &line[..line.len().min(8)]).collect();
    assert_eq!(lines, ["refused:", "refused:", "refused:", "one is 1", "refused:", "one is 1", "calls: 2"], "{ran}");
}

/// A hard link to the right build of what was refused is the right build, and the same plugin.
#[test]
fn f04_hard_link_to_the_right_build_opens() {
    let workspace = with_host();
    let wrong = text(&of_another_api(&workspace, &["one"])[0]);
    let linked = workspace.root.join("kept/linked.so");
    fs::hard_link(workspace.so("one"), &linked).unwrap();
    let ran = workspace.host([wrong, text(&linked), text(&workspace.so("one"))]).success();
    assert!(ran.stdout.starts_with("refused: ") && ran.stdout.ends_with("\none is 1\none is 1\ncalls: 2\n"), "{ran}");
}

/// What a refused plugin would have brought is not there; the next one brings it.
#[test]
fn f05_h11_package_of_a_refused_plugin_is_brought_by_the_next() {
    let workspace = with_host();
    workspace.package(
        "extra",
        "",
        "src/lib.rs",
        "static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(10);\n\
         pub fn count() -> u32 { COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed) }\n",
    );
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"extra\"");
    for name in ["one", "two"] {
        workspace.plugin(name, &PLUGIN.replace("    1\n", "    extra::count()\n"));
        workspace.append(&format!("plugins/{name}/Cargo.toml"), "extra = { path = \"../../extra\" }\n");
    }
    let wrong = text(&of_another_api(&workspace, &["one"])[0]);
    let ran = workspace.host([&wrong, "two", "one", &wrong, "two"]).success();
    let lines: Vec<&str> = ran.stdout.lines().filter(|line| !line.starts_with("refused: ")).collect();
    assert_eq!(lines, ["two is 10", "one is 11", "two is 12", "calls: 3"], "{ran}");
    assert!(ran.stdout.starts_with("refused: "), "{ran}");
}

#[test]
fn h10_refused_plugins_change_nothing_for_later_opens() {
    let workspace = with_host();
    workspace.plugin("two", PLUGIN);
    let wrong: Vec<String> = of_another_api(&workspace, &["one", "two"]).iter().map(|path| text(path)).collect();
    let many: Vec<&str> = [&wrong[0], &wrong[1]].into_iter().cycle().take(20).map(String::as_str).chain(["two", "one"]).collect();
    let ran = workspace.host(many).success();
    assert_eq!(ran.stdout.matches("refused: E01: the plugin ").count(), 20, "{ran}");
    assert!(ran.stdout.ends_with("\ntwo is 1\none is 1\ncalls: 2\n"), "{ran}");
}

/// A constructor would run while the loader maps the file.
#[test]
fn g26_refused_plugin_runs_no_code() {
    let workspace = with_host();
    workspace.plugin("one", &with_constructor("println!(\"constructor\"); api::CALLS.fetch_add(100, SeqCst);"));
    let wrong = text(&of_another_api(&workspace, &["one"])[0]);
    let ran = workspace.host([&wrong, &wrong]).success();
    assert!(ran.stdout.starts_with("refused: ") && ran.stdout.ends_with("\ncalls: 0\n"), "{ran}");
    ran.never_prints(&["constructor"]);
    // It is no wonder if it never runs.
    workspace.host([&wrong, "one"]).success().prints(&["\nconstructor\none is 1\ncalls: 101\n"]);
}

#[test]
fn f03_c_library_and_a_plugin_of_another_toolchain() {
    let workspace = with_host();
    workspace.build();
    let library = workspace.root.join("library.so");
    let source = workspace.write("library.c", "int value(void) { return 9; }\n");
    assert!(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status().unwrap().success());
    let foreign = text(&of_another_toolchain(&workspace));
    let ran = workspace.host([&text(&library), &foreign, "one", &text(&library), &foreign]).success();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let [first, second, "one is 1", third, fourth, "calls : 1"] = lines[..] else { panic!("{ran}") };
    for line in [first, third] {
        assert!(line.contains("library.so is not an Engraft plugin"), "{line}");
    }
    for line in [second, fourth] {
        assert!(line.contains("foreign.so was built by another compiler"), "{line}");
    }
}

/// The API is another one too, which nobody is told: nothing of another compiler could be the same.
#[test]
fn e02_b12_f11_another_compiler_is_told_with_both_versions_before_anything_else() {
    let workspace = Workspace::new();
    workspace.build();
    let foreign = text(&of_another_toolchain(&workspace));
    workspace.append("api/src/lib.rs", "pub fn more() {}\n");
    workspace.build();
    let (ours, theirs) = linked::manifest(&workspace.output("host"), |manifest| {
        let own = manifest.toolchain;
        let words = |version: &str| format!("{version}, commit {}, host {}", own.commit, own.host);
        (format!("expected: {}", words(own.version)), format!("found: {}", words(&own.version.replacen("rustc 1", "rustc 0", 1))))
    });
    workspace.host([&foreign]).success().prints(&["refused: E02: ", &ours, &theirs]).never_prints(&["api 0.1.0"]);
}

/// A plugin for another build of the host, whose record names another compiler, sealed anew: no second toolchain needs to
/// be there.
pub fn of_another_toolchain(workspace: &Workspace) -> PathBuf {
    let path = workspace.keep(&workspace.so("one"), "foreign.so");
    workspace.replace("host/src/main.rs", "calls: ", "calls : ");
    workspace.build();
    let mut bytes = fs::read(&path).unwrap();
    let note = engraft_manifest::find_note(&bytes, bytes.len() as u64).unwrap();
    let version = engraft_manifest::Identity::read(note.record).unwrap().toolchain.version;
    let start = version.as_ptr().addr() - bytes.as_ptr().addr();
    bytes[start..start + "rustc 0".len()].copy_from_slice(b"rustc 0");
    engraft_manifest::seal(&mut bytes).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}
