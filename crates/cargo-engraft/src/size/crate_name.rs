//! Of which crate a symbol or a compilation unit is, by its name.

use std::fmt::Write;

/// The crate in which an item with this symbol is written; none if the name is not one of rustc's, or does not tell.
///
/// Of generic code that is the crate that wrote it, not the one that uses it.
#[must_use]
pub fn of_symbol(symbol: &str) -> Option<String> {
    if let Some(path) = symbol.strip_prefix("_R") {
        return of_v0(path);
    }
    let mut text = String::new();
    write!(text, "{:#}", rustc_demangle::try_demangle(symbol).ok()?).ok()?;
    of_path(&text)
}

/// The crate of a compilation unit, which rustc calls `crate.0123456789abcdef-cgu.0`; with incremental state it has no such name.
#[must_use]
pub fn of_unit(file: &str) -> Option<&str> {
    let (name, rest) = file.split_once('.')?;
    rest.contains("-cgu.").then_some(name)
}

/// Follows a v0 path to the crate that it begins with (<https://doc.rust-lang.org/rustc/symbol-mangling/v0.html>).
fn of_v0(mut path: &str) -> Option<String> {
    loop {
        let (first, rest) = path.split_at_checked(1)?;
        path = match first {
            // Nested: a namespace and the path around it. Instances: the path and arguments.
            "N" => rest.get(1..)?,
            "I" => rest,
            // Within an `impl`, whose own path comes first.
            "M" | "X" => without_disambiguator(rest),
            "C" => {
                let name = without_disambiguator(rest);
                let digits = name.find(|byte: char| !byte.is_ascii_digit())?;
                let len: usize = name[..digits].parse().ok()?;
                let name = &name[digits..];
                return name.strip_prefix('_').unwrap_or(name).get(..len).map(str::to_owned);
            }
            _ => return None,
        };
    }
}

fn without_disambiguator(path: &str) -> &str {
    path.strip_prefix('s').and_then(|rest| rest.split_once('_')).map_or(path, |(_, rest)| rest)
}

/// The first crate in a path as it is printed: `<&shout::Loud as hello_api::Greeter>::greet`.
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
    // A type that belongs to no crate: then the trait's counts.
    of_path(rest.split_once(" as ")?.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_tell_their_crate() {
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
            assert_eq!(of_symbol(symbol).as_deref(), Some(name), "{symbol}");
        }
        for symbol in ["sqlite3_open", "main", "", "_ZN3foo3barEv", "_R", "_RNvC", "_RNvCs", "_RNvC9"] {
            assert_eq!(of_symbol(symbol), None, "{symbol}");
        }
    }

    #[test]
    fn paths_tell_their_crate() {
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
    fn units_tell_their_crate() {
        assert_eq!(of_unit("tracing_core.2421663b630e3b56-cgu.4"), Some("tracing_core"));
        assert_eq!(of_unit("6sxf6hped1hvt7scy1lb9m6s7"), None);
        assert_eq!(of_unit("sqlite3.c"), None);
    }
}
