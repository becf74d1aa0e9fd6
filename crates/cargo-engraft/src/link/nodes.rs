//! Version nodes: each package's unmangled symbols get a version of their own, made from the package's hash. Pure.
//!
//! The system's loader binds a symbol with a version only to one with the same version. So what two plugins define
//! under one name stays apart when their packages differ, and is one when they don't.

use super::unmangled::Definition;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::ops::Range;
use std::path::PathBuf;

/// One package of a link, or what is linked beside packages.
#[derive(Debug)]
pub struct Input {
    /// How people call it.
    pub label: String,
    /// The name of its node.
    pub node: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Where the definitions were read.
    pub file: PathBuf,
    /// What it defines.
    pub definitions: Vec<Definition>,
}

/// Where an input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A package that a plugin leaves to its hosts.
    Hosted,
    /// A package that the linked file has.
    Carried,
    /// None: an object or an archive of C code.
    Beside,
}

/// The name of the node of something with this hash. It is the same wherever that was compiled.
#[must_use]
pub fn name(hash: &[u8; 32]) -> String {
    let mut name = "ENGRAFT_".to_owned();
    for byte in &hash[..16] {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// Which node each symbol is in.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Nodes(BTreeMap<String, Assigned>);

#[derive(Debug, PartialEq, Eq)]
struct Assigned {
    node: String,
    weak: bool,
}

/// Two inputs that both define a name.
#[derive(Debug, PartialEq, Eq)]
pub struct Double {
    /// The inputs, that whose node it is first.
    pub between: [usize; 2],
    /// The name.
    pub symbol: String,
    /// The object files.
    pub objects: [Range<u64>; 2],
}

impl Nodes {
    /// Puts what is linked into nodes, and tells which names have two definitions.
    ///
    /// Of two packages, that is: among what stands beside them in one file the linker chooses. Between that and a hosted package nobody
    /// would: the name would be the host's at run time, whatever the plugin was linked with.
    ///
    /// Weak definitions don't count: C++ compilers put inline functions and templates wherever they are used, and linkers
    /// are to choose among them. A plugin's hosted packages have a say too, since code of theirs may be instantiated in the plugin.
    #[must_use]
    pub fn assign(inputs: &[Input]) -> (Self, Vec<Double>) {
        // Whether any of the definitions is visible: then the linker's choice among them may be.
        let mut carried: BTreeMap<&str, bool> = BTreeMap::new();
        for definition in inputs.iter().filter(|input| input.origin != Origin::Hosted).flat_map(|input| &input.definitions) {
            *carried.entry(&definition.name).or_default() |= !definition.hidden;
        }
        let mut owners: BTreeMap<&str, (usize, &Definition)> = BTreeMap::new();
        let mut doubles = Vec::new();
        // Of equal definitions the host's is the one that is shared.
        let (hosted, own): (Vec<_>, Vec<_>) = inputs.iter().enumerate().partition(|(_, input)| input.origin == Origin::Hosted);
        for (index, input) in hosted.into_iter().chain(own) {
            for definition in &input.definitions {
                if input.origin == Origin::Hosted && (definition.weak || !carried.contains_key(&*definition.name)) {
                    continue;
                }
                let owner = owners.entry(&definition.name).or_insert((index, definition));
                if definition.weak || owner.0 == index {
                    continue;
                }
                if owner.1.weak {
                    *owner = (index, definition);
                } else if input.origin != Origin::Beside || inputs[owner.0].origin == Origin::Hosted {
                    let objects = [owner.1.object.clone(), definition.object.clone()];
                    doubles.push(Double { between: [owner.0, index], symbol: definition.name.clone(), objects });
                }
            }
        }
        let visible = owners.into_iter().filter(|(name, _)| carried.get(name) == Some(&true));
        let assigned = visible
            .map(|(name, (index, definition))| (name.to_owned(), Assigned { node: inputs[index].node.clone(), weak: definition.weak }));
        (Self(assigned.collect()), doubles)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The symbols that are in nodes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Takes symbols out of their nodes. True if any was in one.
    pub fn leave_out(&mut self, names: &HashSet<String>, weak_only: bool) -> bool {
        let before = self.0.len();
        self.0.retain(|name, assigned| !names.contains(name) || (weak_only && !assigned.weak));
        self.0.len() != before
    }

    /// The linker's version script. What it doesn't name stays visible, without a version.
    #[must_use]
    pub fn script(&self) -> String {
        let mut nodes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, assigned) in &self.0 {
            nodes.entry(&assigned.node).or_default().push(name);
        }
        let mut script = String::new();
        for (node, names) in nodes {
            let names: String = names.iter().map(|name| format!("  \"{name}\";\n")).collect();
            let _ = write!(script, "{node} {{\n{names}}};\n");
        }
        script
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(label: &str, origin: Origin, definitions: &[(&str, bool)]) -> Input {
        let definition = |&(name, weak): &(&str, bool)| Definition { name: name.to_owned(), weak, hidden: false, object: 0..0 };
        let definitions = definitions.iter().map(definition).collect();
        Input { label: label.to_owned(), node: format!("N_{label}"), origin, file: PathBuf::new(), definitions }
    }

    #[test]
    fn each_symbol_is_in_the_node_of_its_package() {
        let inputs = [
            input("a", Origin::Carried, &[("x", false), ("y", false)]),
            input("b", Origin::Carried, &[("z", true)]),
            input("c", Origin::Hosted, &[("w", false)]),
        ];
        let (nodes, doubles) = Nodes::assign(&inputs);
        assert_eq!(nodes.script(), "N_a {\n  \"x\";\n  \"y\";\n};\nN_b {\n  \"z\";\n};\n");
        assert_eq!(doubles, []);
    }

    #[test]
    fn a_strong_definition_stands_for_weak_ones() {
        let inputs = [
            input("a", Origin::Carried, &[("x", true)]),
            input("b", Origin::Carried, &[("x", false)]),
            input("c", Origin::Hosted, &[("x", true)]),
        ];
        let (nodes, doubles) = Nodes::assign(&inputs);
        assert_eq!(nodes.script(), "N_b {\n  \"x\";\n};\n");
        assert_eq!(doubles, []);
    }

    #[test]
    fn two_strong_definitions_are_told_and_the_hosts_is_first() {
        let inputs = [input("a", Origin::Carried, &[("x", false)]), input("b", Origin::Hosted, &[("x", false)])];
        let (nodes, doubles) = Nodes::assign(&inputs);
        assert_eq!(nodes.script(), "N_b {\n  \"x\";\n};\n");
        assert_eq!(doubles, [Double { between: [1, 0], symbol: "x".to_owned(), objects: [0..0, 0..0] }]);
    }

    #[test]
    fn an_archive_beside_a_plugins_packages_does_not_silently_become_the_hosts_symbol() {
        let hosted = [input("a", Origin::Beside, &[("x", false), ("y", true)]), input("b", Origin::Hosted, &[("x", false), ("y", false)])];
        let (nodes, doubles) = Nodes::assign(&hosted);
        assert_eq!(nodes.script(), "N_b {\n  \"x\";\n  \"y\";\n};\n");
        assert_eq!(doubles, [Double { between: [1, 0], symbol: "x".to_owned(), objects: [0..0, 0..0] }]);
        let carried = [input("b", Origin::Carried, &[("x", false)]), input("a", Origin::Beside, &[("x", false)])];
        assert_eq!(Nodes::assign(&carried).1, []);
    }

    #[test]
    fn what_a_shared_library_has_is_left_out() {
        let (mut nodes, _) = Nodes::assign(&[input("a", Origin::Carried, &[("x", true), ("y", false)])]);
        let names = HashSet::from(["y".to_owned()]);
        assert!(!nodes.leave_out(&names, true));
        assert!(nodes.leave_out(&names, false));
        assert_eq!(nodes.script(), "N_a {\n  \"x\";\n};\n");
    }
}
