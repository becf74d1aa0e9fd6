//! Reads what the macros wrote about exported items and initialisers into object files.
//!
//! The form of a description is said in `engraft::registration`.

use anyhow::{Context, Result, bail};
use engraft_manifest::ItemKind;
use object::{Object, ObjectSection};
use std::path::Path;

/// One marked item, as the source has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    pub kind: Kind,
    /// Path within the crate.
    pub path: String,
    pub signature: String,
    pub doc: String,
    pub file: String,
    pub line: u32,
}

/// What an item was marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Export(ItemKind),
    Initialiser,
}

/// The section that descriptions stand in.
const SECTION: &str = "engraft_describe";

/// The marked items of a library, ordered by path.
pub fn of_library(library: &Path) -> Result<Vec<Description>> {
    let read = || -> Result<Vec<Description>> {
        let bytes = std::fs::read(library)?;
        let mut found = Vec::new();
        for member in object::read::archive::ArchiveFile::parse(bytes.as_slice())?.members() {
            found.extend(of_object(member?.data(bytes.as_slice())?)?);
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    };
    read().with_context(|| format!("failed to read what is exported by {}", library.display()))
}

/// The marked items of an object file; none in anything that is not one.
pub fn of_object(object: &[u8]) -> Result<Vec<Description>> {
    let mut found = Vec::new();
    if object.starts_with(b"\x7fELF") {
        let file = object::File::parse(object)?;
        for section in file.sections().filter(|section| section.name() == Ok(SECTION)) {
            found.extend(parse(section.data()?)?);
        }
    }
    Ok(found)
}

/// Takes a section's bytes apart.
fn parse(mut bytes: &[u8]) -> Result<Vec<Description>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let mut field = || -> Result<String> {
            let (len, rest) = bytes.split_first_chunk::<4>().context("a description ends early")?;
            let len = u32::from_le_bytes(*len) as usize;
            let (text, rest) = rest.split_at_checked(len).context("a description ends early")?;
            bytes = rest;
            Ok(std::str::from_utf8(text)?.to_owned())
        };
        let kind = match field()?.as_str() {
            "fn" => Kind::Export(ItemKind::Function),
            "static" => Kind::Export(ItemKind::Static),
            "type" => Kind::Export(ItemKind::Type),
            "init" => Kind::Initialiser,
            other => bail!("an item of unknown kind `{other}`: `engraft` and `cargo-engraft` are of different versions"),
        };
        let (module, name) = (field()?, field()?);
        let (signature, doc, file, line) = (field()?, field()?, field()?, field()?.parse()?);
        let path = match module.split_once("::") {
            Some((_, within)) => format!("{within}::{name}"),
            None => name,
        };
        found.push(Description { kind, path, signature, doc, file, line });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(fields: &[&str]) -> Vec<u8> {
        fields.iter().flat_map(|field| [&(field.len() as u32).to_le_bytes()[..], field.as_bytes()].concat()).collect()
    }

    #[test]
    fn descriptions_stand_one_behind_another() {
        let mut bytes = section(&["fn", "filter", "apply", "pub fn apply()", "Applies.", "src/lib.rs", "7"]);
        bytes.extend(section(&["static", "filter::rules", "HITS", "pub static HITS: u8", "", "src/rules.rs", "12"]));
        let found = parse(&bytes).unwrap();
        assert_eq!(found[0].path, "apply");
        assert_eq!(found[0].line, 7);
        assert_eq!(found[1].path, "rules::HITS");
        assert_eq!(found[1].kind, Kind::Export(ItemKind::Static));
    }

    #[test]
    fn half_a_description_is_an_error() {
        let bytes = section(&["fn", "filter", "apply", "pub fn apply()", "Applies.", "src/lib.rs", "7"]);
        for len in 1..bytes.len() {
            assert!(parse(&bytes[..len]).is_err(), "{len}");
        }
    }
}
