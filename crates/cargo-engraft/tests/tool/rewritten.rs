//! A plugin's file that is written anew in place, under the process that has it open.

use crate::workspace::{PLUGIN, Workspace};
use std::fs;

/// Opens the first file, writes the second one's content into it, opens it again, and goes on with what it has.
const HOST: &str = r#"
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| unsafe { engraft::open(name) }.map(|plugin| plugin.lookup::<fn() -> u32>("value").unwrap()());
    println!("first {}", value(&arguments[0]).unwrap());
    let mut file = std::fs::File::options().write(true).open(&arguments[0]).unwrap();
    std::io::Write::write_all(&mut file, &std::fs::read(&arguments[1]).unwrap()).unwrap();
    println!("{}", value(&arguments[0]).unwrap_err());
    println!("{}", value(&arguments[0]).unwrap_err());
    println!("another {}", value("two").unwrap());
}
"#;

/// The two builds are laid out alike, so that even the code that is no longer what was opened runs to the end. And the file
/// is not truncated first: that takes pages away which the loader has changed, and nobody who needs them lives on.
#[test]
fn f13_file_written_anew_in_place_is_refused() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("two", PLUGIN);
    workspace.build();
    let first = workspace.keep(&workspace.so("one"), "first.so");
    workspace.plugin("one", &PLUGIN.replace("    1\n", "    2\n"));
    workspace.build();
    assert_eq!(fs::metadata(&first).unwrap().len(), fs::metadata(workspace.so("one")).unwrap().len());
    let ran = workspace.host([&first, &workspace.so("one")]).success();
    let refusal = format!("the file {} was written anew in place, under a running program\n", first.display());
    assert_eq!(ran.stdout.matches(&refusal).count(), 2, "{ran}");
    ran.prints(&["first 1\n", "help: replace plugins by renaming a new file over the old one", "another 1\n"]);
}

const TRUNCATING: &str = r#"
fn main() {
    let path = std::env::args().nth(2).unwrap();
    let private = std::env::args().nth(1).unwrap() == "private";
    let plugin = unsafe { engraft::OpenOptions::new().private_copy(private).open(&path) }.unwrap();
    let value = plugin.lookup::<fn() -> u32>("value").unwrap();
    println!("first {}", value());
    std::fs::write(&path, "").unwrap();
    println!("then {}", value());
}
"#;

/// What a truncated file's pages were is nobody's any more, and whoever needs them is ended: this is what a private copy is for.
#[test]
fn f13_a_file_truncated_in_place_ends_the_program_unless_it_runs_a_private_copy() {
    // On Linux (`signal(7)`).
    const SIGBUS: i32 = 7;
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", TRUNCATING);
    workspace.build();
    let run = |way: &str| {
        let path = workspace.keep(&workspace.so("one"), &format!("{way}.so"));
        workspace.host([way.as_ref(), path.as_os_str()])
    };
    run("in-place").ended_by(SIGBUS).prints(&["first 1\n"]).never_prints(&["then"]);
    run("private").success().prints(&["first 1\nthen 1\n"]);
}
