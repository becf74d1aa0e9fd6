//! Finds causes of the catalog's bugs. Each check is a function from plain data to findings.

pub mod calls;
pub mod exported;
pub mod exports;
pub mod features;
pub mod finding;
pub mod initialisers;
pub mod left_behind;
pub mod link_settings;
pub mod lookups;
pub mod opens;
pub mod output;
pub mod reopened;
pub mod search_path;
pub mod source;
pub mod stale;
pub mod toolchain;
pub mod twins;
pub mod two_homes;
pub mod type_names;
pub mod uninitialised;
pub mod versions;
