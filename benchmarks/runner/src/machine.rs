//! Describes the machine and the versions of the tools, on which all figures depend.

use std::path::Path;

use anyhow::Result;

use crate::field::Field;
use crate::program;
use crate::toolchain::first_line;

/// Names with their descriptions.
pub(crate) type Facts = Vec<(&'static str, String)>;

/// Collects what it can. A missing tool does not stop the run.
pub(crate) fn facts(field: &Field) -> Facts {
    let or_unknown = |fact: Result<String>| fact.unwrap_or_else(|error| format!("unknown ({error:#})"));
    let versions: Vec<String> =
        field.present.iter().flat_map(|(_, built)| &built.versions).map(|(name, version)| format!("{name} {version}")).fold(
            Vec::new(),
            |mut all, version| {
                if !all.contains(&version) {
                    all.push(version);
                }
                all
            },
        );
    vec![
        ("date", or_unknown(first_line("date", "+%F"))),
        ("commit", or_unknown(commit(&field.place.repository))),
        ("processor", or_unknown(processor())),
        ("processors", std::thread::available_parallelism().map_or("unknown".to_owned(), |count| count.to_string())),
        ("kernel", or_unknown(first_line("uname", "-sr"))),
        ("compiler", or_unknown(first_line("rustc", "--version"))),
        ("C compiler", or_unknown(first_line("cc", "--version"))),
        ("C compiler's linker", or_unknown(first_line("ld", "--version"))),
        ("C library", or_unknown(first_line("ldd", "--version"))),
        ("versions", versions.join(", ")),
    ]
}

fn commit(repository: &Path) -> Result<String> {
    let git = |arguments: &[&str]| program::stdout_of(program::command(Path::new("git")).current_dir(repository).args(arguments));
    let id = git(&["rev-parse", "--short", "HEAD"])?;
    let changed = if git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty() { "" } else { ", with changes" };
    Ok(format!("{}{changed}", id.trim()))
}

fn processor() -> Result<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo")?;
    Ok(model(&text).unwrap_or("not named").to_owned())
}

fn model(cpuinfo: &str) -> Option<&str> {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
}

#[cfg(test)]
mod tests {
    use super::model;

    #[test]
    fn processor_name_is_found() {
        assert_eq!(model("processor\t: 0\nmodel name\t: AMD EPYC\n"), Some("AMD EPYC"));
        assert_eq!(model("processor\t: 0\n"), None);
    }
}
