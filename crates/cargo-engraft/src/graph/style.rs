//! The style sheets of the SVG picture and of the HTML page, for light and dark color schemes.

/// The style sheet of the SVG picture. The page contains it too.
pub const PICTURE: &str = include_str!("picture.css");
/// The style sheet of the HTML page.
pub const PAGE: &str = include_str!("page.css");
