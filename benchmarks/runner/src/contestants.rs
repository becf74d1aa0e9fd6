//! Who takes part, in the order of the tables.

use crate::contestant::Contestant;

mod abi_stable;
mod cdylib;
mod dylib;
mod engraft;
mod go;
mod process;
mod stabby;
mod wasm;

/// A line for each; all that is to be said of one stands in its file.
pub(crate) const ALL: &[Contestant] = &[
    engraft::CONTESTANT,
    cdylib::CONTESTANT,
    dylib::CONTESTANT,
    process::CONTESTANT,
    abi_stable::CONTESTANT,
    stabby::CONTESTANT,
    wasm::CONTESTANT,
    go::CONTESTANT,
    //
];
