//! Plugins that are mapped from a sealed copy in memory: whatever becomes of their files, the running code stays as it was verified.

use crate::ran::Ran;
use crate::skipped;
use crate::workspace::{PLUGIN, Workspace, run_at};
use std::process::Command;

/// Opens the first file as a private copy, lets the second one's content be written over it by `cp`, which truncates first, and goes on.
const HOST: &str = r#"
use std::fs;
use std::os::unix::fs::FileExt;

fn open(path: &str) -> engraft::Plugin {
    unsafe { engraft::OpenOptions::new().private_copy(true).open(path) }.unwrap_or_else(|error| panic!("{error}"))
}

fn value(plugin: engraft::Plugin) -> u32 {
    plugin.lookup::<fn() -> u32>("value").unwrap()()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let first = open(&arguments[0]);
    println!("first {} {:?}", value(first), first.file_state());
    println!("same {}", open(&arguments[0]) == first);

    fs::copy(&arguments[1], &arguments[0]).unwrap();
    println!("still {} {:?}", value(first), first.file_state());
    let second = open(&arguments[0]);
    println!("second {} generation {}", value(second), second.generation());
    println!("first {}", value(first));
    fs::write(&arguments[0], "").unwrap();
    println!("third {}", unsafe { engraft::open(&arguments[0]) }.unwrap_err().code());
    println!("both {} {}", value(first), value(second));

    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    println!("mapped from the file: {}", maps.contains(&arguments[0]));
    println!("mapped from memory: {}", maps.contains("/memfd:first.so (deleted)"));
    for entry in fs::read_dir("/proc/self/fd").unwrap().map(|entry| entry.unwrap().path()) {
        if fs::read_link(&entry).is_ok_and(|target| target.to_string_lossy().starts_with("/memfd:first.so")) {
            // A shared descriptor of it can be had; what is sealed can't be written by it.
            let file = fs::File::options().read(true).write(true).open(&entry);
            println!("written: {:?}", file.and_then(|file| file.write_at(b"x", 0)).map_err(|error| error.kind()));
        }
    }
    std::panic::set_hook(Box::new(|_| println!("{}", std::backtrace::Backtrace::force_capture())));
    let _ = std::panic::catch_unwind(|| first.lookup::<fn()>("fails").unwrap()());
}
"#;

const FAILS: &str = "
#[engraft::export]
pub fn fails() {
    panic!(\"on purpose\")
}
";

#[test]
fn f13_a_private_copy_outlives_whatever_becomes_of_the_file() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("one", &format!("{PLUGIN}{FAILS}"));
    workspace.build();
    let first = workspace.keep(&workspace.so("one"), "first.so");
    workspace.plugin("one", &format!("{}{FAILS}", PLUGIN.replace("    1\n", "    2\n")));
    workspace.build();
    let ran = workspace.host([&first, &workspace.so("one")]).success().prints(&[
        "first 1 Unchanged\nsame true\n",
        "still 1 Replaced\n",
        "second 2 generation 2\nfirst 1\n",
        "third E04\nboth 1 2\n",
        "mapped from the file: false\nmapped from memory: true\n",
        // std's own backtrace knows the lines of the copy's code.
        "plugins/one/src/lib.rs:10",
    ]);
    // One copy each of two generations, of which nobody can change anything.
    assert_eq!(ran.stdout.matches("written: Err(PermissionDenied)").count(), 2, "{ran}");
}

/// Opens a file again and again while a thread writes one build over the other in it.
const RACE: &str = r#"
use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let builds: Vec<Vec<u8>> = arguments[1..].iter().map(|path| std::fs::read(path).unwrap()).collect();
    let done = AtomicBool::new(false);
    let (mut opened, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for build in builds.iter().cycle().take_while(|_| !done.load(Ordering::Relaxed)) {
                std::fs::write(&arguments[0], build).unwrap();
            }
        });
        for _ in 0..300 {
            match unsafe { engraft::OpenOptions::new().private_copy(true).open(&arguments[0]) } {
                Ok(plugin) => {
                    opened += 1;
                    let value = plugin.lookup::<fn() -> u32>("value").unwrap()();
                    assert_eq!(plugin.name().to_owned() + &value.to_string(), plugin.lookup::<fn() -> String>("says").unwrap()());
                }
                Err(error) => {
                    refused += 1;
                    // Truncated or mixed in some way, or gone from under the reader.
                    assert!(["E04", "E09", "E10", "E18", "E22"].contains(&error.code()), "{error}");
                }
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    println!("all {}", opened + refused);
    std::fs::write(&arguments[0], &builds[0]).unwrap();
    let last = unsafe { engraft::OpenOptions::new().private_copy(true).open(&arguments[0]) }.unwrap();
    println!("last {}", last.lookup::<fn() -> u32>("value").unwrap()());
}
"#;

#[test]
fn a_file_that_changes_while_it_is_opened_is_one_build_or_refused() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", RACE);
    let plugin = |value: u32| {
        let says = format!("#[engraft::export]\npub fn says() -> String {{ \"one{value}\".into() }}\n");
        PLUGIN.replace("    1\n", &format!("    {value}\n")) + &says
    };
    workspace.plugin("one", &plugin(1));
    workspace.build();
    let first = workspace.keep(&workspace.so("one"), "first.so");
    workspace.plugin("one", &plugin(2));
    workspace.build();
    let file = workspace.root.join("changing.so");
    std::fs::copy(&first, &file).unwrap();
    workspace.host([&file, &first, &workspace.so("one")]).success().prints(&["all 300\n", "last 1\n"]);
}

/// Opens a file as a private copy, on a thread of its own that has its own table of descriptors if that is asked; then another in place.
const ELSEWHERE: &str = r#"
unsafe extern "C" {
    fn unshare(what: i32) -> i32;
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `CLONE_FILES`
    assert!(arguments[0] != "apart" || std::thread::spawn(|| unsafe { unshare(0x400) }).join().unwrap() == 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            assert!(arguments[0] != "apart" || unsafe { unshare(0x400) } == 0);
            let copy = unsafe { engraft::OpenOptions::new().private_copy(true).open(&arguments[1]) };
            println!("copy: {}", copy.map_or_else(|error| error.to_string(), value));
        });
    });
    println!("in place: {}", unsafe { engraft::open(&arguments[2]) }.map_or_else(|error| error.to_string(), value));
}

fn value(plugin: engraft::Plugin) -> String {
    plugin.lookup::<fn() -> u32>("value").unwrap()().to_string()
}
"#;

/// A descriptor's path in `/proc` is that of this process, or it is an error that says what is missing.
#[test]
fn private_copy_is_mapped_from_this_process_only() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", ELSEWHERE);
    workspace.plugin("two", &PLUGIN.replace("    1\n", "    2\n"));
    workspace.build();
    let run = |prefix: &str, how: &str| {
        let mut command = run_at(std::path::Path::new("sh"), &workspace.root);
        command.args(["-c", &format!("{prefix} \"$@\""), "sh"]).arg(workspace.output("host")).arg(how);
        Ran::of(command.args(["one", "two"].map(|name| workspace.so(name)))).success()
    };
    let missing = "copy: E07: the system's loader could not map the plugin ";
    let help = "help: mount this PID namespace's own: `mount -t proc proc /proc`";
    run("exec", "together").prints(&["copy: 1\nin place: 2\n"]);
    run("exec", "apart").prints(&[missing, "found: no path in /proc leads to this process's descriptors: ", "\nin place: 2\n"]);
    let may_unshare = Command::new("unshare").args(["--mount", "--pid", "--fork", "true"]).output().is_ok_and(|ran| ran.status.success());
    if !may_unshare {
        return skipped::tell("no namespace can be made: only root can");
    }
    // The number by which this process knows itself is another process's in the outer `/proc`.
    run("exec unshare --pid --fork", "together").prints(&["copy: 1\nin place: 2\n"]);
    let without = "exec unshare --mount sh -c 'umount -l /proc && exec \"$@\"' sh";
    run(without, "together").prints(&[missing, help, "\nin place: 2\n"]);
    // That of a PID namespace which this process is not in.
    let foreign = "exec unshare --mount sh -c 'unshare --pid --fork mount -t proc proc /proc && exec \"$@\"' sh";
    run(foreign, "together").prints(&[missing, help, "\nin place: 2\n"]);
}
