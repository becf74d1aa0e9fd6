//! How long the steps of opening a plugin take.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tracing::Span;
use tracing::span::EnteredSpan;

/// How long each step of opening a plugin took.
///
/// The steps are also `tracing` spans of level debug: within `engraft::open` come `find`, `turn` and `judge`, which are the first field,
/// then `map`, `register`, `initialise` with an `engraft::init` for each initialiser, and `publish`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// Finding the file, reading its record, and comparing its packages with the process's. Waiting for other threads' turns counts.
    pub judge: Duration,
    /// The system's loader at work: mapping, relocating, constructors.
    pub map: Duration,
    /// Making its packages known to the process.
    pub register: Duration,
    /// The initialisers of its packages, and waiting for those that other threads run. Nearly nothing if it has none.
    pub initialise: Duration,
    /// Making it known to all who ask for it.
    pub publish: Duration,
}

/// Times that the thread which opens a plugin writes while others may read them. Nobody waits for anybody.
#[derive(Default)]
pub(crate) struct SharedTimings([AtomicU64; 5]);

impl SharedTimings {
    pub(crate) fn set(&self, Timings { judge, map, register, initialise, publish }: Timings) {
        for (shared, time) in self.0.iter().zip([judge, map, register, initialise, publish]) {
            // In nanoseconds, of which there is room for five hundred years.
            shared.store(time.as_nanos() as u64, Ordering::Relaxed);
        }
    }

    pub(crate) fn get(&self) -> Timings {
        let [judge, map, register, initialise, publish] = self.0.each_ref().map(|time| Duration::from_nanos(time.load(Ordering::Relaxed)));
        Timings { judge, map, register, initialise, publish }
    }
}

/// Does one step, within its span, and adds the time that it takes.
#[inline]
pub(crate) fn step<T>(time: &mut Duration, span: Span, work: impl FnOnce() -> T) -> T {
    let _step = Step::begin(time, span);
    work()
}

/// A step under way: what does not depend on the step is code once.
struct Step<'t> {
    time: &'t mut Duration,
    start: Instant,
    _span: EnteredSpan,
}

impl<'t> Step<'t> {
    #[inline(never)]
    fn begin(time: &'t mut Duration, span: Span) -> Self {
        Self { time, start: Instant::now(), _span: span.entered() }
    }
}

impl Drop for Step<'_> {
    #[inline(never)]
    fn drop(&mut self) {
        *self.time += self.start.elapsed();
    }
}
