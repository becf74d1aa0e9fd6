//! The work as a cdylib. The host gets the answer's data in a box, and passes it back to release it.

use cdylib_abi::{Answer, Bytes, Items, Pair, Request};

/// The benchmark edits this constant.
const CONSTANT: u64 = 1;

/// The data to which an answer points; only kept alive.
#[expect(dead_code, reason = "kept for what points into it")]
struct Owner {
    answer: work::Answer,
    headers: Vec<Pair>,
}

/// Does almost no work.
// SAFETY: hosts look it up with the type in `cdylib_abi`. The same holds for the other functions.
#[unsafe(no_mangle)]
pub extern "C" fn step(state: u64) -> u64 {
    work::step(state)
}

/// Answers a request.
///
/// # Safety
///
/// The request must be valid for the duration of the call.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn filter(request: *const Request) -> Answer {
    // SAFETY: the caller guarantees that the request is valid.
    let request = unsafe { *request };
    // SAFETY: the headers live as long as the request.
    let headers = unsafe { request.headers.slice() };
    // SAFETY: the body lives as long as the request.
    let body = unsafe { request.body.slice() };
    let answer = work::filter_parts(headers.iter().map(texts), body);
    let headers: Vec<Pair> =
        answer.headers.iter().map(|(name, value)| Pair { name: Bytes::of(name.as_bytes()), value: Bytes::of(value.as_bytes()) }).collect();
    let (status, pairs, body) = (answer.status, Items::of(&headers), Bytes::of(&answer.body));
    Answer { status, headers: pairs, body, owner: Box::into_raw(Box::new(Owner { answer, headers })).cast() }
}

/// Releases an answer.
///
/// # Safety
///
/// The answer must be from `filter`, and must not be used afterwards.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(answer: Answer) {
    // SAFETY: `filter` created it from a box, and the caller guarantees that it is released only once.
    drop(unsafe { Box::from_raw(answer.owner.cast::<Owner>()) });
}

/// Adds up numbers.
///
/// # Safety
///
/// The numbers must be valid for the duration of the call.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sum(numbers: Items<u64>) -> u64 {
    // SAFETY: the caller guarantees that the numbers are valid.
    work::sum(unsafe { numbers.slice() })
}

/// Reads the strings of a map.
///
/// # Safety
///
/// The strings must be valid for the duration of the call.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn map(strings: Items<Pair>) -> u64 {
    // SAFETY: the caller guarantees that the pairs are valid.
    let strings = unsafe { strings.slice() };
    work::map_parts(strings.iter().map(texts))
}

/// Returns the constant's current value.
// SAFETY: as for `step`.
#[unsafe(no_mangle)]
pub extern "C" fn constant() -> u64 {
    CONSTANT
}

fn texts(pair: &Pair) -> (&str, &str) {
    // SAFETY: hosts create names from strings that live as long as the pair.
    let name = unsafe { pair.name.text() };
    // SAFETY: hosts create values from such strings too.
    (name, unsafe { pair.value.text() })
}
