//! `#[export]` on a struct or an enum: look-ups find the type by its name.

use quote::{quote, quote_spanned};
use syn::parse::ParseStream;
use syn::{Generics, Ident, Lifetime, Token};

use crate::export::Context;
use crate::generics::{self, Refused};
use crate::record::{Kind, Record, generated_at};
use crate::report::Report;
use crate::text::one_line;

/// Reads `struct Name` or `enum Name` with its generics, reports what is wrong with it, and says
/// what there is to say.
pub(crate) fn record(context: &Context<'_>, input: ParseStream<'_>, report: &mut Report) -> syn::Result<Record> {
    let keyword = if input.peek(Token![struct]) {
        let keyword: Token![struct] = input.parse()?;
        quote!(#keyword)
    } else {
        let keyword: Token![enum] = input.parse()?;
        quote!(#keyword)
    };
    let name: Ident = input.parse()?;
    let generics: Generics = input.parse()?;

    context.require_pub(&one_line(keyword.clone()), &quote!(#keyword #name), report);
    if let Some(Refused { place, arguments, names }) = generics::refused(&generics) {
        report.fault(
            place,
            format_args!(
                "`{name}` is generic, and a plugin holds only types that are whole: export one made of it, such as \
                 `pub struct {name}Of{}(pub {name}<{arguments}>)`",
                names.concat()
            ),
        );
    }

    // Lifetimes are no part of a `TypeId`, so the longest ones stand for all.
    let statics = generics.lifetimes().map(|parameter| Lifetime::new("'static", parameter.lifetime.span()));
    let ty = if generics.lifetimes().next().is_some() { quote!(#name<#(#statics),*>) } else { quote!(#name) };
    // Compiles only for a type of this crate. Without this, an attribute that replaces the item by an alias or an import
    // of the same name would make this package claim another one's type.
    let elided = generics.lifetimes().map(|parameter| Lifetime::new("'_", parameter.lifetime.span()));
    let own = if generics.lifetimes().next().is_some() { quote!(#name<#(#elided),*>) } else { quote!(#name) };
    let own = quote_spanned!(generated_at(name.span())=> impl #own {});
    let visibility = &context.visibility;
    Ok(Record {
        kind: Kind::Type,
        guard: quote!(),
        items: own,
        constructor: quote!(of_type::<#ty>),
        value: None,
        signature: one_line(quote!(#visibility #keyword #name #generics)),
        name,
    })
}
