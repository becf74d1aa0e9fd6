//! `cargo engraft explain`: prints the cause, an example and the fix for an error code.

mod page;
mod text;

use crate::{exit, output};
use anyhow::Result;

/// Options of `explain`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Error codes, such as E03 (without any, list all codes)
    #[arg(value_name = "CODE", ignore_case = true, value_parser = clap::builder::PossibleValuesParser::new(page::kinds().into_iter().map(|kind| kind.code)))]
    codes: Vec<String>,
}

/// Runs the subcommand.
pub fn command(options: &Options) -> Result<u8> {
    let kinds = page::kinds();
    let text = if options.codes.is_empty() {
        text::list(&kinds)
    } else {
        let asked = options.codes.iter().filter_map(|code| kinds.iter().find(|kind| kind.code.eq_ignore_ascii_case(code)));
        asked.map(text::explanation).collect::<Vec<_>>().join("\n")
    };
    output::print(&text)?;
    Ok(exit::FINE)
}
