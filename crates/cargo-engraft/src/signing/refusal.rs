//! Why a program with a keyring would not open a file: the library's codes, and a line for each.

use engraft_manifest::{Damage, DecodeError, NotARecord, SignatureFault};
use std::fmt;
use std::path::PathBuf;

/// Why a file is refused.
#[derive(Debug)]
pub enum Refusal {
    /// It is a directory, a pipe or the like.
    NotRegular,
    /// It has no record.
    NotARecord(NotARecord),
    /// It is a program.
    Host,
    /// Its record says nothing.
    Manifest(DecodeError),
    /// It is not as it left the linker.
    Altered(Damage),
    /// There is no signature at this place.
    Unsigned(PathBuf),
    /// The signature at this place does not vouch for it.
    Signature(PathBuf, SignatureFault),
}

impl Refusal {
    /// The code of the error that the library has for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRegular | Self::NotARecord(_) | Self::Host => "E04",
            Self::Manifest(_) => "E10",
            Self::Altered(_) => "E18",
            Self::Unsigned(_) => "E19",
            Self::Signature(_, SignatureFault::UnknownKey(_)) => "E20",
            Self::Signature(..) => "E21",
        }
    }

    /// What helps.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotRegular | Self::NotARecord(_) | Self::Manifest(_) => "plugins are made by `cargo engraft build`",
            Self::Host => "programs are run by the system, which asks for no signature; only plugins are signed",
            Self::Altered(_) => "copy it again, or build it again; `cargo engraft build --strip` is what strips plugins",
            Self::Unsigned(_) => "`cargo engraft sign` signs it; a signature that there is elsewhere belongs beside the file",
            Self::Signature(_, SignatureFault::UnknownKey(_)) => "if you trust the key that it is signed by, give that with -p or -P",
            Self::Signature(..) => "what was built again is signed again, with `cargo engraft sign`",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRegular => write!(f, "no plugin: not a regular file"),
            Self::NotARecord(found) => write!(f, "no plugin: {found}"),
            Self::Host => write!(f, "no plugin: a host"),
            Self::Manifest(error) => write!(f, "no plugin: its manifest can't be understood: {error}"),
            Self::Altered(damage) => write!(f, "altered: {damage}"),
            Self::Unsigned(place) => write!(f, "unsigned: there is no {}", place.display()),
            Self::Signature(_, SignatureFault::UnknownKey(key)) => write!(f, "unknown key: it is signed by {key}"),
            Self::Signature(_, SignatureFault::Invalid { key, says: Some(build) }) => {
                write!(f, "wrong signature: it is of another build, {}, if one believes what it says; by {key}", build.short())
            }
            Self::Signature(place, SignatureFault::Malformed) => write!(f, "wrong signature: {} is none", place.display()),
            Self::Signature(place, fault) => write!(f, "wrong signature: in {} is {fault}", place.display()),
        }
    }
}

impl From<Damage> for Refusal {
    fn from(damage: Damage) -> Self {
        Self::Altered(damage)
    }
}

impl From<NotARecord> for Refusal {
    fn from(found: NotARecord) -> Self {
        Self::NotARecord(found)
    }
}
