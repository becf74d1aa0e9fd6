//! Engraft: the plugin becomes part of the host.

use anyhow::Result;

use crate::contestant::{Built, Contestant, Edit, Reload};
use crate::heavy;
use crate::place::{Place, Profile};
use crate::program::{self, Program};

pub(crate) const CONTESTANT: Contestant = Contestant {
    name: "engraft",
    way: "a library crate, opened by `engraft::open`: the host's own types, functions and trait objects",
    build,
    edit: Some(Edit {
        source: "contestants/engraft/plugins/items/src/lib.rs",
        before: "const CONSTANT: u64 = ",
        rebuild: |place| place.engraft(&["items"]),
        reload: Reload::InPlace,
    }),
};

fn build(place: &Place) -> Result<Built> {
    program::stdout_of(&mut place.engraft(&[]))?;
    Ok(Built {
        host: Program::new(place.output("engraft", "engraft-host")),
        plugins: ["items", "items-two"].map(|name| place.output("engraft", &format!("plugins/{name}.so"))),
        // Nothing edits this plugin.
        heavy: (place.profile == Profile::Release).then(|| heavy::by_engraft(place)).transpose()?,
        versions: vec![("engraft", env!("CARGO_PKG_VERSION").to_owned())],
    })
}
