//! abi_stable: types with a stable layout.

use anyhow::Result;

use crate::contestant::{Built, Contestant, Edit, Reload};
use crate::place::Place;
use crate::program::{self, Program};

pub(crate) const CONTESTANT: Contestant = Contestant {
    name: "abi_stable",
    way: "a `cdylib` with a root module of abi_stable: its types and trait objects, whose layout is checked",
    build,
    edit: Some(Edit {
        source: "contestants/abi_stable/plugin/src/lib.rs",
        before: "const CONSTANT: u64 = ",
        rebuild: |place| place.cargo("build", &["abi_stable-plugin"]),
        reload: Reload::Copied,
    }),
};

fn build(place: &Place) -> Result<Built> {
    program::stdout_of(&mut place.cargo("build", &["abi_stable-host", "abi_stable-plugin"]))?;
    let plugin = place.output("", "libabi_stable_plugin.so");
    Ok(Built {
        host: Program::new(place.output("", "abi_stable-host")),
        plugins: [plugin.clone(), place.second_copy(&plugin)?],
        heavy: None,
        versions: vec![("abi_stable", place.locked_version("abi_stable")?)],
    })
}
