//! How long the steps of opening a plugin take.

use std::time::{Duration, Instant};
use tracing::Span;
use tracing::span::EnteredSpan;

/// How long each step of opening a plugin took.
///
/// The steps are also `tracing` spans of level debug: within `engraft::open` come `find`, `turn` and `judge`, which are the first field,
/// then `map` with the fields `map` and `register`, `initialise` with an `engraft::init` for each initialiser, and `publish`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// Finding the file, reading its record, and comparing its packages with the process's. Waiting for other threads' turns counts.
    pub judge: Duration,
    /// The system's loader at work: mapping, relocating, constructors of the shared libraries that the plugin needs.
    pub map: Duration,
    /// Making its packages known to the process.
    pub register: Duration,
    /// The constructors and initialisers of its packages, and waiting for those that other threads run. Nearly nothing if it has none.
    pub initialise: Duration,
    /// Making it known to all who ask for it.
    pub publish: Duration,
}

/// Adds the time that some work takes. A subscriber must not run in it: should that panic, the work's result would be lost.
pub(crate) fn timed<T>(time: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    *time += start.elapsed();
    done
}

/// Enters the span of a step, which ends when the guard is dropped.
///
/// Subscribers are user code that may panic, also when a span ends. If a guard goes out of scope behind the expression of a block or
/// function, such a panic leaks the block's value (<https://github.com/rust-lang/rust/issues/47949>), and with it the turn or the claim
/// that the value holds. So results go into a variable first, and guards are dropped by name.
#[inline(never)]
pub(crate) fn enter(span: Span) -> EnteredSpan {
    span.entered()
}
