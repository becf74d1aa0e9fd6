//! Places the host in the center, the plugins along its four sides, and the tiles within each box.

use super::model::{Graph, State, Tile};
use super::treemap::{Rect, tiles};

/// The positions of all boxes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    pub width: f64,
    pub height: f64,
    /// One box for each file, in the same order.
    pub boxes: Vec<FileBox>,
}

/// A file's box.
#[derive(Debug, Clone, PartialEq)]
pub struct FileBox {
    /// The whole box, including the heading.
    pub outer: Rect,
    /// One rectangle for each of the file's tiles, in the same order.
    pub tiles: Vec<Rect>,
    /// The line from the host to this box; none for the host itself.
    pub line: Option<[(f64, f64); 2]>,
}

/// The space between boxes, in which the lines are visible.
const GAP: f64 = 36.0;
const PLUGIN: (f64, f64) = (250.0, 190.0);
const HOST: (f64, f64) = (640.0, 460.0);
/// The height of a box's heading.
pub const HEADING: f64 = 42.0;
const PADDING: f64 = 6.0;
/// The smallest share of its box that a tile takes, so that the user can still click it.
const SMALLEST: f64 = 1.0 / 500.0;
/// The smallest share of its box that a conflicting tile takes: conflicts must be visible.
const SMALLEST_CONFLICT: f64 = 1.0 / 40.0;

/// The sides of the host, in the order in which plugins are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Right,
    Left,
    Bottom,
    Top,
}

const SIDES: [Side; 4] = [Side::Right, Side::Left, Side::Bottom, Side::Top];

/// Computes the position of everything.
#[must_use]
pub fn layout(graph: &Graph) -> Layout {
    let plugins = graph.files.len().saturating_sub(1);
    let on = |side: Side| (0..plugins).filter(|plugin| SIDES[plugin % 4] == side).count() as f64;
    let along = |count: f64, size: f64| (count * (size + GAP) - GAP).max(0.0);
    let host_width = HOST.0.max(along(on(Side::Top), PLUGIN.0)).max(along(on(Side::Bottom), PLUGIN.0));
    let host_height = HOST.1.max(along(on(Side::Right), PLUGIN.1)).max(along(on(Side::Left), PLUGIN.1));
    let beside = |side: Side, size: f64| if on(side) > 0.0 { size + GAP } else { 0.0 };
    let host = Rect { x: 1.0 + beside(Side::Left, PLUGIN.0), y: 1.0 + beside(Side::Top, PLUGIN.1), width: host_width, height: host_height };
    let outer = |file: usize| match file.checked_sub(1) {
        None => host,
        Some(plugin) => beside_host(host, SIDES[plugin % 4], (plugin / 4) as f64, on(SIDES[plugin % 4])),
    };
    let boxes = graph.files.iter().enumerate().map(|(index, file)| {
        let outer = outer(index);
        FileBox { outer, tiles: inner(&file.tiles, outer), line: index.checked_sub(1).map(|plugin| line(host, outer, SIDES[plugin % 4])) }
    });
    Layout {
        width: host.x + host.width + beside(Side::Right, PLUGIN.0) + 1.0,
        height: host.y + host.height + beside(Side::Bottom, PLUGIN.1) + 1.0,
        boxes: boxes.collect(),
    }
}

/// The box of the plugin at index `place` of the `count` plugins on one side. They are centered along that side.
fn beside_host(host: Rect, side: Side, place: f64, count: f64) -> Rect {
    let (width, height) = PLUGIN;
    let centered = |start: f64, size: f64, own: f64| start + size / 2.0 - (count * (own + GAP) - GAP) / 2.0 + place * (own + GAP);
    let (x, y) = match side {
        Side::Right => (host.x + host.width + GAP, centered(host.y, host.height, height)),
        Side::Left => (host.x - GAP - width, centered(host.y, host.height, height)),
        Side::Bottom => (centered(host.x, host.width, width), host.y + host.height + GAP),
        Side::Top => (centered(host.x, host.width, width), host.y - GAP - height),
    };
    Rect { x, y, width, height }
}

fn line(host: Rect, plugin: Rect, side: Side) -> [(f64, f64); 2] {
    let (x, y) = (plugin.x + plugin.width / 2.0, plugin.y + plugin.height / 2.0);
    match side {
        Side::Right => [(host.x + host.width, y), (plugin.x, y)],
        Side::Left => [(host.x, y), (plugin.x + plugin.width, y)],
        Side::Bottom => [(x, host.y + host.height), (x, plugin.y)],
        Side::Top => [(x, host.y), (x, plugin.y + plugin.height)],
    }
}

/// The rectangles of a file's tiles.
fn inner(of_file: &[Tile], outer: Rect) -> Vec<Rect> {
    let within =
        Rect { x: outer.x + PADDING, y: outer.y + HEADING, width: outer.width - 2.0 * PADDING, height: outer.height - HEADING - PADDING };
    let known = of_file.iter().filter_map(|tile| tile.bytes).sum::<u64>().max(1) as f64;
    let weight = |tile: &Tile| {
        let smallest = if tile.state == State::Conflicting { SMALLEST_CONFLICT } else { SMALLEST };
        (tile.bytes.unwrap_or(0) as f64).max(known * smallest)
    };
    // The treemap gets closest to squares if the weights are in descending order.
    let mut weights: Vec<(usize, f64)> = of_file.iter().map(weight).enumerate().collect();
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    let areas: Vec<f64> = weights.iter().map(|(_, weight)| *weight).collect();
    let mut placed: Vec<(usize, Rect)> = weights.iter().map(|(index, _)| *index).zip(tiles(&areas, within)).collect();
    placed.sort_by_key(|(index, _)| *index);
    placed.into_iter().map(|(_, rect)| rect).collect()
}

#[cfg(test)]
mod tests {
    use super::super::model::{File, SCHEMA};
    use super::*;

    fn graph(plugins: usize) -> Graph {
        let tile = |(index, bytes)| Tile { package: index, state: State::Bundled, bytes };
        let tiles: Vec<Tile> = [Some(9_000_000), Some(400), Some(0), None].into_iter().enumerate().map(tile).collect();
        let file = File { name: "f".into(), path: "/f".into(), build_id: None, bytes: Some(10_000_000), error: None, tiles };
        Graph { schema: SCHEMA, files: vec![file; plugins + 1], packages: vec![], conflicts: vec![] }
    }

    fn contains(outer: Rect, inner: Rect) -> bool {
        let near = 1e-6;
        inner.x >= outer.x - near
            && inner.y >= outer.y - near
            && inner.x + inner.width <= outer.x + outer.width + near
            && inner.y + inner.height <= outer.y + outer.height + near
    }

    fn overlap(a: Rect, b: Rect) -> bool {
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
    }

    #[test]
    fn boxes_do_not_overlap_and_contain_their_tiles() {
        for plugins in [0, 1, 2, 3, 4, 5, 9, 40] {
            let layout = layout(&graph(plugins));
            let all = Rect { x: 0.0, y: 0.0, width: layout.width, height: layout.height };
            assert_eq!(layout.boxes.len(), plugins + 1);
            for (index, place) in layout.boxes.iter().enumerate() {
                assert!(contains(all, place.outer), "{index} of {plugins}: {place:?}");
                assert!(layout.boxes[index + 1..].iter().all(|other| !overlap(place.outer, other.outer)), "{index} of {plugins}");
                assert!(place.tiles.iter().all(|tile| contains(place.outer, *tile) && tile.width * tile.height > 10.0), "{place:?}");
                assert_eq!(place.line.is_some(), index > 0);
            }
        }
    }

    #[test]
    fn conflicting_tile_is_enlarged() {
        let mut graph = graph(0);
        let area = |graph: &Graph| layout(graph).boxes[0].tiles[1].width * layout(graph).boxes[0].tiles[1].height;
        let before = area(&graph);
        graph.files[0].tiles[1].state = State::Conflicting;
        assert!(area(&graph) > 5.0 * before);
    }
}
