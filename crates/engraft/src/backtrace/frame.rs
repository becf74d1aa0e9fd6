//! What the frames of a stack are: by the debug information of the objects that they are in, or else by what those export.

use super::debug_file;
use crate::sys::{self, Object};
use addr2line::Loader;
use std::path::Path;

/// A function that was being called. A frame has several where calls were inlined.
pub(super) struct Call {
    /// Which frame, counted from the innermost.
    pub(super) frame: usize,
    /// Where in it the call was made.
    pub(super) address: usize,
    /// As the source has it; `<unknown>` if nobody knows.
    pub(super) name: String,
    /// File, line and column, as far as they are known.
    pub(super) place: Option<String>,
}

/// What was being called at these addresses.
pub(super) fn calls(addresses: &[usize]) -> Vec<Call> {
    let mut read: Vec<(Object, Option<Loader>)> = Vec::new();
    let mut calls = Vec::new();
    for (frame, &address) in addresses.iter().enumerate() {
        let found = calls.len();
        let exported = sys::object_at(address).and_then(|(object, exported)| {
            let at = read.iter().position(|(known, _)| *known == object).unwrap_or_else(|| {
                let debug_information = open(&object);
                read.push((object, debug_information));
                read.len() - 1
            });
            if let (object, Some(debug_information)) = &read[at] {
                known(debug_information, frame, address, address.wrapping_sub(object.bias), &mut calls);
            }
            exported
        });
        if calls.len() == found {
            calls.push(Call { frame, address, name: readable(exported.as_deref()), place: None });
        }
    }
    calls
}

/// Every function at an address of an object, the innermost first.
fn known(debug_information: &Loader, frame: usize, address: usize, in_file: usize, calls: &mut Vec<Call>) {
    let before = calls.len();
    let probe = in_file as u64;
    if let Ok(mut functions) = debug_information.find_frames(probe) {
        while let Ok(Some(function)) = functions.next() {
            let name = function.function.as_ref().and_then(|name| name.raw_name().ok());
            let place = function.location.and_then(|location| {
                let (file, line) = (location.file?, location.line?);
                Some(location.column.map_or_else(|| format!("{file}:{line}"), |column| format!("{file}:{line}:{column}")))
            });
            calls.push(Call { frame, address, name: readable(name.as_deref()), place });
        }
    }
    let Some(symbol) = debug_information.find_symbol(probe) else { return };
    // The symbol's name has the whole path, also where line tables are all that there is. It is the function's that the others
    // were inlined into.
    match calls[before..].last_mut() {
        Some(outermost) => outermost.name = readable(Some(symbol)),
        None => calls.push(Call { frame, address, name: readable(Some(symbol)), place: None }),
    }
}

/// A name without what the compiler added to it.
fn readable(name: Option<&str>) -> String {
    name.map_or_else(|| "<unknown>".to_owned(), |name| format!("{:#}", rustc_demangle::demangle(name)))
}

/// The debug information of an object, if its file is still the one that was mapped.
fn open(object: &Object) -> Option<Loader> {
    // The program itself can be read even when its file is gone or another is in its place.
    let path = object.path.as_deref().unwrap_or(Path::new("/proc/self/exe"));
    if object.path.is_some() {
        let mut first = vec![0; object.first_page.len()];
        let (file, _) = sys::open_file(path).ok()?.ok()?;
        sys::read_exact_at(&file, &mut first, 0).ok()?;
        // Headers and notes, with a digest of the content in every plugin.
        if first != object.first_page {
            return None;
        }
    }
    match debug_file::of(path) {
        Some(separate) => Loader::new(separate).ok(),
        None => Loader::new(path).ok(),
    }
}
