//! Texts that several output formats share.

use super::model::{Conflict, File, Graph, State};

/// A number of bytes with a unit.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// A number with a noun, in the plural if needed.
#[must_use]
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The meaning of a state.
#[must_use]
pub fn meaning(state: State) -> &'static str {
    match state {
        State::Hosted => "the host contains it, and plugins use that copy",
        State::Bundled => "only one file contains it",
        State::Shared => "several files contain it; a process has one copy",
        State::Conflicting => "it differs, or depends on a package that does: the plugin would be refused",
    }
}

/// The line below a file's name.
#[must_use]
pub fn about(file: &File, host: bool) -> String {
    let known = file.tiles.iter().filter_map(|tile| tile.bytes).sum();
    let size = if file.bytes.is_some() { format!("{} of packages", bytes(known)) } else { "not linked by Engraft".to_owned() };
    match (&file.error, host) {
        (Some(error), _) => format!("would be refused: {}, {size}", error.code),
        (None, true) => format!("host, {size}"),
        (None, false) => format!("would open, {size}"),
    }
}

/// A conflict in one line: the root cause, then the dependency chain that leads to it.
#[must_use]
pub fn conflict(graph: &Graph, conflict: &Conflict) -> String {
    let (plugin, holder) = (graph.name_of(conflict.plugin), graph.name_of(conflict.holder));
    let mut line = format!("{plugin}: {} differs from the one in {holder}: {}", conflict.root, conflict.reasons.join("; "));
    if conflict.chain.len() > 1 {
        let backwards: Vec<&str> = conflict.chain.iter().rev().map(String::as_str).collect();
        line += &format!(" ({})", backwards.join(" ← "));
    }
    line
}

/// Replaces control characters and characters that XML does not allow.
#[must_use]
pub fn printable(text: &str) -> String {
    let odd = |char: char| (char.is_control() && char != '\n') || matches!(char, '\u{fffe}' | '\u{ffff}');
    text.replace(odd, "\u{fffd}")
}
