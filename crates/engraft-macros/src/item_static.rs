//! `#[export]` on a static: look-ups give out a reference to it.

use quote::{quote, quote_spanned};
use syn::parse::ParseStream;
use syn::{Ident, Token, Type};

use crate::attributes;
use crate::export::Context;
use crate::record::{Kind, Record, generated_at};
use crate::report::Report;
use crate::text::one_line;

/// Reads `static NAME: Type`, reports what is wrong with it, and says what there is to say.
pub(crate) fn record(context: &Context<'_>, input: ParseStream<'_>, report: &mut Report) -> syn::Result<Record> {
    let keyword: Token![static] = input.parse()?;
    let mutable: Option<Token![mut]> = input.parse()?;
    let name: Ident = input.parse()?;
    let colon: Token![:] = input.parse()?;
    let ty: Type = input.parse()?;

    context.require_pub("static", &quote!(#keyword #name), report);
    if let Some(mutable) = mutable {
        report.fault(
            quote!(#keyword #mutable #name),
            format_args!(
                "a `static mut` cannot be exported, since nobody could use it without a data race: \
                 write `pub static {name}` with an atomic, a `Mutex` or a `OnceLock`"
            ),
        );
    }
    if let Some(attribute) = attributes::find(context.attributes, "thread_local") {
        report.fault(attribute, format_args!("a thread-local has no one address: export a function that works on `{name}`"));
    }
    if input.peek(Token![;]) {
        report.fault(&name, format_args!("`{name}` is only declared here: export it where it has its value"));
    }

    let visibility = &context.visibility;
    let value = quote_spanned! {generated_at(name.span())=>
        {
            // Does not compile for a `static mut`, which another attribute may have made of the item.
            let _ = &#name;
            &raw const #name
        }
    };
    Ok(Record {
        kind: Kind::Static,
        guard: quote!(),
        items: quote!(),
        constructor: quote!(of_static::<#ty>),
        value: Some(value),
        signature: one_line(quote!(#visibility #keyword #mutable #name #colon #ty)),
        name,
    })
}
