//! Threads and tasks of plugins, counted by whose code started them.

use crate::workspace::Workspace;

/// Threads wait until they may end, tasks are kept until they are taken.
const API: &str = "
use std::sync::{Condvar, Mutex};
pub static MAY_END: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
pub type Task = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;
pub static TASKS: Mutex<Vec<Task>> = Mutex::new(Vec::new());
pub static THREADS: Mutex<Vec<std::thread::JoinHandle<()>>> = Mutex::new(Vec::new());

pub fn wait() {
    drop(MAY_END.1.wait_while(MAY_END.0.lock().unwrap(), |may_end| !*may_end).unwrap());
}
";

/// One thread of its constructor, one of its initialiser, and of `start` a thread and a task.
const PLUGIN: &str = r#"
extern "C" fn constructor() {
    api::THREADS.lock().unwrap().push(engraft::thread::spawn(api::wait));
}
#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = constructor;

#[engraft::init]
fn initialise() {
    let builder = std::thread::Builder::new().name("initialised".into());
    api::THREADS.lock().unwrap().push(builder.spawn(engraft::thread::counted(api::wait)).unwrap());
}

#[engraft::export]
pub fn start() {
    api::THREADS.lock().unwrap().push(engraft::thread::spawn(api::wait));
    api::TASKS.lock().unwrap().push(Box::pin(engraft::task::counted(std::future::pending())));
    // Not counted.
    api::THREADS.lock().unwrap().push(std::thread::spawn(api::wait));
}
"#;

const HOST: &str = r#"
fn main() {
    let show = |when: &str| {
        let all = engraft::live();
        print!("{when}: {}+{}", all.threads, all.tasks);
        for plugin in engraft::plugins() {
            let live = plugin.live();
            print!(" {} {}+{}", plugin.name(), live.threads, live.tasks);
        }
        println!();
    };
    show("before");
    let one = unsafe { engraft::open("one") }.unwrap();
    show("one");
    unsafe { engraft::open("two") }.unwrap();
    show("both");
    for _ in 0..3 {
        one.lookup::<fn()>("start").unwrap()();
    }
    show("leaking");
    api::THREADS.lock().unwrap().push(engraft::thread::spawn(api::wait));
    show("own");
    api::TASKS.lock().unwrap().clear();
    *api::MAY_END.0.lock().unwrap() = true;
    api::MAY_END.1.notify_all();
    for thread in std::mem::take(&mut *api::THREADS.lock().unwrap()) {
        thread.join().unwrap();
    }
    show("after");
}
"#;

#[test]
fn b13_threads_and_tasks_are_counted_by_plugin() {
    let workspace = Workspace::new();
    workspace.write("api/src/lib.rs", API);
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("one", PLUGIN);
    workspace.plugin("two", PLUGIN);
    for profile in ["dev", "release"] {
        workspace.engraft(["build", "--profile", profile]).success();
        let directory = if profile == "dev" { "debug" } else { profile };
        let host = workspace.target.join("engraft").join(directory).join("host");
        let ran = crate::ran::Ran::of(&mut crate::workspace::run_at(&host, &workspace.root)).success();
        let expected = "before: 0+0\none: 2+0 one 2+0\nboth: 4+0 one 2+0 two 2+0\nleaking: 7+3 one 5+3 two 2+0\n\
            own: 8+3 one 5+3 two 2+0\nafter: 0+0 one 0+0 two 0+0\n";
        assert_eq!(ran.stdout, expected, "{profile}: {ran}");
    }
}
