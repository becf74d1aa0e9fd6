//! Children of a process that was forked while plugins were being opened: what was open works, what was cut off is an error, nothing hangs.

use crate::constructors::with_constructor;
use crate::workspace::{DEPENDENCIES, PLUGIN, Workspace};

/// Where a thread of the parent stays while the process is forked.
const API: &str = r#"
use std::sync::{Condvar, Mutex};

pub static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

/// 1: a thread waits; 2: it may go on.
static GATE: (Mutex<u32>, Condvar) = (Mutex::new(0), Condvar::new());

fn wait_for(state: u32) {
    drop(GATE.1.wait_while(GATE.0.lock().unwrap(), |now| *now < state).unwrap());
}

fn set(state: u32) {
    let mut now = GATE.0.lock().unwrap();
    *now = state.max(*now);
    GATE.1.notify_all();
}

pub fn stay() {
    set(1);
    wait_for(2);
}

pub fn wait_until_it_stays() {
    wait_for(1);
}

pub fn go_on() {
    set(2);
}

unsafe extern "C" {
    fn fork() -> i32;
}

/// The child's number, or 0 in the child.
pub fn fork_here() -> i32 {
    unsafe { fork() }
}
"#;

const HOST: &str = r#"
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use tracing::span::{Attributes, Id, Record};

unsafe extern "C" {
    fn waitpid(child: i32, status: *mut i32, options: i32) -> i32;
    fn alarm(seconds: u32) -> u32;
    fn _exit(code: i32) -> !;
}

/// Stays in the step `judge`, where a thread has its turn to map, if that is asked.
struct Staying;

static STAYS: AtomicBool = AtomicBool::new(false);

impl tracing::Subscriber for Staying {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_span() && metadata.name() == "judge"
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn enter(&self, _: &Id) {
        if STAYS.swap(false, SeqCst) {
            api::stay();
        }
    }
    fn exit(&self, _: &Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
}

fn tell(name: &str) {
    // It finds the same reason against the plugin, and none if there is none.
    let checked = engraft::check(name).map(drop).map_err(|error| error.to_string());
    let opened = unsafe { engraft::open(name) };
    assert_eq!(checked, opened.as_ref().map(drop).map_err(|error| error.to_string()), "{name}");
    match opened {
        Ok(plugin) => println!("{name} is {}, generation {}", plugin.lookup::<fn() -> u32>("value").unwrap()(), plugin.generation()),
        Err(error) => println!("{name} refused: {error}"),
    }
}

/// Does it in a child, which is ended if it hangs.
fn in_child(work: impl FnOnce()) {
    match api::fork_here() {
        0 => {
            unsafe { alarm(100) };
            work();
            unsafe { _exit(7) }
        }
        child => ended(child),
    }
}

fn ended(child: i32) {
    let mut status = 0;
    assert_eq!(unsafe { waitpid(child, &mut status, 0) }, child);
    println!("child ended with {:#x}", status);
}

fn in_order() {
    println!("open: {:?}", engraft::plugins().iter().map(|plugin| plugin.name()).collect::<Vec<_>>());
}

fn main() {
    tracing::subscriber::set_global_default(Staying).unwrap();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    tell("one");
    if arguments[0] == "within" {
        // Its initialiser forks: both processes come back here.
        let plugin = unsafe { engraft::open("forking") }.unwrap();
        let child = plugin.lookup::<std::sync::atomic::AtomicI32>("CHILD").unwrap().load(SeqCst);
        if child == 0 {
            unsafe { alarm(100) };
        }
        tell("two");
        in_order();
        if child == 0 {
            unsafe { _exit(7) };
        }
        return ended(child);
    }
    STAYS.store(arguments[0] == "judging", SeqCst);
    let [slow, sharing] = if arguments[0] == "constructing" { ["built", "building"] } else { ["slow", "sharing"] };
    let opening = std::thread::spawn(|| tell(slow));
    api::wait_until_it_stays();
    in_child(|| {
        in_order();
        tell("one");
        tell(slow);
        tell(sharing);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| tell("two"));
            }
        });
        in_order();
        in_child(|| {
            tell(slow);
            tell("two");
        });
    });
    api::go_on();
    opening.join().unwrap();
    tell("two");
    in_order();
}
"#;

fn built() -> Workspace {
    let workspace = Workspace::new();
    workspace.append("host/Cargo.toml", "tracing = { version = \"0.1\", default-features = false, features = [\"std\"] }\n");
    workspace.write("api/src/lib.rs", API);
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("two", &PLUGIN.replace("    1\n", "    2\n"));
    // Two plugins bring a package in whose initialiser a thread stays. Where it stays in `judge`, that is run when it goes on.
    workspace.package("extra", DEPENDENCIES, "src/lib.rs", "pub fn extra() {}\n#[engraft::init]\nfn begin() { api::stay() }\n");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"extra\"");
    for name in ["slow", "sharing"] {
        workspace.plugin(name, &format!("{PLUGIN}pub use extra::extra;\n// {name}\n"));
        workspace.append(&format!("plugins/{name}/Cargo.toml"), "extra = { path = \"../../extra\" }\n");
    }
    // Here the thread stays in a constructor.
    let made =
        with_constructor("api::stay()").replace(PLUGIN, "pub fn made() {}\n").replace("use std::sync::atomic::Ordering::SeqCst;\n", "");
    workspace.package("made", DEPENDENCIES, "src/lib.rs", &made);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"made\"");
    for name in ["built", "building"] {
        workspace.plugin(name, &format!("{PLUGIN}pub use made::made;\n// {name}\n"));
        workspace.append(&format!("plugins/{name}/Cargo.toml"), "made = { path = \"../../made\" }\n");
    }
    let forking = "#[engraft::export]\npub static CHILD: std::sync::atomic::AtomicI32 = std::sync::atomic::AtomicI32::new(-1);\n\
                   #[engraft::init]\nfn begin() { CHILD.store(api::fork_here(), std::sync::atomic::Ordering::SeqCst) }\n";
    workspace.plugin("forking", &format!("{PLUGIN}{forking}"));
    workspace.build();
    workspace
}

#[test]
fn child_of_fork_never_hangs_in_open() {
    let workspace = built();
    let slow = workspace.so("slow").display().to_string();
    // A thread of the parent is in an initialiser: what needs that package can't be opened in the child, everything else can.
    let ran = workspace.host(["initializing"]).success().prints(&[
        "one is 1, generation 1\nopen: [\"one\"]\none is 1, generation 1\n",
        &format!("slow refused: E28: the plugin {slow} can't be opened in this forked process\n"),
        "\n  found: a plugin that a thread of the parent process was opening; that thread does not exist here\n",
        "\n  found: the package `extra 0.1.0`, which a thread of the parent process was initializing\n",
        "two is 2, generation 1\n",
        "child ended with 0x700\nchild ended with 0x700\nslow is 1, generation 1\ntwo is 2, generation 1\nopen: [\"one\", \"slow\", \"two\"]\n",
    ]);
    assert_eq!(ran.stdout.matches("E28: ").count(), 3, "{ran}");
    assert_eq!(ran.stdout.matches("two is 2").count(), 6, "{ran}");
    // A thread of the parent has its turn to map: nothing can be mapped in the child.
    let ran = workspace.host(["judging"]).success().prints(&[
        "open: [\"one\"]\none is 1, generation 1\n",
        &format!("slow refused: E28: the plugin {slow} can't be opened in this forked process\n"),
        "\n  found: a plugin that a thread of the parent process was opening; that thread does not exist here\n",
        "child ended with 0x700\nchild ended with 0x700\nslow is 1, generation 1\n",
    ]);
    assert_eq!(ran.stdout.matches("two refused: E28: ").count(), 5, "{ran}");
    let ran = workspace.host(["constructing"]).success().prints(&[
        "built refused: E28: the plugin ",
        "building refused: E28: the plugin ",
        "\n  found: the package `made 0.1.0`, which a thread of the parent process was initializing\n",
        "child ended with 0x700\nchild ended with 0x700\nbuilt is 1, generation 1\ntwo is 2, generation 1\n",
    ]);
    assert_eq!(ran.stdout.matches("two is 2").count(), 6, "{ran}");
    // The thread that forks goes on in both processes with what it was at.
    let ran = workspace.host(["within"]).success();
    for line in ["two is 2, generation 1\n", "open: [\"one\", \"forking\", \"two\"]\n"] {
        assert_eq!(ran.stdout.matches(line).count(), 2, "{ran}");
    }
    ran.prints(&["child ended with 0x700\n"]);
}
