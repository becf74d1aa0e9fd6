//! B11: finds state that is used before it is initialized: a `main` that runs before the initializers, which run at the first `open`, and
//! a `OnceLock` that is unwrapped and never set. The latter is a guess from the source, which ignores macros.

use super::calls::{Calls, Marked};
use super::finding::Finding;
use super::source::{Source, is_for_tests};
use std::collections::BTreeMap;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, ExprPath, Item, ItemMod, ItemStatic, Type};

/// A host and the initializers of its packages.
pub struct Host<'s> {
    /// The sources of the host's package.
    pub sources: Vec<&'s Source>,
    /// The calls in the host's package.
    pub calls: &'s Calls,
    /// The initializers of all its packages.
    pub initialisers: Vec<&'s Marked>,
}

/// Finds programs whose `main` starts before the initializers have run.
#[must_use]
pub fn hosts(hosts: &[Host<'_>]) -> Vec<Finding> {
    hosts.iter().flat_map(check_host).collect()
}

fn check_host(host: &Host<'_>) -> Vec<Finding> {
    let Some(first) = host.initialisers.first() else { return Vec::new() };
    if host.calls.has_call_to("engraft::initialise") {
        return Vec::new();
    }
    let finding = |source: &Source, name: &syn::Ident| {
        let what = format!(
            "`main` starts before the initializers of its packages, such as `{}` ({}), have run: they run at the first `open`",
            first.name, first.place
        );
        Finding::new("B11", what, "write `#[engraft::main]` above `fn main`, or call `engraft::initialise` first")
            .at(source.place(name.span()))
    };
    let is_program = |source: &&&Source| source.path.ends_with("src/main.rs") || source.path.contains("src/bin/");
    let mains = host.sources.iter().filter(is_program).flat_map(|source| {
        source.file.items.iter().filter_map(move |item| match item {
            Item::Fn(function) if function.sig.ident == "main" && !source.is_marked(&function.attrs, "main") => {
                Some(finding(source, &function.sig.ident))
            }
            _ => None,
        })
    });
    mains.collect()
}

/// Finds statics that are unwrapped and never set.
#[must_use]
pub fn statics(sources: &[Source]) -> Vec<Finding> {
    let mut cells: BTreeMap<String, Cell> = BTreeMap::new();
    for source in sources {
        Statics { source, cells: &mut cells }.visit_file(&source.file);
    }
    for source in sources {
        Uses { cells: &mut cells }.visit_file(&source.file);
    }
    let never_set = cells.into_iter().filter(|(_, cell)| cell.unwrapped && cell.uses == cell.reads);
    never_set.map(|(name, cell)| finding(&name, &cell.place)).collect()
}

fn finding(name: &str, place: &str) -> Finding {
    let what = format!("`{name}` is unwrapped, but probably never set: the first use would panic");
    let mend = format!(
        "set `{name}` in a function with `#[engraft::init]`, which runs before all other code of its package, or use `get_or_init`"
    );
    Finding::new("B11", what, mend).at(place).uncertain()
}

/// A static `OnceLock` or `OnceCell`.
struct Cell {
    place: String,
    /// Number of expressions that name it.
    uses: usize,
    /// Number of calls of `get`.
    reads: usize,
    /// Whether the result of a `get` is unwrapped.
    unwrapped: bool,
}

struct Statics<'s, 'c> {
    source: &'s Source,
    cells: &'c mut BTreeMap<String, Cell>,
}

impl<'ast> Visit<'ast> for Statics<'_, '_> {
    fn visit_item_static(&mut self, item: &'ast ItemStatic) {
        let Type::Path(path) = &*item.ty else { return };
        if path.path.segments.last().is_some_and(|last| last.ident == "OnceLock" || last.ident == "OnceCell") {
            let place = self.source.place(item.ident.span());
            self.cells.entry(item.ident.to_string()).or_insert(Cell { place, uses: 0, reads: 0, unwrapped: false });
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }
}

struct Uses<'c> {
    cells: &'c mut BTreeMap<String, Cell>,
}

impl Uses<'_> {
    /// The static on which an expression calls `get`.
    fn read(&mut self, expression: &Expr) -> Option<&mut Cell> {
        let Expr::MethodCall(ExprMethodCall { receiver, method, .. }) = expression else { return None };
        let Expr::Path(path) = &**receiver else { return None };
        let name = path.path.segments.last()?.ident.to_string();
        if method == "get" { self.cells.get_mut(&name) } else { None }
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        if let Some(cell) = self.read(expression) {
            cell.reads += 1;
        }
        if let Expr::MethodCall(call) = expression
            && (call.method == "unwrap" || call.method == "expect")
            && let Some(cell) = self.read(&call.receiver)
        {
            cell.unwrapped = true;
        }
        visit::visit_expr(self, expression);
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        if let Some(cell) = path.path.segments.last().and_then(|last| self.cells.get_mut(&last.ident.to_string())) {
            cell.uses += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_static_is_found() {
        for (text, expected) in [
            ("fn f() { *TABLE.get().unwrap() }", true),
            ("fn f() { *crate::TABLE.get().expect(\"set\") }", true),
            ("fn f() { *TABLE.get().unwrap() } fn g() { TABLE.set(1); }", false),
            ("fn f() { *TABLE.get().unwrap() } fn g() { fill(&TABLE); }", false),
            ("fn f() { *TABLE.get_or_init(|| 1) }", false),
            ("fn f() { TABLE.get().is_some() }", false),
            ("fn f() {}", false),
        ] {
            let text = format!("use std::sync::OnceLock;\nstatic TABLE: OnceLock<u8> = OnceLock::new();\n{text}");
            let found = statics(&[Source::parse("p", "p/src/lib.rs", &text).unwrap()]);
            assert_eq!(found.len(), usize::from(expected), "{text}: {found:?}");
            assert!(found.iter().all(|finding| finding.place.as_deref() == Some("p/src/lib.rs:2") && !finding.certain), "{found:?}");
        }
    }

    #[test]
    fn main_before_initializers_is_found() {
        for (main, initializer, expected) in [
            ("fn main() {}", "#[engraft::init] fn fill() {}", true),
            ("#[engraft::main] fn main() {}", "#[engraft::init] fn fill() {}", false),
            ("use engraft::main; #[main] fn main() {}", "#[engraft::init] fn fill() {}", false),
            ("fn main() { engraft::initialise().unwrap(); }", "#[engraft::init] fn fill() {}", false),
            ("fn main() {}", "fn fill() {}", false),
        ] {
            let sources = [("host", "host/src/main.rs", main), ("api", "api/src/lib.rs", initializer)];
            let sources = sources.map(|(package, path, text)| Source::parse(package, path, text).unwrap());
            let calls = Calls::by_package(&sources);
            let of = |name: &str| calls.iter().find(|calls| calls.package == name).unwrap();
            let host = Host { sources: vec![&sources[0]], calls: of("host"), initialisers: of("api").initialisers.iter().collect() };
            let found = hosts(&[host]);
            assert_eq!(found.len(), usize::from(expected), "{main}: {found:?}");
            assert!(found.iter().all(|finding| finding.what.contains("`fill` (api/src/lib.rs:1)") && finding.certain), "{found:?}");
        }
    }
}
