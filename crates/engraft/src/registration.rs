//! What the macros write down, and where: the contract between `engraft-macros`, the linker driver and [`open`](crate::open()).
//!
//! Every exported item and every initialiser leaves two things in the object file of its crate:
//!
//! - an [`Export`] in the section `engraft_exports`: a table that the plugin carries and that
//!   look-ups read. It holds addresses and `TypeId`s, so it means something only in memory. An initialiser's is an [`Init`]
//!   in the section `engraft_inits`.
//! - a description in the section `engraft_describe`: plain bytes, which the linker driver reads
//!   from the object file and puts into the manifest. What is left of it in the plugin is never read.
//!
//! None of this is public API: only generated code names it.

use crate::outcome::{Cause, Outcome};
use crate::sys::{self, Library};
use core::any::TypeId;
use core::ffi::{c_char, c_int};
use engraft_manifest::BuildId;

/// One exported item, as look-ups see it.
///
/// The constructors take the item's type once and derive all that depends on it, so that address and type can't differ: the macros' code
/// compiles only if the item has that type.
#[derive(Debug)]
pub struct Export {
    /// The key of its package, which the macro gets from Engraft's rustc wrapper; zeros without it.
    pub package: [u8; 16],
    /// `module_path!()` where the item stands: the crate's name, then its modules.
    pub module: &'static str,
    /// The item's own name.
    pub name: &'static str,
    /// What was exported.
    pub kind: Kind,
    /// For a function its `fn` pointer type, for a static its type, for a type itself.
    pub type_id: fn() -> TypeId,
    /// The name of that same type.
    pub type_name: fn() -> &'static str,
    /// Bytes that a value of that type takes.
    pub size: usize,
    /// Alignment of a value of that type, in bytes.
    pub align: usize,
    /// Where a value of that type lives for the rest of the process; null when `kind` is [`Kind::Type`].
    pub value: *const (),
}

// SAFETY: `value` is only the address of an immutable slot or of a `static`, and statics are `Sync`.
unsafe impl Sync for Export {}

impl Export {
    /// Describes a function. `slot` holds its pointer.
    #[must_use]
    pub const fn of_function<T: 'static>(package: [u8; 16], module: &'static str, name: &'static str, slot: &'static T) -> Self {
        Self::new::<T>(package, module, name, Kind::Function, slot)
    }

    /// Describes the static at this address.
    #[must_use]
    pub const fn of_static<T: 'static>(package: [u8; 16], module: &'static str, name: &'static str, at: *const T) -> Self {
        Self::new::<T>(package, module, name, Kind::Static, at)
    }

    /// Describes a type.
    #[must_use]
    pub const fn of_type<T: 'static>(package: [u8; 16], module: &'static str, name: &'static str) -> Self {
        Self::new::<T>(package, module, name, Kind::Type, core::ptr::null())
    }

    const fn new<T: 'static>(package: [u8; 16], module: &'static str, name: &'static str, kind: Kind, value: *const T) -> Self {
        Self {
            package,
            module,
            name,
            kind,
            type_id: TypeId::of::<T>,
            type_name: core::any::type_name::<T>,
            size: size_of::<T>(),
            align: align_of::<T>(),
            value: value.cast(),
        }
    }
}

/// What kind of item was exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A function: the value is its `fn` pointer.
    Function,
    /// A static: the value is the static itself.
    Static,
    /// A struct or an enum: no value.
    Type,
}

/// A function that runs once when its package comes into a process.
#[derive(Debug)]
pub struct Init {
    /// The key of its package, which the macro learns from Engraft's rustc wrapper; without that, a number that the macro gives it.
    pub package: [u8; 16],
    /// The package's name and version.
    pub label: &'static str,
    /// Whether the package is the program's own, which depends on all others.
    pub is_program: bool,
    /// The numbers of all packages that this one depends on, directly or not, and of some that it does not, in ascending order; none if
    /// they are not known. With Engraft's wrapper they are not, because the manifest has the order.
    pub dependencies: Option<&'static [u64]>,
    /// `module_path!()` where the function stands.
    pub module: &'static str,
    /// The function's name.
    pub name: &'static str,
    /// The source file, as the compiler names it.
    pub file: &'static str,
    /// The line in that file, from 1.
    pub line: u32,
    /// Calls the function.
    pub run: fn() -> Result<(), Cause>,
}

/// What an initialiser came to, whatever it returns.
///
/// # Errors
///
/// It returned one.
pub fn outcome(returned: impl Outcome) -> Result<(), Cause> {
    returned.into_result()
}

/// The fields of a description, in the order in which [`describe`] writes them.
pub const DESCRIPTION_FIELDS: usize = 7;

/// The length in bytes of the description that [`describe`] makes from the same fields.
#[must_use]
pub const fn description_len(fields: &[&str; DESCRIPTION_FIELDS]) -> usize {
    let mut len = 0;
    let mut i = 0;
    while i < fields.len() {
        len += 4 + fields[i].len();
        i += 1;
    }
    len
}

/// A description's bytes: each field as its length in bytes (`u32`, little endian) and its UTF-8 text.
///
/// The fields are: kind (`fn`, `static`, `type`, `init`), module path, name, signature as written, first
/// line of the documentation (may be empty), source file, line number in decimal. They are for people: nothing is decided by them,
/// because another attribute may have changed the item since it was written.
/// Descriptions stand one behind another in their section, so the layout has no padding.
#[must_use]
pub const fn describe<const N: usize>(fields: &[&str; DESCRIPTION_FIELDS]) -> [u8; N] {
    let mut out = [0; N];
    let mut at = 0;
    let mut i = 0;
    while i < fields.len() {
        let text = fields[i].as_bytes();
        let len = (text.len() as u32).to_le_bytes();
        let mut j = 0;
        while j < 4 {
            out[at] = len[j];
            at += 1;
            j += 1;
        }
        j = 0;
        while j < text.len() {
            out[at] = text[j];
            at += 1;
            j += 1;
        }
        i += 1;
    }
    assert!(at == N, "a description fills its array");
    out
}

/// Constructors or destructors of one object file that a plugin brings: those of one kind and priority (`.init_array`, `.fini_array`).
///
/// Engraft's linker takes them out of the system loader's hands and writes this: the loader would run them in every file that brings
/// the object file's package, and all these files share the package's variables.
#[derive(Debug)]
#[repr(C)]
pub struct FunctionList {
    /// Which list it is. The same in every file that brings it.
    pub id: [u8; 16],
    /// The key of the package that the object file belongs to.
    pub package: [u8; 16],
    /// Where the functions begin.
    pub start: *const [Option<Function>; 0],
    /// Where they end; where they begin, if the file does without the object file.
    pub stop: *const [Option<Function>; 0],
    /// Not 0 if they are called when the process exits.
    pub at_exit: u32,
    /// Not 0 if they are called from the last to the first.
    pub backwards: u32,
}

// SAFETY: the pointers are those of a table that is never written.
unsafe impl Sync for FunctionList {}

/// A constructor, which glibc calls with the program's arguments, their count first, and its environment; or a destructor, which it calls
/// without.
pub type Function = unsafe extern "C" fn(c_int, *const *const c_char, *const *const c_char);

impl FunctionList {
    /// The functions, in the order in which they are called.
    pub(crate) fn functions(&'static self) -> impl Iterator<Item = Function> {
        // SAFETY: the linker puts `start` and `stop` around a section that holds addresses of functions and nothing else.
        let functions = unsafe { sys::table(self.start, self.stop) };
        let backwards = self.backwards != 0;
        let len = functions.len();
        (0..len).filter_map(move |index| functions[if backwards { len - 1 - index } else { index }])
    }

    /// Whether the file does without the object file whose list this is.
    pub(crate) fn is_empty(&self) -> bool {
        self.start.addr() == self.stop.addr()
    }

    /// Calls the functions now, or has them called when the process exits.
    pub(crate) fn run(&'static self) {
        if self.at_exit != 0 {
            return sys::at_exit(self);
        }
        for function in self.functions() {
            // SAFETY: an object file asks for this call, and the caller of `open` vouches for what the plugin does.
            unsafe { sys::call_constructor(function) };
        }
    }
}

/// What a plugin's shared object says of itself in memory: the stub that Engraft links around a plugin holds one.
#[derive(Debug)]
pub struct Entry {
    /// The key of the plugin's own package: the table holds the exports of all packages that the plugin brings.
    pub package: [u8; 16],
    /// The name of the plugin's crate. Other packages of the plugin may have the same.
    pub crate_name: &'static str,
    /// The note that holds its manifest.
    pub note: *const u8,
    /// Where the table of exports begins.
    pub start: *const [Export; 0],
    /// Where it ends.
    pub stop: *const [Export; 0],
    /// Where the table of initialisers begins.
    pub start_of_inits: *const [Init; 0],
    /// Where it ends.
    pub stop_of_inits: *const [Init; 0],
    /// Where the table of constructors and destructors begins.
    pub start_of_lists: *const [FunctionList; 0],
    /// Where it ends.
    pub stop_of_lists: *const [FunctionList; 0],
}

// SAFETY: the pointers are those of a note and of tables that are never written.
unsafe impl Sync for Entry {}

impl Entry {
    /// The entry of a plugin that was mapped; none if it was not linked around Engraft's stub.
    pub(crate) fn of(library: Library) -> Option<&'static Self> {
        let entry = library.symbol(ENTRY)?.cast();
        // SAFETY: only `__plugin!` defines this symbol, as an immutable static of this type, and nothing that
        // was mapped is ever unmapped.
        Some(unsafe { entry.as_ref() })
    }

    /// The plugin's record, as it stands in memory; empty if that is none.
    pub(crate) fn record(&'static self) -> &'static [u8] {
        self.note().map_or(&[], |(_, record)| record)
    }

    /// Which build was mapped.
    pub(crate) fn build_id(&'static self) -> Option<BuildId> {
        self.note().map(|(build_id, _)| build_id)
    }

    fn note(&'static self) -> Option<(BuildId, &'static [u8])> {
        // SAFETY: an `Entry` is made only by `__plugin!`, from the address of the note that Engraft's linker puts
        // into every plugin, and nothing that was mapped is ever unmapped.
        let note = unsafe { sys::note_at(self.note) };
        engraft_manifest::parts_of_note(note)
    }

    /// The exports of all packages that the plugin brings.
    pub(crate) fn all_exports(&'static self) -> &'static [Export] {
        // SAFETY: the linker puts `start` and `stop` around the section into which the macros put an
        // `Export` each and nothing else. An `Entry` is made only by `__plugin!`, from these two.
        unsafe { sys::table(self.start, self.stop) }
    }

    /// The plugin's own exports.
    pub(crate) fn exports(&'static self) -> impl Iterator<Item = &'static Export> {
        self.all_exports().iter().filter(|export| export.package == self.package)
    }

    /// The plugin's own export at this path within its crate. If both a value and a type have this path, it is the value.
    pub(crate) fn export(&'static self, path: &str) -> Option<&'static Export> {
        // Compares without building or searching paths: look-ups are on the critical path of a plugin's first call.
        let is_there = |export: &&Export| {
            let Some(module) = path.strip_suffix(export.name).filter(|_| export.package == self.package) else { return false };
            match export.module.get(self.crate_name.len()..) {
                None | Some("") => module.is_empty(),
                Some(within) => module.strip_suffix("::") == within.strip_prefix("::"),
            }
        };
        let mut there = self.all_exports().iter().filter(is_there);
        let first = there.next()?;
        if first.kind == Kind::Type { there.find(|export| export.kind != Kind::Type).or(Some(first)) } else { Some(first) }
    }

    /// The initialisers of all packages that the plugin brings.
    pub(crate) fn initialisers(&'static self) -> &'static [Init] {
        // SAFETY: as for the exports, of which each is an `Init` here.
        unsafe { sys::table(self.start_of_inits, self.stop_of_inits) }
    }

    /// The constructors and destructors of all that the plugin brings, in the order in which they are called or registered.
    pub(crate) fn function_lists(&'static self) -> &'static [FunctionList] {
        // SAFETY: as for the exports; Engraft's linker puts a `FunctionList` into this section for each list, and nothing else.
        unsafe { sys::table(self.start_of_lists, self.stop_of_lists) }
    }
}

impl Export {
    /// The exported value, if it is a `T`. A type that is exported has none.
    pub(crate) fn value<T: 'static>(&self) -> Option<&'static T> {
        if self.value.is_null() || (self.type_id)() != TypeId::of::<T>() {
            return None;
        }
        let value: *const T = self.value.cast();
        // SAFETY: `Export`'s constructors took this address and this type's id from one pointer, and ids are equal only for
        // equal types once every package was proven the same. The macros give them the address of a static, or of a slot
        // that is one, in an object that is never unmapped.
        Some(unsafe { &*value })
    }

    /// Path within the crate: `rules::apply`.
    pub(crate) fn path(&self) -> String {
        path_within(self.module, self.name)
    }
}

/// The path within its crate of an item in a module, whose path begins with the crate: as the manifest has it.
pub(crate) fn path_within(module: &str, name: &str) -> String {
    match module.split_once("::") {
        Some((_, within)) => format!("{within}::{name}"),
        None => name.to_owned(),
    }
}

/// The symbol of an [`Entry`] in a plugin.
const ENTRY: &std::ffi::CStr = c"engraft_plugin_entry";

/// Makes a crate the one that a plugin is linked from. Written by `cargo engraft` into the stub around every plugin.
#[doc(hidden)]
#[macro_export]
macro_rules! __plugin {
    ($crate_name:literal, $package:expr) => {
        const _: () = {
            use ::core::sync::atomic::AtomicUsize;
            use $crate::__private::{Entry, Export, FunctionList, Init};

            // The linker knows the names of a section's ends only when it exists; so it does, with nothing in it.
            #[used]
            #[unsafe(link_section = "engraft_exports")]
            static NONE: [Export; 0] = [];
            #[used]
            #[unsafe(link_section = "engraft_inits")]
            static NO_INITS: [AtomicUsize; 0] = [];
            #[used]
            #[unsafe(link_section = "engraft_lists")]
            static NO_LISTS: [AtomicUsize; 0] = [];

            // Of no size, because the ends of an empty section are one address.
            unsafe extern "C" {
                #[link_name = "__start_engraft_exports"]
                static START: [Export; 0];
                #[link_name = "__stop_engraft_exports"]
                static STOP: [Export; 0];
                #[link_name = "__start_engraft_inits"]
                static START_OF_INITS: [Init; 0];
                #[link_name = "__stop_engraft_inits"]
                static STOP_OF_INITS: [Init; 0];
                #[link_name = "__start_engraft_lists"]
                static START_OF_LISTS: [FunctionList; 0];
                #[link_name = "__stop_engraft_lists"]
                static STOP_OF_LISTS: [FunctionList; 0];
                // Engraft's linker puts it beside.
                #[link_name = "engraft_note"]
                static NOTE: u8;
            }

            #[unsafe(no_mangle)]
            static engraft_plugin_entry: Entry = Entry {
                package: $package,
                crate_name: $crate_name,
                note: &raw const NOTE,
                start: &raw const START,
                stop: &raw const STOP,
                start_of_inits: &raw const START_OF_INITS,
                stop_of_inits: &raw const STOP_OF_INITS,
                start_of_lists: &raw const START_OF_LISTS,
                stop_of_lists: &raw const STOP_OF_LISTS,
            };
        };
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: [u8; 16] = [1; 16];
    const OTHER: [u8; 16] = [2; 16];

    fn entry<const N: usize>(exports: [Export; N]) -> &'static Entry {
        let table = Box::leak(Box::new(exports)).as_ptr_range();
        let (inits, note) = (core::ptr::null(), core::ptr::null());
        let (start, stop) = (table.start.cast(), table.end.cast());
        let lists = core::ptr::null();
        let entry = Entry {
            package: OWN,
            crate_name: "filter",
            note,
            start,
            stop,
            start_of_inits: inits,
            stop_of_inits: inits,
            start_of_lists: lists,
            stop_of_lists: lists,
        };
        Box::leak(Box::new(entry))
    }

    #[test]
    fn lookup_finds_export_by_its_path_only() {
        let export = |module, name| Export::of_type::<u8>(OWN, module, name);
        let entry = entry([
            export("filter", "apply"),
            export("filter::rules", "apply"),
            export("filter::a::b", "c"),
            Export::of_type::<u8>(OTHER, "filters", "others"),
            Export::of_type::<u8>(OTHER, "other", "others"),
        ]);
        for found in ["apply", "rules::apply", "a::b::c"] {
            assert_eq!(entry.export(found).map(Export::path).as_deref(), Some(found));
        }
        for absent in ["", "::", "appl", "a::apply", "s::apply", "b::c", "a::bc", "::a::b::c", "filter::apply", "rules", "others", "xapply"]
        {
            assert!(entry.export(absent).is_none(), "{absent}");
        }
        assert_eq!(entry.exports().count(), 3);
    }

    #[test]
    fn lookup_skips_export_of_another_package_with_the_same_crate_name() {
        static OF_OTHER: fn() -> u8 = || 1;
        static OF_OWN: fn() -> u8 = || 2;
        let entry = entry([Export::of_function(OTHER, "filter", "value", &OF_OTHER), Export::of_function(OWN, "filter", "value", &OF_OWN)]);
        assert_eq!(entry.export("value").and_then(Export::value::<fn() -> u8>).unwrap()(), 2);
        assert_eq!(entry.exports().count(), 1);
    }

    #[test]
    fn lookup_prefers_value_to_type_of_the_same_path() {
        static SLOT: fn() -> u8 = || 1;
        let both = || [Export::of_type::<u8>(OWN, "filter", "Rule"), Export::of_function(OWN, "filter", "Rule", &SLOT)];
        let [ty, function] = both();
        for entry in [entry(both()), entry([function, ty])] {
            assert_eq!(entry.export("Rule").unwrap().kind, Kind::Function);
        }
    }
}
