//! The third item of work: a map of strings that the host passes by value.

use crate::Fnv;
use std::collections::HashMap;

/// Returns the sum of the values' lengths plus the XOR of the keys' FNV-1a hashes, which does not depend on the order.
#[inline]
pub fn map(strings: HashMap<String, String>) -> u64 {
    map_parts(strings.iter().map(|(key, value)| (&**key, &**value)))
}

/// The same for plugins that get the strings in another form.
#[inline]
pub fn map_parts<'a>(strings: impl Iterator<Item = (&'a str, &'a str)>) -> u64 {
    let (lengths, keys) = strings.fold((0_u64, 0_u64), |(lengths, keys), (key, value)| {
        (lengths.wrapping_add(value.len() as u64), keys ^ Fnv::new().and(key.as_bytes()).digest())
    });
    lengths.wrapping_add(keys)
}

/// Returns ten thousand keys and values: `key-0` has `value-0`, `key-1` has `value-7919`, and so on.
pub fn strings() -> HashMap<String, String> {
    (0..10_000_u32).map(|at| (format!("key-{at}"), format!("value-{}", at * 7919))).collect()
}

#[cfg(test)]
mod tests {
    use super::{map, strings};
    use crate::Fnv;
    use std::collections::HashMap;

    #[test]
    fn map_result_depends_on_lengths_and_keys() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let digest = |key: &str| Fnv::new().and(key.as_bytes()).digest();
        assert_eq!(map(HashMap::new()), 0);
        let two = HashMap::from([pair("a", "1"), pair("b", "22")]);
        assert_eq!(map(two), (digest("a") ^ digest("b")).wrapping_add(3));
    }

    #[test]
    fn map_has_ten_thousand_entries() {
        let strings = strings();
        assert_eq!(strings.len(), 10_000);
        assert_eq!(strings["key-1"], "value-7919");
    }
}
