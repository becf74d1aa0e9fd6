//! Creates the files of a new plugin in the style of its workspace.

use super::staging::NewFile;
use super::template;
use toml_edit::{DocumentMut, InlineTable, Item, Value};

/// The properties that the plugins of a workspace share.
#[derive(Debug)]
pub struct Model {
    /// The workspace's manifest.
    pub root: DocumentMut,
    /// The dependencies of plugins: `engraft` and the workspace's API crate, if it has one.
    pub dependencies: Vec<(String, Value)>,
    /// The name of the API crate in Rust code, if the template's plugin can use that crate.
    pub api: Option<String>,
}

/// The package fields that a plugin inherits if the workspace sets them.
const INHERITED: [&str; 8] = ["version", "edition", "rust-version", "license", "authors", "repository", "homepage", "publish"];
/// The values of required fields that the workspace does not set.
const DEFAULTS: [(&str, &str); 2] = [("version", "0.1.0"), ("edition", "2024")];

/// The value `{ workspace = true }`, which inherits from the workspace's manifest.
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
        let from_workspace = |table: &str| workspace.and_then(|workspace| workspace.get(table));
        let fields = INHERITED.iter().filter_map(|field| {
            if from_workspace("package").and_then(|package| package.get(field)).is_some() {
                return Some(line(field, &inherited()));
            }
            let (_, value) = DEFAULTS.iter().find(|(known, _)| known == field)?;
            Some(line(field, &Value::from(*value)))
        });
        let dependencies = self.dependencies.iter().map(|(name, value)| line(name, value));
        let values = [
            ("name", name),
            ("package", &fields.collect::<Vec<_>>().join("\n")),
            ("dependencies", &dependencies.collect::<Vec<_>>().join("\n")),
        ];
        let mut manifest = template::fill(template::PLUGIN_MANIFEST, &values);
        if from_workspace("lints").is_some() {
            manifest.push_str("\n[lints]\nworkspace = true\n");
        }
        manifest
    }
}

/// A key and its value as a line of TOML, with `key.workspace = true` as the short form.
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
    fn plugin_inherits_fields_that_workspace_sets() {
        let root = "[workspace.package]\nversion = '1.0.0'\nedition = '2021'\nlicense = 'MIT'\n[workspace.lints.rust]\n";
        let expected = "[package]\nname = \"second\"\nversion.workspace = true\nedition.workspace = true\nlicense.workspace = true\n\n\
            [package.metadata.engraft]\nplugin = true\n\n[lib]\ncrate-type = [\"lib\", \"cdylib\"]\n\n[dependencies]\nengraft.workspace = true\n\n[lints]\nworkspace = true\n";
        assert_eq!(manifest(root, &[("engraft", "{ workspace = true }")]), expected);
    }

    #[test]
    fn plugin_sets_fields_that_workspace_lacks() {
        let expected = "[package]\nname = \"second\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[package.metadata.engraft]\nplugin = true\n\n\
            [lib]\ncrate-type = [\"lib\", \"cdylib\"]\n\n[dependencies]\nengraft = \"0.1\"\napi = { path = \"../../api\", features = [\"x\"] }\n";
        let dependencies = [("engraft", "\"0.1\""), ("api", "{ path = \"../../api\", features = [\"x\"] }")];
        assert_eq!(manifest("[workspace]\n", &dependencies), expected);
    }
}
