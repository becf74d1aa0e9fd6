//! `#[export]` on an `async fn`. Its future has no name, and hosts have to ask by one, so what is
//! exported is a function that boxes the future.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::visit_mut::VisitMut;
use syn::{Ident, Lifetime, Path, ReturnType, Signature, Type};

use super::lifetimes::{NameElided, binder};
use crate::record::generated_at;

/// The type of the function that is exported for an `async fn`, and the function.
///
/// All elided lifetimes are one, which is the future's as well: a `fn` pointer type cannot say
/// that the future lives as long as the shortest of several. A function that declares lifetimes
/// has its own way; then the first one declared is the future's.
pub(crate) fn pointer(signature: &Signature, engraft: &Path) -> (TokenStream, TokenStream) {
    let declared = signature.generics.lifetimes().next();
    let lifetime = declared.map_or_else(|| Lifetime::new("'__engraft", Span::mixed_site()), |parameter| parameter.lifetime.clone());
    let mut elided = NameElided { name: &lifetime, found: false };
    let arguments: Vec<Type> = super::arguments(signature)
        .map(|argument| {
            let mut ty = (*argument.ty).clone();
            elided.visit_type_mut(&mut ty);
            ty
        })
        .collect();
    let (binder, lifetime) = match binder(&signature.generics) {
        Some(binder) => (binder, lifetime.clone()),
        None if elided.found => (quote!(for<#lifetime>), lifetime.clone()),
        // There is nothing to borrow from.
        None => (quote!(), Lifetime::new("'static", Span::mixed_site())),
    };
    let output = match &signature.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => {
            let mut ty = ty.clone();
            NameElided { name: &lifetime, found: false }.visit_type_mut(&mut ty);
            quote!(#ty)
        }
    };
    let ty = quote!(#binder fn(#(#arguments),*) -> #engraft::BoxFuture<#lifetime, #output>);

    let names: Vec<Ident> = (0..arguments.len()).map(|position| format_ident!("__engraft_{position}", span = Span::mixed_site())).collect();
    let function = &signature.ident;
    // That a future is not `Send` is told at the function's name, with the cause in its body.
    let call = quote_spanned! {generated_at(function.span())=>
        |#(#names),*| ::std::boxed::Box::pin(#function(#(#names),*))
    };
    (ty, call)
}
