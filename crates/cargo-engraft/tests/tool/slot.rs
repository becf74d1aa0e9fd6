//! Target directories in which Engraft's own packages are compiled already.
//!
//! A test borrows one for as long as it lives. So no test waits for cargo's lock on a directory that another one
//! builds in, and each finds nothing there but Engraft's packages, in the profiles `dev` and `release`.

use crate::ran::Ran;
use crate::tool;
use std::cell::Cell;
use std::collections::HashSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// As many tests as this build at once.
const SLOTS: usize = 2;
static NEXT: AtomicUsize = AtomicUsize::new(0);
static SEEDED: [[AtomicBool; SLOTS]; 2] = [const { [const { AtomicBool::new(false) }; SLOTS] }; 2];

thread_local! {
    /// A test that waited for a second slot could wait for ever, for itself or for another that does the same.
    static BORROWED: Cell<bool> = const { Cell::new(false) };
}

/// Who builds in a target directory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// `cargo engraft`.
    Tool,
    /// cargo itself, with the hook.
    Cargo,
}

/// A borrowed target directory. A test has one at most.
pub struct Slot {
    directory: PathBuf,
    by: By,
    /// Other processes may run these tests at the same time, so the lock is a file's.
    _lock: File,
}

impl Slot {
    /// Waits for a directory.
    pub fn borrow(by: By) -> Self {
        assert!(!BORROWED.replace(true), "this test has a target directory already: `Workspace::cold` does without");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(if by == By::Tool { "slots" } else { "cargo-slots" });
        fs::create_dir_all(&root).unwrap();
        let lock = |index: usize| File::create(root.join(format!("{index}.lock"))).unwrap();
        let free = (0..SLOTS).map(|index| (index, lock(index))).find(|(_, lock)| lock.try_lock().is_ok());
        let (index, lock) = free.unwrap_or_else(|| {
            let index = NEXT.fetch_add(1, Ordering::Relaxed) % SLOTS;
            let lock = lock(index);
            lock.lock().unwrap();
            (index, lock)
        });
        let slot = Self { directory: root.join(index.to_string()), by, _lock: lock };
        let is_seeded = &SEEDED[by as usize][index];
        if !is_seeded.load(Ordering::Relaxed) {
            slot.seed();
            is_seeded.store(true, Ordering::Relaxed);
        }
        slot.clean();
        slot
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.directory
    }

    /// Compiles Engraft's packages, and writes down what that leaves.
    fn seed(&self) {
        // What another build of the tool compiled is of no use: its wrapper may have called rustc in another way.
        let data = fs::metadata(tool::PROGRAM).unwrap();
        let made_by = format!("{} {:?}", data.len(), data.modified().unwrap());
        if fs::read_to_string(self.made_by()).ok() != Some(made_by.clone()) && self.directory.exists() {
            fs::remove_dir_all(&self.directory).unwrap();
        }
        if self.directory.exists() {
            self.clean();
        }
        let workspace = tempfile::tempdir().unwrap();
        fs::create_dir_all(workspace.path().join("src")).unwrap();
        let manifest = format!(
            "[package]\nname = \"seed\"\nedition = \"2024\"\n[dependencies]\nengraft = {{ path = {:?} }}\n[workspace]\n",
            tool::crates().join("engraft")
        );
        fs::write(workspace.path().join("Cargo.toml"), manifest).unwrap();
        fs::write(workspace.path().join("src/main.rs"), "fn main() {}\n").unwrap();
        fs::copy(tool::lock_file(), workspace.path().join("Cargo.lock")).unwrap();
        match self.by {
            By::Tool => {
                for profile in ["dev", "release"] {
                    Ran::of(tool::engraft(workspace.path(), &self.directory).args(["build", "--profile", profile])).success();
                }
            }
            By::Cargo => {
                Ran::of(tool::engraft(workspace.path(), &self.directory).arg("init")).success();
                Ran::of(tool::cargo(workspace.path(), &self.directory).arg("build")).success();
            }
        }
        fs::write(self.made_by(), made_by).unwrap();
        let mut known = Vec::new();
        list(&self.build(), 0, &mut known);
        fs::write(self.list(), known.iter().map(|path| format!("{}\n", path.display())).collect::<String>()).unwrap();
    }

    /// Removes everything that earlier tests left.
    fn clean(&self) {
        let Ok(known) = fs::read_to_string(self.list()) else { return };
        let known: HashSet<PathBuf> = known.lines().map(PathBuf::from).collect();
        let mut directory = self.build();
        while directory != self.directory {
            let above = directory.parent().unwrap().to_owned();
            for entry in fs::read_dir(&above).unwrap().map(|entry| entry.unwrap().path()).filter(|entry| *entry != directory) {
                remove(&entry);
            }
            directory = above;
        }
        let mut now = Vec::new();
        list(&self.build(), 0, &mut now);
        now.iter().filter(|path| !known.contains(*path)).for_each(|path| remove(path));
    }

    fn build(&self) -> PathBuf {
        if self.by == By::Tool { self.directory.join("engraft/build") } else { self.directory.clone() }
    }

    fn list(&self) -> PathBuf {
        self.directory.with_extension("known")
    }

    fn made_by(&self) -> PathBuf {
        self.directory.with_extension("made-by")
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        BORROWED.set(false);
    }
}

/// What is in a build directory, down to `debug/deps/*`, `debug/.fingerprint/*` and so on.
fn list(directory: &Path, depth: usize, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() && depth < 2 {
            list(&entry, depth + 1, paths);
        }
        paths.push(entry);
    }
}

fn remove(path: &Path) {
    let removed = if path.is_dir() && !path.is_symlink() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.unwrap_or_else(|error| panic!("failed to remove {}: {error}", path.display()));
}
