//! B2, B9: finds settings with which host and plugin can't be linked, or that Engraft overrides.

use super::finding::Finding;

/// The settings that affect linking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkSettings {
    /// Profiles that enable link-time optimization, with the value of `lto`.
    pub lto: Vec<(String, String)>,
    /// Which compiler flags enable it, as text: `RUSTFLAGS ask for LTO`.
    pub lto_in_flags: Option<String>,
    /// The default target.
    pub target: Option<String>,
    /// Whether the compiler flags select a statically linked C library.
    pub static_libc: bool,
}

/// Checks all settings.
#[must_use]
pub fn check(settings: &LinkSettings) -> Vec<Finding> {
    let lto = settings.lto.iter().map(|(profile, lto)| {
        Finding::new(
            "B2",
            format!("the profile `{profile}` sets lto = {lto}, which removes symbols that plugins need; Engraft builds without LTO"),
            format!("set `lto = \"off\"` in [profile.{profile}], so that plain cargo builds the code that you ship"),
        )
    });
    let in_flags = settings.lto_in_flags.iter().map(|asked| {
        let what = format!("{asked}, which removes symbols that plugins need; Engraft builds without LTO");
        Finding::new("B2", what, "remove `lto` and `linker-plugin-lto` from the flags")
    });
    let musl = settings.target.iter().filter(|target| target.contains("musl")).map(|target| {
        let what = format!("the default target is {target}: a static musl program has no dynamic loader, so it can't open plugins");
        Finding::new("B9", what, format!("build for {}", target.replace("musl", "gnu")))
    });
    let fixed = settings.static_libc.then(|| {
        let what = "the compiler flags enable `crt-static`: a program without a dynamic loader can't open plugins";
        Finding::new("B9", what, "remove `-C target-feature=+crt-static` from the flags")
    });
    lto.chain(in_flags).chain(musl).chain(fixed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_is_found() {
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
