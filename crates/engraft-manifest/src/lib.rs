//! The record that Engraft's linker writes into every host and plugin: what it says, its bytes, how two are compared.
//!
//! Everything here is a pure function over data that it is given: no files, no `unsafe`, no global
//! state. The library reads with it what it is asked to open, the tool writes with it what it has
//! linked, and both compare with it, so that a link and an `open` can't come to different verdicts.
//!
//! The bytes are described in `docs/manifest.md`.

#![forbid(unsafe_code)]

mod codec;
mod compare;
mod digest;
mod dynamic;
mod elf;
mod elf_sections;
mod file_kind;
mod identity;
mod judge;
mod limits;
mod note;
mod record;
mod seal;
mod signature;

pub use codec::{DecodeError, FORMAT, MAX_LEN};
pub use compare::{Difference, Group, Reason, Report, differences, remedy_for_api, report};
pub use digest::{BuildId, Hash, Key};
pub use dynamic::Dynamic;
pub use elf::{HEAD, NotARecord, find_note, find_note_by};
pub use elf_sections::has_section;
pub use file_kind::FileKind;
pub use identity::{Identity, Packages};
pub use judge::{Fault, Known, judge};
pub use note::{NOTE_HEADER, Note, SEAL, SECTION, note_bytes, note_len, parts_of_note};
pub use record::{Export, Initialiser, ItemKind, Manifest, Origin, Package, Role, Source, Toolchain};
pub use seal::{Damage, FileDigest, LONGEST, TRACE, has_traces, seal};
pub use signature::{KeyId, PublicKey, SignatureFault, signature_path, signed_message, verify_signature};
