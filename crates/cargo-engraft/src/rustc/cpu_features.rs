//! The CPU features that a unit is compiled for, beyond those that every machine of its target has.
//!
//! `-C target-cpu=native` is another set of features on each machine, so that the word alone proves nothing. rustc says which
//! features the flags stand for. It is asked once for all units of a build that have the same flags.

use super::arguments::Arguments;
use crate::place;
use anyhow::{Context, Result, bail};
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

/// What rustc calls a feature of the target, and what is none of the CPU.
const NOT_OF_THE_CPU: [&str; 1] = ["crt-static"];

/// The features of a unit, sorted; none if no flag of it asks for any. What rustc answers is kept in a directory, for this machine.
pub fn of_unit(kept: &Path, compiler: &Path, arguments: &Arguments) -> Result<Vec<String>> {
    let flags: Vec<String> = arguments.codegen.iter().filter(|option| chooses_features(option)).cloned().collect();
    if flags.is_empty() {
        return Ok(Vec::new());
    }
    let question = serde_json::to_vec(&(compiler, version(compiler), this_cpu(), &arguments.target, &flags))?;
    let kept = kept.join(format!("cpu-features-{}", blake3::hash(&question).to_hex()));
    match std::fs::read_to_string(&kept) {
        Ok(answer) => return Ok(answer.lines().map(str::to_owned).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("failed to read {}", kept.display())),
    }
    let everywhere = ask(compiler, arguments.target.as_deref(), &[])?;
    let mut features = ask(compiler, arguments.target.as_deref(), &flags)?;
    features.retain(|feature| !everywhere.contains(feature));
    place::write(&kept, features.join("\n").as_bytes())?;
    Ok(features)
}

/// What Linux says of this machine's first CPU (`proc_cpuinfo(5)`): a target directory may be another machine's the next time.
fn this_cpu() -> String {
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    information.lines().filter(|line| line.starts_with("model name") || line.starts_with("flags")).take(2).collect()
}

/// When the compiler was installed, and how long it is: its path stays when it is updated.
fn version(compiler: &Path) -> Option<(u64, Duration)> {
    let data = std::fs::metadata(compiler).ok()?;
    Some((data.len(), data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?))
}

/// Whether a `-C` option says for which CPU code is generated.
fn chooses_features(option: &str) -> bool {
    matches!(option.split('=').next(), Some("target-cpu" | "target-feature"))
}

fn ask(compiler: &Path, target: Option<&str>, flags: &[String]) -> Result<Vec<String>> {
    let mut rustc = Command::new(compiler);
    rustc.args(["--print", "cfg"]).args(target.map(|target| format!("--target={target}")));
    rustc.args(flags.iter().map(|flag| format!("-C{flag}")));
    // Without it a stable compiler leaves out the features that programs can't name yet. It generates code for them all the same.
    rustc.env("RUSTC_BOOTSTRAP", "1");
    let output = rustc.output().with_context(|| format!("failed to run {}", compiler.display()))?;
    if !output.status.success() {
        let (compiler, flags) = (compiler.display(), flags.join(" "));
        bail!("failed to ask {compiler} for the CPU features of `{flags}`:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(features(&String::from_utf8_lossy(&output.stdout)))
}

/// The features among the lines of `rustc --print cfg`, sorted.
fn features(printed: &str) -> Vec<String> {
    let named = printed.lines().filter_map(|line| line.strip_prefix("target_feature=\"")?.strip_suffix('"'));
    let mut features: Vec<String> = named.filter(|name| !NOT_OF_THE_CPU.contains(name)).map(str::to_owned).collect();
    features.sort();
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn features_are_what_flags_add_to_the_baseline() {
        let directory = tempfile::tempdir().unwrap();
        let of = |line: &str| of_unit(directory.path(), Path::new("rustc"), &arguments(line)).unwrap();
        let kept = || std::fs::read_dir(directory.path()).unwrap().count();
        let target = "--target x86_64-unknown-linux-gnu";
        assert_eq!(of(&format!("{target} -C opt-level=3")), [""; 0]);
        assert_eq!(kept(), 0, "nobody asked");
        let of_v2 = ["cmpxchg16b", "lahfsahf", "popcnt", "sse3", "sse4.1", "sse4.2", "ssse3"];
        assert_eq!(of(&format!("{target} -C target-cpu=x86-64-v2")), of_v2);
        assert_eq!(of(&format!("{target} -Ctarget-cpu=x86-64-v2")), of_v2);
        assert_eq!(kept(), 1, "rustc was asked once");
        assert_eq!(of(&format!("{target} -C target-cpu=x86-64-v2 -C target-feature=-popcnt,+adx")).len(), of_v2.len());
        assert_eq!(of(&format!("{target} -C target-feature=+crt-static")), [""; 0]);
    }
}
