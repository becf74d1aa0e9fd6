//! A program that allocates many short-lived small strings, vectors, boxes and tree nodes.

// This makes the program a host when Engraft links it.
use engraft as _;

use std::collections::BTreeMap;
use std::convert::Infallible;

fn main() -> Result<(), Infallible> {
    running::told(|| Ok(format!("{} {}", (0..20).map(index).sum::<usize>(), (0..40).map(|_| depth_of_tree(16)).sum::<u32>())))
}

/// Groups words by their length in a map of vectors of strings.
fn index(round: usize) -> usize {
    let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for at in 0..40_000_usize {
        let word = format!("word-{}", (at + round) * 7919 % 100_003);
        words.entry(word[..word.len().min(8)].to_owned()).or_default().push(word);
    }
    words.into_iter().filter(|(start, _)| start.ends_with('7')).map(|(_, words)| words.concat().len()).sum()
}

struct Tree {
    children: Option<Box<[Self; 2]>>,
}

fn depth_of_tree(depth: u32) -> u32 {
    measured(&grown(depth))
}

fn grown(depth: u32) -> Tree {
    Tree { children: (depth > 0).then(|| Box::new([grown(depth - 1), grown(depth - 1)])) }
}

fn measured(tree: &Tree) -> u32 {
    tree.children.as_ref().map_or(0, |children| 1 + measured(&children[0]).max(measured(&children[1])))
}
