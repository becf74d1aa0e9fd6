//! In place of rustc: one call of the compiler by any cargo command.

use super::facts::Facts;
use super::target_place::TargetPlace;
use super::{real_compiler, update};
use crate::rustc::arguments::{Arguments, without_codegen};
use crate::rustc::record::CargoPackage;
use crate::rustc::stamp::STAMP;
use crate::rustc::wrapper;
use crate::{exit, output, place, role};
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// What the compiler's version ends in, for cargo: it keeps apart what was compiled by compilers of different versions, and so what was
/// compiled with the hook and without, and by another version of this program.
pub const VERSION_LINE: &str = "engraft: ";

/// Calls the compiler of the workspace with this root.
pub fn run(root: &Path, given: &[OsString]) -> Result<u8> {
    let compiler = real_compiler::find(root, |name| std::env::var_os(name))?;
    // `cargo engraft` compiles by its own wrapper.
    if std::env::var_os(role::SESSION).is_some() {
        return pass_on(&compiler, given);
    }
    if given == ["-vV"] {
        return version(&compiler);
    }
    let words: Option<Vec<String>> = given.iter().map(|word| word.to_str().map(str::to_owned)).collect();
    let Some((words, package)) = words.zip(CargoPackage::from_env()) else { return pass_on(&compiler, given) };
    let arguments = Arguments::parse(&words);
    let directories = arguments.out_dir.as_deref().and_then(|out_dir| TargetPlace::of_output(out_dir, arguments.target.as_deref()));
    match directories {
        Some(directories) if arguments.is_unit() && arguments.links() => match compile(root, &directories, &package, &compiler, &words) {
            Ok(code) => Ok(code),
            Err(error) => {
                output::error_to_cargo(&error);
                Ok(exit::FAILED)
            }
        },
        // Nothing of it is linked.
        _ => pass_on(&compiler, given),
    }
}

fn compile(root: &Path, directories: &TargetPlace, package: &CargoPackage, compiler: &Path, words: &[String]) -> Result<u8> {
    update::refuse_mixing(root, directories)?;
    let session = Facts::of(root, directories)?.into_session(directories)?;
    let given = without_lto(words);
    let arguments = Arguments::parse(&given);
    if given.len() != words.len() && arguments.is_program() && !arguments.test {
        output::warning_to_cargo(&format!(
            "`{}` is built without link-time optimization, which the profile asks for: it would remove the symbols that plugins borrow",
            arguments.crate_name.as_deref().unwrap_or_default()
        ));
    }
    if arguments.is_program() || arguments.is_cdylib() {
        arguments.out_dir.iter().chain([&session.own_dir]).for_each(|directory| place::remove_abandoned(directory));
    }
    wrapper::compile(&session, package, &[compiler.display().to_string()], &given)
}

/// Without link-time optimization: cargo asks for it in the calls of libraries too, which then have no machine code.
fn without_lto(words: &[String]) -> Vec<String> {
    let mut kept = wrapper::without_lto(words);
    if kept.len() != words.len() {
        kept = without_codegen(&kept, |option| option.starts_with("embed-bitcode"));
        kept.push("-Cembed-bitcode=no".to_owned());
    }
    kept
}

fn version(compiler: &Path) -> Result<u8> {
    let answer = Command::new(compiler).arg("-vV").output().with_context(|| format!("failed to run {}", compiler.display()))?;
    std::io::stderr().write_all(&answer.stderr)?;
    output::print(&format!("{}{VERSION_LINE}{STAMP}\n", String::from_utf8_lossy(&answer.stdout)))?;
    Ok(exit::code_of(compiler.as_os_str(), answer.status))
}

/// Becomes the compiler.
fn pass_on(compiler: &Path, given: &[OsString]) -> Result<u8> {
    Err(Command::new(compiler).args(given).exec()).with_context(|| format!("failed to run {}", compiler.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_have_machine_code_whatever_the_profile() {
        let of = |line: &str| without_lto(&line.split(' ').map(str::to_owned).collect::<Vec<_>>()).join(" ");
        assert_eq!(of("a.rs -C linker-plugin-lto -C opt-level=3"), "a.rs -C opt-level=3 -Cembed-bitcode=no");
        assert_eq!(of("a.rs -C lto=thin -C embed-bitcode=yes"), "a.rs -Cembed-bitcode=no");
        assert_eq!(of("a.rs -C embed-bitcode=no -C opt-level=3"), "a.rs -C embed-bitcode=no -C opt-level=3");
    }
}
