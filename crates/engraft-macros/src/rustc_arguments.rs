//! Reads the arguments of the rustc that this macro runs in.
//!
//! A macro can't ask whether a path resolves or which crates its own depends on, but it runs in rustc's process, whose arguments name
//! every direct dependency with its file (`--extern`,
//! <https://doc.rust-lang.org/rustc/command-line-arguments.html#--extern-specify-where-an-external-library-is-located>). Other
//! programs that expand macros, such as rust-analyzer, have no such arguments.

use std::env;
use std::path::PathBuf;
use std::sync::OnceLock;

/// What the arguments say about the crate that is being compiled.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct RustcArguments {
    /// Whether these are a compiler's arguments.
    pub(crate) is_compiler: bool,
    /// `--crate-name`.
    pub(crate) crate_name: String,
    /// What cargo puts behind a crate's name in the names of its files: a hyphen and 16 hexadecimal digits, which no other package has.
    pub(crate) extra_filename: String,
    /// Whether a program or a test is compiled.
    pub(crate) is_program: bool,
    /// The direct dependencies.
    pub(crate) externs: Vec<Extern>,
}

/// A direct dependency: `--extern NAME=FILE`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Extern {
    /// The name by which the crate knows it.
    pub(crate) name: String,
    /// Its file; none if rustc is to search for it.
    pub(crate) file: Option<PathBuf>,
}

impl RustcArguments {
    /// The arguments of this process.
    pub(crate) fn this() -> &'static Self {
        static THIS: OnceLock<RustcArguments> = OnceLock::new();
        THIS.get_or_init(|| {
            let arguments = env::args_os().filter_map(|argument| argument.into_string().ok());
            Self::parse(arguments, |file| std::fs::read_to_string(file).ok())
        })
    }

    /// Reads arguments. `text_of` reads a file of arguments (`@FILE`, one on each line), which cargo writes when there are too many for
    /// the system.
    pub(crate) fn parse(arguments: impl Iterator<Item = String>, text_of: impl Fn(&str) -> Option<String>) -> Self {
        const FLAGS: [&str; 5] = ["--crate-name", "--crate-type", "--extern", "--codegen", "-C"];
        let mut words = arguments.flat_map(|argument| match argument.strip_prefix('@').and_then(&text_of) {
            Some(text) => text.lines().map(str::to_owned).collect(),
            None => vec![argument],
        });
        let mut parsed = Self::default();
        while let Some(word) = words.next() {
            parsed.is_program |= word == "--test";
            let Some((flag, glued)) = FLAGS.iter().find_map(|flag| {
                let glued = word.strip_prefix(flag)?;
                Some((*flag, glued.strip_prefix('=').unwrap_or(glued)))
            }) else {
                continue;
            };
            let value = if glued.is_empty() { words.next().unwrap_or_default() } else { glued.to_owned() };
            parsed.is_compiler |= flag.starts_with("--");
            match flag {
                "--crate-name" => parsed.crate_name = value,
                "--crate-type" => parsed.is_program |= value == "bin",
                "--extern" => parsed.externs.push(Extern::parse(&value)),
                _ => {
                    if let Some(name) = value.strip_prefix("extra-filename=") {
                        parsed.extra_filename = name.to_owned();
                    }
                }
            }
        }
        parsed
    }

    /// The libraries that the crate depends on directly, where they are known.
    pub(crate) fn libraries(&self) -> impl Iterator<Item = &PathBuf> {
        self.externs.iter().filter_map(|dependency| dependency.file.as_ref())
    }
}

impl Extern {
    /// Reads `priv:name=file`, of which only the name must be there.
    fn parse(value: &str) -> Self {
        let (names, file) = value.split_once('=').map_or((value, None), |(names, file)| (names, Some(file.into())));
        Self { name: names.rsplit(':').next().unwrap_or(names).to_owned(), file }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The arguments on a line; no file of arguments is there.
    pub(crate) fn parse(line: &str) -> RustcArguments {
        RustcArguments::parse(line.split_whitespace().map(str::to_owned), |_| None)
    }

    #[test]
    fn command_line_is_read_in_all_spellings() {
        let library = |name: &str, file: &str| Extern { name: name.to_owned(), file: Some(file.into()) };
        let expected = RustcArguments {
            is_compiler: true,
            crate_name: "api".to_owned(),
            extra_filename: "-00112233445566ff".to_owned(),
            is_program: false,
            externs: vec![library("a", "/t/liba-1.rmeta"), library("b", "/t/libb-2.rlib"), Extern { name: "c".to_owned(), file: None }],
        };
        for line in [
            "rustc --crate-name api --crate-type lib -C extra-filename=-00112233445566ff --extern a=/t/liba-1.rmeta --extern priv:b=/t/libb-2.rlib --extern c",
            "rustc --crate-name=api --crate-type=lib -Cextra-filename=-00112233445566ff --extern=a=/t/liba-1.rmeta --extern=b=/t/libb-2.rlib --extern c",
            "rustc --crate-name api --codegen=extra-filename=-00112233445566ff -C opt-level=3 --extern a=/t/liba-1.rmeta --extern b=/t/libb-2.rlib --extern=c",
        ] {
            assert_eq!(parse(line), expected, "{line}");
        }
        for line in ["rustc --crate-type bin", "rustc --crate-type=bin", "rustc --test"] {
            assert!(parse(line).is_program, "{line}");
        }
        assert_eq!(parse("rust-analyzer proc-macro"), RustcArguments::default());
    }

    #[test]
    fn arguments_in_a_file_are_read() {
        let text_of = |file: &str| (file == "/t/arguments").then(|| "--crate-name\na b\n".to_owned());
        let read = |file: &str| RustcArguments::parse([format!("@{file}")].into_iter(), text_of).crate_name;
        assert_eq!((read("/t/arguments").as_str(), read("/t/absent").as_str()), ("a b", ""));
    }
}
