//! Types that are known by name in the whole process: those that its packages export.

use crate::registration::{Export, Kind};
use crate::{Plugin, host, process, sys};
use engraft_manifest::{Key, Manifest};
use std::any::{Any, TypeId};

/// A type that a package of this process exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeInfo {
    /// Its name with its path: `filter::rules::Rule`.
    pub name: &'static str,
    /// Bytes that a value takes.
    pub size: usize,
    /// Alignment of a value, in bytes.
    pub align: usize,
    /// The name of the package that defines it.
    pub package: &'static str,
    /// That package's version; empty in a program that Engraft did not link.
    pub version: &'static str,
    /// The plugin that brought it; none if it is the program's own.
    pub plugin: Option<Plugin>,
}

/// What is known about a value's type: where it comes from, however it got here.
///
/// A type is known if it is exported (`#[engraft::export]` on the struct or enum) by a package of this program or of an
/// open plugin. Of a `Box<dyn Any>`, give what is in it (`&*boxed`): the box is an `Any` as well.
///
/// ```
/// use std::any::Any;
///
/// fn describe(value: &dyn Any) -> String {
///     match engraft::type_of(value) {
///         Some(known) => format!("{} of {} {}", known.name, known.package, known.version),
///         None => "a value of a type that nobody exports".to_owned(),
///     }
/// }
/// assert_eq!(describe(&1_u8), "a value of a type that nobody exports");
/// ```
#[must_use]
pub fn type_of(value: &dyn Any) -> Option<TypeInfo> {
    type_by_id(value.type_id())
}

/// What is known about a type, given its id; see [`type_of`].
///
/// ```
/// use std::any::TypeId;
///
/// assert_eq!(engraft::type_by_id(TypeId::of::<u8>()), None);
/// ```
#[must_use]
pub fn type_by_id(id: TypeId) -> Option<TypeInfo> {
    if let Some(export) = find(sys::host_exports(), id) {
        let manifest = host::this().ok().and_then(host::Host::manifest);
        return Some(describe(export, manifest, None));
    }
    process::opened().into_iter().find_map(|plugin| {
        let export = find(plugin.all_exports(), id)?;
        Some(describe(export, Some(plugin.manifest()), Some(plugin)))
    })
}

fn find(exports: &'static [Export], id: TypeId) -> Option<&'static Export> {
    exports.iter().find(|export| export.kind == Kind::Type && (export.type_id)() == id)
}

fn describe(export: &'static Export, manifest: Option<&Manifest<'static>>, plugin: Option<Plugin>) -> TypeInfo {
    let package = manifest.and_then(|manifest| manifest.package(Key(export.package)));
    let crate_name = || export.module.split("::").next().unwrap_or_default();
    let (package, version) = package.map_or_else(|| (crate_name(), ""), |package| (package.name, package.version));
    TypeInfo { name: (export.type_name)(), size: export.size, align: export.align, package, version, plugin }
}
