//! One rule of the filter: how it is written, and what it does to a request.

use gateway_api::{Pattern, Request, pattern};
use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// What one line asks for.
#[derive(Debug)]
pub(crate) enum Rule {
    DenyPath(Pattern),
    DenyHeader(HeaderName, Pattern),
    SetHeader(HeaderName, HeaderValue),
    RemoveHeader(HeaderName),
}

/// What a rule did to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    None,
    Changed,
    Denied,
}

impl Rule {
    pub(crate) fn apply(&self, request: &mut Request) -> Effect {
        let (hit, effect) = match self {
            Self::DenyPath(pattern) => {
                // Decoded, because the upstream will decode it: `/%61dmin` is `/admin`.
                let path = Cow::from(percent_decode_str(request.uri.path()));
                (pattern.is_match(&path), Effect::Denied)
            }
            Self::DenyHeader(name, pattern) => {
                let mut values = request.headers.get_all(name).iter();
                (values.any(|value| pattern.is_match(value.as_bytes())), Effect::Denied)
            }
            Self::SetHeader(name, value) => {
                request.headers.insert(name, value.clone());
                (true, Effect::Changed)
            }
            // `remove` takes away all values of the name.
            Self::RemoveHeader(name) => (request.headers.remove(name).is_some(), Effect::Changed),
        };
        if hit { effect } else { Effect::None }
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let (action, rest) = word(line);
        let (object, rest) = word(rest);
        match (action, object) {
            ("deny", "path") => Ok(Self::DenyPath(pattern(rest)?)),
            ("deny", "header") => {
                let (name, rest) = word(rest);
                Ok(Self::DenyHeader(header(name)?, pattern(rest)?))
            }
            ("set", "header") => {
                let (name, value) = word(rest);
                let name = header(name)?;
                if value.is_empty() {
                    return Err(format!("`set header {name}` lacks the value"));
                }
                let value = HeaderValue::from_str(value).map_err(|_| format!("`{value}` holds what no header value may hold"))?;
                Ok(Self::SetHeader(name, value))
            }
            ("remove", "header") => Ok(Self::RemoveHeader(header(rest)?)),
            _ => Err(format!(
                "`{line}` is no rule; rules are `deny path REGEX`, `deny header NAME REGEX`, \
                 `set header NAME VALUE` and `remove header NAME`"
            )),
        }
    }
}

impl Display for Rule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::DenyPath(pattern) => write!(f, "deny path {pattern}"),
            Self::DenyHeader(name, pattern) => write!(f, "deny header {name} {pattern}"),
            Self::SetHeader(name, value) => write!(f, "set header {name} {}", value.as_bytes().escape_ascii()),
            Self::RemoveHeader(name) => write!(f, "remove header {name}"),
        }
    }
}

/// The first word, and what comes behind it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim();
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim()),
        None => (text, ""),
    }
}

fn header(name: &str) -> Result<HeaderName, String> {
    name.parse().map_err(|_| format!("`{name}` is not the name of a header"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, headers: &[(&str, &str)]) -> Request {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        Request { uri: path.parse().unwrap(), headers: headers.collect(), ..Request::default() }
    }

    /// A rule, a path, headers, and what the rule does to such a request.
    type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], Effect);

    #[test]
    fn what_each_rule_does() {
        use Effect::{Changed, Denied, None};
        let cases: [Case; 14] = [
            ("deny path ^/admin", "/admin/users", &[], Denied),
            ("deny path ^/admin", "/%61dmin", &[], Denied),
            ("deny path ^/admin", "/public/admin", &[], None),
            ("deny path ^/admin", "/public?to=/admin", &[], None),
            ("deny path [.]php$", "/index.php?a=b", &[], Denied),
            ("deny path ^/a b$", "/a%20b", &[], Denied),
            ("deny header user-agent ^BadBot", "/", &[("user-agent", "BadBot/1.0")], Denied),
            ("deny header User-Agent ^BadBot", "/", &[("user-agent", "GoodBot")], None),
            ("deny header user-agent ^BadBot", "/", &[], None),
            ("deny header x-a 2", "/", &[("x-a", "1"), ("x-a", "2")], Denied),
            ("set header x-a passed", "/", &[], Changed),
            ("set header x-a passed", "/", &[("x-a", "forged")], Changed),
            ("remove header x-a", "/", &[("x-a", "1"), ("x-a", "2")], Changed),
            ("remove header x-a", "/", &[], None),
        ];
        for (rule, path, headers, want) in cases {
            let mut request = request(path, headers);
            let got = rule.parse::<Rule>().unwrap().apply(&mut request);
            assert_eq!(got, want, "{rule} on {path} {headers:?}");
            if want == Changed {
                let left: Vec<_> = request.headers.get_all("x-a").iter().collect();
                assert_eq!(left, if rule.starts_with("set") { vec!["passed"] } else { vec![] });
            }
        }
    }

    #[test]
    fn rules_that_are_none() {
        let cases = [
            ("", "`` is no rule"),
            ("allow path ^/", "`allow path ^/` is no rule"),
            ("deny", "`deny` is no rule"),
            ("deny path", "the regular expression is missing"),
            ("deny path (", "regex parse error"),
            ("deny header", "`` is not the name of a header"),
            ("deny header a:b x", "`a:b` is not the name of a header"),
            ("deny header user-agent", "the regular expression is missing"),
            ("set header x-a", "`set header x-a` lacks the value"),
            ("remove header x-a x-b", "`x-a x-b` is not the name of a header"),
        ];
        for (line, want) in cases {
            let error = line.parse::<Rule>().unwrap_err();
            assert!(error.starts_with(want), "{line:?}: {error}");
        }
    }

    #[test]
    fn a_rule_is_shown_as_it_was_written() {
        for line in ["deny path ^/a", "deny header x-a b c", "set header x-a b c", "remove header x-a"] {
            assert_eq!(line.parse::<Rule>().unwrap().to_string(), line);
        }
    }
}
