//! A child process with remote procedure calls over a socket.

use anyhow::Result;

use crate::contestant::{Built, Contestant};
use crate::place::Place;
use crate::program::{self, Program};

pub(crate) const CONTESTANT: Contestant = Contestant {
    name: "process",
    way: "a child process that is asked by tarpc over a Unix socket: messages, in bincode",
    build,
    edit: None,
};

fn build(place: &Place) -> Result<Built> {
    program::stdout_of(&mut place.cargo("build", &["process-host", "process-child"]))?;
    let child = place.output("", "process-child");
    Ok(Built {
        host: Program::new(place.output("", "process-host")),
        plugins: [child.clone(), place.second_copy(&child)?],
        heavy: None,
        versions: vec![("tarpc", place.locked_version("tarpc")?)],
    })
}
