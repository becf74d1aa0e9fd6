//! Programs with more rights than whoever starts them: whoever does so has no say in where plugins are looked for.

use crate::skipped;
use crate::workspace::{Workspace, run_at};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

/// A group that is not this process's. Linux has one for nobody.
const NOGROUP: u32 = 65534;

#[test]
fn privileged_program_follows_neither_environment_nor_hard_links() {
    let workspace = Workspace::new();
    workspace.build();
    let host = workspace.root.join("host-of-nobody");
    fs::copy(workspace.output("host"), &host).unwrap();
    // Anybody can make a link of a program in a directory of theirs, where `plugins/` is theirs too.
    let theirs = workspace.root.join("theirs");
    fs::create_dir_all(theirs.join("plugins")).unwrap();
    fs::copy(workspace.so("one"), theirs.join("plugins/one.so")).unwrap();
    let run = |program: &Path, plugin: &str| {
        let mut command = run_at(program, &workspace.root);
        crate::ran::Ran::of(command.arg(plugin).env("ENGRAFT_PLUGIN_PATH", workspace.output("plugins"))).success()
    };
    run(&host, "one").prints(&["one is 1\n"]);
    if chown(&host, None, Some(NOGROUP)).is_err() || fs::metadata(&host).unwrap().gid() != NOGROUP {
        return skipped::tell("a file can't be given to another group: only root can");
    }
    fs::set_permissions(&host, PermissionsExt::from_mode(0o2755)).unwrap();
    let link = theirs.join("host");
    fs::hard_link(&host, &link).unwrap();
    for program in [&host, &link] {
        run(program, "one").prints(&[
            "refused: E03: there is no plugin `one`\n  expected: a path with a `/`: this program has more rights than whoever started it",
            "\n  found: a bare name; ",
            "\nhelp: open plugins by absolute paths, in directories that only those can write to whose rights the program has\n",
        ]);
        run(program, workspace.so("one").to_str().unwrap()).prints(&["one is 1\n"]);
    }
}
