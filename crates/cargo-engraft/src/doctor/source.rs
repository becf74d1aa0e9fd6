//! A parsed source file of the workspace. Resolves names through its `use` items, but not through macros and globs.

use std::collections::HashMap;
use syn::visit::{self, Visit};
use syn::{ItemUse, UseTree};

/// A parsed source file.
#[derive(Clone)]
pub struct Source {
    /// The package that the file belongs to.
    pub package: String,
    /// Path of the file, for people.
    pub path: String,
    pub file: syn::File,
    /// The full path of each imported name.
    uses: HashMap<String, String>,
}

impl Source {
    /// Parses a file; none if it is not valid Rust, which the compiler reports better.
    #[must_use]
    pub fn parse(package: &str, path: &str, text: &str) -> Option<Self> {
        let file = syn::parse_file(text).ok()?;
        let mut uses = Uses::default();
        uses.visit_file(&file);
        Some(Self { package: package.to_owned(), path: path.to_owned(), file, uses: uses.0 })
    }

    /// The full form of a path, as far as `use` items show it: `fs::read` becomes `std::fs::read`.
    #[must_use]
    pub fn full(&self, path: &syn::Path) -> String {
        let mut segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let Some(first) = segments.first_mut()
            && let Some(full) = self.uses.get(first)
        {
            first.clone_from(full);
        }
        segments.join("::")
    }

    /// Whether one of the attributes is Engraft's attribute of this name.
    #[must_use]
    pub fn is_marked(&self, attributes: &[syn::Attribute], name: &str) -> bool {
        attributes.iter().any(|attribute| self.full(attribute.path()) == format!("engraft::{name}"))
    }

    /// File and line of a span.
    #[must_use]
    pub fn place(&self, span: proc_macro2::Span) -> String {
        format!("{}:{}", self.path, span.start().line)
    }
}

/// Whether the attributes contain `#[cfg(test)]`.
#[must_use]
pub fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    let is_test = |attribute: &syn::Attribute| attribute.parse_args::<syn::Ident>().is_ok_and(|configured| configured == "test");
    attributes.iter().any(|attribute| attribute.path().is_ident("cfg") && is_test(attribute))
}

#[derive(Default)]
struct Uses(HashMap<String, String>);

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.take(&item.tree, "");
        visit::visit_item_use(self, item);
    }
}

impl Uses {
    fn take(&mut self, tree: &UseTree, before: &str) {
        let joined = |ident: &syn::Ident| if before.is_empty() { ident.to_string() } else { format!("{before}::{ident}") };
        match tree {
            UseTree::Path(path) => self.take(&path.tree, &joined(&path.ident)),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.take(tree, before)),
            UseTree::Name(name) if name.ident == "self" => {
                let last = before.rsplit("::").next().unwrap_or_default();
                self.0.insert(last.to_owned(), before.to_owned());
            }
            UseTree::Name(name) => {
                self.0.insert(name.ident.to_string(), joined(&name.ident));
            }
            UseTree::Rename(rename) => {
                self.0.insert(rename.rename.to_string(), joined(&rename.ident));
            }
            UseTree::Glob(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_resolved_through_use() {
        let text = "use std::{fs::{self, File}, net as network}; use engraft::init; fn f() {}";
        let source = Source::parse("p", "src/lib.rs", text).unwrap();
        let table = [
            ("fs::read", "std::fs::read"),
            ("File::open", "std::fs::File::open"),
            ("network::TcpStream", "std::net::TcpStream"),
            ("init", "engraft::init"),
            ("other", "other"),
        ];
        for (path, full) in table {
            assert_eq!(source.full(&syn::parse_str(path).unwrap()), full);
        }
        assert!(Source::parse("p", "src/lib.rs", "fn {").is_none());
    }
}
