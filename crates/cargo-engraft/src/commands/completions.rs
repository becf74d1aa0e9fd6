//! `cargo engraft completions`: prints a completion script, generated from the definition of the command line.

use crate::{exit, output};
use anyhow::Result;
use clap_complete::Shell;

/// Options of `completions`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Shell to generate the script for
    shell: Shell,
}

/// The name of the program for which the shell completes.
const PROGRAM: &str = "cargo-engraft";

/// Users type `cargo engraft …`, for which bash calls the completion function of `cargo`. This function completes our subcommand and passes
/// everything else on. zsh needs nothing: cargo's completion calls a function with our name.
const AS_SUBCOMMAND_IN_BASH: &str = r#"
# Completes `cargo engraft …`, and calls the previous completion function of `cargo` for everything else.
_cargo_engraft_others="$(complete -p cargo 2>/dev/null | sed -n 's/.* -F \([^ ]*\) .*/\1/p')"
_cargo_engraft_subcommand() {
    if [[ "${COMP_WORDS[1]}" == engraft && $COMP_CWORD -gt 1 ]]; then
        COMP_WORDS=(cargo-engraft "${COMP_WORDS[@]:2}")
        COMP_CWORD=$((COMP_CWORD - 1))
        _cargo__engraft cargo-engraft "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    elif [[ -n "$_cargo_engraft_others" ]]; then
        "$_cargo_engraft_others" "$@"
    fi
}
complete -F _cargo_engraft_subcommand -o bashdefault -o default cargo
"#;

/// Runs the subcommand. `cli` is the definition of the whole command line.
pub fn command(options: &Options, cli: clap::Command) -> Result<u8> {
    let mut cli = cli.name(PROGRAM);
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut cli, PROGRAM, &mut script);
    let mut script = String::from_utf8(script)?;
    if options.shell == Shell::Bash {
        // clap_complete 4.6.11 sets these labels under one name and reads them under another if the program's name has a dash.
        script = script.replace("cargo__subcmd__engraft__subcmd__", "cargo__engraft__subcmd__") + AS_SUBCOMMAND_IN_BASH;
    }
    output::print(&script)?;
    Ok(exit::FINE)
}
