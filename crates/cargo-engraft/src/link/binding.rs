//! Linker flags that change which definition a symbol binds to: found in every spelling, taken out where that loses nothing, and refused
//! otherwise. Pure, but for response files that flags name.
//!
//! Engraft shares packages by the names of their symbols: host and plugins export them all, and reach them through tables that the loader
//! fills in. A flag that binds names within one file gives that file a copy of its own; one that asks for all symbols at link time fails a
//! plugin, which takes them from its host. Distributions set such flags for everything that they build.
//!
//! What the flags do is said in the manuals of GNU ld (<https://sourceware.org/binutils/docs/ld/Options.html>) and lld.

use super::arguments::expand_word;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a link makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Makes {
    /// A program.
    Host,
    /// A shared object.
    Plugin,
}

/// A flag that was taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// As the linker knows it, with its value.
    pub flag: String,
    /// What it would have done.
    pub because: String,
}

/// A flag with which nothing can be linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// As the linker or the C compiler knows it, with its value.
    pub flag: String,
    /// What it would do.
    pub because: &'static str,
}

/// What is left of a linker's arguments.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The arguments without the flags that were taken out.
    pub kept: Vec<String>,
    /// The flags that were taken out.
    pub undone: Vec<Undone>,
    /// The flags with which nothing can be linked.
    pub refused: Vec<Refused>,
    /// Whether rustc's own list of exported symbols was among the arguments.
    pub export_list: bool,
}

/// What is to be done about a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Keep,
    Undo(&'static str),
    Refuse(&'static str),
    /// Part of rustc's own list of exported symbols.
    ExportList,
}

const SPLIT: &str = "host and plugins have copies of the packages that they share";
const MISSING: &str = "the linker refuses a plugin, whose symbols its host has";
const NAMED: &str = "the loader takes two plugins of one name for one";
const CLOSED: &str = "the loader refuses to open the plugin";
const STATIC: &str = "the program has no dynamic loader, and can't open plugins";
const EVERY_FILE: &str = "the loader runs the function in every file that brings it, not once in a process";
const STATIC_C: &str = "host and plugins have C libraries of their own";

/// The words by which a C compiler is told what to give to its linker.
#[derive(Debug)]
struct Word {
    text: String,
    /// The argument that it stands in.
    argument: usize,
    /// Whether the linker gets it, and not the C compiler.
    is_linkers: bool,
}

/// Looks through the arguments of a C compiler that links.
///
/// # Errors
///
/// A response file that a flag names can't be read.
pub fn check(arguments: &[String], makes: Makes) -> Result<Checked> {
    let words = words(arguments)?;
    let mut checked = Checked::default();
    let mut dropped = vec![false; words.len()];
    let mut left_static = None;
    let mut at = 0;
    while at < words.len() {
        let flag = Flag::at(&words, at);
        if flag.is_linkers && matches!(flag.name, "Bstatic" | "dn" | "non_shared" | "static") {
            left_static = Some(flag.text());
        } else if flag.is_linkers && matches!(flag.name, "Bdynamic" | "dy" | "call_shared") {
            left_static = None;
        }
        let verdict = flag.verdict(makes);
        match verdict {
            Verdict::Keep => {}
            Verdict::Undo(because) => checked.undone.push(Undone { flag: flag.text(), because: because.to_owned() }),
            Verdict::Refuse(because) => checked.refused.push(Refused { flag: flag.text(), because }),
            Verdict::ExportList => checked.export_list |= flag.name == "version-script",
        }
        let is_dropped = matches!(verdict, Verdict::Undo(_)) || (verdict == Verdict::ExportList && makes == Makes::Plugin);
        dropped[at..at + flag.words].fill(is_dropped);
        at += flag.words;
    }
    // rustc switches back by itself; whoever does not has the C library linked statically, which comes last.
    checked.refused.extend(left_static.map(|flag| Refused { flag, because: STATIC_C }));
    checked.kept = kept(arguments, &words, &dropped);
    Ok(checked)
}

/// A flag among the words.
#[derive(Debug)]
struct Flag<'w> {
    name: &'w str,
    value: Option<&'w str>,
    is_linkers: bool,
    /// How many words it takes.
    words: usize,
}

impl<'w> Flag<'w> {
    fn at(words: &'w [Word], at: usize) -> Self {
        /// Those that the linker gets, with a value that may be a word of its own.
        const VALUED: [&str; 10] =
            ["exclude-libs", "dynamic-list", "version-script", "soname", "h", "z", "unresolved-symbols", "o", "init", "fini"];
        let Word { text, is_linkers, .. } = &words[at];
        let dashless = text.strip_prefix("--").or_else(|| text.strip_prefix('-')).unwrap_or("");
        let (name, glued) = match (dashless.split_once('='), dashless.strip_prefix('z')) {
            (Some((name, value)), _) => (name, Some(value)),
            // `-zdefs`; no other flag begins so.
            (None, Some(keyword)) if !keyword.is_empty() && !text.starts_with("--") => ("z", Some(keyword)),
            (None, _) => (dashless, None),
        };
        let takes_next = glued.is_none() && VALUED.contains(&name) && (*is_linkers || name == "z" || name == "o");
        let next = words.get(at + 1).filter(|next| takes_next && next.is_linkers == *is_linkers);
        Self { name, value: glued.or(next.map(|next| next.text.as_str())), is_linkers: *is_linkers, words: 1 + usize::from(next.is_some()) }
    }

    fn verdict(&self, makes: Makes) -> Verdict {
        let of_plugin = |verdict| if makes == Makes::Plugin { verdict } else { Verdict::Keep };
        // gcc's own word for the first, and where people forget `-Wl`.
        if self.name.starts_with("Bsymbolic") || (self.name == "symbolic" && !self.is_linkers) {
            return Verdict::Undo(SPLIT);
        }
        // `-z` is handed on to the linker.
        if self.name == "z" {
            return match self.value.unwrap_or_default() {
                "defs" => of_plugin(Verdict::Undo(MISSING)),
                "nodlopen" => of_plugin(Verdict::Undo(CLOSED)),
                "interpose" => of_plugin(Verdict::Undo(SPLIT)),
                _ => Verdict::Keep,
            };
        }
        match (self.is_linkers, self.name) {
            (false, "static" | "static-pie") => Verdict::Refuse(STATIC),
            (true, "no-dynamic-linker") if makes == Makes::Host => Verdict::Refuse(STATIC),
            (true, "version-script") if self.value.is_some_and(is_rustcs_list) => Verdict::ExportList,
            (true, "no-undefined-version") => of_plugin(Verdict::ExportList),
            (true, "Bgroup" | "exclude-libs" | "version-script" | "default-symver" | "default-imported-symver") => Verdict::Undo(SPLIT),
            (true, name) if name.starts_with("dynamic-list") => of_plugin(Verdict::Undo(SPLIT)),
            (true, "no-undefined") => of_plugin(Verdict::Undo(MISSING)),
            (true, "unresolved-symbols") if self.value == Some("report-all") => of_plugin(Verdict::Undo(MISSING)),
            // What is in these sections of the C library's start files changes nothing.
            (true, "init") if self.value == Some("_init") => Verdict::Keep,
            (true, "fini") if self.value == Some("_fini") => Verdict::Keep,
            // Undone, it would not run at all.
            (true, "init" | "fini") => of_plugin(Verdict::Refuse(EVERY_FILE)),
            (true, "soname" | "h") => of_plugin(Verdict::Undo(NAMED)),
            _ => Verdict::Keep,
        }
    }

    /// As one would type it.
    fn text(&self) -> String {
        let dashes =
            if self.name.starts_with('B') || ["z", "h", "init", "fini", "static", "static-pie", "symbolic", "dn"].contains(&self.name) {
                "-"
            } else {
                "--"
            };
        let value = self.value.map_or_else(String::new, |value| format!("{}{value}", if self.name == "z" { ' ' } else { '=' }));
        format!("{dashes}{}{value}", self.name)
    }
}

/// rustc writes its list of the symbols that a shared object exports into the temporary directory of the link
/// (`rustc_codegen_ssa::back::linker`, `export_symbols`).
fn is_rustcs_list(path: &str) -> bool {
    let path = Path::new(path);
    let directory = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    path.file_name().is_some_and(|name| name == "list") && directory.starts_with("rustc")
}

fn words(arguments: &[String]) -> Result<Vec<Word>> {
    let mut words = Vec::with_capacity(arguments.len());
    let mut is_forwarded = false;
    for (argument, text) in arguments.iter().enumerate() {
        let mut push = |text: &str, is_linkers| words.push(Word { text: text.to_owned(), argument, is_linkers });
        if std::mem::take(&mut is_forwarded) {
            expand_word(text)?.iter().for_each(|word| push(word, true));
        } else if text == "-Xlinker" || text == "--for-linker" {
            is_forwarded = true;
        } else if let Some(list) = text.strip_prefix("-Wl,") {
            for part in list.split(',') {
                expand_word(part)?.iter().for_each(|word| push(word, true));
            }
        } else if let Some(word) = text.strip_prefix("--for-linker=") {
            push(word, true);
        } else {
            push(text, false);
        }
    }
    Ok(words)
}

/// The arguments, without the words that are dropped. Where nothing is, they stay as they are.
fn kept(arguments: &[String], words: &[Word], dropped: &[bool]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(arguments.len());
    let mut forwarding = None;
    for (index, text) in arguments.iter().enumerate() {
        let of_argument = || words.iter().zip(dropped).filter(move |(word, _)| word.argument == index);
        if of_argument().next().is_none() {
            // `-Xlinker`: what becomes of it depends on the next.
            forwarding = Some(text.clone());
        } else if !of_argument().any(|(_, dropped)| *dropped) {
            kept.extend(forwarding.take());
            kept.push(text.clone());
        } else {
            forwarding = None;
            let rest = of_argument().filter(|(_, dropped)| !**dropped);
            kept.extend(rest.flat_map(|(word, _)| ["-Xlinker".to_owned(), word.text.clone()]));
        }
    }
    kept.extend(forwarding);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(line: &str, makes: Makes) -> Checked {
        check(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>(), makes).unwrap()
    }

    fn flags(checked: &Checked) -> Vec<&str> {
        checked
            .undone
            .iter()
            .map(|undone| undone.flag.as_str())
            .chain(checked.refused.iter().map(|refused| refused.flag.as_str()))
            .collect()
    }

    #[test]
    fn flag_is_undone_in_every_spelling() {
        for (line, flag, kept) in [
            ("a.o -Wl,-Bsymbolic -o x", "-Bsymbolic", "a.o -o x"),
            ("-Wl,-z,now,-Bsymbolic-functions,--as-needed x", "-Bsymbolic-functions", "-Xlinker -z -Xlinker now -Xlinker --as-needed x"),
            ("-Xlinker --Bsymbolic-non-weak a.o", "-Bsymbolic-non-weak", "a.o"),
            ("-Bsymbolic a.o", "-Bsymbolic", "a.o"),
            ("-symbolic a.o", "-symbolic", "a.o"),
            ("-Wl,--exclude-libs,ALL", "--exclude-libs=ALL", ""),
            ("-Wl,--exclude-libs -Wl,libz.a b", "--exclude-libs=libz.a", "b"),
            ("-Xlinker -exclude-libs=a:b", "--exclude-libs=a:b", ""),
            ("-Xlinker --exclude-libs -Xlinker ALL c", "--exclude-libs=ALL", "c"),
            ("-Wl,-z,defs", "-z defs", ""),
            ("-Wl,-zdefs", "-z defs", ""),
            ("-z defs a", "-z defs", "a"),
            ("-zdefs", "-z defs", ""),
            ("-Xlinker -z -Xlinker defs -Xlinker -z -Xlinker now", "-z defs", "-Xlinker -z -Xlinker now"),
            ("-Wl,--no-undefined", "--no-undefined", ""),
            ("--for-linker=--no-undefined", "--no-undefined", ""),
            ("-Wl,--unresolved-symbols=report-all", "--unresolved-symbols=report-all", ""),
            ("-Wl,--dynamic-list=l", "--dynamic-list=l", ""),
            ("-Wl,--dynamic-list-data", "--dynamic-list-data", ""),
            ("-Xlinker --version-script -Xlinker mine.map", "--version-script=mine.map", ""),
            ("-Wl,-Bgroup", "-Bgroup", ""),
            ("-Wl,-soname,libp.so", "--soname=libp.so", ""),
            ("-Wl,-z,nodlopen", "-z nodlopen", ""),
        ] {
            let checked = checked(line, Makes::Plugin);
            assert_eq!(flags(&checked), [flag], "{line}");
            assert_eq!((checked.kept.join(" "), checked.refused.len()), (kept.to_owned(), 0), "{line}");
        }
    }

    #[test]
    fn flag_that_changes_no_binding_is_kept_as_it_is() {
        let line = "-m64 -Wl,--version-script=/t/rustcAb/list -Wl,-z,nodelete -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,-Bstatic a.rlib \
            -Wl,-Bdynamic -lc -Xlinker --export-dynamic-symbol=x -L -Bno-symbolic -Wl,-Bno-symbolic -B/gcc-ld -o -z -pie -Xlinker";
        let host = checked(line, Makes::Host);
        assert_eq!(host.kept.join(" "), line.split_whitespace().collect::<Vec<_>>().join(" "));
        assert_eq!((flags(&host), host.export_list), (vec![], true));
        // What only matters to a shared object.
        let line = "-Wl,-z,defs -Wl,--no-undefined -Wl,--dynamic-list=l -Wl,-soname=x";
        assert_eq!((checked(line, Makes::Host).kept.join(" "), flags(&checked(line, Makes::Host))), (line.to_owned(), vec![]));
    }

    #[test]
    fn only_rustcs_own_list_of_exports_is_taken_out_silently() {
        let given = "-Wl,--version-script=/t/rustcAb/list -Wl,--no-undefined-version a.o";
        let plugin = checked(given, Makes::Plugin);
        assert_eq!((plugin.kept.join(" ").as_str(), flags(&plugin), plugin.export_list), ("a.o", vec![], true));
        let theirs = checked("-Wl,--version-script=/home/me/list a.o", Makes::Plugin);
        assert_eq!((flags(&theirs), theirs.export_list), (vec!["--version-script=/home/me/list"], false));
    }

    #[test]
    fn static_program_is_refused_by_name() {
        for (line, flag) in [
            ("-static a.o", "-static"),
            ("-static-pie a.o", "-static-pie"),
            ("-Wl,--no-dynamic-linker", "--no-dynamic-linker"),
            ("-Wl,-Bstatic -lz -Wl,-Bdynamic -Wl,-Bstatic", "-Bstatic"),
            ("-Wl,-static", "-static"),
        ] {
            assert_eq!(flags(&checked(line, Makes::Host)), [flag], "{line}");
        }
    }

    #[test]
    fn function_that_the_loader_would_run_in_every_plugin_is_refused_by_name() {
        for (line, flag) in [
            ("-Wl,-init=begin a.o", "-init=begin"),
            ("-Wl,-init,begin", "-init=begin"),
            ("-Wl,--fini=end", "-fini=end"),
            ("-Xlinker -fini -Xlinker end", "-fini=end"),
        ] {
            assert_eq!(flags(&checked(line, Makes::Plugin)), [flag], "{line}");
            assert_eq!(flags(&checked(line, Makes::Host)), [""; 0], "{line}");
        }
        // What linkers do anyway.
        let line = "-Wl,-init=_init -Wl,-fini,_fini -Wl,-z,initfirst a.o";
        assert_eq!((flags(&checked(line, Makes::Plugin)), checked(line, Makes::Plugin).kept.join(" ")), (vec![], line.to_owned()));
    }

    #[test]
    fn flags_in_response_files_are_found() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("flags");
        std::fs::write(&file, "-z now\n-Bsymbolic").unwrap();
        let checked = checked(&format!("-Wl,@{} a.o", file.display()), Makes::Plugin);
        assert_eq!((flags(&checked), checked.kept.join(" ")), (vec!["-Bsymbolic"], "-Xlinker -z -Xlinker now a.o".to_owned()));
    }
}
