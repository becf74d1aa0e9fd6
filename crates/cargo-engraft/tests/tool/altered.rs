//! Plugins that somebody or something altered after they were linked: each is refused with what was done to it, and the intact
//! file opens before and afterwards.

use crate::workspace::Workspace;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A workspace whose plugin is built, the plugin's bytes, and where its note begins.
fn built() -> (Workspace, Vec<u8>, usize) {
    let workspace = Workspace::new();
    workspace.build();
    let whole = fs::read(workspace.so("one")).unwrap();
    let seal = engraft_manifest::find_note(&whole, whole.len() as u64).unwrap().build_id_offset as usize;
    (workspace, whole, seal)
}

/// Opens the intact plugin, each of the others, and the intact one once more.
#[track_caller]
fn are_refused(workspace: &Workspace, altered: &[(PathBuf, &str, &str)]) {
    let whole = workspace.so("one");
    let paths = std::iter::once(&whole).chain(altered.iter().map(|(path, ..)| path)).chain([&whole]);
    let ran = workspace.host(paths).success();
    assert_eq!(ran.stdout.matches("one is 1\n").count(), 2, "{ran}");
    for (path, found, help) in altered {
        let begins = format!(
            "refused: E18: the plugin {} is not what Engraft's linker made\n  \
             expected: a complete file, in which every byte is as it was linked\n  found: {found}",
            path.display()
        );
        let (_, rest) = ran.stdout.split_once(&begins).unwrap_or_else(|| panic!("expected: {begins}\n{ran}"));
        let said = rest.lines().find(|line| line.starts_with("help: "));
        assert!(said.is_some_and(|said| said.starts_with(&format!("help: {help}"))), "expected: {help}\n{ran}");
    }
}

const COPY: &str = "copy it again from where it was built, or build it again with `cargo engraft build`";
const STRIP: &str = "strip with `cargo engraft build --strip`, or the profile's `strip`";

#[test]
fn f02_bytes_that_were_altered_anywhere_are_told() {
    let (workspace, whole, seal) = built();
    let with = |name: &str, at: usize, bytes: &[u8]| {
        let mut altered = whole.clone();
        for (byte, other) in altered[at..].iter_mut().zip(bytes) {
            *byte ^= other;
        }
        let path = workspace.root.join(name);
        fs::write(&path, altered).unwrap();
        path
    };
    let content = "a file that was altered: the digest of its bytes is ";
    let headers = "a file that was altered: it has a plugin's record, and its headers do not lead there\n";
    are_refused(
        &workspace,
        &[
            (with("code.so", whole.len() / 2, &[1]), content, COPY),
            (with("end.so", whole.len() - 1, &[0x80]), content, COPY),
            (with("digest.so", seal, &[1]), content, COPY),
            (with("noise.so", whole.len() / 2, &[0x5a; 4096]), content, COPY),
            // The machine, the word size, the magic number; and the name in the note, of which the section's name is left.
            (with("machine.so", 18, &[1]), headers, COPY),
            (with("class.so", 4, &[3]), headers, COPY),
            (with("magic.so", 1, &[1]), headers, COPY),
            (with("name.so", seal - 8, &[1]), headers, COPY),
            (with("length.so", seal + 32, &[1]), "a file that was ", STRIP),
        ],
    );
}

#[test]
fn a_plugin_that_was_stripped_or_rewritten_by_hand_is_told_how_it_is_done() {
    let (workspace, whole, seal) = built();
    let by_tool = |name: &str, tool: &str, options: &[&str]| {
        let path = workspace.root.join(name);
        fs::write(&path, &whole).unwrap();
        assert!(Command::new(tool).args(options).arg(&path).status().unwrap().success());
        path
    };
    let appended = workspace.root.join("appended.so");
    fs::write(&appended, [&whole[..], b"\n"].concat()).unwrap();
    let unsealed = workspace.root.join("unsealed.so");
    let mut bytes = whole.clone();
    bytes[seal..seal + 40].fill(0);
    fs::write(&unsealed, bytes).unwrap();
    let section = "--add-section=.more=/proc/self/cmdline";
    are_refused(
        &workspace,
        &[
            (by_tool("strip.so", "strip", &[]), "a file that was truncated, or altered by a tool such as `strip`: ", STRIP),
            (by_tool("debug.so", "strip", &["--strip-debug"]), "a file that was truncated, or altered by a tool such as `strip`: ", STRIP),
            (
                by_tool("objcopy.so", "objcopy", &[section]),
                "a file that was altered, by a tool such as `objcopy` or by what was appended: ",
                STRIP,
            ),
            (appended, "a file that was altered, by a tool such as `objcopy` or by what was appended: ", STRIP),
            (unsealed, "a file whose link was not brought to its end\n", "build it again with `cargo engraft build`"),
        ],
    );
}

/// The claim to be what is open is not believed.
#[test]
fn an_altered_copy_of_an_open_plugin_is_not_taken_for_it() {
    let (workspace, mut whole, _) = built();
    let middle = whole.len() / 2;
    whole[middle] ^= 1;
    let copy = workspace.root.join("copy.so");
    fs::write(&copy, whole).unwrap();
    let ran = workspace.host([workspace.so("one"), copy]).success();
    ran.prints(&["one is 1\n", "refused: E18: "]);
}
