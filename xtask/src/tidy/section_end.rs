//! Rule: the symbols that linkers make for the ends of a section are declared with a type of no size.
//!
//! Of two statics that take memory the compiler knows that their addresses differ, and takes the comparison out. The ends of an empty
//! section have one address: a program that asks whether the section is empty would be told that it is not.

use super::finding::Finding;
use super::source::{Source, closing};

pub(super) fn check(path: &str, source: &Source<'_>) -> Vec<Finding> {
    let attributes = ["__start_", "__stop_"].map(|symbol| format!("link_name = \"{symbol}"));
    let mut ends: Vec<usize> = attributes.iter().flat_map(|attribute| source.text().match_indices(attribute)).map(|(at, _)| at).collect();
    ends.sort_unstable();
    ends.into_iter()
        .filter(|&at| source.code()[at..].starts_with("link_name") && !is_of_no_size(&source.code()[at..]))
        .map(|at| {
            Finding::new(
                path,
                source.line(at),
                "the end of a section, declared with a type that takes memory",
                "declare it as an array of no elements, `[T; 0]`, so that both ends may be one address",
            )
        })
        .collect()
}

/// Whether the static that this code declares first is an array of no elements.
fn is_of_no_size(code: &str) -> bool {
    let declared = code.split_once("static ").and_then(|(_, declared)| declared.split_once(':'));
    let ty = declared.map_or("", |(_, ty)| ty.trim_start());
    ty.starts_with('[') && closing(ty, 0, '[', ']').is_some_and(|end| ty[..end].ends_with("; 0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_sections_take_no_memory() {
        let cases: [(&str, &[usize]); 5] = [
            ("#[link_name = \"__start_a\"]\nstatic START: [*const u8; 0];\n", &[]),
            ("#[link_name = \"__stop_a\"]\npub static STOP: [[u8; 4]; 0];\n", &[]),
            ("\n#[link_name = \"__start_a\"]\nstatic START: *const u8;\n#[link_name = \"__stop_a\"]\nstatic STOP: [u8; 1];\n", &[2, 4]),
            ("#[link_name = \"__start_a\"]\nstatic START: u8;\nstatic OTHER: [u8; 0];\n", &[1]),
            ("// link_name = \"__start_a\"\nstatic START: u8;\n#[link_name = \"start\"]\nstatic OTHER: u8;\n", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(Finding::lines(&check("a.rs", &Source::new(text))), expected, "{text:?}");
        }
    }
}
