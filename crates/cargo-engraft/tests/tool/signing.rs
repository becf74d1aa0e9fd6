//! `keygen`, `sign` and `verify`: real keys, and plugins as they left the linker.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::{PLUGIN, Workspace};
use engraft_manifest::find_note;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

const PASSWORD: &str = "ENGRAFT_KEY_PASSWORD";

/// Keys that minisign itself made, one with the password `stock password`.
fn of_minisign(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys").join(name).display().to_string()
}

/// A directory with a plugin and a host in it.
struct Directory(TempDir);

impl Directory {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With `filter.so` and `host` in it, and a pair of keys without a password.
    fn with_a_plugin() -> Self {
        static BUILT: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
        let (plugin, host) = BUILT.get_or_init(|| {
            let workspace = Workspace::new();
            workspace.build();
            (fs::read(workspace.so("one")).unwrap(), fs::read(workspace.output("host")).unwrap())
        });
        let directory = Self::new();
        fs::write(directory.path("filter.so"), plugin).unwrap();
        fs::write(directory.path("host"), host).unwrap();
        directory.engraft("keygen --no-password").success();
        directory
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, line: &str) -> Command {
        let mut command = tool::engraft(self.0.path(), self.0.path());
        command.args(line.split_whitespace());
        command
    }

    #[track_caller]
    fn engraft(&self, line: &str) -> Ran {
        Ran::of(&mut self.command(line))
    }

    #[track_caller]
    fn engraft_with_password(&self, password: &str, line: &str) -> Ran {
        Ran::of(self.command(line).env(PASSWORD, password))
    }

    #[track_caller]
    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The digest that `--print-message` names.
    #[track_caller]
    fn build_of(&self, name: &str) -> String {
        let message = self.engraft(&format!("sign --print-message {name}")).success().stdout;
        message.strip_prefix("engraft build ").unwrap().trim_end().to_owned()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn keys_are_made_and_replace_none() {
    let directory = Directory::new();
    let ran = directory.engraft("keygen --no-password").success().says(&[
        "Created secret key engraft.key",
        "Created public key engraft.pub",
        "cargo engraft sign -s engraft.key",
        "engraft::Keyring::new()",
    ]);
    let (secret, public) = (directory.text("engraft.key"), directory.text("engraft.pub"));
    // The key alone is what a script wants to have.
    assert_eq!(ran.stdout.trim_end(), public.lines().nth(1).unwrap());
    assert_eq!(mode(&directory.path("engraft.key")), 0o600);
    assert_ne!(mode(&directory.path("engraft.pub")) & 0o044, 0, "it is for all who check");

    let refused = |line: &str, path: &str| {
        directory.engraft(line).ended(101).says(&[&format!("error: {path} already exists"), "help: ", "--force"]);
    };
    refused("keygen --no-password", "engraft.key");
    refused("keygen --no-password --secret-key other.key", "engraft.pub");
    refused("keygen --no-password --public-key other.pub", "engraft.key");
    symlink("nowhere", directory.path("link.key")).unwrap();
    refused("keygen --no-password --secret-key link.key --public-key other.pub", "link.key");
    assert_eq!((directory.text("engraft.key"), directory.text("engraft.pub")), (secret.clone(), public.clone()));
    assert!(!directory.path("other.key").exists() && !directory.path("other.pub").exists() && !directory.path("nowhere").exists());
    directory.engraft("keygen --no-password --secret-key k --public-key k").ended(101).says(&["both keys would be written to k"]);

    directory.engraft("keygen --no-password --force").success();
    assert_ne!((directory.text("engraft.key"), directory.text("engraft.pub")), (secret, public));
    assert_eq!(mode(&directory.path("engraft.key")), 0o600);
}

#[test]
fn a_key_has_a_password() {
    let directory = Directory::with_a_plugin();
    directory
        .engraft_with_password("", "keygen --secret-key k --public-key p")
        .ended(101)
        .says(&["the password is empty", "--no-password"]);
    directory.engraft_with_password("one two", "keygen --secret-key k --public-key p").success();
    directory.engraft_with_password("one", "sign -s k filter.so").ended(101).says(&["error: this is not the password of k"]);
    assert!(!directory.path("filter.so.minisig").exists());
    directory.engraft_with_password("one two", "sign -s k filter.so").success();
    directory.engraft("verify -p p filter.so").success();
}

/// `setsid` takes the terminal away, if there is one.
#[test]
fn without_a_terminal_the_password_must_be_given() {
    let directory = Directory::with_a_plugin();
    let ask = |line: &str| {
        let mut command = tool::clean("setsid");
        command.arg("--wait").arg(tool::PROGRAM).arg("engraft").args(line.split_whitespace());
        Ran::of(command.current_dir(directory.0.path()).stdin(std::process::Stdio::null()))
            .ended(101)
            .says(&["error: failed to ask for the password", "help: where there is no terminal, set ENGRAFT_KEY_PASSWORD\n"]);
    };
    ask("keygen --secret-key k --public-key p");
    assert!(!directory.path("k").exists() && !directory.path("p").exists());
    ask(&format!("sign -s {} filter.so", of_minisign("minisign.key")));
}

#[test]
fn a_signed_plugin_is_fine() {
    let directory = Directory::with_a_plugin();
    fs::copy(directory.path("filter.so"), directory.path("other name.so")).unwrap();
    Ran::of(directory.command("sign filter.so").arg("other name.so")).success().says(&["Signed filter.so (build ", "Signed other name.so"]);
    let build = directory.build_of("filter.so");
    let signature = directory.text("filter.so.minisig");
    let trusted = signature.lines().nth(2).unwrap();
    assert!(trusted.starts_with("trusted comment: timestamp:"), "{trusted}");
    assert!(trusted.ends_with(&format!("\tfile:filter.so\tbuild:{build}")), "{trusted}");
    assert!(directory.text("other name.so.minisig").contains("\tfile:other name.so\t"));

    let key = directory.text("engraft.pub").lines().nth(1).unwrap().to_owned();
    let id = directory.text("engraft.pub").lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    for keys in ["-p engraft.pub".to_owned(), format!("-P {key}"), format!("-p {} --public-key engraft.pub", of_minisign("minisign.pub"))] {
        let ran = Ran::of(directory.command(&format!("verify {keys} filter.so")).arg("other name.so")).success();
        let line = |name: &str| format!("{name}: fine: signed by {id}, build {}\n", &build[..16]);
        assert_eq!(ran.stdout, line("filter.so") + &line("other name.so"));
    }
}

#[test]
fn every_refusal_has_its_own_words() {
    let directory = Directory::with_a_plugin();
    let bytes = fs::read(directory.path("filter.so")).unwrap();
    directory.engraft("sign filter.so").success();
    let copy = |name: &str, bytes: &[u8]| {
        fs::write(directory.path(name), bytes).unwrap();
        fs::copy(directory.path("filter.so.minisig"), directory.path(&format!("{name}.minisig"))).unwrap();
    };
    copy("unsigned.so", &bytes);
    fs::remove_file(directory.path("unsigned.so.minisig")).unwrap();
    let mut altered = bytes.clone();
    altered[bytes.len() / 2] ^= 1;
    copy("altered.so", &altered);
    copy("truncated.so", &bytes[..bytes.len() - 1]);
    copy("empty.so", b"");
    copy("garbled.so", &bytes);
    fs::write(directory.path("garbled.so.minisig"), "no signature\n").unwrap();
    directory.engraft("keygen --no-password --secret-key other.key --public-key other.pub").success();
    copy("foreign.so", &bytes);
    directory.engraft("sign -s other.key foreign.so").success();

    let judged = |files: &str| directory.engraft(&format!("verify -p engraft.pub {files}"));
    let refused = |file: &str, code: &str, found: &str| {
        let path = directory.path(file).canonicalize().unwrap();
        let ran = judged(file).ended(100).prints(&[&format!("{code}: "), &path.display().to_string(), "\n  expected: ", "\nhelp: "]);
        ran.prints(&[&format!("\n  found: {found}")]);
    };
    refused("unsigned.so", "E19", "none\n");
    refused("foreign.so", "E20", "one by the key ");
    refused("altered.so", "E18", "a file that was altered: ");
    refused("truncated.so", "E04", "a truncated ELF file: ");
    refused("garbled.so", "E21", &format!("in {}, a file that is no minisign signature\n", directory.path("garbled.so.minisig").display()));
    refused("empty.so", "E04", "an empty file\n");
    // The signature is asked for before what the file is: a program can be sealed, and so signed, as well.
    refused("host", "E19", "none\n");
    fs::copy(directory.path("filter.so.minisig"), directory.path("host.minisig")).unwrap();
    refused("host", "E21", &format!("in {}, one that names the key ", directory.path("host.minisig").display()));
    // All are judged, whatever comes of the first.
    judged("unsigned.so filter.so").ended(100).prints(&["E19: nobody has signed the plugin ", "filter.so: fine: "]);
    judged("absent.so filter.so").ended(101).prints(&["filter.so: fine: "]).says(&["error: E03: there is no plugin `"]);
    judged("absent.so unsigned.so").ended(101).prints(&["E19: "]);
    directory.engraft("verify -p absent.pub filter.so").ended(101).says(&["E23: the public key absent.pub can't be read"]);
    directory.engraft("verify -p filter.so.minisig filter.so").ended(101).says(&["E24: filter.so.minisig holds no public key"]);
    directory
        .engraft("verify -P RWabc filter.so")
        .ended(101)
        .says(&["E24: what was given is no public key", "expected: a minisign public key: "]);
    directory.engraft("verify filter.so").ended(2);
}

#[test]
fn what_is_no_whole_plugin_is_not_signed() {
    let directory = Directory::with_a_plugin();
    let bytes = fs::read(directory.path("filter.so")).unwrap();
    let mut altered = bytes.clone();
    altered[bytes.len() / 2] ^= 1;
    fs::write(directory.path("altered.so"), altered).unwrap();
    fs::write(directory.path("truncated.so"), &bytes[..bytes.len() / 2]).unwrap();
    for (file, error) in [
        ("altered.so", "E18: "),
        ("truncated.so", "E04: "),
        ("host", "E04: "),
        ("engraft.pub", "E04: "),
        (".", "E04: "),
        ("absent.so", "E03: "),
    ] {
        // Not even those that are fine.
        let refused = [format!("error: {file} can't be signed\n"), format!("caused by: {error}")];
        directory.engraft(&format!("sign filter.so {file}")).ended(101).says(&[&refused[0], &refused[1], "help: "]);
        directory.engraft(&format!("sign --print-message {file}")).ended(101);
        assert!(!directory.path("filter.so.minisig").exists());
    }
    directory
        .engraft("sign -s absent.key filter.so")
        .ended(101)
        .says(&["failed to read the secret key absent.key", "help: `cargo engraft keygen`"]);
    directory.engraft("sign -s engraft.pub filter.so").ended(101).says(&["engraft.pub is no secret key"]);
    let key = directory.text("engraft.key");
    let line = key.lines().nth(1).unwrap();
    let damaged = key.replace(&line[100..104], if &line[100..104] == "AAAA" { "BBBB" } else { "AAAA" });
    fs::write(directory.path("damaged.key"), damaged).unwrap();
    directory.engraft("sign -s damaged.key filter.so").ended(101).says(&["the secret key damaged.key is damaged"]);
}

/// Both kinds of key that minisign makes.
#[test]
fn keys_of_minisign_are_keys() {
    let directory = Directory::with_a_plugin();
    directory.engraft_with_password("stock password", &format!("sign -s {} filter.so", of_minisign("minisign.key"))).success();
    let checked = format!("verify -p {} filter.so", of_minisign("minisign.pub"));
    directory.engraft(&checked).success();
    directory.engraft(&format!("sign -s {} filter.so", of_minisign("minisign-unencrypted.key"))).success();
    directory.engraft(&checked).ended(100).prints(&["E20: ", "found: one by the key 8EAAD098EF974BBD\n"]);
    directory.engraft("verify -P RWS9S5fvmNCqjn6KrAAdS0k2romeYZ60ZW0vvAsru7RF68gkMsUEerXc filter.so").success();
}

#[test]
fn a_signature_holds_for_one_build_only() {
    let workspace = Workspace::new();
    workspace.build();
    let keys = Directory::new();
    keys.engraft("keygen --no-password").success();
    let (so, key) = (workspace.so("one"), keys.path("engraft.pub"));
    let verify = || Ran::of(keys.command("verify -p").arg(&key).arg(&so));
    Ran::of(keys.command("sign").arg(&so)).success();
    verify().success();
    let build = keys.build_of(&so.display().to_string());
    // What is not linked again keeps its signature.
    workspace.build();
    verify().success();
    workspace.plugin("one", &PLUGIN.replace("    1\n", "    2\n"));
    workspace.build();
    let stale = format!("E21: the signature of the plugin {} does not hold\n", so.display());
    verify().ended(100).prints(&[&stale, &format!(", for another build ({})\n", &build[..16])]);
    Ran::of(keys.command("sign").arg(&so)).success();
    verify().success();
}

/// Opens what is named, by the key in the first file, and prints what comes of it.
const HOST: &str = r#"
fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut keyring = engraft::Keyring::new();
    keyring.trust_file(arguments.next().unwrap()).unwrap();
    for path in arguments {
        let opened = keyring.open(&path);
        println!("{path}: {}: ", opened.map_or_else(|error| error.code(), |_| "fine"));
    }
}
"#;

/// What the tool tells beforehand and what a program finds are one verdict.
#[test]
fn a_keyring_says_the_same() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.build();
    let directory = Directory::new();
    directory.engraft("keygen --no-password").success();
    directory.engraft("keygen --no-password --secret-key other.key --public-key other.pub").success();
    let bytes = fs::read(workspace.so("one")).unwrap();
    fs::write(directory.path("signed.so"), &bytes).unwrap();
    directory.engraft("sign signed.so").success();
    let file = |name: &str, bytes: &[u8], signature: Option<&str>| {
        fs::write(directory.path(name), bytes).unwrap();
        let place = directory.path(&format!("{name}.minisig"));
        signature.map_or(Ok(()), |signature| fs::write(place, signature)).unwrap();
    };
    let signature = directory.text("signed.so.minisig");
    let altered_at = |at: usize| {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        altered
    };
    let build_id = find_note(&bytes, bytes.len() as u64).unwrap().build_id_offset as usize;
    file("unsigned.so", &bytes, None);
    file("garbled.so", &bytes, Some("no signature\n"));
    file("comment.so", &bytes, Some(&signature.replace("file:signed", "file:other")));
    file("altered.so", &altered_at(bytes.len() / 2), Some(&signature));
    file("digest.so", &altered_at(build_id), Some(&signature));
    file("note.so", &altered_at(build_id - 1), Some(&signature));
    file("altered-and-unsigned.so", &altered_at(bytes.len() / 2), None);
    file("truncated.so", &bytes[..bytes.len() - 1], Some(&signature));
    file("longer.so", &[&bytes[..], b"more"].concat(), Some(&signature));
    file("text.so", b"text\n", Some(&signature));
    file("host.so", &fs::read(workspace.output("host")).unwrap(), Some(&signature));
    file("foreign.so", &bytes, None);
    directory.engraft("sign -s other.key foreign.so").success();

    let mut files: Vec<PathBuf> = fs::read_dir(directory.path("")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "so"));
    files.sort();
    let opened = workspace.host([directory.path("engraft.pub")].iter().chain(&files)).success();
    let codes = |file: &PathBuf| {
        let judged = Ran::of(directory.command("verify -p engraft.pub").arg(file));
        let (path, judged) = (file.display(), judged.stdout);
        let fine = judged.starts_with(&format!("{path}: fine: "));
        format!("{path}: {}: \n", if fine { "fine" } else { judged.split(':').next().unwrap() })
    };
    assert_eq!(files.iter().map(codes).collect::<String>(), opened.stdout);
    for code in ["fine", "E04", "E18", "E19", "E20", "E21"] {
        assert!(opened.stdout.contains(&format!(": {code}: \n")), "{code}: {opened}");
    }
}
