//! B3, B6: exports of several plugins that print alike and are of different types, because each plugin has a type of that name.

use super::finding::Finding;
use super::source::Source;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{ItemEnum, ItemFn, ItemStatic, ItemStruct};

/// An exported function or static.
struct Export<'s> {
    source: &'s Source,
    span: Span,
    name: String,
    /// As it prints, without its attributes.
    signature: String,
    /// The names in it.
    names: BTreeSet<String>,
}

/// Compares the exports of plugins with each other.
#[must_use]
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut exports: Vec<Export<'_>> = Vec::new();
    let mut types: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        let mut items = Items { source, exports: Vec::new(), types: BTreeSet::new() };
        items.visit_file(&source.file);
        exports.append(&mut items.exports);
        types.entry(&source.package).or_default().append(&mut items.types);
    }
    let mut found = Vec::new();
    for (index, one) in exports.iter().enumerate() {
        let alike =
            |other: &&Export<'_>| other.source.package != one.source.package && other.name == one.name && other.signature == one.signature;
        for other in exports[index + 1..].iter().filter(alike) {
            let own =
                |name: &&String| types[one.source.package.as_str()].contains(*name) && types[other.source.package.as_str()].contains(*name);
            if let Some(name) = one.names.iter().find(own) {
                found.push(finding(one, other, name));
            }
        }
    }
    found
}

fn finding(one: &Export<'_>, other: &Export<'_>, name: &str) -> Finding {
    let (first, second) = (&one.source.package, &other.source.package);
    let what = format!(
        "`{}` prints alike in `{first}` and `{second}`, and each has a `{name}` of its own: what looks up the one can't use the other",
        one.name
    );
    let mend = format!("define `{name}` once, in a package that host and plugins share, or give one of the two another name");
    Finding::new("B3", what, mend).at(other.source.place(other.span))
}

/// Goes through a file.
struct Items<'s> {
    source: &'s Source,
    exports: Vec<Export<'s>>,
    types: BTreeSet<String>,
}

impl Items<'_> {
    fn export(&mut self, attributes: &[syn::Attribute], ident: &syn::Ident, signature: TokenStream) {
        if self.source.is_marked(attributes, "export") {
            let names = names(signature.clone());
            let signature = signature.to_string();
            self.exports.push(Export { source: self.source, span: ident.span(), name: ident.to_string(), signature, names });
        }
    }
}

impl<'ast> Visit<'ast> for Items<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.export(&function.attrs, &function.sig.ident, function.sig.to_token_stream());
        visit::visit_item_fn(self, function);
    }

    fn visit_item_static(&mut self, item: &'ast ItemStatic) {
        self.export(&item.attrs, &item.ident, item.ty.to_token_stream());
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.types.insert(item.ident.to_string());
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.types.insert(item.ident.to_string());
    }
}

fn names(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(found.insert(ident.to_string())),
            TokenTree::Group(group) => found.append(&mut names(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_that_print_alike_are_told_if_they_are_not() {
        let own = "pub struct Config; #[engraft::export] pub fn make() -> Vec<Config> { Vec::new() }";
        let table = [
            (own, own, Some("`make` prints alike in `a` and `b`, and each has a `Config` of its own")),
            (own, "use api::Config; #[engraft::export] pub fn make() -> Vec<Config> { Vec::new() }", None),
            (own, "pub struct Config; #[engraft::export] pub fn make() -> Config { Config }", None),
            (own, "pub struct Config; pub fn make() -> Vec<Config> { Vec::new() }", None),
            ("#[engraft::export] pub fn start() -> u32 { 1 }", "#[engraft::export] pub fn start() -> u32 { 2 }", None),
            (
                "pub enum State { A } #[engraft::export] pub static NOW: State = State::A;",
                "pub enum State { B } #[engraft::export] pub static NOW: State = State::B;",
                Some("`NOW` prints alike"),
            ),
        ];
        for (one, other, told) in table {
            let sources = [("a", one), ("b", other)].map(|(package, text)| Source::parse(package, "src/lib.rs", text).unwrap());
            let found = check(&sources);
            assert_eq!(found.len(), usize::from(told.is_some()), "{other}: {found:?}");
            assert!(found.iter().zip(told).all(|(finding, told)| finding.what.starts_with(told)), "{found:?}");
        }
    }
}
