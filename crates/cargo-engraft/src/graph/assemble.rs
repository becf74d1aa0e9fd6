//! Builds the graph from the manifests of the files and the verdicts of `check`.

use super::model::{Conflict, Error, File, Graph, Package, SCHEMA, State, Tile};
use crate::commands::check::report as verdict;
use crate::commands::inspect::report::{self as inspected, Linked, Origin};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::Path;

/// The input of [`assemble`].
#[derive(Debug)]
pub struct Parts<'p> {
    /// The host.
    pub host: &'p inspected::File,
    /// The plugins with the host's verdict on each, in the order in which the host would open them.
    pub plugins: &'p [(verdict::Plugin, inspected::File)],
}

/// Builds the graph.
#[must_use]
pub fn assemble(parts: &Parts<'_>) -> Graph {
    let files: Vec<&inspected::File> = std::iter::once(parts.host).chain(parts.plugins.iter().map(|(_, file)| file)).collect();
    let (packages, index) = packages(&files);
    let conflicts = conflicts(parts);
    let of_file = |(at, file): (usize, &&inspected::File)| {
        let error = at.checked_sub(1).and_then(|plugin| parts.plugins[plugin].0.error.as_ref());
        let Some(linked) = &file.linked else { return unlinked(file, error) };
        let of_another_compiler = error.is_some_and(|error| error.code == OTHER_COMPILER);
        let state = |package: &inspected::Package, index: usize| {
            let known = &packages[index];
            let conflicting = conflicts.iter().any(|conflict| is_in(conflict, at, package, known)) || is_withheld(parts, known);
            if conflicting || of_another_compiler { State::Conflicting } else { fitting_state(at, package.origin, known) }
        };
        let tile = |package: &inspected::Package| {
            let index = index[&(package.key.as_str(), package.hash.as_str())];
            Tile { package: index, state: state(package, index), bytes: package.bytes }
        };
        let mut tiles: Vec<Tile> = linked.packages.iter().map(tile).collect();
        tiles.sort_by_key(|tile| std::cmp::Reverse(tile.bytes));
        File {
            name: linked.name.clone(),
            path: file.path.clone(),
            build_id: Some(linked.build_id.clone()),
            bytes: Some(linked.size.total),
            error: error.map(owned),
            tiles,
        }
    };
    let files = files.iter().enumerate().map(of_file).collect();
    Graph { schema: SCHEMA, files, packages, conflicts }
}

/// The code of [`engraft::OpenError::Toolchain`]: a plugin of another compiler shares no package with the host.
const OTHER_COMPILER: &str = "E02";

fn owned(error: &verdict::Error) -> Error {
    Error { code: error.code.clone(), text: error.text.clone() }
}

fn unlinked(file: &inspected::File, error: Option<&verdict::Error>) -> File {
    let name = Path::new(&file.path).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    File { name, path: file.path.clone(), build_id: None, bytes: None, error: error.map(owned), tiles: Vec::new() }
}

/// Returns the packages of all files, each once and sorted by name, and the index of each by key and hash.
fn packages<'p>(files: &[&'p inspected::File]) -> (Vec<Package>, HashMap<(&'p str, &'p str), usize>) {
    let mut found: BTreeMap<(&str, &str, &str, &str), Package> = BTreeMap::new();
    for (at, linked) in files.iter().enumerate().filter_map(|(at, file)| Some((at, file.linked.as_ref()?))) {
        for package in &linked.packages {
            let known = found.entry((&package.name, &package.version, &package.key, &package.hash)).or_insert_with(|| Package {
                name: package.name.clone(),
                version: package.version.clone(),
                source: package.source.clone(),
                sources: package.sources.clone(),
                features: package.features.clone(),
                key: package.key.clone(),
                hash: package.hash.clone(),
                dependencies: package.dependencies.clone(),
                brought_by: Vec::new(),
                borrowed_by: Vec::new(),
            });
            match package.origin {
                Origin::Bundled | Origin::Partial | Origin::Private => known.brought_by.push(at),
                Origin::Hosted => known.borrowed_by.push(at),
            }
        }
    }
    let index = found.keys().enumerate().map(|(index, (_, _, key, hash))| ((*key, *hash), index)).collect();
    (found.into_values().collect(), index)
}

/// The state of a package in a file that takes part in no conflict.
fn fitting_state(file: usize, origin: Origin, package: &Package) -> State {
    match origin {
        Origin::Hosted => State::Hosted,
        Origin::Bundled | Origin::Partial if file == 0 && !package.borrowed_by.is_empty() => State::Hosted,
        Origin::Bundled if package.brought_by.len() > 1 => State::Shared,
        Origin::Bundled | Origin::Partial | Origin::Private => State::Bundled,
    }
}

fn conflicts(parts: &Parts<'_>) -> Vec<Conflict> {
    let refused = parts.plugins.iter().enumerate().filter_map(|(plugin, (verdict, file))| Some((plugin, verdict.error.as_ref()?, file)));
    let found = refused.flat_map(|(plugin, error, file)| {
        error.differences.iter().map(move |difference| {
            let named = |(_, (_, file)): &(usize, &(_, inspected::File))| {
                file.linked.as_ref().map(|linked| &linked.name) == difference.holder.as_ref()
            };
            let before = || parts.plugins[..plugin].iter().enumerate().rfind(named);
            Conflict {
                plugin: plugin + 1,
                holder: difference.holder.as_ref().and_then(|_| before()).map_or(0, |(holder, _)| holder + 1),
                root: difference.package.clone(),
                reasons: difference.reasons.clone(),
                chain: file.linked.as_ref().map_or_else(Vec::new, |linked| chain(linked, &difference.package)),
                followers: difference.followers.clone(),
            }
        })
    });
    found.collect()
}

/// Whether a conflict concerns this package of this file: in the plugin the root or a follower, in the holder the counterpart of the root.
fn is_in(conflict: &Conflict, file: usize, package: &inspected::Package, known: &Package) -> bool {
    let label = known.label();
    if conflict.plugin == file {
        // Names and versions are not unique: a package with the same label that the holder has as well does not conflict.
        return (label == conflict.root || conflict.followers.contains(&label)) && !known.brought_by.contains(&conflict.holder);
    }
    conflict.holder == file
        && package.origin != Origin::Hosted
        && conflict.root.split(' ').next() == Some(&package.name)
        && !known.brought_by.contains(&conflict.plugin)
        && !known.borrowed_by.contains(&conflict.plugin)
}

/// Whether the host hides this package from plugins (`export = "api"`) and a plugin contains or uses it.
fn is_withheld(parts: &Parts<'_>, known: &Package) -> bool {
    let mut of_host = parts.host.linked.iter().flat_map(|linked| &linked.packages);
    let in_plugin = known.brought_by.iter().chain(&known.borrowed_by).any(|file| *file > 0);
    in_plugin && of_host.any(|package| package.origin == Origin::Private && package.key == known.key && package.hash == known.hash)
}

/// The shortest dependency chain from the plugin's own package to `to`; only `to` if there is no chain.
fn chain(linked: &Linked, to: &str) -> Vec<String> {
    let label = |package: &inspected::Package| match package.version.as_str() {
        "" => package.name.clone(),
        version => format!("{} {version}", package.name),
    };
    let dependencies: HashMap<String, &[String]> =
        linked.packages.iter().map(|package| (label(package), package.dependencies.as_slice())).collect();
    let own = linked.packages.iter().filter(|package| package.name == linked.name && package.origin == Origin::Bundled);
    let mut chains: VecDeque<Vec<String>> = own.map(|package| vec![label(package)]).collect();
    let mut seen: Vec<String> = Vec::new();
    while let Some(chain) = chains.pop_front() {
        let last = chain.last().cloned().unwrap_or_default();
        if last == to {
            return chain;
        }
        for next in dependencies.get(&last).copied().unwrap_or_default() {
            if !seen.contains(next) {
                seen.push(next.clone());
                chains.push_back([chain.as_slice(), std::slice::from_ref(next)].concat());
            }
        }
    }
    vec![to.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::inspect::report::{Kind, Size, Toolchain};

    /// A package: name, key, hash, dependencies. A leading `*` makes it hosted, a leading `-` private.
    type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

    fn file(name: &str, rows: &[Row]) -> inspected::File {
        let package = |(name, key, hash, dependencies): &Row| inspected::Package {
            name: name.trim_start_matches(['*', '-']).to_owned(),
            version: "1.0.0".into(),
            crate_name: String::new(),
            origin: match &name[..1] {
                "*" => Origin::Hosted,
                "-" => Origin::Private,
                _ => Origin::Bundled,
            },
            source: "registry".into(),
            sources: Vec::new(),
            features: Vec::new(),
            flags: Vec::new(),
            key: (*key).to_owned(),
            hash: (*hash).to_owned(),
            dependencies: dependencies.iter().map(|name| format!("{name} 1.0.0")).collect(),
            bytes: Some(1),
            undivided: None,
        };
        let text = String::new;
        let linked = Linked {
            name: name.to_owned(),
            build_id: text(),
            toolchain: Toolchain { version: text(), commit: text(), host: text() },
            target: text(),
            profile: text(),
            hosts: Vec::new(),
            modifiers: Vec::new(),
            cpu_features: Vec::new(),
            exports: Vec::new(),
            types: Vec::new(),
            initialisers: Vec::new(),
            packages: rows.iter().map(package).collect(),
            size: Size { total: 10, crates: Vec::new(), rest: Vec::new() },
        };
        inspected::File { path: format!("/{name}.so"), kind: Kind::Plugin, what: text(), damage: None, linked: Some(linked) }
    }

    fn judged(file: inspected::File, error: Option<(&str, Option<verdict::Package>)>) -> (verdict::Plugin, inspected::File) {
        let refused = |(code, difference): (&str, Option<verdict::Package>)| verdict::Error {
            code: code.to_owned(),
            text: code.to_owned(),
            differences: difference.into_iter().collect(),
        };
        let verdict = if error.is_some() { verdict::Verdict::Refused } else { verdict::Verdict::Opens };
        let path = file.path.clone();
        (verdict::Plugin { path, verdict, name: None, build_id: None, same_as: None, error: error.map(refused) }, file)
    }

    fn difference(holder: Option<&str>, followers: &[&str]) -> verdict::Package {
        verdict::Package {
            package: "a 1.0.0".into(),
            source: String::new(),
            holder: holder.map(str::to_owned),
            reasons: vec!["features".into()],
            followers: followers.iter().map(ToString::to_string).collect(),
        }
    }

    fn states(graph: &Graph, file: usize) -> Vec<(&str, State)> {
        graph.files[file].tiles.iter().map(|tile| (graph.packages[tile.package].name.as_str(), tile.state)).collect()
    }

    #[test]
    fn conflict_has_chain_from_plugin_to_root() {
        use State::{Bundled, Conflicting, Hosted};
        let host = file("host", &[("a", "ka", "1", &[]), ("b", "kb", "1", &["a"]), ("c", "kc", "1", &[])]);
        let wrong = file("p", &[("p", "kp", "1", &["b", "c"]), ("*b", "kb", "2", &["a"]), ("*a", "ka", "2", &[]), ("*c", "kc", "1", &[])]);
        let plugins = [judged(wrong, Some(("E01", Some(difference(None, &["b 1.0.0"])))))];
        let graph = assemble(&Parts { host: &host, plugins: &plugins });
        assert_eq!(graph.conflicts[0].chain, ["p 1.0.0", "b 1.0.0", "a 1.0.0"]);
        assert_eq!(states(&graph, 0), [("a", Conflicting), ("b", Bundled), ("c", Hosted)]);
        assert_eq!(states(&graph, 1), [("p", Bundled), ("b", Conflicting), ("a", Conflicting), ("c", Hosted)]);
    }

    #[test]
    fn private_package_of_host_conflicts_with_plugin_that_has_it() {
        use State::{Bundled, Conflicting, Hosted};
        let host = file("host", &[("-a", "ka", "1", &["b"]), ("-b", "kb", "1", &[]), ("-c", "kc", "1", &[]), ("d", "kd", "1", &[])]);
        // The difference names the root `a`; it does not name `b`, on which `a` depends.
        let wrong = |a: &'static str, name: &str| {
            let rows: [Row; 3] = [(a, "ka", "1", &["b"]), ("b", "kb", "1", &[]), ("*d", "kd", "1", &[])];
            judged(file(name, &rows), Some(("E01", Some(difference(None, &[])))))
        };
        let plugins = [wrong("a", "brings"), wrong("*a", "borrows"), judged(file("fits", &[("*d", "kd", "1", &[])]), None)];
        let graph = assemble(&Parts { host: &host, plugins: &plugins });
        assert_eq!(states(&graph, 0), [("a", Conflicting), ("b", Conflicting), ("c", Bundled), ("d", Hosted)]);
        for plugin in [1, 2] {
            assert_eq!(states(&graph, plugin), [("a", Conflicting), ("b", Conflicting), ("d", Hosted)]);
        }
        assert_eq!(states(&graph, 3), [("d", Hosted)]);
    }

    #[test]
    fn earlier_plugin_can_be_the_holder() {
        use State::{Bundled, Conflicting, Shared};
        let host = file("host", &[]);
        let rows = |hash| [("a", "ka", hash, &[][..]), ("b", "kb", "1", &[][..])];
        let plugins = [
            judged(file("one", &rows("1")), None),
            judged(file("two", &rows("2")), Some(("E01", Some(difference(Some("one"), &[]))))),
            judged(file("three", &[("a", "ka2", "3", &[])]), None),
        ];
        let graph = assemble(&Parts { host: &host, plugins: &plugins });
        assert_eq!((graph.conflicts[0].plugin, graph.conflicts[0].holder), (2, 1));
        assert_eq!(states(&graph, 1), [("a", Conflicting), ("b", Shared)]);
        assert_eq!(states(&graph, 2), [("a", Conflicting), ("b", Shared)]);
        assert_eq!(states(&graph, 3), [("a", Bundled)]);
        assert_eq!(crate::graph::words::conflict(&graph, &graph.conflicts[0]), "two: a 1.0.0 differs from the one in one: features");
    }

    #[test]
    fn other_compiler_makes_every_package_conflict() {
        let host = file("host", &[("a", "ka", "1", &[])]);
        let plugins = [judged(file("p", &[("*a", "ka", "1", &[])]), Some((OTHER_COMPILER, None)))];
        let graph = assemble(&Parts { host: &host, plugins: &plugins });
        assert_eq!(states(&graph, 1), [("a", State::Conflicting)]);
        let other = engraft::manifest::Toolchain { version: "", commit: "", host: "" };
        let error = engraft::OpenError::Toolchain { path: "p".into(), expected: Box::new(other.into()), found: Box::new(other.into()) };
        assert_eq!(error.code(), OTHER_COMPILER);
    }
}
