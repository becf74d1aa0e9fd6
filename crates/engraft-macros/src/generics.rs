//! Type and const parameters, which no exported item may have, and examples of what to fill in for them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Generics};

/// What to tell about an item that is generic over types or constants.
pub(crate) struct Refused {
    /// The parameters.
    pub(crate) place: TokenStream,
    /// Examples of arguments for all of the item's parameters: `'static, String, 4`.
    pub(crate) arguments: String,
    /// The same for parts of names, without lifetimes: `String` and `4`.
    pub(crate) names: Vec<&'static str>,
}

/// `None` when there are at most lifetimes.
pub(crate) fn refused(generics: &Generics) -> Option<Refused> {
    let (lifetimes, others): (Vec<_>, Vec<_>) =
        generics.params.iter().partition(|parameter| matches!(parameter, GenericParam::Lifetime(_)));
    if others.is_empty() {
        return None;
    }
    let names: Vec<&str> = others
        .iter()
        .map(|parameter| match parameter {
            GenericParam::Const(_) => "4",
            _ => "String",
        })
        .collect();
    let arguments: Vec<&str> = lifetimes.iter().map(|_| "'static").chain(names.iter().copied()).collect();
    Some(Refused { place: quote!(#(#others)*), arguments: arguments.join(", "), names })
}
