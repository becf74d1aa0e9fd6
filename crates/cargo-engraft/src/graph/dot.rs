//! Writes the graph for Graphviz: a cluster for each file, a node for each package, and an edge between packages that conflict.

use super::model::{Conflict, Graph, State, Tile};
use super::words;
use std::fmt::Write;

/// Writes the graph in the DOT language.
#[must_use]
pub fn write(graph: &Graph) -> String {
    let mut text =
        "digraph engraft {\n  compound=true;\n  rankdir=LR;\n  node [shape=box, style=filled, fontname=\"sans-serif\"];\n".to_owned();
    for (index, file) in graph.files.iter().enumerate() {
        let label = format!("{}\n{}", graph.name_of(index), words::about(file, index == 0));
        let _ = writeln!(text, "  subgraph cluster_{index} {{\n    label={};", quoted(&label));
        // Graphviz does not draw a cluster without nodes, and an edge needs a node at each end.
        let _ = writeln!(text, "    file_{index} [label={}, shape=plaintext, style=\"\"];", quoted(&file.name));
        for tile in &file.tiles {
            let _ = writeln!(text, "    {};", node(graph, index, tile));
        }
        text += "  }\n";
    }
    for (index, file) in graph.files.iter().enumerate().skip(1) {
        let (style, label) = match &file.error {
            Some(error) => ("dashed", format!("refused: {}", error.code)),
            None => ("solid", words::count(file.tiles.iter().filter(|tile| tile.state == State::Hosted).count(), "hosted package")),
        };
        let _ =
            writeln!(text, "  file_{index} -> file_0 [ltail=cluster_{index}, lhead=cluster_0, style={style}, label={}];", quoted(&label));
    }
    for conflict in &graph.conflicts {
        text += &edges(graph, conflict);
    }
    text + "}\n"
}

fn node(graph: &Graph, file: usize, tile: &Tile) -> String {
    let name = graph.packages.get(tile.package).map_or_else(String::new, |package| package.label());
    let size = tile.bytes.map_or_else(|| "?".to_owned(), words::bytes);
    let color = match tile.state {
        State::Hosted => "#cfe4ff",
        State::Bundled => "#cdeed3",
        State::Shared => "#e5d8fb",
        State::Conflicting => "#ffcfc8",
    };
    format!("package_{file}_{} [label={}, fillcolor=\"{color}\"]", tile.package, quoted(&format!("{name}\n{size}, {}", tile.state.name())))
}

/// The edges of a conflict: the chain within the plugin, then from the root to its counterpart in the holder.
fn edges(graph: &Graph, conflict: &Conflict) -> String {
    let in_file = |file: usize, is: &dyn Fn(&str) -> bool| {
        let tiles = graph.files.get(file).into_iter().flat_map(|file| &file.tiles).filter(|tile| tile.state == State::Conflicting);
        let mut named = tiles.filter(|tile| graph.packages.get(tile.package).is_some_and(|package| is(&package.label())));
        named.next().map(|tile| format!("package_{file}_{}", tile.package))
    };
    let steps: Vec<String> = conflict.chain.iter().filter_map(|step| in_file(conflict.plugin, &|label| label == step)).collect();
    let mut text: String = steps.windows(2).map(|pair| format!("  {} -> {} [color=\"#b3261e\"];\n", pair[0], pair[1])).collect();
    let name = |label: &str| label.split(' ').next().unwrap_or_default().to_owned();
    let other = in_file(conflict.holder, &|label| name(label) == name(&conflict.root));
    if let (Some(root), Some(other)) = (steps.last(), other) {
        let why = quoted(&conflict.reasons.join("\n"));
        let _ = writeln!(text, "  {root} -> {other} [color=\"#b3261e\", style=bold, dir=both, label={why}];");
    }
    text
}

/// Quotes a string for DOT, which has escapes for quotes, backslashes and line breaks.
fn quoted(text: &str) -> String {
    format!("\"{}\"", words::printable(text).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_escapes_quotes_and_backslashes() {
        for (text, expected) in [("a", r#""a""#), ("a\"]; b", r#""a\"]; b""#), ("a\\", r#""a\\""#), ("a\nb\u{7}", "\"a\\nb\u{fffd}\"")] {
            assert_eq!(quoted(text), expected);
        }
    }
}
