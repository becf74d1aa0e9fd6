//! Collects the functions and statics that plugins export, and the types that they define, from their sources.

use super::source::{Source, is_for_tests};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{ItemEnum, ItemFn, ItemMod, ItemStatic, ItemStruct, Signature, Type};

/// An exported function or static.
pub struct Export<'s> {
    source: &'s Source,
    span: Span,
    pub name: String,
    /// The signature or type as tokens, without attributes.
    pub signature: String,
    /// The type that a look-up must ask for, as far as the source shows it: without argument names, and with only the last segment of each path.
    pub shape: String,
    /// All identifiers in the signature.
    pub names: BTreeSet<String>,
}

impl<'s> Export<'s> {
    /// The package that exports it.
    #[must_use]
    pub fn package(&self) -> &'s str {
        &self.source.package
    }

    /// File and line of the export.
    #[must_use]
    pub fn place(&self) -> String {
        self.source.place(self.span)
    }
}

/// All exports of several packages.
#[derive(Default)]
pub struct Exported<'s> {
    pub exports: Vec<Export<'s>>,
    /// The names of the types that each package defines.
    pub types: BTreeMap<&'s str, BTreeSet<String>>,
}

impl<'s> Exported<'s> {
    /// Collects the exports of sources.
    #[must_use]
    pub fn from_sources(sources: &'s [Source]) -> Self {
        let mut all = Self::default();
        for source in sources {
            Items { source, found: &mut all }.visit_file(&source.file);
        }
        all
    }
}

/// Visits the items of a file.
struct Items<'s, 'e> {
    source: &'s Source,
    found: &'e mut Exported<'s>,
}

impl Items<'_, '_> {
    fn export(&mut self, attributes: &[syn::Attribute], ident: &syn::Ident, signature: TokenStream, shape: String) {
        if self.source.is_marked(attributes, "export") {
            let names = names(signature.clone());
            let signature = signature.to_string();
            self.found.exports.push(Export { source: self.source, span: ident.span(), name: ident.to_string(), signature, shape, names });
        }
    }

    fn define(&mut self, ident: &syn::Ident) {
        self.found.types.entry(&self.source.package).or_default().insert(ident.to_string());
    }
}

impl<'ast> Visit<'ast> for Items<'_, '_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.export(&function.attrs, &function.sig.ident, function.sig.to_token_stream(), function_shape(&function.sig));
        visit::visit_item_fn(self, function);
    }

    fn visit_item_static(&mut self, item: &'ast ItemStatic) {
        self.export(&item.attrs, &item.ident, item.ty.to_token_stream(), shape(&item.ty));
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.define(&item.ident);
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.define(&item.ident);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }
}

fn function_shape(signature: &Signature) -> String {
    let inputs = signature.inputs.iter().map(|input| match input {
        syn::FnArg::Typed(typed) => shape(&typed.ty),
        syn::FnArg::Receiver(receiver) => shape(&receiver.ty),
    });
    let output = match &signature.output {
        syn::ReturnType::Default => String::new(),
        syn::ReturnType::Type(_, output) => format!(" -> {}", shape(output)),
    };
    let before = [signature.asyncness.map(|_| "async "), signature.unsafety.map(|_| "unsafe ")];
    let before: String = before.into_iter().flatten().collect();
    format!("{before}fn({}){output}", inputs.collect::<Vec<_>>().join(", "))
}

/// Spells a type so that different spellings of the same type are equal.
fn shape(of: &Type) -> String {
    let mut of = of.clone();
    LastSegments.visit_type_mut(&mut of);
    of.to_token_stream().to_string()
}

/// Reduces each path to its last segment, and removes lifetimes.
struct LastSegments;

impl VisitMut for LastSegments {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(last) = path.segments.last().cloned() {
            *path = last.into();
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
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
    fn spellings_of_one_type_have_one_shape() {
        for (item, shape) in [
            ("pub fn f(path: &std::path::Path) -> io::Result<()> {}", "fn(& Path) -> Result < () >"),
            ("pub fn f<'a>(_: &'a Path) -> Result<()> {}", "fn(& Path) -> Result < () >"),
            ("pub async fn f() {}", "async fn()"),
            ("pub static F: std::sync::atomic::AtomicU32 = AtomicU32::new(0);", "AtomicU32"),
        ] {
            let source = [Source::parse("p", "p/src/lib.rs", &format!("#[engraft::export] {item}")).unwrap()];
            assert_eq!(Exported::from_sources(&source).exports[0].shape, shape, "{item}");
        }
    }
}
