//! What the picture looks like, in both colour schemes: shared by the picture alone and the page around it.

/// The picture's style. Every class and every variable in it is the picture's own.
pub const PICTURE: &str = include_str!("picture.css");
/// The page's style.
pub const PAGE: &str = include_str!("page.css");
