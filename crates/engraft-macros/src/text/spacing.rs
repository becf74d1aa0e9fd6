//! Whether a space stands between two pieces.

use super::piece::{Piece, Role};

/// Whether a space stands between `before` and `after`.
pub(crate) fn between(before: &Piece, after: &Piece) -> bool {
    use Role::{
        AngleClose, AngleOpen, BinderClose, BraceClose, BraceOpen, Close, Infix, Keyword, Lifetime, Open, PathSeparator, Prefix, Separator,
        Tight, Word,
    };
    match (before.role, after.role) {
        (BraceOpen, BraceClose) => false,
        (_, BraceClose) => true,
        (Open | AngleOpen | PathSeparator | Prefix | Tight, _) | (_, Separator | Close | AngleClose | BinderClose) => false,
        (Separator | Infix | BraceOpen, _) | (_, Infix | BraceOpen) => true,
        // Behind a keyword, a lifetime or `for<…>` a new type begins: `dyn ::a::B`, `&'a [u8]`.
        (Keyword | Lifetime | BinderClose, PathSeparator | AngleOpen | Open | Word | Keyword | Lifetime | Prefix | Tight) => true,
        // Behind an operand these belong to it: `a::b`, `Vec<T>`, `f(x)`, `vec!`.
        (_, PathSeparator | AngleOpen | Open | Tight) => false,
        (_, Word | Keyword | Lifetime | Prefix) => true,
    }
}
