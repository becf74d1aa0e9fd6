//! What a link's Rust packages promise to others: the symbols that their objects define for all of the process, and refer to by name.

use super::super::content::Members;
use super::super::symbols;
use super::super::unmangled::is_rust_mangled;
use anyhow::{Context, Result};
use object::LittleEndian as LE;
use object::elf::{
    FileHeader64, R_X86_64_64, R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_PC32, R_X86_64_PLT32, R_X86_64_REX_GOTPCRELX, SHF_ALLOC,
    SHF_EXECINSTR, STB_LOCAL, STT_SECTION, STV_DEFAULT,
};
use object::read::elf::{FileHeader, Rela, SectionHeader, Sym};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

/// A library that the linked file has and shares.
#[derive(Debug)]
pub struct Shared {
    /// What people call it.
    pub label: String,
    /// The crate's name.
    pub crate_name: String,
    /// Its file.
    pub path: PathBuf,
    /// Its bytes.
    pub archive: Vec<u8>,
}

/// What its objects promise.
#[derive(Debug, Default)]
pub struct Promise<'s> {
    /// The symbols that are one in the whole process, each with the package that defines it.
    pub shared: HashMap<&'s str, &'s str>,
    /// Those that the loader must look up in a plugin, because something that is kept there refers to them.
    pub referred: HashSet<&'s str>,
    /// A package that defines the allocator, or a part of it.
    pub allocator: Option<&'s str>,
    /// What shows that the compiler does something in another way.
    pub oddity: Option<Oddity<'s>>,
}

/// What a compiler does that Engraft does not know.
#[derive(Debug, PartialEq, Eq)]
pub enum Oddity<'s> {
    /// A member that is not called as an object of rustc's defines a symbol of the crate.
    Member {
        /// The member's name.
        name: String,
        /// The package.
        package: &'s str,
    },
    /// Code refers to a shared symbol by its place.
    Direct {
        /// The symbol.
        symbol: &'s str,
        /// The package.
        package: &'s str,
    },
}

impl<'s> Promise<'s> {
    /// Reads the objects of these libraries. References matter only in a plugin: what is in a program comes before all else in a process.
    pub fn of(libraries: &'s [Shared], in_plugin: bool) -> Result<Self> {
        let mut promise = Self::default();
        for library in libraries {
            promise.add(library, in_plugin).with_context(|| format!("failed to read the objects of `{}`", library.label))?;
        }
        // What others define is theirs to promise.
        let Self { shared, referred, .. } = &mut promise;
        referred.retain(|symbol| shared.contains_key(symbol));
        Ok(promise)
    }

    fn add(&mut self, library: &'s Shared, in_plugin: bool) -> Result<()> {
        let members = Members::of(&library.path, &library.archive)?;
        for range in members.rust {
            self.add_object(&library.archive[range], &library.label, in_plugin)?;
        }
        let of_crate = format!("{}{}", library.crate_name.len(), library.crate_name);
        for range in members.native {
            let data = &library.archive[range.clone()];
            let is_of_crate =
                |symbol: &symbols::Symbol<'_>| symbol.defined && is_rust_mangled(symbol.name) && symbol.name.contains(&of_crate);
            if self.oddity.is_none() && symbols::globals(data)?.iter().any(is_of_crate) {
                let name = Members::name_at(&library.archive, range.start).unwrap_or_default();
                self.oddity = Some(Oddity::Member { name, package: &library.label });
            }
        }
        Ok(())
    }

    fn add_object(&mut self, data: &'s [u8], package: &'s str, in_plugin: bool) -> Result<()> {
        if !data.starts_with(b"\x7fELF") {
            return Ok(());
        }
        let header = FileHeader64::<LE>::parse(data)?;
        let sections = header.sections(LE, data)?;
        let table = sections.symbols(LE, data, object::elf::SHT_SYMTAB)?;
        // By index: whether a symbol is shared, if anybody defines it; and the section of a symbol that stands for one.
        let mut names = vec![None; table.len()];
        let mut stands_for = vec![None; table.len()];
        let mut shared_in = HashMap::new();
        for (index, symbol) in table.enumerate() {
            let section = table.symbol_section(LE, symbol, index)?;
            if symbol.st_type() == STT_SECTION {
                stands_for[index.0] = section;
            }
            if symbol.st_bind() == STB_LOCAL {
                continue;
            }
            let Ok(name) = std::str::from_utf8(symbol.name(LE, table.strings())?) else { continue };
            let is_defined = !symbol.is_undefined(LE);
            if is_defined && symbols::is_allocator_symbol(name) {
                self.allocator.get_or_insert(package);
            }
            if symbol.st_visibility() == STV_DEFAULT {
                names[index.0] = Some(name);
                if is_defined {
                    self.shared.insert(name, package);
                    shared_in.extend(section.map(|section| (section, name)));
                }
            }
        }
        if !in_plugin {
            return Ok(());
        }
        let mut is_referred = vec![false; table.len()];
        for section in sections.iter() {
            let Some((relocations, _)) = section.rela(LE, data)? else { continue };
            let target_index = section.info_link(LE);
            let target = sections.section(target_index)?;
            let flags = target.sh_flags(LE);
            if !flags.contains(SHF_ALLOC) {
                continue;
            }
            // A shared object keeps what it exports; other sections may be left out.
            let is_kept = shared_in.contains_key(&target_index);
            let is_code = flags.contains(SHF_EXECINSTR);
            for relocation in relocations {
                let Some(symbol) = relocation.symbol(LE, false) else { continue };
                let is_by_place = matches!(relocation.r_type(LE, false), R_X86_64_PC32 | R_X86_64_PLT32);
                let is_by_name = matches!(
                    relocation.r_type(LE, false),
                    R_X86_64_64 | R_X86_64_PLT32 | R_X86_64_GOTPCREL | R_X86_64_GOTPCRELX | R_X86_64_REX_GOTPCRELX
                );
                if is_kept && is_by_name {
                    is_referred[symbol.0] = true;
                }
                let place = stands_for[symbol.0].filter(|place| is_code && is_by_place && *place != target_index);
                if let Some(symbol) = place.and_then(|place| shared_in.get(&place)).filter(|_| self.oddity.is_none()) {
                    self.oddity = Some(Oddity::Direct { symbol, package });
                }
            }
        }
        self.referred.extend(names.iter().zip(is_referred).filter_map(|(name, is_referred)| name.filter(|_| is_referred)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use object::write::{Object, Relocation, Symbol, SymbolId, SymbolSection};
    use object::{Architecture, BinaryFormat, Endianness, RelocationFlags, SectionKind, SymbolFlags, SymbolKind, SymbolScope};

    const RUSTS: &str = "api-0.api.0-cgu.0.rcgu.o";

    fn function(object: &mut Object<'_>, name: &str, scope: SymbolScope) -> (SymbolId, object::write::SectionId) {
        let section = object.add_section(Vec::new(), format!(".text.{name}").into_bytes(), SectionKind::Text);
        object.append_section_data(section, &[0xe8, 0, 0, 0, 0, 0xc3, 0, 0], 16);
        let (name, section_of) = (name.as_bytes().to_vec(), SymbolSection::Section(section));
        let (kind, flags) = (SymbolKind::Text, SymbolFlags::None);
        (object.add_symbol(Symbol { name, value: 0, size: 6, kind, scope, weak: false, section: section_of, flags }), section)
    }

    /// `caller` calls `called` by a relocation against this symbol, given both.
    fn object(scope: SymbolScope, target: impl Fn(&mut Object<'_>, SymbolId, object::write::SectionId) -> SymbolId) -> Vec<u8> {
        let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
        let (called, place) = function(&mut object, "called", scope);
        let (_, caller) = function(&mut object, "caller", SymbolScope::Dynamic);
        let symbol = target(&mut object, called, place);
        let flags = RelocationFlags::Elf { r_type: R_X86_64_PLT32 };
        object.add_relocation(caller, Relocation { offset: 1, symbol, addend: -4, flags }).unwrap();
        object.write().unwrap()
    }

    /// An archive of one member (`ar(5)`), with a name that may be long.
    fn library(member: &str, data: &[u8]) -> Shared {
        let names = format!("{member}/\n");
        let mut archive = b"!<arch>\n".to_vec();
        for (name, data) in [("//", names.as_bytes()), ("/0", data)] {
            archive.extend(format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 0, data.len()).bytes());
            archive.extend(data);
            archive.resize(archive.len().next_multiple_of(2), b'\n');
        }
        Shared { label: "api 0.1.0".to_owned(), crate_name: "api".to_owned(), path: "libapi-0.rlib".into(), archive }
    }

    #[test]
    fn what_is_visible_is_promised_and_what_code_names_is_looked_up() {
        let libraries = [library(RUSTS, &object(SymbolScope::Dynamic, |_, called, _| called))];
        let promise = Promise::of(&libraries, true).unwrap();
        assert_eq!(promise.shared, HashMap::from([("called", "api 0.1.0"), ("caller", "api 0.1.0")]));
        assert_eq!((promise.referred, promise.oddity, promise.allocator), (HashSet::from(["called"]), None, None));
        // A program comes first in any case.
        assert!(Promise::of(&libraries, false).unwrap().referred.is_empty());
        let hidden = [library(RUSTS, &object(SymbolScope::Linkage, |_, called, _| called))];
        let promise = Promise::of(&hidden, true).unwrap();
        assert_eq!((promise.shared.len(), promise.referred.len()), (1, 0));
    }

    /// As where rustc marks its symbols `dso_local`.
    #[test]
    fn direct_reference_to_shared_function_is_found() {
        let by_place = |scope| [library(RUSTS, &object(scope, |object, _, place| object.section_symbol(place)))];
        let libraries = by_place(SymbolScope::Dynamic);
        let promise = Promise::of(&libraries, true).unwrap();
        assert_eq!(promise.oddity, Some(Oddity::Direct { symbol: "called", package: "api 0.1.0" }));
        // What is the file's own may be bound within it.
        assert_eq!(Promise::of(&by_place(SymbolScope::Compilation), true).unwrap().oddity, None);
    }

    #[test]
    fn rust_object_of_unknown_name_is_found() {
        let of = |function_name: &str| {
            let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
            function(&mut object, function_name, SymbolScope::Dynamic);
            object.write().unwrap()
        };
        for (name, is_odd) in [
            ("_ZN3api4show17h0123456789abcdefE", true),
            ("_RNvCs123_3api4show", true),
            ("_ZN3api4showEv", false),
            ("api_show", false),
            ("_RNvCs123_5other4show", false),
        ] {
            let libraries = [library("api.0.o", &of(name))];
            let odd = is_odd.then(|| Oddity::Member { name: "api.0.o".to_owned(), package: "api 0.1.0" });
            assert_eq!(Promise::of(&libraries, true).unwrap().oddity, odd, "{name}");
        }
    }

    #[test]
    fn package_that_defines_the_allocator_is_found() {
        let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
        function(&mut object, "_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc", SymbolScope::Linkage);
        let libraries = [library(RUSTS, &object.write().unwrap())];
        assert_eq!(Promise::of(&libraries, true).unwrap().allocator, Some("api 0.1.0"));
    }
}
