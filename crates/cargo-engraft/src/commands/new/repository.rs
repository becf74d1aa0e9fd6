//! Puts a new workspace under version control, as `cargo new` does.

use std::path::Path;
use std::process::{Command, Stdio};

/// Makes `directory` a git repository, unless what is to be at `path` will belong to one, or there is no git.
pub fn init(directory: &Path, path: &Path) {
    let parent = path.parent().unwrap_or(path);
    let git = |directory: &Path, arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(directory).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        git.status().is_ok_and(|status| status.success())
    };
    let belongs = git(parent, &["rev-parse", "--is-inside-work-tree"]);
    // A directory that the repository around it ignores is on its own.
    if !belongs || git(parent, &["check-ignore", "--quiet", &path.to_string_lossy()]) {
        // Without version control the workspace is as good; nobody should be kept from it by a git that fails.
        git(directory, &["init", "--quiet"]);
    }
}
