//! How a signature is made.

use anyhow::{Context, Result, anyhow};
use engraft_manifest::{BuildId, signed_message};
use minisign::{PublicKey, SecretKey};
use std::io::Cursor;
use std::time::{SystemTime, UNIX_EPOCH};

/// The text of a signature of the file `name`.
pub fn sign(key: &SecretKey, name: &str, build: BuildId) -> Result<String> {
    let public = PublicKey::from_secret_key(key)?;
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?.as_secs();
    // The comment is one line, in which tabs separate.
    let name = name.replace(char::is_control, "?");
    let trusted = format!("timestamp:{timestamp}\tfile:{name}\tbuild:{build}");
    let message = Cursor::new(signed_message(build));
    let signature = minisign::sign(Some(&public), key, message, Some(&trusted), Some("signature by cargo engraft"));
    Ok(signature.map_err(|error| anyhow!("failed to sign: {error}"))?.into_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use engraft_manifest::{KeyId, PublicKey as Key, SignatureFault, verify_signature};
    use minisign::KeyPair;

    /// By minisign 0.11, over the message of the build below.
    const OF_MINISIGN: &str = include_str!("../../tests/keys/minisign.minisig");
    const KEY_OF_MINISIGN: &str = include_str!("../../tests/keys/minisign.pub");

    const BUILD: BuildId = BuildId([0x17; 32]);
    const OTHER: BuildId = BuildId([0x71; 32]);

    fn key_of(pair: &KeyPair) -> Key {
        Key::read(&pair.pk.to_base64()).unwrap()
    }

    #[test]
    fn a_signature_that_minisign_made_holds() {
        let key = Key::read(KEY_OF_MINISIGN).unwrap();
        let build = BuildId(std::array::from_fn(|index| [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef][index % 8]));
        assert!(KEY_OF_MINISIGN.contains(&key.id().to_string()), "minisign calls the key {}: {KEY_OF_MINISIGN}", key.id());
        assert_eq!(verify_signature(OF_MINISIGN, build, std::slice::from_ref(&key)), Ok(key.id()));
        let fault = SignatureFault::Invalid { key: key.id(), says: None };
        assert_eq!(verify_signature(OF_MINISIGN, BUILD, std::slice::from_ref(&key)), Err(fault));
    }

    /// What stands in a line of a text, with one of its characters changed.
    fn altered(text: &str, line: usize, character: usize) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let new = if lines[line].as_bytes()[character] == b'A' { "B" } else { "A" };
        lines[line].replace_range(character..=character, new);
        lines.join("\n")
    }

    #[test]
    fn a_signature_holds_for_its_build_and_its_key() {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let (key, text) = (key_of(&pair), sign(&pair.sk, "a\tb\n.so", BUILD).unwrap());
        let verify = |text: &str, build, key| verify_signature(text, build, std::slice::from_ref(key));
        assert_eq!(verify(&text, BUILD, &key), Ok(key.id()));
        assert_eq!(verify(&text, OTHER, &key), Err(SignatureFault::Invalid { key: key.id(), says: Some(BUILD) }));
        assert!(text.contains("\tfile:a?b?.so\t"), "{text}");
        let stranger = key_of(&KeyPair::generate_unencrypted_keypair().unwrap());
        assert_eq!(verify(&text, BUILD, &stranger), Err(SignatureFault::UnknownKey(key.id())));
        // The signature itself, the comment, and the signature over both.
        for changed in [altered(&text, 1, 40), text.replace("file:a", "file:c"), altered(&text, 3, 10)] {
            assert_eq!(verify(&changed, BUILD, &key), Err(SignatureFault::Invalid { key: key.id(), says: None }), "{changed}");
        }
        let first_lines = |count: usize| text.lines().take(count).map(|line| format!("{line}\n")).collect::<String>();
        for none in ["", "text", &first_lines(1), &first_lines(2), &first_lines(3)] {
            assert_eq!(verify(none, BUILD, &key), Err(SignatureFault::Malformed), "{none}");
        }
    }

    /// Two keys of one number: the wrong one is not the signer's, and beside the right one it does no harm.
    #[test]
    fn a_key_is_more_than_its_number() {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let mut bytes = KeyPair::generate_unencrypted_keypair().unwrap().pk.to_bytes();
        bytes[2..10].copy_from_slice(pair.pk.keynum());
        let wrong = Key::read(&PublicKey::from_bytes(&bytes).unwrap().to_base64()).unwrap();
        let (right, text) = (key_of(&pair), sign(&pair.sk, "f.so", BUILD).unwrap());
        assert_eq!(right.id(), KeyId(pair.pk.keynum().try_into().unwrap()));
        assert_eq!(
            verify_signature(&text, BUILD, std::slice::from_ref(&wrong)),
            Err(SignatureFault::Invalid { key: right.id(), says: None })
        );
        assert_eq!(verify_signature(&text, BUILD, &[wrong, right.clone()]), Ok(right.id()));
    }
}
