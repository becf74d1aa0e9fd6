//! The trait that each way to implement plugins implements.

use crate::Pair;
use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use work::{Answer, Request};

/// Any error.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// An open plugin.
///
/// Arguments and results have the host's own types, so that the measurements include all conversions.
pub trait Contestant: Sized {
    /// Opens a plugin. Returns when its functions can be called.
    fn open(plugin: &Path) -> Result<Self, BoxError>;

    /// Measures calls of a function that does almost no work, compared with calls of the host's own function.
    fn call(&mut self) -> Result<Pair, BoxError>;

    /// The same through a trait object, if this way supports them.
    fn call_trait(&mut self) -> Option<Pair> {
        None
    }

    /// Lets the plugin filter a request.
    fn filter(&mut self, request: &Request) -> Result<Answer, BoxError>;

    /// Lets the plugin sum numbers.
    fn sum(&mut self, numbers: &[u64]) -> Result<u64, BoxError>;

    /// Passes a map to the plugin, which reads it.
    fn map(&mut self, strings: HashMap<String, String>) -> Result<u64, BoxError>;

    /// Returns the constant in the plugin's source.
    fn constant(&mut self) -> Result<u64, BoxError>;
}
