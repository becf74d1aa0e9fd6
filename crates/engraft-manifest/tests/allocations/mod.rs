//! An allocator that counts, by which tests tell what work costs: time is not the same twice, allocations are.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Counts for the current thread.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
    static TOTAL: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is left to the system's allocator; only numbers are kept.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.set(HELD.get() + layout.size());
        PEAK.set(PEAK.get().max(HELD.get()));
        TOTAL.set(TOTAL.get() + layout.size());
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.set(HELD.get().saturating_sub(layout.size()));
        // SAFETY: the pointer came from `alloc`, which got it from the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes held at most while `work` runs.
pub fn peak(work: impl FnOnce()) -> usize {
    HELD.set(0);
    PEAK.set(0);
    work();
    PEAK.get()
}

/// Bytes asked for altogether while `work` runs.
#[allow(dead_code, reason = "not every test binary that counts asks for this")]
pub fn total(work: impl FnOnce()) -> usize {
    TOTAL.set(0);
    work();
    TOTAL.get()
}
