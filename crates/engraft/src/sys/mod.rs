//! The operating system's loader: the only part of Engraft that calls it.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) use linux::{Library, SUPPORTED, own_symbol};

#[cfg(not(target_os = "linux"))]
mod unsupported;
#[cfg(not(target_os = "linux"))]
pub(crate) use unsupported::{Library, SUPPORTED, own_symbol};
