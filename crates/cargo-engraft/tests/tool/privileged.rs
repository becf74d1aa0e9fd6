//! Programs with more rights than whoever starts them: what the environment says of plugins is not followed there.

use crate::skipped;
use crate::workspace::{Workspace, run_at};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

/// A group that is not this process's. Linux has one for nobody.
const NOGROUP: u32 = 65534;

#[test]
fn a_setgid_host_looks_in_no_directory_that_the_environment_names() {
    let workspace = Workspace::new();
    workspace.build();
    let host = workspace.root.join("host-of-nobody");
    fs::copy(workspace.output("host"), &host).unwrap();
    let run = || {
        let mut command = run_at(&host, &workspace.root);
        crate::ran::Ran::of(command.arg("one").env("ENGRAFT_PLUGIN_PATH", workspace.output("plugins"))).success()
    };
    run().prints(&["one is 1\n"]);
    if chown(&host, None, Some(NOGROUP)).is_err() || fs::metadata(&host).unwrap().gid() != NOGROUP {
        return skipped::tell("a file can't be given to another group: only root can");
    }
    fs::set_permissions(&host, PermissionsExt::from_mode(0o2755)).unwrap();
    let beside = workspace.root.join("plugins/one.so");
    run().prints(&["refused: E03: there is no plugin `one`\n", &format!("\n  tried: {}\n  expected: ", beside.display())]);
}
