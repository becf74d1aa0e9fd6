//! The interface for stabby: types with a fixed layout, which is compared when a function is looked up. stabby has no hash map, so
//! the interface uses pairs.

mod items;
mod types;

pub use items::{Items, ItemsDyn, Object, Stepper, StepperDyn, Work};
pub use types::{Answer, Request};

/// A function of a plugin that hosts call.
pub type Step = extern "C" fn(u64) -> u64;
/// The plugin's `stepper`.
pub type MakeStepper = extern "C" fn() -> Object;
/// The plugin's `items`.
pub type MakeItems = extern "C" fn() -> Work;
