//! The three digests that identity is told by. They are only compared and shown here, never computed.

use core::fmt;

/// Declares a digest of a fixed number of bytes, which is written as lower-case hexadecimal.
macro_rules! digest {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

digest! {
    /// A package's key: what rustc makes type identity from (crate name, `-C metadata`) within one toolchain.
    ///
    /// Two packages with one key, compiled by one rustc, have equal `TypeId`s and symbol names, whatever they contain.
    Key, 16
}
digest! {
    /// A package's hash: a digest of its compiled metadata (`.rmeta`), which rustc changes whenever
    /// anything that could change layout, code or flags changes.
    Hash, 32
}
digest! {
    /// A digest of a whole linked file, with these very bytes of it counted as zero.
    BuildId, 32
}

impl BuildId {
    /// The first eight bytes in hexadecimal: enough to tell builds apart in a log line.
    #[must_use]
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(16);
        text
    }
}
