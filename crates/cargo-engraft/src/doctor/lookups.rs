//! B6: a name that several plugins export with different types, and that a host looks up: one type can't be right for all of them.
//!
//! From the source alone: which plugins meet which look-up is only known when the program runs, so this only may be so.

use super::exported::{Export, Exported};
use super::finding::Finding;
use super::source::{Source, is_for_tests};
use std::collections::BTreeMap;
use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, ExprMethodCall, ItemMod, Lit};

/// Compares the exports that hosts look up by name. `is_for` tells whether a plugin (the second) is for a host.
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
    let told =
        |export: &Export<'_>| format!("in `{}` it is `{}` ({})", export.package(), export.signature.replace('\n', " "), export.place());
    let what = format!(
        "`{name}` is looked up in plugins, and they export it with different types: {}, {}: what is right for the one is an error (E08) for the other",
        told(first),
        told(other)
    );
    let mend = "give what is of another type another name; if they are meant to be of one type, write it once, in the API crate \
        (`pub type Start = fn(…) -> …`), and let each plugin say `const _: Start = start;`";
    Some(Finding::new("B6", what, mend).at(place).perhaps())
}

/// Names that are looked up, and where.
struct Lookups<'s> {
    source: &'s Source,
    found: Vec<(String, String)>,
}

impl<'ast> Visit<'ast> for Lookups<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "lookup"
            && let Some(Expr::Lit(ExprLit { lit: Lit::Str(name), .. })) = call.args.first()
            // What is exported in a module has its path; only what is not can be told from the name.
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
    fn a_name_that_a_host_looks_up_has_one_type() {
        let number = "#[engraft::export] pub fn start(count: u32) -> u32 { count }";
        let text = "#[engraft::export] pub fn start(name: &str) -> u32 { 1 }";
        let table = [
            (number, text, "plugin.lookup::<fn(u32) -> u32>(\"start\")", true),
            (number, "#[engraft::export] pub fn start(other: u32) -> u32 { other }", "plugin.lookup::<fn(u32) -> u32>(\"start\")", false),
            (number, text, "plugin.lookup::<fn(u32) -> u32>(\"stop\")", false),
            (number, text, "plugin.lookup::<fn(u32) -> u32>(name)", false),
            (number, "pub fn start(name: &str) {}", "plugin.lookup::<fn(u32) -> u32>(\"start\")", false),
        ];
        for (one, other, lookup, told) in table {
            let plugins = [("a", one), ("b", other)].map(|(name, text)| Source::parse(name, "src/lib.rs", text).unwrap());
            let host = [Source::parse("host", "host/src/main.rs", &format!("fn main() {{\n{lookup}; }}")).unwrap()];
            let exported = Exported::of(&plugins);
            let found = check(&host, &exported, &|_, _| true);
            assert_eq!(found.len(), usize::from(told), "{other} {lookup}: {found:?}");
            assert!(found.iter().all(|finding| finding.place.as_deref() == Some("host/src/main.rs:2") && !finding.certain), "{found:?}");
            assert_eq!(check(&host, &exported, &|_, plugin| plugin == "a"), []);
        }
    }
}
