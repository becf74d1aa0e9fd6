//! The list of measures, in the order of the page.

use anyhow::Result;

use crate::field::Field;
use crate::findings::Findings;

mod build;
mod call;
mod edit;
mod host_run_time;
mod judge;
mod link;
mod loader;
mod open;
mod scale;
mod size;
mod start;
mod work;

/// A measure.
pub(crate) struct Measure {
    /// The name for `--only`.
    pub(crate) name: &'static str,
    /// Runs the measure.
    pub(crate) take: fn(&Field) -> Result<Findings>,
}

/// One line for each. Everything else about it is in its own file.
pub(crate) const ALL: &[Measure] = &[
    Measure { name: "open", take: open::take },
    Measure { name: "loader", take: loader::take },
    Measure { name: "judge", take: judge::take },
    Measure { name: "scale", take: scale::take },
    Measure { name: "call", take: call::take },
    Measure { name: "work", take: work::take },
    Measure { name: "size", take: size::take },
    Measure { name: "start", take: start::take },
    Measure { name: "link", take: link::take },
    Measure { name: "host-run-time", take: host_run_time::take },
    Measure { name: "edit", take: edit::take },
    Measure { name: "build", take: build::take },
    //
];
