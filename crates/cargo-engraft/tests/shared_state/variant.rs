//! The ways in which `fixtures/shared` is built: profiles and linkers.

use crate::harness::binary::{self, Linker};
use crate::harness::{command, place};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// One way, and what it has built once somebody needs it.
pub struct Variant {
    name: &'static str,
    profile: &'static str,
    linker: Choice,
    built: OnceLock<Result<PathBuf, String>>,
}

/// How the linker is chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    /// It is not: rustc has a default.
    Default,
    /// GNU ld, by a configured linker.
    GnuLd,
    /// The toolchain's own lld, by a configured linker.
    Lld,
}

pub static DEV_DEFAULT: Variant = Variant::new("dev_default", "dev", Choice::Default);
pub static DEV_GNU_LD: Variant = Variant::new("dev_gnu_ld", "dev", Choice::GnuLd);
pub static DEV_LLD: Variant = Variant::new("dev_lld", "dev", Choice::Lld);
pub static RELEASE_DEFAULT: Variant = Variant::new("release_default", "release", Choice::Default);
pub static RELEASE_GNU_LD: Variant = Variant::new("release_gnu_ld", "release", Choice::GnuLd);
pub static RELEASE_LLD: Variant = Variant::new("release_lld", "release", Choice::Lld);
pub static STRIPPED: Variant = Variant::new("stripped", "stripped", Choice::Default);

/// The plugins that are built.
const PLUGINS: [&str; 2] = ["plugins/one.so", "plugins/two.so"];

impl Variant {
    const fn new(name: &'static str, profile: &'static str, linker: Choice) -> Self {
        Self { name, profile, linker, built: OnceLock::new() }
    }

    /// Runs a behaviour: it must hold.
    pub fn holds(&self, behaviour: &str) {
        let ended = command::run(command::program(&self.host()).arg(behaviour));
        assert!(ended.status.success() && ended.stdout == "ok\n", "{behaviour} does not hold: {ended}");
    }

    /// The names of all behaviours that there are.
    pub fn behaviours(&self) -> Vec<String> {
        command::run(command::program(&self.host()).arg("--list")).stdout.lines().map(str::to_owned).collect()
    }

    /// Checks that host and plugins were made by the linker that was chosen.
    pub fn is_linked_by_its_linker(&self) {
        let linker = match self.linker {
            // What Engraft must not change: the linker of a program that it has nothing to do with.
            Choice::Default => binary::linker(&crate::control::host()),
            Choice::GnuLd => Linker::Unnamed,
            Choice::Lld => Linker::Lld,
        };
        for file in self.files() {
            assert_eq!(binary::linker(&file), linker, "{}", file.display());
        }
    }

    /// Checks that host and plugins have the symbols that the profile says.
    pub fn is_stripped_where_its_profile_says_so(&self) {
        for file in self.files() {
            assert_eq!(binary::has_symbol_table(&file), self.profile != "stripped", "{}", file.display());
        }
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> {
        let host = self.host();
        PLUGINS.into_iter().map(move |plugin| host.with_file_name(plugin)).chain([self.host()])
    }

    fn host(&self) -> PathBuf {
        let built = self.built.get_or_init(|| self.build());
        built.clone().unwrap_or_else(|error| panic!("{} is not built: {error}", self.name))
    }

    fn build(&self) -> Result<PathBuf, String> {
        let target = self.linker.target();
        // Variants of one profile follow one another through one directory, so each takes its files out of it.
        let _locked = place::lock(&target);
        let mut build = command::engraft("build");
        build.args(["--locked", "--profile", self.profile]).arg("--target-dir").arg(&target);
        build.arg("--manifest-path").arg(place::fixture("shared").join("Cargo.toml"));
        self.linker.choose(&mut build);
        command::build(&mut build)?;
        let profile = if self.profile == "dev" { "debug" } else { self.profile };
        let kept = place::target().join("shared-state").join(self.name);
        keep(&target.join("engraft").join(profile), &kept).map_err(|error| format!("failed to fill {}: {error}", kept.display()))?;
        Ok(kept.join("shared-host"))
    }
}

impl Choice {
    /// cargo compiles everything anew when a linker is configured, so those with and those without must not take turns in
    /// one directory.
    fn target(self) -> PathBuf {
        match self {
            Self::Default => place::target(),
            Self::GnuLd | Self::Lld => place::target().join("configured-linker"),
        }
    }

    fn choose(self, build: &mut Command) {
        let arguments = match self {
            Self::Default => return,
            Self::GnuLd => "-fuse-ld=bfd".to_owned(),
            // No lld of the system's is needed.
            Self::Lld => format!("-fuse-ld=lld -B{}", toolchain("gcc-ld").display()),
        };
        let configured = place::fixture("shared").join("linker/chosen-cc");
        build.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", configured).env("SHARED_LINKER", arguments);
    }
}

/// A file or directory among the toolchain's own programs for the machine that this runs on.
fn toolchain(name: &str) -> PathBuf {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir"]);
    let ended = command::run(&mut rustc);
    let libraries = PathBuf::from(ended.stdout.trim());
    libraries.with_file_name("bin").join(name)
}

/// Gives what was built a second name in a directory of its own.
///
/// Not a copy: a program that was being written when another thread of this process started one can't be run
/// (`ETXTBSY`), because the other one may still have the file open for a moment.
fn keep(output: &Path, kept: &Path) -> std::io::Result<()> {
    if kept.exists() {
        std::fs::remove_dir_all(kept)?;
    }
    std::fs::create_dir_all(kept.join("plugins"))?;
    PLUGINS.iter().chain(&["shared-host"]).try_for_each(|file| std::fs::hard_link(output.join(file), kept.join(file)))
}
