//! B8: finds hosts that expect a fresh copy of a plugin and would not get one: they open one file twice in a function that does not
//! replace it, or they overwrite a file in place, which corrupts the running code.
//!
//! Reads the source only, and only paths that are literals.

use super::finding::Finding;
use super::opens::{self, literal};
use super::source::{Source, is_for_tests};
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ImplItemFn, ItemFn, ItemMod, LitStr};

/// Checks the sources of hosts.
#[must_use]
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        Functions { source, found: &mut found }.visit_file(&source.file);
    }
    found
}

struct Functions<'s> {
    source: &'s Source,
    found: &'s mut Vec<Finding>,
}

impl Functions<'_> {
    fn body(&mut self, block: &Block) {
        let mut writes = Writes { source: self.source, written: Vec::new(), moves: false };
        writes.visit_block(block);
        self.found.extend(writes.written.iter().map(|path| written(self.source, path)));
        if writes.moves || !writes.written.is_empty() {
            return;
        }
        let opened = opens::in_source(self.source, |opens| opens.visit_block(block));
        let again = |(index, path): (usize, &LitStr)| opened[..index].iter().any(|before| before.value() == path.value());
        let twice = opened.iter().enumerate().filter(|each| again(*each));
        self.found.extend(twice.map(|(_, path)| opened_twice(self.source, path)));
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.body(&function.block);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.body(&function.block);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }
}

fn opened_twice(source: &Source, path: &LitStr) -> Finding {
    let what = format!(
        "one function opens `{}` twice: as long as the file is the same, both calls return the same plugin, with the current values of its statics",
        path.value()
    );
    let mend = "keep the first `Plugin`, which is `Copy`; for fresh state, export a function from the plugin that creates it";
    Finding::new("B8", what, mend).at(source.place(path.span())).uncertain()
}

fn written(source: &Source, path: &LitStr) -> Finding {
    let path_text = path.value();
    let what = format!(
        "the host overwrites `{path_text}` in place: if the plugin is open, this changes the running code, and later opens are refused"
    );
    let mend = format!("write a new file and `std::fs::rename` it to `{path_text}`: then `open` loads the new build beside the old one");
    Finding::new("B8", what, mend).at(source.place(path.span())).uncertain()
}

/// Visits the calls that write or rename files.
struct Writes<'s> {
    source: &'s Source,
    written: Vec<LitStr>,
    /// Whether any file is renamed.
    moves: bool,
}

impl<'ast> Visit<'ast> for Writes<'_> {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = &*call.func {
            let target = match self.source.full(&function.path).as_str() {
                "std::fs::copy" => call.args.get(1),
                "std::fs::write" | "std::fs::File::create" => call.args.first(),
                other => {
                    self.moves |= other == "std::fs::rename";
                    None
                }
            };
            let is_library = |path: &&LitStr| path.value().ends_with(".so");
            self.written.extend(target.and_then(literal).filter(is_library).cloned());
        }
        visit::visit_expr_call(self, call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reopened_and_overwritten_files_are_found() {
        let table = [
            ("open(\"a\"); open(\"b\");", None),
            ("open(\"a\"); open(\"a\");", Some("one function opens `a` twice")),
            ("open(\"a\"); fs::rename(\"new.so\", \"plugins/a.so\"); open(\"a\");", None),
            ("open(name); open(name);", None),
            ("fs::copy(&new, \"plugins/a.so\");", Some("the host overwrites `plugins/a.so` in place")),
            (
                "fs::write(Path::new(\"plugins/a.so\"), &new); open(\"a\"); open(\"a\");",
                Some("the host overwrites `plugins/a.so` in place"),
            ),
            ("fs::write(\"a.txt\", \"a\");", None),
        ];
        for (body, expected) in table {
            let source = Source::parse("h", "h/src/main.rs", &format!("use engraft::open; use std::fs;\nfn main() {{ {body} }}")).unwrap();
            let found = check(&[source]);
            assert_eq!(found.len(), usize::from(expected.is_some()), "{body}: {found:?}");
            assert!(
                found.iter().zip(expected).all(|(finding, expected)| finding.what.starts_with(expected) && !finding.certain),
                "{found:?}"
            );
        }
        let apart = Source::parse("h", "h/src/main.rs", "fn a() { engraft::open(\"a\"); } fn b() { engraft::open(\"a\"); }").unwrap();
        assert_eq!(check(&[apart]), []);
    }
}
