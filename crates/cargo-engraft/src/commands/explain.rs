//! `cargo engraft explain`: what an error's code means, by an example, and what to do about it.

mod page;
mod text;

use crate::{exit, output};
use anyhow::Result;

/// What is asked.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Codes that errors begin with, such as E03; all are listed if none is named
    #[arg(value_name = "CODE", ignore_case = true, value_parser = clap::builder::PossibleValuesParser::new(page::kinds().into_iter().map(|kind| kind.code)))]
    codes: Vec<String>,
}

/// The subcommand.
pub fn command(options: &Options) -> Result<u8> {
    let kinds = page::kinds();
    let text = if options.codes.is_empty() {
        text::list(&kinds)
    } else {
        let asked = options.codes.iter().filter_map(|code| kinds.iter().find(|kind| kind.code.eq_ignore_ascii_case(code)));
        asked.map(text::of).collect::<Vec<_>>().join("\n")
    };
    output::print(&text)?;
    Ok(exit::FINE)
}
