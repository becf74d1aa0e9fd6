//! Differences as people read them: what many packages have in common is told once, and what helps is told at the end.

use super::difference::{other, tell};
use super::{Difference, Reason, remedy};
use core::fmt;

/// Packages that differ for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// Name and version of each; never empty.
    pub packages: Vec<String>,
    /// The open plugin that has the other ones; none if the host has.
    pub holder: Option<String>,
    /// What differs; never empty.
    pub reasons: Vec<Reason>,
    /// The packages that depend on these, and differ only for that.
    pub followers: Vec<String>,
}

/// All differences, in few lines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// What differs: what concerns most packages first.
    pub groups: Vec<Group>,
    /// What helps, each with its command.
    pub remedies: Vec<String>,
}

/// Sums differences up.
///
/// How a build was made (profile, flags) is the same for most of its packages: such reasons are told for all of them
/// together. What a package has beside them is told of that package.
#[must_use]
pub fn report(differences: &[Difference]) -> Report {
    let mut groups: Vec<Group> = Vec::new();
    for difference in differences {
        let (common, own): (Vec<Reason>, Vec<Reason>) = difference.reasons.iter().cloned().partition(Reason::is_of_the_build);
        let shared = |other: &Difference| {
            other.holder == difference.holder && other.reasons.iter().filter(|reason| reason.is_of_the_build()).eq(&common)
        };
        // Alone with it, a package has one line.
        let alone = common.is_empty() || differences.iter().filter(|other| shared(other)).count() == 1;
        let lines = if alone { vec![difference.reasons.clone()] } else { vec![common, own] };
        for (index, reasons) in lines.into_iter().enumerate().filter(|(_, reasons)| !reasons.is_empty()) {
            let of_many = !alone && index == 0;
            let known = groups.iter_mut().find(|group| of_many && group.holder == difference.holder && group.reasons == reasons);
            let holder = difference.holder.clone();
            match known {
                Some(group) => {
                    group.packages.push(difference.package.clone());
                    group.followers.extend(difference.followers.iter().cloned());
                }
                None => {
                    let followers = difference.followers.clone();
                    groups.push(Group { packages: vec![difference.package.clone()], holder, reasons, followers });
                }
            }
        }
    }
    for group in &mut groups {
        group.followers.sort();
        group.followers.dedup();
    }
    // The order is kept among equals: the compiler is first among the differences, and stays so.
    groups.sort_by_key(|group| {
        let compiler = group.reasons.iter().any(|reason| matches!(reason, Reason::Compiler { .. }));
        (!compiler, core::cmp::Reverse(group.packages.len() + group.followers.len()))
    });
    Report { groups, remedies: remedy::remedies(differences) }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tell(f, &self.packages, &self.reasons, &other(self.holder.as_deref()), self.followers.len())
    }
}

/// A line for each group, indented, and one for each remedy.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.groups.iter().map(|group| format!("  {group}"));
        let remedies = self.remedies.iter().map(|remedy| format!("help: {remedy}"));
        for (index, line) in groups.chain(remedies).enumerate() {
            write!(f, "{}{line}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}
