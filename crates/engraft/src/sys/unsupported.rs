//! Platforms that are not built and tested yet: the same names, of which none does anything.

use crate::registration::Init;
use std::ffi::CStr;

/// Whether plugins can be opened here.
pub(crate) const SUPPORTED: bool = false;

/// Nothing is opened here, so no flag is needed.
pub(crate) const O_NONBLOCK: i32 = 0;

/// A shared object that was opened; there is none here.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Library {}

impl Library {
    /// Opens nothing.
    ///
    /// # Safety
    ///
    /// Nothing is asked of the caller.
    pub(crate) unsafe fn open(_file: &CStr) -> Result<Self, String> {
        Err("this platform is not supported".to_owned())
    }

    pub(crate) fn symbol(self, _name: &CStr) -> Option<std::ptr::NonNull<u8>> {
        match self {}
    }
}

pub(crate) fn host_note() -> Option<&'static [u8]> {
    None
}

/// None that are known: a program here opens nothing.
pub(crate) fn host_initialisers() -> &'static [Init] {
    &[]
}

/// # Safety
///
/// Nothing is asked of the caller.
pub(crate) unsafe fn table<T>(_start: *const T, _stop: *const T) -> &'static [T] {
    &[]
}

/// # Safety
///
/// Nothing is asked of the caller.
pub(crate) unsafe fn note_at(_start: *const u8) -> &'static [u8] {
    &[]
}
