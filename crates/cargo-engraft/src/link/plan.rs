//! The plan of a link: rustc's arguments to the linker, turned into those of a host or of a plugin. Pure.

use super::apart::UNDEFINED_VERSION;
use super::bytecode::USE_MACHINE_CODE;
use super::native::Split;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What is to happen to an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Treatment {
    /// Linked as it is.
    Keep,
    /// Left out: the host has it, or it has no place in a plugin.
    Drop,
    /// A library of which everything is linked, needed or not.
    Whole,
    /// A library with C code, of which the Rust part is linked whole.
    Split(Split),
    /// A library of which is linked what others need; if it holds C code, so split.
    Partial(Option<Split>),
    /// Another file in its place.
    Replace(PathBuf),
}

/// Which versions the linker is to give to symbols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionScript {
    /// The file that says it.
    pub path: PathBuf,
    /// Whether the linker must be told that the script may name symbols that are not linked.
    pub may_name_what_is_not_there: bool,
}

/// What the plan needs to know beside the arguments.
#[derive(Debug, Default)]
pub struct Facts {
    /// What happens to libraries, objects and archives, by argument; those not named are kept.
    pub treatments: HashMap<String, Treatment>,
    /// Whether a plugin is linked.
    pub plugin: bool,
    /// The object file with the note.
    pub note: PathBuf,
    /// The versions of unmangled symbols, if there are any.
    pub versions: Option<VersionScript>,
    /// The list of what a host exports; none if it exports everything.
    pub exported: Option<PathBuf>,
    /// What tells the linker how to lay the file out.
    pub layout: Vec<String>,
    /// What the linked file is called in its own tables.
    pub name: String,
    /// Whether C objects have bytecode for link-time optimization beside the machine code that is to be linked.
    pub ignores_bytecode: bool,
    /// Where the linker is to write.
    pub output: PathBuf,
}

/// The arguments for the real linker.
#[must_use]
pub fn plan(arguments: &[String], facts: &Facts) -> Vec<String> {
    let mut planned = Vec::with_capacity(arguments.len() * 2);
    // Before any archive, so that what is needed is known when the linker comes to it.
    for treatment in arguments.iter().filter_map(|argument| facts.treatments.get(argument)) {
        if let Treatment::Split(split) = treatment {
            planned.extend(split.declared.iter().map(|symbol| format!("-Wl,--undefined={symbol}")));
        }
    }
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "-o" {
            rest.next();
            planned.extend(["-o".to_owned(), text(&facts.output)]);
            continue;
        }
        match facts.treatments.get(argument) {
            Some(treatment) => treat(argument, treatment, &mut planned),
            None => planned.push(argument.clone()),
        }
    }
    planned.push(text(&facts.note));
    if let Some(versions) = &facts.versions {
        // The path is a word of its own, as every input that [`super::save`] copies.
        planned.extend(["-Xlinker", "--version-script", "-Xlinker"].map(str::to_owned));
        planned.push(text(&versions.path));
        // Without a name of its own the file would be called in its table of versions as it is during the link, in a directory
        // that no other link has.
        planned.extend(["-Xlinker", "-soname", "-Xlinker", &facts.name].map(str::to_owned));
        if versions.may_name_what_is_not_there {
            planned.extend(["-Xlinker", UNDEFINED_VERSION].map(str::to_owned));
        }
    }
    match &facts.exported {
        _ if facts.plugin => {}
        None => planned.push("-Wl,--export-dynamic".to_owned()),
        Some(list) => {
            planned.extend(["-Xlinker", "--dynamic-list", "-Xlinker"].map(str::to_owned));
            planned.push(text(list));
        }
    }
    if facts.ignores_bytecode {
        // Behind all that the user says.
        planned.push(USE_MACHINE_CODE.to_owned());
    }
    planned.extend(facts.layout.iter().cloned());
    planned
}

fn treat(argument: &str, treatment: &Treatment, planned: &mut Vec<String>) {
    match treatment {
        Treatment::Keep => planned.push(argument.to_owned()),
        Treatment::Drop => {}
        Treatment::Partial(split) => planned.push(split.as_ref().map_or_else(|| argument.to_owned(), |split| text(&split.archive))),
        Treatment::Whole => planned.extend(["-Wl,--whole-archive".to_owned(), argument.to_owned(), "-Wl,--no-whole-archive".to_owned()]),
        Treatment::Split(split) => {
            planned.extend(split.rust.iter().map(|object| text(object)));
            planned.push(text(&split.archive));
        }
        Treatment::Replace(file) => planned.push(text(file)),
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn facts(plugin: bool, treatments: &[(&str, Treatment)]) -> Facts {
        let treatments = treatments.iter().map(|(name, treatment)| ((*name).to_owned(), treatment.clone())).collect();
        Facts { treatments, plugin, note: "n.o".into(), name: "n".into(), output: "out.tmp".into(), ..Facts::default() }
    }

    #[test]
    fn a_host_takes_all_whole_and_exports_it() {
        let facts = facts(false, &[("a.rlib", Treatment::Whole), ("shim.o", Treatment::Replace("t/shim.o".into()))]);
        let planned = plan(&words("-m64 main.o shim.o a.rlib cb.rlib -lc -o host -pie"), &facts);
        let expected =
            "-m64 main.o t/shim.o -Wl,--whole-archive a.rlib -Wl,--no-whole-archive cb.rlib -lc -o out.tmp -pie n.o -Wl,--export-dynamic";
        assert_eq!(planned, words(expected));
    }

    #[test]
    fn a_plugin_leaves_out_what_the_host_has_and_exports_what_it_brings() {
        let facts = facts(true, &[("std.rlib", Treatment::Drop), ("p.rlib", Treatment::Whole), ("shim.o", Treatment::Drop)]);
        let planned = plan(&words("stub.o shim.o p.rlib std.rlib -shared -o p.so"), &facts);
        let expected = "stub.o -Wl,--whole-archive p.rlib -Wl,--no-whole-archive -shared -o out.tmp n.o";
        assert_eq!(planned, words(expected));
    }

    #[test]
    fn a_host_that_exports_a_part_says_which() {
        let facts = Facts { exported: Some("t/list".into()), ..facts(false, &[("a.rlib", Treatment::Keep)]) };
        let expected = "main.o a.rlib -o out.tmp n.o -Xlinker --dynamic-list -Xlinker t/list";
        assert_eq!(plan(&words("main.o a.rlib -o host"), &facts), words(expected));
    }

    #[test]
    fn machine_code_is_linked_and_not_the_bytecode_beside_it() {
        let facts = Facts { ignores_bytecode: true, ..facts(true, &[]) };
        assert_eq!(plan(&words("-flto stub.o -o p.so"), &facts), words("-flto stub.o -o out.tmp n.o -fno-lto"));
    }

    #[test]
    fn of_a_part_nothing_is_asked_for() {
        let split = Split { rust: vec!["z.0.o".into()], archive: "z.a".into(), declared: vec!["ZSTD_x".into()] };
        let facts = facts(false, &[("a.rlib", Treatment::Partial(None)), ("z.rlib", Treatment::Partial(Some(split)))]);
        assert_eq!(plan(&words("main.o a.rlib z.rlib"), &facts)[..3], words("main.o a.rlib z.a"));
    }

    #[test]
    fn a_version_script_is_an_input() {
        let versions = Some(VersionScript { path: "t/v".into(), may_name_what_is_not_there: true });
        let planned = plan(&words("main.o -o host"), &Facts { versions, ..facts(false, &[]) });
        let expected = "main.o -o out.tmp n.o -Xlinker --version-script -Xlinker t/v -Xlinker -soname -Xlinker n -Xlinker --undefined-version -Wl,--export-dynamic";
        assert_eq!(planned, words(expected));
    }

    #[test]
    fn declared_c_symbols_are_needed_before_the_first_archive() {
        let split = Split { rust: vec!["z.0.o".into()], archive: "z.a".into(), declared: vec!["ZSTD_x".into()] };
        let planned = plan(&words("main.o z.rlib -o host"), &facts(false, &[("z.rlib", Treatment::Split(split))]));
        assert_eq!(planned[..4], words("-Wl,--undefined=ZSTD_x main.o z.0.o z.a"));
    }
}
