//! The hook in a workspace's `.cargo/config.toml`.

use crate::hook::scripts::{COMPILER, OWN_COMPILER, OWN_RUNNER, RUNNER, TARGET};
use anyhow::{Context, Result, bail};
use toml_edit::{DocumentMut, Item, Table, TableLike, value};

/// Adds it. A compiler or runner that is configured there keeps its place behind the hook's, under `[engraft]`.
pub fn add_hook(document: &mut DocumentMut) -> Result<()> {
    if let Some(key) = runner_of_a_condition(document) {
        bail!(
            "a runner is configured under `[target.{key}]`, and the hook's runner would take its place\n\
             help: write it under `[target.{TARGET}]`, and run `cargo engraft init` again"
        );
    }
    let displaced = replace(document, &["build", "rustc"], COMPILER)?;
    keep(document, OWN_COMPILER, displaced)?;
    let displaced = replace(document, &["target", TARGET, "runner"], RUNNER)?;
    keep(document, OWN_RUNNER, displaced)
}

/// Which condition (`cfg(…)`) a runner is configured for. cargo takes the one that is configured for the target by its name.
fn runner_of_a_condition(document: &DocumentMut) -> Option<String> {
    let targets = document.get("target")?.as_table_like()?;
    let has_runner = |item: &Item| item.as_table_like().is_some_and(|table| table.contains_key("runner"));
    targets.iter().find(|(key, item)| key.starts_with("cfg(") && has_runner(item)).map(|(key, _)| format!("'{key}'"))
}

/// Sets a value. Returns the one that was there, if it was another.
fn replace(document: &mut DocumentMut, keys: &[&str], new: &str) -> Result<Option<Item>> {
    let (last, tables) = keys.split_last().context("a value has a key")?;
    let table = tables.iter().try_fold(document.as_table_mut() as &mut dyn TableLike, |table, key| in_table(table, key))?;
    match table.get(last) {
        Some(item) if item.as_str() == Some(new) => Ok(None),
        _ => Ok(table.insert(last, value(new))),
    }
}

fn keep(document: &mut DocumentMut, key: &str, displaced: Option<Item>) -> Result<()> {
    let Some(displaced) = displaced else { return Ok(()) };
    in_table(document.as_table_mut(), "engraft")?.insert(key, displaced);
    Ok(())
}

fn in_table<'t>(table: &'t mut dyn TableLike, key: &str) -> Result<&'t mut dyn TableLike> {
    let implicit = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    table.entry(key).or_insert_with(implicit).as_table_like_mut().with_context(|| format!("`{key}` is not a table"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_hook(before: &str) -> Result<String> {
        let mut document: DocumentMut = before.parse().unwrap();
        add_hook(&mut document)?;
        Ok(document.to_string())
    }

    #[test]
    fn configuration_keeps_what_was_there() {
        let hook = "[build]\nrustc = \".cargo/engraft/rustc\"\n";
        let runner = "[target.x86_64-unknown-linux-gnu]\nrunner = \".cargo/engraft/runner\"\n";
        let table = [
            ("", format!("{hook}\n{runner}")),
            ("# ours\n[alias]\nx = \"run\"\n", format!("# ours\n[alias]\nx = \"run\"\n\n{hook}\n{runner}")),
            (
                "[build]\nrustc = \"tools/rustc\" # ours\n[target.x86_64-unknown-linux-gnu]\nrunner = [\"valgrind\", \"-q\"]\n",
                format!(
                    "{hook}[target.x86_64-unknown-linux-gnu]\nrunner = \".cargo/engraft/runner\"\n\n\
                     [engraft]\nrustc = \"tools/rustc\" # ours\nrunner = [\"valgrind\", \"-q\"]\n"
                ),
            ),
        ];
        for (before, after) in table {
            let once = with_hook(before).unwrap();
            assert_eq!(once.trim(), after.trim(), "{before}");
            assert_eq!(with_hook(&once).unwrap(), once, "{before}");
        }
    }

    #[test]
    fn runner_that_would_be_displaced_is_refused() {
        let error = with_hook("[target.'cfg(unix)']\nrunner = 'valgrind'\n").unwrap_err().to_string();
        assert!(error.contains("`[target.'cfg(unix)']`") && error.contains("\nhelp: "), "{error}");
        assert!(with_hook("[target.'cfg(unix)']\nlinker = 'cc'\n").is_ok());
    }
}
