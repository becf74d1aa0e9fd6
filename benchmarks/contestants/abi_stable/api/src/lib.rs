//! What abi_stable can say of a request, an answer and a plugin: types whose layout is fixed, and checked at `open`.

mod module;
mod stepper;

pub use module::{Items, ItemsRef};
pub use stepper::{Stepper, Stepper_TO};

use abi_stable::StableAbi;
use abi_stable::std_types::{RHashMap, RSlice, RStr, RString, RVec, Tuple2};

/// A request, lent by the host.
#[repr(C)]
#[derive(Debug, Clone, Copy, StableAbi)]
pub struct Request<'a> {
    /// `GET`, `POST` and so on.
    pub method: RStr<'a>,
    /// What is asked for.
    pub path: RStr<'a>,
    /// Names and values, in order.
    pub headers: RSlice<'a, Tuple2<RStr<'a>, RStr<'a>>>,
    /// What came with it.
    pub body: RSlice<'a, u8>,
}

/// An answer, which is the host's once it has it.
#[repr(C)]
#[derive(Debug, StableAbi)]
pub struct Answer {
    /// 200 and so on.
    pub status: u16,
    /// Names and values, in order.
    pub headers: RVec<Tuple2<RString, RString>>,
    /// What goes with it.
    pub body: RVec<u8>,
}

/// A map that is handed over.
pub type Strings = RHashMap<RString, RString>;

/// A function that plugins have and hosts call.
pub type Step = extern "C" fn(u64) -> u64;
