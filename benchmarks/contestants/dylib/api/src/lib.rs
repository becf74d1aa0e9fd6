//! The shared library with the types of the work, which host and plugin share.

pub use work;
