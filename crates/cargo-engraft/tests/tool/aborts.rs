//! Panics of plugins that end the process, as they would without any plugin: each says where it began, and the end is `abort`'s.

use crate::ran::Ran;
use crate::workspace::{PLUGIN, Workspace, run_at};

/// What `abort` ends a process by (`signal(7)`).
const SIGABRT: i32 = 6;

/// What the host does with a plugin, under a `catch_unwind` that does not help.
const HOST: &str = r#"
fn main() {
    let function = std::env::args().nth(1).unwrap();
    let outcome = std::panic::catch_unwind(|| {
        let plugin = unsafe { engraft::open(if function == "constructor" { "constructs" } else { "one" }) }.unwrap();
        println!("open");
        plugin.lookup::<fn()>(&function).unwrap()();
    });
    println!("caught {}", outcome.is_err());
}
"#;

const SOURCE: &str = r#"
struct Guard;
impl Drop for Guard {
    fn drop(&mut self) { panic!("the second") }
}
thread_local!(static KEPT: std::cell::OnceCell<Guard> = const { std::cell::OnceCell::new() });
extern "C" fn of_c() { panic!("called by C") }

#[engraft::export]
pub fn caught() { panic!("the only one") }
#[engraft::export]
pub fn twice() { let _guard = Guard; panic!("the first") }
#[engraft::export]
pub fn as_c() { let function = std::hint::black_box(of_c as extern "C" fn()); function() }
#[engraft::export]
pub fn at_a_threads_end() { std::thread::spawn(|| KEPT.with(|kept| { let _ = kept.set(Guard); })).join().unwrap() }
#[engraft::export]
pub fn without_stack() { std::thread::spawn(|| println!("{}", deeper(1))).join().unwrap() }

#[expect(unconditional_recursion)]
#[inline(never)]
fn deeper(depth: u64) -> u64 { std::hint::black_box(deeper(std::hint::black_box(depth + 1)) + depth) }
"#;

/// Runs the host with a function that ends the process, and says where these panics of it must have been told to be.
#[track_caller]
fn aborts(workspace: &Workspace, function: &str, panics: &[&str], words: &str) {
    let ran = Ran::of(run_at(&workspace.output("host"), &workspace.root).arg(function)).ended_by(SIGABRT);
    for panic in panics {
        let at = format!("panicked at plugins/one/src/lib.rs:{}:", line_of(panic));
        let told = ran.stderr.lines().zip(ran.stderr.lines().skip(1)).any(|(first, next)| first.contains(&at) && next == *panic);
        assert!(told, "{at}\n{ran}");
    }
    ran.says(&[words]).never_prints(&["caught"]);
}

/// The line of the plugin in which it panics with these words.
fn line_of(panic: &str) -> usize {
    let source = format!("{PLUGIN}{SOURCE}");
    source.lines().position(|line| line.contains(&format!("panic!(\"{panic}\")"))).unwrap() + 1
}

#[test]
fn f15_panics_that_nobody_can_catch_abort_and_say_where() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("one", &format!("{PLUGIN}{SOURCE}"));
    workspace.plugin("constructs", &crate::constructors::with_constructor("let _ = SeqCst; panic!(\"while it is mapped\");"));
    workspace.build();
    workspace.host(["caught"]).success().prints(&["open\ncaught true\n"]).says(&["the only one"]);
    aborts(&workspace, "twice", &["the first", "the second"], "panic in a destructor during cleanup");
    aborts(&workspace, "as_c", &["called by C"], "panic in a function that cannot unwind");
    aborts(&workspace, "at_a_threads_end", &["the second"], "fatal runtime error: thread local panicked on drop, aborting");
    aborts(&workspace, "without_stack", &[], "has overflowed its stack");
    let ran = workspace.host(["constructor"]).ended_by(SIGABRT).never_prints(&["open"]);
    ran.says(&["plugins/constructs/src/lib.rs:", "while it is mapped", "panic in a function that cannot unwind"]);
}

/// Host and plugins of one profile have one strategy; mixed ones are refused, as `tests/matrix.rs` shows.
#[test]
fn f15_with_panic_abort_the_first_panic_of_a_plugin_ends_the_process_and_says_where() {
    let workspace = Workspace::cold();
    workspace.append("Cargo.toml", "[profile.dev]\npanic = \"abort\"\n");
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("one", &format!("{PLUGIN}{SOURCE}"));
    workspace.build();
    aborts(&workspace, "caught", &["the only one"], "panicked at");
}
