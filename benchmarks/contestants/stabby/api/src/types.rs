//! Request and answer.

use stabby::slice::Slice;
use stabby::str::Str;
use stabby::string::String;
use stabby::tuple::Tuple2;
use stabby::vec::Vec;

/// A request, lent by the host.
#[stabby::stabby]
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// `GET`, `POST` and so on.
    pub method: Str<'a>,
    /// What is asked for.
    pub path: Str<'a>,
    /// Names and values, in order.
    pub headers: Slice<'a, Tuple2<Str<'a>, Str<'a>>>,
    /// What came with it.
    pub body: Slice<'a, u8>,
}

/// An answer, which is the host's once it has it.
#[stabby::stabby]
pub struct Answer {
    /// Names and values, in order.
    pub headers: Vec<Tuple2<String, String>>,
    /// What goes with it.
    pub body: Vec<u8>,
    /// 200 and so on.
    pub status: u16,
}
