//! The work as a component. Arguments are copies in the guest's memory, and the host copies results.

mod bindings {
    #![allow(missing_docs, clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block, reason = "made by wit-bindgen")]

    wit_bindgen::generate!({ path: "../wit" });

    export!(Guest with_types_in self);

    pub(crate) struct Guest;
}

use bindings::Guest;
use bindings::exports::bench::plugin::items;

/// The benchmark edits this constant.
const CONSTANT: u64 = 1;

impl items::Guest for Guest {
    fn step(state: u64) -> u64 {
        work::step(state)
    }

    fn filter(request: items::Request) -> items::Answer {
        let items::Request { method, path, headers, body } = request;
        let work::Answer { status, headers, body } = work::filter(&work::Request { method, path, headers, body });
        items::Answer { status, headers, body }
    }

    fn sum(numbers: Vec<u64>) -> u64 {
        work::sum(&numbers)
    }

    fn map(strings: Vec<(String, String)>) -> u64 {
        work::map_parts(strings.iter().map(|(key, value)| (&**key, &**value)))
    }

    fn constant() -> u64 {
        CONSTANT
    }
}
