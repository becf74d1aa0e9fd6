//! Writes the graph as SVG, either as a file or within the HTML page, where each tile is a link to its package's details.

use super::layout::{FileBox, HEADING, layout};
use super::model::{File, Graph, State, Tile};
use super::treemap::Rect;
use super::{style, words};
use maud::{Markup, PreEscaped, html};

/// Approximate width of a character.
const CHARACTER: f64 = 6.6;
const LINE: f64 = 18.0;
const STATES: [State; 4] = [State::Hosted, State::Bundled, State::Shared, State::Conflicting];

/// Writes the picture as an SVG file.
#[must_use]
pub fn write(graph: &Graph) -> String {
    let text = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"))
        (picture(graph, false))
    };
    words::printable(&text.into_string())
}

/// Draws the picture. If `linked`, each tile is a link to its package's details.
pub fn picture(graph: &Graph, linked: bool) -> Markup {
    let layout = layout(graph);
    let conflicts = if linked { &[][..] } else { &graph.conflicts };
    let height = layout.height + LINE * (2.5 + conflicts.len() as f64);
    let title = title(graph);
    html! {
        svg.engraft xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {:.0} {height:.0}", layout.width))
            width=(format!("{:.0}", layout.width)) height=(format!("{height:.0}")) role="group" aria-label=(title) {
            @if !linked {
                title { (title) }
                style { (PreEscaped(style::PICTURE)) }
            }
            @for (index, (file, place)) in graph.files.iter().zip(&layout.boxes).enumerate() {
                @if let Some([from, to]) = place.line {
                    line.line.refused[file.error.is_some()] x1=(number(from.0)) y1=(number(from.1)) x2=(number(to.0)) y2=(number(to.1)) {}
                }
                (file_box(graph, index, file, place, linked))
            }
            (legend(layout.height + LINE))
            @for (index, conflict) in conflicts.iter().enumerate() {
                text.conflict x="4" y=(number(layout.height + LINE * (2.2 + index as f64))) { "⚠ " (words::conflict(graph, conflict)) }
            }
        }
    }
}

/// The title of the picture.
pub fn title(graph: &Graph) -> String {
    let host = graph.files.first().map_or("no host", |file| file.name.as_str());
    let plugins = words::count(graph.files.len().saturating_sub(1), "plugin");
    let refused = graph.files.iter().filter(|file| file.error.is_some()).count();
    let refused = if refused == 0 { String::new() } else { format!(", {refused} of which would be refused") };
    format!("{host} with {plugins}{refused}")
}

fn file_box(graph: &Graph, index: usize, file: &File, place: &FileBox, linked: bool) -> Markup {
    let Rect { x, y, width, .. } = place.outer;
    let name = graph.name_of(index);
    let about = words::about(file, index == 0);
    let fitting = |text: &str, character: f64| shortened(text, width - 12.0, character);
    let whole = file.bytes.map_or_else(|| file.path.clone(), |bytes| format!("{}, {}", file.path, words::bytes(bytes)));
    html! {
        g.file.refused[file.error.is_some()] role="group" aria-label=(format!("{name}: {about}")) {
            (rect(place.outer, "frame"))
            text.name x=(number(x + 7.0)) y=(number(y + 18.0)) { (fitting(&name, CHARACTER * 1.2)) title { (whole) } }
            text.about.faint x=(number(x + 7.0)) y=(number(y + HEADING - 8.0)) { (fitting(&about, CHARACTER)) }
            @for (tile, place) in file.tiles.iter().zip(&place.tiles) {
                (package_tile(graph, &name, tile, *place, linked))
            }
        }
    }
}

fn package_tile(graph: &Graph, file: &str, tile: &Tile, place: Rect, linked: bool) -> Markup {
    let Some(package) = graph.packages.get(tile.package) else { return html! {} };
    let name = package.label();
    let size = tile.bytes.map(words::bytes);
    let description =
        format!("{}, {} in {file}, {}", graph.label_of(tile.package), tile.state.name(), size.as_deref().unwrap_or("of unknown size"));
    let mark = if tile.state == State::Conflicting { "⚠ " } else { "" };
    let inside = html! {
        (rect(place, ""))
        title { (description) }
        (label(&format!("{mark}{name}"), size.as_deref(), place))
    };
    let class = format!("tile {}", tile.state.name());
    html! {
        @if linked {
            a class=(class) href=(format!("#package-{}", tile.package)) aria-label=(description) data-package=(name) { (inside) }
        } @else {
            g class=(class) { (inside) }
        }
    }
}

/// The text in a tile, as far as there is room.
fn label(name: &str, size: Option<&str>, place: Rect) -> Markup {
    let (x, y) = (number(place.x + 4.0), place.y + 14.0);
    let room = place.width - 6.0;
    html! {
        @if place.height >= 18.0 && room >= 3.0 * CHARACTER {
            text x=(x) y=(number(y)) { (shortened(name, room, CHARACTER)) }
            @if let Some(size) = size.filter(|size| place.height >= 34.0 && size.len() as f64 * CHARACTER <= room) {
                text x=(x) y=(number(y + 15.0)) { (size) }
            }
        }
    }
}

fn legend(y: f64) -> Markup {
    let entries = STATES.iter().map(|state| (state.name(), words::meaning(*state)));
    let mut x = 4.0;
    let placed: Vec<_> = entries
        .map(|(name, meaning)| {
            let at = x;
            x += 40.0 + name.len() as f64 * CHARACTER;
            (at, name, meaning)
        })
        .collect();
    html! {
        g.legend {
            @for (x, name, meaning) in placed {
                g class=(format!("tile {name}")) {
                    (rect(Rect { x, y: y - 11.0, width: 14.0, height: 14.0 }, ""))
                    text x=(number(x + 19.0)) y=(number(y + 1.0)) { (name) }
                    title { (meaning) }
                }
            }
            text.faint x=(number(x)) y=(number(y + 1.0)) { "The area of a tile is the size of the package in the file. Each box has its own scale." }
        }
    }
}

fn rect(rect: Rect, class: &str) -> Markup {
    let class = Some(class).filter(|class| !class.is_empty());
    html! { rect class=[class] x=(number(rect.x)) y=(number(rect.y)) width=(number(rect.width)) height=(number(rect.height)) {} }
}

fn number(number: f64) -> String {
    format!("{number:.1}")
}

fn shortened(text: &str, room: f64, character: f64) -> String {
    let fits = (room / character).max(1.0) as usize;
    if text.chars().count() <= fits { text.to_owned() } else { text.chars().take(fits - 1).chain(['…']).collect() }
}
