//! What a program with a keyring would say of a file: the same checks, in the same order.

use super::key_id::KeyId;
use super::refusal::Refusal;
use super::signature::{beside, named_build, signed_message};
use super::{PluginFile, PublicKey};
use anyhow::{Context, Result};
use engraft_manifest::BuildId;
use minisign::SignatureBox;
use std::io::ErrorKind;
use std::path::Path;

/// What a file is found to be, or why it is refused.
pub type Verdict = Result<Signed, Refusal>;

/// A plugin with a signature that holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who signed it.
    pub key: KeyId,
    /// Which build it is.
    pub build: BuildId,
}

/// Judges a file by these keys. The outer error says that it could not be judged.
pub fn judge(file: &Path, keys: &[PublicKey]) -> Result<Verdict> {
    let plugin = match PluginFile::read(file)? {
        Ok(plugin) => plugin,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let place = beside(file);
    match std::fs::read(&place) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Err(Refusal::Unsigned(place))),
        text => Ok(judge_signature(&text.with_context(|| format!("failed to read {}", place.display()))?, plugin.build, keys, &place)),
    }
}

/// Judges the text of a signature that stands at `place`.
fn judge_signature(text: &[u8], build: BuildId, keys: &[PublicKey], place: &Path) -> Verdict {
    let decoded = std::str::from_utf8(text).ok().and_then(decode);
    let (id, signature) = decoded.ok_or_else(|| Refusal::NoSignature(place.to_owned()))?;
    let named: Vec<&PublicKey> = keys.iter().filter(|key| key.id == id).collect();
    if named.is_empty() {
        return Err(Refusal::UnknownKey(id));
    }
    let holds_for = |build| named.iter().any(|key| key.key.verify(signed_message(build).as_bytes(), &signature, false).is_ok());
    if holds_for(build) {
        return Ok(Signed { key: id, build });
    }
    let other = named_build(signature.trusted_comment()).filter(|build| holds_for(*build));
    Err(other.map_or(Refusal::DoesNotHold(id), Refusal::OtherBuild))
}

/// A signature and the id of its key. The stricter reader comes first.
fn decode(text: &str) -> Option<(KeyId, minisign_verify::Signature)> {
    let signature = minisign_verify::Signature::decode(text).ok()?;
    let id = KeyId::new(SignatureBox::from_string(text).ok()?.keynum());
    Some((id, signature))
}

#[cfg(test)]
mod tests {
    use super::super::sign;
    use super::*;
    use minisign::KeyPair;

    /// By minisign 0.11, over the message of the build below.
    const OF_MINISIGN: &str = include_str!("../../tests/keys/minisign.minisig");
    const KEY_OF_MINISIGN: &str = include_str!("../../tests/keys/minisign.pub");

    fn build() -> BuildId {
        BuildId(std::array::from_fn(|index| [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef][index % 8]))
    }

    fn judged(text: &str, build: BuildId, keys: &[PublicKey]) -> Verdict {
        judge_signature(text.as_bytes(), build, keys, Path::new("f.minisig"))
    }

    /// What a line of base64 is with one of its characters changed.
    fn altered(text: &str, line: usize, character: usize) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let old = lines[line].as_bytes()[character];
        lines[line].replace_range(character..=character, if old == b'A' { "B" } else { "A" });
        lines.join("\n")
    }

    #[test]
    fn a_signature_that_minisign_made_holds() {
        let key = PublicKey::parse(KEY_OF_MINISIGN).unwrap();
        assert_eq!(judged(OF_MINISIGN, build(), std::slice::from_ref(&key)), Ok(Signed { key: key.id, build: build() }));
        let line = KEY_OF_MINISIGN.lines().nth(1).unwrap();
        assert_eq!(PublicKey::parse(line).unwrap().id, key.id);
        assert!(KEY_OF_MINISIGN.contains(&key.id.to_string()), "minisign names the key {}: {KEY_OF_MINISIGN}", key.id);
        assert_eq!(judged(OF_MINISIGN, BuildId([1; 32]), std::slice::from_ref(&key)), Err(Refusal::DoesNotHold(key.id)));
    }

    #[test]
    fn each_fault_has_its_refusal() {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let key = PublicKey::parse(&pair.pk.to_base64()).unwrap();
        let (keys, id) = (std::slice::from_ref(&key), key.id);
        let text = sign(&pair.sk, "f.so", build()).unwrap();
        assert_eq!(judged(&text, build(), keys), Ok(Signed { key: id, build: build() }));
        assert_eq!(judged(&text, build(), &[]), Err(Refusal::UnknownKey(id)));
        assert_eq!(judged(&text, BuildId([1; 32]), keys), Err(Refusal::OtherBuild(build())));
        // The signature itself, the comment, and the signature over both.
        for changed in [altered(&text, 1, 40), text.replace("file:f.so", "file:g.so"), altered(&text, 3, 10)] {
            assert_eq!(judged(&changed, build(), keys), Err(Refusal::DoesNotHold(id)), "{changed}");
        }
        let first_lines = |count: usize| text.lines().take(count).map(|line| format!("{line}\n")).collect::<String>();
        for none in ["", "text", &first_lines(1), &first_lines(2), &first_lines(3), &text.replace('=', "")] {
            assert_eq!(judged(none, build(), keys), Err(Refusal::NoSignature("f.minisig".into())), "{none}");
        }
        assert_eq!(judge_signature(b"\xff", build(), keys, Path::new("f")), Err(Refusal::NoSignature("f".into())));
    }

    /// Two keys of one id: the wrong one alone is not the signer's, and beside the right one it does no harm.
    #[test]
    fn a_key_is_more_than_its_id() {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let right = PublicKey::parse(&pair.pk.to_base64()).unwrap();
        let other = KeyPair::generate_unencrypted_keypair().unwrap().pk;
        let wrong = PublicKey { id: right.id, key: forged(&pair.pk, &other) };
        let text = sign(&pair.sk, "f.so", build()).unwrap();
        assert_eq!(judged(&text, build(), std::slice::from_ref(&wrong)), Err(Refusal::DoesNotHold(right.id)));
        assert_eq!(judged(&text, build(), &[wrong, right.clone()]), Ok(Signed { key: right.id, build: build() }));
    }

    /// A key with the id of one and the rest of another.
    fn forged(id_of: &minisign::PublicKey, rest_of: &minisign::PublicKey) -> minisign_verify::PublicKey {
        let mut bytes = rest_of.to_bytes();
        bytes[2..10].copy_from_slice(id_of.keynum());
        minisign_verify::PublicKey::from_base64(&minisign::PublicKey::from_bytes(&bytes).unwrap().to_base64()).unwrap()
    }
}
