//! Writes the graph as an HTML page in a single file, with a filter and with the details of each package. The page loads nothing.
//!
//! The page contains everything when it is written, with all names escaped. The script only hides and shows elements and moves the focus.

use super::model::{Conflict, File, Graph, Package, State, Tile};
use super::{style, svg, words};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const SCRIPT: &str = include_str!("page.js");

/// The page may load nothing, and only its own script may run, whatever a name contains.
/// After a change to the script, update the hash with `openssl dgst -sha256 -binary page.js | base64`. The browser tests fail if it is stale.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-/4qRHAEqP/pa9BZCYWutvAogUWHwTtCkkelMd9B636A='; base-uri 'none'; form-action 'none'";

/// Writes the page.
#[must_use]
pub fn write(graph: &Graph) -> String {
    let title = svg::title(graph);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                // Without it browsers request /favicon.ico.
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(style::PICTURE)) (PreEscaped(style::PAGE)) }
            }
            body {
                a.skip href="#packages" { "Skip to the list of packages" }
                h1 { (title) }
                form.filter role="search" {
                    label for="filter" { "Filter by package" }
                    input id="filter" type="search" autocomplete="off" spellcheck="false";
                    output id="shown" for="filter" aria-live="polite" { (words::count(graph.packages.len(), "package")) }
                }
                main {
                    div.split {
                        (svg::picture(graph, true))
                        section.details aria-label="Selected package" {
                            p.hint.faint { "Select a package with the mouse, or with the arrow keys and Enter. Escape goes back." }
                            @for (index, package) in graph.packages.iter().enumerate() { (article(graph, index, package)) }
                        }
                    }
                    @if !graph.conflicts.is_empty() || graph.files.iter().any(|file| file.error.is_some()) { (conflicts(graph)) }
                    (list(graph))
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    words::printable(&page.into_string())
}

/// The files that have a package, each with its tile for it.
fn in_files(graph: &Graph, package: usize) -> impl Iterator<Item = (usize, &File, &Tile)> {
    let tile = move |file: &'_ File| file.tiles.iter().position(|tile| tile.package == package);
    graph.files.iter().enumerate().filter_map(move |(index, file)| Some((index, file, &file.tiles[tile(file)?])))
}

fn article(graph: &Graph, index: usize, package: &Package) -> Markup {
    html! {
        article id=(format!("package-{index}")) aria-labelledby=(format!("name-{index}")) {
            h2 id=(format!("name-{index}")) tabindex="-1" { (graph.label_of(index)) }
            dl {
                dt { "Files" }
                dd { ul {
                    @for (file, _, tile) in in_files(graph, index) {
                        li {
                            (graph.name_of(file)) ": " (state(tile.state))
                            @match tile.bytes {
                                Some(bytes) => { ", " (words::bytes(bytes)) }
                                None => ", size unknown (its symbols do not say which of several packages with this crate name they belong to)",
                            }
                        }
                    }
                } }
                dt { "Hash" } dd { code { (package.hash) } }
                dt { "Key" } dd { code { (package.key) } }
                dt { "Features" } dd { (listed(&package.features)) }
                dt { "Source" } dd { (package.source) }
                @if !package.sources.is_empty() { dt { "Source files" } dd { ul { @for file in &package.sources { li { code { (file) } } } } } }
                dt { "Depends on" } dd { (dependencies(graph, index, package)) }
            }
        }
    }
}

fn listed(texts: &[String]) -> Markup {
    html! { @if texts.is_empty() { "none" } @else { (texts.join(", ")) } }
}

/// The dependencies of a package. Each is a link if a file that has this package has the dependency too.
fn dependencies(graph: &Graph, index: usize, package: &Package) -> Markup {
    let beside = |label: &String| {
        let mut there = in_files(graph, index).flat_map(|(_, file, _)| file.tiles.iter().map(|tile| tile.package));
        there.find(|other| graph.packages.get(*other).is_some_and(|other| other.label() == *label))
    };
    html! {
        @if package.dependencies.is_empty() { "none" }
        @for (place, label) in package.dependencies.iter().enumerate() {
            @if place > 0 { ", " }
            @match beside(label) {
                Some(other) => a href=(format!("#package-{other}")) { (label) },
                None => (label),
            }
        }
    }
}

fn state(state: State) -> Markup {
    html! { span class=(format!("state {}", state.name())) title=(words::meaning(state)) { (state.name()) } }
}

fn conflicts(graph: &Graph) -> Markup {
    html! {
        section id="conflicts" aria-labelledby="conflicts-title" {
            h2 id="conflicts-title" { "Conflicts" }
            @for (index, file) in graph.files.iter().enumerate() {
                @if let Some(error) = &file.error {
                    div.conflict {
                        h3 { (graph.name_of(index)) " would be refused: " (error.code) }
                        @for conflict in graph.conflicts.iter().filter(|conflict| conflict.plugin == index) { (root(graph, conflict)) }
                        details { summary { "Full error" } pre { (error.text) } }
                    }
                }
            }
        }
    }
}

fn root(graph: &Graph, conflict: &Conflict) -> Markup {
    html! {
        p { "Root cause, compared with " (graph.name_of(conflict.holder)) ": " strong { (conflict.root) } ": " (conflict.reasons.join("; ")) }
        @if conflict.chain.len() > 1 {
            p {
                "Dependency chain in " (graph.name_of(conflict.plugin)) ": "
                @for (place, step) in conflict.chain.iter().enumerate() { @if place > 0 { " → " } (step) }
            }
        }
        @if !conflict.followers.is_empty() { p { "Differ only because they depend on it: " (conflict.followers.join(", ")) } }
    }
}

fn list(graph: &Graph) -> Markup {
    html! {
        section id="packages" aria-labelledby="packages-title" tabindex="-1" {
            h2 id="packages-title" { "Packages" }
            ul.packages {
                @for (index, package) in graph.packages.iter().enumerate() {
                    li data-package=(package.label()) {
                        a href=(format!("#package-{index}")) { (graph.label_of(index)) }
                        @let mut states: Vec<State> = in_files(graph, index).map(|(_, _, tile)| tile.state).collect();
                        @let () = { states.sort_unstable(); states.dedup(); };
                        @for each in states { " " (state(each)) }
                    }
                }
            }
        }
    }
}
