//! B4: initialisers that do I/O or wait, which keeps `open` waiting and fails where nobody expects it.
//!
//! From the source alone, by the names of what is called: within the package every function of that name counts, and what other
//! packages do is only known of a few. So this may be wrong in both directions, and says so.

use super::finding::Finding;
use super::source::Source;
use std::collections::{BTreeSet, HashMap, VecDeque};
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprMethodCall, ImplItemFn, ItemFn};

/// What does I/O or waits, by the beginning of its path.
const WAITING: [&str; 13] = [
    "std::fs::",
    "std::net::",
    "std::process::Command::",
    "std::io::stdin",
    "std::io::Stdin::",
    "std::thread::sleep",
    "std::os::unix::net::",
    "tokio::fs::",
    "tokio::net::",
    "tokio::process::",
    "reqwest::",
    "ureq::",
    "rusqlite::Connection::",
];

/// Looks through the sources of packages.
#[must_use]
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let packages: BTreeSet<&str> = sources.iter().map(|source| source.package.as_str()).collect();
    let of_package = |package: &str| {
        let mut functions = Functions::default();
        for source in sources.iter().filter(|source| source.package == package) {
            Collector { source, functions: &mut functions }.visit_file(&source.file);
        }
        functions.findings()
    };
    packages.into_iter().flat_map(of_package).collect()
}

/// The functions of a package: what each calls, and which of them are initialisers.
#[derive(Default)]
struct Functions {
    calls: HashMap<String, Vec<String>>,
    /// Name and place.
    initialisers: Vec<(String, String)>,
}

impl Functions {
    fn findings(&self) -> Vec<Finding> {
        let told = |(name, place): &(String, String)| {
            let way = self.way(name)?;
            let what = format!("the initialiser `{name}` seems to do I/O or to wait while the plugin opens: {}", way.join(" → "));
            let mend = "move it into an exported function that the host calls, and that can give an error (see the template's `start`)";
            Some(Finding::new("B4", what, mend).at(place).perhaps())
        };
        self.initialisers.iter().filter_map(told).collect()
    }

    /// How a function comes to something that waits.
    fn way(&self, from: &str) -> Option<Vec<String>> {
        let mut seen = BTreeSet::from([from.to_owned()]);
        let mut ways = VecDeque::from([vec![from.to_owned()]]);
        while let Some(way) = ways.pop_front() {
            for called in way.last().and_then(|last| self.calls.get(last)).into_iter().flatten() {
                if WAITING.iter().any(|waiting| called.starts_with(waiting)) {
                    return Some([way.as_slice(), std::slice::from_ref(called)].concat());
                }
                let name = called.rsplit("::").next().unwrap_or_default();
                if self.calls.contains_key(name) && seen.insert(name.to_owned()) {
                    ways.push_back([way.as_slice(), &[name.to_owned()]].concat());
                }
            }
        }
        None
    }
}

/// Goes through a file.
struct Collector<'c> {
    source: &'c Source,
    functions: &'c mut Functions,
}

impl Collector<'_> {
    fn take(&mut self, name: &syn::Ident, block: &Block) {
        let mut calls = Calls { source: self.source, found: Vec::new() };
        calls.visit_block(block);
        self.functions.calls.entry(name.to_string()).or_default().extend(calls.found);
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        let name = &function.sig.ident;
        if self.source.is_marked(&function.attrs, "init") {
            self.functions.initialisers.push((name.to_string(), self.source.place(name.span())));
        }
        self.take(name, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.take(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }
}

/// What is called in a block; not what is only written down there, to be called by whoever has it.
struct Calls<'s> {
    source: &'s Source,
    found: Vec<String>,
}

impl<'ast> Visit<'ast> for Calls<'_> {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = &*call.func {
            self.found.push(self.source.full(&function.path));
            // What runs on a thread of its own keeps nobody waiting.
            if self.source.full(&function.path).ends_with("::spawn") {
                return;
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.found.push(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_followed_to_what_waits() {
        let table = [
            ("#[engraft::init] fn start() { TABLE.set(1); }", None),
            ("#[engraft::init] fn start() { std::fs::read(\"a\").unwrap(); }", Some("start → std::fs::read")),
            ("#[init] fn start() { load(); } fn load() { File::open(\"a\").unwrap(); }", Some("start → load → std::fs::File::open")),
            ("#[init] fn start() { Table.fill(); } impl Table { fn fill(&self) { sleep(); } }", Some("start → fill → std::thread::sleep")),
            ("#[init] fn start() { first(); } fn first() { second(); } fn second() { first(); }", None),
            ("#[init] fn start() { std::thread::spawn(|| { File::open(\"a\"); }); }", None),
            ("fn start() { std::fs::read(\"a\").unwrap(); }", None),
            ("#[init] fn start() { fn later() { sleep(); } }", None),
        ];
        for (text, way) in table {
            let text = format!("use engraft::init; use std::fs::File; use std::thread::sleep;\n{text}");
            let found = check(&[Source::parse("p", "p/src/lib.rs", &text).unwrap()]);
            assert_eq!(found.len(), usize::from(way.is_some()), "{text}: {found:?}");
            for (finding, way) in found.iter().zip(way) {
                assert!(finding.what.ends_with(way), "{finding:?}");
                assert_eq!((finding.place.as_deref(), finding.certain), (Some("p/src/lib.rs:2"), false));
            }
        }
    }
}
