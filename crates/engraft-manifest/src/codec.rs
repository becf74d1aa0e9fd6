//! The record's bytes: CBOR (RFC 8949) arrays, read back only if every reference in them holds.

use crate::Manifest;
use core::fmt;

/// The version of the format that this crate writes and reads. It is the ELF note's type.
pub const FORMAT: u32 = 1;

/// The longest record that is read, in bytes. A host of a thousand packages takes a fifth of a MiB.
pub const MAX_LEN: usize = 16 << 20;

/// Why bytes are not a record.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeError {
    /// Longer than [`MAX_LEN`]; the length in bytes.
    TooLong(usize),
    /// Not CBOR of the described form.
    Malformed(minicbor::decode::Error),
    /// A package or flag set is referred to that is not there.
    Dangling {
        /// What was referred to.
        what: &'static str,
        /// By which index.
        index: u32,
    },
    /// Bytes follow the record; how many.
    Trailing(usize),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(len) => write!(f, "the record takes {len} bytes, more than the {MAX_LEN} that are read"),
            Self::Malformed(error) => write!(f, "the record is not well-formed: {error}"),
            Self::Dangling { what, index } => write!(f, "the record refers to {what} {index}, which it does not have"),
            Self::Trailing(len) => write!(f, "{len} bytes follow the record"),
        }
    }
}

impl core::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            _ => None,
        }
    }
}

impl<'a> Manifest<'a> {
    /// The record's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Writing to a Vec can't fail, and no part of a record has an encoder of its own that could.
        let written = minicbor::encode(self, &mut bytes);
        debug_assert!(written.is_ok(), "{written:?}");
        bytes
    }

    /// Reads a record back.
    ///
    /// # Errors
    ///
    /// The bytes are too long, are no record, hold more than one, or contain an index that leads nowhere.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_LEN {
            return Err(DecodeError::TooLong(bytes.len()));
        }
        let mut decoder = minicbor::Decoder::new(bytes);
        let manifest: Self = decoder.decode().map_err(DecodeError::Malformed)?;
        match bytes.len() - decoder.position() {
            0 => manifest.check_references(),
            trailing => Err(DecodeError::Trailing(trailing)),
        }
    }

    fn check_references(self) -> Result<Self, DecodeError> {
        let within = |what, index: u32, len: usize| {
            if (index as usize) < len { Ok(()) } else { Err(DecodeError::Dangling { what, index }) }
        };
        for package in &self.packages {
            within("flag set", package.flags, self.flag_sets.len())?;
            for &dependency in &package.dependencies {
                within("package", dependency, self.packages.len())?;
            }
        }
        for initialiser in &self.initialisers {
            within("package", initialiser.package, self.packages.len())?;
        }
        Ok(self)
    }
}
