//! What host and plugin share: the work's types, in a shared library.

pub use work;
