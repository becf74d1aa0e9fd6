//! What a file is that has no record: told from its first bytes, so that an error can say what was found.

use core::fmt;

/// What a file without a record is, as far as its first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// Nothing in it.
    Empty,
    /// Text.
    Text,
    /// A static archive: an rlib, or a C library.
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
    /// A shared object that Engraft did not link: a C library, a `cdylib`, a Go plugin.
    SharedObject,
    /// Nothing of these.
    Unknown,
}

/// What a file that is not ELF is, given how it begins.
pub(crate) fn classify(start: &[u8]) -> FileKind {
    const MACH_O: [[u8; 4]; 5] =
        [*b"\xfe\xed\xfa\xce", *b"\xfe\xed\xfa\xcf", *b"\xce\xfa\xed\xfe", *b"\xcf\xfa\xed\xfe", *b"\xca\xfe\xba\xbe"];
    match start {
        [] => FileKind::Empty,
        _ if start.starts_with(b"!<arch>\n") || start.starts_with(b"!<thin>\n") => FileKind::Archive,
        _ if start.starts_with(b"\0asm") => FileKind::Wasm,
        _ if start.starts_with(b"MZ") => FileKind::Pe,
        _ if MACH_O.iter().any(|magic| start.starts_with(magic)) => FileKind::MachO,
        // A character that the first bytes cut in two is still text.
        _ if !start.contains(&0) && core::str::from_utf8(start).map_or_else(|e| e.valid_up_to() + 4 > start.len(), |_| true) => {
            FileKind::Text
        }
        _ => FileKind::Unknown,
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "an empty file"),
            Self::Text => write!(f, "a text file"),
            Self::Archive => write!(f, "a static archive (an rlib or a C library)"),
            Self::MachO => write!(f, "a Mach-O file, made for macOS"),
            Self::Pe => write!(f, "a PE file, made for Windows"),
            Self::Wasm => write!(f, "WebAssembly"),
            Self::OtherMachine(machine) => write!(f, "an ELF file for another machine (e_machine {machine}, {})", machine_name(*machine)),
            Self::OtherElf(1) => write!(f, "an ELF object file, not linked yet"),
            Self::OtherElf(4) => write!(f, "a core dump"),
            Self::OtherElf(other) => write!(f, "an ELF file of type {other}"),
            Self::Executable => write!(f, "an executable that Engraft did not link"),
            Self::SharedObject => write!(f, "a shared object that Engraft did not link"),
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
