//! The locks and threads that [`stages`](crate::stages) is built on. `tests/model.rs` puts those of a model checker in their place.

use std::sync::atomic::{AtomicUsize, Ordering};
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
pub(crate) use std::thread::{ThreadId, current};

static FORKS: AtomicUsize = AtomicUsize::new(0);

/// How many forks lie between this process and the one that first opened a plugin.
pub(crate) fn forks() -> usize {
    // A child's only thread counts before it starts others.
    FORKS.load(Ordering::Relaxed)
}

/// Counts a fork, in the child.
pub(crate) fn forked() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}
