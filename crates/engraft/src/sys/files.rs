//! Files as Linux has them.

use std::ffi::CString;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsRawFd, IntoRawFd};
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

/// Whether a path leads to the file with this device and inode.
pub(crate) fn is_at(path: &Path, inode: (u64, u64)) -> bool {
    std::fs::metadata(path).is_ok_and(|data| self::inode(&data) == inode)
}

/// A path that leads to this very file for as long as it is open, whatever becomes of the others.
pub(crate) fn descriptor_path(file: &File) -> PathBuf {
    PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd()))
}

/// Leaves a file open for as long as the process lives, so that no other ever has its descriptor's path.
pub(crate) fn keep_open(file: File) {
    let _ = file.into_raw_fd();
}
