//! All kinds of errors, with cause, example and mend. This page is a part of the documentation, and of tools (feature `tools`): programs carry
//! none of it.
//!
#![doc = include_str!("error/errors.md")]

/// The page above, as Markdown: a part for each code, under `## E01: …`.
#[cfg(feature = "tools")]
pub const PAGE: &str = include_str!("error/errors.md");
