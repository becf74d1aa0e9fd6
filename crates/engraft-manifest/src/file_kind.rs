//! What a file is that has no record: told from its first bytes, so that an error can say what was found.

use crate::elf::FARTHEST;
use core::fmt;

/// What a file without a record is, as far as its first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// Nothing in it.
    Empty,
    /// Text.
    Text,
    /// A Rust library that nothing was linked from yet.
    Rlib,
    /// Another static archive: a C library.
    Archive,
    /// A program or library for macOS.
    MachO,
    /// A program or library for Windows.
    Pe,
    /// A WebAssembly module or component.
    Wasm,
    /// ELF for another processor, word size or byte order; the machine number (`e_machine`).
    OtherMachine(u16),
    /// ELF that is neither an executable nor a shared object; its type (`e_type`).
    OtherElf(u16),
    /// An executable that Engraft did not link.
    Executable,
    /// A shared object that Go made: a plugin for Go programs, or a library.
    GoSharedObject,
    /// Another shared object that Engraft did not link: a C library, a `cdylib`.
    SharedObject,
    /// Nothing of these.
    Unknown,
}

/// What a file of `len` bytes that is not ELF is, given how it begins.
pub(crate) fn classify(head: &[u8], len: u64) -> Result<FileKind, Undecided> {
    const MACH_O: [[u8; 4]; 5] =
        [*b"\xfe\xed\xfa\xce", *b"\xfe\xed\xfa\xcf", *b"\xce\xfa\xed\xfe", *b"\xcf\xfa\xed\xfe", *b"\xca\xfe\xba\xbe"];
    let start = &head[..head.len().min(64)];
    Ok(match start {
        [] => FileKind::Empty,
        _ if start.starts_with(b"!<arch>\n") || start.starts_with(b"!<thin>\n") => archive(head, len)?,
        _ if start.starts_with(b"\0asm") => FileKind::Wasm,
        _ if start.starts_with(b"MZ") => FileKind::Pe,
        _ if MACH_O.iter().any(|magic| start.starts_with(magic)) => FileKind::MachO,
        // A character that the first bytes cut in two is still text.
        _ if !start.contains(&0) && core::str::from_utf8(start).map_or_else(|e| e.valid_up_to() + 4 > start.len(), |_| true) => {
            FileKind::Text
        }
        _ => FileKind::Unknown,
    })
}

/// More of the file must be looked at: this many bytes from its beginning.
pub(crate) struct Undecided(pub(crate) u64);

/// Bytes of a member's header in an archive: its name (16), what nobody needs, its size in decimal (10), an end mark.
const MEMBER: usize = 60;

/// Tables that an archive may begin with: symbols, symbols of large archives, long names.
const TABLES: usize = 3;

/// What an archive is: rustc writes its metadata in front, behind tables that belong to the form (`ar(5)`).
///
/// No more tables are passed over than there are kinds of them: each may take another reading of the file.
fn archive(head: &[u8], len: u64) -> Result<FileKind, Undecided> {
    let mut at = 8;
    for _ in 0..=TABLES {
        let end = at + MEMBER as u64;
        let Some(member) = usize::try_from(at).ok().and_then(|at| head.get(at..at + MEMBER)) else {
            return if end <= len && end <= FARTHEST { Err(Undecided(end)) } else { Ok(FileKind::Archive) };
        };
        let name = member[..16].trim_ascii_end();
        if name != b"/" && name != b"//" && name != b"/SYM64/" {
            return Ok(if name.starts_with(b"lib.rmeta") { FileKind::Rlib } else { FileKind::Archive });
        }
        let size = core::str::from_utf8(&member[48..58]).ok().and_then(|size| size.trim_end().parse::<u64>().ok());
        // Members begin at even places; the size has ten digits at most, so nothing overflows.
        let Some(size) = size else { return Ok(FileKind::Archive) };
        at = (end + size).next_multiple_of(2);
    }
    Ok(FileKind::Archive)
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "an empty file"),
            Self::Text => write!(f, "a text file"),
            Self::Rlib => write!(f, "an rlib: a Rust library that is not linked yet"),
            Self::Archive => write!(f, "a static archive (a C library)"),
            Self::MachO => write!(f, "a Mach-O file, made for macOS"),
            Self::Pe => write!(f, "a PE file, made for Windows"),
            Self::Wasm => write!(f, "WebAssembly"),
            Self::OtherMachine(machine) => write!(f, "an ELF file for another machine (e_machine {machine}, {})", machine_name(*machine)),
            Self::OtherElf(1) => write!(f, "an ELF object file, not linked yet"),
            Self::OtherElf(4) => write!(f, "a core dump"),
            Self::OtherElf(other) => write!(f, "an ELF file of type {other}"),
            Self::Executable => write!(f, "an executable that Engraft did not link"),
            Self::GoSharedObject => write!(f, "a shared object that Go made (a plugin for Go programs)"),
            Self::SharedObject => write!(f, "a shared object that Engraft did not link (a C library, or a cdylib that cargo built)"),
            Self::Unknown => write!(f, "a file of unknown kind"),
        }
    }
}

/// The usual names of machines that people build for (`elf.h`).
fn machine_name(machine: u16) -> &'static str {
    match machine {
        3 => "32-bit x86",
        40 => "32-bit ARM",
        62 => "x86-64 in a word size or byte order that is not its own",
        183 => "AArch64",
        243 => "RISC-V",
        _ => "unknown to this version",
    }
}
