//! Draws a host and its plugins: the data (`model`), the positions (`layout`), and a writer for each format.

mod assemble;
mod dot;
mod html;
mod layout;
mod model;
mod style;
mod svg;
mod treemap;
mod words;

pub use assemble::{Parts, assemble};
pub use dot::write as dot;
pub use html::write as html;
#[cfg(test)]
pub use model::Graph;
pub use svg::write as svg;
