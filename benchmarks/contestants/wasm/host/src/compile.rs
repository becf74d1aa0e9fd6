//! Compiles a component to machine code, which hosts do in advance to start faster.

use protocol::BoxError;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use wasmtime::Engine;

/// The paths of the component and of its machine code, if the command line asks to compile.
pub(crate) fn asked() -> Option<(OsString, OsString)> {
    let mut arguments = std::env::args_os().skip(1);
    let (verb, component, output) = (arguments.next()?, arguments.next()?, arguments.next()?);
    (verb == "compile").then_some((component, output))
}

pub(crate) fn to_file(component: &OsString, output: &OsString) -> ExitCode {
    match compile(Path::new(component), Path::new(output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compile(component: &Path, output: &Path) -> Result<(), BoxError> {
    let code = Engine::default().precompile_component(&std::fs::read(component)?)?;
    Ok(std::fs::write(output, code)?)
}
