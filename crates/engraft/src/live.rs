//! How many threads and tasks are alive that were started through [`thread`](crate::thread) and [`task`](crate::task), and
//! by whom.
//!
//! They are counted by the place in the source that started them. A place is a static of the object that its code is
//! in, so that its address tells to which plugin it belongs, and nothing has to be known about the plugin when it is counted:
//! its constructors, which run before anybody knows where it is mapped, are counted as everybody else.

use crate::Plugin;
use crate::sys::First;
use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many threads and tasks are alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Live {
    /// Started through [`thread::spawn`](crate::thread::spawn) or [`thread::counted`](crate::thread::counted), and not yet at their end.
    pub threads: usize,
    /// Made by [`task::counted`](crate::task::counted), and neither complete nor dropped.
    pub tasks: usize,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Thread,
    Task,
}

/// A place in the source that starts some. It is kept for good, and there are as many as the source has.
struct Site {
    place: &'static Location<'static>,
    threads: AtomicUsize,
    tasks: AtomicUsize,
    next: Link,
}

type Link = First<Site>;

/// Lists of the places, by their addresses. They only grow, so that no reader waits for anybody.
static SITES: [Link; LISTS] = [const { First::new() }; LISTS];

/// Some dozen places are many; with so many lists each is alone in its own.
const LISTS: usize = 64;

/// Counts one until it is dropped.
pub(crate) struct Counted(&'static AtomicUsize);

impl Counted {
    /// One more, started at this place.
    pub(crate) fn new(kind: Kind, place: &'static Location<'static>) -> Self {
        let count = Site::at(place).count(kind);
        // Whoever reads the counts learns nothing from them about other memory.
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Site {
    /// The one of this place, which begins to exist with the first that is started there.
    fn at(place: &'static Location<'static>) -> &'static Self {
        let mut link = &SITES[ptr::from_ref(place).addr() / align_of::<Location<'_>>() % LISTS];
        loop {
            let site = link.get_or_init(|| Self::new(place));
            if ptr::eq(site.place, place) {
                return site;
            }
            link = &site.next;
        }
    }

    fn new(place: &'static Location<'static>) -> Self {
        Self { place, threads: AtomicUsize::new(0), tasks: AtomicUsize::new(0), next: First::new() }
    }

    fn count(&self, kind: Kind) -> &AtomicUsize {
        match kind {
            Kind::Thread => &self.threads,
            Kind::Task => &self.tasks,
        }
    }
}

/// The sum over the places at such addresses.
fn sum(is_meant: impl Fn(usize) -> bool) -> Live {
    let mut live = Live::default();
    for list in &SITES {
        let mut link = list;
        while let Some(site) = link.get() {
            if is_meant(ptr::from_ref(site.place).addr()) {
                live.threads += site.threads.load(Ordering::Relaxed);
                live.tasks += site.tasks.load(Ordering::Relaxed);
            }
            link = &site.next;
        }
    }
    live
}

/// How many threads and tasks of this process are alive: the program's own and those of all plugins.
///
/// Only what was started through [`thread`](crate::thread) and [`task`](crate::task) is counted.
///
/// ```
/// let (stop, stopped) = std::sync::mpsc::channel::<()>();
/// let thread = engraft::thread::spawn(move || stopped.recv());
/// assert_eq!(engraft::live().threads, 1);
/// drop(stop);
/// thread.join().unwrap().unwrap_err();
/// assert_eq!(engraft::live().threads, 0);
/// ```
#[must_use]
pub fn live() -> Live {
    sum(|_| true)
}

impl Plugin {
    /// How many threads and tasks are alive that the plugin's code has started.
    ///
    /// Only what was started through [`thread`](crate::thread) and [`task`](crate::task) is counted, from the plugin's
    /// constructors and initialisers on. What counts is whose code it is that calls them: a function of the host that does so for
    /// plugins counts for the host, unless it says `#[track_caller]`.
    ///
    /// A number that grows with every call into the plugin is a leak.
    ///
    /// ```
    /// for plugin in engraft::plugins() {
    ///     let live = plugin.live();
    ///     println!("{}: {} threads, {} tasks", plugin.name(), live.threads, live.tasks);
    /// }
    /// ```
    #[must_use]
    pub fn live(self) -> Live {
        self.range().map_or_else(Live::default, |range| sum(|address| range.contains(&address)))
    }
}

/// Those that one place has started.
#[cfg(test)]
pub(crate) fn at(place: &'static Location<'static>) -> Live {
    sum(|address| address == ptr::from_ref(place).addr())
}

#[cfg(test)]
mod tests {
    use super::at as of;
    use super::*;
    use crate::sys;

    #[test]
    fn each_place_has_its_own_counts() {
        let (here, there) = (Box::leak(Box::new(*Location::caller())), Box::leak(Box::new(*Location::caller())));
        let counted = [Kind::Thread, Kind::Thread, Kind::Task].map(|kind| Counted::new(kind, here));
        let other = Counted::new(Kind::Task, there);
        assert_eq!(of(here), Live { threads: 2, tasks: 1 });
        assert_eq!(of(there), Live { threads: 0, tasks: 1 });
        drop(counted);
        assert_eq!(of(here), Live::default());
        assert_eq!(of(there).tasks, 1);
        drop(other);
    }

    #[test]
    fn places_that_share_a_list_stay_apart() {
        let places: Vec<&'static Location<'static>> = (0..3 * LISTS).map(|_| &*Box::leak(Box::new(*Location::caller()))).collect();
        let counted: Vec<Counted> = places.iter().map(|place| Counted::new(Kind::Task, place)).collect();
        assert!(places.iter().all(|place| of(place) == Live { threads: 0, tasks: 1 }));
        drop(counted);
        assert!(places.iter().all(|place| of(place) == Live::default()));
    }

    #[test]
    fn threads_that_come_at_once_make_one_place() {
        let place: &'static Location<'static> = Box::leak(Box::new(*Location::caller()));
        let counted = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| Counted::new(Kind::Thread, place))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(of(place).threads, 8);
        drop(counted);
        assert_eq!(of(place).threads, 0);
    }

    #[test]
    fn a_place_is_in_the_object_of_its_code() {
        let place = ptr::from_ref(Location::caller()).addr();
        let this = sys::object_around(place).expect("it is mapped");
        assert_eq!(sys::object_around(ptr::from_ref(&SITES).addr()), Some(this.clone()));
        assert!(!this.contains(&ptr::from_ref(&*Box::new(0_u8)).addr()));
        assert_eq!(sys::object_around(1), None);
    }
}
