//! The arguments of engraft's attributes: only `crate = path`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Path, Token, parse_quote};

use crate::known_as::{self, KnownAs};
use crate::report::Report;

/// The path to engraft for an attribute without arguments. Reports it if there is none.
fn engraft(attribute: &str, report: &mut Report) -> Path {
    match known_as::of_this_compiler() {
        KnownAs::Name(name) => {
            let name = syn::parse_str::<Ident>(&name).unwrap_or_else(|_| format_ident!("r#{name}"));
            parse_quote!(::#name)
        }
        KnownAs::Nothing => {
            report.add(syn::Error::new(
                Span::call_site(),
                format_args!(
                    "`engraft` is no direct dependency of this crate: write the path that leads to it, \
                     `#[{attribute}(crate = path::to::engraft)]`, or add it to Cargo.toml"
                ),
            ));
            parse_quote!(::engraft)
        }
        KnownAs::Unknown => parse_quote!(::engraft),
    }
}

/// Reads the arguments of an attribute and returns the path under which the crate knows engraft.
pub(crate) fn engraft_path(attribute: &str, arguments: TokenStream, report: &mut Report) -> Path {
    let mut path = None;
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            argument(attribute, input, &mut path, report)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(fault) = read.parse2(arguments) {
        report.add(fault);
    }
    path.unwrap_or_else(|| engraft(attribute, report))
}

/// Reads one argument, up to its comma.
fn argument(attribute: &str, input: ParseStream<'_>, path: &mut Option<Path>, report: &mut Report) -> syn::Result<()> {
    if !input.peek(Token![crate]) {
        let name = input.fork().call(Ident::parse_any);
        let tokens = up_to_comma(input)?;
        match name {
            Ok(name) => {
                report.fault(tokens, format_args!("`#[{attribute}]` has no argument `{name}`; the only one is `crate = path::to::engraft`"))
            }
            Err(_) => report.fault(tokens, format_args!("`#[{attribute}]` takes only `crate = path::to::engraft`")),
        }
        return Ok(());
    }
    let name: Token![crate] = input.parse()?;
    let equals: Option<Token![=]> = input.parse()?;
    let tokens = up_to_comma(input)?;
    let given = Path::parse_mod_style.parse2(tokens.clone()).ok().filter(|_| equals.is_some());
    let place = quote!(#name #equals #tokens);
    match given {
        None => report.fault(place, "write the path under which this crate knows engraft: `crate = path::to::engraft`"),
        Some(_) if path.is_some() => report.fault(place, "`crate` was given before: leave one of the two"),
        Some(given) => *path = Some(given),
    }
    Ok(())
}

/// Whatever stands before the next comma.
fn up_to_comma(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?.to_tokens(&mut tokens);
    }
    Ok(tokens)
}
