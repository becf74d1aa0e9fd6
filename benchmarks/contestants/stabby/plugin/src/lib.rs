//! The work as a stabby plugin.

use stabby::slice::Slice;
use stabby::string::String;
use stabby::tuple::Tuple2;
use stabby::vec::Vec;
use stabby_api::{Answer, Items, Object, Request, Stepper, Work};

/// The benchmark edits this constant.
const CONSTANT: u64 = 1;

/// Does almost no work. It can't have the name `step`: the C library has a `step` that the plugin would find before its own.
#[stabby::export]
pub extern "C" fn next_state(state: u64) -> u64 {
    work::step(state)
}

/// Does almost no work, as a trait object.
#[stabby::export]
pub extern "C" fn stepper() -> Object {
    stabby::boxed::Box::new(Theirs(CONSTANT)).into()
}

/// Returns the object with the other items.
#[stabby::export]
pub extern "C" fn items() -> Work {
    stabby::boxed::Box::new(Theirs(CONSTANT)).into()
}

struct Theirs(u64);

impl Stepper for Theirs {
    extern "C" fn step(&self, state: u64) -> u64 {
        work::step(state) ^ self.0
    }
}

impl Items for Theirs {
    extern "C" fn filter<'a>(&'a self, request: Request<'a>) -> Answer {
        let headers = request.headers.iter().map(|header| (header.0.as_str(), header.1.as_str()));
        let answer = work::filter_parts(headers, &request.body);
        Answer {
            headers: answer.headers.iter().map(|(name, value)| Tuple2(String::from(&**name), String::from(&**value))).collect(),
            body: Vec::from(&*answer.body),
            status: answer.status,
        }
    }

    extern "C" fn sum<'a>(&'a self, numbers: Slice<'a, u64>) -> u64 {
        work::sum(&numbers)
    }

    extern "C" fn map(&self, strings: Vec<Tuple2<String, String>>) -> u64 {
        work::map_parts(strings.iter().map(|pair| (&*pair.0, &*pair.1)))
    }

    extern "C" fn constant(&self) -> u64 {
        self.0
    }
}
