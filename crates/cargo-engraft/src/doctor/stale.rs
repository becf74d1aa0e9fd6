//! B7: finds files in the output directory that differ from what the workspace would build now.
//!
//! A manifest has the digests of the source files of each package. A host's own crate is not in it: there, as in cargo, only modification
//! times show a change.

use super::finding::Finding;
use super::output::Output;
use engraft_manifest::Role;
use std::collections::HashMap;

/// The first bytes of the current digests of source files, by package (name and version) and file; none if the file no longer exists.
pub type Now = HashMap<(String, String), Option<u64>>;

const MEND: &str = "run `cargo engraft build` with the same profile";

/// How many changed files a finding lists.
const NAMED: usize = 4;

/// The finding for a file in the output directory that this version can't read.
#[must_use]
pub fn unreadable(path: &str, why: &str) -> Finding {
    let what = format!("this version of Engraft can't read a file in the output directory: {why}");
    Finding::new("B7", what, format!("{MEND}, or remove it")).at(path)
}

/// Compares outputs with the sources and with each other. `plugins` and `hosts` are the names in the workspace.
#[must_use]
pub fn check(outputs: &[Output], now: &Now, plugins: &[String], hosts: &[String]) -> Vec<Finding> {
    let mut found = Vec::new();
    for output in outputs {
        let known = if output.role == Role::Plugin { plugins } else { hosts };
        if !known.contains(&output.name) {
            let what = format!("the file remains, but the workspace no longer has `{}`", output.name);
            found.push(Finding::new("B7", what, format!("remove {}", output.path)).at(&output.path));
            continue;
        }
        let changed = changed(output, now);
        if !changed.is_empty() {
            let what = format!("`{}` was built before changes in {}", output.name, shortened(&changed));
            found.push(Finding::new("B7", what, MEND).at(&output.path));
        }
        if !output.later.is_empty() {
            let what = format!("`{}` was probably built before changes in its own crate: {}", output.name, shortened(&output.later));
            found.push(Finding::new("B7", what, MEND).at(&output.path).uncertain());
        }
        let mut beside = output.hosts_beside(outputs).peekable();
        if output.role == Role::Plugin && beside.peek().is_some() && !beside.any(|host| output.hosts.contains(&host.build_id)) {
            let what = format!("the plugin `{}` was linked for another build of its host", output.name);
            found.push(Finding::new("B7", what, MEND).at(&output.path));
        }
    }
    found
}

fn shortened(files: &[String]) -> String {
    let more = files.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    files[..files.len().min(NAMED)].join(", ") + &more
}

/// The source files that have changed since the build. Only files of the workspace's own packages are known.
fn changed(output: &Output, now: &Now) -> Vec<String> {
    let files = output.packages.iter().flat_map(|package| package.sources.iter().map(move |(file, digest)| (package, file, digest)));
    let mut changed: Vec<String> = files
        .filter(|(package, file, digest)| now.get(&(package.label(), (*file).clone())).is_some_and(|now| *now != Some(**digest)))
        .map(|(package, file, _)| format!("{file} of {}", package.name))
        .collect();
    changed.sort();
    changed
}

#[cfg(test)]
mod tests {
    use super::super::output::sample::{output, package};
    use super::*;

    #[test]
    fn stale_outputs_are_found() {
        let mut api = package("api", "a", true, &[]);
        api.sources = vec![("src/lib.rs".into(), 1)];
        let host = output(Role::Host, "host", vec![api.clone()]);
        let plugin =
            |hosts: &[&str]| Output { hosts: hosts.iter().map(ToString::to_string).collect(), ..output(Role::Plugin, "p", vec![]) };
        let now = |digest| Now::from([(("api 1.0.0".to_owned(), "src/lib.rs".to_owned()), digest)]);
        let (plugins, hosts) = (["p".to_owned()], ["host".to_owned()]);
        let table = [
            (vec![host.clone(), plugin(&["id of host"])], now(Some(1)), vec![]),
            (vec![host.clone()], Now::new(), vec![]),
            (vec![host.clone()], now(Some(2)), vec!["`host` was built before changes in src/lib.rs of api"]),
            (vec![host.clone()], now(None), vec!["`host` was built before changes in src/lib.rs of api"]),
            (vec![host.clone(), plugin(&["older"])], now(Some(1)), vec!["the plugin `p` was linked for another build of its host"]),
            (vec![host.clone(), plugin(&["older", "id of host"])], now(Some(1)), vec![]),
            (
                vec![Output { later: vec!["host/src/main.rs".into()], ..host }],
                now(Some(1)),
                vec!["`host` was probably built before changes in its own crate: host/src/main.rs"],
            ),
            (vec![plugin(&["older"])], now(Some(1)), vec![]),
            (vec![output(Role::Plugin, "gone", vec![])], Now::new(), vec!["the file remains, but the workspace no longer has `gone`"]),
        ];
        for (outputs, now, expected) in table {
            let found = check(&outputs, &now, &plugins, &hosts);
            assert_eq!(found.iter().map(|finding| finding.what.as_str()).collect::<Vec<_>>(), expected);
        }
    }
}
