//! The compiler flags on which all code of a process must agree, because it calls, unwinds through or instruments each other's.
//!
//! A package's key has all flags in it, so that a host's package and a plugin's differ with them. These are also compared for each
//! file as a whole: what a plugin brings along has no counterpart in the host.

use super::arguments::Arguments;

/// rustc's target modifiers (`TARGET_MODIFIER` in `rustc_session::options`, up to 1.97), and what changes the layout of types or
/// vtables in the crate that uses them. Sanitizers are found by the beginning of their flags' names.
const UNSTABLE: [&str; 13] = [
    "branch-protection",
    "fixed-x18",
    "indirect-branch-cs-prefix",
    "layout-seed",
    "no-trait-vptr",
    "packed-stack",
    "randomize-layout",
    "reg-struct-return",
    "regparm",
    "retpoline",
    "retpoline-external-thunk",
    "shadow-call-stack",
    "virtual-function-elimination",
];
const SANITIZERS: &str = "sanitizer";

/// Those of a unit, sorted, as the manifest has them. The panic strategy is always among them.
pub fn of_unit(arguments: &Arguments) -> String {
    // What rustc does for all targets that Engraft supports, if nobody says otherwise.
    let panic = arguments.codegen_last("panic").unwrap_or("unwind");
    let mut unstable: Vec<String> = arguments.unstable.iter().filter_map(|option| counted(option)).collect();
    unstable.sort();
    unstable.dedup();
    std::iter::once(format!("-C panic={panic}")).chain(unstable).collect::<Vec<_>>().join(", ")
}

/// A `-Z` option in one spelling, if it counts: rustc takes `_` in a name for `-`.
fn counted(option: &str) -> Option<String> {
    let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
    let name = name.replace('_', "-");
    let counts = UNSTABLE.contains(&&*name) || name.starts_with(SANITIZERS);
    counts.then(|| value.map_or_else(|| format!("-Z {name}"), |value| format!("-Z {name}={value}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_count_that_change_how_code_works_together() {
        let table = [
            ("", "-C panic=unwind"),
            ("-C panic=unwind", "-C panic=unwind"),
            ("-C panic=abort", "-C panic=abort"),
            ("-Cpanic=unwind -Cpanic=immediate-abort", "-C panic=immediate-abort"),
            ("-Zsanitizer=address", "-C panic=unwind, -Z sanitizer=address"),
            (
                "-Z sanitizer=cfi -Zsanitizer-cfi-normalize-integers",
                "-C panic=unwind, -Z sanitizer-cfi-normalize-integers, -Z sanitizer=cfi",
            ),
            ("-Zfixed_x18 -Z fixed-x18 -Cpanic=abort", "-C panic=abort, -Z fixed-x18"),
            ("-Zregparm=3 -Zreg-struct-return=yes", "-C panic=unwind, -Z reg-struct-return=yes, -Z regparm=3"),
            ("-Zrandomize-layout -Zlayout-seed=7", "-C panic=unwind, -Z layout-seed=7, -Z randomize-layout"),
            ("-Zthreads=4 -Z share-generics=y -C overflow-checks=on -C opt-level=3 -C target-cpu=native", "-C panic=unwind"),
        ];
        for (line, expected) in table {
            let arguments = Arguments::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(of_unit(&arguments), expected, "{line}");
        }
    }
}
