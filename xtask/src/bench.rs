//! Measurements: what an open costs, what a call costs, how large hosts and plugins become.
//!
//! No step of `ci`: a figure taken on a shared machine says nothing that a build should fail for.
