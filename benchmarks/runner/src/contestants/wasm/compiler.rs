//! Finds a compiler for guests: rustup's if it has the target, otherwise Debian's newest, which compiles the standard library from
//! source. Debian's packages are unpacked in the target directory; the system stays unchanged.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::program;
use crate::toolchain;

/// The compiler for guests, and the settings for cargo.
pub(super) struct Compiler {
    pub(super) version: String,
    environment: Vec<(&'static str, OsString)>,
    arguments: &'static [&'static str],
}

const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler, its sources and its libraries, each in the newest version.
const PACKAGES: [&str; 5] = ["rustc-web", "libstd-rust-web-dev", "libstd-rust-web-1.96", "libllvm22", "rust-web-src"];

impl Compiler {
    pub(super) fn found() -> Result<Self> {
        // The toolchain has the linker for components in the directory of another target. It calls the `wasm-ld` beside it.
        let tools = toolchain::libraries()?.with_file_name("bin");
        let linker = tools.join("wasm-component-ld");
        ensure!(linker.exists(), "the toolchain has no {}", linker.display());
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(tools.join("gcc-ld")).chain(std::env::split_paths(&path)))?;
        let environment = vec![("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker.into_os_string()), ("PATH", path)];
        if toolchain::has_target(TARGET)? {
            return Ok(Self { version: toolchain::first_line("rustc", "--version")?, environment, arguments: &[] });
        }
        Self::of_debian(environment).with_context(|| {
            format!("no standard library for {TARGET} (`rustup target add {TARGET}`), and none from Debian (after `apt-get update`)")
        })
    }

    fn of_debian(mut environment: Vec<(&'static str, OsString)>) -> Result<Self> {
        let rustc = unpacked()?;
        let version = program::stdout_of(program::command(&rustc).arg("--version"))?;
        // Building the standard library from source needs unstable features.
        environment.extend([("RUSTC", rustc.into_os_string()), ("RUSTC_BOOTSTRAP", "1".into())]);
        Ok(Self { version: version.trim().to_owned(), environment, arguments: &["-Zbuild-std=std,panic_abort"] })
    }

    /// Applies the settings to a cargo command.
    pub(super) fn applied(&self, command: &mut Command) {
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).args(self.arguments);
    }
}

/// Debian's compiler with the arguments that it needs if it is not installed.
fn unpacked() -> Result<PathBuf> {
    // Use the target directory of the runner's own workspace, also for a copy.
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target").join("wasm-toolchain");
    let rustc = directory.join("rustc");
    if rustc.exists() {
        return Ok(rustc);
    }
    let (packages, root) = (directory.join("packages"), directory.join("root"));
    for directory in [&packages, &root] {
        std::fs::create_dir_all(directory).with_context(|| format!("failed to create {}", directory.display()))?;
    }
    program::stdout_of(program::command(Path::new("apt-get")).current_dir(&packages).args(["--quiet", "download"]).args(PACKAGES))?;
    for package in std::fs::read_dir(&packages).with_context(|| format!("failed to read {}", packages.display()))? {
        program::stdout_of(program::command(Path::new("dpkg")).arg("-x").args([package?.path(), root.clone()]))?;
    }
    // Written last: if it exists, everything is complete.
    write_script(&rustc, &root.join("usr"))?;
    Ok(rustc)
}

fn write_script(path: &Path, root: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let root = root.display();
    let text = format!("#!/bin/sh\nexport LD_LIBRARY_PATH='{root}/lib/x86_64-linux-gnu'\nexec '{root}/bin/rustc' \"$@\"\n");
    let partial = path.with_extension("partial");
    std::fs::write(&partial, text).with_context(|| format!("failed to write {}", partial.display()))?;
    std::fs::set_permissions(&partial, std::fs::Permissions::from_mode(0o755))
        .with_context(|| format!("failed to make {} executable", partial.display()))?;
    std::fs::rename(&partial, path).with_context(|| format!("failed to rename {}", partial.display()))
}
