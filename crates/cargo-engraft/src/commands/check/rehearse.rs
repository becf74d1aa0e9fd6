//! Asks the library what `open` would say of each file.

use super::report::{Error, Plugin, Report, SCHEMA, Verdict};
use crate::link::strip::debug_file;
use crate::output::Progress;
use anyhow::Result;
use engraft::{OpenError, Rehearsal};
use engraft_manifest::signature_path;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

/// The verdicts on all plugins together, those of a directory in order of their names.
///
/// # Errors
///
/// The host is none.
pub fn rehearse(host: &Path, plugins: &[PathBuf], progress: Progress) -> Result<Report> {
    let mut rehearsal = progress.step("Reading", &text(host), || Rehearsal::of(host))?;
    let mut judged = Vec::new();
    let mut judge = |file: &PathBuf| progress.step("Checking", &text(file), || open(&mut rehearsal, file));
    for path in plugins {
        match files(path) {
            Ok(files) => judged.extend(files.iter().map(&mut judge)),
            Err(source) => judged.push(refused(path, &OpenError::Unreadable { path: absolute(path), source })),
        }
    }
    let verdict = judged.iter().map(|plugin| plugin.verdict).max().unwrap_or(Verdict::Opens);
    Ok(Report { schema: SCHEMA, host: text(&absolute(host)), verdict, plugins: judged })
}

/// The file itself, or those in a directory, by name: without the signatures and debug information beside them. Directories within are
/// not looked into: `open` names files.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let paths: io::Result<Vec<PathBuf>> = path.read_dir()?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths: Vec<PathBuf> = paths?.into_iter().filter(|path| !path.is_dir()).collect();
    let beside: HashSet<PathBuf> = paths.iter().flat_map(|path| [signature_path(path), debug_file(path)]).collect();
    paths.retain(|path| !beside.contains(path));
    paths.sort();
    Ok(paths)
}

fn open(rehearsal: &mut Rehearsal, path: &Path) -> Plugin {
    match rehearsal.open(path) {
        Ok(plugin) => Plugin {
            path: text(&plugin.path),
            verdict: Verdict::Opens,
            name: Some(plugin.name),
            build_id: Some(plugin.build_id.to_string()),
            same_as: plugin.same_as.as_deref().map(text),
            error: None,
        },
        Err(error) => refused(path, &error),
    }
}

fn refused(path: &Path, error: &OpenError) -> Plugin {
    let differences = match error {
        OpenError::Incompatible { differences, .. } => differences.iter().map(Into::into).collect(),
        _ => Vec::new(),
    };
    let verdict = match error {
        OpenError::NotFound { .. } | OpenError::Unreadable { .. } => Verdict::Undecided,
        _ => Verdict::Refused,
    };
    let error = Error { code: error.code().to_owned(), text: error.to_string(), differences };
    Plugin { path: text(&absolute(path)), verdict, name: None, build_id: None, same_as: None, error: Some(error) }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
