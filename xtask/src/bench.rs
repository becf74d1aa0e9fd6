//! Measurements: what an open costs, what a call costs, how long a plugin's link takes, how large a plugin is.
//!
//! No step of `ci`: a figure taken on a shared machine says nothing that a build should fail for.
//! Each figure stands beside the bar that it is held to; times are ratios within one run wherever
//! there is something to compare with.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::engraft::Engraft;
use crate::{process, repository};
use figure::Figure;

mod call;
mod figure;
mod link;
mod open;
mod samples;
mod size;

const BENCH: &str = "fixtures/bench";
const GATEWAY: &str = "examples/gateway";

/// Builds what is measured, measures, and prints a table.
pub(crate) fn run() -> Result<()> {
    let engraft = Engraft::build_optimised()?;
    let bench = Built::new(&engraft, BENCH)?;
    let gateway = Built::new(&engraft, GATEWAY)?;

    let (host, small) = (bench.host("bench-host"), bench.plugin("small"));
    let mut figures = size::measure(&gateway.plugin("filter")).context("size")?;
    figures.extend(open::measure(&host, [&small, &bench.plugin("small-two")]).context("open")?);
    figures.extend(call::measure(&host, &small).context("call")?);
    figures.extend(link::measure(&engraft, &bench, "small").context("link")?);
    figures.extend(link::measure(&engraft, &gateway, "filter").context("link")?);
    print!("{}", Figure::table(&figures));
    Ok(())
}

/// A workspace that is built optimised.
struct Built {
    name: &'static str,
    root: PathBuf,
}

impl Built {
    fn new(engraft: &Engraft, name: &'static str) -> Result<Self> {
        let built = Self { name, root: repository::root().join(name) };
        process::check(&mut built.build(engraft))?;
        Ok(built)
    }

    /// The command that builds it.
    fn build(&self, engraft: &Engraft) -> std::process::Command {
        let mut command = engraft.command("build", &Path::new(self.name).join("Cargo.toml"));
        command.args(["--release", "--quiet"]);
        command
    }

    fn host(&self, name: &str) -> PathBuf {
        self.root.join("target/engraft/release").join(name)
    }

    fn plugin(&self, name: &str) -> PathBuf {
        self.root.join("target/engraft/release/plugins").join(name).with_extension("so")
    }
}
