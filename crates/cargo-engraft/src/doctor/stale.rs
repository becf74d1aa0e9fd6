//! B7: files in the output directory that are not what the workspace would build now.
//!
//! A file says of each of its packages what it was made from. A host's own crate is none of them: there only times tell, as they tell cargo.

use super::finding::Finding;
use super::output::Output;
use engraft_manifest::Role;
use std::collections::HashMap;

/// The beginnings of the digests of source files as they are now, by package (name and version) and file; none for one that is gone.
pub type Now = HashMap<(String, String), Option<u64>>;

const MEND: &str = "`cargo engraft build`, with the same profile";

/// How many changed files of one output are named.
const NAMED: usize = 4;

/// A file in the output directory that this version can't read, and why.
#[must_use]
pub fn unreadable(path: &str, why: &str) -> Finding {
    let what = format!("a file in the output directory is not one that this version of Engraft makes: {why}");
    Finding::new("B7", what, format!("{MEND}, or remove it")).at(path)
}

/// Compares outputs with the sources and with each other. `plugins` and `hosts` are the names that the workspace has.
#[must_use]
pub fn check(outputs: &[Output], now: &Now, plugins: &[String], hosts: &[String]) -> Vec<Finding> {
    let mut found = Vec::new();
    for output in outputs {
        let known = if output.role == Role::Plugin { plugins } else { hosts };
        if !known.contains(&output.name) {
            let what = format!("the workspace has no `{}` any more, and the file is still there", output.name);
            found.push(Finding::new("B7", what, format!("remove {}", output.path)).at(&output.path));
            continue;
        }
        let changed = changed(output, now);
        if !changed.is_empty() {
            let what = format!("`{}` was built before changes in {}", output.name, some_of(&changed));
            found.push(Finding::new("B7", what, MEND).at(&output.path));
        }
        if !output.later.is_empty() {
            let what = format!("`{}` seems to have been built before changes in its own crate: {}", output.name, some_of(&output.later));
            found.push(Finding::new("B7", what, MEND).at(&output.path).perhaps());
        }
        let mut beside = output.hosts_beside(outputs).peekable();
        if output.role == Role::Plugin && beside.peek().is_some() && !beside.any(|host| output.hosts.contains(&host.build_id)) {
            let what = format!("the plugin `{}` was linked for another build of its host", output.name);
            found.push(Finding::new("B7", what, MEND).at(&output.path));
        }
    }
    found
}

fn some_of(files: &[String]) -> String {
    let more = files.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    files[..files.len().min(NAMED)].join(", ") + &more
}

/// The files that are not what they were: those of the workspace's own packages are known.
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
    fn what_is_not_as_it_would_be_built_is_told() {
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
                vec!["`host` seems to have been built before changes in its own crate: host/src/main.rs"],
            ),
            (vec![plugin(&["older"])], now(Some(1)), vec![]),
            (
                vec![output(Role::Plugin, "gone", vec![])],
                Now::new(),
                vec!["the workspace has no `gone` any more, and the file is still there"],
            ),
        ];
        for (outputs, now, expected) in table {
            let found = check(&outputs, &now, &plugins, &hosts);
            assert_eq!(found.iter().map(|finding| finding.what.as_str()).collect::<Vec<_>>(), expected);
        }
    }
}
