//! What is kept of a request.

use gateway_api::Request;
use http::header::USER_AGENT;
use std::time::{SystemTime, UNIX_EPOCH};

/// One row of the table `requests`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Milliseconds since 1970.
    pub(crate) received_ms: i64,
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) user_agent: Option<String>,
}

impl Row {
    /// The row of a request that is received now.
    pub(crate) fn of(request: &Request) -> Self {
        // A clock before 1970, or after the year 292 million, is not worth an error here.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            received_ms: i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            method: request.method.to_string(),
            target: request.uri.to_string(),
            user_agent: request.headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, Method};

    /// A target, the user agent as sent, and as kept.
    type Case = (&'static str, Option<&'static [u8]>, Option<&'static str>);

    #[test]
    fn what_is_kept() {
        let cases: [Case; 3] = [("/", None, None), ("/a?b=c", Some(b"curl/8"), Some("curl/8")), ("/%20", Some(b"\xff"), Some("\u{fffd}"))];
        for (target, sent, kept) in cases {
            let mut request = Request { method: Method::PUT, uri: target.parse().unwrap(), ..Request::default() };
            if let Some(sent) = sent {
                request.headers.insert(USER_AGENT, HeaderValue::from_bytes(sent).unwrap());
            }
            let row = Row::of(&request);
            assert_eq!((row.method.as_str(), row.target.as_str()), ("PUT", target));
            assert_eq!(row.user_agent.as_deref(), kept);
            assert!(row.received_ms > 0);
        }
    }
}
