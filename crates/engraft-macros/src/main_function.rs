//! `#[main]`: puts the start of the program's initialisers before the body of `main`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser;
use syn::{Attribute, Signature, Visibility};

use crate::arguments;
use crate::report::Report;

/// What the attribute becomes.
pub(crate) fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let engraft = arguments::engraft_path("main", arguments, &mut report);
    if !is_main(item.clone()) {
        report.fault(&item, "`#[engraft::main]` stands on `fn main`");
    }
    if let Err(faults) = report.finish() {
        return quote!(#item #faults);
    }
    // Only the body is changed, so that whatever else makes something of `main` can stand above or below.
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let Some(TokenTree::Group(body)) = tokens.last_mut() {
        let (attributes, statements) = split_inner_attributes(body.stream());
        let mut with_start = Group::new(Delimiter::Brace, quote!(#attributes #engraft::__private::start(); #statements));
        with_start.set_span(body.span());
        *body = with_start;
    }
    tokens.into_iter().collect()
}

/// The attributes that a body begins with (`#![allow(…)]`), which nothing may precede, and the rest.
fn split_inner_attributes(body: TokenStream) -> (TokenStream, TokenStream) {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let is_punct = |token: Option<&TokenTree>, wanted| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted);
    let mut end = 0;
    while is_punct(tokens.get(end), '#') && is_punct(tokens.get(end + 1), '!') {
        end += 3;
    }
    let mut tokens = tokens.into_iter();
    (tokens.by_ref().take(end).collect(), tokens.collect())
}

/// Whether this is a function of that name, with a body.
fn is_main(item: TokenStream) -> bool {
    let read = |input: syn::parse::ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let signature: Signature = input.parse()?;
        let body: TokenTree = input.parse()?;
        let has_body = matches!(&body, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        Ok(has_body && signature.ident == "main")
    };
    read.parse2(item).unwrap_or(false)
}
