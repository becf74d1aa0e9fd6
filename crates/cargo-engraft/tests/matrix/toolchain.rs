//! A second compiler, if one is installed.

use std::process::Command;

/// The name of an installed toolchain whose compiler is another one than the one that tests are run with.
pub fn other() -> Option<String> {
    // Without rustup there is one toolchain.
    let list = said(Command::new("rustup").args(["toolchain", "list"]))?;
    let own = said(Command::new("rustc").arg("-vV"))?;
    let names = list.lines().filter_map(|line| line.split_whitespace().next());
    let mut others = names.filter(|name| version(name).is_some_and(|version| version != own));
    others.next().map(str::to_owned)
}

fn version(toolchain: &str) -> Option<String> {
    said(Command::new("rustup").args(["run", toolchain, "rustc", "-vV"]))
}

fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}
