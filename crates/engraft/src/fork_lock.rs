//! A lock that a forked child never waits for if a thread had it that does not exist there.

use crate::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::sync::atomic::{AtomicBool, Ordering};

/// A value behind a lock.
pub(crate) struct ForkLock<T> {
    lock: Mutex<T>,
    /// Whether another thread had the lock when this process was forked: the value may be half-changed, and nobody unlocks it.
    is_lost: AtomicBool,
}

impl<T> ForkLock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self { lock: Mutex::new(value), is_lost: AtomicBool::new(false) }
    }

    /// The value; none if it was lost by a fork.
    pub(crate) fn lock(&self) -> Option<MutexGuard<'_, T>> {
        // Nothing panics while it is held; if it did, the value would still be whole.
        (!self.is_lost.load(Ordering::Relaxed)).then(|| self.lock.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// To be called in a forked child, before it starts another thread.
    pub(crate) fn after_fork(&self) {
        if matches!(self.lock.try_lock(), Err(TryLockError::WouldBlock)) {
            self.is_lost.store(true, Ordering::Relaxed);
        }
    }
}
