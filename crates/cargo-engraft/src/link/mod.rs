//! The linker driver: rustc calls it in place of the linker, and it calls the real one.

pub mod apart;
pub mod arguments;
pub mod beside;
mod bytecode;
pub mod content;
pub mod descriptions;
pub mod driver;
pub mod exported;
mod in_memory;
pub mod initialisers;
pub mod layout;
pub mod libraries;
pub mod linked_file;
mod linker;
pub mod manifest;
pub mod native;
pub mod nodes;
pub mod note;
pub mod origins;
pub mod plan;
pub mod request;
mod room;
pub mod save;
pub mod strip;
pub mod symbols;
pub mod undefined;
pub mod unmangled;
