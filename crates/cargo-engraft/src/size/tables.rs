//! Reads the tables of a linked file and attributes their entries to crates. Skips damaged and unknown entries.

use super::claims::{Claim, Part};
use super::{Crate, Known, crate_name, unwinding};
use object::LittleEndian as LE;
use object::elf::{
    self, FileHeader64, SHF_ALLOC, SHF_EXECINSTR, SHT_DYNSYM, SHT_GNU_HASH, SHT_GNU_VERSYM, SHT_NOBITS, SHT_NULL, SHT_RELA, SHT_SYMTAB,
    STB_LOCAL, STT_FILE, STT_TLS, SectionHeader64, Sym64,
};
use object::read::elf::{FileHeader, SectionHeader, SectionTable, Sym};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// A linked file and the crates that own parts of it.
pub struct File<'f> {
    bytes: &'f [u8],
    sections: SectionTable<'f, FileHeader64<LE>>,
    /// All owners; claims have indices into them.
    pub crates: Vec<Crate>,
    indices: HashMap<Crate, usize>,
    known: &'f Known<'f>,
    /// Owners of unmangled symbols, by the version of the symbol.
    versioned: HashMap<Vec<u8>, usize>,
    /// Owners of symbols with an ambiguous crate name, where the neighboring symbols show which crate it is.
    resolved: HashMap<Vec<u8>, usize>,
    /// Address ranges of code and data, with their owners.
    memory: Vec<(Range<u64>, usize)>,
    /// The claims that the tables make.
    pub claims: Vec<Claim>,
}

impl<'f> File<'f> {
    /// Reads all tables; none if the section headers can't be read.
    pub fn read(bytes: &'f [u8], known: &'f Known<'f>) -> Option<Self> {
        let header = FileHeader64::<LE>::parse(bytes).ok()?;
        let sections = header.sections(LE, bytes).ok()?;
        let (crates, indices, versioned, resolved, memory, claims) = Default::default();
        let mut file = Self { bytes, sections, crates, indices, known, versioned, resolved, memory, claims };
        file.read_versions();
        let kind = if file.section(SHT_SYMTAB).is_some() { SHT_SYMTAB } else { SHT_DYNSYM };
        file.read_definitions(kind);
        file.memory.sort_by_key(|(range, _)| range.start);
        file.read_names(SHT_DYNSYM, Part::Names);
        file.read_names(SHT_SYMTAB, Part::Symbols);
        file.read_relocations();
        file.read_unwinding();
        Some(file)
    }

    /// The sections that have bytes in the file.
    pub fn sections(&self) -> Vec<(String, Range<u64>)> {
        let name =
            |header: &SectionHeader64<LE>| String::from_utf8_lossy(self.sections.section_name(LE, header).unwrap_or_default()).into_owned();
        let in_file = self.sections.iter().filter(|header| header.sh_type(LE) != SHT_NULL);
        in_file.filter_map(|header| Some((name(header), self.range(header)?))).collect()
    }

    /// The range of a section in the file; none if it has no bytes there, or if the range exceeds the file.
    fn range(&self, header: &SectionHeader64<LE>) -> Option<Range<u64>> {
        let start = header.sh_offset(LE);
        let end = start.checked_add(header.sh_size(LE))?;
        (header.sh_type(LE) != SHT_NOBITS && end <= self.bytes.len() as u64).then_some(start..end)
    }

    fn section(&self, kind: elf::SectionType) -> Option<&'f SectionHeader64<LE>> {
        self.sections.iter().find(|header| header.sh_type(LE) == kind)
    }

    /// The index of a crate, which is added if it is new.
    fn index_of(&mut self, mut of: Crate) -> usize {
        // Not all symbols have the crate id, so it counts only where the name is ambiguous.
        of.id = of.id.filter(|_| (self.known.is_shared)(&of.name));
        if let Some(index) = self.indices.get(&of) {
            return *index;
        }
        self.crates.push(of.clone());
        self.indices.insert(of, self.crates.len() - 1);
        self.crates.len() - 1
    }

    fn owner_by_name(&mut self, name: &[u8]) -> Option<usize> {
        if let Some(owner) = self.versioned.get(name).or_else(|| self.resolved.get(name)) {
            return Some(*owner);
        }
        let of = crate_name::of_symbol(std::str::from_utf8(name).ok()?)?;
        Some(self.index_of(of))
    }

    /// Whether several crates have the name of this owner, and it is unknown which one it is.
    fn is_ambiguous(&self, owner: usize) -> bool {
        self.crates[owner].id.is_none() && (self.known.is_shared)(&self.crates[owner].name)
    }

    /// Reads the symbol versions: Engraft's linker gives each package's unmangled symbols their own version.
    fn read_versions(&mut self) {
        let Ok(Some(versions)) = self.sections.versions(LE, self.bytes) else { return };
        let Ok(symbols) = self.sections.symbols(LE, self.bytes, SHT_DYNSYM) else { return };
        for (index, symbol) in symbols.enumerate() {
            let version = versions.version(versions.version_index(LE, index).index());
            let (Ok(Some(version)), Ok(name)) = (version, symbol.name(LE, symbols.strings())) else { continue };
            if let Some(owner) = std::str::from_utf8(version.name()).ok().and_then(self.known.of_node) {
                let owner = self.index_of(owner);
                self.versioned.insert(name.to_vec(), owner);
            }
        }
    }

    /// Reads the code and data that symbols define. A local symbol belongs to the crate of its codegen unit, also if it is generic code.
    fn read_definitions(&mut self, kind: elf::SectionType) {
        let Ok(symbols) = self.sections.symbols(LE, self.bytes, kind) else { return };
        let mut unit = None;
        let (mut of_units, mut ambiguous) = (BTreeMap::new(), Vec::new());
        for (_, symbol) in symbols.enumerate() {
            let Ok(name) = symbol.name(LE, symbols.strings()) else { continue };
            if symbol.st_type() == STT_FILE {
                let name = std::str::from_utf8(name).ok().and_then(crate_name::of_unit);
                unit = name.map(|name| self.index_of(name));
                continue;
            }
            let size = symbol.st_size(LE);
            if size == 0 || symbol.is_undefined(LE) || symbol.st_type() == STT_TLS {
                continue;
            }
            let start = symbol.st_value(LE);
            let local = unit.filter(|_| symbol.st_bind() == STB_LOCAL);
            let Some(owner) = local.or_else(|| self.owner_by_name(name)) else { continue };
            of_units.extend(local.map(|owner| (start, owner)));
            if local.is_none() && self.is_ambiguous(owner) {
                ambiguous.push((symbol, name, owner));
                continue;
            }
            self.define(symbol, owner);
        }
        for (symbol, name, owner) in ambiguous {
            let between = between(&of_units, symbol.st_value(LE)).filter(|unit| self.crates[*unit].name == self.crates[owner].name);
            self.resolved.extend(between.map(|owner| (name.to_vec(), owner)));
            self.define(symbol, between.unwrap_or(owner));
        }
    }

    fn define(&mut self, symbol: &Sym64<LE>, owner: usize) {
        if let Some((bytes, part)) = self.in_file(symbol) {
            self.claims.push(Claim { bytes, owner, part });
        }
        let start = symbol.st_value(LE);
        self.memory.push((start..start.saturating_add(symbol.st_size(LE)), owner));
    }

    /// The range of a symbol's bytes in the file, and their use; none if they exist only in memory.
    fn in_file(&self, symbol: &Sym64<LE>) -> Option<(Range<u64>, Part)> {
        let section = self.sections.section(object::SectionIndex(usize::from(symbol.st_shndx(LE).0))).ok()?;
        let within = self.range(section)?;
        let flags = section.sh_flags(LE);
        let offset = symbol.st_value(LE).checked_sub(section.sh_addr(LE))?;
        let start = within.start.checked_add(offset)?;
        let end = start.checked_add(symbol.st_size(LE))?;
        let part = if flags.0 & SHF_EXECINSTR.0 != 0 { Part::Code } else { Part::Data };
        (flags.0 & SHF_ALLOC.0 != 0 && end <= within.end).then_some((start..end, part))
    }

    /// Claims the entries of a symbol table, their names, and the related entries in the version and hash tables.
    fn read_names(&mut self, kind: elf::SectionType, part: Part) {
        let (Some(header), Ok(symbols)) = (self.section(kind), self.sections.symbols(LE, self.bytes, kind)) else { return };
        let Some((table, strings)) =
            self.range(header).zip(self.sections.section(symbols.string_section()).ok().and_then(|header| self.range(header)))
        else {
            return;
        };
        let dynamic = kind == SHT_DYNSYM;
        let versions = self.section(SHT_GNU_VERSYM).and_then(|header| self.range(header)).filter(|_| dynamic);
        let hashes = self.hashes().filter(|_| dynamic);
        for (index, symbol) in symbols.enumerate() {
            let Ok(name) = symbol.name(LE, symbols.strings()) else { continue };
            let Some(owner) = self.owner_by_name(name) else { continue };
            let index = index.0 as u64;
            let len = name.len() as u64 + 1;
            let mut claim = |start: u64, len: u64| self.claims.push(Claim { bytes: start..start + len, owner, part });
            claim(table.start + index * size_of::<Sym64<LE>>() as u64, size_of::<Sym64<LE>>() as u64);
            claim(strings.start + u64::from(symbol.st_name(LE)), len);
            if let Some(versions) = &versions {
                claim(versions.start + index * 2, 2);
            }
            if let Some((first, start)) = hashes.filter(|(first, _)| *first <= index) {
                claim(start + (index - first) * 4, 4);
            }
        }
    }

    /// The first symbol in the GNU hash table, and the offset of its entry in the file. Each entry has four bytes.
    fn hashes(&self) -> Option<(u64, u64)> {
        let range = self.range(self.section(SHT_GNU_HASH)?)?;
        let word = |index: u64| {
            let at = usize::try_from(range.start + index * 4).ok()?;
            self.bytes.get(at..)?.first_chunk().map(|word| u64::from(u32::from_le_bytes(*word)))
        };
        let (buckets, first, filters) = (word(0)?, word(1)?, word(2)?);
        Some((first, range.start + 16 + filters * 8 + buckets * 4))
    }

    /// Claims the relocations: each belongs to the owner of the address that it changes.
    fn read_relocations(&mut self) {
        for header in self.sections.iter().filter(|header| header.sh_type(LE) == SHT_RELA) {
            let (Some(range), Ok(Some((entries, _)))) = (self.range(header), header.rela(LE, self.bytes)) else { continue };
            let entries = (range.start..).step_by(24).zip(entries).map(|(at, entry)| (at..at + 24, entry.r_offset.get(LE)));
            self.claim_by_address(entries.collect());
        }
    }

    /// Claims the entries of the unwinding tables: each belongs to the owner of the code that it describes.
    fn read_unwinding(&mut self) {
        for header in self.sections.iter() {
            let parse = match self.sections.section_name(LE, header) {
                Ok(b".eh_frame") => unwinding::frames,
                Ok(b".eh_frame_hdr") => unwinding::index,
                _ => continue,
            };
            let (Some(range), Ok(data)) = (self.range(header), header.data(LE, self.bytes)) else { continue };
            let in_file = |(at, address): (Range<usize>, u64)| (range.start + at.start as u64..range.start + at.end as u64, address);
            self.claim_by_address(parse(data, header.sh_addr(LE)).into_iter().map(in_file).collect());
        }
    }

    fn claim_by_address(&mut self, entries: Vec<(Range<u64>, u64)>) {
        for (bytes, address) in entries {
            let behind = self.memory.partition_point(|(range, _)| range.start <= address);
            // Several aliases can start at one address; any of them will do.
            let owner = self.memory[..behind].last().filter(|(range, _)| range.contains(&address)).map(|(_, owner)| *owner);
            self.claims.extend(owner.map(|owner| Claim { bytes, owner, part: Part::Data }));
        }
    }
}

/// The owner of the units before and after an address, if it is the same: linkers place the objects of a library one after another.
fn between(of_units: &BTreeMap<u64, usize>, address: u64) -> Option<usize> {
    let (_, before) = of_units.range(..address).next_back()?;
    let (_, after) = of_units.range(address..).next()?;
    (before == after).then_some(*before)
}
