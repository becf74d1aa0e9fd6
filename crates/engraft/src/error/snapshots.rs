//! Every kind of error has one snapshot: `errors.md` beside this file, which is these samples, their mends and nothing else. It is
//! the page `docs/errors.md`, the module `errors` on docs.rs, and what `cargo engraft explain` reads.
//!
//! After a text was changed on purpose, `ENGRAFT_ERRORS=overwrite cargo test -p engraft snapshots` writes the page anew;
//! read it as a user would before it is kept. A new kind fails here until it has a sample.

use super::mends::mend;
use super::{Compiler, Found, KeyError, LoaderError, LookupError, OnePackage, OpenError, SameName, Unexported};
use engraft_manifest::{BuildId, Damage, Difference, FileKind, KeyId, Manifest, NotARecord, Reason, SignatureFault};
use std::collections::BTreeSet;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

const HEAD: &str = "# Errors

Every error of the library begins with a code that stays the same, and says what failed, what was expected and found, and
what helps. `OpenError::code`, `LookupError::code` and `KeyError::code` give the code alone, and the fields of each kind the facts.
`Debug` prints the same text as `Display`, because that is what `unwrap` and `main` show. The text contains the causes, which are also in the
fields; `source()` returns none, so that error reporters print each cause once.

This page is written by a test (`crates/engraft/src/error/snapshots.rs`), from one sample of every kind. `cargo engraft explain E01`
shows a kind's part of it.
";

/// An error of one kind, and what the page says about the kind.
struct Sample {
    kind: &'static str,
    code: &'static str,
    about: &'static str,
    text: String,
}

fn of_open(kind: &'static str, about: &'static str, error: OpenError) -> Sample {
    assert_eq!(format!("{error:?}"), error.to_string());
    Sample { kind, code: error.code(), about, text: error.to_string() }
}

fn of_lookup(kind: &'static str, about: &'static str, error: LookupError) -> Sample {
    assert_eq!(format!("{error:?}"), error.to_string());
    Sample { kind, code: error.code(), about, text: error.to_string() }
}

fn of_key(kind: &'static str, about: &'static str, error: KeyError) -> Sample {
    assert_eq!(format!("{error:?}"), error.to_string());
    Sample { kind, code: error.code(), about, text: error.to_string() }
}

fn signature() -> PathBuf {
    "/srv/app/plugins/filter.so.minisig".into()
}

fn plugin() -> PathBuf {
    "/srv/app/plugins/filter.so".into()
}

fn compiler(version: &str, commit: &str) -> Box<Compiler> {
    Box::new(Compiler { version: version.into(), commit: commit.into(), host: "x86_64-unknown-linux-gnu".into() })
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn difference(package: &str, source: &str, reason: Reason, followers: &[&str]) -> Difference {
    let mut difference = Difference::new(package, source, vec![reason]);
    difference.followers = strings(followers);
    difference
}

fn samples() -> Vec<Sample> {
    let mut samples = vec![
        of_open(
            "OpenError::Incompatible",
            "Packages that the plugin borrows or brings are not the ones that the program has. Every package at which a difference begins is listed with its cause; those that differ only because they depend on it are counted.",
            OpenError::Incompatible {
                path: plugin(),
                differences: vec![
                    difference("api 0.1.0", "api", Reason::Sources(strings(&["src/lib.rs"])), &["rules 0.1.0", "filter 0.1.0"]),
                    difference("serde 1.0.200", "registry", Reason::Features { plugin: strings(&["rc"]), host: vec![] }, &[]),
                ],
            },
        ),
        of_open(
            "OpenError::Toolchain",
            "Plugin and program were built by different compilers. Nothing else is compared then: nothing else could be the same.",
            OpenError::Toolchain {
                path: plugin(),
                expected: compiler("rustc 1.95.0 (59807616e 2026-04-14)", "59807616e0ba2c65bd2e5a3a1e4d0f1b5c5f2a11"),
                found: compiler("rustc 1.95.1 (0f2d4d9a7 2026-05-02)", "0f2d4d9a7c1f0d1e2c3b4a5968778695a4b3c2d1"),
            },
        ),
        of_open(
            "OpenError::NotFound",
            "No file is at any of the places where it may be.",
            OpenError::NotFound {
                path: "filter".into(),
                tried: vec!["/opt/plugins/filter.so".into(), plugin()],
                working_directory: Some("/home/me".into()),
                unknown_program: None,
            },
        ),
        of_open(
            "OpenError::NotAPlugin",
            "The file is something else. `found` says what: a directory, an empty file, text, an rlib, a C library, a shared object that Go made, an executable, a host, a file for another machine or system, a damaged or cut off file.",
            OpenError::NotAPlugin { path: plugin(), found: Found::Other(NotARecord::Other(FileKind::OtherMachine(183))) },
        ),
        of_open(
            "OpenError::Map",
            "The system's loader could not map the file. `found` is what it said itself; `LoaderError::fault` says what that means, where its texts are known.",
            OpenError::Map {
                path: plugin(),
                source: LoaderError::new("libssl.so.3: cannot open shared object file: No such file or directory"),
            },
        ),
        of_open(
            "OpenError::Unreadable",
            "The file is there and can't be read.",
            OpenError::Unreadable { path: plugin(), source: io::Error::from_raw_os_error(13) },
        ),
        of_open(
            "OpenError::Manifest",
            "The file has a record of Engraft's that does not say what a record says: it was altered.",
            OpenError::Manifest { path: plugin(), source: Manifest::decode(&[]).expect_err("there is nothing in it") },
        ),
        of_open(
            "OpenError::Altered",
            "The file is not what Engraft's linker made of it: it was truncated, stripped by hand, or its bytes were changed. Every byte is covered by the digest that stands in the file.",
            OpenError::Altered { path: plugin(), damage: Damage::Shortened { linked: 88_912, found: 61_440 } },
        ),
        of_open(
            "OpenError::Unsigned",
            "The program opens only signed plugins (`Keyring::open`), and this one has no signature.",
            OpenError::Unsigned { path: plugin(), signature: signature() },
        ),
        of_open(
            "OpenError::UnknownKey",
            "The plugin's signature names a key that the program's keyring does not have.",
            OpenError::UnknownKey { path: plugin(), key: KeyId([2; 8]), trusted: vec![KeyId([1; 8])] },
        ),
        of_open(
            "OpenError::BadSignature",
            "The plugin's signature names a trusted key, which did not make it, or made it for another file; or it is no signature. Rebuilding a plugin leaves its older signature behind.",
            OpenError::BadSignature {
                path: plugin(),
                signature: signature(),
                fault: SignatureFault::Invalid { key: KeyId([1; 8]), says: Some(BuildId([7; 32])) },
            },
        ),
        of_open(
            "OpenError::NotCopied",
            "A private copy of the file was asked for, and the system can't make one.",
            OpenError::NotCopied { path: plugin(), source: io::Error::from_raw_os_error(12) },
        ),
        of_open(
            "OpenError::RustLibrary",
            "The plugin needs a shared object that has Rust packages in it. Engraft's linker links no such plugin: a library that it needs was replaced since.",
            OpenError::RustLibrary { path: plugin(), library: "/srv/app/lib/libfilters.so".into() },
        ),
        of_open(
            "OpenError::OtherLibraries",
            "The program's keyring refuses plugins that need shared libraries which the program has not loaded (`Keyring::refuse_other_libraries`): a signature does not cover those.",
            OpenError::OtherLibraries { path: plugin(), libraries: strings(&["libssl.so.3"]) },
        ),
        of_open(
            "OpenError::Forked",
            "The process was forked while another thread of its parent was opening a plugin or running an initializer. The child has no such thread, so waiting for it would never end.",
            OpenError::Forked { path: plugin(), package: Some("api 0.1.0".into()) },
        ),
        of_key(
            "KeyError::Unreadable",
            "The file of a public key can't be read.",
            KeyError::Unreadable { path: "/etc/app/engraft.pub".into(), source: io::Error::from_raw_os_error(13) },
        ),
        of_key(
            "KeyError::Malformed",
            "What was given as a public key is none that minisign or `cargo engraft keygen` writes.",
            KeyError::Malformed { path: Some("/etc/app/engraft.key".into()) },
        ),
        of_open(
            "OpenError::CpuFeatures",
            "The plugin's code was compiled for CPU features, beyond those that every machine of the target has, that this machine lacks. It would be ended by SIGILL.",
            OpenError::CpuFeatures { path: plugin(), missing: strings(&["avx512f", "avx512vl"]) },
        ),
        of_open(
            "OpenError::Rewritten",
            "A plugin's file was written to while it was open. The system may have changed running code.",
            OpenError::Rewritten { path: plugin(), opened_as: plugin() },
        ),
        of_open(
            "OpenError::Recursive",
            "A plugin opens itself from code that runs while it is opened.",
            OpenError::Recursive { path: plugin(), package: None },
        ),
        of_open(
            "OpenError::InitFailed",
            "An initialiser (`#[engraft::init]`) panicked or returned an error, which is the field `cause`. The plugin stays mapped and is never open; opening it again gives the same error.",
            OpenError::InitFailed {
                path: Some(plugin()),
                package: "filter 0.1.0".into(),
                location: "src/lib.rs:12".into(),
                cause: crate::Cause::Panicked("no entropy".into()),
            },
        ),
        of_open(
            "OpenError::WaitCycle",
            "Two threads would wait for each other for ever: this one gets an error instead.",
            OpenError::WaitCycle { path: plugin(), package: Some("api 0.1.0".into()) },
        ),
        of_open(
            "OpenError::UnsupportedPlatform",
            "The program runs where Engraft is not built and tested. The library compiles there, and opens nothing.",
            OpenError::UnsupportedPlatform { os: "windows", arch: "x86_64" },
        ),
        of_open(
            "OpenError::HostNotLinked",
            "The program was built by cargo alone, so it exports nothing. Or `open` was called in a shared library that brings its own copy of `engraft` along, such as a cdylib: the text names it.",
            OpenError::HostNotLinked { program: Some("/srv/app/target/debug/app".into()), library: None },
        ),
        of_lookup(
            "LookupError::NotFound",
            "The plugin exports nothing of that name. All that it exports is listed. Where its file tells that it has the item without exporting it, that is said.",
            LookupError::NotFound {
                name: "aply".into(),
                plugin: "filter",
                near: strings(&["apply"]),
                exported: vec!["pub fn apply(request: &Request) -> Response", "pub static HITS: AtomicU64"],
                unexported: None,
            },
        ),
        of_lookup(
            "LookupError::WrongType",
            "The plugin exports it with another type. Both are given in full; where they print alike, the packages are named that they come from.",
            LookupError::WrongType {
                name: "apply".into(),
                plugin: "filter",
                asked: "fn(&'_ api::Request) -> api::Response",
                found: "fn(&'_ api::Request) -> api::Response",
                signature: Some("pub fn apply(request: &Request) -> Response"),
                packages: vec![two_packages()],
            },
        ),
        of_lookup(
            "LookupError::IsAType",
            "The name is that of an exported type.",
            LookupError::IsAType { name: "Rule".into(), plugin: "filter" },
        ),
    ];
    samples.sort_by_key(|sample| sample.code);
    samples
}

fn two_packages() -> SameName {
    let package = |label: &str, carrier: &str| OnePackage {
        label: label.into(),
        source: "registry".into(),
        features: strings(&["default"]),
        carrier: carrier.into(),
    };
    SameName { crate_name: "api".into(), packages: vec![package("api 1.0.0", "the host"), package("api 2.0.0", "the plugin `filter`")] }
}

/// The codes that a source file gives out: its texts of this form.
fn codes(source: &str) -> Vec<&str> {
    let is_code = |text: &&str| text.len() == 3 && text.starts_with('E') && text[1..].bytes().all(|byte| byte.is_ascii_digit());
    source.lines().filter(|line| line.contains("=> \"E")).flat_map(|line| line.split('"')).filter(is_code).collect()
}

#[test]
fn every_kind_has_a_code_of_its_own_and_one_sample() {
    let given: Vec<&str> =
        [include_str!("../error.rs"), include_str!("lookup.rs"), include_str!("key.rs")].into_iter().flat_map(codes).collect();
    let samples: Vec<&str> = samples().iter().map(|sample| sample.code).collect();
    let once: BTreeSet<&str> = given.iter().copied().collect();
    assert_eq!(once.len(), given.len(), "a code is used twice: {given:?}");
    assert_eq!(samples, once.into_iter().collect::<Vec<_>>(), "one sample of every kind, in order of the codes");
}

#[test]
fn every_text_says_what_was_expected_and_found_and_what_helps() {
    for Sample { text, code, .. } in samples() {
        assert!(text.starts_with(&format!("{code}: ")), "{text}");
        for part in ["\n  expected: ", "\n  found: ", "\nhelp: "] {
            assert!(text.contains(part), "{text}\nhas no {part:?}");
        }
    }
}

#[test]
fn the_page_is_what_the_errors_say() {
    let sections = samples().into_iter().map(|Sample { kind, code, about, text }| {
        let mend = mend(code);
        format!("\n## {code}: `{kind}`\n\n{about}\n\n```text\n{text}\n```\n\n**What to do:** {mend}\n")
    });
    let page: String = std::iter::once(HEAD.to_owned()).chain(sections).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/error/errors.md");
    if std::env::var_os("ENGRAFT_ERRORS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, page, "{} is out of date: ENGRAFT_ERRORS=overwrite writes it", path.display());
}

#[test]
fn errors_can_be_sent_and_kept() {
    fn is_an_error<T: Error + Send + Sync + 'static>() {}
    is_an_error::<OpenError>();
    is_an_error::<LookupError>();
    is_an_error::<LoaderError>();
    is_an_error::<KeyError>();
}

/// An error with a cause, as initialisers and files may have them.
#[derive(Debug)]
struct Outer(Inner);
#[derive(Debug)]
struct Inner;

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("outer-cause")
    }
}

impl std::fmt::Display for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("inner-cause")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

impl Error for Inner {}

/// As `anyhow`, `eyre` and most programs print an error.
fn reported(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |&error| error.source()).map(|error| format!("{error}\n")).collect()
}

#[test]
fn error_reporters_print_each_cause_once() {
    let (io, path) = (|| io::Error::other(Outer(Inner)), plugin);
    let returned = crate::Cause::Returned(std::sync::Arc::new(Outer(Inner)));
    let errors: [Box<dyn Error>; 4] = [
        Box::new(OpenError::Unreadable { path: path(), source: io() }),
        Box::new(OpenError::NotCopied { path: path(), source: io() }),
        Box::new(OpenError::InitFailed { path: None, package: "filter".into(), location: "src/lib.rs:1".into(), cause: returned }),
        Box::new(KeyError::Unreadable { path: path(), source: io() }),
    ];
    for error in errors {
        let text = reported(&*error);
        assert_eq!((text.matches("outer-cause").count(), text.matches("inner-cause").count()), (1, 1), "{text}");
    }
    let source = Manifest::decode(&[]).expect_err("there is nothing in it");
    let cause = source.to_string().rsplit(": ").next().unwrap().to_owned();
    let manifest = OpenError::Manifest { path: path(), source };
    assert_eq!(reported(&manifest).matches(&cause).count(), 1, "{manifest}");
    let map = OpenError::Map { path: path(), source: LoaderError::new("the loader's words") };
    assert_eq!(reported(&map).matches("the loader's words").count(), 1);
}

/// What the samples of the page have no room for.
#[test]
fn other_texts() {
    let not_found = |near: &[&str], unexported| LookupError::NotFound {
        name: "apply".into(),
        plugin: "filter",
        near: strings(near),
        exported: vec![],
        unexported,
    };
    let different = |packages, signature| LookupError::WrongType {
        name: "f".into(),
        plugin: "p",
        asked: "fn(&str)",
        found: "fn(&str)",
        signature,
        packages,
    };
    let mut by_features = two_packages();
    by_features.packages[1].label = "api 1.0.0".into();
    by_features.packages[1].features = vec![];
    by_features.packages[1].source = "api".into();
    let table: [(LookupError, &[&str]); 7] = [
        (not_found(&[], None), &["\n  it exports: nothing\n", "help: add `#[engraft::export]` to the item; one in a module"]),
        (not_found(&["a", "b"], None), &["help: did you mean `a` or `b`?"]),
        (
            not_found(&["a"], Some(Unexported::Item("rules::apply".into()))),
            &["found: `rules::apply`, which is not exported", "help: add `#[engraft::export]` to `rules::apply`; or did you mean `a`?"],
        ),
        (not_found(&[], Some(Unexported::Method("Rule::apply".into()))), &["help: write a function that calls `Rule::apply`, and add"]),
        (not_found(&[], Some(Unexported::Within("outer".into()))), &["in the body of `outer`", "help: move it out of the function"]),
        (different(vec![], None), &["help: types are printed without the names of lifetimes"]),
        (
            different(vec![by_features], None),
            &[
                "packages: `api` is 2 packages: api 1.0.0 from registry with default of the host; api 1.0.0 from api without features of the plugin `filter`\n",
            ],
        ),
    ];
    for (error, parts) in table {
        for part in parts {
            assert!(error.to_string().contains(part), "{error}\nhas no {part}");
        }
    }
}
