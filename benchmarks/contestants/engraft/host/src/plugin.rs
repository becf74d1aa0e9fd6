//! A plugin of Engraft, with the items that were looked up in it.

use crate::calls;
use protocol::{BoxError, Contestant, Pair};
use std::collections::HashMap;
use std::path::Path;
use work::{Answer, Request, Step, Stepper};

pub(crate) struct Plugin {
    step: &'static Step,
    stepper: &'static fn() -> Box<dyn Stepper>,
    filter: &'static fn(&Request) -> Answer,
    sum: &'static fn(&[u64]) -> u64,
    map: &'static fn(HashMap<String, String>) -> u64,
    constant: &'static fn() -> u64,
}

impl Contestant for Plugin {
    fn open(plugin: &Path) -> Result<Self, BoxError> {
        // SAFETY: our own build made these files.
        let plugin = unsafe { engraft::open(plugin) }?;
        Ok(Self {
            step: plugin.lookup("step")?,
            stepper: plugin.lookup("stepper")?,
            filter: plugin.lookup("filter")?,
            sum: plugin.lookup("sum")?,
            map: plugin.lookup("map")?,
            constant: plugin.lookup("constant")?,
        })
    }

    fn call(&mut self) -> Result<Pair, BoxError> {
        Ok(calls::of_functions(self.step))
    }

    fn call_trait(&mut self) -> Option<Pair> {
        Some(calls::of_trait_objects(&*(self.stepper)()))
    }

    fn filter(&mut self, request: &Request) -> Result<Answer, BoxError> {
        Ok((self.filter)(request))
    }

    fn sum(&mut self, numbers: &[u64]) -> Result<u64, BoxError> {
        Ok((self.sum)(numbers))
    }

    fn map(&mut self, strings: HashMap<String, String>) -> Result<u64, BoxError> {
        Ok((self.map)(strings))
    }

    fn constant(&mut self) -> Result<u64, BoxError> {
        Ok((self.constant)())
    }
}
