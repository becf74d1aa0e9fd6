//! The stack of the current thread, and the objects that its frames are in: glibc's loader and the unwinder that std uses.

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// An object that is mapped: the program, a plugin, a library.
#[derive(PartialEq)]
pub(crate) struct Object {
    /// The path that the loader was given; none for the program.
    pub(crate) path: Option<PathBuf>,
    /// What was added to the file's addresses.
    pub(crate) bias: usize,
    /// The beginning of what is mapped: the file's headers.
    pub(crate) first_page: Vec<u8>,
}

/// Bytes of a page: nothing smaller is mapped.
const PAGE: usize = 4096;

/// What `dladdr1` tells besides, for [`LINK_MAP`]: the beginning of glibc's `struct link_map`, which is public.
#[repr(C)]
struct LinkMap {
    l_addr: usize,
    l_name: *const c_char,
}

/// `RTLD_DL_LINKMAP`.
const LINK_MAP: c_int = 2;

unsafe extern "C" {
    fn dladdr1(address: *const c_void, info: *mut libc::Dl_info, extra: *mut *mut c_void, flags: c_int) -> c_int;
}

// The unwinder that every panic goes through, under its names in the Itanium ABI.
unsafe extern "C" {
    fn _Unwind_Backtrace(visit: extern "C" fn(*mut c_void, *mut c_void) -> c_int, argument: *mut c_void) -> c_int;
    fn _Unwind_GetIPInfo(context: *mut c_void, before_instruction: *mut c_int) -> usize;
}

/// Where the calls on this thread's stack were made, the innermost first.
#[inline(never)]
pub(crate) fn calls() -> Vec<usize> {
    extern "C" fn visit(context: *mut c_void, calls: *mut c_void) -> c_int {
        let mut before_instruction = 0;
        // SAFETY: the unwinder gives the context of a frame that is on the stack.
        let address = unsafe { _Unwind_GetIPInfo(context, &mut before_instruction) };
        // SAFETY: this is the vector below, which nobody else uses meanwhile.
        let calls = unsafe { &mut *calls.cast::<Vec<usize>>() };
        // Where a call returns to may be in the next function already; where it was made is not.
        calls.push(if before_instruction == 0 { address.saturating_sub(1) } else { address });
        0
    }
    let mut calls = Vec::new();
    // SAFETY: `visit` is called before this returns, with this address, and does not unwind.
    unsafe { _Unwind_Backtrace(visit, (&raw mut calls).cast()) };
    calls
}

/// The object that an address on this thread's stack is in, and the exported symbol, if it is in one.
pub(crate) fn object_at(address: usize) -> Option<(Object, Option<String>)> {
    let mut info = libc::Dl_info {
        dli_fname: std::ptr::null(),
        dli_fbase: std::ptr::null_mut(),
        dli_sname: std::ptr::null(),
        dli_saddr: std::ptr::null_mut(),
    };
    let mut map = std::ptr::null_mut();
    // SAFETY: both are written to, and any address may be asked about.
    let found = unsafe { dladdr1(std::ptr::without_provenance(address), &mut info, &mut map, LINK_MAP) };
    if found == 0 || map.is_null() {
        return None;
    }
    // SAFETY: glibc's description of an object lives as long as that is mapped, and it is: this thread runs in it.
    let map = unsafe { map.cast::<LinkMap>().read() };
    // SAFETY: as above; glibc sets it for every object, to nothing for the program.
    let path = unsafe { text(map.l_name) }.filter(|path| !path.is_empty());
    // SAFETY: as above.
    let symbol = unsafe { text(info.dli_sname) };
    // SAFETY: an object's first page is mapped readable, with its headers in it, and nobody writes them.
    let first_page = unsafe { std::slice::from_raw_parts(info.dli_fbase.cast::<u8>(), PAGE) }.to_vec();
    let path = path.map(|path| PathBuf::from(OsStr::from_bytes(&path)));
    Some((Object { path, bias: map.l_addr, first_page }, symbol.map(|symbol| String::from_utf8_lossy(&symbol).into_owned())))
}

/// A text of the loader's.
///
/// # Safety
///
/// It is null or a C string.
unsafe fn text(text: *const c_char) -> Option<Vec<u8>> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not null, so it is a C string.
    Some(unsafe { CStr::from_ptr(text) }.to_bytes().to_vec())
}
