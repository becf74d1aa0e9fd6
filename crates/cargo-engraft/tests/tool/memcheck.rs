//! Opening, looking up, refusing and reopening under valgrind: no access to memory that is nobody's, and nothing lost.

use crate::initialisers::initialiser;
use crate::ran::Ran;
use crate::refused::of_another_api;
use crate::tool;
use crate::workspace::{DEPENDENCIES, PLUGIN, PLUGIN_SETTINGS, Workspace};
use std::fs;

/// Every way into a plugin and every way in which it is refused, once or twice. What it leaks on purpose, for as long as the process lives,
/// is reachable at its end.
const HOST: &str = r#"
use engraft::{Keyring, OpenError, OpenOptions, Plugin};

fn value(plugin: Plugin) -> u32 {
    plugin.lookup::<fn() -> u32>("value").unwrap()()
}

fn refused(result: Result<Plugin, OpenError>) {
    println!("{}", result.unwrap_err().to_string().lines().next().unwrap());
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [key, current, newer, wrong @ ..] = &arguments[..] else { panic!("a key and plugins") };
    let plugin = unsafe { engraft::open("one") }.unwrap();
    println!("{} is {}, {} packages", plugin.name(), value(plugin), plugin.packages().len());
    std::thread::spawn(move || value(unsafe { engraft::open("one") }.unwrap())).join().unwrap();
    assert!(plugin.lookup::<fn() -> u32>("valeu").unwrap_err().to_string().contains("value"));
    assert!(plugin.lookup::<fn() -> u64>("value").unwrap_err().to_string().contains("u64"));
    assert!(plugin.lookup::<fn()>("hidden").unwrap_err().to_string().contains("hidden"));
    std::panic::catch_unwind(|| plugin.lookup::<fn()>("fails").unwrap()()).unwrap_err();

    for path in wrong.iter().chain(wrong) {
        refused(unsafe { engraft::open(path) });
        refused(unsafe { OpenOptions::new().private_copy(true).open(path) });
        refused(Keyring::new().open(path));
        engraft::check(path).unwrap_err();
    }
    refused(unsafe { engraft::open("failing") });
    refused(unsafe { engraft::open("failing") });

    // Two generations at one path, in place; and once more from private copies of others, of which one is signed.
    let first = unsafe { engraft::open(current) }.unwrap();
    std::fs::rename(newer, current).unwrap();
    let second = unsafe { engraft::open(current) }.unwrap();
    println!("generations {} {}, values {} {}", first.generation(), second.generation(), value(first), value(second));
    let copy = unsafe { OpenOptions::new().private_copy(true).open("copied") }.unwrap();
    let mut keyring = Keyring::new();
    refused(keyring.open("signed"));
    keyring.trust_file(key).unwrap();
    keyring.check("signed").unwrap();
    println!("copied {}, signed {}", value(copy), value(keyring.open("signed").unwrap()));
    println!("{} plugins, {} exports", engraft::plugins().len(), engraft::exports_named("value").len());
}
"#;

/// Brings a package with an initialiser and a thread-local that is dropped with its thread, and has both itself.
const ONE: &str = r#"
thread_local!(static KEPT: Box<u32> = Box::new(brought::count()));

#[engraft::init]
fn start() -> Result<(), String> {
    assert_eq!(KEPT.with(|kept| **kept), 11);
    Ok(())
}

pub fn hidden() {}

#[engraft::export]
pub fn fails() {
    let _dropped = vec![String::from("by unwinding"); 3];
    panic!("on purpose")
}
"#;

const BROUGHT: &str = r#"
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

static COUNT: AtomicU32 = AtomicU32::new(0);
thread_local!(static TEXT: String = String::from("of this thread"));

#[engraft::init]
fn start() {
    COUNT.store(10, SeqCst);
}

pub fn count() -> u32 {
    TEXT.with(|text| assert_eq!(text, "of this thread"));
    COUNT.fetch_add(1, SeqCst) + 1
}
"#;

fn build() -> (Workspace, Vec<std::path::PathBuf>) {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.package("brought", DEPENDENCIES, "src/lib.rs", BROUGHT);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"brought\"");
    let with_brought = format!("{PLUGIN_SETTINGS}{DEPENDENCIES}brought = {{ path = \"../../brought\" }}\n");
    workspace.package("plugins/one", &with_brought, "src/lib.rs", &format!("{PLUGIN}{ONE}"));
    for (name, value) in [("current", 2), ("newer", 3), ("copied", 4), ("signed", 5)] {
        workspace.plugin(name, &PLUGIN.replace("    1\n", &format!("    {value}\n")));
    }
    workspace.plugin("failing", &format!("{PLUGIN}{}", initialiser("start", "panic!(\"no table\");")));
    let other_api = of_another_api(&workspace, &["one"]).remove(0);
    let keygen = workspace.engraft(["keygen", "--no-password", "--secret-key", "secret", "--public-key", "public"]);
    keygen.success();
    workspace.engraft(["sign", "--secret-key", "secret"].map(Into::into).into_iter().chain([workspace.so("signed")])).success();
    let whole = fs::read(workspace.so("one")).unwrap();
    let (altered, text) = (workspace.root.join("altered.so"), workspace.write("text.so", "no plugin\n"));
    let mut bytes = whole;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&altered, bytes).unwrap();
    let arguments = vec![
        workspace.root.join("public"),
        workspace.keep(&workspace.so("current"), "current.so"),
        workspace.keep(&workspace.so("newer"), "newer.so"),
        other_api,
        altered,
        text,
        workspace.root.join("absent.so"),
    ];
    (workspace, arguments)
}

#[test]
fn valgrind_finds_nothing_wrong_where_plugins_are_opened() {
    if crate::skipped::unless_valgrind_is_there("memcheck of the open path") {
        return;
    }
    let (workspace, arguments) = build();
    let mut valgrind = tool::clean("valgrind");
    // What is only "possibly" lost is std's handle of the main thread, of which it keeps a pointer into its middle.
    valgrind.args(["--quiet", "--error-exitcode=97", "--leak-check=full"]);
    valgrind.args(["--show-leak-kinds=definite,indirect", "--errors-for-leak-kinds=definite,indirect"]);
    let ran = Ran::of(valgrind.current_dir(&workspace.root).arg(workspace.output("host")).args(arguments)).success();
    ran.prints(&["one is 1", "E01: ", "E18: ", "E04: ", "E03: ", "E19: ", "E20: ", "E13: "])
        .prints(&["generations 1 2, values 2 3\n", "copied 4, signed 5\n"])
        .never_says(&["=="]);
}
