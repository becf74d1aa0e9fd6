//! Whose a symbol is that the loader did not find, where the host has only a part of that package.

use engraft_manifest::{Manifest, Origin};

/// The package, among those of which the host has a part, that a symbol names first; that of C code it does not tell.
pub(crate) fn owner(symbol: &str, host: &Manifest<'_>) -> Option<String> {
    let partial = host.packages.iter().filter(|package| package.origin == Origin::Partial);
    let named = partial.filter_map(|package| Some((mention(symbol, package.crate_name)?, package.name)));
    named.min().map(|(_, name)| name.to_owned())
}

/// Where a symbol first mentions a crate. Both manglings write a part of a path behind its length; the older one writes a type's path,
/// as in the name of a trait's method, with `..` between the parts.
fn mention(symbol: &str, crate_name: &str) -> Option<usize> {
    let find = |text: String, is_inner: fn(char) -> bool| {
        let starts = |at: &usize| !symbol[..*at].ends_with(is_inner);
        symbol.match_indices(&text).map(|(at, _)| at).find(starts)
    };
    let part = find(format!("{}{crate_name}", crate_name.len()), |before| before.is_ascii_digit());
    let of_a_type = find(format!("{crate_name}.."), |before| before.is_ascii_alphanumeric() || matches!(before, '_' | '.'));
    part.into_iter().chain(of_a_type).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_told_by_a_symbol_of_either_mangling() {
        for (symbol, crate_name, at) in [
            ("_ZN14regex_automata4util4pool7COUNTER17h876a6f2915710ed8E", "regex_automata", Some(3)),
            ("_ZN14regex_automata4util4pool7COUNTER17h876a6f2915710ed8E", "regex", None),
            ("_ZN14regex_automata4util4pool7COUNTER17h876a6f2915710ed8E", "pool", Some(24)),
            ("_ZN65_$LT$regex..regex..Regex$u20$as$u20$core..fmt..Display$GT$3fmt17hb9641df3d15e557aE", "regex", Some(10)),
            ("_ZN65_$LT$a_regex..Regex$u20$as$u20$core..fmt..Display$GT$3fmt17hb9641df3d15e557aE", "regex", None),
            ("_RNvXs_NtCs5cnd_10rayon_core4joinNtB4_4Join", "rayon_core", Some(16)),
            ("_RNvCs1_14a5rayonxxxxxxx", "a", None),
            ("ZSTD_endStream", "zstd", None),
        ] {
            assert_eq!(mention(symbol, crate_name), at, "{symbol}");
        }
    }
}
