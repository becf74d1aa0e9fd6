//! The number that a pair of keys has, and by which a signature names its key.

use std::fmt;

/// As minisign writes it: sixteen hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyId(u64);

impl KeyId {
    /// Of the bytes that stand in keys and signatures.
    pub fn new(bytes: &[u8]) -> Self {
        // Eight in all that minisign reads.
        Self(u64::from_le_bytes(bytes.try_into().unwrap_or_default()))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016X}", self.0)
    }
}
