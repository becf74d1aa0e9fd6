//! Reads rustc's command line: leniently, because it is somebody else's, and only what Engraft asks about.

use std::path::{Path, PathBuf};

/// What a compiler call is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// `--crate-name`.
    pub crate_name: Option<String>,
    /// `--crate-type`, every one.
    pub crate_types: Vec<String>,
    /// `--test`.
    pub test: bool,
    /// `--out-dir`.
    pub out_dir: Option<PathBuf>,
    /// `--target`.
    pub target: Option<String>,
    /// `--extern NAME=PATH`, those with a path.
    pub externs: Vec<PathBuf>,
    /// `-L KIND=PATH` for native libraries and frameworks, whole.
    pub native_search: Vec<String>,
    /// `--cfg feature="…"`, the names.
    pub features: Vec<String>,
    /// Other `--cfg`.
    pub cfgs: Vec<String>,
    /// `-C NAME[=VALUE]`, in order, in one spelling.
    pub codegen: Vec<String>,
    /// `-Z`.
    pub unstable: Vec<String>,
    /// `--edition`.
    pub edition: Option<String>,
    /// `--emit`, every one, without the paths.
    pub emit: Vec<String>,
    /// The CPU features that the flags come to ([`super::cpu_features`]). Not read from the arguments: rustc must be asked.
    pub cpu_features: Vec<String>,
}

impl Arguments {
    /// Reads the arguments that follow the compiler's path.
    #[must_use]
    pub fn parse(arguments: &[String]) -> Self {
        let mut parsed = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--test" {
                parsed.test = true;
                continue;
            }
            let Some((flag, glued)) = split_flag(argument) else { continue };
            if let Some(value) = glued.map(str::to_owned).or_else(|| rest.next().cloned()) {
                parsed.take(flag, value);
            }
        }
        parsed
    }

    fn take(&mut self, flag: &str, value: String) {
        match flag {
            "--crate-name" => self.crate_name = Some(value),
            "--crate-type" => self.crate_types.extend(value.split(',').map(str::to_owned)),
            "--out-dir" => self.out_dir = Some(value.into()),
            "--target" => self.target = Some(value),
            "--edition" => self.edition = Some(value),
            "--emit" => self.emit.extend(value.split(',').filter_map(|kind| Some(kind.split('=').next()?.to_owned()))),
            "--extern" => self.externs.extend(value.split_once('=').map(|(_, path)| PathBuf::from(path))),
            "-L" if value.starts_with("native=") || value.starts_with("framework=") => self.native_search.push(value),
            "--cfg" => match value.strip_prefix("feature=\"").and_then(|name| name.strip_suffix('"')) {
                Some(name) => self.features.push(name.to_owned()),
                None => self.cfgs.push(value),
            },
            "-C" => self.codegen.push(in_one_spelling(&value)),
            "-Z" => self.unstable.push(in_one_spelling(&value)),
            _ => {}
        }
    }

    /// Every value of a `-C` option that can be given many times.
    pub fn codegen_all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let prefix = format!("{name}=");
        self.codegen.iter().filter_map(move |option| option.strip_prefix(&prefix))
    }

    /// The value of a `-C` option of which the last one counts.
    #[must_use]
    pub fn codegen_last(&self, name: &str) -> Option<&str> {
        self.codegen_all(name).last()
    }

    /// The stem of what is written: crate name and cargo's `extra-filename`.
    #[must_use]
    pub fn stem(&self) -> Option<String> {
        Some(format!("{}{}", self.crate_name.as_deref()?, self.codegen_last("extra-filename").unwrap_or_default()))
    }

    /// Whether a library is compiled that others can link (`lib`, `rlib`).
    #[must_use]
    pub fn is_library(&self) -> bool {
        self.is_unit() && !self.test && self.crate_types.iter().any(|kind| kind == "lib" || kind == "rlib")
    }

    /// Whether a program is compiled: bin, example, test or bench; build scripts are not counted.
    #[must_use]
    pub fn is_program(&self) -> bool {
        let build_script = self.crate_name.as_deref().is_some_and(|name| name.starts_with("build_script_"));
        self.is_unit() && (self.test || self.crate_types.iter().any(|kind| kind == "bin")) && !build_script
    }

    /// Whether a shared object of Rust is asked for.
    #[must_use]
    pub fn is_cdylib(&self) -> bool {
        !self.test && self.crate_types.iter().any(|kind| kind == "cdylib")
    }

    /// Whether code is generated: `cargo check` asks only for metadata.
    #[must_use]
    pub fn links(&self) -> bool {
        self.emit.iter().any(|kind| kind == "link")
    }

    /// Whether a proc macro is compiled.
    #[must_use]
    pub fn is_proc_macro(&self) -> bool {
        self.is_unit() && !self.test && self.crate_types.iter().any(|kind| kind == "proc-macro")
    }

    /// Whether cargo compiles a unit of its build here: build scripts call the compiler too, to find out what it can do.
    #[must_use]
    pub fn is_unit(&self) -> bool {
        self.codegen_last("metadata").is_some() && self.out_dir.is_some()
    }

    /// The file that the record of a library is kept in, given where any of its outputs stands.
    #[must_use]
    pub fn record_path(output: &Path) -> PathBuf {
        output.with_extension("engraft.json")
    }
}

/// A `-C` or `-Z` option as rustc's documentation spells it: in names it takes `_` for `-` (`rustc_session::options::build_options`).
fn in_one_spelling(option: &str) -> String {
    let (name, value) = option.split_at(option.find('=').unwrap_or(option.len()));
    format!("{}{value}", name.replace('_', "-"))
}

/// The flag and, where it is glued to it, its value: `--out-dir=x`, `-Clinker=x`, `-C` alone.
fn split_flag(argument: &str) -> Option<(&str, Option<&str>)> {
    const LONG: [&str; 8] = ["--crate-name", "--crate-type", "--out-dir", "--target", "--edition", "--extern", "--cfg", "--emit"];
    const SHORT: [(&str, &str); 4] = [("-C", "-C"), ("-Z", "-Z"), ("-L", "-L"), ("--codegen", "-C")];
    for flag in LONG {
        if let Some(rest) = argument.strip_prefix(flag) {
            return match rest.strip_prefix('=') {
                Some(value) => Some((flag, Some(value))),
                None => rest.is_empty().then_some((flag, None)),
            };
        }
    }
    SHORT.iter().find_map(|(spelling, flag)| {
        let rest = argument.strip_prefix(spelling)?;
        Some((*flag, (!rest.is_empty()).then(|| rest.strip_prefix('=').unwrap_or(rest))))
    })
}

/// The compiler's arguments without some of its `-C` options.
#[must_use]
pub fn without_codegen(arguments: &[String], dropped: impl Fn(&str) -> bool) -> Vec<String> {
    let mut kept = Vec::with_capacity(arguments.len());
    let mut rest = arguments.iter().peekable();
    while let Some(argument) = rest.next() {
        let value = match split_flag(argument) {
            Some(("-C", Some(glued))) => Some((glued, false)),
            Some(("-C", None)) => rest.peek().map(|next| (next.as_str(), true)),
            _ => None,
        };
        match value {
            Some((value, separate)) if dropped(&in_one_spelling(value)) => {
                if separate {
                    rest.next();
                }
            }
            Some((_, true)) => {
                kept.push(argument.clone());
                kept.extend(rest.next().cloned());
            }
            _ => kept.push(argument.clone()),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_library_as_cargo_compiles_it() {
        let line = "--crate-name api --edition=2024 api/src/lib.rs --error-format=json --crate-type lib --emit=dep-info,metadata,link \
            -C opt-level=3 -Cmetadata=12ab -C extra-filename=-34cd --cfg feature=\"x\" --cfg unix_like --out-dir /t/deps \
            -L dependency=/t/deps -L native=/t/out --extern log=/t/deps/liblog-1.rmeta --extern proc_macro --extern priv:a=/t/deps/liba-2.rmeta";
        let parsed = Arguments::parse(&words(line));
        assert!(parsed.is_library());
        assert!(!parsed.is_program());
        assert_eq!(parsed.stem().as_deref(), Some("api-34cd"));
        assert_eq!(parsed.codegen_all("metadata").collect::<Vec<_>>(), ["12ab"]);
        assert_eq!(parsed.features, ["x"]);
        assert_eq!(parsed.cfgs, ["unix_like"]);
        assert_eq!(parsed.edition.as_deref(), Some("2024"));
        assert_eq!(parsed.native_search, ["native=/t/out"]);
        assert_eq!(parsed.externs, [Path::new("/t/deps/liblog-1.rmeta"), Path::new("/t/deps/liba-2.rmeta")]);
    }

    #[test]
    fn programs_are_bins_and_tests_but_not_build_scripts() {
        for (line, program) in [
            ("--crate-name host --crate-type bin -C metadata=1 --out-dir d", true),
            ("--crate-name it --test -C metadata=1 --out-dir d", true),
            ("--crate-name probe --crate-type bin --out-dir d", false),
            ("--crate-name build_script_build --crate-type bin -C metadata=1 --out-dir d", false),
            ("--crate-name m --crate-type proc-macro", false),
            ("-vV", false),
        ] {
            assert_eq!(Arguments::parse(&words(line)).is_program(), program, "{line}");
        }
    }

    #[test]
    fn options_are_dropped_in_every_spelling() {
        let line =
            "-C linker=a --codegen linker=b -Clinker=c --codegen=linker=d -C lto -C linker-features=-lld -Clinker_plugin_lto a.rs -C";
        let kept = without_codegen(&words(line), |option| option.starts_with("linker=") || option.ends_with("lto"));
        assert_eq!(kept, words("-C linker-features=-lld a.rs -C"));
    }

    #[test]
    fn options_have_one_spelling() {
        let parsed = Arguments::parse(&words("-Ctarget_cpu=my_cpu -C force_frame_pointers -Zfixed_x18 -Z layout-seed=a_b=c_d"));
        assert_eq!(parsed.codegen, ["target-cpu=my_cpu", "force-frame-pointers"]);
        assert_eq!(parsed.unstable, ["fixed-x18", "layout-seed=a_b=c_d"]);
    }
}
