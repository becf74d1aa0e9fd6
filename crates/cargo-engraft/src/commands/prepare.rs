//! What is settled before cargo starts: the workspace, the user's own configuration, and what can't come to a good end.

use super::build::Build;
use super::lock::BuildLock;
use super::options::BuildOptions;
use super::unfinished;
use crate::cargo::workspace::{Graph, Workspace};
use crate::cargo::{config, profile, target_directory};
use crate::rustc::session::Session;
use crate::rustc::wrapper::refuse_target;
use crate::{output, place, role};
use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

impl<'o> Build<'o> {
    /// Reads the workspace and cargo's configuration, and refuses what can't come to a good end.
    pub fn prepare(options: &'o BuildOptions, graph: Graph) -> Result<Self> {
        if !cfg!(target_os = "linux") {
            bail!("Engraft does not support this platform yet\nhelp: Linux with glibc is what works today");
        }
        let mut metadata = MetadataCommand::new();
        if let Some(path) = &options.manifest_path {
            metadata.manifest_path(path);
        }
        metadata.other_options(options.metadata_arguments());
        let metadata = metadata.exec().map_err(|error| match error {
            // cargo's own words are the best there are.
            cargo_metadata::Error::CargoMetadata { stderr } => anyhow::anyhow!("{}", stderr.trim().trim_start_matches("error: ")),
            other => anyhow::Error::new(other).context("failed to run `cargo metadata`"),
        })?;
        let workspace = Workspace::new(&metadata, graph)?;
        workspace.check_names(&options.packages)?;
        if workspace.hosts.is_empty() {
            bail!(
                "there is no host in the workspace {}\n\
                 a host is a package with a binary that depends on `engraft`, or on a package that does\n\
                 help: `cargo engraft new PATH` makes a workspace that has one",
                workspace.root.display()
            );
        }

        let variable = |name: &str| std::env::var(name).ok();
        let cargo_home = cargo_home()?;
        let config = config::Config::read(&std::env::current_dir()?, &cargo_home)?;
        let target = options.target.clone().or_else(|| config::default_target(&config, variable));
        target.as_deref().map_or(Ok(()), refuse_target)?;
        let manifest_path = workspace.root.join("Cargo.toml");
        let manifest = std::fs::read_to_string(&manifest_path).with_context(|| format!("failed to read {}", manifest_path.display()))?;
        let manifest = manifest.parse().with_context(|| format!("failed to understand {}", manifest_path.display()))?;
        let profile = options.profile();
        let asked = profile::lto(profile, &manifest, &config, variable).map(|lto| format!("profile `{profile}` asks for lto = {lto}"));
        if let Some(asked) = asked.or_else(|| lto_in_flags(&config, target.as_deref(), &variable)) {
            output::warning(&format!(
                "{asked}; built without, because link-time optimisation would remove the symbols that plugins borrow"
            ));
        }

        let directory = match &options.target_dir {
            Some(dir) => std::path::absolute(dir)?,
            None => workspace.target_directory.clone(),
        };
        let engraft = directory.join("engraft");
        let session = Session {
            engraft: std::env::current_exe().context("failed to find the path of this program")?,
            user_wrapper: config::rustc_wrapper(&config, variable),
            linkers: engraft.join("build").join(role::LINKERS),
            profile: options.profile().to_owned(),
            workspace: workspace.root.clone(),
            cargo_home,
            target_dir: engraft.join("build"),
            plugin_side: workspace.plugin_side.clone(),
            api: workspace.api.clone(),
        };
        target_directory::make(&directory)?;
        target_directory::make(&engraft)?;
        let lock = BuildLock::wait(&engraft, &session.target_dir, options.steps())?;
        if lock.is_held() {
            unfinished::remove(&engraft);
        }
        start_afresh_after_an_update(&session.target_dir)?;
        let session_file = session.write()?;
        Ok(Self {
            output: engraft.join(target.unwrap_or_default()).join(profile::directory(options.profile())),
            options,
            workspace,
            session,
            session_file,
            objcopy: None,
            lock: Some(lock),
        })
    }
}

/// What a build directory was compiled by. The number grows with every change to what wrapper and linker leave there.
const STAMP: &str = concat!(env!("CARGO_PKG_VERSION"), " 11");

/// Removes what another version of this program compiled: cargo does not know that it would come out differently now.
fn start_afresh_after_an_update(target_dir: &Path) -> Result<()> {
    let stamp = target_dir.join("cargo-engraft-version");
    if std::fs::read_to_string(&stamp).is_ok_and(|remembered| remembered == STAMP) {
        return Ok(());
    }
    if target_dir.exists() {
        // First of all: whoever is killed in between must not leave a part that passes for the whole, to the version that made it.
        if let Err(error) = std::fs::remove_file(&stamp)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(error).with_context(|| format!("failed to remove {}", stamp.display()));
        }
        std::fs::remove_dir_all(target_dir).with_context(|| format!("failed to remove {}", target_dir.display()))?;
    }
    std::fs::create_dir_all(target_dir).with_context(|| format!("failed to create {}", target_dir.display()))?;
    place::write(&stamp, STAMP.as_bytes())
}

/// Whether compiler flags ask for LTO: those of the environment, or else of the configuration, as cargo takes them.
fn lto_in_flags(config: &config::Config, target: Option<&str>, variable: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let from_env = variable("CARGO_ENCODED_RUSTFLAGS").map(|flags| flags.replace('\x1f', " ")).or_else(|| variable("RUSTFLAGS"));
    let triple = target.unwrap_or("x86_64-unknown-linux-gnu");
    let in_file = || config.get(&["target", triple, "rustflags"]).or_else(|| config.get(&["build", "rustflags"])).map(ToString::to_string);
    // A list of flags reads like the flags when its punctuation is blank.
    let source = if from_env.is_some() { "RUSTFLAGS ask" } else { "the configured rustflags ask" };
    let flags = from_env.or_else(in_file)?.replace(['[', ']', '"', ',', '\''], " ");
    let name = |word: &str| word.trim_start_matches("-C").split('=').next().map(str::to_owned);
    let asked = flags.split_whitespace().any(|word| matches!(name(word).as_deref(), Some("lto" | "linker-plugin-lto")));
    asked.then(|| format!("{source} for LTO"))
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(std::path::absolute(home)?);
    }
    let home = std::env::home_dir().context("failed to find the home directory, in which cargo keeps its own")?;
    Ok(home.join(".cargo"))
}
