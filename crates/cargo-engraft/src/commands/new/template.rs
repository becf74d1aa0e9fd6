//! The texts that new packages begin with, and the filling in of names.

pub const WORKSPACE: &str = include_str!("../../../templates/workspace.toml.template");
pub const TOOLCHAIN: &str = include_str!("../../../templates/toolchain.toml.template");
pub const GITIGNORE: &str = include_str!("../../../templates/gitignore.template");
pub const README: &str = include_str!("../../../templates/README.md.template");
pub const API_MANIFEST: &str = include_str!("../../../templates/api.toml.template");
pub const API: &str = include_str!("../../../templates/api.rs.template");
pub const HOST_MANIFEST: &str = include_str!("../../../templates/host.toml.template");
pub const HOST: &str = include_str!("../../../templates/host.rs.template");
pub const PLUGIN_MANIFEST: &str = include_str!("../../../templates/plugin.toml.template");
/// A plugin for the API crate as it is here.
pub const PLUGIN: &str = include_str!("../../../templates/plugin.rs.template");
/// A plugin for a workspace whose API is not known.
pub const PLUGIN_ALONE: &str = include_str!("../../../templates/plugin-alone.rs.template");

/// The template with every `{{name}}` replaced by that name's value.
#[must_use]
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

/// Whether an API crate still offers what [`PLUGIN`] needs: the lines of [`API`] that hold its trait and its type.
#[must_use]
pub fn api_is_as_made(source: &str) -> bool {
    let is_promise = |line: &&str| line.starts_with("pub ") || line.starts_with("    fn ");
    API.lines().filter(is_promise).all(|promise| source.lines().any(|line| line == promise))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_is_recognised_until_it_is_changed() {
        assert!(api_is_as_made(API));
        assert!(api_is_as_made(&format!("{API}\npub struct More;\n")));
        assert!(!api_is_as_made(&API.replace("name: &str", "name: String")));
        assert!(!api_is_as_made(""));
    }

    #[test]
    fn names_are_filled_in() {
        assert_eq!(fill("{{a}} {b} {{a}}{{c}}", &[("a", "x"), ("c", "y")]), "x {b} xy");
    }
}
