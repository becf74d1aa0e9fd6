//! The operating system's loader: the only part of Engraft that calls it.

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod linux;
#[cfg(all(feature = "backtrace", target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod stack;
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
pub(crate) use linux::{Library, O_NONBLOCK, SUPPORTED, host_note, note_at};
#[cfg(all(feature = "backtrace", target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
pub(crate) use stack::{Object, calls, object_at};

#[cfg(not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")))]
mod unsupported;
#[cfg(not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")))]
pub(crate) use unsupported::{Library, O_NONBLOCK, SUPPORTED, host_note, note_at};
#[cfg(all(feature = "backtrace", not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))))]
pub(crate) use unsupported::{Object, calls, object_at};
