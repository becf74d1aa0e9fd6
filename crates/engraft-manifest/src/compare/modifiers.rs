//! A plugin whose own packages were compiled with flags that differ from the host's in what all code of a process must agree on.

use super::{Difference, Reason};
use crate::Manifest;

/// The difference of the whole plugin; none if a difference that was found names one of these flags already.
pub(super) fn of_whole_plugin(plugin: &Manifest<'_>, process: &[&Manifest<'_>], found: &[Difference]) -> Option<Difference> {
    let host = process.first()?;
    let only_in = |ours: &str, theirs: &str, flag: &str| has(ours, flag) && !has(theirs, flag);
    let differs = |flag: &str| only_in(plugin.modifiers, host.modifiers, flag) || only_in(host.modifiers, plugin.modifiers, flag);
    let names_one = |reason: &Reason| match reason {
        Reason::Flags { plugin, host } => plugin.iter().chain(host).any(|flag| differs(flag)),
        _ => false,
    };
    if found.iter().any(|difference| difference.reasons.iter().any(names_one)) {
        return None;
    }
    let reason = Reason::Modifiers { plugin: plugin.modifiers.to_owned(), host: host.modifiers.to_owned() };
    Some(Difference::new("the whole plugin", "", vec![reason]))
}

fn has(modifiers: &str, flag: &str) -> bool {
    modifiers.split(", ").any(|modifier| modifier == flag)
}
