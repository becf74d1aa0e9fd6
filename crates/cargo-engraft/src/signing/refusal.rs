//! Why a program with a keyring would not open a file: the library's codes, and a line for each.

use super::key_id::KeyId;
use engraft_manifest::BuildId;
use std::fmt;
use std::path::PathBuf;

/// Why a file is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is something else: what it is.
    NotAPlugin(String),
    /// It is a program.
    Host,
    /// It is not as it left the linker: what tells.
    Altered(String),
    /// There is no signature at this place.
    Unsigned(PathBuf),
    /// It is signed by a key that is not among the given ones.
    UnknownKey(KeyId),
    /// What stands beside it is no signature.
    NoSignature(PathBuf),
    /// The signature holds for another build.
    OtherBuild(BuildId),
    /// The signature holds for nothing that is known: another key has the same id, or somebody changed it.
    DoesNotHold(KeyId),
}

impl Refusal {
    /// The code of the error that the library has for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAPlugin(_) | Self::Host => "E04",
            Self::Altered(_) => "E18",
            Self::Unsigned(_) => "E19",
            Self::UnknownKey(_) => "E20",
            Self::NoSignature(_) | Self::OtherBuild(_) | Self::DoesNotHold(_) => "E21",
        }
    }

    /// What helps.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotAPlugin(_) => "plugins are made by `cargo engraft build`",
            Self::Host => "programs are run by the system, which asks for no signature; only plugins are signed",
            Self::Altered(_) => "build it again, or copy it again; let `cargo engraft build --strip` strip it",
            Self::Unsigned(_) => "sign it with `cargo engraft sign`, or copy its signature too",
            Self::UnknownKey(_) => "give the key that it is signed by with -p or -P, if you trust it; or sign it again",
            Self::NoSignature(_) | Self::OtherBuild(_) | Self::DoesNotHold(_) => "sign it again, after every build",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAPlugin(found) => write!(f, "no plugin: {found}"),
            Self::Host => write!(f, "no plugin: a host"),
            Self::Altered(found) => write!(f, "altered: {found}"),
            Self::Unsigned(place) => write!(f, "unsigned: there is no {}", place.display()),
            Self::UnknownKey(key) => write!(f, "unknown key: signed by {key}"),
            Self::NoSignature(place) => write!(f, "wrong signature: {} is none", place.display()),
            Self::OtherBuild(build) => write!(f, "wrong signature: it is of another build, {}", build.short()),
            Self::DoesNotHold(key) => write!(f, "wrong signature: it does not hold; another key has the id {key} too, or it was altered"),
        }
    }
}
