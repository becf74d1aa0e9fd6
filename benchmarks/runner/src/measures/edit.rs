//! `edit`: the time from an edit of a constant in a plugin's source until a host has the new value.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::contestant::{Built, Contestant, Edit, Reload};
use crate::edited_copy;
use crate::field::Field;
use crate::findings::{Findings, Row};
use crate::place::Place;
use crate::program;
use crate::running_host::RunningHost;
use crate::turns::{Turn, by_turns};
use crate::unit::Unit;

const ABOUT: &str = "A constant is changed in the plugin's source, the plugin is built again in the dev profile, and a host opens it: the one that has \
                     the earlier plugin open where that is possible (for cdylib and dylib by a copy under another name, as hot-lib-reloader does), else \
                     one that is started again.";

pub(crate) fn take(field: &Field) -> Result<Findings> {
    let place = edited_copy::of(&field.place)?;
    let (mut turns, mut absent) = (Vec::new(), Vec::new());
    for (contestant, _) in &field.present {
        let Some(edit) = &contestant.edit else { continue };
        eprintln!("building {} to be edited", contestant.name);
        match (contestant.build)(&place) {
            Ok(built) => turns.push(turn(contestant, edit, built, &place)),
            Err(error) => absent.push(Row { name: contestant.name.to_owned(), outcome: Err(format!("{error:#}")) }),
        }
    }
    let taken = by_turns(turns, field.repetitions(3, 11))?;
    let column = |at: usize| taken.iter().map(|(name, columns)| (name.clone(), columns[at].clone())).collect();
    let mut whole = field.table("Edit to running", ABOUT, Unit::Time, column(0));
    whole.rows.extend(absent);
    whole.plot = Some("edit");
    let build = field.table(
        "Edit to running, the build alone",
        "The part of it that `cargo engraft build`, `cargo build` or the like takes.",
        Unit::Time,
        column(1),
    );
    Ok(Findings { tables: vec![whole, build], bars: Vec::new() })
}

fn turn<'a>(contestant: &'static Contestant, edit: &'a Edit, built: Built, place: &'a Place) -> Turn<'a> {
    // Use a value that no earlier run left in the source. Otherwise nothing would be built.
    let mut constant = u64::from(std::process::id()) * 1000;
    Turn::new(contestant.name, move || {
        constant += 1;
        once(edit, &built, place, constant)
    })
}

/// The nanoseconds of the whole cycle, and of the build.
fn once(edit: &Edit, built: &Built, place: &Place, constant: u64) -> Result<Vec<f64>> {
    let plugin = &built.plugins[0];
    let mut running = None;
    if edit.reload != Reload::Restarted {
        let mut host = RunningHost::start(&built.host)?;
        host.open(&shown_to_host(edit, plugin, constant - 1)?)?;
        running = Some(host);
    }
    change(&place.root.join(edit.source), edit.before, constant)?;
    let start = Instant::now();
    program::stdout_of(&mut (edit.rebuild)(place))?;
    let rebuilt = start.elapsed();
    let mut host = match running {
        Some(host) => host,
        None => RunningHost::start(&built.host)?,
    };
    let found = host.open(&shown_to_host(edit, plugin, constant)?)?;
    let taken = start.elapsed();
    ensure!(found == constant, "expected the constant {constant} after the edit, found {found}");
    host.stop()?;
    Ok([taken, rebuilt].map(|duration| duration.as_nanos() as f64).into())
}

/// The plugin's file, or a copy with a name that the loader does not know.
fn shown_to_host(edit: &Edit, plugin: &Path, constant: u64) -> Result<std::path::PathBuf> {
    if edit.reload != Reload::Copied {
        return Ok(plugin.to_owned());
    }
    let copy = plugin.with_extension(format!("{constant}.so"));
    let _ = std::fs::remove_file(plugin.with_extension(format!("{}.so", constant.wrapping_sub(2))));
    std::fs::copy(plugin, &copy).with_context(|| format!("failed to copy {} to {}", plugin.display(), copy.display()))?;
    Ok(copy)
}

fn change(source: &Path, before: &str, constant: u64) -> Result<()> {
    let text = std::fs::read_to_string(source).with_context(|| format!("failed to read {}", source.display()))?;
    let text = changed(&text, before, constant).with_context(|| format!("{} has no `{before}` with a number", source.display()))?;
    std::fs::write(source, text).with_context(|| format!("failed to write {}", source.display()))
}

/// Replaces the digits after `before`.
fn changed(text: &str, before: &str, constant: u64) -> Option<String> {
    let start = text.find(before)? + before.len();
    let digits = text[start..].find(|c: char| !c.is_ascii_digit())?;
    (digits > 0).then(|| format!("{}{constant}{}", &text[..start], &text[start + digits..]))
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn digits_after_text_are_replaced() {
        let before = "const CONSTANT: u64 = ";
        let cases = [
            ("//! C.\nconst CONSTANT: u64 = 17;\nfn f() {}\n", Some("//! C.\nconst CONSTANT: u64 = 5;\nfn f() {}\n")),
            ("const CONSTANT: u64 = X;\n", None),
            ("const OTHER: u64 = 1;\n", None),
        ];
        for (text, expected) in cases {
            assert_eq!(changed(text, before, 5).as_deref(), expected, "{text}");
        }
    }
}
