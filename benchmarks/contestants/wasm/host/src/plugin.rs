//! A plugin as a component. Arguments are copied into the guest's memory, and results are copied from it.

use crate::bindings::{self, Guest};
use crate::calls;
use protocol::{BoxError, Contestant, Pair};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};
use work::{Answer, Request};

/// One engine for the process, as wasmtime's documentation recommends. The first `open` creates it with everything that it needs.
static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::default);

pub(crate) struct Plugin {
    store: Store<()>,
    instance: bindings::Plugin,
}

impl Plugin {
    fn parts(&mut self) -> (&mut Store<()>, &Guest) {
        (&mut self.store, self.instance.bench_plugin_items())
    }
}

impl Contestant for Plugin {
    fn open(plugin: &Path) -> Result<Self, BoxError> {
        // SAFETY: `compile` wrote the file with this version of wasmtime, and nothing changes it.
        let component = unsafe { Component::deserialize_file(&ENGINE, plugin) }?;
        let mut store = Store::new(&ENGINE, ());
        let instance = bindings::Plugin::instantiate(&mut store, &component, &Linker::new(&ENGINE))?;
        Ok(Self { store, instance })
    }

    fn call(&mut self) -> Result<Pair, BoxError> {
        let (store, guest) = self.parts();
        guest.call_step(&mut *store, 1)?;
        let store = RefCell::new(store);
        let step = |state| guest.call_step(&mut **store.borrow_mut(), state).unwrap_or_default();
        Ok(calls::of_closures(&step))
    }

    fn filter(&mut self, request: &Request) -> Result<Answer, BoxError> {
        let (store, guest) = self.parts();
        let headers: Vec<(&str, &str)> = request.headers.iter().map(texts).collect();
        let lent = bindings::Request { method: &request.method, path: &request.path, headers: &headers, body: &request.body };
        let answer = guest.call_filter(store, lent)?;
        Ok(Answer { status: answer.status, headers: answer.headers, body: answer.body })
    }

    fn sum(&mut self, numbers: &[u64]) -> Result<u64, BoxError> {
        let (store, guest) = self.parts();
        Ok(guest.call_sum(store, numbers)?)
    }

    fn map(&mut self, strings: HashMap<String, String>) -> Result<u64, BoxError> {
        let (store, guest) = self.parts();
        let pairs: Vec<(&str, &str)> = strings.iter().map(|(key, value)| (&**key, &**value)).collect();
        Ok(guest.call_map(store, &pairs)?)
    }

    fn constant(&mut self) -> Result<u64, BoxError> {
        let (store, guest) = self.parts();
        Ok(guest.call_constant(store)?)
    }
}

fn texts((name, value): &(String, String)) -> (&str, &str) {
    (name, value)
}
