//! `cargo engraft new PATH`: creates a workspace.

use super::{crate_name, engraft_source, pin, plugin_files, repository, staging, template};
use crate::commands::init;
use crate::exit;
use crate::output::{self, Steps};
use crate::rustc::toolchain::Toolchain;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Creates a workspace.
pub fn workspace(path: &Path) -> Result<u8> {
    let absolute = std::path::absolute(path).with_context(|| format!("failed to make the path {} absolute", path.display()))?;
    // Resolve `.` and `..`, so that the path ends in a name.
    let path = absolute.canonicalize().unwrap_or(absolute);
    let is_empty = || path.read_dir().is_ok_and(|mut entries| entries.next().is_none());
    if path.is_dir() && !is_empty() {
        bail!("{} exists and is not empty\nhelp: choose a path that does not exist", path.display());
    }
    if let Some(file) = path.ancestors().find(|path| path.symlink_metadata().is_ok()).filter(|path| !path.is_dir()) {
        bail!("{} is not a directory\nhelp: choose a path that does not exist", file.display());
    }
    let directory_name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = directory_name.to_lowercase();
    crate_name::validate(&name)
        .with_context(|| format!("failed to name the workspace's packages after its directory `{directory_name}`"))?;

    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let toolchain = Toolchain::ask(Path::new(&rustc))?;
    let channel = pin::channel(&toolchain, std::env::var("RUSTUP_TOOLCHAIN").ok().as_deref());
    let plugin = if name == "hello" { "greet" } else { "hello" };
    let files = files(&name, plugin, channel.as_deref())?;

    let parent = path.parent().unwrap_or(&path);
    std::fs::create_dir_all(parent).with_context(|| format!("failed to create {}", parent.display()))?;
    let scratch = if path.exists() { &path } else { parent };
    staging::appear(&path, scratch, &files, |staged| {
        init::make_programs(staged)?;
        repository::init(staged, &path);
        Ok(())
    })?;

    if channel.is_none() {
        output::warning(&format!(
            "wrote no rust-toolchain.toml, because rustup has no name for the compiler `{}`\n\
             help: always build host and plugins with the same compiler",
            toolchain.version
        ));
    }
    Steps::Told.tell("Created", &format!("workspace `{name}` with plugin `{plugin}` at {}", path.display()));
    Steps::Told.tell("Run", "`cargo run` there; `cargo engraft new --plugin NAME` adds another plugin");
    Ok(exit::FINE)
}

fn files(name: &str, plugin: &str, channel: Option<&str>) -> Result<Vec<staging::NewFile>> {
    let engraft = engraft_source::dependency().to_string();
    let api = format!("{name}_api").replace('-', "_");
    let values = [("name", name), ("plugin", plugin), ("api", &api), ("engraft", engraft.trim()), ("channel", channel.unwrap_or_default())];
    let fill = |text: &str| template::fill(text, &values);
    let root = fill(template::WORKSPACE);
    let model = plugin_files::Model {
        root: root.parse().context("the workspace template is not valid TOML")?,
        dependencies: ["engraft", &format!("{name}-api")].map(|name| (name.to_owned(), plugin_files::inherited())).into(),
        api: Some(api.clone()),
    };
    let mut files = vec![
        ("Cargo.toml", root),
        (".gitignore", fill(template::GITIGNORE)),
        ("README.md", fill(template::README)),
        ("api/Cargo.toml", fill(template::API_MANIFEST)),
        ("api/src/lib.rs", fill(template::API)),
        ("host/Cargo.toml", fill(template::HOST_MANIFEST)),
        ("host/src/main.rs", fill(template::HOST)),
    ];
    files.extend(channel.map(|_| ("rust-toolchain.toml", fill(template::TOOLCHAIN))));
    files.extend(init::of_new_workspace()?);
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text));
    let of_plugin = model.files(plugin).into_iter().map(|(path, text)| (format!("plugins/{plugin}/{path}"), text));
    Ok(files.chain(of_plugin).collect())
}
