//! The upstream, built in so that the example runs alone: answers with the request as it arrived.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

/// Method, path, query and headers behind the stages, as JSON.
pub(crate) fn echo(request: &Request) -> Response {
    ([(CONTENT_TYPE, "application/json")], format!("{:#}\n", describe(request))).into_response()
}

fn describe(request: &Request) -> Value {
    let headers = request.headers();
    let values = |name| {
        let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        values.collect::<Vec<_>>().join(", ")
    };
    json!({
        "method": request.method().as_str(),
        "path": request.uri().path(),
        "query": request.uri().query(),
        "headers": headers.keys().map(|name| (name.to_string(), values(name).into())).collect::<serde_json::Map<_, _>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn everything_that_arrived_is_shown() {
        let request = Request::post("/a%20b?c=d&e").header("x-a", "1").header("x-a", "2").header("x-b", "\t\"");
        assert_eq!(
            describe(&request.body(Body::empty()).unwrap()),
            json!({
                "method": "POST",
                "path": "/a%20b",
                "query": "c=d&e",
                "headers": {"x-a": "1, 2", "x-b": "\t\""},
            })
        );
        let request = Request::get("/").body(Body::empty()).unwrap();
        assert_eq!(describe(&request)["query"], Value::Null);
    }
}
