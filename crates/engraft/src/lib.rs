//! Native plugins for Rust that become part of the host when they are opened.
//!
//! A plugin is an ordinary library crate. Linked by `cargo engraft`, it carries only its own code and
//! borrows every package that the host has: it shares the host's allocator, statics, thread-locals, logger,
//! async runtime and `TypeId`s, panics cross between the two, and a call costs what a call through a
//! function pointer costs. [`open`](open()) maps a plugin only after every package that it borrows is proven to be
//! the same as the host's.
//!
//! The API crate that host and plugins share is plain Rust:
//!
//! ```
//! pub struct Request { pub path: String }
//! pub struct Response { pub status: u16 }
//! ```
//!
//! A plugin marks what a host may look up with [`export`](macro@export):
//!
//! ```
//! # pub struct Request { pub path: String }
//! # pub struct Response { pub status: u16 }
//! #[engraft::export]
//! pub fn apply(request: &Request) -> Response {
//!     Response { status: if request.path.starts_with("/admin") { 403 } else { 200 } }
//! }
//! # fn main() {}
//! ```
//!
//! and the host opens it and calls:
//!
//! ```no_run
//! # pub struct Request { pub path: String }
//! # pub struct Response { pub status: u16 }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // SAFETY: this file comes out of our own build.
//! let filter = unsafe { engraft::open("filter") }?;
//! let apply = filter.lookup::<fn(&Request) -> Response>("apply")?;
//! assert_eq!(apply(&Request { path: "/admin".into() }).status, 403);
//! # Ok(())
//! # }
//! ```
//!
//! # Limits
//!
//! Linux with glibc; one toolchain for host and plugins, which is checked; native code is trusted, not
//! sandboxed; nothing is ever unloaded.

mod any_file;
#[cfg(feature = "backtrace")]
pub mod backtrace;
mod candidate;
mod check;
mod content;
#[cfg(feature = "tools")]
mod dynamic_symbols;
mod error;
#[cfg(any(doc, feature = "tools"))]
pub mod errors;
mod file_state;
mod fork;
mod fork_lock;
mod host;
mod initialise;
mod keyring;
mod live;
mod lookup;
mod main_function;
mod missing_symbol;
mod open;
mod open_options;
mod outcome;
mod plain_order;
mod plugin;
mod process;
mod registration;
#[cfg(feature = "tools")]
mod rehearsal;
mod rust_libraries;
mod same_name;
mod search;
mod slow;
mod sorted;
mod stages;
mod symbols;
mod sync;
mod sys;
pub mod task;
pub mod thread;
mod timings;
mod types;
mod verdict;
mod views;

#[cfg(feature = "tools")]
pub use any_file::read_linked;
pub use check::{Checked, check, verify};
#[cfg(feature = "tools")]
pub use dynamic_symbols::DynamicSymbols;
pub use engraft_macros::{export, init, main};
pub use engraft_manifest as manifest;
pub use engraft_manifest::KeyId;
#[cfg(feature = "tools")]
pub use error::NoHost;
pub use error::{Compiler, Found, KeyError, LoaderError, LoaderFault, LookupError, OnePackage, OpenError, SameName, Unexported};
pub use file_state::FileState;
pub use keyring::Keyring;
pub use live::{Live, live};
pub use main_function::initialise;
pub use open_options::{OpenOptions, open};
pub use outcome::{Cause, Outcome};
pub use plugin::Plugin;
#[cfg(feature = "tools")]
pub use rehearsal::{Rehearsal, Rehearsed};
#[cfg(feature = "tools")]
pub use rust_libraries::{is_of_the_c_library, is_rust_library};
pub use timings::Timings;
pub use types::{TypeInfo, type_by_id, type_of};
pub use views::{exports_named, plugins};

/// The future that an exported `async fn` returns.
///
/// ```
/// fn ready<'a>(text: &'a str) -> engraft::BoxFuture<'a, usize> {
///     Box::pin(async move { text.len() })
/// }
/// # drop(ready(""));
/// ```
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What generated code names. Not public API.
#[doc(hidden)]
pub mod __private {
    pub use crate::main_function::start;
    pub use crate::registration::{DESCRIPTION_FIELDS, Entry, Export, FunctionList, Init, Kind, describe, description_len, outcome};
}
