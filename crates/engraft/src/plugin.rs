//! An open plugin.

use crate::file_state::Stamp;
use crate::lookup;
use crate::registration::{self, Entry};
use crate::symbols::{self, Symbol};
use crate::{LookupError, Timings, sys};
use engraft_manifest::{BuildId, Export, Identity, Manifest, Package, Role, Toolchain, find_note};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// An open plugin: a part of this process until it ends.
///
/// Cheap to copy; every copy is the same plugin. Nothing is ever unloaded, so all that comes out of a plugin
/// is `'static`.
#[derive(Clone, Copy)]
pub struct Plugin(&'static Inner);

/// What is known once a plugin is mapped.
pub(crate) struct Opened {
    pub(crate) path: PathBuf,
    pub(crate) build_id: BuildId,
    /// What tells later whether the file was replaced or written to.
    pub(crate) stamp: Stamp,
    /// Whether a private copy of the file is mapped.
    pub(crate) is_copy: bool,
    pub(crate) entry: &'static Entry,
    /// Whether there was nothing to initialise once it was mapped.
    pub(crate) is_ready_when_mapped: bool,
}

/// Memory for one plugin.
pub(crate) struct Room(Box<MaybeUninit<Inner>>);

struct Inner {
    opened: Opened,
    /// Decoded when somebody asks: opening a plugin and looking things up does without.
    manifest: OnceLock<Manifest<'static>>,
    /// As far as it has come.
    timings: Mutex<Timings>,
    /// Asked of the loader when somebody wants to know what the plugin has started.
    range: OnceLock<Option<Range<usize>>>,
    /// Read from the file when a look-up fails.
    symbols: OnceLock<Vec<Symbol>>,
}

impl Plugin {
    /// Memory for a plugin, so that [`new`](Self::new) allocates none.
    pub(crate) fn room() -> Room {
        Room(Box::new_uninit())
    }

    /// A plugin in this memory.
    pub(crate) fn new(room: Room, opened: Opened) -> Self {
        Self(Box::leak(Box::write(
            room.0,
            Inner { opened, manifest: OnceLock::new(), timings: Mutex::default(), symbols: OnceLock::new(), range: OnceLock::new() },
        )))
    }

    /// The plugin's whole manifest, which opening does not decode. If it can't be decoded, it is empty.
    pub(crate) fn manifest(self) -> &'static Manifest<'static> {
        let mut unreadable = None;
        let manifest = self.0.manifest.get_or_init(|| {
            Manifest::decode(self.0.opened.entry.record()).unwrap_or_else(|error| {
                unreadable = Some(error);
                let name = self.path().file_stem().and_then(|stem| stem.to_str()).unwrap_or("unknown");
                Manifest {
                    role: Role::Plugin,
                    name,
                    toolchain: Toolchain { version: "", commit: "", host: "" },
                    target: "",
                    profile: "",
                    hosts: Vec::new(),
                    packages: Vec::new(),
                    exports: Vec::new(),
                    initialisers: Vec::new(),
                    flag_sets: Vec::new(),
                    modifiers: "",
                    cpu_features: "",
                    slices: Vec::new(),
                }
            })
        });
        // Only now: a subscriber may ask for the manifest too.
        if let Some(error) = unreadable {
            tracing::warn!(%error, path = %self.path().display(), "the manifest of an open plugin can't be decoded");
        }
        manifest
    }

    pub(crate) fn is_ready_when_mapped(self) -> bool {
        self.0.opened.is_ready_when_mapped
    }

    /// The packages that it consists of, for a verdict.
    pub(crate) fn identity(self) -> Identity<'static> {
        Identity::read(self.0.opened.entry.record()).expect("it was read when the plugin was judged, and the mapped file is that one")
    }

    /// How long each step of opening it took.
    ///
    /// ```no_run
    /// # fn show(plugin: engraft::Plugin) {
    /// println!("mapped in {:?}", plugin.timings().map);
    /// # }
    /// ```
    #[must_use]
    pub fn timings(self) -> Timings {
        *self.0.timings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_timings(self, timings: Timings) {
        *self.0.timings.lock().unwrap_or_else(PoisonError::into_inner) = timings;
    }

    /// The constructors and destructors of all that it brought.
    pub(crate) fn function_lists(self) -> &'static [registration::FunctionList] {
        self.0.opened.entry.function_lists()
    }

    pub(crate) fn stamp(self) -> Stamp {
        self.0.opened.stamp
    }

    pub(crate) fn is_copy(self) -> bool {
        self.0.opened.is_copy
    }

    /// The addresses at which it is mapped.
    pub(crate) fn range(self) -> Option<&'static Range<usize>> {
        let entry = std::ptr::from_ref(self.0.opened.entry).addr();
        self.0.range.get_or_init(|| sys::object_around(entry)).as_ref()
    }

    /// The exports of all packages that it brought.
    pub(crate) fn all_exports(self) -> &'static [registration::Export] {
        self.0.opened.entry.all_exports()
    }

    /// The items that the plugin's file has symbols for; none if the file is not what was opened any more, or if another of the
    /// plugin's packages has the same crate name, since symbols do not say which package they are of.
    pub(crate) fn symbols(self) -> &'static [Symbol] {
        let (manifest, crate_name) = (self.manifest(), self.0.opened.entry.crate_name);
        self.0.symbols.get_or_init(|| {
            if manifest.packages.iter().filter(|package| package.crate_name == crate_name).count() > 1 {
                return Vec::new();
            }
            let file = std::fs::read(self.path()).unwrap_or_default();
            let opened = find_note(&file, file.len() as u64).is_ok_and(|note| note.build_id == self.build_id());
            if opened { symbols::of_crate(&file, crate_name) } else { Vec::new() }
        })
    }

    /// The plugin's package name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.manifest().name
    }

    /// The absolute path that it was opened from.
    #[must_use]
    pub fn path(self) -> &'static Path {
        &self.0.opened.path
    }

    /// The digest of the file's content. Two builds with one content have one build id.
    #[must_use]
    pub fn build_id(self) -> BuildId {
        self.0.opened.build_id
    }

    /// The packages that the plugin consists of: those that it borrows from the host, then those that it brought.
    #[must_use]
    pub fn packages(self) -> &'static [Package<'static>] {
        &self.manifest().packages
    }

    /// What the plugin exports, ordered by path.
    ///
    /// ```no_run
    /// # fn show(plugin: engraft::Plugin) {
    /// for export in plugin.exports() {
    ///     println!("{} ({}:{})", export.signature, export.file, export.line);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn exports(self) -> &'static [Export<'static>] {
        &self.manifest().exports
    }

    /// Finds an exported function or static by its path within the plugin's crate.
    ///
    /// `T` is the type of what is looked up: for a function its `fn` pointer type, such as
    /// `fn(&Request) -> Response`; for a static the static's type. `name` is the item's path without the
    /// crate: `apply` or `rules::apply`. An exported `async fn` has the type of a function that returns
    /// [`BoxFuture`](crate::BoxFuture).
    ///
    /// What comes back is a plain reference, valid for the rest of the process; calling through it costs
    /// what an indirect call costs.
    ///
    /// # Errors
    ///
    /// The plugin exports nothing of that name, or something of another type.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let plugin: engraft::Plugin = unsafe { engraft::open("filter") }?;
    /// let count = plugin.lookup::<fn(&str) -> usize>("count")?;
    /// let hits = plugin.lookup::<AtomicU64>("HITS")?;
    /// hits.fetch_add(count("some text") as u64, Ordering::Relaxed);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lookup<T: 'static>(self, name: &str) -> Result<&'static T, LookupError> {
        lookup::find(self, self.0.opened.entry, name)
    }
}

impl PartialEq for Plugin {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Plugin {}

impl Hash for Plugin {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.0).hash(state);
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin").field("name", &self.name()).field("path", &self.path()).field("build_id", &self.build_id()).finish()
    }
}
