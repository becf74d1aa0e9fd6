//! A plugin of abi_stable. Strings and vectors are converted to its types without a copy where it allows that. The map is filled
//! again.

use crate::calls;
use abi_stable::library::lib_header_from_path;
use abi_stable::std_types::{RSlice, RStr, RString, Tuple2};
use abi_stable_api::{ItemsRef, Strings};
use protocol::{BoxError, Contestant, Pair};
use std::collections::HashMap;
use std::path::Path;
use work::{Answer, Request};

pub(crate) struct Plugin(ItemsRef);

impl Contestant for Plugin {
    /// Loads the library as hosts with several plugins do, because `RootModule::load_from_file` always returns the first one that it loaded.
    fn open(plugin: &Path) -> Result<Self, BoxError> {
        Ok(Self(lib_header_from_path(plugin)?.init_root_module::<ItemsRef>()?))
    }

    fn call(&mut self) -> Result<Pair, BoxError> {
        Ok(calls::of_functions(&self.0.step()))
    }

    fn call_trait(&mut self) -> Option<Pair> {
        Some(calls::of_objects(&self.0.stepper()()))
    }

    fn filter(&mut self, request: &Request) -> Result<Answer, BoxError> {
        let headers: Vec<Tuple2<RStr<'_>, RStr<'_>>> =
            request.headers.iter().map(|(name, value)| Tuple2(name.as_str().into(), value.as_str().into())).collect();
        let answer = self.0.filter()(abi_stable_api::Request {
            method: request.method.as_str().into(),
            path: request.path.as_str().into(),
            headers: RSlice::from_slice(&headers),
            body: RSlice::from_slice(&request.body),
        });
        Ok(Answer {
            status: answer.status,
            headers: answer.headers.into_iter().map(|Tuple2(name, value)| (name.into(), value.into())).collect(),
            body: answer.body.into(),
        })
    }

    fn sum(&mut self, numbers: &[u64]) -> Result<u64, BoxError> {
        Ok(self.0.sum()(RSlice::from_slice(numbers)))
    }

    fn map(&mut self, strings: HashMap<String, String>) -> Result<u64, BoxError> {
        let strings: Strings = strings.into_iter().map(|(key, value)| (RString::from(key), RString::from(value))).collect();
        Ok(self.0.map()(strings))
    }

    fn constant(&mut self) -> Result<u64, BoxError> {
        Ok(self.0.constant()())
    }
}
