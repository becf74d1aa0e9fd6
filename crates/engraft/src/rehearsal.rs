//! What `open` would say in another program, told from that program's file and from the plugins': nothing of them is mapped.

use crate::any_file::LinkedFile;
use crate::candidate::{Access, Candidate};
use crate::dynamic_symbols::DynamicSymbols;
use crate::{Found, LoaderError, LoaderFault, NoHost, OpenError, rust_libraries, verdict};
use engraft_manifest::{BuildId, FileKind, Hash, Identity, Key, Manifest, NotARecord, Role};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// A program that does not run, in which plugins are opened for show, one after another.
///
/// The verdicts are [`open`](crate::open())'s, as far as files tell them: they are read and judged by the same functions, with the same
/// errors, and what was found to fit counts for those after it. Whether a plugin's CPU features are there is told of the machine that this runs on. Nothing is mapped, so what the system's loader would say
/// ([`OpenError::Map`]) and what becomes of initialisers ([`OpenError::InitFailed`]) stays unknown; but for what a program that has only a
/// part of a package lacks of it.
///
/// Only with the feature `tools`, which programs need not pay for; `cargo engraft check` is this for people.
///
/// ```no_run
/// # fn main() -> Result<(), engraft::NoHost> {
/// let mut rehearsal = engraft::Rehearsal::of("target/engraft/release/app")?;
/// for plugin in ["plugins/filter.so", "plugins/sink.so"] {
///     match rehearsal.open(plugin) {
///         Ok(rehearsed) => println!("{} would open", rehearsed.path.display()),
///         Err(error) => println!("{error}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Rehearsal {
    program: PathBuf,
    /// None if Engraft did not link the program.
    host: Option<Linked>,
    /// What the program and the plugins show, if it has only a part of some package.
    shown: Option<HashSet<Vec<u8>>>,
    /// The packages that plugins brought.
    brought: BTreeMap<Key, Hash>,
    opened: Vec<Linked>,
}

/// A plugin that would be open.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rehearsed {
    /// The plugin's package name.
    pub name: String,
    /// Its absolute path.
    pub path: PathBuf,
    /// The digest of the file's content.
    pub build_id: BuildId,
    /// The path of the same content, if that would have been opened before: `open` gives the same plugin then.
    pub same_as: Option<PathBuf>,
}

/// A file that Engraft linked.
#[derive(Debug)]
struct Linked {
    path: PathBuf,
    build_id: BuildId,
    record: Vec<u8>,
}

impl Rehearsal {
    /// Reads a program's file.
    ///
    /// A program that Engraft did not link is one too: it refuses every plugin, with [`OpenError::HostNotLinked`].
    ///
    /// # Errors
    ///
    /// There is no such file, it can't be read, or it is no program for this machine.
    pub fn of(program: impl AsRef<Path>) -> Result<Self, NoHost> {
        let path = std::path::absolute(program.as_ref()).unwrap_or_else(|_| program.as_ref().to_owned());
        let unreadable = |source| NoHost::Unreadable { path: path.clone(), source };
        let other = |found| NoHost::Other { path: path.clone(), found };
        // No program looks whether its own file is what its linker made: distributions strip it.
        let file = match LinkedFile::open(&path).map_err(unreadable)? {
            Ok(file) => Some(file),
            Err(Found::Other(NotARecord::Other(FileKind::Executable))) => None,
            Err(found) => return Err(other(found)),
        };
        let linked = |file: &LinkedFile| Ok(Linked { path: path.clone(), build_id: file.build_id, record: file.record()? });
        let host = file.as_ref().map(linked).transpose().map_err(unreadable)?;
        match host.as_ref().map(|host| Manifest::decode(&host.record)) {
            Some(Ok(manifest)) if manifest.role == Role::Plugin => return Err(other(Found::Plugin)),
            Some(Err(source)) => return Err(NoHost::Manifest { path, source }),
            _ => {}
        }
        let in_part = file.filter(|_| host.as_ref().is_some_and(|host| host.identity().has_partial()));
        let shown = in_part.map(|file| Ok(DynamicSymbols::read(&file.bytes()?)?.exported)).transpose().map_err(unreadable)?;
        // As the program itself would call it.
        let program = path.canonicalize().unwrap_or(path);
        Ok(Self { program, host, shown, brought: BTreeMap::new(), opened: Vec::new() })
    }

    /// Opens a plugin for show: what is found to fit is there for those that come after it.
    ///
    /// The path is absolute or starts from the working directory; bare names are looked for nowhere else.
    ///
    /// # Errors
    ///
    /// What [`open`](crate::open()) would say in that program.
    pub fn open(&mut self, plugin: impl AsRef<Path>) -> Result<Rehearsed, OpenError> {
        let Some(host) = &self.host else { return Err(OpenError::HostNotLinked { program: Some(self.program.clone()), library: None }) };
        let path = std::path::absolute(plugin.as_ref()).unwrap_or_else(|_| plugin.as_ref().to_owned());
        let candidate = Candidate::find(&path, Access::default())?;
        let same_as = self.opened.iter().find(|opened| opened.build_id == candidate.build_id()).map(|opened| opened.path.clone());
        if same_as.is_none() {
            let identity = candidate.identity()?;
            verdict::check_cpu(&candidate, &identity)?;
            rust_libraries::refuse(&candidate)?;
            let faults = verdict::faults(&identity, &host.identity(), |key| self.brought.get(&key).copied());
            if !faults.is_empty() {
                let manifests: Vec<Manifest<'_>> = std::iter::once(host).chain(&self.opened).filter_map(Linked::manifest).collect();
                return Err(verdict::refusal(&candidate, &identity, &faults, &host.identity(), || manifests.iter().collect()));
            }
            if let Some(shown) = &mut self.shown {
                look_for_symbols(&candidate, host, shown)?;
            }
            for (key, hash) in identity.bundled.iter() {
                self.brought.entry(key).or_insert(hash);
            }
        }
        let linked = Linked::of(&candidate).map_err(|source| OpenError::Unreadable { path: path.clone(), source })?;
        let name = linked.manifest().map_or_else(String::new, |manifest| manifest.name.to_owned());
        let build_id = linked.build_id;
        if same_as.is_none() {
            self.opened.push(linked);
        }
        Ok(Rehearsed { name, path, build_id, same_as })
    }
}

/// Whether everything is there that a plugin needs of packages of which the program has a part. Then what the plugin shows is there, too.
fn look_for_symbols(candidate: &Candidate, host: &Linked, shown: &mut HashSet<Vec<u8>>) -> Result<(), OpenError> {
    let plugin = &candidate.path;
    let read = || DynamicSymbols::read(&candidate.bytes()?);
    let symbols = read().map_err(|source| OpenError::Unreadable { path: plugin.clone(), source })?;
    let manifest = host.manifest();
    for name in symbols.needed.iter().filter(|name| !shown.contains(*name) && !symbols.exported.contains(*name)) {
        // As the loader would say it, of the first that it looks for.
        let words = format!("{}: undefined symbol: {}", plugin.display(), String::from_utf8_lossy(name));
        let source = LoaderError::new(words).beside(|| manifest.as_ref());
        if matches!(source.fault(), LoaderFault::NotInPart { .. }) {
            return Err(OpenError::Map { path: plugin.clone(), source });
        }
    }
    shown.extend(symbols.exported);
    Ok(())
}

impl Linked {
    fn of(candidate: &Candidate) -> std::io::Result<Self> {
        Ok(Self { path: candidate.path.clone(), build_id: candidate.build_id(), record: candidate.whole_record()? })
    }

    fn identity(&self) -> Identity<'_> {
        Identity::read(&self.record).expect("it was read when the file was")
    }

    fn manifest(&self) -> Option<Manifest<'_>> {
        Manifest::decode(&self.record).ok()
    }
}
