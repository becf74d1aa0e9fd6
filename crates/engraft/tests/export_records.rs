//! What `#[export]` writes down, read back the way look-ups and the linker driver read it.

#![cfg(target_os = "linux")]

use std::any::{TypeId, type_name};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

use engraft::__private::{Export, Kind};
use engraft::BoxFuture;

use exports::{Borrowed, Request, Verdict};

/// Items as a plugin may have them, under every lint that must leave generated code alone.
#[forbid(unsafe_code, missing_docs, unused, unreachable_code, nonstandard_style)]
#[deny(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::cargo,
    deprecated,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    missing_copy_implementations,
    missing_debug_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
pub mod exports {
    use std::sync::atomic::AtomicU64;

    /// What is asked.
    ///
    /// Not in the record.
    #[engraft::export]
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Request {
        /// How long.
        pub length: usize,
    }

    /// What is answered.
    #[engraft::export]
    #[derive(Clone, Copy, Debug)]
    #[repr(align(16))]
    pub enum Verdict {
        /// Yes.
        Pass,
        /// No.
        Drop,
    }

    /// Has a lifetime.
    #[engraft::export]
    #[derive(Clone, Copy, Debug)]
    pub struct Borrowed<'a>(pub &'a str);

    /// Counts "quoted" \ and 数.
    #[engraft::export]
    pub static HITS: AtomicU64 = AtomicU64::new(7);

    /// Has the name of one of the generated items without its prefix.
    #[engraft::export]
    pub static EXPORT: &str = "text";

    #[doc(hidden)]
    #[engraft::export]
    pub const fn undocumented() {}

    /// Takes patterns.
    #[engraft::export]
    #[must_use]
    pub const fn sum((a, b): (u8, u8), mut c: u8) -> u8 {
        c += 1;
        a + b + c
    }

    /**
     * The first of two.
     */
    #[engraft::export]
    #[must_use]
    pub const fn first<'a>(one: &'a str, other: &str) -> &'a str {
        if other.is_empty() { "" } else { one }
    }

    /// Is called by C.
    #[engraft::export]
    #[must_use]
    pub const extern "C" fn called_by_c(length: usize) -> usize {
        length + 1
    }

    /// Takes as much as a lint for types and arguments allows in one function, and more in its pointer.
    #[engraft::export]
    #[must_use]
    pub fn complex(
        one: &dyn Fn(&[u8]) -> Option<u8>,
        two: &dyn Fn(&[u8]) -> Option<u8>,
        three: &dyn Fn(&[u8]) -> Option<u8>,
        four: &dyn Fn(&[u8]) -> Option<u8>,
        _five: (),
        _six: u8,
        _seven: u8,
    ) -> Option<u8> {
        [one, two, three, four].into_iter().find_map(|f| f(&[]))
    }

    /// Is not to be used any more.
    #[engraft::export]
    #[must_use]
    #[deprecated = "there is a better one"]
    pub const fn old() -> u8 {
        1
    }

    /// Waits for several.
    #[engraft::export]
    pub async fn together(one: &str, other: &mut String, length: usize) -> usize {
        other.push_str(one);
        std::future::ready(other.len() + length).await
    }

    /// Borrows nothing.
    #[engraft::export]
    pub async fn alone(length: usize) -> usize {
        std::future::ready(length).await
    }

    /// Has a raw name and module.
    pub mod r#mod {
        /// Has a raw name.
        #[engraft::export]
        #[must_use]
        pub const fn r#type(r#in: u8) -> u8 {
            r#in
        }
    }

    /// Is not there.
    #[engraft::export]
    #[cfg(any())]
    pub fn not_there(of: NoSuchType) {}
}

/// Unsafe things, which the module above forbids.
pub mod unsafe_exports {
    /// Reads.
    ///
    /// # Safety
    ///
    /// `at` must be a valid pointer.
    #[engraft::export]
    pub unsafe extern "C" fn read(at: *const u8) -> u8 {
        // SAFETY: the caller's promise.
        unsafe { at.read() }
    }
}

#[expect(improper_ctypes, reason = "no foreign code reads them")]
unsafe extern "C" {
    #[link_name = "__start_engraft_exports"]
    static EXPORTS_START: [Export; 0];
    #[link_name = "__stop_engraft_exports"]
    static EXPORTS_STOP: [Export; 0];
    #[link_name = "__start_engraft_describe"]
    static DESCRIPTIONS_START: [u8; 0];
    #[link_name = "__stop_engraft_describe"]
    static DESCRIPTIONS_STOP: [u8; 0];
}

/// The table of this program.
fn exports() -> &'static [Export] {
    let start = (&raw const EXPORTS_START).cast::<Export>();
    let length = (&raw const EXPORTS_STOP).addr() - start.addr();
    assert_eq!(length % size_of::<Export>(), 0, "the table holds whole records");
    // SAFETY: the section holds only `Export`s, which the linker puts one behind another, for as long as the program
    // runs.
    unsafe { std::slice::from_raw_parts(start, length / size_of::<Export>()) }
}

/// The record of `name` in `module` (behind this crate's name).
fn find(module: &str, name: &str) -> &'static Export {
    let module = format!("{}::{module}", module_path!());
    let mut found = exports().iter().filter(|export| export.module == module && export.name == name);
    let export = found.next().unwrap_or_else(|| panic!("`{module}::{name}` is exported"));
    assert!(found.next().is_none(), "`{module}::{name}` is exported once");
    export
}

/// The value of an export of that type.
fn value<T: 'static>(export: &Export) -> &'static T {
    assert_eq!((export.type_id)(), TypeId::of::<T>(), "{} is a {}", export.name, (export.type_name)());
    assert_eq!((export.type_name)(), type_name::<T>());
    assert_eq!((export.size, export.align), (size_of::<T>(), align_of::<T>()));
    assert_ne!(export.kind, Kind::Type);
    let value = export.value.cast::<T>();
    assert!(value.is_aligned() && !value.is_null());
    // SAFETY: the record promises a value of the type that it names for the rest of the program, and it names this type.
    unsafe { &*value }
}

/// Like [`value`], of a function in `exports`.
fn function<T: 'static>(name: &str) -> &'static T {
    let export = find("exports", name);
    assert_eq!(export.kind, Kind::Function);
    value(export)
}

/// The result of a future that never waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing is waited for"),
    }
}

#[test]
fn functions() {
    let sum = function::<fn((u8, u8), u8) -> u8>("sum");
    assert_eq!(sum((1, 2), 3), 7);
    function::<fn()>("undocumented")();
    let first = function::<for<'a> fn(&'a str, &str) -> &'a str>("first");
    let one = String::from("one");
    assert_eq!(first(&one, &String::from("other")), "one");
    assert_eq!(function::<fn() -> u8>("old")(), 1);
    assert_eq!(value::<fn(u8) -> u8>(find("exports::r#mod", "type"))(5), 5);
}

#[test]
fn functions_with_qualifiers() {
    assert_eq!(function::<extern "C" fn(usize) -> usize>("called_by_c")(1), 2);
    let read = value::<unsafe extern "C" fn(*const u8) -> u8>(find("unsafe_exports", "read"));
    // SAFETY: the pointer is one to a byte.
    assert_eq!(unsafe { read(&9) }, 9);
}

#[test]
fn futures() {
    type Together = for<'a> fn(&'a str, &'a mut String, usize) -> BoxFuture<'a, usize>;
    let mut other = String::from("a");
    let future = function::<Together>("together")("bc", &mut other, 10);
    assert_eq!(ready(future), 13);
    assert_eq!(other, "abc");
    assert_eq!(ready(function::<fn(usize) -> BoxFuture<'static, usize>>("alone")(4)), 4);
}

#[test]
fn statics() {
    let export = find("exports", "HITS");
    assert_eq!(export.kind, Kind::Static);
    let hits = value::<AtomicU64>(export);
    assert!(std::ptr::eq(hits, &raw const exports::HITS), "it is the static itself");
    assert_eq!(hits.load(Ordering::Relaxed), 7);
    assert_eq!(*value::<&str>(find("exports", "EXPORT")), "text");
}

#[test]
fn types() {
    for (name, id, size, align) in [
        ("Request", TypeId::of::<Request>(), size_of::<Request>(), align_of::<Request>()),
        ("Verdict", TypeId::of::<Verdict>(), 16, 16),
        ("Borrowed", TypeId::of::<Borrowed<'static>>(), size_of::<&str>(), align_of::<&str>()),
    ] {
        let export = find("exports", name);
        assert_eq!(export.kind, Kind::Type);
        assert_eq!((export.type_id)(), id);
        assert!((export.type_name)().contains(name));
        assert_eq!((export.size, export.align), (size, align));
        assert!(export.value.is_null());
    }
}

#[test]
fn nothing_else() {
    let names: Vec<&str> = exports().iter().filter(|export| export.module.starts_with(module_path!())).map(|export| export.name).collect();
    assert_eq!(names.len(), 15, "{names:?}");
}

/// The descriptions of this program, each with its seven fields.
fn descriptions() -> Vec<[&'static str; 7]> {
    let start = (&raw const DESCRIPTIONS_START).cast::<u8>();
    let length = (&raw const DESCRIPTIONS_STOP).addr() - start.addr();
    // SAFETY: between the two symbols the linker puts the section's bytes, which nobody writes to.
    let mut bytes = unsafe { std::slice::from_raw_parts(start, length) };
    let mut field = || {
        let (length, rest) = bytes.split_first_chunk()?;
        let (text, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        bytes = rest;
        Some(std::str::from_utf8(text).expect("fields are UTF-8"))
    };
    let mut all = Vec::new();
    while let Some(kind) = field() {
        all.push(std::array::from_fn(|at| if at == 0 { kind } else { field().expect("there are seven fields") }));
    }
    all
}

/// Kind, signature and documentation of `name`, whose module, file and line are checked here.
fn description(name: &str) -> [&'static str; 3] {
    let all = descriptions();
    let mut found = all.iter().filter(|fields| fields[2] == name && fields[1].starts_with(module_path!()));
    let &[kind, module, _, signature, documentation, file, line] = found.next().expect("it is described");
    assert!(found.next().is_none(), "{name} is described once");
    assert!(module.starts_with(&format!("{}::", module_path!())));
    assert_eq!(file, file!());
    let line: usize = line.parse().expect("a line is a number");
    let source = include_str!("export_records.rs").lines().nth(line - 1).expect("the line exists");
    assert!(source.contains(name) && source.contains("pub "), "line {line} is the item's: {source}");
    [kind, signature, documentation]
}

#[test]
fn described() {
    for (name, expected) in [
        ("Request", ["type", "pub struct Request", "What is asked."]),
        ("Verdict", ["type", "pub enum Verdict", "What is answered."]),
        ("Borrowed", ["type", "pub struct Borrowed<'a>", "Has a lifetime."]),
        ("HITS", ["static", "pub static HITS: AtomicU64", r#"Counts "quoted" \ and 数."#]),
        ("undocumented", ["fn", "pub const fn undocumented()", ""]),
        ("sum", ["fn", "pub const fn sum((a, b): (u8, u8), c: u8) -> u8", "Takes patterns."]),
        ("first", ["fn", "pub const fn first<'a>(one: &'a str, other: &str) -> &'a str", "The first of two."]),
        ("type", ["fn", "pub const fn r#type(r#in: u8) -> u8", "Has a raw name."]),
        ("together", ["fn", "pub async fn together(one: &str, other: &mut String, length: usize) -> usize", "Waits for several."]),
        ("read", ["fn", "pub unsafe extern \"C\" fn read(at: *const u8) -> u8", "Reads."]),
    ] {
        assert_eq!(description(name), expected);
    }
}
