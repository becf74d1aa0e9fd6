//! The list of contestants, in the order of the tables.

use crate::contestant::Contestant;

mod abi_stable;
mod cdylib;
mod dylib;
mod engraft;
mod go;
mod process;
mod stabby;
mod wasm;

/// One line for each. Everything else about it is in its own file.
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
