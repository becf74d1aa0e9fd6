//! Tells about initialisers that take long: while they still do, because one that never comes to an end would otherwise say
//! nothing, and when they have ended.

use crate::registration::Init;
use crate::sys::First;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::Builder;
use std::time::{Duration, Instant};

/// After how many milliseconds an initialiser is told to be slow.
const VARIABLE: &str = "ENGRAFT_SLOW_INIT_MS";
const DEFAULT: Duration = Duration::from_secs(1);

/// An initialiser that runs, until this is dropped.
pub(crate) struct Watched<'i> {
    init: &'i Init,
    start: Instant,
    /// Its end is what the watching thread waits for.
    _running: Sender<()>,
}

/// Watches an initialiser that is about to run.
///
/// Only if somebody listens to warnings a thread is started for that: before `main` nobody does yet, and what runs then
/// may count on being the process's only thread.
pub(crate) fn watch(init: &Init) -> Watched<'_> {
    let (running, ended) = channel();
    if tracing::enabled!(tracing::Level::WARN) {
        let (limit, watched) = (limit(), label(init));
        // Warnings go to whoever receives those of the initialiser's own thread.
        let told = tracing::dispatcher::get_default(Clone::clone);
        // Without a thread to spare, it is told when the initialiser has come to its end.
        let _ = Builder::new().name("engraft-slow".to_owned()).spawn(move || {
            if ended.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                tracing::dispatcher::with_default(&told, || {
                    tracing::warn!(
                        initialiser = watched,
                        "an initialiser is still running after {limit:?}; what waits belongs into an exported function"
                    );
                });
            }
        });
    }
    Watched { init, start: Instant::now(), _running: running }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        if took > limit() {
            tracing::warn!(initialiser = label(self.init), ?took, "an initialiser was slow");
        }
    }
}

fn label(init: &Init) -> String {
    format!("{}::{}, {}:{}", init.module, init.name, init.file, init.line)
}

fn limit() -> Duration {
    static LIMIT: First<Duration> = First::new();
    *LIMIT.get_or_init(|| {
        let given = std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok());
        given.map_or(DEFAULT, Duration::from_millis)
    })
}
