//! Programs that could open plugins and don't: `engraft` is among their dependencies, and rustc links nothing that no code names.

use super::build::is_linked;
use crate::cargo::invocation::Executable;
use crate::cargo::workspace::Member;
use cargo_metadata::TargetKind;

/// The error for a plugin of which no host was built. `meant` are the executables that it is for.
pub fn no_host(plugin: &str, meant: &[&Executable]) -> String {
    let text = format!("no host was built that the plugin `{plugin}` could be linked for\n");
    match meant.iter().find(|executable| is_program(executable)) {
        Some(program) => text + &unused(&program.name, program),
        None => {
            text + "a host is a program whose code names `engraft`, or a package that does\n\
                help: build it with the features that it requires, or look at the plugin's `hosts = […]`"
        }
    }
}

/// What is to be said of a package all of whose programs are none that open plugins.
pub fn of_package(host: &Member, executables: &[Executable]) -> Option<String> {
    let mut programs = executables.iter().filter(|executable| executable.package == host.id && is_program(executable)).peekable();
    let first = *programs.peek()?;
    programs.all(|program| !is_linked(program)).then(|| unused(&host.name, first))
}

fn is_program(executable: &Executable) -> bool {
    executable.kind == TargetKind::Bin && !executable.test
}

fn unused(name: &str, program: &Executable) -> String {
    format!(
        "`{name}` is no host: it may use `engraft`, and none of its code names it, or a package that does; rustc links nothing else\n\
         help: add `use engraft as _;` to {}, or call `engraft::open`; if `engraft` is not among the dependencies of the package itself, add it there",
        program.source.display()
    )
}
