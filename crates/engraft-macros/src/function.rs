//! `#[export]` on a function: look-ups ask for its `fn` pointer type.

mod asynchronous;
mod faults;
mod lifetimes;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::{FnArg, Ident, LitStr, Pat, PatType, Signature, Token};

use crate::attributes;
use crate::export::Context;
use crate::record::{Kind, Record, generated_at};
use crate::report::Report;
use crate::text::one_line;

/// Whether a function comes next: `fn` behind any of its qualifiers.
pub(crate) fn is_next(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let _ = ahead.parse::<Option<Token![const]>>();
    let _ = ahead.parse::<Option<Token![async]>>();
    let _ = ahead.parse::<Option<Token![unsafe]>>();
    if ahead.parse::<Token![extern]>().is_ok() {
        let _ = ahead.parse::<Option<LitStr>>();
    }
    ahead.peek(Token![fn])
}

/// Reads the head of a function, reports what is wrong with it, and says what there is to say.
pub(crate) fn record(context: &Context<'_>, input: ParseStream<'_>, report: &mut Report) -> syn::Result<Record> {
    let signature: Signature = input.parse()?;
    faults::report(context, &signature, report);
    if input.peek(Token![;]) && signature.receiver().is_none() {
        report.fault(
            &signature.ident,
            format_args!("`{}` is only declared here: write a function that calls it, and export that", signature.ident),
        );
    }

    let name = signature.ident.clone();
    let (ty, function) = if signature.asyncness.is_some() {
        asynchronous::pointer(&signature, context.engraft)
    } else {
        (pointer_type(&signature), name.to_token_stream())
    };
    // A look-up returns a reference to a function pointer, so there is a static that holds it. Its initial value is coerced from the
    // function itself, which makes rustc compare the two types.
    let items = quote_spanned! {generated_at(name.span())=>
        static __ENGRAFT_SLOT: #ty = #function;
    };
    Ok(Record {
        kind: Kind::Function,
        guard: only_in_modules(&name),
        items,
        constructor: quote!(of_function),
        value: Some(quote!(&__ENGRAFT_SLOT)),
        signature: text(context, &signature),
        name,
    })
}

/// An item that is nothing in a module and a syntax error in an `impl`.
///
/// A function without receiver may stand in an `impl`, and its tokens do not tell. There the
/// anonymous constant would only be told to need a name; for this item rustc says, at the
/// function's name, that an "implementation is not supported" and to move it "out to a nearby
/// module scope", which is what has to be done.
pub(crate) fn only_in_modules(name: &Ident) -> TokenStream {
    quote_spanned! {generated_at(name.span())=>
        #[cfg(false)]
        impl __EngraftExport {}
    }
}

/// The type of a pointer to a function that is not `async`.
fn pointer_type(signature: &Signature) -> TokenStream {
    let Signature { unsafety, abi, output, .. } = signature;
    let binder = lifetimes::binder(&signature.generics);
    let arguments = arguments(signature).map(|PatType { attrs, ty, .. }| {
        let attributes = attributes::only_cfg(attrs);
        quote!(#(#attributes)* #ty)
    });
    quote!(#binder #unsafety #abi fn(#(#arguments),*) #output)
}

/// The arguments; a receiver is refused elsewhere.
fn arguments(signature: &Signature) -> impl Iterator<Item = &PatType> {
    signature.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    })
}

/// The function's head as people write it, without its attributes and what only its body needs.
fn text(context: &Context<'_>, signature: &Signature) -> String {
    let mut signature = signature.clone();
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Typed(argument) => {
                argument.attrs.clear();
                if let Pat::Ident(name) = &mut *argument.pat {
                    name.mutability = None;
                }
            }
            FnArg::Receiver(receiver) => receiver.attrs.clear(),
        }
    }
    let visibility = &context.visibility;
    one_line(quote!(#visibility #signature))
}
