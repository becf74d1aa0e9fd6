//! Platforms that are not built and tested yet: the same names, of which none does anything.

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

/// # Safety
///
/// Nothing is asked of the caller.
pub(crate) unsafe fn note_at(_start: *const u8) -> &'static [u8] {
    &[]
}

/// An object in memory; there is none here that could be told about.
#[cfg(feature = "backtrace")]
#[derive(PartialEq)]
pub(crate) struct Object {
    pub(crate) path: Option<std::path::PathBuf>,
    pub(crate) bias: usize,
    pub(crate) first_page: Vec<u8>,
}

#[cfg(feature = "backtrace")]
pub(crate) fn calls() -> Vec<usize> {
    Vec::new()
}

#[cfg(feature = "backtrace")]
pub(crate) fn object_at(_address: usize) -> Option<(Object, Option<String>)> {
    None
}
