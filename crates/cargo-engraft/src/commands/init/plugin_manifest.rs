//! A plugin in the eyes of cargo: a library for its own tests, and a shared object.

use anyhow::{Context, Result};
use toml_edit::{Array, DocumentMut, Item, Table, value};

/// Adds the crate types, unless some are chosen: then the build says what is wrong with them.
pub fn add_crate_type(document: &mut DocumentMut) -> Result<()> {
    let library = document.entry("lib").or_insert_with(|| Item::Table(Table::new()));
    let library = library.as_table_like_mut().context("`lib` is not a table")?;
    if !library.contains_key("crate-type") {
        library.insert("crate-type", value(Array::from_iter(["lib", "cdylib"])));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crate_types_are_added_once() {
        let with = |before: &str| {
            let mut document: DocumentMut = before.parse().unwrap();
            add_crate_type(&mut document).unwrap();
            document.to_string()
        };
        let added = "[package]\nname = \"one\" # one\n\n[lib]\ncrate-type = [\"lib\", \"cdylib\"]\n";
        assert_eq!(with("[package]\nname = \"one\" # one\n"), added);
        assert_eq!(with(added), added);
        assert_eq!(with("[lib]\npath = \"one.rs\"\n"), "[lib]\npath = \"one.rs\"\ncrate-type = [\"lib\", \"cdylib\"]\n");
        assert_eq!(with("[lib]\ncrate-type = [\"dylib\"]\n"), "[lib]\ncrate-type = [\"dylib\"]\n");
    }
}
