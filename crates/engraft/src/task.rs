//! Async tasks that are counted, so that those of a plugin can be seen: [`Plugin::live`](crate::Plugin::live).
//!
//! A plugin spawns on the host's runtime as anybody else does; plain tasks are only not counted.

use crate::live::{Counted, Kind};
use std::panic::Location;

/// A future that counts as a task until it is complete or dropped: for whatever runtime, such as
/// `tokio::spawn(engraft::task::counted(async { … }))`.
///
/// It counts from this call on. It can be sent to other threads if the future can.
///
/// ```
/// # fn spawn(_: impl Future<Output = usize> + Send + 'static) {}
/// let text = "some text".to_owned();
/// spawn(engraft::task::counted(async move { text.len() }));
/// ```
#[track_caller]
pub fn counted<F: Future>(future: F) -> impl Future<Output = F::Output> + use<F> {
    let counted = Counted::new(Kind::Task, Location::caller());
    async move {
        let _until_the_end = counted;
        future.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::{Pin, pin};
    use std::rc::Rc;
    use std::task::{Context, Poll, Waker};

    /// A future, and how many tasks of its place are alive.
    #[track_caller]
    fn task<F: Future>(future: F) -> (Pin<Box<impl Future<Output = F::Output> + use<F>>>, impl Fn() -> usize + use<F>) {
        let place = Location::caller();
        (Box::pin(counted(future)), move || crate::live::at(place).tasks)
    }

    fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_task_counts_until_it_is_complete() {
        let (mut future, live) = task(async { 7 });
        assert_eq!(live(), 1);
        assert_eq!(poll(future.as_mut()), Poll::Ready(7));
        assert_eq!(live(), 0, "complete, and not dropped yet");
    }

    #[test]
    fn a_task_that_is_dropped_counts_no_more() {
        let (mut future, live) = task(std::future::pending::<()>());
        assert!(poll(future.as_mut()).is_pending());
        assert_eq!(live(), 1);
        drop(future);
        assert_eq!(live(), 0);
        let (never_polled, live) = task(std::future::pending::<()>());
        assert_eq!(live(), 1);
        drop(never_polled);
        assert_eq!(live(), 0);
    }

    #[test]
    fn futures_that_stay_on_their_thread_and_that_are_sent() {
        fn is_send<T: Send>(value: T) -> T {
            value
        }
        let local = Rc::new(3);
        let borrowed = &local;
        let future = pin!(counted(async { **borrowed }));
        assert_eq!(poll(future), Poll::Ready(3));
        drop(is_send(counted(async { 1 })));
    }
}
