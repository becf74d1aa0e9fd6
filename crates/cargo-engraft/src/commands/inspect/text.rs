//! Formats the content of a file for people.

use super::report::{File, Initialiser, Item, Linked, Origin, Package};
use crate::output::{self, bold};
use std::fmt::Write;

/// The path and kind of a file, and its damage if there is any.
pub fn head(file: &File) -> String {
    let damage = file.damage.as_ref().map_or_else(String::new, |damage| format!("  {}: {damage}\n", bold("damage")));
    format!("{}: {}\n{damage}", bold(&file.path), file.what)
}

/// The full text about a file.
pub fn description(file: &File) -> String {
    let linked = file.linked.as_ref().map_or_else(String::new, linked);
    head(file) + &linked
}

fn linked(linked: &Linked) -> String {
    let toolchain = format!("{}, commit {}, host {}", linked.toolchain.version, linked.toolchain.commit, linked.toolchain.host);
    let (modifiers, cpu_features) = (linked.modifiers.join(", "), linked.cpu_features.join(" "));
    let mut text = String::new();
    let mut facts = vec![
        ("name", &linked.name),
        ("build id", &linked.build_id),
        ("toolchain", &toolchain),
        ("target", &linked.target),
        ("profile", &linked.profile),
        ("compiled with", &modifiers),
    ];
    facts.extend((!cpu_features.is_empty()).then_some(("CPU features", &cpu_features)));
    facts.extend(linked.hosts.iter().map(|host| ("linked for", host)));
    for (label, fact) in facts {
        let _ = writeln!(text, "  {}: {fact}", bold(label));
    }
    text += &list("exports", &linked.exports.iter().map(item).collect::<Vec<_>>());
    text += &list("types", &linked.types.iter().map(item).collect::<Vec<_>>());
    text += &list("initializers, in this order", &linked.initialisers.iter().map(initialiser).collect::<Vec<_>>());
    let with_origin = |origin| linked.packages.iter().filter(move |package| package.origin == origin);
    let titles = [
        ("bundled packages", Origin::Bundled),
        ("packages exported to plugins", Origin::Partial),
        ("packages not exported to plugins", Origin::Private),
    ];
    for (title, origin) in titles {
        let mut packages: Vec<&Package> = with_origin(origin).collect();
        packages.sort_by_key(|package| std::cmp::Reverse(package.bytes));
        let lines: Vec<String> = packages.into_iter().map(with_bytes).collect();
        text += &list(&format!("{title}, with their size in this file"), &lines);
    }
    text += &list("packages from the host", &with_origin(Origin::Hosted).map(label).collect::<Vec<_>>());
    text
}

/// A title and its lines; empty if there are no lines.
fn list(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("  {}:\n{}", bold(title), lines.iter().map(|line| format!("    {line}\n")).collect::<String>())
}

fn item(item: &Item) -> String {
    let doc = if item.doc.is_empty() { String::new() } else { format!("\n      {}", item.doc) };
    format!("{} ({}, at {}:{}){doc}", item.signature, item.path, item.file, item.line)
}

fn initialiser(initialiser: &Initialiser) -> String {
    let Initialiser { package, path, file, line } = initialiser;
    format!("{path} of {package}, at {file}:{line}")
}

fn label(package: &Package) -> String {
    let version = if package.version.is_empty() { String::new() } else { format!(" {}", package.version) };
    let features = if package.features.is_empty() { String::new() } else { format!(", with {}", package.features.join(", ")) };
    format!("{}{version} ({}{features})", package.name, package.source)
}

fn with_bytes(package: &Package) -> String {
    let bytes = package.bytes.map_or_else(|| "?".to_owned(), output::number);
    let undivided = package.undivided.as_ref().map_or_else(String::new, |undivided| format!("\n{:14}{}", "", undivided.what));
    format!("{bytes:>12}  {}{undivided}", label(package))
}
