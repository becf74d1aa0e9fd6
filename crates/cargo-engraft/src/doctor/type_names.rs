//! B10: finds code that identifies a type by its name. Types of two packages, or of two builds of a plugin, can have the same name.
//!
//! Reads the source only: finds a name that is compared, matched or used as a key within one expression.

use super::finding::Finding;
use super::source::{Source, is_for_tests};
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprBinary, ExprCall, ExprMatch, ExprMethodCall, ItemMod};

/// Checks the sources of packages.
#[must_use]
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        let mut names = Names { source, places: Vec::new() };
        names.visit_file(&source.file);
        found.extend(names.places.into_iter().map(|place| finding(&place)));
    }
    found
}

fn finding(place: &str) -> Finding {
    let what = "the code probably identifies a type by its name: types of two plugins, of two versions of a package or of two builds of a plugin can have the same name";
    let mend = "compare `TypeId`s, which are equal in host and plugins only for the same type; `engraft::type_by_id` and `type_of` return name, package and plugin";
    Finding::new("B10", what, mend).at(place).uncertain()
}

struct Names<'s> {
    source: &'s Source,
    places: Vec<String>,
}

impl Names<'_> {
    /// The place of a call of `type_name` that is the expression, or the receiver of its method calls.
    fn name(&self, expression: &Expr) -> Option<String> {
        match expression {
            Expr::Call(ExprCall { func, .. }) => {
                let Expr::Path(function) = &**func else { return None };
                let is_name = ["std::any::type_name", "std::any::type_name_of_val", "core::any::type_name", "core::any::type_name_of_val"]
                    .contains(&self.source.full(&function.path).as_str());
                let first = function.path.segments.first()?;
                is_name.then(|| self.source.place(first.ident.span()))
            }
            Expr::Reference(reference) => self.name(&reference.expr),
            Expr::Paren(inner) => self.name(&inner.expr),
            Expr::MethodCall(call) => self.name(&call.receiver),
            _ => None,
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        if matches!(binary.op, BinOp::Eq(_) | BinOp::Ne(_)) {
            self.places.extend(self.name(&binary.left).or_else(|| self.name(&binary.right)));
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_match(&mut self, matched: &'ast ExprMatch) {
        self.places.extend(self.name(&matched.expr));
        visit::visit_expr_match(self, matched);
    }

    /// A name as the key of a map or set.
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if ["get", "get_mut", "insert", "entry", "contains_key", "contains", "remove"].contains(&call.method.to_string().as_str()) {
            self.places.extend(call.args.first().and_then(|key| self.name(key)));
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
    fn type_name_used_as_identity_is_found() {
        for (expression, expected) in [
            ("type_name::<T>() == \"api::Request\"", true),
            ("(\"api::Request\" != std::any::type_name_of_val(&x))", true),
            ("match any::type_name::<T>() { \"a\" => 1, _ => 2 }", true),
            ("table.insert(type_name::<T>().to_owned(), 1)", true),
            ("table.get(&type_name::<T>())", true),
            ("println!(\"{}\", type_name::<T>())", false),
            ("log(type_name::<T>())", false),
            ("other::type_name::<T>() == \"a\"", false),
            ("TypeId::of::<T>() == x.type_id()", false),
        ] {
            let text = format!("use std::any::{{self, type_name}};\nfn f<T>() {{ let _ = {expression}; }}");
            let found = check(&[Source::parse("p", "p/src/lib.rs", &text).unwrap()]);
            assert_eq!(found.len(), usize::from(expected), "{expression}: {found:?}");
            assert!(found.iter().all(|finding| finding.place.as_deref() == Some("p/src/lib.rs:2") && !finding.certain), "{found:?}");
        }
    }
}
