//! Documentation of all kinds.

/// "Quotes", 'more', \ and \n, {braces} {} {{}}, `#`, #[not] an attribute, ///, */ and 数 🦀.
#[engraft::export]
pub fn odd_characters() {}

///
///
///     The first line that says something.
#[engraft::export]
pub fn empty_lines() {}

/**
 * In a block,
 * and more.
 */
#[engraft::export]
pub fn block() {}

/** In a block of one line. */
#[engraft::export]
pub fn short_block() {}

#[doc = "As an\nattribute"]
#[engraft::export]
#[doc(hidden)]
pub fn attribute() {}

#[doc = concat!("Put ", "together")]
#[engraft::export]
pub fn macro_call() {}

#[cfg_attr(all(), doc = "On a condition")]
#[engraft::export]
pub static CONDITION: u8 = 1;

#[engraft::export]
/// Behind the attribute.
pub struct Behind;

#[engraft::export]
pub struct Without;

fn main() {}
