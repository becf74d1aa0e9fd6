//! What to build again, and how: chosen from nothing but the differences.

use super::{Difference, Reason};

/// One line for each thing to do, in the order of the differences, none twice.
pub(super) fn remedies(differences: &[Difference]) -> Vec<String> {
    let mut remedies: Vec<String> = Vec::new();
    remedies.extend(wider_api(differences));
    for difference in differences {
        for reason in &difference.reasons {
            if let Some(remedy) = remedy(difference, reason)
                && !remedies.contains(&remedy)
            {
                remedies.push(remedy);
            }
        }
    }
    remedies
}

/// All packages at once: what is added one by one is built as often.
fn wider_api(differences: &[Difference]) -> Option<String> {
    let not_whole = |reason: &Reason| matches!(reason, Reason::Private | Reason::Partial);
    let left_out = differences.iter().filter(|difference| difference.reasons.iter().any(not_whole));
    let names: Vec<&str> = left_out.map(name).collect();
    (!names.is_empty()).then(|| remedy_for_api(&names))
}

/// What to do so that a host exports all of some packages.
#[must_use]
pub fn remedy_for_api(packages: &[&str]) -> String {
    let names: Vec<String> = packages.iter().map(|name| format!("\"{name}\"")).collect();
    let names = names.join(", ");
    format!("add {names} to `api = […]` below [package.metadata.engraft] in the host's Cargo.toml, and then `cargo engraft build`")
}

/// The name of a difference's package.
fn name(difference: &Difference) -> &str {
    difference.package.split(' ').next().unwrap_or_default()
}

fn remedy(difference: &Difference, reason: &Reason) -> Option<String> {
    let package = name(difference);
    let other = difference.other();
    Some(match reason {
        Reason::Compiler { .. } => "build both with one toolchain; a `rust-toolchain.toml` in the workspace pins it".to_owned(),
        Reason::Profile { host, .. } => {
            format!("build the plugin with the profile of {other}: `cargo engraft build{}`", profile_argument(host))
        }
        Reason::Private | Reason::Partial => return None,
        Reason::Flags { .. } if difference.reasons.iter().any(|reason| matches!(reason, Reason::Profile { .. })) => return None,
        Reason::Modifiers { .. } | Reason::Flags { .. } => {
            "build both with the same `RUSTFLAGS`, [profile] settings and `.cargo/config.toml`: `cargo engraft build`".to_owned()
        }
        Reason::Version(versions) => match versions.as_slice() {
            [version] if difference.source == "registry" => {
                let spec = difference.package.replace(' ', "@");
                format!("`cargo update -p {spec} --precise {version}` where the plugin is built, and then `cargo engraft build`")
            }
            versions => format!("build the plugin with {package} {}, as {other} was: `cargo engraft build`", versions.join(" or ")),
        },
        Reason::Features { plugin, host } => {
            let ask = |list: &[String], whose: &str| {
                (!list.is_empty()).then(|| format!("ask for {package}'s {} in the Cargo.toml of {whose} too", list.join(", ")))
            };
            let asked: Vec<String> = [ask(host, "the plugin"), ask(plugin, &other)].into_iter().flatten().collect();
            format!("one `cargo engraft build` for both unifies features; apart from each other, {}", asked.join(", and "))
        }
        Reason::Origin { host, .. } => format!("take {package} from where {other} has it, {host}: then `cargo engraft build`"),
        Reason::Dependencies { .. } => "build both with one Cargo.lock: `cargo engraft build`".to_owned(),
        Reason::Slice(_) => {
            "register elements when the plugin opens: with `#[engraft::init]`, or the crates `inventory` or `ctor`".to_owned()
        }
        Reason::Absent | Reason::Sources(_) | Reason::Generated | Reason::Identity => match difference.holder {
            Some(_) => "build both plugins together, with `cargo engraft build`".to_owned(),
            None => "build host and plugin together, with `cargo engraft build`".to_owned(),
        },
    })
}

/// How a profile is asked for.
fn profile_argument(profile: &str) -> String {
    match profile {
        "dev" => String::new(),
        "release" => " --release".to_owned(),
        other => format!(" --profile {other}"),
    }
}
