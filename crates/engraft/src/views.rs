//! All open plugins at once: which there are, and what they export under one name.

use crate::{Plugin, process};
use engraft_manifest::Export;

/// Every open plugin, in order of opening; of one that was opened again after it was rebuilt, every generation.
///
/// ```
/// for plugin in engraft::plugins() {
///     println!("{} {} from {}", plugin.name(), plugin.build_id().short(), plugin.path().display());
/// }
/// ```
#[must_use]
pub fn plugins() -> Vec<Plugin> {
    process::opened()
}

/// What every open plugin exports under a look-up's name, such as `new` or `rules::apply`, in order of opening.
///
/// Plugins may export the same names: a look-up is in one plugin, and this tells in which it would find something.
///
/// ```
/// for (plugin, export) in engraft::exports_named("new") {
///     println!("{}: {}", plugin.name(), export.signature);
/// }
/// ```
#[must_use]
pub fn exports_named(name: &str) -> Vec<(Plugin, &'static Export<'static>)> {
    let named = |plugin: Plugin| plugin.exports().iter().filter(|export| export.path == name).map(move |export| (plugin, export));
    plugins().into_iter().flat_map(named).collect()
}

impl Plugin {
    /// The how manieth plugin it is that was opened from its path: 1 for the first, 2 for the one whose file took that one's place.
    ///
    /// ```
    /// for plugin in engraft::plugins() {
    ///     println!("{} generation {}", plugin.path().display(), plugin.generation());
    /// }
    /// ```
    #[must_use]
    pub fn generation(self) -> usize {
        1 + plugins().into_iter().take_while(|other| *other != self).filter(|other| other.path() == self.path()).count()
    }
}
