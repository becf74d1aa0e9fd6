//! Finds the crate of a symbol or of a codegen unit by its name.

use std::fmt::Write;

/// A crate, as far as a symbol name identifies it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Crate {
    pub name: String,
    /// rustc's `StableCrateId`, if the symbol name contains it.
    pub id: Option<u64>,
}

/// The crate that defines the item with this symbol; none if the name is not mangled by rustc, or names no crate.
///
/// For generic code this is the crate that defines it, not the one that instantiates it.
#[must_use]
pub fn of_symbol(symbol: &str) -> Option<Crate> {
    if let Some(path) = symbol.strip_prefix("_R") {
        return of_v0(path);
    }
    let mut text = String::new();
    write!(text, "{:#}", rustc_demangle::try_demangle(symbol).ok()?).ok()?;
    Some(Crate { name: of_path(&text)?, id: None })
}

/// The crate of a codegen unit, which rustc names `crate.0123456789abcdef-cgu.0`. Units of incremental builds have other names.
#[must_use]
pub fn of_unit(file: &str) -> Option<Crate> {
    let (name, rest) = file.split_once('.')?;
    let (id, _) = rest.split_once("-cgu.")?;
    Some(Crate { name: name.to_owned(), id: u64::from_str_radix(id, 16).ok() })
}

/// Follows a v0 path to its crate root (<https://doc.rust-lang.org/rustc/symbol-mangling/v0.html>).
fn of_v0(mut path: &str) -> Option<Crate> {
    loop {
        let (first, rest) = path.split_at_checked(1)?;
        path = match first {
            // A nested path has a namespace and its parent path. An instance has a path and generic arguments.
            "N" => rest.get(1..)?,
            "I" => rest,
            // An item in an `impl` has the path of the `impl` first.
            "M" | "X" => disambiguator(rest).1,
            "C" => {
                let (id, name) = disambiguator(rest);
                let digits = name.find(|byte: char| !byte.is_ascii_digit())?;
                let len: usize = name[..digits].parse().ok()?;
                let name = &name[digits..];
                let name = name.strip_prefix('_').unwrap_or(name).get(..len)?.to_owned();
                return Some(Crate { name, id });
            }
            _ => return None,
        };
    }
}

/// Splits off a disambiguator: `s`, digits in base 62, then `_`. The digits encode the number minus two; without digits it is one.
fn disambiguator(path: &str) -> (Option<u64>, &str) {
    let Some((digits, rest)) = path.strip_prefix('s').and_then(|rest| rest.split_once('_')) else { return (None, path) };
    let digit = |byte| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'z' => Some(byte - b'a' + 10),
        b'A'..=b'Z' => Some(byte - b'A' + 36),
        _ => None,
    };
    let add = |number: u64, byte| number.checked_mul(62)?.checked_add(u64::from(digit(byte)?));
    let number = if digits.is_empty() { Some(1) } else { digits.bytes().try_fold(0, add).and_then(|number: u64| number.checked_add(2)) };
    (number, rest)
}

/// The first crate in a demangled path such as `<&shout::Loud as hello_api::Greeter>::greet`.
fn of_path(path: &str) -> Option<String> {
    let mut rest = path;
    loop {
        let trimmed = rest.trim_start_matches(['<', '&', '[', '(', '*', ' ']);
        let words = ["mut ", "const ", "dyn ", "impl ", "unsafe "];
        let next = words.iter().find_map(|word| trimmed.strip_prefix(word)).unwrap_or(trimmed);
        if next == rest {
            break;
        }
        rest = next;
    }
    let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len());
    if end > 0 && rest[end..].starts_with("::") {
        return Some(rest[..end].to_owned());
    }
    // The type belongs to no crate, so the trait's crate counts.
    of_path(rest.split_once(" as ")?.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use object::{Object, ObjectSymbol};

    #[test]
    fn crate_is_read_from_symbol() {
        for (symbol, name) in [
            ("_ZN5shout15choose_loudness17hc492b14775538182E", "shout"),
            ("_ZN50_$LT$shout..Loud$u20$as$u20$hello_api..Greeter$GT$5greet17h2f144fea2fcb4c5fE", "shout"),
            ("_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17he9feee877e9da201E", "core"),
            ("_ZN5shout8LOUDNESS17hf02b7a170634be1aE", "shout"),
            ("_RNvMsa_NtCsgEmfK2I1SDS_4core3fmtNtB5_9Formatter9write_str", "core"),
            ("_RNvXs3_NtNtCsgEmfK2I1SDS_4core3num5errorNtB5_13ParseIntErrorNtNtB9_3fmt7Display3fmt", "core"),
            ("_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc", "__rustc"),
            ("_RINvNtC3std2io5printlE", "std"),
        ] {
            assert_eq!(of_symbol(symbol).map(|found| found.name).as_deref(), Some(name), "{symbol}");
        }
        for symbol in ["sqlite3_open", "main", "", "_ZN3foo3barEv", "_R", "_RNvC", "_RNvCs", "_RNvC9"] {
            assert_eq!(of_symbol(symbol), None, "{symbol}");
        }
    }

    #[test]
    fn crate_is_read_from_demangled_path() {
        for (path, name) in [
            ("<(a::B, C) as core::fmt::Debug>::fmt", Some("a")),
            ("<fn(a::B) -> C as core::fmt::Debug>::fmt", Some("core")),
            ("<[T] as core::fmt::Debug>::fmt", Some("core")),
            ("<dyn a::B as c::D>::e", Some("a")),
            ("<*const T as c::D>::e", Some("c")),
            ("main", None),
            ("<T>::f", None),
        ] {
            assert_eq!(of_path(path).as_deref(), name, "{path}");
        }
    }

    #[test]
    fn crate_id_is_read_from_v0_symbol() {
        for (symbol, id) in [
            ("_RNvC3std4exit", None),
            ("_RNvCs_3std4exit", Some(1)),
            ("_RNvCs0_3std4exit", Some(2)),
            ("_RNvCsa_3std4exit", Some(12)),
            ("_RNvCsZ_3std4exit", Some(63)),
            ("_RNvCs10_3std4exit", Some(64)),
            ("_RNvCszzzzzzzzzzzzzzz_3std4exit", None),
        ] {
            assert_eq!(of_symbol(symbol).map(|found| (found.name, found.id)), Some(("std".to_owned(), id)), "{symbol}");
        }
    }

    /// Compares with rustc's output: in a library, the ids in symbols equal the ids in the names of object files.
    #[test]
    fn symbol_and_codegen_unit_have_the_same_crate_id() {
        let directory = tempfile::tempdir().unwrap();
        let (source, library) = (directory.path().join("some.rs"), directory.path().join("libsome.rlib"));
        std::fs::write(&source, "pub static STATE: u32 = 1;\npub mod inner { #[inline(never)] pub fn run() -> u32 { 7 } }\n").unwrap();
        let mut rustc = std::process::Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.args(["--crate-type", "rlib", "-Csymbol-mangling-version=v0", "-Cmetadata=x", "-o"]).arg(&library).arg(&source);
        assert!(rustc.status().unwrap().success());
        let bytes = std::fs::read(&library).unwrap();
        let archive = object::read::archive::ArchiveFile::parse(bytes.as_slice()).unwrap();
        let mut seen = 0;
        for member in archive.members().map(Result::unwrap) {
            let Some(unit) = std::str::from_utf8(member.name()).unwrap().split_once('.').and_then(|(_, unit)| of_unit(unit)) else {
                continue;
            };
            assert!(unit.name == "some" && unit.id.is_some(), "{unit:?}");
            let object = object::File::parse(member.data(bytes.as_slice()).unwrap()).unwrap();
            for found in object.symbols().filter_map(|symbol| of_symbol(symbol.name().unwrap())).filter(|found| found.name == "some") {
                assert_eq!(found, unit);
                seen += 1;
            }
        }
        assert!(seen >= 2, "{seen}");
    }

    #[test]
    fn crate_is_read_from_codegen_unit() {
        let found = Crate { name: "tracing_core".into(), id: Some(0x2421_663b_630e_3b56) };
        assert_eq!(of_unit("tracing_core.2421663b630e3b56-cgu.4"), Some(found));
        assert_eq!(of_unit("6sxf6hped1hvt7scy1lb9m6s7"), None);
        assert_eq!(of_unit("sqlite3.c"), None);
    }
}
