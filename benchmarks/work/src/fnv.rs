//! 64-bit FNV-1a, a hash that takes three lines in every language.

/// The state of a hash computation.
#[derive(Debug, Clone, Copy)]
pub struct Fnv(u64);

impl Fnv {
    /// The state before the first byte.
    #[inline]
    pub fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds bytes.
    #[inline]
    #[must_use]
    pub fn and(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |digest, byte| (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    /// Returns the hash of all bytes so far.
    #[inline]
    pub fn digest(self) -> u64 {
        self.0
    }
}

impl Default for Fnv {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Fnv;

    #[test]
    fn hash_equals_published_vectors() {
        let cases: [(&[u8], u64); 3] = [(b"", 0xcbf2_9ce4_8422_2325), (b"a", 0xaf63_dc4c_8601_ec8c), (b"foobar", 0x8594_4171_f739_67e8)];
        for (bytes, digest) in cases {
            assert_eq!(Fnv::new().and(bytes).digest(), digest);
        }
        assert_eq!(Fnv::new().and(b"foo").and(b"bar").digest(), 0x8594_4171_f739_67e8);
    }
}
