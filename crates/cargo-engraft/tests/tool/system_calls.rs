//! Every system call of `open` made to fail in turn: a typed error or a plugin that works, nothing left behind, and the next
//! attempt works.

use crate::harness::command::Ended;
use crate::ran::Ran;
use crate::skipped;
use crate::strace::{self, Call};
use crate::tool;
use crate::workspace::{PLUGIN_SETTINGS, Workspace, run_at};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Opens a plugin twice, tells what came of it each time, and what the first attempt left behind if it failed.
const HOST: &str = include_str!("system_calls/host.rs");

/// It brings a package along and initialises both, with a thread-local of its own; calls them together when asked for its value.
const PLUGIN: &str = r#"
std::thread_local! {
    static LOCAL: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

#[engraft::init]
fn begin() {
    LOCAL.set(extra::BEGUN.load(std::sync::atomic::Ordering::Relaxed) + 1);
}

#[engraft::export]
pub fn value() -> u32 {
    api::CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 10 * LOCAL.get()
}
"#;

const EXTRA: &str = r#"
pub static BEGUN: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

#[engraft::init]
fn begin() {
    BEGUN.store(3, std::sync::atomic::Ordering::Relaxed);
}
"#;

/// The calls between which `open` is watched name these paths, which lead nowhere.
const MARKS: [&str; 2] = ["/open-begins", "/open-has-ended"];

/// What a system says when it can't.
const ERRORS: [&str; 4] = ["ENOMEM", "EMFILE", "EACCES", "EIO"];

struct Built {
    workspace: Workspace,
    /// An earlier build of the plugin, which opens too.
    earlier: PathBuf,
    /// A build that does not fit the host.
    unfit: PathBuf,
}

fn build() -> Built {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.package("extra", "[dependencies]\nengraft.workspace = true\n", "src/lib.rs", EXTRA);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"extra\"");
    workspace.package(
        "plugins/one",
        &format!("{PLUGIN_SETTINGS}[dependencies]\nengraft.workspace = true\napi.workspace = true\nextra.path = \"../../extra\"\n"),
        "src/lib.rs",
        PLUGIN,
    );
    // Its record is so long that the allocator asks the system for room.
    let long = format!("/// {}\n#[engraft::export]\npub fn other() {{}}\n", "long ".repeat(40_000));
    workspace.append("api/src/lib.rs", "pub struct Other;\n");
    workspace.append("plugins/one/src/lib.rs", &long);
    workspace.build();
    let unfit = workspace.keep(&workspace.so("one"), "unfit.so");
    workspace.replace("api/src/lib.rs", "pub struct Other;\n", "");
    workspace.replace("plugins/one/src/lib.rs", &long, "");
    workspace.build();
    let earlier = workspace.keep(&workspace.so("one"), "earlier.so");
    workspace.append("plugins/one/src/lib.rs", "pub fn more() {}\n");
    workspace.build();
    Built { workspace, earlier, unfit }
}

/// What is done to a call: `strace`'s words.
fn faults(call: &Call) -> Vec<String> {
    let at = format!(":when={}", call.ordinal);
    let what: Vec<String> = match &*call.name {
        // It tells of its failure by what it returns: the break where it was. glibc asks again when that is 0.
        "brk" => vec!["retval=0".to_owned()],
        // The end of the file, and less than was asked for.
        "read" | "pread64" => {
            ERRORS.iter().map(|error| format!("error={error}")).chain(["retval=0".to_owned(), "retval=1".to_owned()]).collect()
        }
        "write" | "pwrite64" | "ftruncate" | "fallocate" => ["ENOSPC", "ENOMEM", "EIO"].map(|error| format!("error={error}")).to_vec(),
        _ => ERRORS.map(|error| format!("error={error}")).to_vec(),
    };
    what.into_iter().map(|what| format!("{}:{what}{at}", call.name)).collect()
}

/// Makes each call that `program` makes between the marks fail in each way, one in each run, and gives back what is not as it has to be.
fn each_call_fails(program: impl Fn() -> Command, second: &str) -> Vec<String> {
    let (undisturbed, calls) = strace::run(&program(), MARKS, None);
    let mut wrong = Vec::new();
    if !undisturbed.stdout.contains(&format!("second: {second}")) {
        return vec![format!("undisturbed: {undisturbed}")];
    }
    assert!(calls.len() > 3, "{calls:?}");
    for call in &calls {
        for fault in faults(call) {
            let (ended, disturbed) = strace::run(&program(), MARKS, Some(&fault));
            let hit = disturbed.iter().any(|call| call.told.contains("(INJECTED)"));
            let verdict = if hit { verdict(&ended, call, &fault, second) } else { Err("no call was made to fail") };
            if let Err(error) = verdict {
                wrong.push(format!("{fault}: {error}\n{}\n{ended}", call.told));
            }
        }
    }
    wrong
}

fn verdict(ended: &Ended, call: &Call, fault: &str, second: &str) -> Result<(), &'static str> {
    if !ended.status.success() {
        return Err("the program did not end well");
    }
    let line = |name: &str| ended.stdout.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default();
    let is_error = line("first").strip_prefix('E').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if line("first") != second && !is_error {
        return Err("the first attempt gave neither what it should nor an error");
    }
    if is_error && fault.starts_with("openat:error=EMFILE") && !ended.stdout.contains("`ulimit -n`") {
        return Err("the error does not say what helps");
    }
    if line("left").split("; ").any(|left| left != "nothing" && !may_be_left(left, call)) {
        return Err("the first attempt left something behind");
    }
    if !line("second").starts_with(second) {
        return Err("the second attempt did not work");
    }
    Ok(())
}

/// What a failed attempt may leave behind.
fn may_be_left(left: &str, call: &Call) -> bool {
    // The line of a mapping begins with its addresses.
    let mapping = left.split_once(' ').is_some_and(|(addresses, _)| addresses.contains('-'));
    match &*call.name {
        // What did not happen because the call was made to fail is left by the test, not by `open`.
        "close" | "munmap" => true,
        // What the allocator can't get from the break it maps.
        "brk" => mapping,
        // glibc takes away nothing of a file of which it could map one part and not another: "mappings can be in an inconsistent state"
        // (`_dl_map_object_from_fd`). Nothing of it runs, or is found.
        "mmap" => mapping && left.contains(".so"),
        _ => false,
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn every_system_call_of_open_fails_in_turn() {
    if let Err(why) = strace::works() {
        return skipped::tell(&format!("no system call can be made to fail: {why}"));
    }
    let Built { workspace, earlier, unfit } = build();
    let plugins = workspace.output("plugins");
    let newer = workspace.keep(&workspace.so("one"), "newer.so");
    // Of no kind that is known, so that it might be an altered plugin: all of it is looked at.
    let noise = workspace.write("noise.so", "");
    fs::write(&noise, vec![0xff; 200_000]).unwrap();
    let (earlier, newer, unfit, noise) = (text(&earlier), text(&newer), text(&unfit), text(&noise));
    let replaced = text(&workspace.root.join("replaced.so")).to_owned();
    let host = |directory: &Path, arguments: &[&str]| {
        let mut command = run_at(&workspace.output("host"), directory);
        command.args(arguments);
        command
    };
    let opened = "one is 40, of one plugin";
    let mut wrong = Vec::new();
    // By name, which takes the path of the program, and by a path that begins at the working directory.
    wrong.extend(each_call_fails(|| host(&workspace.root, &["open", "one"]), opened));
    wrong.extend(each_call_fails(|| host(&plugins, &["open", "./one.so"]), opened));
    wrong.extend(each_call_fails(|| host(&plugins, &["copy", "./one.so"]), opened));
    wrong.extend(each_call_fails(|| host(&plugins, &["check", "./one.so"]), "it fits"));
    let signed = workspace.keep(&workspace.so("one"), "signed.so");
    for arguments in [&["keygen", "--no-password"][..], &["sign", "-s", "engraft.key", text(&signed)]] {
        Ran::of(tool::engraft(&workspace.root, &workspace.target).args(arguments)).success();
    }
    wrong.extend(each_call_fails(|| host(&workspace.root, &["signed", text(&signed)]), opened));
    // Files that are refused.
    wrong.extend(each_call_fails(|| host(&workspace.root, &["open", unfit]), "E01"));
    wrong.extend(each_call_fails(|| host(&workspace.root, &["open", noise]), "E04"));
    wrong.extend(each_call_fails(|| host(&workspace.root, &["signed", newer]), "E19"));
    // At the path of one that is open: it is mapped by its descriptor.
    let replacing = || {
        fs::copy(earlier, &replaced).unwrap();
        host(&workspace.root, &["open", &replaced, newer])
    };
    wrong.extend(each_call_fails(replacing, "one is 40, of two plugins"));
    assert!(wrong.is_empty(), "{} are not as they should be\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// It is read whole, because it might be a plugin that was altered.
#[test]
fn a_large_file_for_which_there_is_no_memory_does_not_end_the_program() {
    let workspace = Workspace::new();
    workspace.build();
    let large = workspace.write("large.so", "");
    fs::write(&large, [0xff; 5000]).unwrap();
    fs::File::options().write(true).open(&large).unwrap().set_len(1 << 30).unwrap();
    let mut host = run_at(Path::new("sh"), &workspace.root);
    host.args(["-c", "ulimit -v 65536 && exec \"$@\"", "sh"]).arg(workspace.output("host")).arg(&large).arg("one");
    Ran::of(&mut host).success().prints(&["refused: E04", "one is 1"]);
}
