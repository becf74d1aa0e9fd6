//! The host of `system_calls.rs`: opens a plugin twice, tells what came of it each time, and what the first attempt left behind.
//!
//! Arguments: how it is opened, its path, and a file that takes the place of the plugin at that path, which is opened before.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

/// Trusts the key in the working directory, if there is one.
static KEYRING: LazyLock<engraft::Keyring> = LazyLock::new(|| {
    let mut keyring = engraft::Keyring::new();
    if fs::exists("engraft.pub").unwrap() {
        keyring.trust_file("engraft.pub").unwrap();
    }
    keyring
});

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (how, path) = (&*arguments[0], &arguments[1]);
    if let Some(newer) = arguments.get(2) {
        tell("before", &open(how, path));
        let beside = format!("{path}.new");
        fs::copy(newer, &beside).unwrap();
        fs::rename(beside, path).unwrap();
    }
    LazyLock::force(&KEYRING);
    let before = Held::now();
    let _ = fs::metadata("/open-begins");
    let first = open(how, path);
    let _ = fs::metadata("/open-has-ended");
    let after = Held::now();
    tell("first", &first);
    let left = if matches!(first, Ok(Some(_))) { String::new() } else { before.gained(&after) };
    println!("left: {}", if left.is_empty() { "nothing" } else { &left });
    tell("second", &open(how, path));
    // A package that nobody names is not linked, and no plugin could borrow it.
    println!("calls: {}", api::CALLS.load(std::sync::atomic::Ordering::Relaxed));
}

/// A plugin, or none if it was only checked.
fn open(how: &str, path: &str) -> Result<Option<engraft::Plugin>, engraft::OpenError> {
    match how {
        "open" => unsafe { engraft::open(path) }.map(Some),
        "copy" => unsafe { engraft::OpenOptions::new().private_copy(true).open(path) }.map(Some),
        "signed" => KEYRING.open(path).map(Some),
        "check" => engraft::check(path).map(|_| None),
        _ => panic!("{how}"),
    }
}

fn tell(when: &str, opened: &Result<Option<engraft::Plugin>, engraft::OpenError>) {
    match opened {
        Ok(None) => println!("{when}: it fits"),
        Ok(Some(plugin)) => {
            // Of every plugin, by name and by what it does: all that are listed work.
            let value = plugin.lookup::<fn() -> u32>("value").unwrap()() / 10 * 10;
            let all = engraft::plugins();
            assert!(all.iter().all(|plugin| plugin.lookup::<fn() -> u32>("value").unwrap()() / 10 == 4));
            let count = ["no plugin", "one plugin", "two plugins"][all.len()];
            println!("{when}: {} is {value}, of {count}", plugin.name());
        }
        Err(error) => println!("{when}: {error}"),
    }
}

/// What this process has: descriptors, what is mapped where, plugins.
struct Held(BTreeSet<String>);

impl Held {
    fn now() -> Self {
        let mut held: BTreeSet<String> = engraft::plugins().iter().map(|plugin| format!("plugin {}", plugin.build_id())).collect();
        let descriptors = fs::read_dir("/proc/self/fd").unwrap().map(|entry| entry.unwrap().path());
        // The one by which they are listed leads nowhere any more.
        let led = descriptors.filter_map(|path| Some(format!("{} to {}", path.display(), fs::read_link(&path).ok()?.display())));
        held.extend(led);
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        // Both grow by themselves.
        held.extend(maps.lines().filter(|line| !line.ends_with("[heap]") && !line.ends_with("[stack]")).map(str::to_owned));
        Self(held)
    }

    fn gained(&self, later: &Self) -> String {
        let gained: Vec<&str> = later.0.difference(&self.0).map(String::as_str).collect();
        gained.join("; ")
    }
}
