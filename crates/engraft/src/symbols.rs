//! The paths of a plugin's items, told from the symbols in its file: what it has, exported or not.
//!
//! Both of rustc's manglings write a path as its parts one behind another, each after its length: `rules::apply` of the
//! crate `one` is `3one5rules5apply` (legacy: `_ZN3one5rules5apply17h…E`; v0: `_RNvNtCs…_3one5rules5apply`,
//! <https://doc.rust-lang.org/rustc/symbol-mangling/v0.html>). This is for an error's help and only a best effort: what
//! was inlined, never compiled or stripped is not seen.

use crate::Unexported;
use std::collections::BTreeSet;

/// An item's path within its crate, in parts; closures are empty parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Symbol {
    path: Vec<String>,
    /// Whether it surely belongs to a type.
    method: bool,
}

/// The items of a crate that a file has symbols for, ordered and each once.
pub(crate) fn of_crate(file: &[u8], crate_name: &str) -> Vec<Symbol> {
    let name = format!("{}{crate_name}", crate_name.len());
    let (name, mut symbols, mut from) = (name.as_bytes(), BTreeSet::new(), 0);
    while let Some(at) = find(file, name, from) {
        from = at + name.len();
        let before = &file[..at];
        let rest = &file[from..];
        if before.ends_with(b"_ZN") {
            symbols.extend(legacy(rest));
        } else if before.ends_with(b"_") || before.ends_with(b"C") {
            symbols.extend(v0(rest));
        }
    }
    symbols.into_iter().collect()
}

/// What somebody who asked for a path may have meant: the very path first, then an item of that name elsewhere.
pub(crate) fn named(symbols: &[Symbol], asked: &str, exported: &[String]) -> Option<Unexported> {
    let last = asked.rsplit("::").next().filter(|last| !last.is_empty())?;
    let candidates = symbols.iter().filter(|symbol| symbol.path.last().is_some_and(|part| part == last));
    let judged = candidates.filter_map(|symbol| {
        let path = symbol.path.join("::");
        let found = match symbol.function_around(symbols) {
            Some(around) => Unexported::Within(around.join("::")),
            None if symbol.is_method() => Unexported::Method(path.clone()),
            None => Unexported::Item(path.clone()),
        };
        let kind = matches!(found, Unexported::Method(_)) as u8 + 2 * matches!(found, Unexported::Within(_)) as u8;
        (!exported.contains(&path)).then_some((path != asked, kind, path, found))
    });
    judged.min_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2))).map(|(.., found)| found)
}

impl Symbol {
    /// Whether it belongs to a type, which legacy symbols only tell by how types are written.
    fn is_method(&self) -> bool {
        let parent = self.path.iter().rev().nth(1);
        self.method || parent.is_some_and(|parent| parent.starts_with(char::is_uppercase))
    }

    /// The function in whose body it is: that has a symbol too, or a closure that the item is in.
    fn function_around<'s>(&'s self, symbols: &[Self]) -> Option<&'s [String]> {
        if let Some(closure) = self.path.iter().position(String::is_empty) {
            return Some(&self.path[..closure]);
        }
        let is_item = |path: &[String]| symbols.binary_search_by(|symbol| symbol.path.as_slice().cmp(path)).is_ok();
        (1..self.path.len()).map(|len| &self.path[..len]).find(|path| is_item(path))
    }
}

/// The rest of a legacy symbol behind the crate's name: parts, then one of a hash.
fn legacy(mut rest: &[u8]) -> Option<Symbol> {
    let mut path = Vec::new();
    while let Some((part, behind)) = part(rest, false) {
        rest = behind;
        if part.len() == 17 && part.starts_with('h') && part[1..].bytes().all(|byte| byte.is_ascii_hexdigit()) {
            break;
        }
        path.push(if part.contains("closure") && part.contains("$u7b$") { String::new() } else { part.to_owned() });
    }
    item(path, false)
}

/// The rest of a v0 symbol behind the crate's name. A type that it mentions earlier stands as a reference back (`NtB2_`),
/// with its own parts behind that: then the item belongs to this type.
fn v0(mut rest: &[u8]) -> Option<Symbol> {
    let mut path = Vec::new();
    let mut method = false;
    loop {
        rest = without_disambiguator(rest);
        if let Some((part, behind)) = part(rest, true) {
            path.push(part.to_owned());
            rest = behind;
        } else if let Some(behind) = reference_back(rest).filter(|_| !method) {
            (path, method, rest) = (Vec::new(), true, behind);
        } else {
            return item(path, method);
        }
    }
}

/// An item's path ends with its name: closures in it only prove that it is there.
fn item(mut path: Vec<String>, method: bool) -> Option<Symbol> {
    while path.last().is_some_and(String::is_empty) {
        path.pop();
    }
    // A type that is only mentioned has no name behind its own.
    (path.len() > usize::from(method)).then_some(Symbol { path, method })
}

/// One part of a path: its length in decimal, and so many bytes. v0 escapes what begins with a digit or `_` with one more `_`.
fn part(symbol: &[u8], escapes: bool) -> Option<(&str, &[u8])> {
    let digits = match symbol {
        [b'0', ..] => 1,
        _ => symbol.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count(),
    };
    let len: usize = std::str::from_utf8(&symbol[..digits]).ok()?.parse().ok()?;
    let behind = &symbol[digits..];
    let escaped = escapes && matches!(behind, [b'_', next, ..] if *next == b'_' || next.is_ascii_digit());
    let (part, behind) = behind[usize::from(escaped)..].split_at_checked(len)?;
    let part = std::str::from_utf8(part).ok()?;
    part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_$.".contains(&byte)).then_some((part, behind))
}

/// What follows `s<base 62>_`, which v0 writes before the second of several equal parts and all after it.
fn without_disambiguator(symbol: &[u8]) -> &[u8] {
    symbol.strip_prefix(b"s").and_then(behind_number).filter(|rest| rest.first().is_some_and(u8::is_ascii_digit)).unwrap_or(symbol)
}

/// What follows `NtB<base 62>_`; a module between the two is one more `Nt`.
fn reference_back(symbol: &[u8]) -> Option<&[u8]> {
    let mut rest = symbol.strip_prefix(b"Nt")?;
    while let Some(behind) = rest.strip_prefix(b"Nt") {
        rest = behind;
    }
    behind_number(rest.strip_prefix(b"B")?)
}

fn behind_number(symbol: &[u8]) -> Option<&[u8]> {
    let end = symbol.iter().take(12).position(|byte| *byte == b'_')?;
    symbol[..end].iter().all(u8::is_ascii_alphanumeric).then_some(&symbol[end + 1..])
}

/// Where `needle` stands in `bytes`, from `start` on.
fn find(bytes: &[u8], needle: &[u8], start: usize) -> Option<usize> {
    let (first, rest) = needle.split_first()?;
    let mut at = start;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| byte == first)?;
        if bytes[at + 1..].starts_with(rest) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as far as this looks at it.
    const FILE: &[u8] = b"\x7fELF\0_ZN3one5apply17h0123456789abcdefE\0_ZN3one5rules5reset17h0123456789abcdefE\0\
        _ZN3one6Filter7inspect17h0123456789abcdefE\0_ZN3one5outer28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE\0\
        _ZN3one5outer28_$u7b$$u7b$closure$u7d$$u7d$6hidden17h0123456789abcdefE\0_ZN3one5apply5local17h0123456789abcdefE\0\
        _ZN3one8_private17h0123456789abcdefE\0_ZN3one3__x17h0123456789abcdefE\0_ZN5other3one4away17h0123456789abcdefE\0\
        _RNvCsabc123_3one3new\0_RNvNtNtCsabc123_3one1a1b4deep\0_RNvMCsabc123_3oneNtB2_4Rule4test\0\
        _RNvMs_NtCsabc123_3one5rulesNtB4_4Rule4more\0_RINvCsabc123_3one7generichE\0_RNvNCNvCsabc123_3one4many0s_6inside\0\
        _RNvCsabc123_3one8__written\0_RINvNtCsdef_4core3ptr13drop_in_placeNtCsabc123_3one5ThingEB4_\0.3one";

    #[test]
    fn what_is_there_and_not_exported() {
        let item = |path: &str| Some(Unexported::Item(path.into()));
        let method = |path: &str| Some(Unexported::Method(path.into()));
        let within = |path: &str| Some(Unexported::Within(path.into()));
        let table = [
            ("apply", item("apply")),
            ("rules::reset", item("rules::reset")),
            ("reset", item("rules::reset")),
            ("elsewhere::reset", item("rules::reset")),
            ("_private", item("_private")),
            ("Filter::inspect", method("Filter::inspect")),
            ("inspect", method("Filter::inspect")),
            ("outer", item("outer")),
            ("hidden", within("outer")),
            ("local", within("apply")),
            ("new", item("new")),
            ("a::b::deep", item("a::b::deep")),
            ("Rule::test", method("Rule::test")),
            ("more", method("Rule::more")),
            ("generic", item("generic")),
            ("inside", within("many")),
            ("__x", item("__x")),
            ("_written", item("_written")),
            ("exported", None),
            ("away", None),
            ("absent", None),
            ("appl", None),
            ("", None),
            ("a::", None),
        ];
        let symbols = of_crate(FILE, "one");
        for (asked, expected) in table {
            assert_eq!(named(&symbols, asked, &["exported".to_owned()]), expected, "{asked}");
        }
    }

    #[test]
    fn what_is_exported_is_not_told_again() {
        let symbols = of_crate(FILE, "one");
        assert_eq!(named(&symbols, "reset", &["rules::reset".to_owned()]), None);
    }

    #[test]
    fn a_path_is_found_before_its_name_elsewhere() {
        let symbols = of_crate(b"_ZN3one1b1f17h0123456789abcdefE _ZN3one1a1f17h0123456789abcdefE", "one");
        assert_eq!(named(&symbols, "b::f", &[]), Some(Unexported::Item("b::f".into())));
        assert_eq!(named(&symbols, "f", &[]), Some(Unexported::Item("a::f".into())));
    }

    #[test]
    fn files_cut_anywhere_do_no_harm() {
        // Miri runs this some hundred times slower.
        for len in (0..FILE.len()).step_by(if cfg!(miri) { 37 } else { 1 }) {
            of_crate(&FILE[..len], "one");
        }
    }
}
