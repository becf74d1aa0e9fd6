//! B5: finds plugins that are opened by a path relative to the working directory, which depends on where the program is started.

use super::finding::Finding;
use super::opens;
use super::source::Source;
use syn::LitStr;
use syn::visit::Visit;

/// Checks the sources of hosts for calls of `open` with a relative path literal.
#[must_use]
pub fn check(sources: &[Source]) -> Vec<Finding> {
    let check_source = |source| {
        let opened = opens::in_source(source, |opens| opens.visit_file(&source.file));
        let is_relative = |path: &&LitStr| path.value().contains('/') && !path.value().starts_with('/');
        opened.iter().filter(is_relative).map(|path| relative(source, path)).collect::<Vec<_>>()
    };
    sources.iter().flat_map(check_source).collect()
}

fn relative(source: &Source, literal: &LitStr) -> Finding {
    let path = literal.value();
    let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".so");
    let what = format!("the host opens `{path}` relative to the working directory, which depends on where the program is started");
    let mend = format!("use `engraft::open(\"{name}\")`, which searches `plugins/` beside the program and ENGRAFT_PLUGIN_PATH");
    Finding::new("B5", what, mend).at(source.place(literal.span()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_are_found() {
        let table = [
            ("unsafe { engraft::open(\"filter\") }", None),
            ("unsafe { engraft::open(\"/opt/filter.so\") }", None),
            ("unsafe { engraft::open(name) }", None),
            ("std::fs::File::open(\"plugins/filter.so\")", None),
            ("options.open(\"data/log.txt\")", None),
            ("unsafe { engraft::open(\"plugins/filter.so\") }", Some("engraft::open(\"filter\")")),
            ("unsafe { open(&\"./filter\") }", Some("engraft::open(\"filter\")")),
            ("unsafe { engraft::open(std::path::Path::new(\"../filter.so\")) }", Some("engraft::open(\"filter\")")),
            ("keyring.open(\"plugins/filter.so\")", Some("engraft::open(\"filter\")")),
        ];
        for (call, mend) in table {
            let source = Source::parse("host", "host/src/main.rs", &format!("use engraft::open;\nfn main() {{\n {call}; }}")).unwrap();
            let found = check(&[source]);
            assert_eq!(found.len(), usize::from(mend.is_some()), "{call}: {found:?}");
            for (finding, mend) in found.iter().zip(mend) {
                assert!(finding.mend.contains(mend), "{finding:?}");
                assert_eq!(finding.place.as_deref(), Some("host/src/main.rs:3"));
            }
        }
    }
}
