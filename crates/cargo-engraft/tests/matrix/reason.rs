//! The letters of the table: what a refusal has to say.

/// For each letter what is said when the plugin is of that variant, and what when the host is.
const REASONS: [(char, &str, &str); 11] = [
    ('B', "src/body.rs", "src/body.rs"),
    ('N', "src/nested.rs", "src/nested.rs"),
    ('K', "src/comment.rs", "src/comment.rs"),
    ('F', "built with other features: only the plugin's has extra", "built with other features: only the host's has extra"),
    ('V', "matrix-base 0.1.1: the host has version 0.1.0", "matrix-base 0.1.0: the host has version 0.1.1"),
    ('P', "built with the profile `release`, the host's with `dev`", "built with the profile `dev`, the host's with `release`"),
    ('O', "-C opt-level=1", "-C opt-level=1"),
    ('W', "-C overflow-checks=off", "-C overflow-checks=off"),
    ('A', "-C panic=abort", "-C panic=abort"),
    ('T', "-C target-feature=+", "-C target-feature=+"),
    ('C', "was built by another compiler", "was built by another compiler"),
];

/// What is said for a letter: a capital is of the plugin, a small one of the host.
pub fn words(letter: char) -> Option<&'static str> {
    let (_, plugin, host) = REASONS.iter().find(|(capital, ..)| *capital == letter.to_ascii_uppercase())?;
    Some(if letter.is_uppercase() { plugin } else { host })
}

/// What must not be said for a cell: the words of all letters that it does not have.
pub fn other_words(cell: &str) -> impl Iterator<Item = &'static str> {
    let said = |capital: char| cell.contains(capital) || cell.contains(capital.to_ascii_lowercase());
    REASONS.iter().filter(move |(capital, ..)| !said(*capital)).flat_map(|(_, plugin, host)| [*plugin, *host])
}
