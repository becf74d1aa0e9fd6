//! Instructions that a program takes, counted by valgrind's callgrind: they repeat exactly where times do not.

use crate::ran::Ran;
use crate::tool;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Instructions of the program's own file and of plugins, while the function of this name runs. The C library's and the loader's are not
/// counted, and not the digest's: how many those are, the machine decides.
pub fn instructions(program: &Path, arguments: &[&str], function: &str, scratch: &Path) -> Counted {
    counted(&profile(program, arguments, function, scratch), |file, function| {
        // Its assembly has functions without names.
        let digest = function.contains("blake3") || function.starts_with("0x");
        !file.contains("/libc.so") && !file.contains("/ld-linux") && !digest
    })
}

/// The functions of the program's own file that run while the function of this name does, by their symbols.
pub fn functions(program: &Path, arguments: &[&str], function: &str, scratch: &Path) -> Vec<String> {
    let own = program.display().to_string();
    counted(&profile(program, arguments, function, scratch), |file, _| file == own).0.into_keys().collect()
}

fn profile(program: &Path, arguments: &[&str], function: &str, scratch: &Path) -> String {
    // A file of its own: tests that profile one function at the same time have one directory.
    let written = tempfile::NamedTempFile::new_in(scratch).unwrap();
    let mut valgrind = tool::clean("valgrind");
    valgrind.args(["--quiet", "--tool=callgrind", "--demangle=no", "--compress-strings=no", "--compress-pos=no"]);
    valgrind.arg(format!("--callgrind-out-file={}", written.path().display())).arg(format!("--toggle-collect={function}"));
    Ran::of(valgrind.current_dir(scratch).arg(program).args(arguments)).success();
    fs::read_to_string(written).unwrap()
}

/// How many instructions were counted, in which functions.
#[derive(Debug, Default)]
pub struct Counted(BTreeMap<String, u64>);

impl Counted {
    pub fn sum(&self) -> u64 {
        self.0.values().sum()
    }

    /// Where most of them are.
    pub fn largest(&self) -> String {
        let mut functions: Vec<_> = self.0.iter().collect();
        functions.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        functions.iter().take(12).map(|(function, count)| format!("  {count:>7} {:#}\n", rustc_demangle::demangle(function))).collect()
    }
}

/// Those of functions that are chosen by their file and name ("Callgrind Format Specification", valgrind's manual).
fn counted(profile: &str, chosen: impl Fn(&str, &str) -> bool) -> Counted {
    let (mut file, mut function, mut counted) = ("", "", Counted::default());
    let mut lines = profile.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("ob=") {
            file = name;
        } else if let Some(name) = line.strip_prefix("fn=") {
            function = name;
        } else if line.starts_with("calls=") {
            // The next line has what the called function took, which is counted there.
            lines.next();
        } else if line.starts_with(|first: char| first.is_ascii_digit()) && chosen(file, function) {
            *counted.0.entry(function.to_owned()).or_default() += line.split(' ').nth(1).map_or(0, |count| count.parse::<u64>().unwrap());
        }
    }
    counted
}

#[test]
fn what_a_function_calls_counts_once_and_elsewhere() {
    let profile = "events: Ir\n\nob=/host\nfl=???\nfn=main\n0 10\ncfn=blake3::hash\ncalls=1 0\n0 700\n5 1\n\nfn=blake3::hash\n0 700\n\nob=/lib/libc.so.6\nfn=read\n0 9000\n\ntotals: 9711\n";
    assert_eq!(counted(profile, |file, function| !file.contains("/libc.so") && !function.contains("blake3")).sum(), 11);
    assert_eq!(counted(profile, |_, _| true).sum(), 9711);
    assert!(counted(profile, |_, _| true).largest().starts_with("     9000 read\n      700 blake3::hash\n"));
}
