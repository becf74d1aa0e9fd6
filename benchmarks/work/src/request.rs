//! The request that hosts pass to the filter.

/// A request, as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method, such as `GET` or `POST`.
    pub method: String,
    /// The path.
    pub path: String,
    /// Names and values of the headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body of the request.
    pub body: Vec<u8>,
}

const HEADERS: [(&str, &str); 12] = [
    ("Host", "shop.example"),
    ("User-Agent", "bench/1.0 (a request of middling size)"),
    ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "en-GB,en;q=0.7"),
    ("Accept-Encoding", "gzip, br"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", "2048"),
    ("Connection", "keep-alive"),
    ("Keep-Alive", "timeout=5, max=100"),
    ("Transfer-Encoding", "identity"),
    ("Cookie", "session=0123456789abcdef0123456789abcdef; theme=dark"),
    ("X-Request-Id", "4c2f6c1e-8f2d-4b6e-9a3c-0d1e2f3a4b5c"),
];

/// Returns a request with twelve headers, of which the filter drops three, and a body of 2 KiB of repeated printable ASCII.
pub fn request() -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/orders/17?confirm=yes".to_owned(),
        headers: HEADERS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: (0..2048_u32).map(|at| b' ' + (at % 95) as u8).collect(),
    }
}
