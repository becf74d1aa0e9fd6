//! The templates for new packages, and the substitution of names in them.

pub const WORKSPACE: &str = include_str!("../../../templates/workspace.toml.template");
pub const TOOLCHAIN: &str = include_str!("../../../templates/toolchain.toml.template");
pub const GITIGNORE: &str = include_str!("../../../templates/gitignore.template");
pub const README: &str = include_str!("../../../templates/README.md.template");
pub const API_MANIFEST: &str = include_str!("../../../templates/api.toml.template");
pub const API: &str = include_str!("../../../templates/api.rs.template");
pub const HOST_MANIFEST: &str = include_str!("../../../templates/host.toml.template");
pub const HOST: &str = include_str!("../../../templates/host.rs.template");
pub const PLUGIN_MANIFEST: &str = include_str!("../../../templates/plugin.toml.template");
/// A plugin for the API crate in [`API`].
pub const PLUGIN: &str = include_str!("../../../templates/plugin.rs.template");
/// A plugin for a workspace with another API.
pub const PLUGIN_ALONE: &str = include_str!("../../../templates/plugin-alone.rs.template");

/// Replaces every `{{name}}` in a template by the value of that name.
#[must_use]
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

/// Whether an API crate still has what [`PLUGIN`] needs: the lines of [`API`] that declare its trait and its type.
#[must_use]
pub fn is_api_of_template(source: &str) -> bool {
    let is_declaration = |line: &&str| line.starts_with("pub ") || line.starts_with("    fn ");
    API.lines().filter(is_declaration).all(|declaration| source.lines().any(|line| line == declaration))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_is_recognized_until_it_changes() {
        assert!(is_api_of_template(API));
        assert!(is_api_of_template(&format!("{API}\npub struct More;\n")));
        assert!(!is_api_of_template(&API.replace("name: &str", "name: String")));
        assert!(!is_api_of_template(""));
    }

    #[test]
    fn names_are_filled_in() {
        assert_eq!(fill("{{a}} {b} {{a}}{{c}}", &[("a", "x"), ("c", "y")]), "x {b} xy");
    }
}
