//! Completion scripts and man pages, which are generated from the definition of the command line, and the use of colors.

use crate::ran::Ran;
use crate::tool;
use std::fs;
use std::path::Path;
use std::process::Command;

fn engraft(arguments: &[&str]) -> Command {
    let directory = std::env::temp_dir();
    let mut command = tool::engraft(&directory, &directory);
    command.args(arguments);
    command
}

/// The subcommands, as `--help` lists them.
fn subcommands() -> Vec<String> {
    let help = Ran::of(&mut engraft(&["--help"])).success();
    let commands = help.stdout.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| line.starts_with("  "));
    // Skip continuation lines. The line width depends on clap's features, which other crates in the build can enable.
    let commands = commands.filter(|line| !line.starts_with("   "));
    commands.map(|line| line.split_whitespace().next().unwrap().to_owned()).filter(|name| name != "help").collect()
}

/// Lets a real bash with our script complete the last of these words.
fn completed(words: &[&str]) -> Vec<String> {
    let script = Ran::of(&mut engraft(&["completions", "bash"])).success().stdout;
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let text = format!(
        "_others() {{ COMPREPLY=(from-others); }}\ncomplete -F _others cargo\n{script}\n\
         COMP_WORDS=({}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
         function=$(complete -p \"${{COMP_WORDS[0]}}\" | sed 's/.* -F \\([^ ]*\\) .*/\\1/')\n\
         \"$function\" \"${{COMP_WORDS[0]}}\" \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        quoted.join(" ")
    );
    let ran = Ran::of(tool::clean("bash").args(["--norc", "-c", &text])).success();
    assert!(ran.stderr.is_empty(), "{ran}");
    ran.stdout.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_subcommands_options_and_codes() {
    assert_eq!(completed(&["cargo-engraft", "insp"]), ["inspect"]);
    assert_eq!(completed(&["cargo", "engraft", "insp"]), ["inspect"]);
    let all = completed(&["cargo", "engraft", ""]);
    assert!(subcommands().iter().all(|name| all.contains(name)), "{all:?}");
    assert_eq!(completed(&["cargo", "engraft", "check", "--ho"]), ["--host"]);
    assert_eq!(completed(&["cargo", "engraft", "build", "--rel"]), ["--release"]);
    let codes = completed(&["cargo", "engraft", "explain", "E0"]);
    assert!(codes.contains(&"E01".to_owned()) && codes.contains(&"E09".to_owned()), "{codes:?}");
    // The previous completion function of `cargo` handles the rest.
    assert_eq!(completed(&["cargo", "bu"]), ["from-others"]);
    assert_eq!(completed(&["cargo", "engr"]), ["from-others"]);
}

#[test]
fn other_shells_have_scripts() {
    for (shell, word) in [
        ("zsh", "#compdef cargo-engraft"),
        ("fish", "complete -c cargo-engraft"),
        ("elvish", "cargo-engraft"),
        ("powershell", "cargo-engraft"),
    ] {
        let ran = Ran::of(&mut engraft(&["completions", shell])).success().prints(&[word]);
        assert!(subcommands().iter().all(|name| ran.stdout.contains(name)), "{ran}");
    }
    Ran::of(&mut engraft(&["completions", "csh"])).ended(2).says(&["[possible values: bash, elvish, fish, powershell, zsh]"]);
}

#[test]
fn every_subcommand_has_a_man_page() {
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("man/man1");
    let ran = Ran::of(&mut engraft(&["man", pages.to_str().unwrap()])).success();
    assert!(ran.stdout.is_empty() && ran.stderr.is_empty(), "{ran}");
    let page = |name: &str| fs::read_to_string(pages.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(page("cargo-engraft.1").contains("cargo\\-engraft\\-check(1)"));
    for name in subcommands() {
        let text = page(&format!("cargo-engraft-{name}.1"));
        assert!(text.contains(&format!(".TH cargo-engraft-{name} 1")), "{text}");
        assert!(text.contains(&format!("\\fBcargo engraft {name}\\fR")), "{text}");
    }
    assert!(page("cargo-engraft-check.1").contains("\\fB\\-\\-host\\fR \\fI<FILE>\\fR"));
    // A file has the name of the directory.
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    Ran::of(&mut engraft(&["man", file.to_str().unwrap()])).ended(101).says(&["failed to write man pages to "]);
}

/// Runs in a terminal created by `script`, through a pipe, and with the usual environment variables.
#[test]
fn colors_are_for_terminals_or_on_request() {
    let colored = |command: &mut Command| {
        let ran = Ran::of(command.env("TERM", "xterm").env_remove("NO_COLOR").env_remove("CI"));
        assert!(ran.success().stdout.contains("E01"));
        Ran::of(command).stdout.contains('\x1b')
    };
    let terminal = || {
        let directory = std::env::temp_dir();
        let mut command = tool::clean("script");
        command.args(["-qec", &format!("{} engraft explain E01", tool::PROGRAM), "/dev/null"]).current_dir(directory);
        command
    };
    assert!(colored(&mut terminal()));
    assert!(!colored(&mut engraft(&["explain", "E01"])));
    let with = |mut command: Command, name: &str| {
        let ran = Ran::of(command.env("TERM", "xterm").env_remove("CI").env(name, "1")).success();
        ran.stdout.contains('\x1b')
    };
    assert!(!with(terminal(), "NO_COLOR"));
    assert!(with(engraft(&["explain", "E01"]), "CLICOLOR_FORCE"));
}

/// A reader such as `head` can close the pipe early.
#[test]
fn closed_pipe_is_not_an_error() {
    let text = format!("{} engraft completions zsh | true; echo ${{PIPESTATUS[0]}}", tool::PROGRAM);
    let ran = Ran::of(tool::clean("bash").args(["-c", &text]).current_dir(Path::new("/"))).success();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("0\n", ""), "{ran}");
}
