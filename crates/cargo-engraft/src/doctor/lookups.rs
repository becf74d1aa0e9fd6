//! B6: finds names that a host looks up and that several plugins export with different types: a look-up fits only one of them.
//!
//! Reads the source only. Which plugin a look-up gets is known at run time, so a finding is a guess.

use super::exported::{Export, Exported};
use super::finding::Finding;
use super::source::{Source, is_for_tests};
use std::collections::BTreeMap;
use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, ExprMethodCall, ItemMod, Lit};

/// Compares the exports that hosts look up by name. `is_for(host, plugin)` returns whether the plugin is for the host.
#[must_use]
pub fn check(hosts: &[Source], plugins: &Exported<'_>, is_for: &dyn Fn(&str, &str) -> bool) -> Vec<Finding> {
    let mut looked_up: BTreeMap<(&str, String), String> = BTreeMap::new();
    for source in hosts {
        let mut lookups = Lookups { source, found: Vec::new() };
        lookups.visit_file(&source.file);
        for (name, place) in lookups.found {
            looked_up.entry((&source.package, name)).or_insert(place);
        }
    }
    looked_up.iter().filter_map(|((host, name), place)| differing(plugins, name, &|plugin| is_for(host, plugin), place)).collect()
}

fn differing(plugins: &Exported<'_>, name: &str, is_for: &dyn Fn(&str) -> bool, place: &str) -> Option<Finding> {
    let mut of_name = plugins.exports.iter().filter(|export| export.name == name && is_for(export.package()));
    let first = of_name.next()?;
    let other = of_name.find(|other| other.package() != first.package() && other.shape != first.shape)?;
    let describe =
        |export: &Export<'_>| format!("`{}` as `{}` ({})", export.package(), export.signature.replace('\n', " "), export.place());
    let what = format!(
        "the host looks up `{name}`, which plugins export with different types, {} and {}: a type that is right for one is error E08 for the other",
        describe(first),
        describe(other)
    );
    let mend = "rename one of them; if they should have the same type, define it once in the API crate (`pub type Start = fn(…) -> …`), \
        and check it in each plugin with `const _: Start = start;`";
    Some(Finding::new("B6", what, mend).at(place).uncertain())
}

/// Visits the look-ups of a file, with their names and places.
struct Lookups<'s> {
    source: &'s Source,
    found: Vec<(String, String)>,
}

impl<'ast> Visit<'ast> for Lookups<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "lookup"
            && let Some(Expr::Lit(ExprLit { lit: Lit::Str(name), .. })) = call.args.first()
            // An export in a module is looked up by its path, which the plugin's source does not show.
            && !name.value().contains("::")
        {
            self.found.push((name.value(), self.source.place(name.span())));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looked_up_name_with_two_types_is_found() {
        let number = "#[engraft::export] pub fn start(count: u32) -> u32 { count }";
        let text = "#[engraft::export] pub fn start(name: &str) -> u32 { 1 }";
        let table = [
            (number, text, "plugin.lookup::<fn(u32) -> u32>(\"start\")", true),
            (number, "#[engraft::export] pub fn start(other: u32) -> u32 { other }", "plugin.lookup::<fn(u32) -> u32>(\"start\")", false),
            (number, text, "plugin.lookup::<fn(u32) -> u32>(\"stop\")", false),
            (number, text, "plugin.lookup::<fn(u32) -> u32>(name)", false),
            (number, "pub fn start(name: &str) {}", "plugin.lookup::<fn(u32) -> u32>(\"start\")", false),
        ];
        for (one, other, lookup, expected) in table {
            let plugins = [("a", one), ("b", other)].map(|(name, text)| Source::parse(name, "src/lib.rs", text).unwrap());
            let host = [Source::parse("host", "host/src/main.rs", &format!("fn main() {{\n{lookup}; }}")).unwrap()];
            let exported = Exported::from_sources(&plugins);
            let found = check(&host, &exported, &|_, _| true);
            assert_eq!(found.len(), usize::from(expected), "{other} {lookup}: {found:?}");
            assert!(found.iter().all(|finding| finding.place.as_deref() == Some("host/src/main.rs:2") && !finding.certain), "{found:?}");
            assert_eq!(check(&host, &exported, &|_, plugin| plugin == "a"), []);
        }
    }
}
