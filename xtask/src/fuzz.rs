//! `fuzz`: the fuzz targets under libFuzzer, for as long as one likes. `ci` runs them over their corpus, without it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{nightly, process, repository};

const MANIFEST: &str = "fuzz/Cargo.toml";

/// By the names of their binaries.
pub(crate) const TARGETS: [&str; 4] = ["arguments", "elf", "manifest", "signature"];

/// Fuzzes one target, or one after the other, for so many seconds each.
pub(crate) fn run(target: Option<&str>, seconds: u32) -> Result<()> {
    ensure!(
        nightly::has("fuzz"),
        "cargo-fuzz or a nightly toolchain is not installed; `rustup toolchain install nightly && cargo install cargo-fuzz` (it needs a C++ compiler)"
    );
    for name in TARGETS.iter().filter(|name| target.is_none_or(|target| target == **name)) {
        println!("fuzz: {name}, {seconds} s ...");
        // What is found goes into the first directory: not into the corpus that is in the repository.
        let found = made(&format!("fuzz/target/found/{name}"))?;
        let mut command = nightly::cargo();
        command.args(["fuzz", "run", name]).arg(found).arg(repository::root().join("fuzz/corpus").join(name));
        command.args(["--", "-timeout=10", "-rss_limit_mb=1024", "-max_len=16384"]).arg(format!("-max_total_time={seconds}"));
        process::check(&mut command).with_context(|| format!("{name} does not hold for the file that is named above"))?;
    }
    Ok(())
}

/// Runs the targets over their corpus, and over small edits of it.
pub(crate) fn replay() -> Result<()> {
    process::check(process::cargo().args(["test", "--quiet", "--locked", "--manifest-path", MANIFEST]))
}

fn made(path: &str) -> Result<PathBuf> {
    let path = repository::root().join(Path::new(path));
    std::fs::create_dir_all(&path).with_context(|| format!("failed to make {}", path.display()))?;
    Ok(path)
}
