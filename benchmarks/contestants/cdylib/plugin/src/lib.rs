//! The work, in a cdylib. What the answer consists of is in a box that goes to the host and comes back to be released.

use cdylib_abi::{Answer, Bytes, Items, Pair, Request};

/// What the benchmark edits.
const CONSTANT: u64 = 1;

/// What an answer points into. Only held.
#[expect(dead_code, reason = "kept for what points into it")]
struct Owner {
    answer: work::Answer,
    headers: Vec<Pair>,
}

/// Hardly anything.
// SAFETY: those who look it up know its type, as `cdylib_abi` has it; and so for the others.
#[unsafe(no_mangle)]
pub extern "C" fn step(state: u64) -> u64 {
    work::step(state)
}

/// Answers a request.
///
/// # Safety
///
/// The request is a host's, and lives while this runs.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn filter(request: *const Request) -> Answer {
    // SAFETY: the caller vouches for the request.
    let request = unsafe { *request };
    // SAFETY: its headers live as long as it does.
    let headers = unsafe { request.headers.slice() };
    // SAFETY: so does its body.
    let body = unsafe { request.body.slice() };
    let answer = work::filter_parts(headers.iter().map(texts), body);
    let headers: Vec<Pair> =
        answer.headers.iter().map(|(name, value)| Pair { name: Bytes::of(name.as_bytes()), value: Bytes::of(value.as_bytes()) }).collect();
    let (status, pairs, body) = (answer.status, Items::of(&headers), Bytes::of(&answer.body));
    Answer { status, headers: pairs, body, owner: Box::into_raw(Box::new(Owner { answer, headers })).cast() }
}

/// Ends an answer.
///
/// # Safety
///
/// The answer comes from `filter`, and nobody reads it any more.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(answer: Answer) {
    // SAFETY: `filter` made it of a box, and the caller vouches that this is the only time.
    drop(unsafe { Box::from_raw(answer.owner.cast::<Owner>()) });
}

/// Adds numbers up.
///
/// # Safety
///
/// The numbers live while this runs.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sum(numbers: Items<u64>) -> u64 {
    // SAFETY: the caller vouches for the numbers.
    work::sum(unsafe { numbers.slice() })
}

/// Reads a map's strings.
///
/// # Safety
///
/// The strings live while this runs.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn map(strings: Items<Pair>) -> u64 {
    // SAFETY: the caller vouches for the pairs.
    let strings = unsafe { strings.slice() };
    work::map_parts(strings.iter().map(texts))
}

/// The constant, as it is now.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub extern "C" fn constant() -> u64 {
    CONSTANT
}

fn texts(pair: &Pair) -> (&str, &str) {
    // SAFETY: hosts make names of texts that live as long as the pair.
    let name = unsafe { pair.name.text() };
    // SAFETY: values too.
    (name, unsafe { pair.value.text() })
}
