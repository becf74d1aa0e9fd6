//! The key that plugins are signed with, and its password.

use anyhow::{Context, Result, anyhow, bail};
use ct_codecs::{Base64, Decoder};
use minisign::{ErrorKind, SecretKey, SecretKeyBox};
use std::ops::Range;
use std::path::Path;

/// Where there is no terminal, the password stands in this environment variable.
const PASSWORD: &str = "ENGRAFT_KEY_PASSWORD";

/// Reads a secret key, minisign's or ours, and asks for its password if it has one.
pub fn read(path: &Path) -> Result<SecretKey> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("failed to read the secret key {}\nhelp: `cargo engraft keygen` makes one, -s says where it is", path.display())
    })?;
    let no_key = |error: &dyn std::fmt::Display| anyhow!("{} is no secret key: {error}", path.display());
    match kind(&text).map_err(|error| no_key(&error))? {
        Kind::Bare(key) => Ok(key),
        Kind::Checked => SecretKeyBox::from(text).into_unencrypted_secret_key().map_err(|error| match error.kind() {
            ErrorKind::Verify => anyhow!("the secret key {} is damaged", path.display()),
            _ => no_key(&error),
        }),
        Kind::Encrypted => {
            let password = match given_password()? {
                Some(password) => password,
                None => ask(&format!("Password of {}: ", path.display()))?,
            };
            SecretKeyBox::from(text).into_secret_key(Some(password)).map_err(|error| match error.kind() {
                ErrorKind::Verify => anyhow!("this is not the password of {}", path.display()),
                _ => no_key(&error),
            })
        }
    }
}

/// How a secret key is kept.
enum Kind {
    /// With a password.
    Encrypted,
    /// Without one, and with a checksum.
    Checked,
    /// Without either, as minisign itself does it; the crate `minisign` would take it for damaged.
    Bare(SecretKey),
}

/// The kind of key that the text of a key file is. Key and checksum come last, behind what tells how they are encrypted.
fn kind(text: &str) -> Result<Kind> {
    let line = text.lines().nth(1).context("it has no second line")?;
    let bytes = Base64::decode_to_vec(line.trim(), None).map_err(|error| anyhow!("its second line: {error}"))?;
    let key = SecretKey::from_bytes(&bytes).map_err(|error| anyhow!("its second line: {error}"))?;
    let encrypted = bytes[ENCRYPTION] != [0, 0];
    Ok(match bytes.ends_with(&[0; CHECKSUM]) {
        _ if encrypted => Kind::Encrypted,
        true => Kind::Bare(key),
        false => Kind::Checked,
    })
}

/// Where it stands how a key is encrypted: zero if it is not.
const ENCRYPTION: Range<usize> = 2..4;

/// Bytes of the checksum.
const CHECKSUM: usize = 32;

/// The password that a new key is to have.
pub fn ask_for_new_password() -> Result<String> {
    let password = match given_password()? {
        Some(password) => password,
        None => {
            let password = ask("Password for the secret key: ")?;
            if ask("The same again: ")? != password {
                bail!("these are two different passwords");
            }
            password
        }
    };
    if password.is_empty() {
        bail!("the password is empty\nhelp: --no-password makes a key without one");
    }
    Ok(password)
}

fn given_password() -> Result<Option<String>> {
    match std::env::var(PASSWORD) {
        Ok(password) => Ok(Some(password)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("failed to read the variable {PASSWORD}")),
    }
}

fn ask(prompt: &str) -> Result<String> {
    let help = format!("failed to ask for the password\nhelp: where there is no terminal, set {PASSWORD}");
    rpassword::prompt_password(prompt).context(help)
}
