//! The items of work, each with the arguments that the host passes.

use crate::batches::per_call;
use crate::contestant::{BoxError, Contestant};
use std::ffi::OsStr;
use std::hint::black_box;
use std::path::Path;

pub(crate) fn measure<C: Contestant>(item: &OsStr, plugin: &Path) -> Result<(), BoxError> {
    let mut plugin = C::open(plugin)?;
    let (nanoseconds, answer) = match item.to_str() {
        Some("filter") => filter(&mut plugin),
        Some("sum") => sum(&mut plugin),
        Some("map") => map(&mut plugin),
        _ => Err("the items of work are `filter`, `sum` and `map`".into()),
    }?;
    println!("{} {nanoseconds}\nanswer {answer}", item.display());
    Ok(())
}

fn filter(plugin: &mut impl Contestant) -> Result<(f64, String), BoxError> {
    let request = work::request();
    let answer = plugin.filter(&request)?.summary();
    let nanoseconds = per_call(|| (), |()| plugin.filter(black_box(&request)).map(|answer| drop(black_box(answer))))?;
    Ok((nanoseconds, answer))
}

fn sum(plugin: &mut impl Contestant) -> Result<(f64, String), BoxError> {
    let numbers = work::numbers();
    let answer = plugin.sum(&numbers)?.to_string();
    let nanoseconds = per_call(|| (), |()| plugin.sum(black_box(&numbers)).map(|sum| _ = black_box(sum)))?;
    Ok((nanoseconds, answer))
}

fn map(plugin: &mut impl Contestant) -> Result<(f64, String), BoxError> {
    let strings = work::strings();
    let answer = plugin.map(strings.clone())?.to_string();
    let nanoseconds = per_call(|| strings.clone(), |strings| plugin.map(black_box(strings)).map(|answer| _ = black_box(answer)))?;
    Ok((nanoseconds, answer))
}
