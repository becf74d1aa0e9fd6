//! What the functions of a package call, as far as the source tells: by name, so that within the package every function of that name
//! counts, and what other packages do is only known of a few. So what follows from it may be wrong in both directions.

use super::source::{Source, is_for_tests};
use std::collections::{BTreeSet, HashMap, VecDeque};
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprLoop, ExprMethodCall, ImplItemFn, ItemFn, ItemMod, Local, Pat, Stmt};

/// The functions of a package.
#[derive(Default)]
pub struct Calls {
    /// Its name.
    pub package: String,
    functions: HashMap<String, Function>,
    /// The initialisers.
    pub initialisers: Vec<Marked>,
    /// The exported functions.
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
    /// What they call, each as it is from the root where that is known.
    pub calls: Vec<String>,
    /// What they start and leave to itself.
    pub started: Vec<Started>,
    /// Whether one of them has a loop that nothing in it ends.
    pub is_endless: bool,
}

/// A thread or task whose handle is dropped where it is started.
pub struct Started {
    /// The function that starts it.
    pub by: String,
    /// The function of the package that it runs; none if it runs a closure or block without an end.
    pub runs: Option<String>,
}

/// What starts threads and tasks that outlive their handle.
const STARTING: [&str; 4] = ["std::thread::spawn", "engraft::thread::spawn", "tokio::spawn", "tokio::task::spawn"];

impl Calls {
    /// Those of each package.
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

    /// The functions of a name.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }

    /// Whether any function calls this one of another package.
    #[must_use]
    pub fn call(&self, path: &str) -> bool {
        self.functions.values().any(|function| function.calls.iter().any(|called| called == path))
    }

    /// The shortest way from a function to one that has what is looked for, which is the way's last step.
    #[must_use]
    pub fn way(&self, from: &str, wanted: impl Fn(&Function) -> Option<String>) -> Option<Vec<String>> {
        let mut seen = BTreeSet::from([from.to_owned()]);
        let mut ways = VecDeque::from([vec![from.to_owned()]]);
        while let Some(way) = ways.pop_front() {
            let Some(function) = way.last().and_then(|last| self.of(last)) else { continue };
            if let Some(found) = wanted(function) {
                return Some([way.as_slice(), &[found]].concat());
            }
            for called in &function.calls {
                let name = called.rsplit("::").next().unwrap_or_default();
                if self.functions.contains_key(name) && seen.insert(name.to_owned()) {
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

/// What is called in a block; not what is only written down there, to be called by whoever has it.
struct Body<'s> {
    source: &'s Source,
    function: Function,
}

impl Body<'_> {
    /// A statement's value is dropped.
    fn dropped(&mut self, expression: &Expr) {
        match expression {
            // `spawn(…).unwrap();` drops what it gives, too.
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
            // What runs on a thread of its own keeps nobody waiting.
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

/// Looks for a loop with nothing in it that leads out.
struct Loops(bool);

impl<'ast> Visit<'ast> for Loops {
    fn visit_expr_loop(&mut self, endless: &'ast ExprLoop) {
        let mut ways_out = WaysOut(false);
        ways_out.visit_block(&endless.body);
        self.0 |= !ways_out.0;
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

struct WaysOut(bool);

impl<'ast> Visit<'ast> for WaysOut {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        self.0 |= matches!(expression, Expr::Break(_) | Expr::Return(_) | Expr::Try(_));
        visit::visit_expr(self, expression);
    }

    /// It may return, or panic, for all that can be seen here.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.0 |= call.tokens.clone().into_iter().any(|token| matches!(token.to_string().as_str(), "break" | "return"));
    }
}
