//! Why packages differ: each fault followed back to the package where the difference begins.

mod difference;
mod reasons;
mod remedy;
mod report;

pub use difference::{Difference, Reason};
pub use report::{Group, Report, report};

use crate::{Fault, Manifest, Toolchain};
use reasons::{Comparison, compare};

/// Explains the faults that [`judge`](crate::judge) found, against the manifests that the process consists of, the host's first.
///
/// Packages that differ only because a package they depend on differs, or because the compiler does, are not listed: they are
/// the [`followers`](Difference::followers) of that one. The compiler comes first, then the difference with most followers.
#[must_use]
pub fn differences(plugin: &Manifest<'_>, faults: &[Fault], process: &[&Manifest<'_>]) -> Vec<Difference> {
    let faulty: Vec<usize> = faults.iter().filter_map(|fault| fault.package()).collect();
    let compared: Vec<(usize, Comparison)> =
        faulty.iter().map(|&index| (index, compare(plugin, &plugin.packages[index], process, &faulty))).collect();
    let compiler = process.first().filter(|host| host.toolchain != plugin.toolchain);
    let (consequences, roots): (Vec<_>, Vec<_>) = compared.iter().partition(|(index, comparison)| {
        let explained = || compiler.is_some() || plugin.packages[*index].dependencies.iter().any(|&dep| faulty.contains(&(dep as usize)));
        (matches!(*comparison.reasons, [Reason::Generated | Reason::Identity]) && explained())
            || follows_the_panic_strategy(plugin, *index, &compared)
    });
    let label = |index: usize| plugin.packages[index].label();
    let mut found: Vec<Difference> = roots
        .into_iter()
        .map(|(root, comparison)| {
            let followers = consequences.iter().filter(|(index, _)| depends_on(plugin, *index, *root)).map(|(index, _)| label(*index));
            Difference {
                package: label(*root),
                source: plugin.packages[*root].source.to_owned(),
                holder: comparison.holder.clone(),
                reasons: comparison.reasons.clone(),
                followers: followers.collect(),
            }
        })
        .collect();
    found.sort_by(|a, b| b.followers.len().cmp(&a.followers.len()).then_with(|| a.package.cmp(&b.package)));
    if let Some(host) = compiler {
        let words = |toolchain: &Toolchain<'_>| format!("{} for {}", toolchain.version, toolchain.host);
        let followers = consequences.iter().map(|(index, _)| label(*index)).collect();
        let reasons = vec![Reason::Compiler { plugin: words(&plugin.toolchain), host: words(&host.toolchain) }];
        let package = "the compiler".to_owned();
        found.insert(0, Difference { package, source: "toolchain".to_owned(), holder: None, reasons, followers });
    }
    found
}

/// Whether a package is the toolchain's runtime for panics, of which there is one for each strategy, and the strategies differ.
fn follows_the_panic_strategy(plugin: &Manifest<'_>, index: usize, compared: &[(usize, Comparison)]) -> bool {
    let strategy = |reason: &Reason| match reason {
        Reason::Flags { plugin, host } => plugin.iter().chain(host).any(|flag| flag.starts_with("-C panic=")),
        _ => false,
    };
    plugin.packages[index].source == "toolchain" && compared.iter().any(|(_, other)| other.reasons.iter().any(strategy))
}

/// Whether one package reaches another.
fn depends_on(manifest: &Manifest<'_>, from: usize, to: usize) -> bool {
    let mut reached = vec![false; manifest.packages.len()];
    let mut left = vec![from];
    while let Some(index) = left.pop() {
        for &dependency in &manifest.packages[index].dependencies {
            let dependency = dependency as usize;
            if dependency == to {
                return true;
            }
            if !core::mem::replace(&mut reached[dependency], true) {
                left.push(dependency);
            }
        }
    }
    false
}
