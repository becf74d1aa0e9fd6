//! Patterns in a configuration. They are the API's, so that they mean the same in every stage, and so that
//! the regular expression engine is in the host once and not in each plugin.

/// A regular expression over bytes: neither header values nor decoded paths need to be UTF-8.
pub use regex::bytes::Regex as Pattern;

/// The pattern that is written so; what is wrong with it otherwise.
pub fn pattern(text: &str) -> Result<Pattern, String> {
    if text.is_empty() {
        // As a regular expression it would match everything.
        return Err("the regular expression is missing".into());
    }
    Pattern::new(text).map_err(|error| error.to_string())
}
