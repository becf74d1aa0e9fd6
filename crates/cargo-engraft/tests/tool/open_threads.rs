//! Opening from many threads, and from initialisers, plugins, and threads that plugins start.
//!
//! All tests run one host, built once, each in a process of its own, which ends itself after a while, so that a test that would
//! hang fails.

use crate::initialisers::initialiser;
use crate::ran::Ran;
use crate::workspace::{DEPENDENCIES, PLUGIN, PLUGIN_SETTINGS, Workspace, run_at};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const API: &str = r#"
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex};

static COUNTS: Mutex<BTreeMap<String, u32>> = Mutex::new(BTreeMap::new());
static CHANGED: Condvar = Condvar::new();

/// Counts something that has happened.
pub fn count(what: &str) -> u32 {
    let mut counts = COUNTS.lock().unwrap();
    let count = counts.entry(what.to_owned()).or_default();
    *count += 1;
    let count = *count;
    CHANGED.notify_all();
    count
}

/// Waits until something has happened.
pub fn wait_for(what: &str) {
    let counts = COUNTS.lock().unwrap();
    drop(CHANGED.wait_while(counts, |counts| !counts.contains_key(what)).unwrap());
}

pub fn counted(what: &str) -> u32 {
    COUNTS.lock().unwrap().get(what).copied().unwrap_or(0)
}
"#;

/// Each function is a test's half within the process.
const HOST: &str = r#"
use engraft::{OpenError, Plugin};
use std::sync::Barrier;
use std::thread;

fn open(name: &str) -> Result<Plugin, OpenError> {
    unsafe { engraft::open(name) }
}

fn value(plugin: Plugin) -> u32 {
    plugin.lookup::<fn() -> u32>("value").unwrap()()
}

fn same() {
    let barrier = Barrier::new(64);
    let plugins: Vec<Plugin> = thread::scope(|scope| {
        let threads: Vec<_> = (0..64).map(|_| scope.spawn(|| { barrier.wait(); open("counted").unwrap() })).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(plugins.iter().all(|plugin| *plugin == plugins[0]));
    assert_eq!((api::counted("counted"), api::counted("shared")), (1, 1));
}

fn side_by_side() {
    // Each initialiser waits for what the other one's does.
    thread::scope(|scope| {
        scope.spawn(|| open("left").unwrap());
        scope.spawn(|| open("right").unwrap());
    });
    assert_eq!((api::counted("left"), api::counted("right")), (1, 1));
}

fn one_that_does_not_end() {
    thread::scope(|scope| {
        let stuck = scope.spawn(|| open("stuck").unwrap());
        api::wait_for("stuck begins");
        // Others are opened meanwhile, also one that shares a package which is ready.
        assert_eq!(value(open("counted").unwrap()), 1);
        assert_eq!(api::counted("stuck ends"), 0);
        api::count("let it end");
        stuck.join().unwrap();
    });
    assert_eq!(api::counted("stuck ends"), 1);
}

fn itself() {
    // Its initialiser opens it, keeps the error, and ends well.
    let plugin = open("itself").unwrap();
    assert_eq!(value(plugin), 1);
    let words = plugin.lookup::<std::sync::Mutex<String>>("WORDS").unwrap().lock().unwrap().clone();
    assert!(words.contains("can't be opened from its own beginnings"), "{words}");
}

fn another() {
    assert_eq!(api::counted("counted"), 0);
    let outer = open("outer").unwrap();
    assert_eq!(api::counted("counted"), 1, "its initialiser opened the other");
    let inner = outer.lookup::<fn() -> Plugin>("by_function").unwrap()();
    assert_eq!(inner, open("counted").unwrap());
    assert_eq!(inner, outer.lookup::<fn() -> Plugin>("by_thread").unwrap()());
}

fn crossed() {
    // Initialisers that open each other's plugins, from two threads.
    let barrier = Barrier::new(2);
    let results: Vec<_> = thread::scope(|scope| {
        let barrier = &barrier;
        let threads: Vec<_> = ["cross_a", "cross_b"].map(|name| scope.spawn(move || { barrier.wait(); open(name) })).into();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for error in results.into_iter().filter_map(Result::err) {
        assert!(matches!(error, OpenError::WaitCycle { .. } | OpenError::Recursive { .. }), "{error}");
    }
    // Nobody is in the way any more.
    open("cross_a").unwrap();
    open("cross_b").unwrap();
    assert_eq!((api::counted("cross_a"), api::counted("cross_b")), (1, 1));
}

fn shared_package() {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        for name in ["counted", "sharing"] {
            let barrier = &barrier;
            scope.spawn(move || { barrier.wait(); open(name).unwrap() });
        }
    });
    assert_eq!((api::counted("shared"), api::counted("counted"), api::counted("sharing")), (1, 1, 1));
}

fn within_a_constructor() {
    // What the outer plugin brings is mapped, and so the one that its constructor opens finds their common package.
    let error = open("constructs").map(|plugin| plugin.lookup::<std::sync::Mutex<String>>("WORDS").unwrap().lock().unwrap().clone());
    assert_eq!(error.unwrap(), "");
    assert_eq!(value(open("counted").unwrap()), 1);
    assert_eq!(api::counted("shared"), 1);
}

fn panicking() {
    // Four threads want what a panicking initialiser is at; it panics when others have opened what they wanted meanwhile.
    let errors: Vec<OpenError> = thread::scope(|scope| {
        let threads: Vec<_> =
            ["breaks_a", "breaks_b", "breaks_a", "breaks_b"].map(|name| scope.spawn(move || open(name).unwrap_err())).into();
        api::wait_for("brittle begins");
        assert_eq!(value(open("counted").unwrap()), 1);
        assert_eq!(scope.spawn(|| value(open("sharing").unwrap())).join().unwrap(), 1);
        api::count("others are open");
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for error in errors {
        let text = error.to_string();
        assert!(text.contains("`brittle 0.1.0`") && text.contains("it panicked: no table"), "{text}");
    }
    assert_eq!(api::counted("brittle begins"), 1);
    assert_eq!((value(open("outer").unwrap()), open("breaks_a").unwrap_err().code()), (1, "E13"));
}

fn stress() {
    // Threads that open everything, each in an order of its own.
    let mut seed: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let mut random = move |below: usize| {
        // A linear congruential generator: Knuth's constants.
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % below
    };
    let names = ["counted", "sharing", "outer", "itself", "cross_a", "cross_b", "constructs"];
    let orders: Vec<Vec<&str>> = (0..8).map(|_| (0..12).map(|_| names[random(names.len())]).collect()).collect();
    thread::scope(|scope| {
        for order in &orders {
            scope.spawn(move || {
                for name in order {
                    match open(name) {
                        Ok(plugin) => assert_eq!(value(plugin), 1),
                        Err(OpenError::WaitCycle { .. } | OpenError::Recursive { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
    for name in names {
        assert_eq!(value(open(name).unwrap()), 1);
        assert_eq!(api::counted(name), 1, "{name}");
    }
    assert_eq!(api::counted("shared"), 1);
}

fn main() {
    let (_running, ended) = std::sync::mpsc::channel::<()>();
    thread::spawn(move || {
        if ended.recv_timeout(std::time::Duration::from_secs(90)).is_err_and(|error| error == std::sync::mpsc::RecvTimeoutError::Timeout) {
            eprintln!("it hangs");
            std::process::abort();
        }
    });
    match std::env::args().nth(1).unwrap().as_str() {
        "same" => same(),
        "side_by_side" => side_by_side(),
        "one_that_does_not_end" => one_that_does_not_end(),
        "itself" => itself(),
        "another" => another(),
        "crossed" => crossed(),
        "shared_package" => shared_package(),
        "within_a_constructor" => within_a_constructor(),
        "panicking" => panicking(),
        "stress" => stress(),
        other => panic!("{other}"),
    }
    println!("ok");
}
"#;

/// What a plugin keeps of an error.
const WORDS: &str = "
#[engraft::export]
pub static WORDS: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());
fn keep(result: Result<engraft::Plugin, engraft::OpenError>) {
    *WORDS.lock().unwrap() = result.err().map(|error| error.to_string()).unwrap_or_default();
}
";

const CONSTRUCTOR: &str = "
extern \"C\" fn constructor() { keep(unsafe { engraft::open(\"counted\") }); }
#[used]
#[unsafe(link_section = \".init_array\")]
static CONSTRUCTOR: extern \"C\" fn() = constructor;
";

const OUTER: &str = "
#[engraft::export]
pub fn by_function() -> engraft::Plugin { unsafe { engraft::open(\"counted\") }.unwrap() }
#[engraft::export]
pub fn by_thread() -> engraft::Plugin { std::thread::spawn(by_function).join().unwrap() }
";

fn build() -> PathBuf {
    let workspace = Workspace::new();
    workspace.write("api/src/lib.rs", API);
    workspace.write("host/src/main.rs", HOST);
    let shared = format!("pub fn touch() {{}}\n{}", initialiser("start", "api::count(\"shared\");"));
    workspace.package("shared", DEPENDENCIES, "src/lib.rs", &shared);
    let brittle = "api::count(\"brittle begins\"); api::wait_for(\"others are open\"); panic!(\"no table\");";
    workspace.package("brittle", DEPENDENCIES, "src/lib.rs", &format!("pub fn touch() {{}}\n{}", initialiser("start", brittle)));
    workspace.replace("Cargo.toml", "\"plugins/*\"", "\"plugins/*\", \"shared\", \"brittle\"");
    let plain = PLUGIN.replace("api::CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);", "");
    let plugin = |name: &str, more: &str, code: &str| {
        let source = format!("{plain}\npub use shared::touch;\n{more}{}", initialiser("start", code));
        let dependencies = format!("{PLUGIN_SETTINGS}{DEPENDENCIES}shared = {{ path = \"../../shared\" }}\n");
        workspace.package(&format!("plugins/{name}"), &dependencies, "src/lib.rs", &source);
    };
    let alone = |name: &str, more: &str, code: &str| workspace.plugin(name, &format!("{plain}{more}{}", initialiser("start", code)));
    workspace.plugin("one", &plain);
    plugin("counted", "", "api::count(\"counted\");");
    plugin("sharing", "", "api::count(\"sharing\");");
    plugin("constructs", &format!("{WORDS}{CONSTRUCTOR}"), "api::count(\"constructs\");");
    alone("left", "", "api::count(\"left\"); api::wait_for(\"right\");");
    alone("right", "", "api::count(\"right\"); api::wait_for(\"left\");");
    plugin("stuck", "", "api::count(\"stuck begins\"); api::wait_for(\"let it end\"); api::count(\"stuck ends\");");
    alone("itself", WORDS, "api::count(\"itself\"); keep(unsafe { engraft::open(\"itself\") });");
    alone("outer", OUTER, "api::count(\"outer\"); let _ = unsafe { engraft::open(\"counted\") };");
    alone("cross_a", "", "api::count(\"cross_a\"); let _ = unsafe { engraft::open(\"cross_b\") };");
    alone("cross_b", "", "api::count(\"cross_b\"); let _ = unsafe { engraft::open(\"cross_a\") };");
    for name in ["breaks_a", "breaks_b"] {
        let dependencies = format!("{PLUGIN_SETTINGS}{DEPENDENCIES}brittle = {{ path = \"../../brittle\" }}\n");
        workspace.package(&format!("plugins/{name}"), &dependencies, "src/lib.rs", &format!("{plain}\npub use brittle::touch;\n"));
    }
    workspace.build();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("open_threads");
    let _ = fs::remove_dir_all(&kept);
    fs::create_dir_all(kept.join("plugins")).unwrap();
    fs::copy(workspace.output("host"), kept.join("host")).unwrap();
    for file in fs::read_dir(workspace.output("plugins")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), kept.join("plugins").join(file.file_name())).unwrap();
    }
    kept
}

/// Runs one of the host's functions.
#[track_caller]
fn holds(arguments: &[&str]) {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(build);
    Ran::of(run_at(&built.join("host"), built).args(arguments)).success().prints(&["ok\n"]);
}

#[test]
fn s09_one_file_from_64_threads_is_one_load_and_one_plugin() {
    holds(&["same"]);
}

#[test]
fn s09_initialisers_of_different_files_run_side_by_side() {
    holds(&["side_by_side"]);
}

#[test]
fn f09_an_initialiser_that_does_not_end_keeps_nobody_else_waiting() {
    holds(&["one_that_does_not_end"]);
}

#[test]
fn f08_an_initialiser_that_opens_its_own_file_gets_an_error() {
    holds(&["itself"]);
}

#[test]
fn g10_a_plugin_opens_another_from_initialiser_function_and_thread() {
    holds(&["another"]);
}

#[test]
fn s09_initialisers_that_open_each_others_plugins_get_an_error_and_open_later() {
    for _ in 0..20 {
        holds(&["crossed"]);
    }
}

#[test]
fn f06_two_threads_open_two_plugins_that_share_an_uninitialised_package() {
    for _ in 0..20 {
        holds(&["shared_package"]);
    }
}

#[test]
fn b04_f15_an_initialiser_panics_while_other_threads_open() {
    holds(&["panicking"]);
}

#[test]
fn constructor_opens_plugin_that_shares_a_package() {
    holds(&["within_a_constructor"]);
}

#[test]
fn s09_f06_many_threads_open_everything_in_any_order() {
    for seed in 0..50 {
        holds(&["stress", &seed.to_string()]);
    }
}
