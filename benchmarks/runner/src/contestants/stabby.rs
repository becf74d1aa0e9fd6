//! stabby: types with a stable layout, which is checked at each look-up.

use anyhow::Result;

use crate::contestant::{Built, Contestant, Edit, Reload};
use crate::place::Place;
use crate::program::{self, Program};

pub(crate) const CONTESTANT: Contestant = Contestant {
    name: "stabby",
    way: "a `cdylib` with functions exported by stabby: its types and trait objects, whose layout is checked. It has no hash map: \
          pairs stand in for one",
    build,
    edit: Some(Edit {
        source: "contestants/stabby/plugin/src/lib.rs",
        before: "const CONSTANT: u64 = ",
        rebuild: |place| place.cargo("build", &["stabby-plugin"]),
        reload: Reload::Copied,
    }),
};

fn build(place: &Place) -> Result<Built> {
    program::stdout_of(&mut place.cargo("build", &["stabby-host", "stabby-plugin"]))?;
    let plugin = place.output("", "libstabby_plugin.so");
    Ok(Built {
        host: Program::new(place.output("", "stabby-host")),
        plugins: [plugin.clone(), place.second_copy(&plugin)?],
        heavy: None,
        versions: vec![("stabby", place.locked_version("stabby")?)],
    })
}
