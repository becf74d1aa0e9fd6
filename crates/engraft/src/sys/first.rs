//! A value that is made once, for which no thread ever waits: not even in a forked child, where the thread that was making it does not exist.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// As `std::sync::OnceLock`, but threads that come at once each make a value, of which the first is kept. It is never freed.
pub(crate) struct First<T>(AtomicPtr<T>);

impl<T: Send + Sync + 'static> First<T> {
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// The value, if there is one.
    pub(crate) fn get(&self) -> Option<&'static T> {
        let value = self.0.load(Ordering::Acquire);
        // SAFETY: it is null or was leaked below, whole before it was stored, and nobody changes or frees it.
        unsafe { value.as_ref() }
    }

    /// The value, which is made if there is none.
    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &'static T {
        if let Some(value) = self.get() {
            return value;
        }
        let made = Box::into_raw(Box::new(make()));
        match self.0.compare_exchange(ptr::null_mut(), made, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: it was made above, and is leaked from here on.
            Ok(_) => unsafe { &*made },
            Err(first) => {
                // SAFETY: it was made above, and nobody else has seen it.
                drop(unsafe { Box::from_raw(made) });
                // SAFETY: it is not null, so it was leaked above by another thread.
                unsafe { &*first }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn threads_that_come_at_once_get_one_value() {
        let (first, barrier) = (First::new(), Barrier::new(8));
        let make = |index: usize| {
            barrier.wait();
            ptr::from_ref(first.get_or_init(|| vec![index])).addr()
        };
        let found: Vec<usize> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|index| scope.spawn(move || make(index))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(found.iter().all(|address| *address == found[0]));
        assert_eq!(first.get().map(|value| value.len()), Some(1));
    }
}
