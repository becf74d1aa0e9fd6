//! What is generated for an exported item: its record for look-ups and its description for the
//! linker driver. `engraft::registration` says what both hold and where they stand.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Ident, Path};

use crate::attributes;
use crate::compilation::package_key;

/// What kind of item is exported.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Function,
    Static,
    Type,
}

/// The generated code's description of an item.
pub(crate) struct Record {
    pub(crate) kind: Kind,
    pub(crate) name: Ident,
    /// Items outside of the anonymous constant.
    pub(crate) guard: TokenStream,
    /// Items within the anonymous constant.
    pub(crate) items: TokenStream,
    /// The constructor of `engraft::registration::Export` for this kind of item: `of_static::<Type>`.
    pub(crate) constructor: TokenStream,
    /// The constructor's last argument: a typed pointer to the value, from which rustc checks that the item has the type that look-ups
    /// ask for. Another attribute may change the item after this one. None for types.
    pub(crate) value: Option<TokenStream>,
    /// The item's head, as people write it.
    pub(crate) signature: String,
}

/// A span at `place` for generated code: errors are shown at `place`, and rustc and clippy still
/// know that a macro wrote the code, so that users' lints leave it alone.
pub(crate) fn generated_at(place: Span) -> Span {
    Span::mixed_site().located_at(place)
}

impl Record {
    /// The generated code, for an item with these other attributes. It is one anonymous constant, and all names in it
    /// begin with `__ENGRAFT`, because they hide the user's names of the same spelling.
    ///
    /// Sections are named only where plugins can be opened: other systems have other rules for names, and the crate
    /// compiles there all the same.
    pub(crate) fn generate(&self, engraft: &Path, attributes: &[Attribute]) -> TokenStream {
        let Self { guard, items, signature, .. } = self;
        let documentation = attributes::first_doc_line(attributes);
        let attributes = attributes::for_generated_code(attributes);
        let private = quote!(#engraft::__private);
        let kind = match self.kind {
            Kind::Function => "fn",
            Kind::Static => "static",
            Kind::Type => "type",
        };
        let export = self.export(&private);
        let description = Description { kind, name: &self.name, signature, documentation: &documentation };
        let description = description.generate(&private);
        quote! {
            #guard
            #attributes
            const _: () = {
                #items
                #export
                #description
            };
        }
    }

    /// The record for look-ups.
    fn export(&self, private: &TokenStream) -> TokenStream {
        let Self { constructor, value, .. } = self;
        let name = self.name.unraw().to_string();
        let package = package_key();
        // rustc's errors about the type are shown at the item's name.
        let export = quote_spanned! {generated_at(self.name.span())=>
            #private::Export::#constructor([#(#package),*], ::core::module_path!(), #name, #value)
        };
        quote! {
            #[used]
            #[cfg_attr(target_os = "linux", unsafe(link_section = "engraft_exports"))]
            static __ENGRAFT_EXPORT: #private::Export = #export;
        }
    }
}

/// What the linker driver reads about an item.
pub(crate) struct Description<'a> {
    /// What `engraft::registration` calls its kind.
    pub(crate) kind: &'a str,
    pub(crate) name: &'a Ident,
    pub(crate) signature: &'a str,
    pub(crate) documentation: &'a str,
}

impl Description<'_> {
    pub(crate) fn generate(&self, private: &TokenStream) -> TokenStream {
        let Self { kind, name, signature, documentation } = self;
        let (file, line) = place(name);
        let name = name.unraw().to_string();
        quote! {
            const __ENGRAFT_FIELDS: [&::core::primitive::str; #private::DESCRIPTION_FIELDS] = [
                #kind,
                ::core::module_path!(),
                #name,
                #signature,
                #documentation,
                #file,
                ::core::concat!(#line),
            ];

            #[used]
            #[cfg_attr(target_os = "linux", unsafe(link_section = "engraft_describe"))]
            static __ENGRAFT_DESCRIPTION: [
                ::core::primitive::u8;
                #private::description_len(&__ENGRAFT_FIELDS)
            ] = #private::describe(&__ENGRAFT_FIELDS);
        }
    }
}

/// Expressions for the file and the line in which a name stands.
pub(crate) fn place(name: &Ident) -> (TokenStream, TokenStream) {
    // `line!()` tells the line of the outermost macro call in which it stands. With the span
    // of the item's name there is none, and it is the name's own line.
    (quote_spanned!(name.span()=> ::core::file!()), quote_spanned!(name.span()=> ::core::line!()))
}
