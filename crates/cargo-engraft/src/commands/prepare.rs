//! What is settled before cargo starts: the workspace, the user's own configuration, and what can't come to a good end.

use super::build::Build;
use super::lock::BuildLock;
use super::options::BuildOptions;
use super::{renamed, unfinished};
use crate::cargo::rustflags::Flags;
use crate::cargo::workspace::{Graph, Workspace};
use crate::cargo::{config, dylibs, metadata, profile, rustflags, target_directory};
use crate::rustc::arguments::Arguments;
use crate::rustc::refused_flags;
use crate::rustc::session::Session;
use crate::rustc::stamp::STAMP;
use crate::rustc::sysroot;
use crate::rustc::wrapper::refuse_target;
use crate::start::Unsupported;
use crate::{output, place, role};
use anyhow::{Context, Result, bail};
use std::io::ErrorKind;
use std::path::Path;

impl<'o> Build<'o> {
    /// Reads the workspace and cargo's configuration, and refuses what can't come to a good end.
    pub fn prepare(options: &'o BuildOptions, graph: Graph) -> Result<Self> {
        if !cfg!(target_os = "linux") {
            bail!("Engraft does not support this platform yet\nhelp: Linux with glibc is what works today");
        }
        let metadata = metadata::read(options.manifest_path.as_deref(), options.metadata_arguments())?;
        let workspace = Workspace::new(&metadata, graph)?;
        workspace.check_names(&options.packages)?;
        dylibs::refuse(&metadata, &workspace, graph)?;
        if workspace.hosts.is_empty() {
            return Err(workspace.no_host());
        }

        let variable = |name: &str| std::env::var(name).ok();
        let cargo_home = config::cargo_home()?;
        let config = config::Config::read(&std::env::current_dir()?, &cargo_home)?;
        let target = options.target.clone().or_else(|| config::default_target(&config, variable));
        target.as_deref().map_or(Ok(()), refuse_target)?;
        let flags = rustflags::read(&config, target.as_deref(), variable);
        refuse_flags(&flags)?;
        let manifest_path = workspace.root.join("Cargo.toml");
        let manifest = std::fs::read_to_string(&manifest_path).with_context(|| format!("failed to read {}", manifest_path.display()))?;
        let manifest = manifest.parse().with_context(|| format!("failed to understand {}", manifest_path.display()))?;
        let profile = options.profile();
        let asked = profile::lto(profile, &manifest, &config, variable).map(|lto| format!("profile `{profile}` asks for lto = {lto}"));
        if let Some(asked) = asked.or_else(|| rustflags::lto(&flags)) {
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
            own_dir: engraft.join("build"),
            filled: vec![directory.clone(), engraft.clone(), engraft.join("build")],
            plugin_side: workspace.plugin_side.clone(),
            plugins: workspace.cdylibs(),
            manifests: workspace.manifests.clone(),
            places: workspace.places.clone(),
            api: workspace.api.clone(),
            links_declared: false,
        };
        target_directory::make(&directory)?;
        target_directory::make(&engraft)?;
        let lock = BuildLock::wait(&engraft, &session.target_dir, options.steps())?;
        if lock.is_held() {
            unfinished::remove(&engraft);
            sysroot::forget(&session)?;
        }
        start_afresh_after_an_update(&session.target_dir)?;
        renamed::compile_again(&session)?;
        let session_file = session.write()?;
        Ok(Self {
            compiled: session.target_dir.join(target.as_deref().unwrap_or_default()).join(profile::directory(options.profile())),
            output: engraft.join(target.unwrap_or_default()).join(profile::directory(options.profile())),
            options,
            workspace,
            session,
            session_file,
            flags,
            config,
            objcopy: None,
            lock: Some(lock),
        })
    }
}

/// Refuses flags for every compilation with which no host can be built. Those of one package the wrapper refuses.
fn refuse_flags(flags: &[Flags]) -> Result<()> {
    for flags in flags.iter().filter(|flags| flags.are_used) {
        if let Some(reason) = refused_flags::reason(&Arguments::parse(&flags.words))? {
            return Err(Unsupported(format!("{}: {reason}", flags.origin)).into());
        }
    }
    Ok(())
}

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
