//! The hook in cargo: `.cargo/config.toml` names two scripts, in place of rustc and as the runner of programs, and both start this program.
//!
//! So every cargo command builds hosts that open plugins, and plugins beside them, in cargo's own target directory. What one call of the
//! compiler must know of its workspace comes from [`facts`].

pub mod compiler;
pub mod facts;
mod freshness;
pub mod real_compiler;
pub mod runner;
pub mod scripts;
mod target_place;
mod update;
