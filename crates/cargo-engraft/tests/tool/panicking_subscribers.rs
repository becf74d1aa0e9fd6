//! Subscribers that panic while a plugin is opened, at whichever of their calls: what the process says of every plugin afterwards is what it
//! would have said without. A panic right after the mapping once made the process forget the plugin, and open another that does not fit.

use crate::initialisers::initialiser;
use crate::ran::Ran;
use crate::workspace::{Workspace, run_at};

/// Opens what is named on the command line, each plugin until that returns. The subscriber panics at the call that the first argument numbers.
const HOST: &str = r#"
use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::{c_int, c_void};
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use tracing::span::{Attributes, Id, Record};

/// The beginning of `struct dl_phdr_info` (`dl_iterate_phdr(3)`).
#[repr(C)]
struct Object {
    address: usize,
    name: usize,
    headers: usize,
    header_count: u16,
    /// How many objects the loader has mapped so far.
    mapped: u64,
}

unsafe extern "C" {
    fn dl_iterate_phdr(each: unsafe extern "C" fn(*const Object, usize, *mut c_void) -> c_int, data: *mut c_void) -> c_int;
}

/// How many objects the loader has mapped so far.
fn mapped() -> u64 {
    unsafe extern "C" fn first(object: *const Object, _: usize, mapped: *mut c_void) -> c_int {
        unsafe { *mapped.cast::<u64>() = (*object).mapped };
        1
    }
    let mut mapped = 0;
    unsafe { dl_iterate_phdr(first, (&raw mut mapped).cast()) };
    mapped
}

struct Watching;

unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let known = MAPPED.load(SeqCst);
        if known != 0 && known != mapped() {
            ALLOCATED.store(true, SeqCst);
        }
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watching = Watching;

static LEFT: AtomicUsize = AtomicUsize::new(0);
/// Objects that were mapped at the subscriber's last call.
static MAPPED: AtomicU64 = AtomicU64::new(0);
/// Something was allocated after a plugin was mapped and before the subscriber's next call.
static ALLOCATED: AtomicBool = AtomicBool::new(false);

/// One call of the subscriber.
fn call() {
    MAPPED.store(mapped(), SeqCst);
    if LEFT.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)) == Ok(1) {
        panic!("a bug of the subscriber");
    }
}

struct Panicking;

impl tracing::Subscriber for Panicking {
    fn register_callsite(&self, _: &'static tracing::Metadata<'static>) -> tracing::subscriber::Interest {
        // Asks `enabled` each time.
        tracing::subscriber::Interest::sometimes()
    }
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        call();
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        call();
        Id::from_u64(1)
    }
    fn enter(&self, _: &Id) { call() }
    fn exit(&self, _: &Id) { call() }
    fn try_close(&self, _: Id) -> bool {
        call();
        true
    }
    fn event(&self, _: &tracing::Event<'_>) { call() }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
}

fn open(name: &str) -> String {
    loop {
        match catch_unwind(|| unsafe { engraft::open(name) }) {
            Ok(Ok(plugin)) => return format!("{} is {}", plugin.name(), plugin.lookup::<fn() -> usize>("value").unwrap()()),
            Ok(Err(error)) => return format!("{name} is refused: {}", error.code()),
            Err(_) => {}
        }
    }
}

fn main() {
    std::panic::set_hook(Box::new(|_| ()));
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    LEFT.store(names.remove(0).parse().unwrap(), SeqCst);
    tracing::subscriber::set_global_default(Panicking).unwrap();
    // No thread may have left something for which another one waits for ever.
    for (turn, name) in names.iter().enumerate() {
        let name = name.clone();
        let verdict = if turn % 2 == 0 { open(&name) } else { std::thread::spawn(move || open(&name)).join().unwrap() };
        println!("{verdict}");
    }
    println!("open: {:?}", engraft::plugins().iter().map(|plugin| plugin.name()).collect::<Vec<_>>());
    println!("initialised: {}", api::INITIALISED.load(SeqCst));
    println!("allocated: {}", ALLOCATED.load(SeqCst));
    std::process::exit(if LEFT.load(SeqCst) == 0 { 0 } else { 7 });
}
"#;

const API: &str = "
use std::sync::atomic::AtomicUsize;
pub static INITIALISED: AtomicUsize = AtomicUsize::new(0);
";

/// Brings the package `buffer`, whose layout depends on a variable that is in no package's key.
const PLUGIN: &str = "#[engraft::export]\npub fn value() -> usize { std::mem::size_of::<buffer::Buffer>() }\n";
const BUFFER: &str = "pub struct Buffer(pub [u8; match option_env!(\"LEN\") { Some(_) => 64, None => 1 }]);\n";

#[test]
fn process_judges_as_before_after_subscriber_panics_anywhere_in_open() {
    let workspace = Workspace::new();
    workspace.append("host/Cargo.toml", "tracing = { version = \"0.1\", default-features = false, features = [\"std\"] }\n");
    workspace.write("host/src/main.rs", HOST);
    workspace.write("api/src/lib.rs", API);
    workspace.package("buffer", "", "src/lib.rs", BUFFER);
    workspace.replace("Cargo.toml", "[\"api\", ", "[\"api\", \"buffer\", ");
    let counts = initialiser("start", "api::INITIALISED.fetch_add(1, std::sync::atomic::Ordering::SeqCst);");
    workspace.plugin("one", &format!("{PLUGIN}{counts}"));
    workspace.plugin("two", PLUGIN);
    workspace.plugin("fails", &format!("{PLUGIN}{}", initialiser("start", "panic!(\"on purpose\")")));
    for plugin in ["one", "two", "fails"] {
        workspace.append(&format!("plugins/{plugin}/Cargo.toml"), "buffer = { path = \"../../buffer\" }\n");
    }
    Ran::of(workspace.command(["build"]).env("LEN", "1")).success();
    let other = workspace.keep(&workspace.so("two"), "other.so");
    workspace.build();

    let other = other.display().to_string();
    let run = |call: usize| {
        // `timeout` ends what hangs, with another exit code.
        let mut command = run_at("timeout".as_ref(), &workspace.root);
        Ran::of(command.arg("60").arg(workspace.output("host")).arg(call.to_string()).args(["one", &other, "fails", "two"]))
    };
    let expected = run(0).success().stdout;
    assert_eq!(
        expected,
        format!(
            "one is 1\n{other} is refused: E01\nfails is refused: E13\ntwo is 1\n\
             open: [\"one\", \"two\"]\ninitialised: 1\nallocated: false\n"
        )
    );
    // The program tells by its exit code that it has come to its end before that call.
    let panicked = (1..).map(run).take_while(|ran| ran.code != Some(7)).map(|ran| assert_eq!(ran.success().stdout, expected)).count();
    assert!(panicked > 50, "{panicked}");
}
