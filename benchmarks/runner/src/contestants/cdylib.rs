//! A cdylib with libloading, whose interface is limited to a C ABI.

use anyhow::Result;

use crate::contestant::{Built, Contestant, Edit, Reload};
use crate::place::Place;
use crate::program::{self, Program};

pub(crate) const CONTESTANT: Contestant = Contestant {
    name: "cdylib",
    way: "a `cdylib` opened by libloading: C functions, pointers and lengths, a std of its own",
    build,
    edit: Some(Edit {
        source: "contestants/cdylib/plugin/src/lib.rs",
        before: "const CONSTANT: u64 = ",
        rebuild: |place| place.cargo("build", &["cdylib-plugin"]),
        reload: Reload::Copied,
    }),
};

fn build(place: &Place) -> Result<Built> {
    program::stdout_of(&mut place.cargo("build", &["cdylib-host", "cdylib-plugin"]))?;
    let plugin = place.output("", "libcdylib_plugin.so");
    Ok(Built {
        host: Program::new(place.output("", "cdylib-host")),
        plugins: [plugin.clone(), place.second_copy(&plugin)?],
        heavy: None,
        versions: vec![("libloading", place.locked_version("libloading")?)],
    })
}
