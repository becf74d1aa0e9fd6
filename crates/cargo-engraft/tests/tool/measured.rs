//! Hosts that measure themselves: what they have allocated, mapped and opened.

use crate::workspace::Workspace;

/// Counts what is allocated through Rust; shared with the fixtures.
const ALLOCATOR: &str = include_str!("../../../../fixtures/shared/host/src/allocator.rs");

const MEASURED: &str = r#"
#[path = "allocator.rs"]
#[allow(dead_code)]
mod allocator;

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

/// Bytes and blocks that are allocated and not freed.
pub fn memory() -> (usize, usize) {
    (allocator::in_use(), allocator::blocks_in_use())
}

/// Every mapping of this process. The heap's end is left out: free memory in it is nobody's.
pub fn mappings() -> Vec<String> {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().map(|line| if line.ends_with("[heap]") { "[heap]" } else { line }.to_owned()).collect()
}

/// The files that are mapped, each as often as it is.
pub fn mapped_files() -> Vec<String> {
    mappings().into_iter().filter(|line| line.contains('/')).collect()
}

/// Every open descriptor with what it leads to, but the one that this list is read from.
pub fn descriptors() -> Vec<String> {
    let list = std::fs::read_dir("/proc/self/fd").unwrap().map(|entry| entry.unwrap().path());
    let named = list.filter_map(|path| Some(format!("{} {}", path.display(), std::fs::read_link(&path).ok()?.display())));
    let mut descriptors: Vec<String> = named.filter(|line| !line.contains("/proc/")).collect();
    descriptors.sort();
    descriptors
}

#[repr(C)]
struct Mallinfo([usize; 10]);
unsafe extern "C" {
    fn mallinfo2() -> Mallinfo;
}

/// Bytes that the C library has given out and not got back, by whoever asked: the system's loader too.
pub fn given_out() -> usize {
    let Mallinfo([_, _, _, _, mapped, _, _, in_use, ..]) = unsafe { mallinfo2() };
    mapped + in_use
}
"#;

/// Gives the host a module `measured`, and its allocator.
pub fn write(workspace: &Workspace) {
    workspace.write("host/src/allocator.rs", ALLOCATOR);
    workspace.write("host/src/measured.rs", MEASURED);
}
