//! The operating system's loader: the only part of Engraft that calls it.

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod linux;
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
pub(crate) use linux::{Library, O_NONBLOCK, SUPPORTED, host_initialisers, host_note, note_at, table};

#[cfg(not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")))]
mod unsupported;
#[cfg(not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")))]
pub(crate) use unsupported::{Library, O_NONBLOCK, SUPPORTED, host_initialisers, host_note, note_at, table};
