//! What a [`LookupError`] says to people.

use super::report::Report;
use super::{LookupError, Unexported};
use std::fmt;

impl fmt::Debug for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code();
        match self {
            Self::NotFound { name, plugin, near, exported, unexported } => {
                let found = match unexported {
                    None => "nothing of this name".to_owned(),
                    Some(Unexported::Item(path)) => format!("`{path}`, which is not exported"),
                    Some(Unexported::Method(path)) => format!("`{path}`, which belongs to a type and can't be exported"),
                    Some(Unexported::Within(path)) => format!("an item in the body of `{path}`, where nothing can be exported"),
                };
                let report = Report::new(f, code, format_args!("the plugin `{plugin}` does not export `{name}`"))
                    .fact("expected", "the path of an exported function or static")
                    .fact("found", found)
                    .facts("it exports", exported);
                let report = if exported.is_empty() { report.fact("it exports", "nothing") } else { report };
                report.help(not_found(name, near, unexported.as_ref()))
            }
            Self::WrongType { name, plugin, asked, found, signature, packages } => {
                let report = Report::new(f, code, format_args!("`{name}` of the plugin `{plugin}` has another type"))
                    .fact("expected", asked)
                    .fact("found", found)
                    .facts("signature", signature)
                    .facts("packages", packages);
                match packages.first() {
                    Some(same) if asked == found => report.help(format_args!(
                        "let host and plugin depend on one package `{}`: `cargo tree --duplicates` shows who wants which",
                        same.crate_name
                    )),
                    None if asked == found => report
                        .help("types are printed without the names of lifetimes: ask for the very ones of the signature, such as `for<'a> fn(&'a str)`"),
                    _ => report.help(format_args!("look it up as `lookup::<{found}>({name:?})`")),
                }
            }
            Self::IsAType { name, plugin } => Report::new(f, code, format_args!("`{name}` of the plugin `{plugin}` is a type"))
                .fact("expected", "the path of an exported function or static, which has a value")
                .fact("found", "an exported type, which has none")
                .help(format_args!("export a function that makes one, such as `pub fn new() -> {name}`")),
        }
    }
}

/// What helps when nothing of a name is exported.
fn not_found(name: &str, near: &[String], unexported: Option<&Unexported>) -> String {
    let mut help = match unexported {
        Some(Unexported::Item(path)) => format!("add `#[engraft::export]` to `{path}`"),
        Some(Unexported::Method(path)) => format!("write a function that calls `{path}`, and add `#[engraft::export]` to it"),
        Some(Unexported::Within(_)) => "move it out of the function, and add `#[engraft::export]`".to_owned(),
        None if near.is_empty() => {
            let last = name.rsplit("::").next().unwrap_or_default();
            return format!("add `#[engraft::export]` to the item; one in a module is looked up by its path: `module::{last}`");
        }
        None => String::new(),
    };
    if !near.is_empty() {
        let near: Vec<String> = near.iter().map(|path| format!("`{path}`")).collect();
        help += &format!("{}did you mean {}?", if help.is_empty() { "" } else { "; or " }, near.join(" or "));
    }
    help
}
