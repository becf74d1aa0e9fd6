//! The files of a new plugin, after the model of the workspace that it is for.

use super::staging::NewFile;
use super::template;
use toml_edit::{DocumentMut, InlineTable, Item, Value};

/// What a workspace's plugins have in common.
#[derive(Debug)]
pub struct Model {
    /// The workspace's manifest.
    pub root: DocumentMut,
    /// What plugins depend on: `engraft` and, if the workspace has one, its API crate.
    pub dependencies: Vec<(String, Value)>,
    /// The API crate as Rust names it, if it is one that the template's plugin can be written for.
    pub api: Option<String>,
}

/// The fields of a package that are taken from the workspace, where it says them.
const INHERITED: [&str; 8] = ["version", "edition", "rust-version", "license", "authors", "repository", "homepage", "publish"];
/// And what stands in for those that every package needs.
const OTHERWISE: [(&str, &str); 2] = [("version", "0.1.0"), ("edition", "2024")];

/// `{ workspace = true }`: as the workspace's manifest says.
#[must_use]
pub fn inherited() -> Value {
    InlineTable::from_iter([("workspace", true)]).into()
}

impl Model {
    /// The plugin's files, relative to its directory.
    #[must_use]
    pub fn files(&self, name: &str) -> Vec<NewFile> {
        let source = match &self.api {
            Some(api) => template::fill(template::PLUGIN, &[("name", name), ("api", api)]),
            None => template::fill(template::PLUGIN_ALONE, &[("name", name)]),
        };
        vec![("Cargo.toml".to_owned(), self.manifest(name)), ("src/lib.rs".to_owned(), source)]
    }

    fn manifest(&self, name: &str) -> String {
        let workspace = self.root.get("workspace");
        let workspace_says = |table: &str| workspace.and_then(|workspace| workspace.get(table));
        let fields = INHERITED.iter().filter_map(|field| {
            if workspace_says("package").and_then(|package| package.get(field)).is_some() {
                return Some(line(field, &inherited()));
            }
            let (_, value) = OTHERWISE.iter().find(|(known, _)| known == field)?;
            Some(line(field, &Value::from(*value)))
        });
        let dependencies = self.dependencies.iter().map(|(name, value)| line(name, value));
        let values = [
            ("name", name),
            ("package", &fields.collect::<Vec<_>>().join("\n")),
            ("dependencies", &dependencies.collect::<Vec<_>>().join("\n")),
        ];
        let mut manifest = template::fill(template::PLUGIN_MANIFEST, &values);
        if workspace_says("lints").is_some() {
            manifest.push_str("\n[lints]\nworkspace = true\n");
        }
        manifest
    }
}

/// A key with its value, as people write them.
fn line(key: &str, value: &Value) -> String {
    let only_inherits = value.as_inline_table().is_some_and(|table| table.len() == 1 && table.contains_key("workspace"));
    if only_inherits {
        return format!("{key}.workspace = true");
    }
    let mut table = toml_edit::Table::new();
    let mut value = value.clone();
    value.decor_mut().clear();
    table.insert(key, Item::Value(value));
    table.to_string().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(root: &str, dependencies: &[(&str, &str)]) -> String {
        let value = |text: &str| text.parse::<Value>().unwrap();
        let dependencies = dependencies.iter().map(|(name, text)| ((*name).to_owned(), value(text))).collect();
        Model { root: root.parse().unwrap(), dependencies, api: None }.manifest("second")
    }

    #[test]
    fn a_workspace_that_says_all_is_inherited_from() {
        let root = "[workspace.package]\nversion = '1.0.0'\nedition = '2021'\nlicense = 'MIT'\n[workspace.lints.rust]\n";
        let expected = "[package]\nname = \"second\"\nversion.workspace = true\nedition.workspace = true\nlicense.workspace = true\n\n\
            [package.metadata.engraft]\nplugin = true\n\n[dependencies]\nengraft.workspace = true\n\n[lints]\nworkspace = true\n";
        assert_eq!(manifest(root, &[("engraft", "{ workspace = true }")]), expected);
    }

    #[test]
    fn a_workspace_that_says_nothing_is_done_without() {
        let expected = "[package]\nname = \"second\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[package.metadata.engraft]\nplugin = true\n\n\
            [dependencies]\nengraft = \"0.1\"\napi = { path = \"../../api\", features = [\"x\"] }\n";
        let dependencies = [("engraft", "\"0.1\""), ("api", "{ path = \"../../api\", features = [\"x\"] }")];
        assert_eq!(manifest("[workspace]\n", &dependencies), expected);
    }
}
