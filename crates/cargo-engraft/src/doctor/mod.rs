//! Looks for the catalogue's bugs ahead of time: each check is a function from plain data to findings.
//!
//! What has no check can't be told ahead: a re-opened plugin (B8), a leaking thread (B13), an initialiser that fails (B11).

pub mod exports;
pub mod features;
pub mod finding;
pub mod initialisers;
pub mod link_settings;
pub mod output;
pub mod search_path;
pub mod source;
pub mod stale;
pub mod toolchain;
pub mod twins;
pub mod versions;
