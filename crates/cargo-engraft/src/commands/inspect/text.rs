//! What a file is, as people read it.

use super::report::{File, Initialiser, Item, Linked, Origin, Package};
use crate::output::{self, bold};
use std::fmt::Write;

/// The first line: which file, and what it is; below it what is wrong with it.
pub fn head(file: &File) -> String {
    let damage = file.damage.as_ref().map_or_else(String::new, |damage| format!("  {}: {damage}\n", bold("damage")));
    format!("{}: {}\n{damage}", bold(&file.path), file.what)
}

/// The whole text about a file.
pub fn of(file: &File) -> String {
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
    text += &list("initialisers, in this order", &linked.initialisers.iter().map(initialiser).collect::<Vec<_>>());
    let of = |origin| linked.packages.iter().filter(move |package| package.origin == origin);
    let titles = [
        ("bundled packages", Origin::Bundled),
        ("packages of which plugins can have what is in this file", Origin::Partial),
        ("packages that plugins can't have", Origin::Private),
    ];
    for (title, origin) in titles {
        let mut packages: Vec<&Package> = of(origin).collect();
        packages.sort_by_key(|package| std::cmp::Reverse(package.bytes));
        let lines: Vec<String> = packages.into_iter().map(with_bytes).collect();
        text += &list(&format!("{title}, with their bytes in this file"), &lines);
    }
    text += &list("packages of the host", &of(Origin::Hosted).map(label).collect::<Vec<_>>());
    text
}

/// Lines under a title; nothing if there are none.
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
