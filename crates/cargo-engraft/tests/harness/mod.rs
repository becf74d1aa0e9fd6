//! Builds fixtures and runs what comes out, for every test file in the same way: with the tool that was just built, with
//! cargo, with real linkers.
#![allow(dead_code, unused_imports, unused_macros, reason = "every test file uses a part of it")]

pub mod binary;
pub mod command;
pub mod environment;
pub mod ordinary;
pub mod place;
pub mod variant;
pub mod variant_tests;
