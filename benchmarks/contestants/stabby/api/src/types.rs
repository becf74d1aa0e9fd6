//! The types of request and answer.

use stabby::slice::Slice;
use stabby::str::Str;
use stabby::string::String;
use stabby::tuple::Tuple2;
use stabby::vec::Vec;

/// A request that the host lends to the plugin.
#[stabby::stabby]
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, such as `GET` or `POST`.
    pub method: Str<'a>,
    /// The path.
    pub path: Str<'a>,
    /// Names and values of the headers, in order.
    pub headers: Slice<'a, Tuple2<Str<'a>, Str<'a>>>,
    /// The body of the request.
    pub body: Slice<'a, u8>,
}

/// An answer, which the host owns.
#[stabby::stabby]
pub struct Answer {
    /// Names and values of the headers, in order.
    pub headers: Vec<Tuple2<String, String>>,
    /// The body of the answer.
    pub body: Vec<u8>,
    /// The status code, such as 200.
    pub status: u16,
}
