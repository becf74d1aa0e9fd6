//! What the linker driver leaves for whoever started rustc: rustc shows nothing of a linker that succeeded, and pages around the words of
//! one that did not.

use super::binding::Undone;
use crate::place;
use crate::start::{Incompatible, Unsupported};
use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Why a link was refused.
#[derive(Debug, Serialize, Deserialize)]
struct Refusal {
    words: String,
    /// Whether a plugin does not fit its hosts; otherwise it is the compiler or a setting that can't be worked with.
    is_misfit: bool,
}

/// The flags that were taken out of a link.
#[derive(Debug, Serialize, Deserialize)]
pub struct UndoneFlags {
    /// The linked file.
    pub output: PathBuf,
    /// What was taken out.
    pub flags: Vec<Undone>,
}

/// What the name of a file with [`UndoneFlags`] ends in.
pub const UNDONE: &str = "undone";

/// Leaves the reason for which a link was refused; any other error is rustc's to show.
pub fn leave_refusal(request: &Path, error: &anyhow::Error) -> Result<()> {
    let refusal = match (error.downcast_ref(), error.downcast_ref()) {
        (Some(Incompatible(words)), _) => Refusal { words: words.clone(), is_misfit: true },
        (_, Some(Unsupported(words))) => Refusal { words: words.clone(), is_misfit: false },
        _ => return Ok(()),
    };
    place::write_unseen(&refusal_path(request), serde_json::to_vec(&refusal)?)
}

/// Takes the reason for which the link with this request was refused, if it was: it is reported once.
pub fn take_refusal(request: &Path) -> Result<Option<anyhow::Error>> {
    let path = refusal_path(request);
    let Some(Refusal { words, is_misfit }) = read(&path)? else { return Ok(None) };
    place::remove(&path)?;
    Ok(Some(if is_misfit { Incompatible(words).into() } else { Unsupported(words).into() }))
}

/// Leaves the flags that were taken out of the link to `output`; without any, nothing is left.
pub fn leave_undone(request: &Path, output: &Path, flags: Vec<Undone>) -> Result<()> {
    let path = request.with_extension(UNDONE);
    if flags.is_empty() {
        return place::remove(&path);
    }
    place::write(&path, &serde_json::to_vec(&UndoneFlags { output: output.to_owned(), flags })?)
}

/// The flags that a file names, if it is there.
pub fn read_undone(path: &Path) -> Result<Option<UndoneFlags>> {
    read(path)
}

fn refusal_path(request: &Path) -> PathBuf {
    request.with_extension("refusal")
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        text => {
            let text = text.with_context(|| format!("failed to read {}", path.display()))?;
            Ok(Some(serde_json::from_slice(&text).with_context(|| format!("failed to understand {}", path.display()))?))
        }
    }
}
