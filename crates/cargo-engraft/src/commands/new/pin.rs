//! Finds rustup's name for the active compiler, for `rust-toolchain.toml`.

use crate::rustc::toolchain::Toolchain;

/// The channel that contains exactly this compiler; none for a compiler that rustup can't install.
///
/// `chosen` is the value of `RUSTUP_TOOLCHAIN`, which rustup sets for the programs that it starts.
pub fn channel(toolchain: &Toolchain, chosen: Option<&str>) -> Option<String> {
    match toolchain.release.split_once('-') {
        // rustup uses the names `1.95.0` and `1.96.0-beta.3` too.
        None => Some(toolchain.release.clone()),
        Some((_, beta)) if beta.starts_with("beta.") => Some(toolchain.release.clone()),
        // rustup names nightlies by date. `chosen` can contain the date. If it is only `nightly`, the date follows
        // from the date of the compiler's commit: a nightly contains the commits up to the day before.
        Some((_, "nightly")) => {
            let chosen = chosen.and_then(|name| name.strip_prefix("nightly-")?.get(..10)).filter(|date| parse(date).is_some());
            let date = chosen.map(str::to_owned).or_else(|| day_after(commit_date(&toolchain.version)?))?;
            Some(format!("nightly-{date}"))
        }
        // `-dev`: a local build of the compiler.
        Some(_) => None,
    }
}

/// The date in `rustc 1.97.0-nightly (4b94758d2 2026-05-13)`.
fn commit_date(version: &str) -> Option<(u32, u32, u32)> {
    parse(version.strip_suffix(')')?.rsplit_once(' ')?.1)
}

fn parse(date: &str) -> Option<(u32, u32, u32)> {
    let mut parts = date.split('-').map(|part| part.parse().ok());
    let parsed = (parts.next()??, parts.next()??, parts.next()??);
    (date.len() == 10 && parts.next().is_none()).then_some(parsed)
}

fn day_after((year, month, day): (u32, u32, u32)) -> Option<String> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let (year, month, day) = match (day < days, month) {
        (true, _) => (year, month, day + 1),
        (false, 12) => (year + 1, 1, 1),
        (false, _) => (year, month + 1, 1),
    };
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channel_names_exactly_one_compiler() {
        let dated = |date: &str| format!("rustc 1.97.0-nightly (4b94758d2 {date})");
        let cases = [
            ("1.95.0", "rustc 1.95.0 (59807616e 2026-04-14)".to_owned(), Some("stable-x86_64-unknown-linux-gnu"), Some("1.95.0")),
            ("1.96.0-beta.3", "rustc 1.96.0-beta.3 (4b94758d2 2026-05-13)".to_owned(), None, Some("1.96.0-beta.3")),
            ("1.97.0-nightly", dated("2026-05-13"), None, Some("nightly-2026-05-14")),
            ("1.97.0-nightly", dated("2026-05-31"), Some("nightly-x86_64-unknown-linux-gnu"), Some("nightly-2026-06-01")),
            ("1.97.0-nightly", dated("2027-12-31"), Some("mine"), Some("nightly-2028-01-01")),
            ("1.97.0-nightly", dated("2028-02-28"), None, Some("nightly-2028-02-29")),
            ("1.97.0-nightly", dated("2026-02-28"), None, Some("nightly-2026-03-01")),
            ("1.97.0-nightly", dated("2026-05-13"), Some("nightly-2026-05-15-x86_64-unknown-linux-gnu"), Some("nightly-2026-05-15")),
            ("1.97.0-nightly", "rustc 1.97.0-nightly".to_owned(), None, None),
            ("1.97.0-dev", "rustc 1.97.0-dev".to_owned(), None, None),
        ];
        for (release, version, chosen, expected) in cases {
            let toolchain =
                Toolchain { version, release: release.to_owned(), commit: String::new(), host: String::new(), sysroot: "/".into() };
            assert_eq!(channel(&toolchain, chosen).as_deref(), expected, "{}", toolchain.version);
        }
    }
}
