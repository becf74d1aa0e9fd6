//! Reads what the macros wrote about exported items into the object files of a plugin's own library.
//!
//! The form of a description is said in `engraft::registration`.

use anyhow::{Context, Result, bail};
use engraft_manifest::ItemKind;
use object::{Object, ObjectSection};
use std::path::Path;

/// One exported item, as the source has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    pub kind: ItemKind,
    /// Path within the crate.
    pub path: String,
    pub signature: String,
    pub doc: String,
    pub file: String,
    pub line: u32,
}

/// The section that descriptions stand in.
const SECTION: &str = "engraft_describe";

/// The items that a library exports, ordered by path.
pub fn read(library: &Path) -> Result<Vec<Description>> {
    let read = || -> Result<Vec<Description>> {
        let bytes = std::fs::read(library)?;
        let mut found = Vec::new();
        for member in object::read::archive::ArchiveFile::parse(bytes.as_slice())?.members() {
            let data = member?.data(bytes.as_slice())?;
            if !data.starts_with(b"\x7fELF") {
                continue;
            }
            let file = object::File::parse(data)?;
            for section in file.sections().filter(|section| section.name() == Ok(SECTION)) {
                found.extend(parse(section.data()?)?);
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    };
    read().with_context(|| format!("failed to read the exports of {}", library.display()))
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
            "fn" => ItemKind::Function,
            "static" => ItemKind::Static,
            "type" => ItemKind::Type,
            other => bail!("an export of unknown kind `{other}`: `engraft` and `cargo-engraft` are of different versions"),
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
        assert_eq!(found[1].kind, ItemKind::Static);
    }

    #[test]
    fn half_a_description_is_an_error() {
        let bytes = section(&["fn", "filter", "apply", "pub fn apply()", "Applies.", "src/lib.rs", "7"]);
        for len in 1..bytes.len() {
            assert!(parse(&bytes[..len]).is_err(), "{len}");
        }
    }
}
