//! Why packages differ: each fault followed back to the package where the difference begins.

mod dependents;
mod difference;
mod modifiers;
mod reasons;
mod remedy;
mod report;

pub use difference::{Difference, Reason};
pub use remedy::remedy_for_api;
pub use report::{Group, Report, report};

use crate::{Fault, Manifest, Origin, Role, Toolchain};
use dependents::Dependents;
use modifiers::of_whole_plugin;
use reasons::{Comparison, compare};

/// Explains the faults that [`judge`](crate::judge()) found, against the manifests that the process consists of, the host's first.
///
/// Packages that differ only because a package they depend on differs, or because the compiler does, are not listed: they are
/// the [`followers`](Difference::followers) of that one. The compiler comes first, then the difference with most followers.
#[must_use]
pub fn differences(plugin: &Manifest<'_>, faults: &[Fault], process: &[&Manifest<'_>]) -> Vec<Difference> {
    let mut faulty = vec![false; plugin.packages.len()];
    for index in faults.iter().filter_map(|fault| fault.package()) {
        // None where the file was written anew after it was judged.
        faulty.get_mut(index).into_iter().for_each(|faulty| *faulty = true);
    }
    let compared: Vec<(usize, Comparison)> = (0..faulty.len())
        .filter(|&index| faulty[index])
        .map(|index| (index, compare(plugin, &plugin.packages[index], process, &faulty)))
        .collect();
    // Whoever may use a package may use all that it depends on: the names that help are those at the top.
    let is_private = |comparison: &Comparison| *comparison.reasons == [Reason::Private];
    let mut implied = vec![false; faulty.len()];
    for (index, _) in compared.iter().filter(|(_, comparison)| is_private(comparison)) {
        plugin.packages[*index].dependencies.iter().for_each(|&dependency| implied[dependency as usize] = true);
    }
    let compared: Vec<(usize, Comparison)> =
        compared.into_iter().filter(|(index, comparison)| !(implied[*index] && is_private(comparison))).collect();
    let compiler = process.first().filter(|host| host.toolchain != plugin.toolchain);
    let panic_strategy = compared.iter().any(|(_, comparison)| comparison.reasons.iter().any(is_of_the_panic_strategy));
    let (consequences, roots): (Vec<_>, Vec<_>) = compared.iter().partition(|(index, comparison)| {
        let package = &plugin.packages[*index];
        let explained = || compiler.is_some() || package.dependencies.iter().any(|&dependency| faulty[dependency as usize]);
        // The toolchain's runtime for panics is one for each strategy.
        (matches!(*comparison.reasons, [Reason::Generated | Reason::Identity]) && explained())
            || (panic_strategy && package.source == "toolchain")
    });
    let mut dependents = Dependents::new(plugin);
    let label = |index: usize| plugin.packages[index].label();
    let mut found: Vec<Difference> = roots
        .into_iter()
        .map(|(root, comparison)| {
            let reached = if consequences.is_empty() { Vec::new() } else { dependents.of(*root) };
            let followers = consequences.iter().filter(|(index, _)| reached.get(*index) == Some(&true)).map(|(index, _)| label(*index));
            Difference {
                package: label(*root),
                source: plugin.packages[*root].source.to_owned(),
                holder: comparison.holder.clone(),
                reasons: comparison.reasons.clone(),
                followers: followers.collect(),
            }
        })
        .collect();
    found.extend(faults.iter().filter_map(|fault| slice(plugin, *fault, process)));
    if faults.contains(&Fault::Modifiers) {
        found.extend(of_whole_plugin(plugin, process, &found));
    }
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

/// Explains a slice of which the process has its reader already.
fn slice(plugin: &Manifest<'_>, fault: Fault, process: &[&Manifest<'_>]) -> Option<Difference> {
    let Fault::Slice { reads, adds } = fault else { return None };
    let (reader, adding) = (plugin.package(reads)?, plugin.package(adds)?);
    let first = process.iter().find(|manifest| manifest.package(reads).is_some_and(|package| package.origin != Origin::Hosted));
    let holder = first.filter(|first| first.role == Role::Plugin).map(|first| first.name.to_owned());
    let reasons = vec![Reason::Slice(reader.label())];
    Some(Difference { package: adding.label(), source: adding.source.to_owned(), holder, reasons, followers: Vec::new() })
}

/// Whether two builds panic in different ways.
fn is_of_the_panic_strategy(reason: &Reason) -> bool {
    match reason {
        Reason::Flags { plugin, host } => plugin.iter().chain(host).any(|flag| flag.starts_with("-C panic=")),
        _ => false,
    }
}
