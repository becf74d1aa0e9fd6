//! B10: finds source files that are compiled into several packages, through `#[path = "…"]` or `include!`. Each package then has its own
//! copy of their types and statics; only the names are the same.

use super::finding::Finding;
use super::source::{Source, is_for_tests};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, File, Item, ItemMod, Lit, LitStr, Macro, Meta};

/// Checks the sources of packages that one process contains. `read` returns the content of files outside of packages.
#[must_use]
pub fn check(sources: &[Source], read: &dyn Fn(&Path) -> Option<String>) -> Vec<Finding> {
    let mut homes: BTreeMap<PathBuf, BTreeSet<&str>> = BTreeMap::new();
    let mut places: BTreeMap<PathBuf, String> = BTreeMap::new();
    for source in sources {
        homes.entry(source.path.clone().into()).or_default().insert(&source.package);
        let mut included = Included { source, found: Vec::new() };
        included.visit_file(&source.file);
        for path in included.found {
            let file = normal(&Path::new(&source.path).with_file_name(path.value()));
            places.entry(file.clone()).or_insert_with(|| source.place(path.span()));
            homes.entry(file).or_default().insert(&source.package);
        }
    }
    let several = homes.iter().filter(|(_, packages)| packages.len() > 1);
    several.filter_map(|(file, packages)| Some(finding(file, packages, places.get(file)?, &defined(file, sources, read)?))).collect()
}

/// The name of the first type or static that a file defines.
fn defined(file: &Path, sources: &[Source], read: &dyn Fn(&Path) -> Option<String>) -> Option<String> {
    let first = |file: &File| {
        file.items.iter().find_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            Item::Union(item) => Some(item.ident.to_string()),
            Item::Trait(item) => Some(item.ident.to_string()),
            Item::Static(item) => Some(item.ident.to_string()),
            _ => None,
        })
    };
    match sources.iter().find(|source| Path::new(&source.path) == file) {
        Some(source) => first(&source.file),
        None => first(&syn::parse_file(&read(file)?).ok()?),
    }
}

fn finding(file: &Path, packages: &BTreeSet<&str>, place: &str, name: &str) -> Finding {
    let packages: Vec<String> = packages.iter().map(|package| format!("`{package}`")).collect();
    let what = format!(
        "{} is compiled into {}: each of them has its own copy of what it defines, such as `{name}`",
        file.display(),
        packages.join(" and ")
    );
    Finding::new("B10", what, "move it into a library package on which they all depend").at(place)
}

/// Removes `.` and, where possible, `..` from a path.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if normal.components().next_back().is_some_and(|last| last != Component::ParentDir) => drop(normal.pop()),
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

struct Included<'s> {
    source: &'s Source,
    found: Vec<LitStr>,
}

impl<'ast> Visit<'ast> for Included<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let path = module.attrs.iter().find(|attribute| attribute.path().is_ident("path"));
        if let Some(Meta::NameValue(named)) = path.map(|path| &path.meta)
            && let Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) = &named.value
        {
            self.found.push(path.clone());
        }
        // In an inline module, paths are relative to another directory.
        if !is_for_tests(&module.attrs) && module.content.is_none() {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if self.source.full(&call.path) == "include" {
            self.found.extend(call.parse_body::<LitStr>());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_in_two_packages_is_found() {
        let types = "pub struct Request;";
        let table = [
            ("#[path = \"../../shared/types.rs\"] mod types;", "#[path = \"../../shared/types.rs\"] mod types;", types, true),
            ("include!(\"../../shared/types.rs\");", "#[path = \"../../shared/./types.rs\"] mod types;", types, true),
            ("mod types;", "#[path = \"../../host/src/types.rs\"] mod types;", "", true),
            ("mod types;", "mod types;", types, false),
            ("#[path = \"../../shared/types.rs\"] mod types;", "mod types;", types, false),
            ("include!(\"../../shared/types.rs\");", "include!(\"../../shared/types.rs\");", "pub fn f() {}", false),
        ];
        for (host, plugin, shared, expected) in table {
            let sources = [("host", "host/src/main.rs", host), ("host", "host/src/types.rs", types), ("p", "p/src/lib.rs", plugin)];
            let sources = sources.map(|(package, path, text)| Source::parse(package, path, text).unwrap());
            let found = check(&sources, &|path| (path == Path::new("shared/types.rs")).then(|| shared.to_owned()));
            assert_eq!(found.len(), usize::from(expected), "{host} {plugin}: {found:?}");
            assert!(found.iter().all(|finding| finding.what.contains("`host` and `p`") && finding.what.contains("`Request`")), "{found:?}");
        }
    }
}
