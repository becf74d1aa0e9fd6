//! A request on its way through the stages, and what a stage says about it.

use http::{HeaderMap, Method, StatusCode, Uri};

/// A request's head. The body stays with the host, which streams it to the upstream.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: Method,
    /// Path and query as the client sent them: not decoded.
    pub uri: Uri,
    /// The headers; what a stage changes is what the next one and the upstream see.
    pub headers: HeaderMap,
}

/// How a request goes on after a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// To the next stage, after the last one to the upstream.
    Continue,
    /// No further: the client gets this answer.
    Answer {
        /// The answer's status.
        status: StatusCode,
        /// The answer's body, plain text.
        body: String,
    },
}
