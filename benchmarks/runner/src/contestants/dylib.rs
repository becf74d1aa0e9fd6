//! A Rust dylib with `-C prefer-dynamic`: std and the API as shared libraries.

use anyhow::Result;
use std::process::Command;

use crate::contestant::{Built, Contestant, Edit, Reload};
use crate::place::Place;
use crate::program::{self, Program};
use crate::toolchain;

pub(crate) const CONTESTANT: Contestant = Contestant {
    name: "dylib",
    way: "a Rust `dylib` with `-C prefer-dynamic`, opened by libloading: unchecked, std and the API as shared libraries",
    build,
    edit: Some(Edit {
        source: "contestants/dylib/plugin/src/lib.rs",
        before: "const CONSTANT: u64 = ",
        rebuild: |place| cargo(place, &["dylib-plugin"]),
        reload: Reload::Copied,
    }),
};

fn build(place: &Place) -> Result<Built> {
    program::stdout_of(&mut cargo(place, &["dylib-host", "dylib-plugin"]))?;
    let plugin = place.output("dylib", "libdylib_plugin.so");
    let libraries = [toolchain::libraries()?, place.output("dylib", "deps")];
    Ok(Built {
        host: Program {
            path: place.output("dylib", "dylib-host"),
            environment: vec![("LD_LIBRARY_PATH", std::env::join_paths(libraries)?)],
        },
        plugins: [plugin.clone(), place.second_copy(&plugin)?],
        heavy: None,
        versions: vec![("libloading", place.locked_version("libloading")?)],
    })
}

/// Uses a separate target directory, because other flags rebuild everything.
fn cargo(place: &Place, packages: &[&str]) -> Command {
    let mut command = place.cargo("build", packages);
    command.env("RUSTFLAGS", "-Cprefer-dynamic").arg("--target-dir").arg(place.root.join("target/dylib"));
    command
}
