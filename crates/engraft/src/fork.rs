//! What becomes of the process's tables in a forked child, which has only the thread that forked: the others' work stays unfinished there.
//!
//! Only a child notices. Handlers that lock the tables in the parent, so that every child gets them whole, could wait there for ever: another
//! thread may have a lock that a handler of somebody else's is about to take.

use crate::process::{self, STAGES};
use crate::{sync, sys};
use std::sync::atomic::{AtomicBool, Ordering};

/// Has the children of this process notice that they are. To be called before a table is locked for the first time.
pub(crate) fn notice() {
    static NOTICED: AtomicBool = AtomicBool::new(false);
    if !NOTICED.load(Ordering::Acquire) {
        // Threads that come at once may each do it: a child then counts one fork as several. If there is no memory, the next one tries again.
        NOTICED.store(sys::in_children(in_child), Ordering::Release);
    }
}

/// Runs in a child before anything else, on its only thread. It takes no memory and waits for nobody.
extern "C" fn in_child() {
    sync::forked();
    STAGES.after_fork();
    process::after_fork();
}
