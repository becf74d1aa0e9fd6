//! The ways in which a fixture is built whose behaviours must hold in all of them: profiles and linkers.

use super::binary::{self, Linker};
use super::{command, ordinary, place};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A workspace of `fixtures/` with profiles `dev`, `release`, `stripped` and `smallest`. Its host lists what it can do with `--list`,
/// does what its argument names, and then says `ok`.
pub struct Fixture {
    /// Its directory.
    pub directory: &'static str,
    /// Its host.
    pub host: &'static str,
    /// Its plugins: no two fixtures have one of the same name, because all are built in one directory.
    pub plugins: &'static [&'static str],
}

/// One way to build a fixture, and what it has built once somebody needs it.
pub struct Variant {
    fixture: &'static Fixture,
    name: &'static str,
    profile: &'static str,
    linker: Choice,
    /// Whether `build --strip` makes it.
    strip: bool,
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

impl Variant {
    /// A debug build with rustc's own choice of a linker.
    pub const fn dev_default(fixture: &'static Fixture) -> Self {
        Self::new(fixture, "dev_default", "dev", Choice::Default)
    }

    /// A debug build with GNU ld.
    pub const fn dev_gnu_ld(fixture: &'static Fixture) -> Self {
        Self::new(fixture, "dev_gnu_ld", "dev", Choice::GnuLd)
    }

    /// A debug build with lld.
    pub const fn dev_lld(fixture: &'static Fixture) -> Self {
        Self::new(fixture, "dev_lld", "dev", Choice::Lld)
    }

    /// A release build with rustc's own choice of a linker.
    pub const fn release_default(fixture: &'static Fixture) -> Self {
        Self::new(fixture, "release_default", "release", Choice::Default)
    }

    /// A release build with GNU ld.
    pub const fn release_gnu_ld(fixture: &'static Fixture) -> Self {
        Self::new(fixture, "release_gnu_ld", "release", Choice::GnuLd)
    }

    /// A release build with lld.
    pub const fn release_lld(fixture: &'static Fixture) -> Self {
        Self::new(fixture, "release_lld", "release", Choice::Lld)
    }

    /// A release build without symbols.
    pub const fn stripped(fixture: &'static Fixture) -> Self {
        Self::new(fixture, "stripped", "stripped", Choice::Default)
    }

    /// A release build whose symbols and debug information are in files of their own.
    pub const fn separate(fixture: &'static Fixture) -> Self {
        Self { fixture, name: "separate", profile: "release", linker: Choice::Default, strip: true, built: OnceLock::new() }
    }

    /// A release build for size, as one codegen unit and with link-time optimisation asked for.
    pub const fn smallest(fixture: &'static Fixture) -> Self {
        Self::new(fixture, "smallest", "smallest", Choice::Default)
    }

    const fn new(fixture: &'static Fixture, name: &'static str, profile: &'static str, linker: Choice) -> Self {
        Self { fixture, name, profile, linker, strip: false, built: OnceLock::new() }
    }

    /// Runs a behaviour: it must hold.
    pub fn holds(&self, behaviour: &str) {
        let ended = command::run(command::program(&self.host()).arg(behaviour));
        assert!(ended.status.success() && ended.stdout == "ok\n", "{behaviour} does not hold: {ended}");
    }

    /// The names of all behaviours that there are, sorted.
    pub fn behaviours(&self) -> Vec<String> {
        let listed = command::run(command::program(&self.host()).arg("--list")).stdout;
        sorted(&listed.lines().collect::<Vec<_>>())
    }

    /// The linker that was chosen, and those that host and plugins were made by.
    pub fn linkers(&self) -> (Linker, Vec<(PathBuf, Linker)>) {
        let chosen = match self.linker {
            // What Engraft must not change: the linker of a program that it has nothing to do with.
            Choice::Default => binary::linker(&ordinary::program()),
            Choice::GnuLd => Linker::Unnamed,
            Choice::Lld => Linker::Lld,
        };
        // What a linker leaves of itself is not for the loader.
        let speaking = |file: &PathBuf| if self.strip { debug_file(file) } else { file.clone() };
        (chosen, self.files().map(|file| (file.clone(), binary::linker(&speaking(&file)))).collect())
    }

    /// Whether the profile leaves host and plugins their symbols, and whether they have any.
    pub fn symbol_tables(&self) -> (bool, Vec<(PathBuf, bool)>) {
        let found = self.files().map(|file| (file.clone(), binary::has_symbol_table(&file)));
        (self.profile != "stripped" && !self.strip, found.collect())
    }

    fn files(&self) -> impl Iterator<Item = PathBuf> {
        let host = self.host();
        let plugins = self.fixture.plugins.iter().map(|name| self.plugin(name));
        plugins.chain([host])
    }

    /// The file of a plugin.
    pub fn plugin(&self, name: &str) -> PathBuf {
        self.host().with_file_name("plugins").join(format!("{name}.so"))
    }

    /// The host.
    pub fn host(&self) -> PathBuf {
        let built = self.built.get_or_init(|| self.build());
        built.clone().unwrap_or_else(|error| panic!("{} is not built: {error}", self.name))
    }

    fn build(&self) -> Result<PathBuf, String> {
        let target = self.linker.target();
        // Variants of one profile follow one another through one directory, so each takes its files out of it.
        let _locked = place::lock(&target);
        let mut build = command::engraft("build");
        build.args(["--locked", "--profile", self.profile]).arg("--target-dir").arg(&target);
        build.arg("--manifest-path").arg(place::fixture(self.fixture.directory).join("Cargo.toml"));
        if self.strip {
            build.arg("--strip");
        }
        self.linker.choose(&mut build);
        command::build(&mut build)?;
        let profile = if self.profile == "dev" { "debug" } else { self.profile };
        let kept = place::target().join("kept").join(self.fixture.directory).join(self.name);
        self.fixture
            .keep(&target.join("engraft").join(profile), &kept)
            .map_err(|error| format!("failed to fill {}: {error}", kept.display()))?;
        Ok(kept.join(self.fixture.host))
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
        let configured = place::fixture("linker").join("chosen-cc");
        build.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", configured).env("FIXTURE_LINKER", arguments);
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

impl Fixture {
    /// Gives what was built a second name in a directory of its own.
    ///
    /// Not a copy: a program that was being written when another thread of this process started one can't be run
    /// (`ETXTBSY`), because the other one may still have the file open for a moment.
    fn keep(&self, output: &Path, kept: &Path) -> std::io::Result<()> {
        if kept.exists() {
            std::fs::remove_dir_all(kept)?;
        }
        std::fs::create_dir_all(kept.join("plugins"))?;
        let plugins = self.plugins.iter().map(|name| format!("plugins/{name}.so"));
        plugins.chain([self.host.to_owned()]).map(|file| (output.join(&file), kept.join(&file))).try_for_each(|(from, to)| {
            std::fs::hard_link(&from, &to)?;
            let (from, to) = (debug_file(&from), debug_file(&to));
            if from.exists() { std::fs::hard_link(from, to) } else { Ok(()) }
        })
    }
}

/// Where the debug information of a stripped file stands.
fn debug_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".debug");
    name.into()
}

/// Names in order: what a host can do is what is tested, and nothing else.
pub fn sorted(names: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    names.sort();
    names
}
