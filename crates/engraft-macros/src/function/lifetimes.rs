//! The lifetimes of functions: which of them a `fn` pointer type can bind, and the one lifetime of
//! an `async fn`'s future.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Generics, Lifetime, LifetimeParam, ParenthesizedGenericArguments, TypeBareFn, TypeReference, WherePredicate};

/// `for<'a, 'b>` for the lifetimes that `generics` declares; nothing if there are none.
pub(crate) fn binder(generics: &Generics) -> Option<TokenStream> {
    let mut lifetimes = generics.lifetimes().map(|parameter| &parameter.lifetime).peekable();
    lifetimes.peek()?;
    Some(quote!(for<#(#lifetimes),*>))
}

/// Something that is demanded of a lifetime.
pub(crate) struct Bound {
    pub(crate) tokens: TokenStream,
    /// Whether it is that the lifetime outlives another one.
    pub(crate) outlives: bool,
}

/// The bounds of lifetimes, and the conditions of the `where` clause that mention one: with any of them the lifetime
/// is settled when the function is named, and no pointer can leave it open.
pub(crate) fn bounds(generics: &Generics) -> Vec<Bound> {
    let own = generics.lifetimes().filter(|parameter| !parameter.bounds.is_empty()).map(|parameter| {
        let LifetimeParam { lifetime, bounds, .. } = parameter;
        Bound { tokens: quote!(#lifetime: #bounds), outlives: true }
    });
    let conditions = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .filter(|condition| generics.lifetimes().any(|of| Mention::check(&of.lifetime, |look| look.visit_where_predicate(condition))));
    let conditions = conditions
        .map(|condition| Bound { tokens: condition.to_token_stream(), outlives: matches!(condition, WherePredicate::Lifetime(_)) });
    own.chain(conditions).collect()
}

/// Looks for one lifetime.
pub(crate) struct Mention<'a> {
    lifetime: &'a Lifetime,
    found: bool,
}

impl<'a> Mention<'a> {
    /// Whether `lifetime` is in what `visit` shows.
    pub(crate) fn check(lifetime: &'a Lifetime, visit: impl FnOnce(&mut Self)) -> bool {
        let mut look = Self { lifetime, found: false };
        visit(&mut look);
        look.found
    }
}

impl<'ast> Visit<'ast> for Mention<'_> {
    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        self.found |= lifetime == self.lifetime;
        visit::visit_lifetime(self, lifetime);
    }
}

/// Gives all elided lifetimes one name.
pub(crate) struct NameElided<'a> {
    pub(crate) name: &'a Lifetime,
    /// Whether there were any.
    pub(crate) found: bool,
}

impl VisitMut for NameElided<'_> {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            lifetime.ident = self.name.ident.clone();
            self.found = true;
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() {
            reference.lifetime = Some(self.name.clone());
            self.found = true;
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }

    // What is elided in the types of functions is theirs.
    fn visit_type_bare_fn_mut(&mut self, _: &mut TypeBareFn) {}
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {}
}
