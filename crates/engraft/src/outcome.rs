//! What an initialiser comes to: what it may return, and why it failed.

use crate::error::WithCauses;
use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Why an initialiser failed. The text of a returned error contains its causes.
#[derive(Clone)]
#[non_exhaustive]
pub enum Cause {
    /// It panicked; with this message.
    Panicked(String),
    /// It returned this error.
    Returned(Arc<dyn Error + Send + Sync>),
}

/// What an initialiser may return: `()`, or a `Result<(), E>` with an error that can become a `Box<dyn Error + Send + Sync>`.
#[diagnostic::on_unimplemented(
    message = "an initialiser returns `()` or `Result<(), E>`, where `E` becomes a `Box<dyn Error + Send + Sync>`",
    label = "`{Self}` is neither"
)]
pub trait Outcome: sealed::Sealed {
    /// Success, or why not.
    fn into_result(self) -> Result<(), Cause>;
}

/// Nobody else adds kinds of outcomes.
mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
    impl<E> Sealed for Result<(), E> {}
}

impl Outcome for () {
    fn into_result(self) -> Result<(), Cause> {
        Ok(())
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> Outcome for Result<(), E> {
    fn into_result(self) -> Result<(), Cause> {
        self.map_err(|error| Cause::Returned(error.into().into()))
    }
}

impl Cause {
    /// From what a panic carries.
    pub(crate) fn of_panic(payload: Box<dyn Any + Send>) -> Self {
        let text = payload.downcast::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|payload| payload.downcast::<String>().map(|text| *text));
        Self::Panicked(text.unwrap_or_else(|payload| {
            // Dropping it could panic again.
            std::mem::forget(payload);
            "a value that is no text".to_owned()
        }))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(message) => write!(f, "it panicked: {message}"),
            Self::Returned(error) => write!(f, "{}", WithCauses(&**error)),
        }
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
