//! Copies of files in memory that nobody can change: not other processes, not this one.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The longest name that Linux takes for such a file, in bytes (`memfd_create(2)`).
const LONGEST_NAME: usize = 249;

/// Copies the first `len` bytes of a file, and seals the copy: its content is fixed before anybody looks at it.
///
/// `path` lends it the name that `/proc/self/maps` shows.
pub(crate) fn sealed_copy(file: &File, len: u64, path: &Path) -> io::Result<File> {
    let name = path.file_name().unwrap_or_default().as_bytes();
    let name = CString::new(&name[..name.len().min(LONGEST_NAME)]).unwrap_or_default();
    let mut copy = create(&name)?;
    // What others have read of the file does not matter: its position is this descriptor's own, and nobody has moved it.
    io::copy(&mut file.take(len), &mut copy)?;
    seal(&copy)?;
    Ok(copy)
}

fn create(name: &CString) -> io::Result<File> {
    let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
    // Linux before 6.3 does not know the flag that says that it may be executed, and lets every one be.
    create_with(name, flags | libc::MFD_EXEC).or_else(|error| match error.raw_os_error() {
        Some(libc::EINVAL) => create_with(name, flags),
        _ => Err(error),
    })
}

fn create_with(name: &CString, flags: libc::c_uint) -> io::Result<File> {
    // SAFETY: `name` is a C string.
    let descriptor = unsafe { libc::memfd_create(name.as_ptr(), flags) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system has just made this descriptor for us, and nobody else knows of it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) }.into())
}

fn seal(file: &File) -> io::Result<()> {
    let seals = libc::F_SEAL_WRITE | libc::F_SEAL_GROW | libc::F_SEAL_SHRINK | libc::F_SEAL_SEAL;
    // SAFETY: this command takes an integer, and changes nothing but the file behind the descriptor.
    match unsafe { libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, seals) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
