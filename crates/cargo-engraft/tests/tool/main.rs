//! `cargo engraft` as a whole: the built tool, on workspaces of a few lines each.

#[path = "../harness/mod.rs"]
mod harness;

mod linked;
mod ran;
mod schema;
mod slot;
mod tool;
mod workspace;

mod altered;
mod at_once;
mod build;
mod check;
mod checkouts;
mod command_line;
mod configuration;
mod constructors;
mod differing_packages;
mod explain;
mod exportable;
mod failures;
mod foreign_files;
mod initialisers;
mod inspect;
mod linking;
mod live;
mod long_lines;
mod lookups;
mod lto;
mod native;
mod native_apart;
mod new;
mod open_changed;
mod open_others;
mod open_replaced;
mod open_same;
mod open_steps;
mod open_threads;
mod options;
mod position;
mod private_copy;
mod refusals;
mod refused;
mod replay;
mod rewritten;
mod run_hosts;
mod signing;
mod slow_initialisers;
mod test_binaries;
mod views;
mod without_plugins;
