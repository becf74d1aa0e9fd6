//! Threads that are counted, so that those of a plugin can be seen: [`Plugin::live`](crate::Plugin::live).
//!
//! Plain [`std::thread::spawn`] works in plugins as anywhere; its threads are only not counted.

use crate::live::{Counted, Kind};
use std::panic::Location;
use std::thread::JoinHandle;

/// [`std::thread::spawn`], counted.
///
/// The thread counts from this call until its closure has returned or panicked.
///
/// # Panics
///
/// If the system can't make a thread, as [`std::thread::spawn`] does.
///
/// ```
/// let thread = engraft::thread::spawn(|| 6 * 7);
/// assert_eq!(thread.join().unwrap(), 42);
/// ```
#[track_caller]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    std::thread::spawn(counted(f))
}

/// A closure that counts as a thread until it has returned or panicked, or was dropped: for whatever runs it, such as
/// [`std::thread::Builder`], a scope, or a thread pool.
///
/// ```
/// let thread = std::thread::Builder::new().name("worker".into()).spawn(engraft::thread::counted(|| 6 * 7))?;
/// assert_eq!(thread.join().unwrap(), 42);
/// # Ok::<(), std::io::Error>(())
/// ```
#[track_caller]
pub fn counted<F, T>(f: F) -> impl FnOnce() -> T + use<F, T>
where
    F: FnOnce() -> T,
{
    let counted = Counted::new(Kind::Thread, Location::caller());
    move || {
        let _until_the_end = counted;
        f()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    /// Those of one place: other tests start threads meanwhile.
    fn of(place: &'static Location<'static>) -> usize {
        crate::live::at(place).threads
    }

    #[track_caller]
    fn here() -> &'static Location<'static> {
        Location::caller()
    }

    #[test]
    fn a_thread_counts_until_its_closure_ends() {
        #[track_caller]
        fn start(stopped: std::sync::mpsc::Receiver<()>) -> (JoinHandle<()>, &'static Location<'static>) {
            (spawn(move || stopped.recv().unwrap_or_default()), Location::caller())
        }
        let (stop, stopped) = channel();
        let (thread, place) = start(stopped);
        assert_eq!(of(place), 1);
        drop(stop);
        thread.join().unwrap();
        assert_eq!(of(place), 0);
    }

    #[test]
    fn what_panics_or_never_runs_is_not_counted_for_ever() {
        #[track_caller]
        fn make() -> (impl FnOnce() + Send, &'static Location<'static>) {
            (counted(|| panic!("on purpose")), here())
        }
        let (panics, place) = make();
        assert_eq!(of(place), 1);
        std::thread::spawn(panics).join().unwrap_err();
        assert_eq!(of(place), 0);
        let (never_run, place) = make();
        assert_eq!(of(place), 1);
        drop(never_run);
        assert_eq!(of(place), 0);
    }

    #[test]
    fn a_closure_may_borrow_and_need_not_be_sent() {
        let local = std::rc::Rc::new(3);
        let borrowed = &local;
        assert_eq!(counted(|| **borrowed)(), 3);
    }
}
