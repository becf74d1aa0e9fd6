//! Collects the calls between the functions of a package from its source.
//!
//! Calls are resolved by name only: within the package a call may reach any function of that name, and of other packages only a few
//! functions are known. Findings that follow from these calls can therefore be wrong in both directions.

use super::source::{Source, is_for_tests};
use std::collections::{BTreeSet, HashMap, VecDeque};
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprLoop, ExprMethodCall, ImplItemFn, ItemFn, ItemMod, Local, Pat, Stmt};

/// The functions of a package and their calls.
#[derive(Default)]
pub struct Calls {
    /// Name of the package.
    pub package: String,
    functions: HashMap<String, Function>,
    /// The functions with `#[engraft::init]`.
    pub initialisers: Vec<Marked>,
    /// The functions with `#[engraft::export]`.
    pub exports: Vec<Marked>,
}

/// A function with one of Engraft's attributes.
pub struct Marked {
    pub name: String,
    pub place: String,
}

/// All functions of one name.
#[derive(Default)]
pub struct Function {
    /// What they call: full paths where the source shows them, otherwise names.
    pub calls: Vec<String>,
    /// Threads and tasks that they start without keeping the handle.
    pub started: Vec<Started>,
    /// Whether one of them contains a loop without an exit.
    pub is_endless: bool,
}

/// A thread or task whose handle the caller drops.
pub struct Started {
    /// The function that starts it.
    pub by: String,
    /// The function of the package that it runs; none if it runs a closure or block with an endless loop.
    pub runs: Option<String>,
}

/// Functions that start threads and tasks that outlive their handle.
const STARTING: [&str; 4] = ["std::thread::spawn", "engraft::thread::spawn", "tokio::spawn", "tokio::task::spawn"];

impl Calls {
    /// Collects the calls of each package.
    #[must_use]
    pub fn by_package(sources: &[Source]) -> Vec<Self> {
        let packages: BTreeSet<&str> = sources.iter().map(|source| source.package.as_str()).collect();
        let of_package = |package: &str| {
            let mut calls = Self { package: package.to_owned(), ..Self::default() };
            for source in sources.iter().filter(|source| source.package == package) {
                Collector { source, calls: &mut calls }.visit_file(&source.file);
            }
            calls
        };
        packages.into_iter().map(of_package).collect()
    }

    /// All functions with this name.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }

    /// Whether any function calls this function of another package.
    #[must_use]
    pub fn has_call_to(&self, path: &str) -> bool {
        self.functions.values().any(|function| function.calls.iter().any(|called| called == path))
    }

    /// The shortest call chain from a function to one for which `wanted` returns something, which becomes the chain's last step.
    #[must_use]
    pub fn chain(&self, from: &str, wanted: impl Fn(&Function) -> Option<String>) -> Option<Vec<String>> {
        let mut seen = BTreeSet::from([from.to_owned()]);
        let mut chains = VecDeque::from([vec![from.to_owned()]]);
        while let Some(chain) = chains.pop_front() {
            let Some(function) = chain.last().and_then(|last| self.function(last)) else { continue };
            if let Some(found) = wanted(function) {
                return Some([chain.as_slice(), &[found]].concat());
            }
            for called in &function.calls {
                let name = called.rsplit("::").next().unwrap_or_default();
                if self.functions.contains_key(name) && seen.insert(name.to_owned()) {
                    chains.push_back([chain.as_slice(), &[name.to_owned()]].concat());
                }
            }
        }
        None
    }
}

/// Visits the functions of a file.
struct Collector<'c> {
    source: &'c Source,
    calls: &'c mut Calls,
}

impl Collector<'_> {
    fn take(&mut self, name: &syn::Ident, block: &Block) {
        let mut body = Body { source: self.source, function: Function::default() };
        body.visit_block(block);
        let known = self.calls.functions.entry(name.to_string()).or_default();
        known.calls.extend(body.function.calls);
        known.started.extend(body.function.started);
        known.is_endless |= has_endless_loop(|loops| loops.visit_block(block));
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        let name = &function.sig.ident;
        let marked = || Marked { name: name.to_string(), place: self.source.place(name.span()) };
        if self.source.is_marked(&function.attrs, "init") {
            self.calls.initialisers.push(marked());
        }
        if self.source.is_marked(&function.attrs, "export") {
            self.calls.exports.push(marked());
        }
        self.take(name, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.take(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }
}

/// Visits the calls in a block. Items that the block defines are skipped, because defining them does not call them.
struct Body<'s> {
    source: &'s Source,
    function: Function,
}

impl Body<'_> {
    /// Records what a statement starts whose value is dropped.
    fn dropped(&mut self, expression: &Expr) {
        match expression {
            // `spawn(…).unwrap();` drops the handle, too.
            Expr::MethodCall(call) => self.dropped(&call.receiver),
            Expr::Call(call) => self.function.started.extend(self.started(call)),
            _ => {}
        }
    }

    fn started(&self, call: &ExprCall) -> Option<Started> {
        let Expr::Path(function) = &*call.func else { return None };
        let by = self.source.full(&function.path);
        let name = |expression: &Expr| match expression {
            Expr::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
            _ => None,
        };
        let runs = match call.args.first().filter(|_| STARTING.contains(&by.as_str()))? {
            path @ Expr::Path(_) => Some(name(path)?),
            Expr::Call(call) => Some(name(&call.func)?),
            closure => {
                if !has_endless_loop(|loops| loops.visit_expr(closure)) {
                    return None;
                }
                None
            }
        };
        Some(Started { by, runs })
    }
}

impl<'ast> Visit<'ast> for Body<'_> {
    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        if let Stmt::Expr(expression, Some(_)) = statement {
            self.dropped(expression);
        }
        visit::visit_stmt(self, statement);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        if let (Pat::Wild(_), Some(init)) = (&local.pat, &local.init) {
            self.dropped(&init.expr);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = &*call.func {
            self.function.calls.push(self.source.full(&function.path));
            // The caller does not wait for code that runs in another thread.
            if self.source.full(&function.path).ends_with("::spawn") {
                return;
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.function.calls.push(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

fn has_endless_loop(go: impl FnOnce(&mut Loops)) -> bool {
    let mut loops = Loops(false);
    go(&mut loops);
    loops.0
}

/// Looks for a loop without an exit.
struct Loops(bool);

impl<'ast> Visit<'ast> for Loops {
    fn visit_expr_loop(&mut self, endless: &'ast ExprLoop) {
        let mut exits = Exits(false);
        exits.visit_block(&endless.body);
        self.0 |= !exits.0;
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Looks for an exit from a loop.
struct Exits(bool);

impl<'ast> Visit<'ast> for Exits {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        self.0 |= matches!(expression, Expr::Break(_) | Expr::Return(_) | Expr::Try(_));
        visit::visit_expr(self, expression);
    }

    /// The tokens of a macro call are not parsed: a `break` or `return` among them counts as an exit.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.0 |= call.tokens.clone().into_iter().any(|token| matches!(token.to_string().as_str(), "break" | "return"));
    }
}
