//! What stabby can say of a request and an answer: types whose layout is fixed, and compared when a function is looked
//! up. It has no hash map: pairs stand in for one.

mod items;
mod types;

pub use items::{Items, ItemsDyn, Object, Stepper, StepperDyn, Work};
pub use types::{Answer, Request};

/// A function that plugins have and hosts call.
pub type Step = extern "C" fn(u64) -> u64;
/// The plugin's `stepper`.
pub type MakeStepper = extern "C" fn() -> Object;
/// The plugin's `items`.
pub type MakeItems = extern "C" fn() -> Work;
