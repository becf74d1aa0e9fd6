//! Builds fixtures and runs what comes out, for every test file in the same way: with the tool that was just built, with
//! cargo, with real linkers.
#![allow(dead_code, reason = "every test file uses a part of it")]

pub mod binary;
pub mod command;
pub mod environment;
pub mod place;
