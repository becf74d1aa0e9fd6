//! `Keyring::open`: a host without `unsafe` opens what a trusted key has signed, and nothing else.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::{PLUGIN, Workspace};
use ct_codecs::{Base64, Decoder, Encoder};
use std::fs;
use std::path::{Path, PathBuf};

/// Opens every file by a keyring with the key in the first one, and tells what came of it; then once more, when the key is revoked.
const HOST: &str = r#"
#![forbid(unsafe_code)]

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut keyring = engraft::Keyring::new();
    let key = keyring.trust_file(&arguments[0]).unwrap();
    println!("trusts {key}: {}", keyring.trusted().eq([key]));
    for path in &arguments[1..] {
        let checked = keyring.check(path).map(|checked| checked.signed_by).map_err(|error| error.to_string());
        match keyring.open(path) {
            Ok(plugin) => {
                assert_eq!(checked, Ok(Some(key)));
                println!("{path} is {}", plugin.lookup::<fn() -> u32>("value").unwrap()());
                let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
                assert!(!maps.contains(&format!("{path}\n")) && maps.contains("/memfd:"), "it is mapped from a private copy");
            }
            Err(error) => {
                assert_eq!(checked, Err(error.to_string()));
                println!("refused: {error}");
            }
        }
    }
    println!("revoked: {} {}", keyring.revoke(key), keyring.revoke(key));
    println!("after that: {}", keyring.open(&arguments[1]).unwrap_err());
    println!("open are {}", engraft::plugins().len());
}
"#;

/// Keys and files in a workspace whose host opens signed plugins.
struct Signing(Workspace);

impl Signing {
    fn new() -> Self {
        let workspace = Workspace::new();
        workspace.write("host/src/main.rs", HOST);
        workspace.build();
        let this = Self(workspace);
        this.engraft(&["keygen", "--no-password"]);
        this.engraft(&["keygen", "--no-password", "--secret-key=other.key", "--public-key=other.pub"]);
        this
    }

    #[track_caller]
    fn engraft(&self, arguments: &[&str]) {
        Ran::of(tool::engraft(&self.0.root, &self.0.target).args(arguments)).success();
    }

    /// A copy of the plugin, signed by this key.
    #[track_caller]
    fn signed(&self, name: &str, key: &str) -> PathBuf {
        let path = self.0.keep(&self.0.so("one"), name);
        self.engraft(&["sign", "-s", key, &path.display().to_string()]);
        path
    }
}

fn signature_of(path: &Path) -> PathBuf {
    engraft_manifest::signature_path(path)
}

/// Makes a signature name another key: the one that this signature names.
fn rename_key(signature: &Path, as_in: &Path) {
    let bytes = |text: &str| Base64::decode_to_vec(text.lines().nth(1).unwrap(), None).unwrap();
    let (text, model) = (fs::read_to_string(signature).unwrap(), fs::read_to_string(as_in).unwrap());
    let mut renamed = bytes(&text);
    renamed[2..10].copy_from_slice(&bytes(&model)[2..10]);
    let line = Base64::encode_to_string(renamed).unwrap();
    fs::write(signature, text.replace(text.lines().nth(1).unwrap(), &line)).unwrap();
}

#[test]
fn only_what_a_trusted_key_has_signed_is_opened() {
    let signing = Signing::new();
    let unsigned = signing.0.keep(&signing.0.so("one"), "unsigned.so");
    let signed = signing.signed("signed.so", "engraft.key");
    let unknown = signing.signed("unknown.so", "other.key");
    let altered = signing.signed("altered.so", "engraft.key");
    let mut bytes = fs::read(&altered).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&altered, bytes).unwrap();
    let forged = signing.signed("forged.so", "other.key");
    rename_key(&signature_of(&forged), &signature_of(&signed));
    let garbled = signing.0.keep(&signing.0.so("one"), "garbled.so");
    fs::write(signature_of(&garbled), [0xff, 0xfe]).unwrap();
    // The signature of another build.
    signing.0.plugin("one", &PLUGIN.replace("    1\n", "    2\n"));
    signing.0.build();
    let stale = signing.0.keep(&signing.0.so("one"), "stale.so");
    fs::copy(signature_of(&signed), signature_of(&stale)).unwrap();

    let key = signing.0.root.join("engraft.pub");
    let ran = signing.0.host([&key, &signed, &unsigned, &unknown, &altered, &forged, &garbled, &stale]).success();
    let refusal = |code: &str, what: &str, path: &Path, tail: &str| format!("refused: {code}: {what} {}{tail}", path.display());
    ran.prints(&[
        &format!("{} is 1\n", signed.display()),
        &refusal("E19", "nobody has signed the plugin", &unsigned, "\n"),
        &refusal("E20", "the plugin", &unknown, " is signed by a key that is not trusted\n"),
        &refusal("E18", "the plugin", &altered, " is not what Engraft's linker made\n"),
        &refusal("E21", "the signature of the plugin", &forged, " does not hold\n"),
        "which did not make it for this file\n",
        &refusal("E21", "the signature of the plugin", &garbled, " does not hold\n"),
        "a file that is no minisign signature\n",
        &refusal("E21", "the signature of the plugin", &stale, " does not hold\n"),
        ", for another build (",
        "revoked: true false\n",
        "after that: E20: ",
        "expected: a key that this program trusts; it trusts none\n",
        "open are 1\n",
    ]);
}

/// The name is looked for as by `open`, and the signature beside what is found.
#[test]
fn a_bare_name_is_signed_where_it_is_found() {
    let signing = Signing::new();
    let so = signing.0.so("one");
    signing.engraft(&["sign", &so.display().to_string()]);
    let ran = signing.0.host([signing.0.root.join("engraft.pub"), "one".into()]).success();
    fs::remove_file(signature_of(&so)).unwrap();
    ran.prints(&["one is 1\n", "open are 1\n"]);
}
