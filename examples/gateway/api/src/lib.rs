//! What the gateway and its plugins agree on: a stage, what it is given, and what it answers.
//!
//! A plugin exports one function, `create`, of the type [`Create`]. All types here, and those of
//! the `http` crate in them, are the host's own: a plugin is handed no copies and nothing is
//! encoded, so a stage costs what a call through `dyn Stage` costs.

mod config;
mod pattern;
mod request;

pub use config::{Config, ConfigError, Setting};
pub use engraft::BoxFuture;
pub use pattern::{Pattern, pattern};
pub use request::{Request, Verdict};

/// An error of any type, to be read by a person.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

// shown: create
/// What every plugin exports under the name `create`: makes the stage from its part of the configuration.
///
/// It is called on the host's runtime, so it may spawn tasks.
pub type Create = fn(&Config) -> Result<Box<dyn Stage>, BoxError>;
// shown: end

// shown: stage
/// One step on a request's way to the upstream.
pub trait Stage: Send + Sync {
    /// The stage's name in messages.
    fn name(&self) -> &str;

    /// Looks at a request, may change it, and says how it goes on.
    fn on_request<'a>(&'a self, request: &'a mut Request) -> BoxFuture<'a, Verdict>;

    /// Waits until everything that was put off is done. The host calls it before it ends.
    fn flush(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async { Ok(()) })
    }
}
// shown: end
