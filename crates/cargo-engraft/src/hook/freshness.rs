//! Whether a plugin that cargo has built is what its sources say, and fits a program.

use crate::link::linked_file;
use crate::rustc::dep_info;
use anyhow::Result;
use engraft_manifest::{Hash, Identity, Key, Known, Manifest, Toolchain, judge};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What is wrong with a plugin.
#[derive(Debug)]
pub enum Stale {
    /// It was not built, or is something else.
    Missing,
    /// It is older than a file that it was made from.
    Older(PathBuf),
    /// It does not fit the program: why, as `open` would say it.
    Unfit(String),
}

/// A program that opens plugins.
#[derive(Debug)]
pub struct Host {
    record: Vec<u8>,
}

impl Host {
    /// Reads it; none if Engraft did not link it.
    pub fn read(program: &Path) -> Result<Option<Self>> {
        Ok(linked_file::read(program)?.ok().map(|linked| Self { record: linked.record }))
    }

    /// Looks at the plugin at `file`. Its dependency file is `dep_info`, in which relative paths start at `root`.
    pub fn check(&self, file: &Path, dep_info: &Path, root: &Path) -> Result<Option<Stale>> {
        let Ok(Ok(linked)) = linked_file::read(file) else { return Ok(Some(Stale::Missing)) };
        let changed = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        let built = changed(file);
        let text = std::fs::read_to_string(dep_info).unwrap_or_default();
        if let Some(newer) = dep_info::sources(&text).into_iter().map(|source| root.join(source)).find(|source| changed(source) > built) {
            return Ok(Some(Stale::Older(newer)));
        }
        let host = Identity::read(&self.record)?;
        let faults = judge(&Program(host), &Identity::read(&linked.record)?);
        if faults.is_empty() {
            return Ok(None);
        }
        let (plugin, host) = (Manifest::decode(&linked.record)?, Manifest::decode(&self.record)?);
        let differences = engraft_manifest::differences(&plugin, &faults, &[&host]);
        Ok(Some(Stale::Unfit(engraft_manifest::report(&differences).to_string())))
    }
}

/// A program in which no plugin is open yet.
struct Program<'a>(Identity<'a>);

impl Known for Program<'_> {
    fn toolchain(&self) -> Toolchain<'_> {
        self.0.toolchain
    }
    fn modifiers(&self) -> &str {
        self.0.modifiers
    }
    fn in_host(&self, key: Key) -> Option<Hash> {
        self.0.bundled.hash_of(key)
    }
    fn is_private(&self, key: Key) -> bool {
        self.0.is_private(key)
    }
    fn is_partial(&self, key: Key) -> bool {
        self.0.is_partial(key)
    }
    fn brought(&self, _: Key) -> Option<Hash> {
        None
    }
}
