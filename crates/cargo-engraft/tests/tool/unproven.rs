//! What a file may cost before it is proven to be what it says: no copy, little memory, and no hashing of what no linker makes.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::{Workspace, run_at};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Takes each path in every way, and tells how much memory it had at most.
const HOST: &str = r#"
use engraft::{Keyring, OpenOptions};

/// In KiB.
fn most_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut keyring = Keyring::new();
    keyring.trust_file(&arguments[0]).unwrap();
    let told = |result: Result<engraft::Plugin, engraft::OpenError>| match result {
        Ok(plugin) => plugin.lookup::<fn() -> u32>("value").unwrap()().to_string(),
        Err(error) => error.to_string(),
    };
    for path in &arguments[1..] {
        let before = most_memory();
        let signed = told(keyring.open(path));
        let copied = told(unsafe { OpenOptions::new().private_copy(true).open(path) });
        println!("{path}: {signed}\n{copied}\nkib {}", most_memory() - before);
    }
}
"#;

/// Makes a copy of a signed plugin longer by zeros that take no room on the disk; its header says what `claimed` says.
fn lengthened(workspace: &Workspace, plugin: &Path, name: &str, len: u64, claimed: Option<u64>) -> PathBuf {
    let path = workspace.keep(plugin, name);
    fs::copy(engraft_manifest::signature_path(plugin), engraft_manifest::signature_path(&path)).unwrap();
    if let Some(claimed) = claimed {
        let mut bytes = fs::read(&path).unwrap();
        let at = engraft_manifest::find_note(&bytes, bytes.len() as u64).unwrap().build_id_offset as usize + 32;
        bytes[at..at + 8].copy_from_slice(&claimed.to_le_bytes());
        fs::write(&path, bytes).unwrap();
    }
    File::options().write(true).open(&path).unwrap().set_len(len).unwrap();
    path
}

#[test]
fn unproven_file_is_never_copied() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.build();
    let plugin = workspace.keep(&workspace.so("one"), "one.so");
    for arguments in [&["keygen", "--no-password"][..], &["sign", "-s", "engraft.key", plugin.to_str().unwrap()]] {
        Ran::of(tool::engraft(&workspace.root, &workspace.target).args(arguments)).success();
    }
    let cases = [
        // As the linker says, and longer: nothing of it is hashed.
        (lengthened(&workspace, &plugin, "longer.so", 1 << 40, None), "a file that was altered, by a tool such as `objcopy`"),
        // It says itself that it is so long.
        (lengthened(&workspace, &plugin, "long.so", 1 << 40, Some(1 << 40)), "Engraft links no plugin of more than 4294967296"),
        (lengthened(&workspace, &plugin, "claims.so", 1 << 28, Some(1 << 28)), "a file that was altered: the digest of its bytes is "),
    ];
    // A copy would need a file in memory of that size, which ends the program here: SIGXFSZ (`setrlimit(2)`).
    let mut host = run_at(Path::new("bash"), &workspace.root);
    host.args(["-c", "ulimit -f 65536 && exec \"$@\"", "bash"]).arg(workspace.output("host")).arg(workspace.root.join("engraft.pub"));
    let ran = Ran::of(host.args(cases.iter().map(|(path, _)| path)).arg(&plugin)).success();
    for (path, found) in &cases {
        let refused = format!("E18: the plugin {} is not what Engraft's linker made\n", path.display());
        assert_eq!(ran.stdout.matches(&refused).count(), 2, "{ran}");
        assert_eq!(ran.stdout.matches(found).count(), 2, "{found}: {ran}");
    }
    for line in ran.stdout.lines().filter_map(|line| line.strip_prefix("kib ")).take(cases.len()) {
        let kib: usize = line.parse().unwrap();
        assert!(kib < 8 << 10, "{kib} KiB for a file that is refused\n{ran}");
    }
    ran.prints(&[&format!("{}: 1\n1\n", plugin.display())]);
}
