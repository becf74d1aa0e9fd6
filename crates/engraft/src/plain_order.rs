//! The order of a program's initialisers where no manifest has it, because Engraft did not link the program: the same as Engraft's
//! linker would have written down.

use crate::registration::Init;
use engraft_manifest::Key;

/// The packages with initialisers in this table, each after all that it depends on; where that leaves a choice, by name.
///
/// Where dependencies are not known, in the reverse order of the table: linkers get a package before what it depends on.
pub(crate) fn of(table: &[Init]) -> Vec<Key> {
    let mut left: Vec<&Init> = Vec::new();
    for init in table.iter().rev() {
        if left.iter().all(|known| known.package != init.package) {
            left.push(init);
        }
    }
    if left.iter().all(|init| init.dependencies.is_some()) {
        left.sort_by_key(|init| (init.label, init.package));
    }
    left.sort_by_key(|init| init.is_program);
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let ready = |init: &&Init| left.iter().all(|other| other.package == init.package || !init.depends_on(other));
        // cargo's graph has no cycles; if something else than a dependency passed for one, any package is as good as another.
        let init = left.remove(left.iter().position(ready).unwrap_or(0));
        order.push(Key(init.package));
    }
    order
}

impl Init {
    fn depends_on(&self, other: &Self) -> bool {
        let is_other = |number: &u64| u128::from(*number).cmp(&u128::from_be_bytes(other.package));
        self.dependencies.is_some_and(|numbers| numbers.binary_search_by(is_other).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order of a table with an initialiser of each of these packages: number, name, dependencies.
    fn order(packages: &[(u64, &'static str, Option<&'static [u64]>)]) -> Vec<u128> {
        let init = |&(number, label, dependencies): &(u64, &'static str, _)| Init {
            package: u128::from(number).to_be_bytes(),
            label,
            is_program: label == "program",
            dependencies,
            module: label,
            name: "start",
            file: "src/lib.rs",
            line: 1,
            run: || Ok(()),
        };
        of(&packages.iter().map(init).collect::<Vec<_>>()).into_iter().map(|key| u128::from_be_bytes(key.0)).collect()
    }

    #[test]
    fn packages_come_after_their_dependencies_and_else_by_name() {
        // Package 9 has no initialisers, and 1 depends on 3 through it.
        let mut packages = [
            (1, "b", Some(&[3, 9][..])),
            (2, "program", Some(&[])),
            (3, "d", Some(&[])),
            (4, "z", Some(&[])),
            (5, "a", Some(&[1])),
            (3, "d", Some(&[])),
            (6, "c", Some(&[3])),
        ];
        assert_eq!(order(&packages), [3, 1, 5, 6, 4, 2]);
        packages.reverse();
        assert_eq!(order(&packages), [3, 1, 5, 6, 4, 2]);
    }

    #[test]
    fn table_is_read_backwards_where_dependencies_are_unknown() {
        assert_eq!(order(&[(1, "program", None), (2, "a", None), (3, "b", Some(&[])), (4, "c", None)]), [4, 3, 2, 1]);
        // What is known counts all the same.
        assert_eq!(order(&[(1, "a", None), (2, "program", Some(&[])), (3, "b", Some(&[1]))]), [1, 3, 2]);
    }

    #[test]
    fn false_cycle_loses_no_package() {
        assert_eq!(order(&[(1, "a", Some(&[2])), (2, "b", Some(&[1])), (3, "c", Some(&[]))]), [3, 1, 2]);
        assert_eq!(order(&[]), [] as [u128; 0]);
    }
}
