//! Makes the manifest of a link from the records of its libraries.

use super::compiled::Compiled;
use super::descriptions::{Description, Kind};
use super::initialisers::Initialiser;
use super::libraries::Library;
use super::origins::Origins;
use super::request::{LinkRequest, Product};
use anyhow::{Context, Result};
use engraft_manifest::{self as record, Export, Key, Manifest, Origin, Package, Role, Source};

/// What a link says about its own code, beside its packages.
#[derive(Debug, Default)]
pub struct Marked {
    /// What the plugin's own library exports, and more.
    pub exports: Vec<Description>,
    /// In the order in which they run.
    pub initialisers: Vec<Initialiser>,
    /// Of packages that the plugin brings: of one that reads a slice, and one that adds to it.
    pub slices: Vec<(Key, Key)>,
}

/// The record's bytes, which their readers will take.
pub fn encode(request: &LinkRequest, libraries: &[Library], origins: &Origins, marked: &Marked) -> Result<Vec<u8>> {
    let mut flag_sets: Vec<Vec<&str>> = vec![Vec::new()];
    let packages = libraries.iter().zip(&origins.each).map(|(library, &origin)| {
        let flags = flags(library);
        let known = flag_sets.iter().position(|set| *set == flags).unwrap_or_else(|| {
            flag_sets.push(flags);
            flag_sets.len() - 1
        });
        Package {
            origin,
            flags: known as u32,
            dependencies: library.dependencies.iter().map(|&index| index as u32).collect(),
            ..package(library)
        }
    });
    let packages = packages.collect();
    let compiled = Compiled::of(&request.name, origins.carried(libraries).map(|(library, _)| library))?;
    let manifest = Manifest {
        role: match request.product {
            Product::Host { .. } => Role::Host,
            Product::Plugin { .. } => Role::Plugin,
        },
        name: &request.name,
        toolchain: request.toolchain.as_record(),
        target: request.target(),
        profile: &request.profile,
        hosts: origins.hosts.clone(),
        packages,
        exports: marked.exports.iter().filter_map(export).collect(),
        initialisers: marked.initialisers.iter().map(initialiser).collect(),
        flag_sets,
        modifiers: &compiled.modifiers,
        cpu_features: &compiled.cpu_features,
        slices: marked.slices.clone(),
    };
    let record = manifest.encode();
    Manifest::decode(&record).with_context(|| format!("what `{}` was linked from can't be written down", request.name))?;
    Ok(record)
}

fn flags(library: &Library) -> Vec<&str> {
    library.record.iter().flat_map(|record| record.flags.iter().map(String::as_str)).collect()
}

fn package(library: &Library) -> Package<'_> {
    let mut package = Package {
        key: library.key,
        hash: library.hash,
        origin: Origin::Bundled,
        crate_name: &library.crate_name,
        name: &library.crate_name,
        version: "",
        source: "toolchain",
        features: Vec::new(),
        flags: 0,
        sources: Vec::new(),
        dependencies: Vec::new(),
        crate_id: library.crate_id,
    };
    if let Some(record) = &library.record {
        package.name = &record.name;
        package.version = &record.version;
        package.source = &record.source;
        package.features = record.features.iter().map(String::as_str).collect();
        package.sources = record.sources.iter().map(|source| Source { path: &source.path, digest: source.digest }).collect();
    }
    package
}

fn export(description: &Description) -> Option<Export<'_>> {
    let Kind::Export(kind) = description.kind else { return None };
    Some(Export {
        path: &description.path,
        kind,
        signature: &description.signature,
        doc: &description.doc,
        file: &description.file,
        line: description.line,
    })
}

fn initialiser(initialiser: &Initialiser) -> record::Initialiser<'_> {
    let Initialiser { key, description } = initialiser;
    record::Initialiser { key: *key, path: &description.path, file: &description.file, line: description.line }
}
