//! One call of the compiler: which arguments it gets, and what is written down afterwards.

use super::arguments::{Arguments, without_codegen};
use super::identity::with_own_metadata;
use super::key::key;
use super::messages::Messages;
use super::record::{CargoPackage, PackageRecord};
use super::refused_flags;
use super::salt::salt;
use super::session::Session;
use super::{cpu_features, dep_info, plugin_unit, sysroot};
use crate::link::report;
use crate::link::request::{LinkRequest, Product};
use crate::start::Unsupported;
use crate::{exit, output, place, role};
use anyhow::{Context, Result, bail};
use engraft_manifest::Key;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Calls the compiler in cargo's name.
///
/// Programs that have `engraft` among their packages get Engraft as linker, libraries get their source
/// paths remapped and are recorded, proc macros only the former; everything else passes through untouched.
pub fn run(session_file: &Path, command: &[OsString]) -> Result<u8> {
    let session = Session::read(session_file)?;
    let words: Option<Vec<String>> = command.iter().map(|word| word.to_str().map(str::to_owned)).collect();
    // Arguments that are not UTF-8 are nothing that Engraft has to know about.
    let Some((words, package)) = words.zip(CargoPackage::from_env()) else {
        return call(command_of(&session, command.to_vec(), [])?, None);
    };
    // A workspace wrapper (clippy, for one) stands before the compiler.
    let programs = if words.get(1).is_some_and(|word| names_compiler(word)) { 2 } else { 1 };
    let (programs, given) = words.split_at_checked(programs).context("the wrapper was called without a compiler")?;
    match compile(&session, &package, programs, given) {
        Err(error) if Arguments::parse(given).is_unit() => {
            output::error_to_cargo(&error);
            Ok(exit::FAILED)
        }
        result => result,
    }
}

/// Compiles what cargo asks for: `programs` are the compiler and what stands before it, `given` are its arguments.
pub fn compile(session: &Session, package: &CargoPackage, programs: &[String], given: &[String]) -> Result<u8> {
    let compiler = Path::new(programs.last().map_or("rustc", String::as_str));
    let mut arguments = Arguments::parse(given);
    let plugin = session.plugins.get(&package.dir).filter(|_| arguments.is_unit() && arguments.is_cdylib() && arguments.links());
    let given = &plugin.map_or_else(|| given.to_vec(), |_| plugin_unit::as_library(given));
    if plugin.is_some() {
        arguments = Arguments::parse(given);
    }
    if arguments.is_unit() {
        arguments.cpu_features = cpu_features::of_unit(&session.own_dir, compiler, &arguments)?;
    }
    let arguments = &arguments;
    if arguments.is_unit() {
        LinkRequest::check_linker(arguments.codegen_last("linker").unwrap_or("cc"))?;
    }
    if arguments.is_library() || arguments.is_program() {
        refuse_flags(package, arguments)?;
    }
    let (mut new, request) = if arguments.is_library() {
        (library_arguments(session, package, arguments, given)?, None)
    } else if arguments.is_program() {
        program_arguments(session, package, arguments, given, compiler)?
    } else if arguments.is_proc_macro() {
        // Its hash goes into those of its users.
        (independent_of_place(session, package, arguments, &without_incremental(&without_lto(given)), None)?, None)
    } else {
        (given.to_vec(), None)
    };
    if arguments.is_unit() && !given.iter().any(|argument| argument.starts_with("--sysroot")) {
        new.extend(sysroot::argument(session, compiler)?);
    }
    let bootstrap = new.iter().any(|argument| argument.starts_with("force:")).then(|| arguments.crate_name.clone().unwrap_or_default());
    let told = [
        bootstrap.map(|name| ("RUSTC_BOOTSTRAP", name.into())),
        Some((role::PACKAGE_KEY, key_of(&Arguments::parse(&new)).to_string().into())),
        request.as_ref().map(|request| (role::LINK_REQUEST, request.clone().into_os_string())),
    ];
    let compile = command_of(session, programs.iter().chain(&new).map(OsString::from).collect(), told.into_iter().flatten())?;
    let messages = Messages { session, package: Some(package), externs: &arguments.externs, compiler };
    let code = match &request {
        Some(request) => link(compile, request, &messages)?,
        None => call(compile, arguments.is_unit().then_some(&messages))?,
    };
    if code == exit::FINE && request.is_some() {
        remember_api(session, arguments)?;
    }
    if code == exit::FINE && arguments.is_library() {
        let arguments = Arguments { cpu_features: arguments.cpu_features.clone(), ..Arguments::parse(&new) };
        PackageRecord::of(session, package, compiler, &arguments)?.write()?;
        plugin.map_or(Ok(()), |plugin| plugin_unit::link(session, plugin, &arguments))?;
    }
    Ok(code)
}

/// Refuses targets that Engraft is not built and tested for.
pub fn refuse_target(target: &str) -> Result<()> {
    if target.contains("musl") {
        bail!(
            "Engraft can't link for {target}: a static musl program has no dynamic loader, so it can't open plugins\n\
             help: build for {}",
            target.replace("musl", "gnu")
        );
    }
    if !(target.starts_with("x86_64-") && target.ends_with("-linux-gnu")) {
        bail!("Engraft does not support the target {target} yet\nhelp: x86_64-unknown-linux-gnu is what works today");
    }
    Ok(())
}

fn library_arguments(session: &Session, package: &CargoPackage, arguments: &Arguments, given: &[String]) -> Result<Vec<String>> {
    // A library goes into shared objects too, wherever the program is to stand.
    let given = without_codegen(&without_incremental(given), |option| option.starts_with("relocation-model="));
    let salted = session.plugin_side.contains(&package.dir);
    let salt = salted.then(|| salt(session, package, arguments)).transpose()?;
    independent_of_place(session, package, arguments, &given, salt.as_deref())
}

/// Arguments with which the same unit in another directory comes out the same.
fn independent_of_place(
    session: &Session,
    package: &CargoPackage,
    arguments: &Arguments,
    given: &[String],
    salt: Option<&str>,
) -> Result<Vec<String>> {
    let mut new = with_own_metadata(session, package, arguments, given, salt)?;
    new.extend(session.remaps(Some(package), arguments.codegen_last("split-debuginfo") == Some("unpacked")));
    Ok(new)
}

fn program_arguments(
    session: &Session,
    package: &CargoPackage,
    arguments: &Arguments,
    given: &[String],
    compiler: &Path,
) -> Result<(Vec<String>, Option<PathBuf>)> {
    let mut new = independent_of_place(session, package, arguments, given, None)?;
    if !PackageRecord::closure(&arguments.externs)?.iter().any(PackageRecord::is_engraft) {
        return Ok((new, None));
    }
    if let Some(target) = arguments.target.as_deref() {
        refuse_target(target)?;
    }
    let out_dir = arguments.out_dir.as_deref().context("a program is compiled without --out-dir")?;
    let stem = arguments.stem().context("a program is compiled without --crate-name")?;
    let linker = arguments.codegen_last("linker").unwrap_or("cc");
    let request = LinkRequest {
        product: Product::Host { own_key: key_of(&Arguments::parse(&new)).0, api: session.api.get(&package.dir).cloned() },
        name: std::env::var("CARGO_BIN_NAME").ok().or_else(|| arguments.crate_name.clone()).unwrap_or_default(),
        profile: session.profile.clone(),
        toolchain: sysroot::toolchain(session, compiler)?,
        target: arguments.target.clone(),
        linker: linker.into(),
        libraries: vec![out_dir.to_owned()],
    };
    let path = out_dir.join(format!("{stem}.engraft-link.json"));
    place::write(&path, &serde_json::to_vec(&request)?)?;

    // LTO makes every symbol but `main` private, and a host must export all of them.
    new = without_codegen(&without_lto(&new), |option| option.starts_with("linker="));
    new.push(format!("-Clinker={}", LinkRequest::stand_in(&session.linkers, &session.engraft, linker)?.display()));
    Ok((if session.links_declared { linking_all_externs(&new) } else { new }, Some(path)))
}

/// With every library linked that is given, also those that the code never names.
///
/// `--extern force:` is not stable (<https://doc.rust-lang.org/unstable-book/compiler-flags/extern-options.html>), so the caller sets
/// `RUSTC_BOOTSTRAP` for the crate. Nothing else says it: a program's own source would have to name them (`use log as _;`).
fn linking_all_externs(arguments: &[String]) -> Vec<String> {
    let mut new = vec!["-Zunstable-options".to_owned()];
    let mut follows_extern = false;
    for argument in arguments {
        let is_library = argument.ends_with(".rlib") || argument.ends_with(".rmeta");
        new.push(if follows_extern && is_library { format!("force:{argument}") } else { argument.clone() });
        follows_extern = argument == "--extern";
    }
    new
}

/// Makes cargo link a host again when it is to export other packages: of what Cargo.toml says of that, cargo knows nothing.
fn remember_api(session: &Session, arguments: &Arguments) -> Result<()> {
    let Some((directory, stem)) = arguments.out_dir.as_deref().zip(arguments.stem()) else { return Ok(()) };
    let path = directory.join(format!("{stem}.d"));
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(()) };
    // Only `cargo engraft` can set a variable for cargo.
    let text = match (session.links_declared, session.api.is_empty()) {
        (true, true) => return Ok(()),
        (true, false) => dep_info::with_sources(&text, &session.manifests),
        (false, _) => dep_info::with_variable(&text, role::API, session.api_digest()?.as_deref()),
    };
    place::write(&path, text.as_bytes())
}

/// Without link-time optimisation, which was overridden in the profile and may come again by `rustflags`.
pub fn without_lto(arguments: &[String]) -> Vec<String> {
    without_codegen(arguments, |option| matches!(option.split('=').next(), Some("lto" | "linker-plugin-lto")))
}

/// Without incremental compilation: with it rustc gives the same source other metadata than without, so that a library would be
/// another package where `CARGO_INCREMENTAL=0` is set, as CI does. And plugins, whose identity changes with each edit, would
/// only pile up state.
fn without_incremental(arguments: &[String]) -> Vec<String> {
    without_codegen(arguments, |option| option.starts_with("incremental="))
}

/// Whether a word is the path or name of a compiler rather than one of its arguments.
fn names_compiler(word: &str) -> bool {
    let path = Path::new(word);
    !word.starts_with('-') && path.extension().is_none_or(|extension| extension != "rs") && (path.is_absolute() || word.contains("rustc"))
}

/// The key of the crate that a call of the compiler makes.
fn key_of(arguments: &Arguments) -> Key {
    let metadata: Vec<String> = arguments.codegen_all("metadata").map(str::to_owned).collect();
    key(arguments.crate_name.as_deref().unwrap_or_default(), &metadata)
}

/// The compiler's call, with what others than the compiler are to know in its environment.
fn command_of(session: &Session, command: Vec<OsString>, told: impl IntoIterator<Item = (&'static str, OsString)>) -> Result<Command> {
    let mut words = session.user_wrapper.iter().map(|wrapper| wrapper.clone().into_os_string()).chain(command);
    let program = words.next().context("the wrapper was called without a compiler")?;
    let mut command = Command::new(program);
    command.args(words).envs(told);
    Ok(command)
}

/// Runs the compiler. A unit's messages have real paths.
fn call(mut command: Command, messages: Option<&Messages<'_>>) -> Result<u8> {
    let status = match messages {
        Some(messages) => messages.run(&mut command, |_| true),
        None => command.status().map_err(Into::into),
    };
    let status = status.with_context(|| format!("failed to run {}", command.get_program().to_string_lossy()))?;
    Ok(exit::code_of(command.get_program(), status))
}

/// Runs the compiler, which links. Where Engraft refuses the link, only its reason is printed: rustc's report of a linker that failed, with
/// all of its arguments, is left out.
fn link(mut command: Command, request: &Path, messages: &Messages<'_>) -> Result<u8> {
    let mut held_back = Vec::new();
    let status = messages.run(&mut command, |line| {
        let is_of_linking = line.starts_with(b"{") && String::from_utf8_lossy(line).contains("\"message\":\"linking with ");
        if is_of_linking {
            held_back.extend_from_slice(line);
        }
        !is_of_linking
    });
    let status = status.with_context(|| format!("failed to run {}", command.get_program().to_string_lossy()))?;
    if let Some(refusal) = report::take_refusal(request)? {
        return Err(refusal);
    }
    std::io::stderr().write_all(&held_back)?;
    Ok(exit::code_of(command.get_program(), status))
}

/// Refuses flags with which no host and no plugin can be linked, wherever they come from: a build script's are seen only here.
fn refuse_flags(package: &CargoPackage, arguments: &Arguments) -> Result<()> {
    match refused_flags::reason(arguments)? {
        Some(reason) => Err(Unsupported(format!("`{}` can't be built: {reason}", package.name)).into()),
        None => Ok(()),
    }
}
