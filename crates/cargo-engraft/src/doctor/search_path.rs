//! B5: plugins that are opened by a path from the working directory, which is another one where the program is started from elsewhere.

use super::finding::Finding;
use super::source::Source;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprLit, ExprMethodCall, Lit, LitStr};

/// Looks through the sources of hosts for calls of `open` with such a path in them.
#[must_use]
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        let mut calls = Calls { source, found: Vec::new() };
        calls.visit_file(&source.file);
        found.extend(calls.found.iter().map(|literal| relative(source, literal)));
    }
    found
}

fn relative(source: &Source, literal: &LitStr) -> Finding {
    let path = literal.value();
    let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".so");
    let what = format!("`{path}` is looked for from the working directory, wherever the program is started");
    let mend =
        format!("`engraft::open(\"{name}\")`: a bare name is looked for in `plugins/` beside the program, and in ENGRAFT_PLUGIN_PATH");
    Finding::new("B5", what, mend).at(source.place(literal.span()))
}

struct Calls<'s> {
    source: &'s Source,
    found: Vec<LitStr>,
}

impl Calls<'_> {
    fn take(&mut self, argument: Option<&Expr>, only_libraries: bool) {
        // `&"…"` and `Path::new("…")` say the same.
        let literal = match argument {
            Some(Expr::Reference(reference)) => return self.take(Some(&reference.expr), only_libraries),
            Some(Expr::Call(call)) if call.args.len() == 1 => return self.take(call.args.first(), only_libraries),
            Some(Expr::Lit(ExprLit { lit: Lit::Str(literal), .. })) => literal,
            _ => return,
        };
        let path = literal.value();
        let is_relative = path.contains('/') && !path.starts_with('/');
        if is_relative && (!only_libraries || path.ends_with(".so")) {
            self.found.push(literal.clone());
        }
    }
}

impl<'ast> Visit<'ast> for Calls<'_> {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = &*call.func
            && ["engraft::open", "engraft::check"].contains(&self.source.full(&function.path).as_str())
        {
            self.take(call.args.first(), false);
        }
        visit::visit_expr_call(self, call);
    }

    /// `OpenOptions` and `Keyring` have a method of that name, and so has much else.
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "open" {
            self.take(call.args.first(), true);
        }
        visit::visit_expr_method_call(self, call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_from_the_working_directory_are_told() {
        let table = [
            ("unsafe { engraft::open(\"filter\") }", None),
            ("unsafe { engraft::open(\"/opt/filter.so\") }", None),
            ("unsafe { engraft::open(name) }", None),
            ("std::fs::File::open(\"plugins/filter.so\")", None),
            ("options.open(\"data/log.txt\")", None),
            ("unsafe { engraft::open(\"plugins/filter.so\") }", Some("engraft::open(\"filter\")")),
            ("unsafe { open(&\"./filter\") }", Some("engraft::open(\"filter\")")),
            ("unsafe { engraft::open(std::path::Path::new(\"../filter.so\")) }", Some("engraft::open(\"filter\")")),
            ("keyring.open(\"plugins/filter.so\")", Some("engraft::open(\"filter\")")),
        ];
        for (call, mend) in table {
            let source = Source::parse("host", "host/src/main.rs", &format!("use engraft::open;\nfn main() {{\n {call}; }}")).unwrap();
            let found = check(&[source]);
            assert_eq!(found.len(), usize::from(mend.is_some()), "{call}: {found:?}");
            for (finding, mend) in found.iter().zip(mend) {
                assert!(finding.mend.contains(mend), "{finding:?}");
                assert_eq!(finding.place.as_deref(), Some("host/src/main.rs:3"));
            }
        }
    }
}
