//! The locks and threads that [`stages`](crate::stages) is built on. `tests/model.rs` puts those of a model checker in their place.

pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
pub(crate) use std::thread::{ThreadId, current};
