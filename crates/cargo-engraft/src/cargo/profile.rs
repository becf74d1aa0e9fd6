//! cargo's profiles, as far as Engraft must know: their directory, and whether they ask for link-time optimisation.

use super::config::Config;

/// The directory in which cargo puts a profile's output.
#[must_use]
pub fn directory(profile: &str) -> &str {
    match profile {
        "dev" | "test" => "debug",
        "bench" => "release",
        other => other,
    }
}

/// The `lto` setting of a profile, where it is one that hosts and plugins can't be linked with.
///
/// Looked for as cargo does: the environment, the configuration files, the workspace's manifest, and then
/// the profile that it inherits from. `false` and `"off"` are fine: they keep every symbol.
#[must_use]
pub fn lto(profile: &str, manifest: &toml::Table, config: &Config, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut name = profile;
    for _ in 0..16 {
        let from_env = variable(&format!("CARGO_PROFILE_{}_LTO", name.to_uppercase().replace('-', "_")));
        let in_manifest = |key: &str| manifest.get("profile")?.get(name)?.get(key);
        let setting = |key: &str| config.get(&["profile", name, key]).or_else(|| in_manifest(key));
        if let Some(lto) = from_env.or_else(|| setting("lto").map(text)) {
            return Some(lto).filter(|lto| !matches!(lto.as_str(), "false" | "off" | "n" | "no"));
        }
        name = match (setting("inherits").and_then(toml::Value::as_str), name) {
            (Some(parent), _) => parent,
            (None, "test") => "dev",
            (None, "bench") => "release",
            (None, _) => return None,
        };
    }
    None
}

fn text(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lto_is_found_wherever_it_is_set() {
        let table = |text: &str| text.parse::<toml::Table>().unwrap();
        let cases = [
            ("release", "", None),
            ("release", "[profile.release]\nlto = true", Some("true")),
            ("release", "[profile.release]\nlto = 'thin'", Some("thin")),
            ("release", "[profile.release]\nlto = false", None),
            ("release", "[profile.release]\nlto = 'off'", None),
            ("dev", "[profile.release]\nlto = true", None),
            ("dist", "[profile.release]\nlto = 'fat'\n[profile.dist]\ninherits = 'release'", Some("fat")),
            ("dist", "[profile.release]\nlto = 'fat'\n[profile.dist]\ninherits = 'release'\nlto = false", None),
            ("bench", "[profile.release]\nlto = 'fat'", Some("fat")),
            ("round", "[profile.round]\ninherits = 'round'", None),
        ];
        for (profile, manifest, expected) in cases {
            assert_eq!(lto(profile, &table(manifest), &Config::default(), |_| None).as_deref(), expected, "{profile}: {manifest}");
        }
        let from_env = |name: &str| (name == "CARGO_PROFILE_MY_DIST_LTO").then(|| "fat".to_owned());
        assert_eq!(lto("my-dist", &table(""), &Config::default(), from_env).as_deref(), Some("fat"));
    }
}
