//! The audit of a link: that what Engraft relies on is so, read from the libraries that go in and from the bytes of the file that comes out.
//!
//! Nothing of the following is promised by rustc, cargo or linkers. Each would otherwise fail silently: a plugin would get a copy of
//! something that it shares, or two different things would have one hash. So each is looked at in every link, and the error names it. Tests
//! break each by hand (`tests/tool/rustc_habits.rs`, `tests/tool/link_flags.rs`, and the tables in the modules named here).
//!
//! | what Engraft relies on | where it is looked at |
//! |---|---|
//! | an rlib has its compiled metadata in a member `lib.rmeta`, all of it (not so with `-Z embed-metadata=no`), and names no other metadata than `lib.rmeta-link` so | `link/content.rs` |
//! | rustc's objects in an rlib are the members whose names end in `.rcgu.o` | [`promise`] |
//! | cargo's file names end in `-` and 16 hexadecimal digits, the toolchain's in `-` and some | `rustc/record.rs`, `link/libraries.rs` |
//! | rustc names each rlib by its path in the linker's arguments | `link/driver.rs` |
//! | rustc's list of a shared object's exports is a `--version-script` called `list` | `link/binding.rs` |
//! | a package's shared symbols are global and have default visibility (not so with `-Z default-visibility`) | [`promise`] |
//! | objects name these symbols where they refer to them, so that the loader decides (they are not `dso_local`) | [`promise`] |
//! | the allocator's symbols are `__rust_alloc` and its siblings, in a crate `__rustc` | [`rules`] |
//! | the linker exports all of these symbols, and binds none of them within a plugin | [`rules`] |
//! | the loader runs nothing in a plugin by itself but what the C library's start files do (`DT_INIT`, `DT_FINI`) | [`rules`] |
//! | rustc links Rust packages from rlibs, not from shared objects | [`shared_objects`] |
//! | host and plugin have `core` and `std` among their packages | `engraft_manifest::Manifest::decode` |

pub mod check;
pub mod finished;
pub mod promise;
pub mod rules;
pub mod shared_objects;
