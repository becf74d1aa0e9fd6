//! Items of kinds that cannot be exported, and what to write instead of each.

use proc_macro2::TokenTree;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Token, Type};

use crate::report::Report;
use crate::text::one_line;

/// Reads the head of an item that is no function, static, struct or enum, and reports it.
pub(crate) fn report(input: ParseStream<'_>, report: &mut Report) -> syn::Result<()> {
    if input.peek(Token![const]) {
        return constant(input, report);
    }
    let unsafety: Option<Token![unsafe]> = input.parse()?;
    let auto: Option<Token![auto]> = input.parse()?;
    let keyword: TokenTree = input.parse()?;
    let name = input.fork().call(Ident::parse_any).ok();
    let place = match (keyword.to_string().as_str(), &name) {
        // The name behind these is not the item's own.
        ("impl" | "use", _) | (_, None) => quote!(#unsafety #auto #keyword),
        (_, Some(name)) => quote!(#unsafety #auto #keyword #name),
    };
    report.fault(place, advice(&keyword.to_string(), name.as_ref(), input));
    Ok(())
}

/// What to do about an item that begins with `keyword`.
fn advice(keyword: &str, name: Option<&Ident>, behind: ParseStream<'_>) -> String {
    let name = name.map(Ident::to_string).unwrap_or_default();
    let (what, instead) = match keyword {
        "union" => ("a union", format!("write `pub struct {name}` or `pub enum {name}`")),
        "trait" => ("a trait", format!("export a function that returns something of it, such as `Box<dyn {name}>`")),
        "impl" => ("an `impl` block", "write free functions, such as `pub fn name(this: &Type, …)`, and export those".to_owned()),
        "mod" => ("a module", format!("write `#[export]` on those items in `{name}` that are to be found")),
        "type" => ("a type alias", format!("export the struct or enum for which `{name}` stands")),
        "use" => ("a `use` declaration", "export the item where it is written".to_owned()),
        "extern" if name == "crate" => ("a crate", "export the item where it is written".to_owned()),
        "extern" => ("an `extern` block", "write a function that calls what it declares, and export that".to_owned()),
        _ if behind.peek(Token![!]) || keyword == "macro" || keyword == "macro_rules" => {
            ("a macro", "write `#[export]` on the items into which it expands".to_owned())
        }
        _ => ("this", "write it on a `pub` function, static, struct or enum".to_owned()),
    };
    format!("{what} cannot be exported: {instead}")
}

/// `const NAME: Type`.
fn constant(input: ParseStream<'_>, report: &mut Report) -> syn::Result<()> {
    let keyword: Token![const] = input.parse()?;
    let name = input.call(Ident::parse_any)?;
    input.parse::<Token![:]>()?;
    let ty: Type = input.parse()?;
    if is_local_key(&ty) {
        report.fault(&name, format_args!("a thread-local has no one address: export a function that uses `{name}.with(…)`"));
    } else {
        report.fault(
            quote!(#keyword #name),
            format_args!("a `const` has no address: write `pub static {name}: {}`", one_line(ty.to_token_stream())),
        );
    }
    Ok(())
}

/// What `thread_local!` makes of its variables are constants of this type.
fn is_local_key(ty: &Type) -> bool {
    let Type::Path(path) = ty else {
        return false;
    };
    path.path.segments.last().is_some_and(|last| last.ident == "LocalKey")
}
