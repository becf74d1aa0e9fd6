//! What a way of having plugins must be able to do.

use crate::Pair;
use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use work::{Answer, Request};

/// Whatever went wrong.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A plugin that was opened, in the way of this host.
///
/// What is asked of it begins with the host's own types and ends with them: whatever conversion the way needs is
/// part of what is measured.
pub trait Contestant: Sized {
    /// Opens a plugin, up to the moment when its functions can be called.
    fn open(plugin: &Path) -> Result<Self, BoxError>;

    /// Calls of a function that does hardly anything, beside calls of the host's own.
    fn call(&mut self) -> Result<Pair, BoxError>;

    /// The same through a trait object, if the way has them.
    fn call_trait(&mut self) -> Option<Pair> {
        None
    }

    /// Has a request filtered.
    fn filter(&mut self, request: &Request) -> Result<Answer, BoxError>;

    /// Has numbers summed up.
    fn sum(&mut self, numbers: &[u64]) -> Result<u64, BoxError>;

    /// Hands a map over and has it read.
    fn map(&mut self, strings: HashMap<String, String>) -> Result<u64, BoxError>;

    /// The constant in the plugin's source.
    fn constant(&mut self) -> Result<u64, BoxError>;
}
