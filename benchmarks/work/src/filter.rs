//! The first item of work: a filter that answers a request with headers and a body.

use crate::{Fnv, Request};

/// The answer of the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code, such as 200.
    pub status: u16,
    /// Names and values of the headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body of the answer.
    pub body: Vec<u8>,
}

/// The hop-by-hop headers.
const HOP_BY_HOP: [&str; 3] = ["connection", "keep-alive", "transfer-encoding"];

/// Drops hop-by-hop headers, adds the body's hash as `x-filtered`, and answers with the body in uppercase.
#[inline]
pub fn filter(request: &Request) -> Answer {
    filter_parts(request.headers.iter().map(|(name, value)| (&**name, &**value)), &request.body)
}

/// The same for plugins that get the request in another form, so that they need not copy it first.
#[inline]
pub fn filter_parts<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>, body: &[u8]) -> Answer {
    let passes = |name: &str| !HOP_BY_HOP.iter().any(|hop| name.eq_ignore_ascii_case(hop));
    let mut headers: Vec<(String, String)> =
        headers.filter(|(name, _)| passes(name)).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    headers.push(("x-filtered".to_owned(), format!("{:016x}", Fnv::new().and(body).digest())));
    Answer { status: 200, headers, body: body.to_ascii_uppercase() }
}

impl Answer {
    /// The text that hosts print as their answer: the status, the number of headers, and, in 16 hex digits, the hash of each `name:value` line
    /// and of the body.
    pub fn summary(&self) -> String {
        let headers = self
            .headers
            .iter()
            .fold(Fnv::new(), |digest, (name, value)| digest.and(name.as_bytes()).and(b":").and(value.as_bytes()).and(b"\n"));
        format!("{} {} {:016x}", self.status, self.headers.len(), headers.and(&self.body).digest())
    }
}

#[cfg(test)]
mod tests {
    use super::{filter, Answer};
    use crate::request;

    #[test]
    fn filter_drops_three_headers_and_adds_one() {
        let request = request();
        let answer = filter(&request);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers.len(), 12 - 3 + 1);
        assert_eq!(answer.headers[0], request.headers[0]);
        assert!(answer.headers.iter().all(|(name, _)| !["Connection", "Keep-Alive", "Transfer-Encoding"].contains(&&**name)));
        assert_eq!(answer.headers.last().map(|(name, value)| (&**name, value.len())), Some(("x-filtered", 16)));
        assert_eq!(answer.body.len(), 2048);
        assert!(answer.body.starts_with(b" !\"#$%&'()*+,-./0123456789:;<=>?@ABC"));
        assert!(!answer.body.iter().any(u8::is_ascii_lowercase));
    }

    #[test]
    fn different_answers_have_different_summaries() {
        let answer = Answer { status: 200, headers: vec![("a".to_owned(), "b".to_owned())], body: b"X".to_vec() };
        let other = Answer { body: b"Y".to_vec(), ..answer.clone() };
        assert!(answer.summary().starts_with("200 1 "));
        assert_ne!(answer.summary(), other.summary());
    }
}
