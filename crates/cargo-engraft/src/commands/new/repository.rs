//! Initializes a git repository for a new workspace, like `cargo new`.

use std::path::Path;
use std::process::{Command, Stdio};

/// Makes `directory`, which will move to `path`, a git repository, unless `path` is within one or git is not installed.
pub fn init(directory: &Path, path: &Path) {
    let parent = path.parent().unwrap_or(path);
    let git = |directory: &Path, arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(directory).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        git.status().is_ok_and(|status| status.success())
    };
    let belongs = git(parent, &["rev-parse", "--is-inside-work-tree"]);
    // A directory that the surrounding repository ignores gets its own repository.
    if !belongs || git(parent, &["check-ignore", "--quiet", &path.to_string_lossy()]) {
        // The workspace works without version control, so ignore a failure of git.
        git(directory, &["init", "--quiet"]);
    }
}
