//! The other attributes of an exported item: which of them also matter for what is generated,
//! and the first line of its documentation.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Path, Token};

/// The attributes that the generated code must carry as well: `cfg`, so that it vanishes with the
/// item, and what silences lints, because it names the item and repeats its types.
pub(crate) fn for_generated_code(attributes: &[Attribute]) -> TokenStream {
    attributes.iter().filter_map(|attribute| for_generated(&attribute.meta)).map(|meta| quote!(#[#meta])).collect()
}

fn for_generated(meta: &Meta) -> Option<TokenStream> {
    let path = meta.path();
    if path.is_ident("cfg") || path.is_ident("allow") {
        return Some(quote!(#meta));
    }
    if path.is_ident("deprecated") {
        // To export an item is not to use it.
        return Some(quote!(allow(deprecated)));
    }
    let Meta::List(list) = meta else {
        return None;
    };
    if path.is_ident("expect") {
        // The lint that is expected comes from the item; here it may or may not come again.
        let lints = &list.tokens;
        return Some(quote!(allow(#lints)));
    }
    if path.is_ident("cfg_attr") {
        let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
        let mut parts = parts.iter();
        let condition = parts.next()?;
        let kept: Vec<TokenStream> = parts.filter_map(for_generated).collect();
        return (!kept.is_empty()).then(|| quote!(cfg_attr(#condition, #(#kept),*)));
    }
    None
}

/// Only the `cfg` attributes, for arguments: a `fn` pointer type's arguments can have them too.
pub(crate) fn only_cfg(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
}

/// The attribute of that name, if it is there.
pub(crate) fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.path().is_ident(name))
}

/// Whether `attribute` is another `#[export]` of engraft, as far as its path tells.
pub(crate) fn is_export(attribute: &Attribute, engraft: &Path) -> bool {
    let path = attribute.path();
    let mut names = path.segments.iter().map(|segment| &segment.ident).rev();
    if names.next().is_none_or(|name| name != "export") {
        return false;
    }
    let known_as = engraft.segments.last().map(|segment| &segment.ident);
    match names.next() {
        None => true,
        Some(name) => name == "engraft" || Some(name) == known_as,
    }
}

/// The first line of the documentation that says something; empty if there is none.
pub(crate) fn first_doc_line(attributes: &[Attribute]) -> String {
    attributes
        .iter()
        .filter_map(doc_text)
        .flat_map(|text| text.lines().map(|line| without_margin(line.trim()).to_owned()).collect::<Vec<_>>())
        .find(|line| !line.is_empty())
        .unwrap_or_default()
}

/// Lines of a `/** … */` comment may begin with a star.
fn without_margin(line: &str) -> &str {
    match line.strip_prefix('*') {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => rest.trim_start(),
        _ => line,
    }
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn kept(attributes: &[Attribute]) -> String {
        crate::text::one_line(for_generated_code(attributes))
    }

    #[test]
    fn cfg_and_silenced_lints_are_kept() {
        let attributes: [Attribute; 6] = [
            parse_quote!(#[cfg(unix)]),
            parse_quote!(#[inline]),
            parse_quote!(#[allow(clippy::all)]),
            parse_quote!(#[expect(unused, reason = "because")]),
            parse_quote!(#[deprecated = "old"]),
            parse_quote!(#[deny(warnings)]),
        ];
        assert_eq!(
            kept(&attributes),
            "#[cfg(unix)] #[allow(clippy::all)] #[allow(unused, reason = \"because\")] \
             #[allow(deprecated)]"
        );
    }

    #[test]
    fn of_cfg_attr_the_same_is_kept() {
        let attributes: [Attribute; 2] =
            [parse_quote!(#[cfg_attr(unix, inline, cfg(a), cfg_attr(b, allow(c)))]), parse_quote!(#[cfg_attr(windows, inline)])];
        assert_eq!(kept(&attributes), "#[cfg_attr(unix, cfg(a), cfg_attr(b, allow(c)))]");
    }

    #[test]
    fn first_line_of_documentation() {
        let line = |text: &str| first_doc_line(&[parse_quote!(#[doc = #text])]);
        assert_eq!(line(" Answers. "), "Answers.");
        assert_eq!(line("\n * Answers.\n * More.\n "), "Answers.");
        assert_eq!(line("* Starred.\n"), "Starred.");
        assert_eq!(line(" **Bold** and \"quoted\" \\ 数"), "**Bold** and \"quoted\" \\ 数");
        assert_eq!(line("  \n\t\n"), "");
        assert_eq!(first_doc_line(&[]), "");
        let behind_empty: [Attribute; 4] = [
            parse_quote!(#[doc(hidden)]),
            parse_quote!(#[doc = include_str!("a.md")]),
            parse_quote!(#[doc = ""]),
            parse_quote!(#[doc = " Second."]),
        ];
        assert_eq!(first_doc_line(&behind_empty), "Second.");
    }

    #[test]
    fn another_export() {
        let engraft: Path = parse_quote!(host::grafting);
        for (attribute, is) in [
            (parse_quote!(#[export]), true),
            (parse_quote!(#[engraft::export]), true),
            (parse_quote!(#[::engraft::export(crate = x)]), true),
            (parse_quote!(#[host::grafting::export]), true),
            (parse_quote!(#[other::export]), false),
            (parse_quote!(#[engraft::init]), false),
        ] {
            assert_eq!(is_export(&attribute, &engraft), is);
        }
    }
}
