//! The options that `build`, `run` and `test` share. They have the names and the meaning of cargo's options.

use crate::output::Steps;
use std::path::PathBuf;

/// Options of the subcommands that build.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BuildOptions {
    /// Link only these hosts and plugins (everything is compiled, so that features stay the same)
    #[arg(short, long = "package", value_name = "NAME", help_heading = "Package Selection")]
    pub packages: Vec<String>,
    /// Build artifacts in release mode, with optimizations
    #[arg(short, long, conflicts_with = "profile_name", help_heading = "Compilation Options")]
    pub release: bool,
    /// Build artifacts with the specified profile
    #[arg(long = "profile", value_name = "NAME", help_heading = "Compilation Options")]
    pub profile_name: Option<String>,
    /// Space or comma separated list of features to activate
    #[arg(short = 'F', long, value_name = "FEATURES", help_heading = "Feature Selection")]
    pub features: Vec<String>,
    /// Activate all available features
    #[arg(long, help_heading = "Feature Selection")]
    pub all_features: bool,
    /// Do not activate the `default` feature
    #[arg(long, help_heading = "Feature Selection")]
    pub no_default_features: bool,
    /// Build for the target triple
    #[arg(long, value_name = "TRIPLE", help_heading = "Compilation Options")]
    pub target: Option<String>,
    /// Directory for all generated artifacts
    #[arg(long, value_name = "DIR", help_heading = "Compilation Options")]
    pub target_dir: Option<PathBuf>,
    /// Number of parallel jobs, defaults to # of CPUs
    #[arg(short, long, value_name = "N", help_heading = "Compilation Options")]
    pub jobs: Option<String>,
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH", help_heading = "Manifest Options")]
    pub manifest_path: Option<PathBuf>,
    /// Assert that `Cargo.lock` will remain unchanged
    #[arg(long, help_heading = "Manifest Options")]
    pub locked: bool,
    /// Run without accessing the network
    #[arg(long, help_heading = "Manifest Options")]
    pub offline: bool,
    /// Equivalent to specifying both --locked and --offline
    #[arg(long, help_heading = "Manifest Options")]
    pub frozen: bool,
    /// Print messages of cargo and Engraft as JSON, one per line
    #[arg(long, value_name = "FORMAT", value_parser = ["json", "json-render-diagnostics", "json-diagnostic-short", "json-diagnostic-rendered-ansi"])]
    pub message_format: Option<String>,
    /// Print commands as they run (-vv: cargo's own too)
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Print only warnings and errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Coloring
    #[arg(long, value_name = "WHEN", value_parser = ["auto", "always", "never"])]
    pub color: Option<String>,
}

impl BuildOptions {
    /// The name of the profile.
    #[must_use]
    pub fn profile(&self) -> &str {
        match &self.profile_name {
            Some(name) => name,
            None if self.release => "release",
            None => "dev",
        }
    }

    /// Applies `--color` to Engraft's own output.
    pub fn set_color_choice(&self) {
        match self.color.as_deref() {
            Some("always") => anstream::ColorChoice::Always.write_global(),
            Some("never") => anstream::ColorChoice::Never.write_global(),
            _ => {}
        }
    }

    /// How much progress to print.
    #[must_use]
    pub fn steps(&self) -> Steps {
        match (self.quiet, self.verbose) {
            (true, _) => Steps::Silent,
            (false, 0) => Steps::Told,
            (false, _) => Steps::Verbose,
        }
    }

    /// The options that `cargo metadata` accepts too.
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

    /// The options for a cargo command that compiles, without packages and target directory.
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
        // One `-v` prints Engraft's and cargo's commands, a second one is only for cargo.
        arguments.extend((0..self.verbose).map(|_| "--verbose".to_owned()));
        arguments
    }
}
