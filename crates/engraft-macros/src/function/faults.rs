//! What makes a function impossible to export, and what to write instead.

use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{FnArg, Ident, LifetimeParam, Receiver, ReturnType, Signature, Token, TraitBoundModifier, Type, TypeImplTrait, TypeParamBound};

use super::lifetimes::{self, Mention};
use crate::attributes;
use crate::export::Context;
use crate::generics::{self, Refused};
use crate::report::Report;
use crate::text::one_line;

/// Reports everything that is wrong with a function's head.
pub(crate) fn report(context: &Context<'_>, signature: &Signature, report: &mut Report) {
    let Signature { constness, asyncness, unsafety, abi, fn_token, ident, .. } = signature;
    let head = quote!(#constness #asyncness #unsafety #abi #fn_token #ident);
    context.require_pub("function", &head, report);
    report_qualifiers(context, signature, report);
    report_generics(signature, report);
    report_lifetimes(signature, report);
    report_arguments(signature, report);
    for implicit in ImplTraits::in_return_type(&signature.output) {
        report.fault(
            implicit,
            format_args!("a type without a name cannot be asked for: return `Box<dyn {}>` or a concrete type", bounds(implicit)),
        );
    }
}

fn report_qualifiers(context: &Context<'_>, signature: &Signature, report: &mut Report) {
    let name = &signature.ident;
    if signature.asyncness.is_some() {
        if let Some(unsafety) = &signature.unsafety {
            report.fault(
                unsafety,
                format_args!(
                    "an exported `async fn` cannot be unsafe: write `pub unsafe fn {name}(…) -> \
                     engraft::BoxFuture<'_, T>`"
                ),
            );
        }
        if let ReturnType::Type(_, ty) = &signature.output
            && matches!(**ty, Type::Never(_))
        {
            report.fault(ty, "a future of `!` cannot be named in stable Rust: write `std::convert::Infallible`");
        }
        if let Some(abi) = &signature.abi {
            let abi_text = one_line(abi.to_token_stream());
            report.fault(
                abi,
                format_args!(
                    "an exported `async fn` has Rust's calling convention, since it returns a \
                     boxed future: remove `{abi_text}`"
                ),
            );
        }
    }
    if let (Some(features), None) = (attributes::find(context.attributes, "target_feature"), &signature.unsafety) {
        report.fault(
            features,
            format_args!(
                "a function pointer does not know of target features, so that to call it is \
                 unsafe: write `pub unsafe fn {name}`"
            ),
        );
    }
    if let Some(variadic) = &signature.variadic {
        report.fault(variadic, "a variable number of arguments cannot be exported: take a slice");
    }
}

fn report_generics(signature: &Signature, report: &mut Report) {
    let name = &signature.ident;
    if let Some(Refused { place, names, .. }) = generics::refused(&signature.generics) {
        report.fault(
            place,
            format_args!(
                "`{name}` is generic, and a plugin holds only compiled code: export a function that calls it with \
                 types of your choice, such as `pub fn {name}_of_{}(…) {{ {name}::<{}>(…) }}`",
                names.join("_").to_lowercase(),
                names.join(", ")
            ),
        );
    }
}

fn report_lifetimes(signature: &Signature, report: &mut Report) {
    let bounds = lifetimes::bounds(&signature.generics);
    if bounds.is_empty() && signature.asyncness.is_some() {
        report_lifetimes_of_future(signature, report);
    }
    for bound in bounds {
        let text = one_line(bound.tokens.clone());
        let otherwise = if bound.outlives { ", which arguments such as `&'a T<'b>` imply, or write one lifetime for both" } else { "" };
        report.fault(
            bound.tokens,
            format_args!("a lifetime that is open in a function pointer cannot have bounds: remove `{text}`{otherwise}"),
        );
    }
    for LifetimeParam { lifetime, .. } in signature.generics.lifetimes() {
        let in_arguments = signature.inputs.iter().any(|argument| Mention::check(lifetime, |look| look.visit_fn_arg(argument)));
        let in_return_type = Mention::check(lifetime, |look| look.visit_return_type(&signature.output));
        if in_return_type && !in_arguments {
            report.fault(lifetime, format_args!("`{lifetime}` is in the return type and in no argument: write `'static`"));
        }
    }
}

/// Of several lifetimes the first is the future's, so the others must outlive it. Bounds that say
/// so are refused, and what remains are those that an argument with both lifetimes implies.
fn report_lifetimes_of_future(signature: &Signature, report: &mut Report) {
    let mut declared = signature.generics.lifetimes().map(|parameter| &parameter.lifetime);
    let Some(first) = declared.next() else {
        return;
    };
    for other in declared {
        let mut used = false;
        let mut implied = false;
        for argument in &signature.inputs {
            let mentions = |lifetime| Mention::check(lifetime, |look| look.visit_fn_arg(argument));
            used |= mentions(other);
            implied |= mentions(other) && mentions(first);
        }
        if used && !implied {
            report.fault(
                other,
                format_args!(
                    "the future of an exported `async fn` has one lifetime, here `{first}`, and \
                     nothing says that `{other}` outlives it: write `{first}` for both"
                ),
            );
        }
    }
}

fn report_arguments(signature: &Signature, report: &mut Report) {
    if let Some(receiver) = signature.receiver() {
        report_receiver(receiver, signature, report);
    } else {
        report_self(signature, report);
    }
    for argument in &signature.inputs {
        let FnArg::Typed(argument) = argument else {
            continue;
        };
        for implicit in ImplTraits::in_type(&argument.ty) {
            let dynamic = format!("dyn {}", bounds(implicit));
            let reference = if implicit.bounds.len() > 1 { format!("&({dynamic})") } else { format!("&{dynamic}") };
            report.fault(
                implicit,
                format_args!(
                    "`impl` in an argument makes `{}` generic: write `{reference}` or a concrete \
                     type",
                    signature.ident
                ),
            );
        }
    }
}

/// A method.
fn report_receiver(receiver: &Receiver, signature: &Signature, report: &mut Report) {
    let ty = one_line(receiver.ty.to_token_stream()).replace("Self", "Type");
    let more = if signature.inputs.len() > 1 { ", …" } else { "" };
    report
        .fault(receiver, format_args!("a method cannot be exported: write a free function `pub fn {}(this: {ty}{more})`", signature.ident));
}

/// A function without receiver that is in an `impl` all the same, as far as its types tell.
fn report_self(signature: &Signature, report: &mut Report) {
    let mut found = SelfType { first: None };
    found.visit_signature(signature);
    if let Some(first) = found.first {
        report.fault(
            first,
            format_args!(
                "a function of an `impl` cannot be exported: write a free function `pub fn {}`, \
                 with the type's own name for `Self`",
                signature.ident
            ),
        );
    }
}

/// Looks for `Self`.
struct SelfType<'ast> {
    first: Option<&'ast Ident>,
}

impl<'ast> Visit<'ast> for SelfType<'ast> {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        if ident == "Self" {
            self.first.get_or_insert(ident);
        }
    }
}

/// Collects the outermost `impl Trait`s of a type.
struct ImplTraits<'ast>(Vec<&'ast TypeImplTrait>);

impl<'ast> ImplTraits<'ast> {
    fn in_type(ty: &'ast Type) -> Vec<&'ast TypeImplTrait> {
        let mut found = Self(Vec::new());
        found.visit_type(ty);
        found.0
    }

    fn in_return_type(output: &'ast ReturnType) -> Vec<&'ast TypeImplTrait> {
        match output {
            ReturnType::Default => Vec::new(),
            ReturnType::Type(_, ty) => Self::in_type(ty),
        }
    }
}

impl<'ast> Visit<'ast> for ImplTraits<'ast> {
    fn visit_type_impl_trait(&mut self, found: &'ast TypeImplTrait) {
        self.0.push(found);
    }
}

/// The text of an `impl Trait`'s bounds, without those that `dyn Trait` cannot have.
fn bounds(of: &TypeImplTrait) -> String {
    let of_dyn: Punctuated<&TypeParamBound, Token![+]> = of
        .bounds
        .iter()
        .filter(|bound| match bound {
            TypeParamBound::Trait(bound) => matches!(bound.modifier, TraitBoundModifier::None),
            TypeParamBound::Lifetime(_) => true,
            _ => false,
        })
        .collect();
    one_line(of_dyn.to_token_stream())
}
