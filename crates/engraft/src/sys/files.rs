//! Files as Linux has them.

use std::ffi::CString;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::IntoRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Opens a file without waiting for anybody: a pipe would otherwise block until somebody writes into it.
pub(crate) fn open_without_waiting(path: &Path) -> io::Result<File> {
    File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

/// Fills `bytes` from this offset on.
pub(crate) fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    file.read_exact_at(bytes, offset)
}

/// Device and inode: by these the loader tells whether it has mapped a file already.
pub(crate) fn inode(data: &Metadata) -> (u64, u64) {
    (data.dev(), data.ino())
}

/// A path as the loader takes it; none if it contains a NUL byte.
pub(crate) fn loader_path(path: &Path) -> Option<CString> {
    CString::new(path.as_os_str().as_bytes()).ok()
}

/// A path that leads to this very file for as long as the process lives, whatever becomes of the others: it stays open.
pub(crate) fn lasting_path(file: File) -> PathBuf {
    PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), file.into_raw_fd()))
}
