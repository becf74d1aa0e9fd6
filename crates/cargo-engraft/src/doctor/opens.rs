//! Finds the calls that open a plugin by a path literal.

use super::source::{Source, is_for_tests};
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprLit, ExprMethodCall, ItemMod, Lit, LitStr};

/// The path literals that a part of a source opens or checks.
#[must_use]
pub fn in_source(source: &Source, go: impl FnOnce(&mut Opens<'_>)) -> Vec<LitStr> {
    let mut opens = Opens { source, found: Vec::new() };
    go(&mut opens);
    opens.found
}

/// Collects the path literals.
pub struct Opens<'s> {
    source: &'s Source,
    found: Vec<LitStr>,
}

/// The string literal in an argument, also in `&"…"` and `Path::new("…")`.
#[must_use]
pub fn literal(argument: &Expr) -> Option<&LitStr> {
    match argument {
        Expr::Reference(reference) => literal(&reference.expr),
        Expr::Call(call) if call.args.len() == 1 => literal(call.args.first()?),
        Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => Some(literal),
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Opens<'_> {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = &*call.func
            && ["engraft::open", "engraft::check"].contains(&self.source.full(&function.path).as_str())
        {
            self.found.extend(call.args.first().and_then(literal).cloned());
        }
        visit::visit_expr_call(self, call);
    }

    /// Many types have a method `open`, `OpenOptions` and `Keyring` among them, so only a path that ends in `.so` counts.
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "open" {
            let is_library = |path: &&LitStr| path.value().ends_with(".so");
            self.found.extend(call.args.first().and_then(literal).filter(is_library).cloned());
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }
}
