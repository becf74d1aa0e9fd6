//! Files as Linux has them.

use crate::Found;
use std::ffi::{CString, OsString};
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::os::fd::{AsRawFd, IntoRawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Opens the regular file at a path for reading. Whatever else is there is only looked at: opening a terminal can make it the process's
/// controlling terminal, opening a pipe waits for a writer, and opening a device may do anything.
pub(crate) fn open_file(path: &Path) -> io::Result<Result<(File, Metadata), Found>> {
    // `O_PATH` finds the file without opening it (`open(2)`).
    let seen = File::options().read(true).custom_flags(libc::O_PATH).open(path)?;
    let data = seen.metadata()?;
    if data.is_dir() {
        return Ok(Err(Found::Directory));
    }
    if !data.is_file() || is_of_kernel(&seen)? {
        return Ok(Err(Found::Special));
    }
    let file = open_seen(&seen, path)?;
    let opened = file.metadata()?;
    if inode(&opened) != inode(&data) {
        return Err(io::Error::other("another file was put in its place while it was being opened"));
    }
    Ok(Ok((file, opened)))
}

/// Opens for reading what was found at a path.
///
/// Through `/proc`, which leads to that very file: somebody could put a device at the path meanwhile. Where there is no `/proc`, through the
/// path after all.
fn open_seen(seen: &File, path: &Path) -> io::Result<File> {
    let open = |path: &Path| File::options().read(true).custom_flags(libc::O_NOCTTY | libc::O_NONBLOCK).open(path);
    // This thread's own table of descriptors, which need not be the process's (`unshare(2)`, `CLONE_FILES`).
    match open(Path::new(&format!("/proc/thread-self/fd/{}", seen.as_raw_fd()))) {
        Err(error) if error.kind() == ErrorKind::NotFound => open(path),
        opened => opened,
    }
}

/// Whether the kernel makes up a file's content while it is read, as in `/proc` and `/sys`: its length says nothing, and to open, read or
/// close it may change something.
fn is_of_kernel(file: &File) -> io::Result<bool> {
    /// The numbers of such file systems, from `linux/magic.h`: bpf, cgroup, cgroup2, debugfs, efivarfs, proc, pstore, resctrl, securityfs,
    /// selinuxfs, sysfs, tracefs.
    const OF_KERNEL: [u32; 12] = [
        0xcafe_4a11,
        0x0027_e0eb,
        0x6367_7270,
        0x6462_6720,
        0xde5e_81e4,
        0x0000_9fa0,
        0x6165_676c,
        0x0765_5821,
        0x7363_6673,
        0xf97c_ff8c,
        0x6265_6572,
        0x7472_6163,
    ];
    let mut about = std::mem::MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: the descriptor is open, and there is room for what is written.
    let answer = unsafe { libc::fstatfs(file.as_raw_fd(), about.as_mut_ptr()) };
    if answer != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call succeeded, so it has filled in all of it.
    let about = unsafe { about.assume_init() };
    Ok(OF_KERNEL.contains(&(about.f_type as u32)))
}

/// Fills `bytes` from this offset on.
pub(crate) fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    file.read_exact_at(bytes, offset)
}

/// Device and inode: by these the loader tells whether it has mapped a file already.
pub(crate) fn inode(data: &Metadata) -> (u64, u64) {
    (data.dev(), data.ino())
}

/// A path as the loader reads it in a file.
pub(crate) fn path_of(bytes: Vec<u8>) -> PathBuf {
    OsString::from_vec(bytes).into()
}

/// A path as the loader takes it; none if it contains a NUL byte.
pub(crate) fn loader_path(path: &Path) -> Option<CString> {
    CString::new(path.as_os_str().as_bytes()).ok()
}

/// Whether a path leads to the file with this device and inode.
pub(crate) fn is_at(path: &Path, inode: (u64, u64)) -> bool {
    std::fs::metadata(path).is_ok_and(|data| self::inode(&data) == inode)
}

/// A path that leads to this very file for as long as it is open, whatever becomes of the others. The system's loader, debuggers and
/// backtraces read the file through it.
///
/// # Errors
///
/// There is no `/proc` that knows this process, or it has another file under the descriptor's number: that of another thread's table.
pub(crate) fn descriptor_path(file: &File) -> io::Result<PathBuf> {
    // As `/proc` numbers processes, which need not be as this one does: in a container it may be that of the system around it. With the number
    // in place of `self`, debuggers find the file too.
    let process = std::fs::read_link("/proc/self")?;
    let path = Path::new("/proc").join(process).join("fd").join(file.as_raw_fd().to_string());
    if inode(&std::fs::metadata(&path)?) != inode(&file.metadata()?) {
        return Err(io::Error::other("another file has the descriptor's number there"));
    }
    Ok(path)
}

/// Leaves a file open for as long as the process lives, so that no other ever has its descriptor's path.
pub(crate) fn keep_open(file: File) {
    let _ = file.into_raw_fd();
}
