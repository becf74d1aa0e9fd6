//! Signatures and keys: whatever a file says, it is read or refused, and nobody's word is taken for a signature.

use engraft_manifest::{BuildId, PublicKey, SignatureFault, verify_signature};

/// A key of which nobody here has the secret part: that of minisign's own documentation.
const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

/// Takes the bytes for the text of a key's and of a signature's file.
///
/// # Panics
///
/// Something does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let trusted: Vec<PublicKey> = [PublicKey::read(KEY).expect("it is a key")].into_iter().chain(PublicKey::read(&text)).collect();
    assert!(trusted.iter().all(|key| key.id().to_string().len() == 16));
    match verify_signature(&text, BuildId([7; 32]), &trusted) {
        Ok(key) => panic!("{key} has signed a build that nobody made"),
        Err(SignatureFault::UnknownKey(key)) => assert!(trusted.iter().all(|trusted| trusted.id() != key)),
        Err(fault) => assert!(!fault.to_string().is_empty()),
    }
    assert!(verify_signature(&text, BuildId([7; 32]), &[]).is_err(), "nobody is trusted");
}
