//! A plugin as a Rust dylib. Looks its functions up by name; nothing checks their types.

use crate::calls;
use dylib_api::work::{Answer, Request, Step, Stepper};
use libloading::Library;
use protocol::{BoxError, Contestant, Pair};
use std::collections::HashMap;
use std::path::Path;

pub(crate) struct Plugin {
    step: Step,
    stepper: fn() -> Box<dyn Stepper>,
    filter: fn(&Request) -> Answer,
    sum: fn(&[u64]) -> u64,
    map: fn(HashMap<String, String>) -> u64,
    constant: fn() -> u64,
}

impl Contestant for Plugin {
    fn open(plugin: &Path) -> Result<Self, BoxError> {
        // SAFETY: the file is from the same build as this program, and runs no code when it is mapped.
        let library = unsafe { Library::new(plugin) }?;
        // Never unload the library: the host calls its functions until the process ends.
        let library: &'static Library = Box::leak(Box::new(library));
        Ok(Self {
            // SAFETY: the plugin's function with this name has the type of the field.
            step: *unsafe { library.get(b"step") }?,
            // SAFETY: as above.
            stepper: *unsafe { library.get(b"stepper") }?,
            // SAFETY: as above.
            filter: *unsafe { library.get(b"filter") }?,
            // SAFETY: as above.
            sum: *unsafe { library.get(b"sum") }?,
            // SAFETY: as above.
            map: *unsafe { library.get(b"map") }?,
            // SAFETY: as above.
            constant: *unsafe { library.get(b"constant") }?,
        })
    }

    fn call(&mut self) -> Result<Pair, BoxError> {
        Ok(calls::of_functions(&self.step))
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
