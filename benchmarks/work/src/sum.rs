//! The second item of work: the sum of a slice of a million numbers.

/// Adds up numbers, wrapping on overflow.
#[inline]
pub fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |sum, number| sum.wrapping_add(*number))
}

/// Returns a million numbers from Marsaglia's xorshift (13, 7, 17) with seed 1.
pub fn numbers() -> Vec<u64> {
    let mut state = 1_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    std::iter::repeat_with(next).take(1_000_000).collect()
}

#[cfg(test)]
mod tests {
    use super::{numbers, sum};

    #[test]
    fn sums_wrap_around() {
        for (numbers, total) in [(vec![], 0), (vec![1, 2, 3], 6), (vec![u64::MAX, 2], 1)] {
            assert_eq!(sum(&numbers), total);
        }
    }

    #[test]
    fn numbers_are_from_xorshift() {
        let numbers = numbers();
        assert_eq!(numbers.len(), 1_000_000);
        assert_eq!(numbers[0], 0x4082_2041);
    }
}
