//! One-line text of tokens, spaced as rustfmt would: what people read as an item's signature.
//!
//! Only the tokens decide, never how the source is laid out: the same item has the same text
//! whether it stands on one line or on ten, with or without comments, or comes out of a
//! `macro_rules!`. Without a parse a few readings are ambiguous (`<` in a const expression is taken
//! for a generic's bracket), which costs a space and nothing else.

mod piece;
mod spacing;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

/// The text of `tokens` on one line.
pub(crate) fn one_line(tokens: TokenStream) -> String {
    let pieces = piece::pieces(tokens);
    let mut line = String::new();
    let mut before = None;
    for piece in &pieces {
        if before.is_some_and(|before| spacing::between(before, piece)) {
            line.push(' ');
        }
        line.push_str(&piece.text);
        before = Some(piece);
    }
    line
}
