//! Platforms that are not built and tested yet: the same names, of which none does anything.

use crate::registration::{Export, Function, FunctionList, Init};
use std::ffi::{CStr, CString};
use std::fs::{File, Metadata};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Whether plugins can be opened here.
pub(crate) const SUPPORTED: bool = false;

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

/// # Safety
///
/// Nothing is asked of the caller.
pub(crate) unsafe fn call_constructor(_constructor: Function) {}

pub(crate) fn at_exit(_destructors: &'static FunctionList) {}

pub(crate) fn is_privileged() -> bool {
    false
}

pub(crate) fn has_cpu_feature(_name: &str) -> bool {
    false
}

pub(crate) fn host_note() -> Option<&'static [u8]> {
    None
}

/// None that are known, as below.
pub(crate) fn host_exports() -> &'static [Export] {
    &[]
}

/// None that are known: a program here opens nothing.
pub(crate) fn host_initialisers() -> &'static [Init] {
    &[]
}

/// # Safety
///
/// Nothing is asked of the caller.
pub(crate) unsafe fn table<T>(_start: *const [T; 0], _stop: *const [T; 0]) -> &'static [T] {
    &[]
}

/// # Safety
///
/// Nothing is asked of the caller.
pub(crate) unsafe fn note_at(_start: *const u8) -> &'static [u8] {
    &[]
}

pub(crate) fn object_around(_address: usize) -> Option<Range<usize>> {
    None
}

pub(crate) fn open_without_waiting(_path: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn read_exact_at(_file: &File, _bytes: &mut [u8], _offset: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn sealed_copy(_file: &File, _len: u64, _path: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn inode(_data: &Metadata) -> (u64, u64) {
    (0, 0)
}

pub(crate) fn loader_path(_path: &Path) -> Option<CString> {
    None
}

pub(crate) fn is_at(_path: &Path, _inode: (u64, u64)) -> bool {
    false
}

pub(crate) fn descriptor_path(_file: &File) -> PathBuf {
    PathBuf::new()
}

pub(crate) fn keep_open(_file: File) {}

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
