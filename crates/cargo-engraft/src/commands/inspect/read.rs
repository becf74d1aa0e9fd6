//! Reads a file and tells what it is. All of the file is read, and nothing of it is mapped or run.

use super::report::{CrateSize, File, Initialiser, Item, ItemKind, Kind, Linked, Origin, Package, Rest, Size, Toolchain, Undivided};
use crate::link::nodes;
use crate::output::number;
use crate::size::{Bytes, Crate, Known, breakdown};
use engraft::Found;
use engraft_manifest::{self as record, Damage, Manifest, Note, Role, find_note};
use std::collections::BTreeMap;
use std::path::Path;

/// What the file at this path is.
pub fn file(path: &Path) -> File {
    let told = |kind, what: String| File {
        path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string(),
        kind,
        what,
        damage: None,
        linked: None,
    };
    let bytes = match read(path) {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(found)) => return told(Kind::Other, found.to_string()),
        Err(error) => return told(Kind::Unreadable, error.to_string()),
    };
    let note = match find_note(&bytes, bytes.len() as u64) {
        Ok(note) => note,
        Err(found) => return told(Kind::Other, Found::Other(found).to_string()),
    };
    let damage = Damage::of(&bytes, &note).map(|damage| damage.to_string());
    match Manifest::decode(note.record) {
        Err(error) => File { damage, ..told(Kind::Other, format!("a file whose manifest can't be understood: {error}")) },
        Ok(manifest) => {
            let (kind, what) = match manifest.role {
                Role::Host => (Kind::Host, Found::Host),
                Role::Plugin => (Kind::Plugin, Found::Plugin),
            };
            File { damage, linked: Some(linked(&bytes, &note, &manifest)), ..told(kind, what.to_string()) }
        }
    }
}

/// A file's content, or what is there instead: a pipe would be read for ever.
fn read(path: &Path) -> std::io::Result<Result<Vec<u8>, Found>> {
    let data = std::fs::metadata(path)?;
    match data.is_file() {
        true => std::fs::read(path).map(Ok),
        false if data.is_dir() => Ok(Err(Found::Directory)),
        false => Ok(Err(Found::Special)),
    }
}

fn linked(bytes: &[u8], note: &Note<'_>, manifest: &Manifest<'_>) -> Linked {
    let size = size(bytes, manifest);
    let (types, exports) = manifest.exports.iter().map(item).partition(|item| item.kind == ItemKind::Type);
    let mut packages: Vec<Package> = manifest.packages.iter().map(|each| package(manifest, each, &size)).collect();
    packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Linked {
        name: manifest.name.to_owned(),
        build_id: note.build_id.to_string(),
        toolchain: Toolchain {
            version: manifest.toolchain.version.to_owned(),
            commit: manifest.toolchain.commit.to_owned(),
            host: manifest.toolchain.host.to_owned(),
        },
        target: manifest.target.to_owned(),
        profile: manifest.profile.to_owned(),
        hosts: manifest.hosts.iter().map(ToString::to_string).collect(),
        modifiers: manifest.modifiers.split(", ").map(str::to_owned).collect(),
        cpu_features: manifest.cpu_features.split_ascii_whitespace().map(str::to_owned).collect(),
        exports,
        types,
        initialisers: manifest.initialisers.iter().map(|each| initialiser(manifest, each)).collect(),
        packages,
        size,
    }
}

fn item(export: &record::Export<'_>) -> Item {
    Item {
        path: export.path.to_owned(),
        kind: match export.kind {
            record::ItemKind::Function => ItemKind::Function,
            record::ItemKind::Static => ItemKind::Static,
            record::ItemKind::Type => ItemKind::Type,
        },
        signature: export.signature.to_owned(),
        doc: export.doc.to_owned(),
        file: export.file.to_owned(),
        line: export.line,
    }
}

fn initialiser(manifest: &Manifest<'_>, initialiser: &record::Initialiser<'_>) -> Initialiser {
    Initialiser {
        package: manifest.package(initialiser.key).map_or_else(|| manifest.name.to_owned(), record::Package::label),
        path: initialiser.path.to_owned(),
        file: initialiser.file.to_owned(),
        line: initialiser.line,
    }
}

fn package(manifest: &Manifest<'_>, package: &record::Package<'_>, size: &Size) -> Package {
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let key = package.key.to_string();
    let of_package = || size.crates.iter().filter(|each| each.keys.contains(&key));
    let own: u64 = of_package().filter(|each| each.keys.len() == 1).map(CrateSize::total).sum();
    let undivided = of_package().find(|each| each.keys.len() > 1).map(|each| undivided(each, &key));
    Package {
        name: package.name.to_owned(),
        version: package.version.to_owned(),
        crate_name: package.crate_name.to_owned(),
        origin: match package.origin {
            record::Origin::Hosted => Origin::Hosted,
            record::Origin::Bundled => Origin::Bundled,
            record::Origin::Partial => Origin::Partial,
            record::Origin::Private => Origin::Private,
        },
        source: package.source.to_owned(),
        sources: package.sources.iter().map(|file| file.path.to_owned()).collect(),
        features: owned(&package.features),
        flags: owned(manifest.flags(package)),
        key: package.key.to_string(),
        hash: package.hash.to_string(),
        dependencies: manifest.dependencies(package).map(record::Package::label).collect(),
        bytes: Some(own).filter(|own| *own > 0 || undivided.is_none()),
        undivided,
    }
}

/// What is said to one of several packages of a crate name.
fn undivided(size: &CrateSize, key: &str) -> Undivided {
    let with: Vec<String> =
        size.packages.iter().zip(&size.keys).filter(|(_, other)| *other != key).map(|(label, _)| label.clone()).collect();
    let bytes = size.total();
    let what = format!(
        "{} bytes are of this package or of {}: both crates are called `{}`, and the symbols do not tell",
        number(bytes),
        with.join(" or "),
        size.crate_name
    );
    Undivided { bytes, with, what }
}

fn size(bytes: &[u8], manifest: &Manifest<'_>) -> Size {
    let of_package = |package: &record::Package<'_>| Crate { name: package.crate_name.to_owned(), id: package.crate_id };
    let nodes: BTreeMap<String, Crate> =
        manifest.packages.iter().map(|package| (nodes::name(&package.hash.0), of_package(package))).collect();
    let is_shared = |name: &str| manifest.packages.iter().filter(|package| package.crate_name == name).count() > 1;
    let broken_down = breakdown(bytes, &Known { of_node: &|node| nodes.get(node).cloned(), is_shared: &is_shared });
    let of_crate = |(Crate { name, id }, bytes): (Crate, Bytes)| {
        // What is of a crate that is none of the file's packages is nobody's: a plugin may be linked against others.
        let is_its = |package: &&record::Package<'_>| package.crate_name == name && (id.is_none() || package.crate_id == id);
        let packages: Vec<_> = manifest.packages.iter().filter(is_its).collect();
        let Bytes { code, data, names, symbols } = bytes;
        CrateSize {
            packages: packages.iter().map(|package| package.label()).collect(),
            keys: packages.iter().map(|package| package.key.to_string()).collect(),
            crate_name: name,
            code,
            data,
            names,
            symbols,
        }
    };
    let mut crates: Vec<CrateSize> = broken_down.crates.into_iter().map(of_crate).collect();
    crates.sort_by_key(|size| std::cmp::Reverse(size.total()));
    let mut rest: Vec<Rest> = broken_down.rest.into_iter().map(|(section, bytes)| Rest { section, bytes }).collect();
    rest.sort_by_key(|rest| std::cmp::Reverse(rest.bytes));
    Size { total: bytes.len() as u64, crates, rest }
}
