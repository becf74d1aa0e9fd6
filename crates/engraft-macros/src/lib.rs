//! Implementation detail of engraft: its attribute macros, which `engraft` re-exports and documents.
//!
//! This file holds only their documentation and entry points. `export` finds out what kind of item it
//! stands on; each kind has a module, which reads the item's head, reports what is wrong with it, and says what there
//! is to say; `record` writes that down.

mod arguments;
mod attributes;
mod export;
mod function;
mod generics;
mod item_static;
mod item_type;
mod record;
mod refused;
mod report;
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
/// `crate = path` says where engraft is when it is no direct dependency:
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
