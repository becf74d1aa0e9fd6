//! `#[init]`: checks a function, and registers it to run when its package comes into a process.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Path, Signature, Visibility};

use crate::compilation::Package;
use crate::record::{Description, generated_at, place};
use crate::report::Report;
use crate::text::one_line;
use crate::{arguments, attributes, function};

/// What the attribute becomes.
pub(crate) fn init(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let engraft = arguments::engraft_path("init", arguments, &mut report);
    let head = match syn::parse2::<Head>(item.clone()) {
        Ok(head) => head,
        Err(fault) => {
            report.add(syn::Error::new(fault.span(), "`#[init]` stands on functions: `fn start() { … }`"));
            let faults = report.finish().err();
            return quote!(#item #faults);
        }
    };
    head.check(&mut report);
    let generated = report.finish().err().unwrap_or_else(|| head.generate(&engraft));
    quote!(#item #generated)
}

/// A function up to its body, which is rustc's.
struct Head {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    signature: Signature,
}

impl Parse for Head {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let head = Self { attributes: input.call(Attribute::parse_outer)?, visibility: input.parse()?, signature: input.parse()? };
        let _body: TokenStream = input.parse()?;
        Ok(head)
    }
}

impl Head {
    /// Reports whatever keeps the function from being called at a time when nobody has anything to give to it.
    fn check(&self, report: &mut Report) {
        let Signature { asyncness, unsafety, abi, generics, inputs, .. } = &self.signature;
        if let Some(word) = asyncness {
            report.fault(word, "an initialiser can't be `async`: it runs to its end before its package is used; start a task in it, or in an exported function");
        }
        if let Some(word) = unsafety {
            report.fault(word, "an initialiser can't be `unsafe`: nobody could promise anything to it; put the `unsafe` into its body");
        }
        if let Some(abi) = abi {
            report.fault(abi, "an initialiser is called by Rust: leave the calling convention out");
        }
        if !generics.params.is_empty() {
            report.fault(generics, "an initialiser can't be generic: it runs once, whatever its types would be");
        }
        if !inputs.is_empty() {
            report.fault(inputs, "an initialiser takes no arguments: nobody has any to give");
        }
    }

    fn generate(&self, engraft: &Path) -> TokenStream {
        let name = &self.signature.ident;
        let private = quote!(#engraft::__private);
        let guard = function::only_in_modules(name);
        let (visibility, signature) = (&self.visibility, &self.signature);
        let signature = one_line(quote!(#visibility #signature));
        let documentation = attributes::first_doc_line(&self.attributes);
        let description = Description { kind: "init", name, signature: &signature, documentation: &documentation };
        let (registration, description) = (registration(name, &private), description.generate(&private));
        let attributes = attributes::for_generated_code(&self.attributes);
        quote! {
            #guard
            #attributes
            const _: () = {
                #registration
                #description
            };
        }
    }
}

/// The record by which the library finds and calls it.
fn registration(name: &Ident, private: &TokenStream) -> TokenStream {
    let Package { key, label, is_program, dependencies } = Package::this();
    let dependencies = match dependencies {
        Some(numbers) => quote!(::core::option::Option::Some(&[#(#numbers),*])),
        None => quote!(::core::option::Option::None),
    };
    let (file, line) = place(name);
    let text = name.unraw().to_string();
    // What rustc has against the returned type is told at the function's name.
    let run = quote_spanned!(generated_at(name.span())=> || #private::outcome(#name()));
    quote! {
        #[used]
        #[cfg_attr(target_os = "linux", unsafe(link_section = "engraft_inits"))]
        static __ENGRAFT_INIT: #private::Init = #private::Init {
            package: [#(#key),*],
            label: #label,
            is_program: #is_program,
            dependencies: #dependencies,
            module: ::core::module_path!(),
            name: #text,
            file: #file,
            line: #line,
            run: #run,
        };
    }
}
