//! `#[export]`: finds out what kind of item it stands on, and emits the item, its record, and
//! everything that is wrong with it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Path, Token, Visibility};

use crate::record::Record;
use crate::report::Report;
use crate::{arguments, attributes, function, item_static, item_type, refused};

/// What the attribute becomes.
pub(crate) fn export(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let engraft = arguments::engraft_path("export", arguments, &mut report);
    let mut source = match syn::parse2::<Source>(item.clone()) {
        Ok(source) => source,
        Err(fault) => {
            report.add(fault);
            let faults = report.finish().err();
            return quote!(#item #faults);
        }
    };
    source.refuse_second_export(&engraft, &mut report);
    let record = source.record(&engraft, &mut report);
    let generated = match report.finish() {
        Ok(()) => record.map(|record| record.generate(&engraft, &source.attributes)),
        Err(faults) => Some(faults),
    };
    quote!(#source #generated)
}

/// The item as it came: attributes, and what is behind them.
struct Source {
    attributes: Vec<Attribute>,
    rest: TokenStream,
}

impl Parse for Source {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { attributes: input.call(Attribute::parse_outer)?, rest: input.parse()? })
    }
}

impl ToTokens for Source {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attributes, rest } = self;
        tokens.extend(quote!(#(#attributes)* #rest));
    }
}

/// What every kind of item may have to know about its surroundings.
pub(crate) struct Context<'a> {
    /// The item's other attributes.
    pub(crate) attributes: &'a [Attribute],
    pub(crate) visibility: Visibility,
    /// Where engraft is.
    pub(crate) engraft: &'a Path,
}

impl Source {
    /// A second `#[export]` on the same item would register it twice; it is told here and taken
    /// away, or it would tell the item's other faults again.
    fn refuse_second_export(&mut self, engraft: &Path, report: &mut Report) {
        self.attributes.retain(|attribute| {
            let second = attributes::is_export(attribute, engraft);
            if second {
                report.fault(attribute, "the item is exported already: remove one of its `#[export]`s");
            }
            !second
        });
    }

    /// What there is to say about the item; `None` if it cannot be exported at all.
    fn record(&self, engraft: &Path, report: &mut Report) -> Option<Record> {
        let read = |input: ParseStream<'_>| {
            let context = Context { attributes: &self.attributes, visibility: input.parse()?, engraft };
            let record = record(&context, input, report);
            // Bodies, fields and initial values are rustc's: they may use syntax that syn does not
            // know, and reading them would only take time.
            let _: TokenStream = input.parse()?;
            record
        };
        read.parse2(self.rest.clone()).unwrap_or_else(|fault| {
            report.add(fault);
            None
        })
    }
}

/// Reads the head of an item of any kind.
fn record(context: &Context<'_>, input: ParseStream<'_>, report: &mut Report) -> syn::Result<Option<Record>> {
    if function::is_next(input) {
        function::record(context, input, report).map(Some)
    } else if input.peek(Token![static]) {
        item_static::record(context, input, report).map(Some)
    } else if input.peek(Token![struct]) || input.peek(Token![enum]) {
        item_type::record(context, input, report).map(Some)
    } else {
        refused::report(input, report)?;
        Ok(None)
    }
}

impl Context<'_> {
    /// Reports an item that is not `pub`; `head` is the item's tokens from its first keyword to its
    /// name, `what` its kind.
    pub(crate) fn require_pub(&self, what: &str, head: &TokenStream, report: &mut Report) {
        let place = match &self.visibility {
            Visibility::Public(_) => return,
            Visibility::Inherited => head.clone(),
            restricted @ Visibility::Restricted(_) => restricted.to_token_stream(),
        };
        report.fault(place, format_args!("an exported {what} must be public: write `pub {}`", crate::text::one_line(head.clone())));
    }
}
