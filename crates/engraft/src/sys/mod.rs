//! The operating system's loader and files: the only part of Engraft that calls them.

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod cpu;
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod files;
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod linux;
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod sealed;
#[cfg(all(feature = "backtrace", target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod stack;
#[cfg(all(feature = "backtrace", target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
pub(crate) use stack::{Object, calls, object_at};
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
pub(crate) use {cpu::has_cpu_feature, files::*, linux::*, sealed::*};

#[cfg(not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")))]
mod unsupported;
#[cfg(not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")))]
pub(crate) use unsupported::*;
