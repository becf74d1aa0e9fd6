//! The work as an abi_stable plugin.

#![allow(missing_docs, reason = "abi_stable makes a static of the function that it exports")]

use abi_stable::prefix_type::PrefixTypeTrait;
use abi_stable::sabi_trait::TD_Opaque;
use abi_stable::std_types::{RBox, RSlice, RString, Tuple2};
use abi_stable::{export_root_module, sabi_extern_fn};
use abi_stable_api::{Answer, Items, ItemsRef, Request, Stepper, Stepper_TO, Strings};

/// The benchmark edits this constant.
const CONSTANT: u64 = 1;

/// The library's root module.
#[export_root_module]
pub fn items() -> ItemsRef {
    Items { step, stepper, filter, sum, map, constant }.leak_into_prefix()
}

struct Theirs(u64);

impl Stepper for Theirs {
    fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

// Leave out the panic guard of `sabi_extern_fn`, because the host's own function has none, and nothing here can panic.
extern "C" fn step(state: u64) -> u64 {
    work::step(state)
}

#[sabi_extern_fn]
fn stepper() -> Stepper_TO<'static, RBox<()>> {
    Stepper_TO::from_value(Theirs(CONSTANT), TD_Opaque)
}

#[sabi_extern_fn]
fn filter(request: Request<'_>) -> Answer {
    let headers = request.headers.as_slice().iter().map(|Tuple2(name, value)| (name.as_str(), value.as_str()));
    let answer = work::filter_parts(headers, request.body.as_slice());
    Answer {
        status: answer.status,
        headers: answer.headers.into_iter().map(|(name, value)| Tuple2(RString::from(name), RString::from(value))).collect(),
        body: answer.body.into(),
    }
}

#[sabi_extern_fn]
fn sum(numbers: RSlice<'_, u64>) -> u64 {
    work::sum(numbers.as_slice())
}

#[sabi_extern_fn]
fn map(strings: Strings) -> u64 {
    work::map_parts(strings.iter().map(|Tuple2(key, value)| (key.as_str(), value.as_str())))
}

#[sabi_extern_fn]
fn constant() -> u64 {
    CONSTANT
}
