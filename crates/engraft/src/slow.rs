//! Tells about initialisers that take long, while they still do: one that never comes to an end would otherwise say nothing.

use crate::registration::Init;
use std::sync::OnceLock;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::Builder;
use std::time::{Duration, Instant};

/// After how many milliseconds an initialiser is told to be slow.
const VARIABLE: &str = "ENGRAFT_SLOW_INIT_MS";
const DEFAULT: Duration = Duration::from_secs(1);

/// An initialiser that runs, until this is dropped.
pub(crate) struct Watched {
    label: String,
    start: Instant,
    /// Its end is what the watching thread waits for.
    _running: Sender<()>,
}

/// Watches an initialiser of `package` that is about to run.
pub(crate) fn watch(package: String, init: &Init) -> Watched {
    let label = format!("{package}, {}:{}", init.file, init.line);
    let (running, ended) = channel();
    let (limit, watched) = (limit(), label.clone());
    // Warnings go to whoever receives those of the initialiser's own thread.
    let told = tracing::dispatcher::get_default(Clone::clone);
    // Without a thread to spare, it is told when the initialiser has come to its end.
    let _ = Builder::new().name("engraft-slow-init".to_owned()).spawn(move || {
        if ended.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            tracing::dispatcher::with_default(&told, || {
                tracing::warn!(
                    initialiser = watched,
                    "an initialiser is still running after {limit:?}; what waits belongs into an exported function"
                );
            });
        }
    });
    Watched { label, start: Instant::now(), _running: running }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        if took > limit() {
            tracing::warn!(initialiser = self.label, ?took, "an initialiser was slow");
        }
    }
}

fn limit() -> Duration {
    static LIMIT: OnceLock<Duration> = OnceLock::new();
    *LIMIT.get_or_init(|| {
        let given = std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok());
        given.map_or(DEFAULT, Duration::from_millis)
    })
}
