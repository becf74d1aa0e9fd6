//! A gateway that opens only plugins which are signed by a key that it trusts.

use crate::gateway::{self, Gateway, executable};
use crate::{folder, http};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A copy of the gateway and its filter, so that nobody else sees the signature.
fn copy(folder: &Path) -> (PathBuf, PathBuf) {
    let (program, plugin) = (folder.join("gateway"), folder.join("plugins/filter.so"));
    fs::create_dir_all(folder.join("plugins")).expect("a folder can be made");
    fs::copy(executable(), &program).expect("the gateway is built");
    fs::copy(executable().with_file_name("plugins").join("filter.so"), &plugin).expect("the filter is built");
    (program, plugin)
}

/// `cargo engraft`: the one in `ENGRAFT`, or the installed one.
fn engraft(folder: &Path, arguments: &[&str]) {
    let program = env::var_os("ENGRAFT").unwrap_or_else(|| "cargo-engraft".into());
    let status = Command::new(program).arg("engraft").args(arguments).current_dir(folder).status();
    assert!(status.expect("`cargo engraft` can be run").success(), "cargo engraft {arguments:?}");
}

#[test]
fn only_signed_plugins_are_opened_where_the_configuration_names_a_key() {
    let folder = folder("signed");
    let (program, plugin) = copy(&folder);
    let configuration = "trust = engraft.pub\nstages = filter\n[filter]\nrule = deny path ^/admin\n";

    let error = gateway::program_refused(&program, &folder, configuration);
    assert!(error.contains("E23: ") && error.contains("engraft.pub can't be read"), "{error}");
    engraft(&folder, &["keygen", "--no-password"]);
    let error = gateway::program_refused(&program, &folder, configuration);
    assert!(error.contains("E19: nobody has signed the plugin") && error.contains("filter.so.minisig"), "{error}");

    engraft(&folder, &["sign", "--secret-key=engraft.key", "plugins/filter.so"]);
    let gateway = Gateway::start_program(&program, &folder, configuration);
    assert_eq!(http::request(gateway.address, "GET", "/admin", &[]).status, 403);
    gateway.stop();

    let mut bytes = fs::read(&plugin).expect("the filter can be read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&plugin, bytes).expect("the filter can be written");
    let error = gateway::program_refused(&program, &folder, configuration);
    assert!(error.contains("E18: ") && error.contains("a file that was altered"), "{error}");
}
