//! Who takes part, in the order of the tables.

use crate::contestant::Contestant;

mod cdylib;
mod dylib;
mod engraft;
mod go;
mod process;

/// A line for each; all that is to be said of one stands in its file.
pub(crate) const ALL: &[Contestant] = &[
    engraft::CONTESTANT,
    cdylib::CONTESTANT,
    dylib::CONTESTANT,
    process::CONTESTANT,
    go::CONTESTANT,
    //
];
