//! `cargo engraft completions`: what a shell needs to know to complete our command line, made from its definition.

use crate::{exit, output};
use anyhow::Result;
use clap_complete::Shell;

/// For whom.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The shell
    shell: Shell,
}

/// The program, by whose name shells know it.
const PROGRAM: &str = "cargo-engraft";

/// `cargo engraft …` is the command line that people write, and bash asks whoever completes `cargo`. In zsh, cargo's own completion
/// asks for a function of our name.
const AS_SUBCOMMAND_IN_BASH: &str = r#"
# `cargo engraft …`: everything else stays with whoever completed `cargo` before.
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

/// The subcommand; `cli` is the whole command line.
pub fn command(options: &Options, cli: clap::Command) -> Result<u8> {
    let mut cli = cli.name(PROGRAM);
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut cli, PROGRAM, &mut script);
    let mut script = String::from_utf8(script)?;
    if options.shell == Shell::Bash {
        // clap_complete 4.6.11 sets these labels by one name, and looks for them by another, if the program's has a dash.
        script = script.replace("cargo__subcmd__engraft__subcmd__", "cargo__engraft__subcmd__") + AS_SUBCOMMAND_IN_BASH;
    }
    output::print(&script)?;
    Ok(exit::FINE)
}
