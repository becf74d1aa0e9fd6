//! Puts real paths into the compiler's messages.
//!
//! What stands for directories in a unit's result ([`Session::remaps`]) stands in messages too. rustc can leave messages out
//! (`--remap-path-scope`), but then it writes the real paths into the compiled metadata, and a package's hash would depend on its directory (seen with 1.95 and 1.97).

use super::package_place::{GENERATED, PACKAGES};
use super::record::{CargoPackage, PackageRecord};
use super::session::Session;
use super::sysroot;
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// What the paths begin with that stand for real ones.
const PREFIXES: [&str; 4] = [PACKAGES, "/target/", "/cargo/", "/rustc/"];

/// What a unit's messages can be about.
#[derive(Debug, Clone, Copy)]
pub struct Messages<'a> {
    /// The build's session.
    pub session: &'a Session,
    /// The package that is compiled; none for a plugin's stub.
    pub package: Option<&'a CargoPackage>,
    /// The libraries that it is compiled against.
    pub externs: &'a [PathBuf],
    /// The compiler.
    pub compiler: &'a Path,
}

impl Messages<'_> {
    /// Runs the compiler, and passes on what it prints on standard error, with real paths, if `passes` says so of a line. It does so line by
    /// line: cargo starts dependents as soon as it reads that metadata is there.
    pub fn run(&self, command: &mut Command, mut passes: impl FnMut(&[u8]) -> bool) -> Result<ExitStatus> {
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let mut said = BufReader::new(child.stderr.take().context("the compiler has no standard error")?);
        let mut line = Vec::new();
        while said.read_until(b'\n', &mut line)? > 0 {
            let translated = std::str::from_utf8(&line).ok().and_then(|line| self.translate(line));
            let real = translated.as_ref().map_or(&line[..], String::as_bytes);
            if passes(real) {
                // Who reads no further has had enough; the exit code counts.
                let _ = std::io::stderr().write_all(real);
            }
            line.clear();
        }
        Ok(child.wait()?)
    }

    /// A message, or a line of JSON with one, with real paths; none if there is nothing to replace.
    pub fn translate(&self, said: &str) -> Option<String> {
        if !PREFIXES.iter().any(|prefix| said.contains(prefix)) {
            return None;
        }
        let real = |path: &str| self.real(path);
        let Ok(mut message) = serde_json::from_str::<serde_json::Value>(said) else { return with_real_paths(said, &real) };
        translate_all(&mut message, &real).then(|| format!("{message}\n"))
    }

    /// The file that a path in a message stands for, if it is known and there.
    fn real(&self, path: &str) -> Option<PathBuf> {
        let split =
            |path: &str| path.split_once('/').map_or((path.to_owned(), String::new()), |(name, rest)| (name.to_owned(), rest.to_owned()));
        let real = if let Some(path) = path.strip_prefix(PACKAGES) {
            let (name, rest) = split(path);
            self.directory(&name)?.join(rest)
        } else if let Some(path) = path.strip_prefix(GENERATED) {
            let (name, rest) = split(path);
            self.generated(&name)?.join(rest)
        } else if let Some(path) = path.strip_prefix("/target/") {
            self.session.target_dir.join(path)
        } else if let Some(path) = path.strip_prefix("/cargo/") {
            self.session.cargo_home.join(path)
        } else {
            let (_, rest) = split(path.strip_prefix("/rustc/")?);
            sysroot::sources(self.session, self.compiler)?.join(rest)
        };
        real.exists().then_some(real)
    }

    /// The directory of the package with this name.
    fn directory(&self, name: &str) -> Option<PathBuf> {
        let listed = self.session.places.iter().find(|(_, place)| place.name == name).map(|(directory, _)| directory.clone());
        let own = || self.package.filter(|package| self.session.place(package).name == name).map(|package| package.dir.clone());
        listed.or_else(own)
    }

    /// The directory that the build script of the package with this name writes into.
    fn generated(&self, name: &str) -> Option<PathBuf> {
        if let Some(package) = self.package.filter(|package| self.session.place(package).name == name) {
            return package.generated.clone();
        }
        let packages = PackageRecord::closure(self.externs).ok()?;
        packages.into_iter().find(|package| package.place == name)?.generated
    }
}

/// Replaces the paths in all texts of a message; whether there was one.
fn translate_all(message: &mut serde_json::Value, real: &impl Fn(&str) -> Option<PathBuf>) -> bool {
    use serde_json::Value;
    match message {
        Value::String(text) => with_real_paths(text, real).map(|new| *text = new).is_some(),
        // Every one of them: `any` would stop at the first.
        Value::Array(items) => items.iter_mut().filter_map(|item| translate_all(item, real).then_some(())).count() > 0,
        Value::Object(fields) => fields.values_mut().filter_map(|item| translate_all(item, real).then_some(())).count() > 0,
        _ => false,
    }
}

/// A text with the real paths in the place of others; none if it has no others.
fn with_real_paths(text: &str, real: &impl Fn(&str) -> Option<PathBuf>) -> Option<String> {
    let mut new = String::new();
    let mut taken = 0;
    for (start, _) in text.match_indices('/') {
        let rest = &text[start..];
        if start < taken || !PREFIXES.iter().any(|prefix| rest.starts_with(prefix)) || !begins_path(&text[..start]) {
            continue;
        }
        let path = &rest[..rest.find(ends_path).unwrap_or(rest.len())];
        if let Some(real) = real(path) {
            new.push_str(&text[taken..start]);
            new.push_str(&real.display().to_string());
            taken = start + path.len();
        }
    }
    (taken > 0).then(|| new + &text[taken..])
}

/// Whether a path can begin behind this text: it must not be the rest of a longer one. Colours end in a letter.
fn begins_path(before: &str) -> bool {
    let of_path = |character: char| character.is_alphanumeric() || "_-./~".contains(character);
    let colour = || {
        before
            .strip_suffix('m')
            .and_then(|before| before.trim_end_matches(|digit: char| digit.is_ascii_digit() || digit == ';').strip_suffix("\x1b["))
    };
    !before.ends_with(of_path) || colour().is_some()
}

fn ends_path(character: char) -> bool {
    character.is_whitespace() || character.is_control() || "\"'`:,;()<>[]{}|".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_replaced_where_they_stand_for_others() {
        let real = |path: &str| path.strip_prefix("/packages/a-1.0.0/").map(|rest| PathBuf::from(format!("/home/me/a/{rest}")));
        let table: &[(&str, Option<&str>)] = &[
            ("  --> /packages/a-1.0.0/src/lib.rs:3:5", Some("  --> /home/me/a/src/lib.rs:3:5")),
            ("\x1b[94m--> \x1b[0m/packages/a-1.0.0/x.rs\x1b[0m", Some("\x1b[94m--> \x1b[0m/home/me/a/x.rs\x1b[0m")),
            ("`/packages/a-1.0.0/x.rs` and (/packages/a-1.0.0/y.rs)", Some("`/home/me/a/x.rs` and (/home/me/a/y.rs)")),
            ("/packages/b-1.0.0/x.rs", None),
            ("/srv/packages/a-1.0.0/x.rs", None),
            ("from/packages/a-1.0.0/x.rs", None),
            ("nothing", None),
        ];
        for (text, expected) in table {
            assert_eq!(with_real_paths(text, &real).as_deref(), *expected, "{text}");
        }
        let mut message =
            serde_json::json!({ "rendered": "at /packages/a-1.0.0/x.rs", "spans": [{ "file_name": "/packages/a-1.0.0/x.rs" }, 1] });
        assert!(translate_all(&mut message, &real));
        assert_eq!(message, serde_json::json!({ "rendered": "at /home/me/a/x.rs", "spans": [{ "file_name": "/home/me/a/x.rs" }, 1] }));
        assert!(!translate_all(&mut message, &real));
    }
}
