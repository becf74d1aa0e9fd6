//! B2, B9: settings with which host and plugin can't be linked, or not as they were meant to be.

use super::finding::Finding;

/// What is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkSettings {
    /// Profiles that ask for link-time optimisation, and how.
    pub lto: Vec<(String, String)>,
    /// Who asks for it among the compiler's flags, in words.
    pub lto_in_flags: Option<String>,
    /// The target that is built for if none is named.
    pub target: Option<String>,
    /// Whether the flags ask for a statically linked C library.
    pub static_libc: bool,
}

/// Looks at all of them.
#[must_use]
pub fn check(settings: &LinkSettings) -> Vec<Finding> {
    let lto = settings.lto.iter().map(|(profile, lto)| {
        Finding::new(
            "B2",
            format!("the profile `{profile}` asks for lto = {lto}, which removes the symbols that plugins borrow; Engraft builds without"),
            format!("`lto = \"off\"` in [profile.{profile}], so that what is measured and what is shipped are the same"),
        )
    });
    let in_flags = settings.lto_in_flags.iter().map(|asked| {
        let what = format!("{asked}, which removes the symbols that plugins borrow; Engraft builds without");
        Finding::new("B2", what, "take `lto` and `linker-plugin-lto` out of the flags")
    });
    let musl = settings.target.iter().filter(|target| target.contains("musl")).map(|target| {
        let what = format!("builds are for {target}: a static musl program has no dynamic loader, so it can't open plugins");
        Finding::new("B9", what, format!("build for {}", target.replace("musl", "gnu")))
    });
    let fixed = settings.static_libc.then(|| {
        let what = "the flags ask for `crt-static`: a program without a dynamic loader can't open plugins";
        Finding::new("B9", what, "take `-C target-feature=+crt-static` out of the flags")
    });
    lto.chain(in_flags).chain(musl).chain(fixed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_is_told() {
        let none = LinkSettings::default();
        let gnu = Some("x86_64-unknown-linux-gnu".to_owned());
        let table = [
            (LinkSettings { target: gnu, ..none.clone() }, vec![]),
            (LinkSettings { lto: vec![("release".into(), "fat".into())], ..none.clone() }, vec!["B2"]),
            (LinkSettings { lto_in_flags: Some("RUSTFLAGS ask for LTO".into()), ..none.clone() }, vec!["B2"]),
            (LinkSettings { target: Some("x86_64-unknown-linux-musl".into()), ..none.clone() }, vec!["B9"]),
            (LinkSettings { static_libc: true, ..none }, vec!["B9"]),
        ];
        for (settings, bugs) in table {
            let found = check(&settings);
            assert_eq!(found.iter().map(|finding| finding.bug.as_str()).collect::<Vec<_>>(), bugs, "{settings:?}");
        }
    }
}
