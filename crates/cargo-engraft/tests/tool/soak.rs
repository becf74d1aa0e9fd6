//! An hour of reloading in a minute: 200 generations of plugins, opened 10,000 times in all by 8 threads, which call them.

use crate::measured;
use crate::ran::Ran;
use crate::workspace::{Workspace, run_at};
use std::fs;

const PLUGINS: usize = 40;
const GENERATIONS: usize = 5;

/// What every plugin is, but for its two numbers: calls into the host's statics, memory that the other side frees, statics and thread-locals.
const PLUGIN: &str = r#"
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

const OWN: u64 = GENERATION * 1000 + NUMBER;

#[engraft::export]
pub static CALLED: AtomicU64 = AtomicU64::new(0);
thread_local!(static IN_THREAD: Cell<u64> = const { Cell::new(0) });

#[engraft::init]
fn start() {
    assert_eq!(CALLED.swap(OWN, Relaxed), 0);
}

#[engraft::export]
pub fn value(argument: u64) -> u64 {
    api::CALLS.fetch_add(1, Relaxed);
    CALLED.fetch_add(1, Relaxed);
    argument * 1_000_000 + OWN
}

#[engraft::export]
pub fn list(values: Vec<u64>) -> Vec<String> {
    values.into_iter().map(|value| format!("{value} of {OWN}")).collect()
}

#[engraft::export]
pub fn in_thread() -> u64 {
    IN_THREAD.set(IN_THREAD.get() + 1);
    IN_THREAD.get()
}
"#;

/// Each thread has plugins of its own, whose live paths it replaces; it opens all files of all generations.
const HOST: &str = r#"
mod measured;

use engraft::Plugin;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, OnceLock};
use std::{fs, thread};

const THREADS: usize = 8;
const OPENS: usize = 10_000;
/// The first tenth is not measured: it opens everything once, and makes what is made when it is needed first.
const FIRST: usize = OPENS / 10;

type Value = fn(u64) -> u64;
type List = fn(Vec<u64>) -> Vec<String>;

struct Opened { plugin: Plugin, value: &'static Value, in_thread: &'static fn() -> u64, own: u64 }

fn open(path: &Path) -> Plugin {
    unsafe { engraft::open(path) }.unwrap()
}

/// Knuth's linear congruential generator.
struct Random(u64);
impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % below
    }
}

/// Puts a generation where programs would look for the plugin.
fn install(kept: &Path, live: &Path) {
    let new = live.with_extension("new");
    // Renaming one name of a file over another of it does nothing at all, and leaves both.
    let _ = fs::remove_file(&new);
    fs::hard_link(kept, &new).unwrap();
    fs::rename(&new, live).unwrap();
}

fn main() {
    let (_running, ended) = std::sync::mpsc::channel::<()>();
    thread::spawn(move || {
        if ended.recv_timeout(std::time::Duration::from_secs(300)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            eprintln!("it hangs");
            std::process::abort();
        }
    });
    let numbers: Vec<usize> = std::env::args().skip(1).map(|number| number.parse().unwrap()).collect();
    let [plugins, generations] = numbers[..] else { panic!("two numbers") };
    fs::create_dir("live").unwrap();
    fs::write("text.so", "no plugin").unwrap();
    let here = std::env::current_dir().unwrap();
    let kept = |plugin: usize, generation: usize| here.join(format!("kept/{generation}/p{plugin}.so"));
    let live = |plugin: usize| here.join(format!("live/p{plugin}.so"));
    let opened: Vec<OnceLock<Opened>> = (0..plugins * generations).map(|_| OnceLock::new()).collect();
    let of = |plugin: usize, generation: usize| opened[plugin * generations + generation].get().unwrap();
    let phase = Barrier::new(THREADS + 1);

    let first = |thread: usize| {
        for (generation, plugin) in (0..generations).flat_map(|generation| (thread..plugins).step_by(THREADS).map(move |plugin| (generation, plugin))) {
            install(&kept(plugin, generation), &live(plugin));
            let loaded = open(&live(plugin));
            assert_eq!(loaded.generation(), generation + 1);
            let own = (generation * 1000 + plugin) as u64;
            assert_eq!(loaded.lookup::<AtomicU64>("CALLED").unwrap().load(Relaxed), own, "its initialiser ran");
            let (value, in_thread) = (loaded.lookup("value").unwrap(), loaded.lookup("in_thread").unwrap());
            let known = &opened[plugin * generations + generation];
            assert!(known.set(Opened { plugin: loaded, value, in_thread, own }).is_ok());
            loaded.lookup::<Value>("valu").unwrap_err();
        }
    };
    let open_some = |thread: usize, count: usize, random: &mut Random| {
        for round in 0..count {
            let (plugin, generation) = (random.below(plugins), random.below(generations));
            let plugin = if round % 3 == 0 { plugin / THREADS * THREADS + thread } else { plugin };
            let path = if round % 3 == 0 { live(plugin) } else { kept(plugin, generation) };
            if round % 3 == 0 {
                install(&kept(plugin, generation), &path);
            }
            let (loaded, expected) = (open(&path), of(plugin, generation));
            assert_eq!(loaded, expected.plugin);
            let argument = random.below(1000) as u64;
            assert_eq!(loaded.lookup::<Value>("value").unwrap()(argument), argument * 1_000_000 + expected.own);
            let list = loaded.lookup::<List>("list").unwrap()(vec![argument; 3]);
            assert_eq!(list, vec![format!("{argument} of {}", expected.own); 3]);
            (expected.in_thread)();
            if round % 5 == 0 {
                assert!(loaded.lookup::<Value>("valeu").unwrap_err().to_string().contains("value"));
                unsafe { engraft::open("text.so") }.unwrap_err();
            }
        }
    };
    let system = || (measured::descriptors(), measured::mappings());
    let (system_before, memory_before, memory, system) = thread::scope(|scope| {
        for thread in 0..THREADS {
            let (phase, first, open_some) = (&phase, &first, &open_some);
            scope.spawn(move || {
                let mut random = Random(thread as u64);
                first(thread);
                phase.wait();
                open_some(thread, (FIRST - plugins * generations) / THREADS, &mut random);
                phase.wait();
                phase.wait();
                open_some(thread, (OPENS - FIRST) / THREADS, &mut random);
                phase.wait();
                phase.wait();
            });
        }
        phase.wait();
        phase.wait();
        let system_before = system();
        // What the lists above take is held until the end.
        let memory_before = measured::memory();
        phase.wait();
        phase.wait();
        let memory = measured::memory();
        let system = system();
        phase.wait();
        (system_before, memory_before, memory, system)
    });
    assert_eq!(memory, memory_before);
    assert_eq!(system, system_before);
    let mut calls = 0;
    for Opened { plugin, value, own, .. } in opened.iter().map(|opened| opened.get().unwrap()) {
        assert_eq!(value(7), 7_000_000 + own);
        calls += plugin.lookup::<AtomicU64>("CALLED").unwrap().load(Relaxed) - own;
    }
    assert_eq!(engraft::plugins().len(), plugins * generations);
    println!("{} generations, {calls} calls, {} counted", opened.len(), api::CALLS.load(Relaxed));
}
"#;

#[test]
fn f14_b08_ten_thousand_opens_of_two_hundred_generations_by_eight_threads_keep_nothing() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    measured::write(&workspace);
    fs::remove_dir_all(workspace.root.join("plugins/one")).unwrap();
    for generation in 0..GENERATIONS {
        for plugin in 0..PLUGINS {
            let numbers = PLUGIN.replace("GENERATION", &generation.to_string()).replace("NUMBER", &plugin.to_string());
            workspace.plugin(&format!("p{plugin}"), &numbers);
        }
        workspace.engraft(["build", "--release", "--quiet"]).success();
        for plugin in 0..PLUGINS {
            let name = format!("p{plugin}.so");
            workspace.keep(&workspace.target.join("engraft/release/plugins").join(&name), &format!("{generation}/{name}"));
        }
    }
    let mut host = run_at(&workspace.target.join("engraft/release/host"), &workspace.root);
    // One heap for all threads: mappings are then what was opened, and not who allocated first.
    host.env("MALLOC_ARENA_MAX", "1");
    let ran = Ran::of(host.args([PLUGINS, GENERATIONS].map(|number| number.to_string()))).success();
    // Every open but each generation's first is followed by a call, and at the end each generation is called once more.
    ran.prints(&["200 generations, 10000 calls, 10000 counted\n"]);
}
