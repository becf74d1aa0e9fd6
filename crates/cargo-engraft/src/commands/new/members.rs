//! Adds a directory to the members of a workspace, and preserves the formatting of the manifest.

use anyhow::{Context, Result};
use toml_edit::{Array, DocumentMut, Item, RawString, Table, Value, value};

/// Adds a member.
pub fn add(manifest: &mut DocumentMut, member: &str) -> Result<()> {
    let workspace = manifest.entry("workspace").or_insert_with(|| Item::Table(Table::new()));
    let workspace = workspace.as_table_like_mut().context("`workspace` in Cargo.toml is not a table")?;
    let members = workspace.entry("members").or_insert_with(|| value(Array::new()));
    push(members.as_array_mut().context("`workspace.members` in Cargo.toml is not an array")?, member);
    Ok(())
}

/// Appends to an array in its own formatting. Comments stay with their elements.
fn push(array: &mut Array, member: &str) {
    let text = |raw: Option<&RawString>| raw.and_then(RawString::as_str).unwrap_or_default().to_owned();
    let mut new = Value::from(member);
    let Some(last) = array.len().checked_sub(1).and_then(|last| array.get_mut(last)) else {
        array.push(new);
        return;
    };
    let indent = text(last.decor().prefix()).rsplit_once('\n').map(|(_, indent)| format!("\n{indent}"));
    // The text after the last element, which includes a comment in its line.
    let after = format!("{}{}", text(last.decor().suffix()), text(Some(array.trailing())));
    match indent {
        Some(indent) => {
            if let Some(last) = array.get_mut(array.len() - 1) {
                last.decor_mut().set_suffix("");
            }
            new.decor_mut().set_prefix(format!("{}{indent}", after.trim_end()));
            new.decor_mut().set_suffix("");
            array.set_trailing("\n");
            array.set_trailing_comma(true);
            array.push_formatted(new);
        }
        None => array.push(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_of_manifest_is_preserved() {
        let cases = [
            ("[workspace]\nmembers = [\"a\"] # two\n", "[workspace]\nmembers = [\"a\", \"p/x\"] # two\n"),
            ("[workspace]\nmembers = []\n", "[workspace]\nmembers = [\"p/x\"]\n"),
            ("# top\n[workspace]\nresolver = \"3\"\n", "# top\n[workspace]\nresolver = \"3\"\nmembers = [\"p/x\"]\n"),
            ("[package]\nname = \"a\" # a\n", "[package]\nname = \"a\" # a\n\n[workspace]\nmembers = [\"p/x\"]\n"),
            ("workspace.members = [\"a\"]\n", "workspace.members = [\"a\", \"p/x\"]\n"),
            (
                "[workspace]\nmembers = [\n    \"a\", # one\n    # two:\n    \"b\", # three\n    # more to come\n]\n",
                "[workspace]\nmembers = [\n    \"a\", # one\n    # two:\n    \"b\", # three\n    # more to come\n    \"p/x\",\n]\n",
            ),
            ("[workspace]\nmembers = [\n  \"a\" # one\n]\n", "[workspace]\nmembers = [\n  \"a\", # one\n  \"p/x\",\n]\n"),
        ];
        for (before, after) in cases {
            let mut manifest: DocumentMut = before.parse().unwrap();
            add(&mut manifest, "p/x").unwrap();
            assert_eq!(manifest.to_string(), after);
        }
    }
}
