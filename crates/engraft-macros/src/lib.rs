//! Implementation detail of engraft: its attribute macros, which `engraft` re-exports and documents.
//!
//! This file holds only their documentation and entry points. `export` finds out what kind of item it
//! stands on; each kind has a module, which reads the item's head, reports what is wrong with it, and says what there
//! is to say; `record` writes that down. `init` and `main_function` are the other two attributes.

mod arguments;
mod attributes;
mod compilation;
mod export;
mod function;
mod generics;
mod init;
mod item_static;
mod item_type;
mod known_as;
mod main_function;
mod record;
mod refused;
mod report;
mod rustc_arguments;
mod text;

/// Exports a function, static, struct or enum from a plugin, to be looked up by hosts.
///
/// The item stays as it is, and the same crate can be an ordinary dependency as well. Look-ups ask for an item by its
/// path in the crate and by its type:
///
/// | item | is looked up as | a look-up gives |
/// |---|---|---|
/// | `pub fn apply(to: &Request) -> bool` | `fn(&Request) -> bool` | the function |
/// | `pub unsafe extern "C" fn raw(at: *const u8)` | `unsafe extern "C" fn(*const u8)` | the function |
/// | `pub fn first<'a>(one: &'a str, other: &str) -> &'a str` | `for<'a> fn(&'a str, &str) -> &'a str` | the function |
/// | `pub async fn run(a: &str, b: &str) -> u8` | `for<'a> fn(&'a str, &'a str) -> BoxFuture<'a, u8>` | a function that boxes the future |
/// | `pub async fn wait(ms: u64)` | `fn(u64) -> BoxFuture<'static, ()>` | a function that boxes the future |
/// | `pub static HITS: AtomicU64` | `AtomicU64` | the static itself |
/// | `pub struct Rule`, `pub enum Verdict` | | that there is such a type |
///
/// Items may stand in any module, under a `cfg`, or come out of a macro. What was written is kept for people as well:
/// the item's head, the first line of its documentation, its file and line.
///
/// # Other attributes that change the item
///
/// They stand above `#[export]`, which then exports what they made of the item: `#[dynamic]` above it may export a
/// `Lazy<Config>` that was written as a `Config`. Below it, the item does not have the type any more that `#[export]` has read, and the code
/// does not compile.
///
/// # Example
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
///
/// /// What is asked.
/// #[engraft::export]
/// pub struct Request {
///     pub path: String,
/// }
///
/// /// Counts requests.
/// #[engraft::export]
/// pub static HITS: AtomicU64 = AtomicU64::new(0);
///
/// /// Lets a request pass or drops it.
/// #[engraft::export]
/// pub fn apply(to: &Request) -> bool {
///     HITS.fetch_add(1, Relaxed);
///     to.path.starts_with("/public")
/// }
///
/// pub mod slow {
///     /// Thinks about a request.
///     #[engraft::export]
///     pub async fn apply(to: &super::Request, limit: usize) -> bool {
///         to.path.len() < std::future::ready(limit).await
///     }
/// }
/// # fn main() {
/// #     assert!(apply(&Request { path: "/public/a".to_owned() }));
/// # }
/// ```
///
/// # Argument
///
/// `crate = path` is the path to engraft in a crate that does not depend on it directly. A dependency under another name
/// (`grafting = { package = "engraft", … }`) needs no argument:
///
/// ```
/// mod api {
///     pub use engraft;
/// }
///
/// #[api::engraft::export(crate = crate::api::engraft)]
/// pub fn ping() {}
/// # fn main() {}
/// ```
///
/// # `async fn`
///
/// A future has no type that a host could ask for, so the exported function returns an `engraft::BoxFuture`. It
/// has one lifetime: all lifetimes that the arguments leave out become that one. Where a function declares lifetimes,
/// these are kept, what is left out becomes the first of them, and the first is the future's. The future must be `Send`.
///
/// # Errors
///
/// These do not compile, and each error says what to write instead. All of an item are told at once.
///
/// - Items that are not `pub`.
/// - Generic functions and types, and `impl Trait` in arguments: a plugin holds only compiled code. Lifetimes are fine.
/// - `impl Trait` as return type, which has no name to ask for.
/// - Lifetimes with bounds or conditions, and lifetimes of the return type that are in no argument: no `fn` pointer
///   type can leave them open.
/// - Methods and other functions of `impl` blocks.
/// - `async fn`s that are `unsafe`, have an `extern` calling convention, return `!`, or whose future is not `Send`.
/// - Safe functions with `#[target_feature]`, and functions with a variable number of arguments.
/// - `static mut`, thread-locals, and `const`s: none has an address that all could use.
/// - All other kinds of items, and a second `#[export]` on one item.
///
/// ```compile_fail
/// #[engraft::export]
/// fn apply<T>(to: T) -> impl Iterator<Item = T> { // Three errors: private, generic, and a type without a name.
///     std::iter::once(to)
/// }
/// ```
#[proc_macro_attribute]
pub fn export(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    export::export(arguments.into(), item.into()).into()
}

/// Runs a function once, when its package comes into a process: before anything else of the package is used, and after the
/// initialisers of all packages that it depends on.
///
/// It may stand in any package of a host or plugin, on as many functions as needed, private ones too. They return `()`, or a
/// `Result<(), E>` whose error becomes a `Box<dyn Error + Send + Sync>`: a text, a type of your own, `anyhow::Error`.
///
/// # When
///
/// - A host's run by [`#[engraft::main]`](macro@main) before the body of `main`, or else in the first
///   `open`. Packages come in the order in which they depend on each other, those that don't by their names;
///   the host's own crate comes last. Functions of one package come in the order of their paths. The order stands in the manifest.
/// - The same is true in a program that `cargo` built without Engraft, where the first `open` runs them before it fails with
///   `OpenError::HostNotLinked`. There the macro reads the dependencies from rustc's command line and the libraries named in it, as cargo
///   arranges them. Built by something else than cargo, packages come in the reverse order of the link, which is that of
///   dependencies unless there is link-time optimisation.
/// - A plugin's own, and those of packages that only it brings, run inside `open`, in the same order. A package that several
///   plugins bring is initialised with the first of them; one that the host has, with the host.
/// - Different plugins' run side by side when threads open them so; who needs a package waits only for that package.
///
/// # When it fails
///
/// An error or a panic ends the plugin's `open` with `OpenError::InitFailed`, which names package, file and line, and the cause; so does
/// every later `open` of it. Packages that were initialised before stay so, and other plugins go on. Where it is the host's,
/// `#[engraft::main]` prints the error and ends the process with exit code 1. With `panic = "abort"` a panic ends the process.
///
/// # What belongs into it
///
/// Setting up what the package's code relies on. What may take long or wait, such as network and files, belongs into an
/// exported function, which the host calls when it is ready for it: nobody can use the plugin before its initialisers have ended.
/// One that runs longer than a second (the environment variable `ENGRAFT_SLOW_INIT_MS`, in milliseconds) is told through `tracing`,
/// as a warning with its place; that takes a thread, which is started only if somebody listens to warnings. It may open other plugins, but none that need its own package: that is an
/// error. It must not wait for a thread that does so either, which nobody can see.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
///
/// static LIMIT: AtomicU64 = AtomicU64::new(0);
///
/// #[engraft::init]
/// fn read_limit() -> Result<(), std::num::ParseIntError> {
///     if let Ok(limit) = std::env::var("LIMIT") {
///         LIMIT.store(limit.parse()?, Relaxed);
///     }
///     Ok(())
/// }
/// # fn main() {}
/// ```
///
/// # Argument
///
/// `crate = path` as for [`#[export]`](macro@export).
///
/// # Errors
///
/// These do not compile: functions with arguments or generics, `async`, `unsafe` and `extern` functions, methods, and items that are
/// no functions.
///
/// ```compile_fail
/// #[engraft::init]
/// async fn connect(to: &str) {}
/// ```
#[proc_macro_attribute]
pub fn init(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    init::init(arguments.into(), item.into()).into()
}

/// Runs the initialisers of a host's packages before the body of its `main`.
///
/// Without it they run in the first `open`. If one fails, the error is printed and the process ends with exit code 1.
///
/// It goes together with attributes that make a runtime, such as `#[tokio::main]`. Above such a one, the initialisers run within
/// the runtime and may start tasks; below it, before the runtime is made.
///
/// ```
/// #[engraft::main]
/// fn main() {
///     println!("every package is initialised");
/// }
/// ```
///
/// A program that `cargo engraft` did not link runs them too, in the same order.
///
/// # Argument
///
/// `crate = path` as for [`#[export]`](macro@export).
///
/// # Errors
///
/// Items other than `fn main` do not compile.
#[proc_macro_attribute]
pub fn main(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    main_function::main(arguments.into(), item.into()).into()
}
