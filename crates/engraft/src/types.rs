//! Types that are known by name in the whole process: those that its packages export.

use crate::registration::{Export, Kind};
use crate::{Plugin, host, process, sys};
use engraft_manifest::{Manifest, Origin};
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
    /// That package's version. Empty if several packages of the plugin or host have a crate of that name: then it can't be told which.
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
    let crate_name = export.module.split("::").next().unwrap_or_default();
    let (package, version) = package_of(crate_name, manifest);
    TypeInfo { name: (export.type_name)(), size: export.size, align: export.align, package, version, plugin }
}

/// Name and version of the package that brought a crate of this name along.
fn package_of(crate_name: &'static str, manifest: Option<&Manifest<'static>>) -> (&'static str, &'static str) {
    let packages = manifest.map_or(&[][..], |manifest| &manifest.packages);
    let mut brought = packages.iter().filter(|package| package.origin != Origin::Hosted && package.crate_name == crate_name);
    match (brought.next(), brought.next()) {
        (Some(package), None) => (package.name, package.version),
        _ => (crate_name, ""),
    }
}
