//! The package that is being compiled, as Engraft's rustc wrapper describes it, or where there is none, rustc's command line and cargo's
//! environment.
//!
//! Without the wrapper there will be no manifest with the order of initialisers, and their order in the linker's table is that of
//! dependencies only without link-time optimisation, which sorts them by name. So the program itself has to know dependencies.

use std::collections::BTreeSet;
use std::env;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// By this variable Engraft's rustc wrapper tells the key of the package that is compiled, as hexadecimal digits.
const PACKAGE_KEY: &str = "ENGRAFT_PACKAGE_KEY";

/// The package that is being compiled.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// The key that the wrapper gives it; without wrapper its number among [`dependencies`](Self::dependencies) of others.
    pub(crate) key: [u8; 16],
    /// Its name and version.
    pub(crate) label: String,
    /// Whether it is the program's own, which depends on all others.
    pub(crate) is_program: bool,
    /// The numbers of all packages that it depends on, directly or not, and of some that it does not, in ascending order; none if they
    /// are not known. With the wrapper they are not, because they depend on where the workspace stands, and packages must not.
    pub(crate) dependencies: Option<Vec<u64>>,
}

impl Package {
    /// The package that this process compiles.
    pub(crate) fn this() -> &'static Self {
        static THIS: OnceLock<Package> = OnceLock::new();
        THIS.get_or_init(|| Self::of(&Arguments::parse(env::args().flat_map(expanded)), |name| env::var(name).ok()))
    }

    fn of(arguments: &Arguments, variable: impl Fn(&str) -> Option<String>) -> Self {
        let Arguments { crate_name, extra_filename, is_program, .. } = arguments;
        let label = variable("CARGO_PKG_NAME").zip(variable("CARGO_PKG_VERSION")).map(|(name, version)| format!("{name} {version}"));
        let given = variable(PACKAGE_KEY).and_then(|key| u128::from_str_radix(&key, 16).ok());
        let own = || number(if extra_filename.is_empty() { crate_name } else { extra_filename }).into();
        Self {
            key: given.unwrap_or_else(own).to_be_bytes(),
            label: label.unwrap_or_else(|| crate_name.clone()),
            is_program: *is_program,
            dependencies: match given {
                Some(_) => None,
                None if *is_program => Some(Vec::new()),
                None => dependencies(&arguments.externs),
            },
        }
    }
}

/// What rustc's command line says of a package.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    crate_name: String,
    /// What cargo puts behind a crate's name in the names of its files: a hyphen and 16 hexadecimal digits, which no other package has.
    extra_filename: String,
    is_program: bool,
    /// The libraries that it depends on directly.
    externs: Vec<PathBuf>,
}

impl Arguments {
    fn parse(words: impl Iterator<Item = String>) -> Self {
        let mut parsed = Self::default();
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            if word == "--test" {
                parsed.is_program = true;
            }
            let Some((flag, glued)) = ["--crate-name", "--crate-type", "--extern", "--codegen", "-C"].iter().find_map(|flag| {
                let glued = word.strip_prefix(flag)?;
                Some((*flag, glued.strip_prefix('=').unwrap_or(glued)))
            }) else {
                continue;
            };
            let value = if glued.is_empty() { words.next().unwrap_or_default() } else { glued.to_owned() };
            match flag {
                "--crate-name" => parsed.crate_name = value,
                "--crate-type" => parsed.is_program |= value == "bin",
                "--extern" => parsed.externs.extend(value.split_once('=').map(|(_, path)| PathBuf::from(path))),
                _ => {
                    if let Some(name) = value.strip_prefix("extra-filename=") {
                        parsed.extra_filename = name.to_owned();
                    }
                }
            }
        }
        parsed
    }
}

/// An argument, or those in the file that it names: cargo writes one when there are too many for the system.
fn expanded(argument: String) -> Vec<String> {
    let file = argument.strip_prefix('@').and_then(|path| std::fs::read_to_string(path).ok());
    file.map_or_else(|| vec![argument], |text| text.lines().map(str::to_owned).collect())
}

/// The numbers of these libraries and of all that they depend on; none if one of them does not say so in a known way.
fn dependencies(externs: &[PathBuf]) -> Option<Vec<u64>> {
    let mut numbers = BTreeSet::new();
    // A shared object, such as a procedural macro, has none of the program's packages in it.
    for library in externs.iter().filter(|path| path.extension().is_none_or(|extension| extension != "so")) {
        // Of a library's files this is the smallest that names its dependencies.
        let metadata = library.with_extension("rmeta");
        let metadata = std::fs::read(&metadata).or_else(|_| std::fs::read(library)).ok()?;
        let named = extra_filenames(&metadata);
        // rustc's format is rustc's own. A library that names itself in the expected way names its dependencies so too.
        if !named.contains(&number(extra_filename_of(library)?)) {
            return None;
        }
        numbers.extend(named);
    }
    Some(numbers.into_iter().collect())
}

/// How many characters cargo's extra file names have: a hyphen and 16 hexadecimal digits.
const EXTRA_FILENAME: usize = 17;

/// The extra file name of a library: `-0123456789abcdef` of `libserde-0123456789abcdef.rmeta`.
fn extra_filename_of(library: &Path) -> Option<&str> {
    let stem = library.file_stem()?.to_str()?;
    stem.get(stem.len().checked_sub(EXTRA_FILENAME)?..)
}

/// The numbers of all packages whose extra file names stand in a library's metadata: its own and those of its dependencies, and whatever
/// else looks like one.
fn extra_filenames(metadata: &[u8]) -> BTreeSet<u64> {
    let mut numbers = BTreeSet::new();
    let mut rest = metadata;
    // Macros are compiled without optimisation, and metadata can have megabytes; this searches with the standard library's code.
    while matches!(rest.skip_until(b'-'), Ok(1..)) {
        let digits = rest.get(..EXTRA_FILENAME - 1).and_then(|digits| std::str::from_utf8(digits).ok());
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        numbers.extend(digits.filter(|digits| digits.bytes().all(is_digit)).map(|digits| number(&format!("-{digits}"))));
    }
    numbers
}

/// The number of the package with this extra file name.
fn number(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Arguments {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn command_line_is_read_in_all_spellings() {
        let expected = Arguments {
            crate_name: "api".to_owned(),
            extra_filename: "-00112233445566ff".to_owned(),
            is_program: false,
            externs: vec!["/t/liba-1.rmeta".into(), "/t/libb-2.rlib".into()],
        };
        for line in [
            "rustc --crate-name api --crate-type lib -C extra-filename=-00112233445566ff --extern a=/t/liba-1.rmeta --extern priv:b=/t/libb-2.rlib",
            "rustc --crate-name=api --crate-type=lib -Cextra-filename=-00112233445566ff --extern=a=/t/liba-1.rmeta --extern=b=/t/libb-2.rlib --extern c",
            "rustc --crate-name api --codegen=extra-filename=-00112233445566ff -C opt-level=3 --extern a=/t/liba-1.rmeta --extern b=/t/libb-2.rlib --extern",
        ] {
            assert_eq!(parse(line), expected, "{line}");
        }
        for line in ["rustc --crate-type bin", "rustc --crate-type=bin", "rustc --test"] {
            assert!(parse(line).is_program, "{line}");
        }
    }

    #[test]
    fn arguments_in_a_file_are_read() {
        let path = env::temp_dir().join(format!("engraft-arguments-{}", std::process::id()));
        std::fs::write(&path, "--crate-name\na b\n").unwrap();
        assert_eq!(expanded(format!("@{}", path.display())), ["--crate-name", "a b"]);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(expanded(format!("@{}", path.display())), [format!("@{}", path.display())]);
    }

    #[test]
    fn package_without_cargo_is_known_by_its_crate_name() {
        let of = |line| Package::of(&parse(line), |_| None);
        let package = of("rustc --crate-name api --extern a=/nowhere/liba.rlib");
        let key = u128::from(number("api")).to_be_bytes();
        assert_eq!(package, Package { key, label: "api".to_owned(), is_program: false, dependencies: None });
        assert_eq!(of("rustc --crate-name tool --test --extern a=/nowhere/liba.rlib").dependencies, Some(Vec::new()));
    }

    #[test]
    fn package_under_the_wrapper_has_its_key_and_nothing_of_its_place() {
        let variable = |name: &str| match name {
            PACKAGE_KEY => Some("00112233445566778899aabbccddeeff".to_owned()),
            "CARGO_PKG_NAME" => Some("api".to_owned()),
            "CARGO_PKG_VERSION" => Some("1.2.3".to_owned()),
            _ => None,
        };
        let package = Package::of(&parse("rustc --crate-name api -C extra-filename=-00112233445566ff"), variable);
        let key = 0x0011_2233_4455_6677_8899_aabb_ccdd_eeff_u128.to_be_bytes();
        assert_eq!(package, Package { key, label: "api 1.2.3".to_owned(), is_program: false, dependencies: None });
    }

    /// With the metadata that this very compiler wrote for this very test.
    #[test]
    fn compiled_library_names_itself_and_what_it_depends_on() {
        let deps = env::current_exe().unwrap().parent().unwrap().to_owned();
        let libraries = |name: &str| {
            let prefix = format!("lib{name}-");
            let files = std::fs::read_dir(&deps).unwrap().map(|entry| entry.unwrap().path());
            let of_name = |path: &PathBuf| path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(&prefix));
            files.filter(|path| of_name(path) && path.extension().is_some_and(|extension| extension == "rmeta")).collect::<Vec<_>>()
        };
        // Other builds may have left some; `quote` depends on one `proc_macro2`.
        let numbers: Vec<u64> = libraries("proc_macro2").iter().map(|path| number(extra_filename_of(path).unwrap())).collect();
        let quotes = libraries("quote");
        assert!(!quotes.is_empty());
        for quote in quotes {
            let found = dependencies(std::slice::from_ref(&quote)).expect("it names itself");
            assert!(numbers.iter().any(|number| found.contains(number)), "{}", quote.display());
        }
    }

    #[test]
    fn unknown_format_is_noticed() {
        let directory = env::temp_dir().join(format!("engraft-metadata-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let library = directory.join("liba-0123456789abcdef.rmeta");
        let write = |text: &[u8]| std::fs::write(&library, text).unwrap();
        let found = || dependencies(&[library.clone(), "/nowhere/libmacros-0123456789abcdea.so".into()]);
        assert_eq!(found(), None);
        write(b"something else -0123456789ABCDEF --0123456789abcde");
        assert_eq!(found(), None);
        write(b"\x11-0123456789abcdef\xc1\xff\x11-fedcba9876543210\xc1--");
        let mut expected = ["-0123456789abcdef", "-fedcba9876543210"].map(number);
        expected.sort_unstable();
        assert_eq!(found(), Some(expected.to_vec()));
        // The library itself has the same where there is no file of metadata alone.
        std::fs::rename(&library, library.with_extension("rlib")).unwrap();
        assert_eq!(dependencies(&[library.with_extension("rlib")]), Some(expected.to_vec()));
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
