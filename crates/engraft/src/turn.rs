//! Whose turn it is to judge and map plugins: one thread's at a time, and that thread's again within it.
//!
//! The system's loader maps one object at a time anyway, under a lock that it holds while constructors run, and
//! which a constructor's own thread can take again. Taking turns in the same way and before it, two threads can't
//! each hold what the other waits for; and what a plugin is judged against can't change until it is mapped.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

static TURN: Mutex<Option<(ThreadId, usize)>> = Mutex::new(None);
static FREE: Condvar = Condvar::new();

/// The current thread's turn, until this is dropped.
pub(crate) struct Turn(());

impl Turn {
    /// Waits until no other thread has its turn.
    pub(crate) fn take() -> Self {
        let this = std::thread::current().id();
        let mut turn = lock();
        loop {
            match &mut *turn {
                Some((thread, depth)) if *thread == this => {
                    *depth += 1;
                    return Self(());
                }
                Some(_) => turn = FREE.wait(turn).unwrap_or_else(PoisonError::into_inner),
                None => {
                    *turn = Some((this, 1));
                    return Self(());
                }
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut turn = lock();
        if let Some((_, depth)) = &mut *turn {
            *depth -= 1;
            if *depth == 0 {
                *turn = None;
                FREE.notify_one();
            }
        }
    }
}

fn lock() -> MutexGuard<'static, Option<(ThreadId, usize)>> {
    // Nothing panics while it is held.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn one_thread_at_a_time_and_that_one_again() {
        static WITHIN: AtomicUsize = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let _outer = Turn::take();
                        assert_eq!(WITHIN.fetch_add(1, Ordering::SeqCst), 0);
                        drop(Turn::take());
                        std::thread::yield_now();
                        assert_eq!(WITHIN.fetch_sub(1, Ordering::SeqCst), 1);
                    }
                });
            }
        });
        assert!(lock().is_none());
    }
}
