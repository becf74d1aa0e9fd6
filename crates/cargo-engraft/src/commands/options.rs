//! The options that `build`, `run` and `test` share. They are cargo's, and mean what they mean there.

use crate::output::Steps;
use std::path::PathBuf;

/// Options of everything that builds.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BuildOptions {
    /// Hosts and plugins to link; all, if none is named. All are compiled in any case, so that features never depend on it
    #[arg(short, long = "package", value_name = "NAME")]
    pub packages: Vec<String>,
    /// Build with the release profile
    #[arg(short, long, conflicts_with = "profile_name", help_heading = "Compilation")]
    pub release: bool,
    /// Build with this profile
    #[arg(long = "profile", value_name = "NAME", help_heading = "Compilation")]
    pub profile_name: Option<String>,
    /// Features to activate, separated by commas or spaces
    #[arg(short = 'F', long, value_name = "FEATURES", help_heading = "Features")]
    pub features: Vec<String>,
    /// Activate all features
    #[arg(long, help_heading = "Features")]
    pub all_features: bool,
    /// Do not activate the default features
    #[arg(long, help_heading = "Features")]
    pub no_default_features: bool,
    /// Build for this target
    #[arg(long, value_name = "TRIPLE", help_heading = "Compilation")]
    pub target: Option<String>,
    /// Directory for everything that is built
    #[arg(long, value_name = "DIR", help_heading = "Compilation")]
    pub target_dir: Option<PathBuf>,
    /// How many jobs run at once
    #[arg(short, long, value_name = "N", help_heading = "Compilation")]
    pub jobs: Option<String>,
    /// Path of the workspace's Cargo.toml
    #[arg(long, value_name = "PATH", help_heading = "Manifest")]
    pub manifest_path: Option<PathBuf>,
    /// Require that Cargo.lock stays as it is
    #[arg(long, help_heading = "Manifest")]
    pub locked: bool,
    /// Do without the network
    #[arg(long, help_heading = "Manifest")]
    pub offline: bool,
    /// Both `--locked` and `--offline`
    #[arg(long, help_heading = "Manifest")]
    pub frozen: bool,
    /// Print messages as JSON, a line each, cargo's and Engraft's
    #[arg(long, value_name = "FORMAT", value_parser = ["json", "json-render-diagnostics", "json-diagnostic-short", "json-diagnostic-rendered-ansi"])]
    pub message_format: Option<String>,
    /// Tell the commands; twice for cargo's own detail
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Tell nothing but warnings and errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", value_parser = ["auto", "always", "never"])]
    pub color: Option<String>,
}

impl BuildOptions {
    /// cargo's name for the profile.
    #[must_use]
    pub fn profile(&self) -> &str {
        match &self.profile_name {
            Some(name) => name,
            None if self.release => "release",
            None => "dev",
        }
    }

    /// Lets our lines have colour where cargo's have it.
    pub fn choose_colour(&self) {
        match self.color.as_deref() {
            Some("always") => anstream::ColorChoice::Always.write_global(),
            Some("never") => anstream::ColorChoice::Never.write_global(),
            _ => {}
        }
    }

    /// What is told on the way.
    #[must_use]
    pub fn steps(&self) -> Steps {
        match (self.quiet, self.verbose) {
            (true, _) => Steps::Silent,
            (false, 0) => Steps::Told,
            (false, _) => Steps::Verbose,
        }
    }

    /// The options that `cargo metadata` takes too.
    pub fn metadata_arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        arguments.extend(self.features.iter().flat_map(|features| ["--features".to_owned(), features.clone()]));
        let flags = [
            (self.all_features, "--all-features"),
            (self.no_default_features, "--no-default-features"),
            (self.locked, "--locked"),
            (self.offline, "--offline"),
            (self.frozen, "--frozen"),
        ];
        arguments.extend(flags.iter().filter(|(set, _)| *set).map(|(_, flag)| (*flag).to_owned()));
        arguments
    }

    /// The options for a cargo command that compiles; which packages, and where to, is not among them.
    pub fn cargo_arguments(&self) -> Vec<String> {
        let mut arguments = self.metadata_arguments();
        arguments.extend(["--profile".to_owned(), self.profile().to_owned()]);
        let valued = [
            ("--manifest-path", self.manifest_path.as_ref().map(|path| path.display().to_string())),
            ("--target", self.target.clone()),
            ("--jobs", self.jobs.clone()),
            ("--color", self.color.clone()),
        ];
        arguments.extend(valued.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}={value}"))));
        if self.quiet {
            arguments.push("--quiet".to_owned());
        }
        // One `-v` shows our commands and cargo's; cargo's second level is its own matter.
        arguments.extend((0..self.verbose).map(|_| "--verbose".to_owned()));
        arguments
    }
}
