//! The command line.

use gateway_api::BoxError;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Usage: gateway [--config FILE] [--listen ADDRESS:PORT]

  --config FILE           what to listen on and which stages to open [default: gateway.conf]
  --listen ADDRESS:PORT   instead of the file's `listen`; port 0 takes a free one
";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    Help,
    Serve { config: PathBuf, listen: Option<SocketAddr> },
}

impl Arguments {
    /// Reads the arguments behind the program's name.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Self, BoxError> {
        let mut config = PathBuf::from("gateway.conf");
        let mut listen = None;
        while let Some(argument) = arguments.next() {
            let mut value = |what| arguments.next().ok_or_else(|| format!("`{what}` lacks its value\n{HELP}"));
            match argument.to_str() {
                Some("--config") => config = value("--config")?.into(),
                Some("--listen") => {
                    let address = value("--listen")?;
                    let parsed = address.to_str().and_then(|address| address.parse().ok());
                    listen = Some(parsed.ok_or_else(|| format!("{address:?} is no ADDRESS:PORT"))?);
                }
                Some("--help" | "-h") => return Ok(Self::Help),
                _ => return Err(format!("unknown argument {argument:?}\n{HELP}").into()),
            }
        }
        Ok(Self::Serve { config, listen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        Arguments::parse(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn what_can_be_asked_for() {
        let serve = |config: &str, listen: Option<&str>| Arguments::Serve {
            config: config.into(),
            listen: listen.map(|listen| listen.parse().unwrap()),
        };
        let cases: [(&[&str], Arguments); 4] = [
            (&[], serve("gateway.conf", None)),
            (&["--config", "a.conf"], serve("a.conf", None)),
            (&["--listen", "[::1]:80", "--config", "a.conf"], serve("a.conf", Some("[::1]:80"))),
            (&["--config", "a.conf", "--help"], Arguments::Help),
        ];
        for (arguments, want) in cases {
            assert_eq!(parse(arguments), Ok(want), "{arguments:?}");
        }
    }

    #[test]
    fn what_cant() {
        let cases: [(&[&str], &str); 4] = [
            (&["--config"], "`--config` lacks its value"),
            (&["--listen", "localhost"], "\"localhost\" is no ADDRESS:PORT"),
            (&["a.conf"], "unknown argument \"a.conf\""),
            (&["--port=80"], "unknown argument \"--port=80\""),
        ];
        for (arguments, want) in cases {
            let error = parse(arguments).unwrap_err();
            assert!(error.starts_with(want), "{error}");
        }
    }
}
