//! A map that is a sorted list: for what a process has some hundreds of.
//!
//! The standard library's trees come with some 6 KB of code for each kind, in every host, and the first open of a process would wait for
//! it. To insert into the middle of ten thousand takes some microseconds.

/// Values by their keys, with the functions of the standard library's maps.
pub(crate) struct SortedMap<K, V>(Vec<(K, V)>);

impl<K: Ord, V> SortedMap<K, V> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.position(key).ok().map(|at| &self.0[at].1)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.position(key).ok().map(|at| &mut self.0[at].1)
    }

    /// Makes room for so many more keys, which are then inserted without allocation.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.0.reserve(more);
    }

    /// Returns the value in whose place this one is.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.position(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        self.position(key).ok().map(|at| self.0.remove(at).1)
    }

    fn position(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.cmp(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn it_is_the_same_as_a_tree() {
        let (mut map, mut tree) = (SortedMap::new(), BTreeMap::new());
        // Keys in no order, some of them twice, and every third taken out again.
        for step in 0..300_u32 {
            let key = step * 7919 % 211;
            if step % 3 == 2 {
                assert_eq!(map.remove(&key), tree.remove(&key));
            } else {
                assert_eq!(map.insert(key, step), tree.insert(key, step));
            }
            map.get_mut(&(key / 2)).into_iter().chain(tree.get_mut(&(key / 2))).for_each(|value| *value += 1);
            assert!((0..211).all(|key| map.get(&key) == tree.get(&key)));
        }
        assert!(map.0.is_sorted());
    }
}
