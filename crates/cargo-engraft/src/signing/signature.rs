//! A signature: where it stands, what it is over, and how it is made.

use anyhow::{Context, Result, anyhow};
use engraft_manifest::BuildId;
use minisign::{PublicKey, SecretKey};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What is signed: not the file but a line that names its digest. So a file is read once, and nothing is hashed twice.
pub fn signed_message(build: BuildId) -> String {
    format!("engraft build {build}\n")
}

/// Where the signature of a file stands.
pub fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".minisig");
    name.into()
}

/// Before the build in a trusted comment.
const BUILD: &str = "build:";

/// The text of a signature of the file `name`.
pub fn sign(key: &SecretKey, name: &str, build: BuildId) -> Result<String> {
    let public = PublicKey::from_secret_key(key)?;
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?.as_secs();
    // The comment is one line, in which tabs separate.
    let name = name.replace(char::is_control, "?");
    let trusted = format!("timestamp:{timestamp}\tfile:{name}\t{BUILD}{build}");
    let message = Cursor::new(signed_message(build));
    let signature = minisign::sign(Some(&public), key, message, Some(&trusted), Some("signature by cargo engraft"));
    Ok(signature.map_err(|error| anyhow!("failed to sign: {error}"))?.into_string())
}

/// The build that a trusted comment names; those that minisign itself made name none.
pub fn named_build(trusted: &str) -> Option<BuildId> {
    let digits = trusted.split('\t').find_map(|field| field.strip_prefix(BUILD))?;
    let mut build = [0; 32];
    for (index, byte) in build.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    (digits.len() == 2 * build.len()).then_some(BuildId(build))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trusted_comment_names_a_build_or_none() {
        let digits = "0123456789abcdef".repeat(4);
        let named = named_build(&format!("timestamp:1\tfile:a.so\tbuild:{digits}")).unwrap();
        assert_eq!(named.to_string(), digits);
        let none = ["", "timestamp:1\tfile:build:", "build:00", &format!("build:{digits}0"), &format!("build:{}", "é".repeat(32))];
        for comment in none {
            assert_eq!(named_build(comment), None, "{comment}");
        }
    }
}
