//! The package that is being compiled, as Engraft's rustc wrapper describes it, or where there is none, rustc's command line and cargo's
//! environment.
//!
//! Without the wrapper there will be no manifest with the order of initialisers, and their order in the linker's table is that of
//! dependencies only without link-time optimisation, which sorts them by name. So the program itself has to know dependencies.

use crate::rustc_arguments::RustcArguments;
use std::collections::BTreeSet;
use std::env;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Engraft's rustc wrapper sets this variable to the key of the package that it compiles, as hexadecimal digits.
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
        THIS.get_or_init(|| Self::of(RustcArguments::this(), |name| env::var(name).ok()))
    }

    fn of(arguments: &RustcArguments, variable: impl Fn(&str) -> Option<String>) -> Self {
        let RustcArguments { crate_name, is_program, .. } = arguments;
        let label = variable("CARGO_PKG_NAME").zip(variable("CARGO_PKG_VERSION")).map(|(name, version)| format!("{name} {version}"));
        Self {
            key: key_of(arguments, &variable),
            label: label.unwrap_or_else(|| crate_name.clone()),
            is_program: *is_program,
            dependencies: match given_key(&variable) {
                Some(_) => None,
                None if *is_program => Some(Vec::new()),
                None => dependencies(arguments.libraries()),
            },
        }
    }
}

/// The key of the package that this process compiles.
pub(crate) fn package_key() -> [u8; 16] {
    key_of(RustcArguments::this(), &|name| env::var(name).ok())
}

fn key_of(arguments: &RustcArguments, variable: &impl Fn(&str) -> Option<String>) -> [u8; 16] {
    let RustcArguments { crate_name, extra_filename, .. } = arguments;
    let own = || number(if extra_filename.is_empty() { crate_name } else { extra_filename }).into();
    given_key(variable).unwrap_or_else(own).to_be_bytes()
}

/// The key that the wrapper gives the package.
fn given_key(variable: &impl Fn(&str) -> Option<String>) -> Option<u128> {
    u128::from_str_radix(&variable(PACKAGE_KEY)?, 16).ok()
}

/// The numbers of these libraries and of all that they depend on; none if one of them does not say so in a known way.
fn dependencies<'p>(libraries: impl Iterator<Item = &'p PathBuf>) -> Option<Vec<u64>> {
    let mut numbers = BTreeSet::new();
    // A shared object, such as a procedural macro, has none of the program's packages in it.
    for library in libraries.filter(|path| path.extension().is_none_or(|extension| extension != "so")) {
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
    use crate::rustc_arguments::tests::parse;

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
            let found = dependencies([&quote].into_iter()).expect("it names itself");
            assert!(numbers.iter().any(|number| found.contains(number)), "{}", quote.display());
        }
    }

    #[test]
    fn unknown_format_is_noticed() {
        let directory = env::temp_dir().join(format!("engraft-metadata-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let library = directory.join("liba-0123456789abcdef.rmeta");
        let write = |text: &[u8]| std::fs::write(&library, text).unwrap();
        let found = || dependencies([&library, &"/nowhere/libmacros-0123456789abcdea.so".into()].into_iter());
        assert_eq!(found(), None);
        write(b"something else -0123456789ABCDEF --0123456789abcde");
        assert_eq!(found(), None);
        write(b"\x11-0123456789abcdef\xc1\xff\x11-fedcba9876543210\xc1--");
        let mut expected = ["-0123456789abcdef", "-fedcba9876543210"].map(number);
        expected.sort_unstable();
        assert_eq!(found(), Some(expected.to_vec()));
        // The library itself has the same where there is no file of metadata alone.
        std::fs::rename(&library, library.with_extension("rlib")).unwrap();
        assert_eq!(dependencies([&library.with_extension("rlib")].into_iter()), Some(expected.to_vec()));
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
