//! The configuration file: `key = value` lines, and one `[section]` for each stage.
//!
//! What a stage's section means is the stage's business: here it is only cut out.

use gateway_api::{BoxError, Config, ConfigError, Setting};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use tracing::level_filters::LevelFilter;

/// What the file says.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    pub(crate) log: LevelFilter,
    /// Files of the public keys by which stages must be signed; none: no stage need be.
    pub(crate) trust: Vec<PathBuf>,
    /// The stages in the order in which a request passes them.
    pub(crate) stages: Vec<Config>,
}

impl Settings {
    pub(crate) fn read(file: &Path) -> Result<Self, BoxError> {
        // Absolute, so that messages and the paths in the file don't hang on the working directory.
        let file = std::path::absolute(file)?;
        let text = fs::read_to_string(&file).map_err(|error| format!("can't read {}: {error}", file.display()))?;
        Ok(Self::parse(&file, &text)?)
    }

    fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        let (general, mut sections) = split(file, text)?;
        general.only(&["listen", "log", "trust", "stages"])?;
        let mut stages = Vec::new();
        if let Some(setting) = general.one("stages")? {
            for name in setting.value.split(',').map(str::trim) {
                // It becomes the name of a file with native code, so it must not be a path.
                if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)) {
                    return Err(general.wrong(setting, format_args!("`{name}` can't be the name of a stage")));
                }
                if stages.iter().any(|stage: &Config| stage.stage() == name) {
                    return Err(general.wrong(setting, format_args!("stage `{name}` is named a second time")));
                }
                let section = sections.iter().position(|(_, section)| section.stage() == name);
                // A stage may have nothing to be set.
                stages.push(section.map_or_else(|| Config::new(name, file, vec![]), |at| sections.remove(at).1));
            }
        }
        if let Some((header, section)) = sections.first() {
            // A misspelt [filter] must not leave the filter without its rules.
            return Err(general.wrong(header, format_args!("`{}` is not one of the `stages`", section.stage())));
        }
        Ok(Self {
            listen: value(&general, "listen", "an ADDRESS:PORT", (Ipv4Addr::LOCALHOST, 0).into())?,
            log: value(&general, "log", "one of error, warn, info, debug, trace", LevelFilter::INFO)?,
            trust: general.all("trust").map(|key| general.beside(&key.value)).collect(),
            stages,
        })
    }
}

/// The settings before the first section, and the sections, each with the line of its header.
fn split(file: &Path, text: &str) -> Result<(Config, Vec<(Setting, Config)>), ConfigError> {
    let mut parts: Vec<(Setting, Vec<Setting>)> = Vec::new();
    let mut general = Vec::new();
    for (line, text) in text.lines().enumerate().map(|(i, text)| (i + 1, text.trim())) {
        let whole = Setting { key: text.into(), value: String::new(), line };
        if text.is_empty() || text.starts_with('#') {
        } else if let Some(name) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            if parts.iter().any(|(header, _)| header.key == name) {
                return Err(Config::new(name, file, vec![]).wrong(&whole, format_args!("section [{name}] stands here a second time")));
            }
            parts.push((Setting { key: name.into(), ..whole }, vec![]));
        } else if let Some((key, value)) = text.split_once('=') {
            let setting = Setting { key: key.trim().into(), value: value.trim().into(), line };
            parts.last_mut().map_or(&mut general, |(_, settings)| settings).push(setting);
        } else {
            return Err(Config::new("", file, vec![]).wrong(&whole, format_args!("`{text}` is neither `key = value` nor `[stage]`")));
        }
    }
    let section = |(header, settings): (Setting, _)| (header.clone(), Config::new(header.key, file, settings));
    Ok((Config::new("", file, general), parts.into_iter().map(section).collect()))
}

fn value<T: std::str::FromStr>(general: &Config, key: &str, what: &str, default: T) -> Result<T, ConfigError> {
    match general.one(key)? {
        None => Ok(default),
        Some(setting) => setting.value.parse().map_err(|_| general.wrong(setting, format_args!("`{}` is not {what}", setting.value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, String> {
        Settings::parse(Path::new("g.conf"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn an_empty_file_is_a_gateway_without_stages() {
        let settings = parse("# nothing\n\n").unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:0");
        assert_eq!(settings.log, LevelFilter::INFO);
        assert!(settings.stages.is_empty() && settings.trust.is_empty());
    }

    #[test]
    fn several_keys_can_be_trusted() {
        let trust = parse("trust = a.pub\ntrust = /etc/b.pub\n").unwrap().trust;
        assert_eq!(trust, [Path::new("a.pub"), Path::new("/etc/b.pub")]);
    }

    #[test]
    fn sections_go_to_their_stages() {
        let text = "listen = [::1]:80\nlog=warn\nstages = b ,a,c\n[a]\nrule = x = y # z\nrule =\n[b]\n";
        let settings = parse(text).unwrap();
        assert_eq!((settings.listen.to_string().as_str(), settings.log), ("[::1]:80", LevelFilter::WARN));
        let names: Vec<_> = settings.stages.iter().map(Config::stage).collect();
        assert_eq!(names, ["b", "a", "c"]);
        let rules: Vec<_> = settings.stages[1].all("rule").map(|rule| (rule.value.as_str(), rule.line)).collect();
        assert_eq!(rules, [("x = y # z", 5), ("", 6)]);
    }

    #[test]
    fn what_cant_be_used_is_named_with_its_line() {
        let cases = [
            ("listen = here", "g.conf:1: `here` is not an ADDRESS:PORT"),
            ("log = loud", "g.conf:1: `loud` is not one of error, warn, info, debug, trace"),
            ("log = info\nlog = warn", "g.conf:2: `log` is given a second time"),
            ("port = 1", "g.conf:1: unknown key `port`; known here: `listen`, `log`, `trust`, `stages`"),
            ("\nlisten", "g.conf:2: `listen` is neither `key = value` nor `[stage]`"),
            ("stages = a, ../b", "g.conf:1: `../b` can't be the name of a stage"),
            ("stages = a,", "g.conf:1: `` can't be the name of a stage"),
            ("stages = a, a", "g.conf:1: stage `a` is named a second time"),
            ("stages = filter\n[fliter]", "g.conf:2: `fliter` is not one of the `stages`"),
            ("stages = a\n[a]\n[a]", "g.conf:3: section [a] stands here a second time"),
        ];
        for (text, want) in cases {
            assert_eq!(parse(text).unwrap_err(), want);
        }
    }
}
