//! `cargo engraft check`: every verdict is compared with what the host itself says of the same files in the same order.

use crate::constructors::with_constructor;
use crate::ran::Ran;
use crate::refused::of_another_toolchain;
use crate::schema;
use crate::skipped;
use crate::strace;
use crate::tool;
use crate::workspace::{PLUGIN, Workspace};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Opens what is named, one after the other, and says what came of it: a name or an error, each ended by a zero byte.
const HOST: &str = r#"
fn main() {
    for argument in std::env::args().skip(1) {
        match unsafe { engraft::open(&argument) } {
            Ok(plugin) => print!("{}\0", plugin.name()),
            Err(error) => print!("{error}\0"),
        }
    }
    eprintln!("calls: {}", api::CALLS.load(std::sync::atomic::Ordering::Relaxed));
}
"#;

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace
}

fn check<P: AsRef<Path>>(workspace: &Workspace, host: &Path, plugins: &[P]) -> Ran {
    let plugins = plugins.iter().map(|plugin| plugin.as_ref().display().to_string());
    let arguments = ["check".to_owned(), "--json".to_owned(), "--host".to_owned(), host.display().to_string()];
    workspace.engraft(arguments.into_iter().chain(plugins))
}

fn verdicts(ran: &Ran) -> Vec<Value> {
    schema::read("check.schema.json", &ran.stdout)["plugins"].as_array().unwrap().clone()
}

/// Checks files, of which the host must say the same; the verdicts.
#[track_caller]
fn agrees<P: AsRef<Path>>(workspace: &Workspace, plugins: &[P], code: i32) -> Vec<String> {
    let host = workspace.output("host");
    let ran = check(workspace, &host, plugins).ended(code);
    let said = workspace.host(plugins.iter().map(|plugin| plugin.as_ref())).success();
    let said: Vec<&str> = said.stdout.split_terminator('\0').collect();
    let verdicts = verdicts(&ran);
    assert_eq!(verdicts.len(), said.len(), "{ran}");
    let compare = |(verdict, said): (&Value, &str)| match verdict["error"].as_object() {
        None => {
            assert_eq!((&verdict["name"], &verdict["verdict"]), (&said.into(), &"opens".into()), "{ran}");
            "opens".to_owned()
        }
        Some(error) => {
            assert_eq!(error["text"], said, "{ran}");
            assert!(said.starts_with(&format!("{}: ", error["code"].as_str().unwrap())), "{ran}");
            error["code"].as_str().unwrap().to_owned()
        }
    };
    verdicts.iter().zip(said).map(compare).collect()
}

#[test]
fn plugins_of_this_host_would_open_and_run_nothing_meanwhile() {
    let workspace = workspace();
    let mark = workspace.root.join("constructed");
    workspace.plugin("one", &with_constructor(&format!("std::fs::write({mark:?}, \"\").unwrap();")));
    workspace.plugin("two", PLUGIN);
    workspace.build();
    let (one, two) = (workspace.so("one"), workspace.so("two"));
    let copy = workspace.keep(&one, "copy.so");
    check(&workspace, &workspace.output("host"), &[&one, &two, &copy]).ended(0);
    assert!(!mark.exists(), "a constructor has run");
    assert_eq!(agrees(&workspace, &[&one, &two, &copy, &one], 0), ["opens"; 4]);
    // It is no wonder if it never runs.
    assert!(mark.exists());
    let ran =
        workspace.engraft(["check".as_ref(), "--host".as_ref(), workspace.output("host").as_os_str(), one.as_os_str(), copy.as_os_str()]);
    let (one, copy, host) = (one.display(), copy.display(), workspace.output("host"));
    let expected = format!(
        "       Opens {one}\n       Opens {copy} (as {one}, which has the same content)\n     Checked for {}: 2 would open\n",
        host.display()
    );
    assert_eq!(ran.success().stdout, expected);
}

/// From the moment that the tool looks at the first file, whatever it maps is memory and no file, and none of that can be executed.
/// Whoever waits for more than a second is told for what.
#[test]
fn what_takes_long_is_told_while_it_does() {
    if let Err(why) = strace::works() {
        return skipped::tell(&why);
    }
    let workspace = workspace();
    workspace.build();
    let (host, one) = (workspace.output("host"), workspace.so("one"));
    for arguments in [
        vec!["inspect".as_ref(), host.as_os_str()],
        vec!["check".as_ref(), "--host".as_ref(), host.as_os_str(), one.as_os_str()],
        vec!["graph".as_ref(), "--host".as_ref(), host.as_os_str(), one.as_os_str()],
    ] {
        let program = workspace.command(&arguments);
        let mut slow = tool::clean("strace");
        // The disk, as slow as one that has to start first.
        slow.args(["-f", "-o", "/dev/null", "-P"]).arg(&host).arg("--inject=openat:delay_exit=1200000");
        slow.arg(program.get_program()).args(program.get_args()).current_dir(&workspace.root);
        Ran::of(&mut slow).success().says(&[&format!("     Reading {}\n", host.display())]);
    }
}

#[test]
fn neither_check_nor_inspect_maps_a_file() {
    if let Err(why) = strace::works() {
        return skipped::tell(&why);
    }
    let workspace = workspace();
    workspace.build();
    let (host, one) = (workspace.output("host"), workspace.so("one"));
    let (first, last) = (host.to_str().unwrap(), one.to_str().unwrap());
    for arguments in [vec!["check", "--host", first, last], vec!["inspect", first, last]] {
        let (ended, calls) = strace::run(&workspace.command(&arguments), [first, "/is/never/named"], None);
        assert!(ended.status.success(), "{ended}");
        assert!(calls.iter().any(|call| call.name == "openat" && call.told.contains(last)), "{calls:?}");
        for call in calls {
            let maps_a_file = call.name == "mmap" && !call.told.contains("MAP_ANONYMOUS");
            let executes = call.name == "execve" || call.told.contains("PROT_EXEC");
            assert!(!maps_a_file && !executes, "{arguments:?}: {}", call.told);
        }
    }
}

#[test]
fn files_that_are_no_plugins_and_plugins_of_others() {
    let workspace = workspace();
    workspace.append("api/src/lib.rs", "pub struct Other(pub u64);\n");
    workspace.build();
    let of_another_api = workspace.keep(&workspace.so("one"), "other.so");
    workspace.replace("api/src/lib.rs", "pub struct Other(pub u64);\n", "");
    workspace.build();
    let foreign = of_another_toolchain(&workspace);
    let whole = fs::read(workspace.so("one")).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = workspace.root.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let mut arm = whole.clone();
    arm[18..20].copy_from_slice(&183_u16.to_le_bytes());
    let mut altered = whole.clone();
    *altered.last_mut().unwrap() ^= 1;
    let library = workspace.root.join("library.so");
    let source = workspace.write("library.c", "int value(void) { return 9; }\n");
    assert!(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status().unwrap().success());
    let files = [
        file("empty.so", b""),
        file("text.so", b"some text"),
        file("cut.so", &whole[..whole.len() / 2]),
        file("arm.so", &arm),
        file("altered.so", &altered),
        library,
        workspace.output("host"),
        of_another_api,
        foreign,
        workspace.so("one"),
    ];
    let codes = agrees(&workspace, &files, 100);
    assert_eq!(codes, ["E04", "E04", "E04", "E18", "E18", "E04", "E04", "E01", "E02", "opens"]);
    // Each alone.
    for (file, code) in files.iter().zip(&codes) {
        assert_eq!(agrees(&workspace, &[file], if code == "opens" { 0 } else { 100 }), [code.as_str()]);
    }
    let ran = check(&workspace, &workspace.output("host"), &files[7..8]);
    let difference = &verdicts(&ran)[0]["error"]["differences"][0];
    assert_eq!((&difference["package"], &difference["source"]), (&"api 0.1.0".into(), &"api".into()), "{ran}");
    let text = workspace.engraft(["check".into(), "--host".into(), workspace.output("host"), files[1].clone(), files[7].clone()]);
    text.ended(100).prints(&[
        "     Refused ",
        "\nE04: ",
        "\n     Refused ",
        "\nE01: ",
        ": 2 would be refused\nhelp: `cargo engraft explain E01 E04` tells more\n",
    ]);
}

/// Two builds of a package that only an environment variable tells apart: each fits the host, and not the other.
#[test]
fn plugins_that_conflict_with_each_other() {
    let workspace = workspace();
    workspace.package("extra", "", "src/lib.rs", "pub fn value() -> Option<&'static str> { option_env!(\"EXTRA\") }\n");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"extra\"");
    for name in ["one", "two"] {
        workspace.plugin(name, &PLUGIN.replace("    1\n", "    extra::value().map_or(0, |value| value.len() as u32)\n"));
        workspace.append(&format!("plugins/{name}/Cargo.toml"), "extra = { path = \"../../extra\" }\n");
    }
    Ran::of(workspace.command(["build"]).env("EXTRA", "another")).success();
    let other = workspace.keep(&workspace.so("two"), "two.so");
    workspace.build();
    let one = workspace.so("one");
    for alone in [&one, &other] {
        assert_eq!(agrees(&workspace, &[alone], 0), ["opens"]);
    }
    assert_eq!(agrees(&workspace, &[&one, &other], 100), ["opens", "E01"]);
    assert_eq!(agrees(&workspace, &[&other, &one], 100), ["opens", "E01"]);
    // What is refused brings nothing, and what fits the first goes on.
    assert_eq!(agrees(&workspace, &[&one, &other, &workspace.so("two"), &one], 100), ["opens", "E01", "opens", "opens"]);
    let ran = check(&workspace, &workspace.output("host"), &[&one, &other]);
    let difference = &verdicts(&ran)[1]["error"]["differences"][0];
    assert_eq!((&difference["package"], &difference["holder"]), (&"extra 0.1.0".into(), &"one".into()), "{ran}");
}

#[test]
fn a_directory_is_opened_by_name_with_all_that_is_in_it() {
    let workspace = workspace();
    workspace.plugin("two", PLUGIN);
    workspace.build();
    let directory = workspace.output("plugins");
    let host = workspace.output("host");
    let names = |ran: &Ran| -> Vec<String> {
        let name = |verdict: &Value| Path::new(verdict["path"].as_str().unwrap()).file_name().unwrap().to_str().unwrap().to_owned();
        verdicts(ran).iter().map(name).collect()
    };
    let ran = check(&workspace, &host, &[&directory]).ended(0);
    assert_eq!(names(&ran), ["one.so", "two.so"]);
    fs::write(directory.join("README"), "Plugins.\n").unwrap();
    fs::create_dir(directory.join("older")).unwrap();
    fs::write(directory.join("older/text"), "Not looked at.\n").unwrap();
    let ran = check(&workspace, &host, &[&directory]).ended(100);
    assert_eq!(names(&ran), ["README", "one.so", "two.so"]);
    let files: Vec<PathBuf> = names(&ran).iter().map(|name| directory.join(name)).collect();
    assert_eq!(agrees(&workspace, &files, 100), ["E04", "opens", "opens"]);
    // What the tool itself puts beside plugins is none, and belongs there; without its plugin it does not.
    for name in ["one.so.minisig", "one.so.debug", "three.so.minisig"] {
        fs::write(directory.join(name), "Beside.\n").unwrap();
    }
    assert_eq!(names(&check(&workspace, &host, &[&directory]).ended(100)), ["README", "one.so", "three.so.minisig", "two.so"]);
    let empty = workspace.root.join("empty");
    fs::create_dir(&empty).unwrap();
    workspace.engraft(["check".as_ref(), "--host".as_ref(), host.as_path(), &empty]).success().prints(&[": no plugin is there\n"]);
}

#[test]
fn what_is_missing_or_unreadable_can_not_be_decided() {
    let workspace = workspace();
    workspace.build();
    let round = workspace.root.join("round.so");
    std::os::unix::fs::symlink(&round, &round).unwrap();
    let missing = workspace.root.join("missing.so");
    let text = workspace.write("text.so", "text");
    // What can't be decided is graver than what would be refused.
    assert_eq!(agrees(&workspace, &[&missing], 101), ["E03"]);
    assert_eq!(agrees(&workspace, &[&round], 101), ["E09"]);
    assert_eq!(agrees(&workspace, &[&text, &missing, &workspace.so("one")], 101), ["E04", "E03", "opens"]);
    assert_eq!(agrees(&workspace, &[&workspace.so("one"), &round, &text], 101), ["opens", "E09", "E04"]);
}

#[test]
fn a_host_that_is_none() {
    let workspace = workspace();
    workspace.build();
    let (one, text) = (workspace.so("one"), workspace.write("text", "text"));
    let said = |host: &Path, texts: &[&str]| {
        let ran = check(&workspace, host, &[&one]).ended(101);
        assert_eq!(ran.stdout, "");
        ran.says(texts);
    };
    said(
        &text,
        &[&format!("error: {} is no host\n", text.display()), "\n  found: a text file\nhelp: `cargo engraft build` puts hosts into "],
    );
    said(&one, &["\n  found: a plugin that Engraft linked\n"]);
    said(&workspace.root, &["\n  found: a directory\n"]);
    said(Path::new("/nowhere"), &["error: the host /nowhere can't be read\n", "\n  found: No such file or directory (os error 2)\n"]);
    // This very program is linked by cargo alone.
    let this = std::env::current_exe().unwrap();
    // SAFETY: nothing is opened by a program that Engraft did not link.
    let error = unsafe { engraft::open(&one) }.unwrap_err();
    let ran = check(&workspace, &this, &[&one]).ended(100);
    assert_eq!((error.code(), &verdicts(&ran)[0]["error"]["text"]), ("E16", &error.to_string().into()), "{ran}");
}

#[test]
fn wrong_usage() {
    let workspace = Workspace::new();
    workspace.engraft(["check", "--host", "host"]).ended(2).says(&["<PLUGIN|DIR>..."]);
    workspace.engraft(["check", "one.so"]).ended(2).says(&["--host <FILE>"]);
}
