//! `ENGRAFT_SAVE_LINK=DIR` keeps everything that a link was made from, so that it can be looked at and run again elsewhere.

use super::arguments::write_response;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The environment variable that asks for it.
pub const VARIABLE: &str = "ENGRAFT_SAVE_LINK";

/// Copies the inputs of a link into a new directory `directory/name-N`, with a script `replay` that links them again.
///
/// Libraries that are named by `-l` are not copied: `replay` finds them where this link did.
/// `given` are rustc's arguments and `planned` those for the real linker; `request` is the file that led to both.
pub fn save(directory: &Path, name: &str, linker: &Path, given: &[String], planned: &[String], request: &Path) -> Result<()> {
    let save = || -> Result<()> {
        let directory = new_directory(directory, name)?;
        std::fs::create_dir(directory.join("inputs"))?;
        let mut replayed = Vec::with_capacity(planned.len());
        let mut after_output = false;
        for (index, argument) in planned.iter().enumerate() {
            let path = Path::new(argument);
            let input = !argument.starts_with('-') && path.is_file() && !after_output;
            if after_output {
                replayed.push("output".to_owned());
            } else if input {
                // Two inputs may have one file name in different directories.
                let copy = format!("inputs/{index}-{}", path.file_name().unwrap_or_default().to_string_lossy());
                std::fs::copy(path, directory.join(&copy))?;
                replayed.push(copy);
            } else {
                replayed.push(argument.clone());
            }
            after_output = argument == "-o";
        }
        std::fs::copy(request, directory.join("request.json"))?;
        std::fs::write(directory.join("given.rsp"), write_response(given))?;
        std::fs::write(directory.join("planned.rsp"), write_response(&replayed))?;
        let script = format!(
            "#!/bin/sh\n# Links again what Engraft linked; the result is the file `output`.\ncd \"$(dirname \"$0\")\" && exec '{}' @planned.rsp \"$@\"\n",
            linker.display()
        );
        let path = directory.join("replay");
        std::fs::write(&path, script)?;
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(())
    };
    save().with_context(|| format!("failed to save the link in {} ({VARIABLE})", directory.display()))
}

/// Makes a directory that was not there: whatever else has the name is not ours to remove.
fn new_directory(parent: &Path, name: &str) -> Result<PathBuf> {
    std::fs::create_dir_all(parent)?;
    for number in 1.. {
        let directory = std::path::absolute(parent.join(format!("{name}-{number}")))?;
        match std::fs::create_dir(&directory) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            made => return Ok(made.map(|()| directory)?),
        }
    }
    unreachable!("numbers don't end")
}
