//! Resolves overlapping claims to bytes of a file, so that each byte counts once. Pure.

use std::ops::Range;

/// What bytes are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Machine code.
    Code,
    /// Constants, statics, relocations and unwinding tables.
    Data,
    /// Dynamic symbols: the tables that the loader reads to bind symbols.
    Names,
    /// Symbols for debuggers and backtraces, which `strip` removes.
    Symbols,
}

/// A range of the file that belongs to an owner, given by index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub bytes: Range<u64>,
    pub owner: usize,
    pub part: Part,
}

/// Removes overlaps. The claim that starts first gets the bytes; of two that start together, the longer one.
#[must_use]
pub fn settle(mut claims: Vec<Claim>) -> Vec<Claim> {
    claims.sort_by_key(|claim| (claim.bytes.start, std::cmp::Reverse(claim.bytes.end)));
    let mut taken = 0;
    claims.retain_mut(|claim| {
        claim.bytes.start = claim.bytes.start.max(taken);
        taken = taken.max(claim.bytes.end);
        claim.bytes.start < claim.bytes.end
    });
    claims
}

/// Returns the unclaimed bytes of each section, then those between sections, without a name. Overlapping sections count once.
#[must_use]
pub fn rest(sections: &[(String, Range<u64>)], len: u64, settled: &[Claim]) -> Vec<(Option<String>, u64)> {
    let mut sections: Vec<_> = sections.iter().collect();
    sections.sort_by_key(|(_, range)| range.start);
    let (mut taken, mut left, mut all) = (0, Vec::new(), 0);
    for (name, range) in sections {
        let range = range.start.max(taken)..range.end.min(len);
        if range.start < range.end {
            taken = range.end;
            all += range.end - range.start;
            left.push((Some(name.clone()), range.end - range.start - claimed(settled, &range)));
        }
    }
    let between = claimed(settled, &(0..len)) + left.iter().map(|(_, bytes)| bytes).sum::<u64>();
    debug_assert!(between <= len && all <= len);
    left.push((None, len - between));
    left.retain(|(_, bytes)| *bytes > 0);
    left
}

fn claimed(settled: &[Claim], range: &Range<u64>) -> u64 {
    let first = settled.partition_point(|claim| claim.bytes.end <= range.start);
    let within = settled[first..].iter().take_while(|claim| claim.bytes.start < range.end);
    within.map(|claim| claim.bytes.end.min(range.end) - claim.bytes.start.max(range.start)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(given: &[(u64, u64, usize)]) -> Vec<Claim> {
        given.iter().map(|&(start, end, owner)| Claim { bytes: start..end, owner, part: Part::Code }).collect()
    }

    #[test]
    fn each_byte_is_counted_once() {
        type Row = (&'static [(u64, u64, usize)], &'static [(u64, u64, usize)]);
        let table: &[Row] = &[
            (&[], &[]),
            (&[(4, 8, 1), (0, 4, 0)], &[(0, 4, 0), (4, 8, 1)]),
            (&[(0, 4, 0), (0, 8, 1)], &[(0, 8, 1)]),
            (&[(0, 6, 0), (4, 8, 1)], &[(0, 6, 0), (6, 8, 1)]),
            (&[(0, 9, 0), (2, 4, 1), (8, 10, 2)], &[(0, 9, 0), (9, 10, 2)]),
            (&[(3, 3, 0)], &[]),
        ];
        for (given, settled) in table {
            assert_eq!(settle(claims(given)), claims(settled), "{given:?}");
        }
    }

    #[test]
    fn claimed_and_unclaimed_bytes_add_up() {
        let sections =
            [(".b".to_owned(), 40..60), (".a".to_owned(), 10..30), (".over".to_owned(), 50..70), (".beyond".to_owned(), 90..200)];
        let settled = settle(claims(&[(12, 20, 0), (25, 45, 1), (99, 100, 2)]));
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(
            rest(&sections, 100, &settled),
            [(name(".a"), 7), (name(".b"), 15), (name(".over"), 10), (name(".beyond"), 9), (None, 30)]
        );
        let claimed: u64 = settled.iter().map(|claim| claim.bytes.end - claim.bytes.start).sum();
        assert_eq!(claimed + 7 + 15 + 10 + 9 + 30, 100);
        assert_eq!(rest(&[], 5, &[]), [(None, 5)]);
        assert_eq!(rest(&[], 0, &[]), []);
    }
}
