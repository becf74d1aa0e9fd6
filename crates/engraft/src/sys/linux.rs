//! `dlopen` and `dlsym` of glibc.

use crate::registration::{Export, Function, FunctionList, Init};
use engraft_manifest::{NOTE_HEADER, note_len};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicUsize, Ordering::Relaxed};

/// Whether plugins can be opened here.
pub(crate) const SUPPORTED: bool = true;

/// Whether this program has rights that whoever started it has not (setuid, setgid, capabilities): then its environment is not to be
/// trusted (`getauxval(3)`, `AT_SECURE`).
pub(crate) fn is_privileged() -> bool {
    // SAFETY: it reads what the kernel has told this process, and may be asked for anything.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// A shared object that was opened. There is no way to close it, so the handle is valid for the rest of the process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Library(NonNull<c_void>);

// SAFETY: a handle only names a loaded object; glibc's functions that take one may be called from any thread.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

impl Library {
    /// Maps a shared object and all that it needs, binds all of its symbols, and runs its constructors.
    ///
    /// Its symbols join the global scope: a later plugin that brings an equal package finds this one's.
    /// An object of this name that is loaded already is not loaded again.
    ///
    /// # Errors
    ///
    /// The system's own words.
    ///
    /// # Safety
    ///
    /// The file's constructors run, and its symbols may take the place of others in objects opened later:
    /// the caller vouches for what the file contains.
    pub(crate) unsafe fn open(file: &CStr) -> Result<Self, String> {
        // SAFETY: `file` is a C string; for what is in the file, the caller vouches.
        let handle = unsafe { libc::dlopen(file.as_ptr(), libc::RTLD_NOW | libc::RTLD_GLOBAL) };
        NonNull::new(handle).map(Self).ok_or_else(last_error)
    }

    /// The address of a symbol of this object, or of one that it was linked with.
    pub(crate) fn symbol(self, name: &CStr) -> Option<NonNull<u8>> {
        // SAFETY: the handle came from `dlopen` and was never closed; `name` is a C string.
        let address = unsafe { libc::dlsym(self.0.as_ptr(), name.as_ptr()) };
        NonNull::new(address.cast())
    }
}

/// The program's arguments, as glibc hands them to every constructor: their count, and where they begin.
static ARGUMENTS: (AtomicI32, AtomicPtr<*const c_char>) = (AtomicI32::new(0), AtomicPtr::new(std::ptr::null_mut()));

/// Remembers them when the program starts.
extern "C" fn remember_arguments(count: c_int, arguments: *mut *const c_char) {
    ARGUMENTS.0.store(count, Relaxed);
    ARGUMENTS.1.store(arguments, Relaxed);
}

#[used]
#[unsafe(link_section = ".init_array")]
static REMEMBER_ARGUMENTS: extern "C" fn(c_int, *mut *const c_char) = remember_arguments;

/// Calls a constructor as glibc does.
///
/// # Safety
///
/// It is one, and has not been called.
pub(crate) unsafe fn call_constructor(constructor: Function) {
    unsafe extern "C" {
        static environ: AtomicPtr<*const c_char>;
    }
    // SAFETY: glibc defines this variable, which is a pointer; other threads may change it.
    let environment = unsafe { &environ }.load(Relaxed);
    // SAFETY: says the caller; the arguments are the program's own, which stay where they are.
    unsafe { constructor(ARGUMENTS.0.load(Relaxed), ARGUMENTS.1.load(Relaxed), environment) };
}

/// Has destructors called when the process exits: before those of whatever was registered so far, and after those that constructors
/// register from here on.
pub(crate) fn at_exit(destructors: &'static FunctionList) {
    unsafe extern "C" {
        /// `atexit` with an argument (Itanium C++ ABI, 3.3.6.3).
        fn __cxa_atexit(function: extern "C" fn(*mut c_void), argument: *mut c_void, object: *mut c_void) -> c_int;
    }

    extern "C" fn destruct(list: *mut c_void) {
        // SAFETY: it is the list that was registered, which lives as long as the process.
        let list = unsafe { &*list.cast::<FunctionList>() };
        for destructor in list.functions() {
            // SAFETY: an object file asks for this call. Destructors take no arguments, and in C's calling convention may be given some.
            unsafe { destructor(0, std::ptr::null(), std::ptr::null()) };
        }
    }

    let argument = std::ptr::from_ref(destructors).cast_mut().cast();
    // SAFETY: the function takes what it is registered with, and no object that is ever unloaded has a part in it.
    let failed = unsafe { __cxa_atexit(destruct, argument, std::ptr::null_mut()) } != 0;
    if failed {
        // For want of memory, of which Rust makes the same.
        std::process::abort();
    }
}

/// So that the sections exist, with nothing in them, also in programs that Engraft does not link. Atomic, and so writable,
/// as what is added to them: that is relocated, and gold keeps sections apart that differ in that.
#[used]
#[unsafe(link_section = "engraft_host")]
static NO_HOST: [AtomicUsize; 0] = [];
#[used]
#[unsafe(link_section = "engraft_inits")]
static NO_INITS: [AtomicUsize; 0] = [];
#[used]
#[unsafe(link_section = "engraft_exports")]
static NO_EXPORTS: [AtomicUsize; 0] = [];

// The linker's names for the first byte of a section and for the one behind its last. Of no size: of two statics that take memory, the
// compiler knows that their addresses differ, and the ends of an empty section are one address.
#[expect(improper_ctypes, reason = "no foreign code reads them")]
unsafe extern "C" {
    /// Engraft's linker adds the address of the host's note to this section.
    #[link_name = "__start_engraft_host"]
    static START: [*const u8; 0];
    #[link_name = "__stop_engraft_host"]
    static STOP: [*const u8; 0];
    /// `#[init]` adds an `Init` to this section.
    #[link_name = "__start_engraft_inits"]
    static START_OF_INITS: [Init; 0];
    #[link_name = "__stop_engraft_inits"]
    static STOP_OF_INITS: [Init; 0];
    /// `#[export]` adds an `Export` to this section.
    #[link_name = "__start_engraft_exports"]
    static START_OF_EXPORTS: [Export; 0];
    #[link_name = "__stop_engraft_exports"]
    static STOP_OF_EXPORTS: [Export; 0];
}

/// The exports of all packages of the running executable.
pub(crate) fn host_exports() -> &'static [Export] {
    // SAFETY: only `#[export]` adds to this section, an `Export` each, and nobody writes it.
    unsafe { table(&raw const START_OF_EXPORTS, &raw const STOP_OF_EXPORTS) }
}

/// The initialisers of all packages of the running executable.
pub(crate) fn host_initialisers() -> &'static [Init] {
    // SAFETY: only `#[init]` adds to this section, an `Init` each, and nobody writes it.
    unsafe { table(&raw const START_OF_INITS, &raw const STOP_OF_INITS) }
}

/// The elements between the two ends of a section.
///
/// # Safety
///
/// Both are of one section, in memory that stays mapped and is never written, and which holds such elements only: without gaps, since
/// a type's size is a multiple of its alignment.
pub(crate) unsafe fn table<T>(start: *const [T; 0], stop: *const [T; 0]) -> &'static [T] {
    let len = (stop.addr() - start.addr()) / size_of::<T>();
    // SAFETY: as many elements stand between the two, says the caller.
    unsafe { std::slice::from_raw_parts(start.cast(), len) }
}

/// The bytes of the note that Engraft's linker put into the running executable; none if that one did not link it.
pub(crate) fn host_note() -> Option<&'static [u8]> {
    // SAFETY: only Engraft's linker adds to this section, one address, and nobody writes it.
    let note = unsafe { table(&raw const START, &raw const STOP) }.first()?;
    // SAFETY: it is the address of the executable's own note, which is mapped for as long as the process lives.
    Some(unsafe { note_at(*note) })
}

/// The bytes of a note in memory.
///
/// # Safety
///
/// A whole note begins there, in memory that stays mapped and is never written.
pub(crate) unsafe fn note_at(start: *const u8) -> &'static [u8] {
    // SAFETY: a note begins with a header of this size.
    let header = unsafe { start.cast::<[u8; NOTE_HEADER]>().read() };
    // SAFETY: the header says how long the whole note is.
    unsafe { std::slice::from_raw_parts(start, note_len(header)) }
}

/// What the loader said about the last call on this thread that failed.
fn last_error() -> String {
    // SAFETY: `dlerror` may be called at any time; its state is per thread.
    let text = unsafe { libc::dlerror() };
    if text.is_null() {
        return "the loader gave no reason".to_owned();
    }
    // SAFETY: not null, so it is a C string that lives until this thread's next call into the loader.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().into_owned()
}

/// Where the object that this address belongs to is mapped: from its first to behind its last byte. None if it belongs to none.
///
/// Asks the loader, which takes a lock of its own: not for often.
pub(crate) fn object_around(address: usize) -> Option<Range<usize>> {
    /// What is looked for, and what was found.
    struct Search {
        address: usize,
        found: Option<Range<usize>>,
    }

    /// Looks at one object; anything but 0 ends the search.
    unsafe extern "C" fn look(object: *mut libc::dl_phdr_info, _: libc::size_t, search: *mut c_void) -> c_int {
        // SAFETY: glibc hands out a description of an object that lives during this call.
        let object = unsafe { &*object };
        // SAFETY: this is the `Search` below, which nobody else touches during the call.
        let search = unsafe { &mut *search.cast::<Search>() };
        // SAFETY: the description says where the program headers are and how many; they stay mapped during this call.
        let headers = unsafe { std::slice::from_raw_parts(object.dlpi_phdr, object.dlpi_phnum.into()) };
        let base = object.dlpi_addr as usize;
        let loaded = headers.iter().filter(|header| header.p_type == libc::PT_LOAD);
        let ranges =
            loaded.map(|header| base.wrapping_add(header.p_vaddr as usize)..base.wrapping_add((header.p_vaddr + header.p_memsz) as usize));
        let whole = ranges.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
        search.found = whole.filter(|range| range.contains(&search.address));
        search.found.is_some().into()
    }

    let mut search = Search { address, found: None };
    // SAFETY: `look` is a function as asked for, and takes the pointer for what it is: a `Search` that outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut search).cast()) };
    search.found
}
