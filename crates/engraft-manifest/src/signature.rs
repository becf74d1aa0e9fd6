//! Who vouches for a file: a signature over its digest, in the formats of minisign (<https://jedisct1.github.io/minisign/>).
//!
//! What is signed is a line of text with the file's build id. So whoever has checked the digest needs no second pass over the file,
//! and minisign itself can make and verify these signatures, given that line.

use crate::BuildId;
use core::fmt;
use minisign_verify::{Error, Signature};
use std::path::{Path, PathBuf};

/// Where the signature of a file stands: beside it, under its name with one more extension.
///
/// ```
/// use std::path::Path;
///
/// assert_eq!(engraft_manifest::signature_path(Path::new("plugins/filter.so")), Path::new("plugins/filter.so.minisig"));
/// ```
#[must_use]
pub fn signature_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".minisig");
    name.into()
}

/// The bytes that are signed for a file with this digest.
///
/// ```
/// let message = engraft_manifest::signed_message(engraft_manifest::BuildId([0xab; 32]));
/// assert_eq!(message, format!("engraft build {}\n", "ab".repeat(32)));
/// ```
#[must_use]
pub fn signed_message(build_id: BuildId) -> String {
    format!("engraft build {build_id}\n")
}

/// The number by which minisign tells keys apart, in signatures and public keys. It is no proof of anything.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

/// As minisign writes it: sixteen upper-case hexadecimal digits.
impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016X}", u64::from_le_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A key by which signatures are verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    key: minisign_verify::PublicKey,
}

impl PublicKey {
    /// Reads a key: the two lines of a public key's file, or the second of them alone. None if it is something else.
    ///
    /// ```
    /// use engraft_manifest::PublicKey;
    ///
    /// let line = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    /// let key = PublicKey::read(line).expect("it is one");
    /// assert_eq!(key.id().to_string(), "E7620F1842B4E81F");
    /// assert_eq!(PublicKey::read(&format!("untrusted comment: mine\n{line}\n")).map(|key| key.id()), Some(key.id()));
    /// assert!(PublicKey::read("untrusted comment: mine\n").is_none());
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty())?;
        Some(Self { id: key_id(line)?, key: minisign_verify::PublicKey::from_base64(line).ok()? })
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }
}

/// Why a signature does not vouch for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureFault {
    /// It is none that minisign writes, or of the older form that signs a whole message.
    Malformed,
    /// It was made by a key that is not trusted.
    UnknownKey(KeyId),
    /// It names a trusted key, and that key did not make it for this file.
    Invalid {
        /// The key that it names.
        key: KeyId,
        /// The build that it says it is for, if it says so and it is another. Said by whoever wrote the file, proven by nothing.
        says: Option<BuildId>,
    },
}

impl fmt::Display for SignatureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => write!(f, "a file that is no minisign signature"),
            Self::UnknownKey(key) => write!(f, "one by the key {key}, which is not trusted"),
            Self::Invalid { key, says: Some(build) } => write!(f, "one that names the key {key}, for another build ({})", build.short()),
            Self::Invalid { key, says: None } => write!(f, "one that names the key {key}, which did not make it for this file"),
        }
    }
}

/// Verifies that one of the trusted keys has signed the file with this digest; which.
///
/// `signature` is the text of a signature's file. That the file has this digest is for the caller to check.
///
/// # Errors
///
/// It was made by another key, or not for this file, or is no signature.
pub fn verify_signature(signature: &str, build_id: BuildId, trusted: &[PublicKey]) -> Result<KeyId, SignatureFault> {
    let parsed = Signature::decode(signature).map_err(|_| SignatureFault::Malformed)?;
    let id = signature.lines().nth(1).and_then(key_id).ok_or(SignatureFault::Malformed)?;
    let message = signed_message(build_id);
    let mut fault = SignatureFault::UnknownKey(id);
    // Two keys may have one number: it is chosen by whoever makes a key.
    for trusted in trusted {
        match trusted.key.verify(message.as_bytes(), &parsed, false) {
            Ok(()) => return Ok(trusted.id),
            Err(Error::UnexpectedKeyId) => {}
            Err(Error::InvalidSignature) => {
                let says = build_said(parsed.trusted_comment()).filter(|said| *said != build_id);
                fault = SignatureFault::Invalid { key: id, says };
            }
            Err(_) => return Err(SignatureFault::Malformed),
        }
    }
    Err(fault)
}

/// The build that a comment names: `… build:<64 hexadecimal digits>`.
fn build_said(comment: &str) -> Option<BuildId> {
    let digits = comment.split_whitespace().find_map(|word| word.strip_prefix("build:"))?.as_bytes();
    let mut id = [0; 32];
    if digits.len() != 2 * id.len() {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
    for (byte, [high, low]) in id.iter_mut().zip(digits.as_chunks().0) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Some(BuildId(id))
}

/// The number in a line of a key's or signature's file, which both begin with: two bytes of algorithm, eight of the number.
///
/// `minisign-verify` keeps it to itself, and these bytes are all that is needed: 14 digits of base64 (RFC 4648, section 4).
fn key_id(line: &str) -> Option<KeyId> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = line.trim().as_bytes().first_chunk::<14>()?;
    let mut bits: u128 = 0;
    for digit in digits {
        bits = bits << 6 | DIGITS.iter().position(|known| known == digit)? as u128;
    }
    // 84 bits, of which the last four belong to what follows.
    let number = (bits >> 4) as u64;
    Some(KeyId(number.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_read_from_a_comment() {
        let id = BuildId([0x0f; 32]);
        let comment = |text: &str| build_said(&format!("timestamp:1\tfile:a.so\t{text}"));
        assert_eq!(comment(&format!("build:{id}")), Some(id));
        for none in [
            "",
            "build:",
            "build:0f",
            &format!("build:{id}00"),
            &format!("build:{}", "ü".repeat(32)),
            &format!("build:{}", "+1".repeat(32)),
        ] {
            assert_eq!(comment(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_no_key_is_none() {
        for text in
            ["", "\n", "RWQ", "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO", "not base64 at all, but long enough to be one"]
        {
            assert_eq!(PublicKey::read(text), None, "{text}");
        }
    }
}
