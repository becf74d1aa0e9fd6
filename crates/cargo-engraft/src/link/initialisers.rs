//! The initialisers that a link brings along, in the order in which they run.

use super::arguments::{self, Kind as Argument};
use super::descriptions::{self, Description, Kind};
use super::libraries::Library;
use super::origins::Origins;
use super::request::{LinkRequest, Product};
use anyhow::Result;
use engraft_manifest::{Key, Origin};

/// One function that runs when its package comes into a process.
#[derive(Debug)]
pub struct Initialiser {
    /// The key of its package, or of the host's own crate.
    pub key: Key,
    pub description: Description,
}

/// The initialisers of the libraries that are carried, each library's after those of all that it depends on, and of a host's own
/// objects, which come last.
pub fn collect(request: &LinkRequest, given: &[String], libraries: &[Library], origins: &Origins) -> Result<Vec<Initialiser>> {
    let mut found = Vec::new();
    let uses_engraft = users_of_engraft(libraries);
    let carried = order(libraries).into_iter().filter(|&index| uses_engraft[index] && origins.each[index] != Origin::Hosted);
    for library in carried.map(|index| &libraries[index]) {
        found.extend(marked(descriptions::of_library(library.argument.as_ref())?, library.key));
    }
    if let Product::Host { own_key, .. } = request.product {
        let mut own = Vec::new();
        for argument in given {
            if let Argument::Object(path) = arguments::kind(argument)
                && let Ok(object) = std::fs::read(path)
            {
                own.extend(descriptions::of_object(&object)?);
            }
        }
        own.sort_by(|a, b| a.path.cmp(&b.path));
        found.extend(marked(own, Key(own_key)));
    }
    Ok(found)
}

fn marked(descriptions: Vec<Description>, key: Key) -> impl Iterator<Item = Initialiser> {
    let initialisers = descriptions.into_iter().filter(|description| description.kind == Kind::Initialiser);
    initialisers.map(move |description| Initialiser { key, description })
}

/// Which libraries depend on `engraft`: no others have anything to say.
fn users_of_engraft(libraries: &[Library]) -> Vec<bool> {
    let mut users = vec![false; libraries.len()];
    for index in order(libraries) {
        users[index] = libraries[index].is_engraft() || libraries[index].dependencies.iter().any(|&dependency| users[dependency]);
    }
    users
}

/// All libraries, each after those that it depends on; where that leaves a choice, by name.
pub fn order(libraries: &[Library]) -> Vec<usize> {
    let name = |index: &usize| {
        let library = &libraries[*index];
        let record = library.record.as_ref();
        (&library.crate_name, record.map(|record| (&record.name, &record.version)), library.key)
    };
    let mut left: Vec<usize> = (0..libraries.len()).collect();
    left.sort_by(|a, b| name(a).cmp(&name(b)));
    let mut placed = vec![false; libraries.len()];
    let mut order = Vec::with_capacity(libraries.len());
    // Each round places the first by name of those that are ready. cargo's graph has no cycles.
    while let Some(at) = left.iter().position(|&index| libraries[index].dependencies.iter().all(|&dependency| placed[dependency])) {
        let index = left.remove(at);
        placed[index] = true;
        order.push(index);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::libraries::tests::library;

    #[test]
    fn libraries_come_after_what_they_depend_on_and_else_by_name() {
        let graph = [
            library("b", "1.0.0", &[3]),
            library("a", "1.0.0", &[0]),
            library("d", "1.0.0", &[]),
            library("z", "1.0.0", &[]),
            library("c", "1.0.0", &[2, 3]),
        ];
        let names: Vec<&str> = order(&graph).into_iter().map(|index| graph[index].crate_name.as_str()).collect();
        assert_eq!(names, ["d", "z", "b", "a", "c"]);
    }
}
