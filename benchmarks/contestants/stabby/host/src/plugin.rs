//! A plugin of stabby. Borrowed data is passed as it is; owned data is copied into stabby's types and out of them.

use crate::calls;
use libloading::Library;
use protocol::{BoxError, Contestant, Pair};
use stabby::libloading::StabbyLibrary;
use stabby::str::Str;
use stabby::string::String as StableString;
use stabby::tuple::Tuple2;
use stabby_api::{ItemsDyn, MakeItems, MakeStepper, Step, Work};
use std::collections::HashMap;
use std::path::Path;
use work::{Answer, Request};

pub(crate) struct Plugin {
    step: Step,
    stepper: MakeStepper,
    items: Work,
}

impl Contestant for Plugin {
    fn open(plugin: &Path) -> Result<Self, BoxError> {
        // SAFETY: our own build made the file, which runs no code when it is mapped.
        let library = unsafe { Library::new(plugin) }?;
        // Never unload the library: the host calls its functions until the process ends.
        let library: &'static Library = Box::leak(Box::new(library));
        // SAFETY: stabby compares the types, and the plugin is built with the same version of stabby. The same holds for the others.
        let items = *unsafe { library.get_stabbied::<MakeItems>(b"items") }?;
        Ok(Self {
            // SAFETY: as above.
            step: *unsafe { library.get_stabbied::<Step>(b"next_state") }?,
            // SAFETY: as above.
            stepper: *unsafe { library.get_stabbied::<MakeStepper>(b"stepper") }?,
            items: items(),
        })
    }

    fn call(&mut self) -> Result<Pair, BoxError> {
        Ok(calls::of_functions(&self.step))
    }

    fn call_trait(&mut self) -> Option<Pair> {
        Some(calls::of_objects(&(self.stepper)()))
    }

    fn filter(&mut self, request: &Request) -> Result<Answer, BoxError> {
        let headers: Vec<Tuple2<Str<'_>, Str<'_>>> =
            request.headers.iter().map(|(name, value)| Tuple2(name.as_str().into(), value.as_str().into())).collect();
        let answer = self.items.filter(stabby_api::Request {
            method: request.method.as_str().into(),
            path: request.path.as_str().into(),
            headers: headers.as_slice().into(),
            body: request.body.as_slice().into(),
        });
        Ok(Answer {
            status: answer.status,
            headers: answer.headers.iter().map(|header| ((*header.0).to_owned(), (*header.1).to_owned())).collect(),
            body: answer.body.to_vec(),
        })
    }

    fn sum(&mut self, numbers: &[u64]) -> Result<u64, BoxError> {
        Ok(self.items.sum(numbers.into()))
    }

    fn map(&mut self, strings: HashMap<String, String>) -> Result<u64, BoxError> {
        let pairs = strings.iter().map(|(key, value)| Tuple2(StableString::from(&**key), StableString::from(&**value)));
        Ok(self.items.map(pairs.collect()))
    }

    fn constant(&mut self) -> Result<u64, BoxError> {
        Ok(self.items.constant())
    }
}
