//! What came of a pair, and whether the table says so.

use crate::built::Built;
use crate::harness::command;
use crate::reason;

/// The cell of pairs that open.
const OPENS: &str = "=";
/// The exit code by which the host says that it was given an error.
const REFUSED: i32 = 42;

/// Runs a host with a plugin.
pub fn check(host: &Built, plugin: &Built, cell: &str) -> Result<(), String> {
    let ended = command::run(command::program(&host.host).arg(&plugin.plugin));
    if cell == OPENS {
        let holds = ended.status.success() && ended.stdout == "all behaviours hold\n";
        return if holds { Ok(()) } else { Err(format!("it does not open, or not all behaviours hold\n{ended}")) };
    }
    if ended.status.code() != Some(REFUSED) {
        return Err(format!("it is not refused by an error\n{ended}"));
    }
    for letter in cell.chars() {
        let words = reason::words(letter).ok_or_else(|| format!("the table has a letter `{letter}` that means nothing"))?;
        if !ended.stdout.contains(words) {
            return Err(format!("the error does not say `{words}`\n{ended}"));
        }
    }
    if let Some(words) = reason::other_words(cell).find(|words| ended.stdout.contains(words)) {
        return Err(format!("the error says `{words}`\n{ended}"));
    }
    if !ended.stdout.contains("\nhelp: ") {
        return Err(format!("the error does not say what helps\n{ended}"));
    }
    Ok(())
}
