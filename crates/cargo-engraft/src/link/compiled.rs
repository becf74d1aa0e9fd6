//! How the code of a linked file was compiled, as far as it counts for the file as a whole: the record of each package that it
//! brings along says so.

use super::libraries::Library;
use crate::start::Incompatible;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

/// The facts of one file, as the manifest has them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Compiled {
    /// The flags on which all code of a process must agree ([`crate::rustc::modifiers`]).
    pub modifiers: String,
    /// The CPU features that its code needs.
    pub cpu_features: String,
}

impl Compiled {
    /// The facts of the file `name`, given the libraries that it brings along.
    ///
    /// # Errors
    ///
    /// They were compiled with different modifiers.
    pub fn of<'l>(name: &str, carried: impl Iterator<Item = &'l Library>) -> Result<Self> {
        let mut by_modifiers: BTreeMap<&str, String> = BTreeMap::new();
        let mut cpu_features: BTreeSet<&str> = BTreeSet::new();
        // The toolchain's own are compiled for every use.
        for (library, record) in carried.filter_map(|library| Some((library, library.record.as_ref()?))) {
            by_modifiers.entry(&record.modifiers).or_insert_with(|| library.label());
            cpu_features.extend(record.cpu_features.iter().map(String::as_str));
        }
        if by_modifiers.len() > 1 {
            let lines = by_modifiers.iter().map(|(modifiers, label)| format!("  {label}: compiled with `{modifiers}`\n"));
            return Err(Incompatible(format!(
                "the packages of `{name}` can't be one program, for they were compiled with different flags:\n{}\
                 help: build all of them with the same `RUSTFLAGS` and [profile] settings",
                lines.collect::<String>()
            ))
            .into());
        }
        let cpu_features = cpu_features.into_iter().collect::<Vec<_>>().join(" ");
        Ok(Self { modifiers: by_modifiers.into_keys().next().unwrap_or_default().to_owned(), cpu_features })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::libraries::tests::library;

    #[test]
    fn facts_of_packages_are_the_files() {
        let compiled = |name: &str, modifiers: &str, cpu_features: &[&str]| {
            let mut library = library(name, "1.0.0", &[]);
            let record = library.record.as_mut().unwrap();
            record.modifiers = modifiers.to_owned();
            record.cpu_features = cpu_features.iter().map(|&feature| feature.to_owned()).collect();
            library
        };
        let one = compiled("one", "-C panic=abort", &["avx2", "sse3"]);
        let two = compiled("two", "-C panic=abort", &["avx", "avx2"]);
        let other = compiled("other", "-C panic=unwind", &[]);
        let of = |libraries: &[&Library]| Compiled::of("p", libraries.iter().copied());
        let expected = Compiled { modifiers: "-C panic=abort".into(), cpu_features: "avx avx2 sse3".into() };
        assert_eq!(of(&[&one, &library("std", "", &[]), &two]).unwrap(), expected);
        let error = of(&[&one, &two, &other]).unwrap_err().to_string();
        assert!(
            error.contains("\n  one 1.0.0: compiled with `-C panic=abort`\n  other 1.0.0: compiled with `-C panic=unwind`\n"),
            "{error}"
        );
    }
}
