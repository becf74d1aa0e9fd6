//! The interface for abi_stable: types with a fixed layout, which is checked at `open`.

mod module;
mod stepper;

pub use module::{Items, ItemsRef};
pub use stepper::{Stepper, Stepper_TO};

use abi_stable::StableAbi;
use abi_stable::std_types::{RHashMap, RSlice, RStr, RString, RVec, Tuple2};

/// A request that the host lends to the plugin.
#[repr(C)]
#[derive(Debug, Clone, Copy, StableAbi)]
pub struct Request<'a> {
    /// The method, such as `GET` or `POST`.
    pub method: RStr<'a>,
    /// The path.
    pub path: RStr<'a>,
    /// Names and values of the headers, in order.
    pub headers: RSlice<'a, Tuple2<RStr<'a>, RStr<'a>>>,
    /// The body of the request.
    pub body: RSlice<'a, u8>,
}

/// An answer, which the host owns.
#[repr(C)]
#[derive(Debug, StableAbi)]
pub struct Answer {
    /// The status code, such as 200.
    pub status: u16,
    /// Names and values of the headers, in order.
    pub headers: RVec<Tuple2<RString, RString>>,
    /// The body of the answer.
    pub body: RVec<u8>,
}

/// A map that the host passes by value.
pub type Strings = RHashMap<RString, RString>;

/// A function of a plugin that hosts call.
pub type Step = extern "C" fn(u64) -> u64;
