//! A plugin as a cdylib. The host lends arguments as pointers and lengths. It copies results and returns them to the plugin.

use crate::calls;
use cdylib_abi::{Bytes, Constant, Filter, Items, Map, Pair, Release, Step, Sum};
use libloading::Library;
use protocol::{BoxError, Contestant};
use std::collections::HashMap;
use std::path::Path;
use work::{Answer, Request};

pub(crate) struct Plugin {
    step: Step,
    filter: Filter,
    release: Release,
    sum: Sum,
    map: Map,
    constant: Constant,
}

impl Contestant for Plugin {
    fn open(plugin: &Path) -> Result<Self, BoxError> {
        // SAFETY: our own build made the file, which runs no code when it is mapped.
        let library = unsafe { Library::new(plugin) }?;
        // Never unload the library: the host calls its functions until the process ends.
        let library: &'static Library = Box::leak(Box::new(library));
        Ok(Self {
            // SAFETY: the plugin's function with this name has the type of the field.
            step: *unsafe { library.get(b"step") }?,
            // SAFETY: as above.
            filter: *unsafe { library.get(b"filter") }?,
            // SAFETY: as above.
            release: *unsafe { library.get(b"release") }?,
            // SAFETY: as above.
            sum: *unsafe { library.get(b"sum") }?,
            // SAFETY: as above.
            map: *unsafe { library.get(b"map") }?,
            // SAFETY: as above.
            constant: *unsafe { library.get(b"constant") }?,
        })
    }

    fn call(&mut self) -> Result<protocol::Pair, BoxError> {
        Ok(calls::of_functions(&self.step))
    }

    fn filter(&mut self, request: &Request) -> Result<Answer, BoxError> {
        let headers: Vec<Pair> = request.headers.iter().map(|(name, value)| pair(name, value)).collect();
        let lent = cdylib_abi::Request {
            method: Bytes::of(request.method.as_bytes()),
            path: Bytes::of(request.path.as_bytes()),
            headers: Items::of(&headers),
            body: Bytes::of(&request.body),
        };
        // SAFETY: the borrowed data outlives the call.
        let answer = unsafe { (self.filter)(&lent) };
        let copied = copied(&answer);
        // SAFETY: the plugin created it, and everything needed is copied.
        unsafe { (self.release)(answer) };
        Ok(copied)
    }

    fn sum(&mut self, numbers: &[u64]) -> Result<u64, BoxError> {
        // SAFETY: the numbers outlive the call.
        Ok(unsafe { (self.sum)(Items::of(numbers)) })
    }

    fn map(&mut self, strings: HashMap<String, String>) -> Result<u64, BoxError> {
        let pairs: Vec<Pair> = strings.iter().map(|(key, value)| pair(key, value)).collect();
        // SAFETY: the strings outlive the call.
        Ok(unsafe { (self.map)(Items::of(&pairs)) })
    }

    fn constant(&mut self) -> Result<u64, BoxError> {
        Ok((self.constant)())
    }
}

fn pair(name: &str, value: &str) -> Pair {
    Pair { name: Bytes::of(name.as_bytes()), value: Bytes::of(value.as_bytes()) }
}

fn copied(answer: &cdylib_abi::Answer) -> Answer {
    // SAFETY: the plugin keeps the data of an answer alive until it is released.
    let headers = unsafe { answer.headers.slice() };
    // SAFETY: as above.
    let body = unsafe { answer.body.slice() };
    Answer { status: answer.status, headers: headers.iter().map(texts).collect(), body: body.to_vec() }
}

fn texts(pair: &Pair) -> (String, String) {
    // SAFETY: the plugin created it from a string, which it keeps alive until the answer is released.
    let name = unsafe { pair.name.text() };
    // SAFETY: as above.
    let value = unsafe { pair.value.text() };
    (name.to_owned(), value.to_owned())
}
