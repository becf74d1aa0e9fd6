//! B3: finds exports of several plugins that look the same and have different types, because each plugin defines a type of that name.

use super::exported::{Export, Exported};
use super::finding::Finding;

/// Compares the exports of plugins with each other.
#[must_use]
pub fn check(plugins: &Exported<'_>) -> Vec<Finding> {
    let has = |package: &str, name: &String| plugins.types.get(package).is_some_and(|types| types.contains(name));
    let mut found = Vec::new();
    for (index, one) in plugins.exports.iter().enumerate() {
        let alike = |other: &&Export<'_>| other.package() != one.package() && other.name == one.name && other.signature == one.signature;
        for other in plugins.exports[index + 1..].iter().filter(alike) {
            let own = |name: &&String| has(one.package(), name) && has(other.package(), name);
            if let Some(name) = one.names.iter().find(own) {
                found.push(finding(one, other, name));
            }
        }
    }
    found
}

fn finding(one: &Export<'_>, other: &Export<'_>, name: &str) -> Finding {
    let (first, second) = (one.package(), other.package());
    let what = format!(
        "`{}` has the same signature in `{first}` and `{second}`, but each defines its own type `{name}`: a look-up for one fails for the other",
        one.name
    );
    let mend = format!("define `{name}` once, in a package that host and plugins share, or rename one of the two");
    Finding::new("B3", what, mend).at(other.place())
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    #[test]
    fn equal_signatures_with_own_types_are_found() {
        let own = "pub struct Config; #[engraft::export] pub fn make() -> Vec<Config> { Vec::new() }";
        let table = [
            (own, own, Some("`make` has the same signature in `a` and `b`, but each defines its own type `Config`")),
            (own, "use api::Config; #[engraft::export] pub fn make() -> Vec<Config> { Vec::new() }", None),
            (own, "pub struct Config; #[engraft::export] pub fn make() -> Config { Config }", None),
            (own, "pub struct Config; pub fn make() -> Vec<Config> { Vec::new() }", None),
            ("#[engraft::export] pub fn start() -> u32 { 1 }", "#[engraft::export] pub fn start() -> u32 { 2 }", None),
            (
                "pub enum State { A } #[engraft::export] pub static NOW: State = State::A;",
                "pub enum State { B } #[engraft::export] pub static NOW: State = State::B;",
                Some("`NOW` has the same signature"),
            ),
        ];
        for (one, other, expected) in table {
            let sources = [("a", one), ("b", other)].map(|(package, text)| Source::parse(package, "src/lib.rs", text).unwrap());
            let found = check(&Exported::from_sources(&sources));
            assert_eq!(found.len(), usize::from(expected.is_some()), "{other}: {found:?}");
            assert!(found.iter().zip(expected).all(|(finding, expected)| finding.what.starts_with(expected)), "{found:?}");
        }
    }
}
