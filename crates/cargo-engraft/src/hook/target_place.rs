//! Where in a target directory something stands, by how cargo lays it out
//! (<https://doc.rust-lang.org/cargo/reference/build-cache.html>).

use std::path::{Path, PathBuf};

/// Directories of one build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetPlace {
    /// cargo's target directory, or the build directory where that is another one.
    pub target_dir: PathBuf,
    /// The directory of the profile in it, such as `target/debug` or `target/TRIPLE/release`.
    pub profile_dir: PathBuf,
}

impl TargetPlace {
    /// Of a compiler's output directory (`--out-dir`), and the target (`--target`) if there is one.
    #[must_use]
    pub fn of_output(out_dir: &Path, target: Option<&str>) -> Option<Self> {
        let profile_dir = match out_dir.file_name()?.to_str()? {
            "deps" | "examples" => out_dir.parent()?,
            // A build script has a directory of its own, below `build`.
            _ => out_dir.parent().filter(|build| build.ends_with("build"))?.parent()?,
        };
        // cargo names the directory of a custom target after its file.
        let of_target = target.and_then(|target| Path::new(target).file_stem());
        let above = profile_dir.parent()?;
        let target_dir = if of_target.is_some() && above.file_name() == of_target { above.parent()? } else { above };
        Some(Self { target_dir: target_dir.to_owned(), profile_dir: profile_dir.to_owned() })
    }

    /// Of a program that cargo built, for this target if it is one of a target.
    #[must_use]
    pub fn of_program(program: &Path, targets: &[&str]) -> Option<Self> {
        let directory = program.parent()?;
        let is_within = directory.ends_with("deps") || directory.ends_with("examples");
        let deps = if is_within { directory.to_owned() } else { directory.join("deps") };
        let named = |target: &&&str| deps.ancestors().nth(2).is_some_and(|above| above.ends_with(target));
        Self::of_output(&deps, targets.iter().find(named).copied())
    }

    /// The profile. cargo calls the directories of `dev` and `test` `debug`.
    #[must_use]
    pub fn profile(&self) -> String {
        match self.profile_dir.file_name().unwrap_or_default().to_string_lossy() {
            name if name == "debug" => "dev".to_owned(),
            name => name.into_owned(),
        }
    }

    /// The target that the directory is of, if it is of one.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        let above = self.profile_dir.parent().filter(|above| *above != self.target_dir)?;
        above.file_name()?.to_str()
    }

    /// Where Engraft keeps what is not cargo's.
    #[must_use]
    pub fn own_dir(&self) -> PathBuf {
        self.target_dir.join("engraft")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_found_from_an_output() {
        let triple = "x86_64-unknown-linux-gnu";
        let table = [
            ("/w/target/debug/deps", None, Some(("/w/target", "/w/target/debug", "dev", None))),
            ("/w/target/release/examples", None, Some(("/w/target", "/w/target/release", "release", None))),
            ("/w/target/debug/build/x-0123", None, Some(("/w/target", "/w/target/debug", "dev", None))),
            ("/t/x86_64-unknown-linux-gnu/dist/deps", Some(triple), Some(("/t", "/t/x86_64-unknown-linux-gnu/dist", "dist", Some(triple)))),
            // What is for the compiler itself has no directory of the target.
            ("/t/debug/deps", Some(triple), Some(("/t", "/t/debug", "dev", None))),
            ("/t/my/debug/deps", Some("specs/my.json"), Some(("/t", "/t/my/debug", "dev", Some("my")))),
            ("/somewhere/else", None, None),
        ];
        for (out_dir, target, expected) in table {
            let found = TargetPlace::of_output(Path::new(out_dir), target);
            let found = found.as_ref().map(|place| {
                let text = |path: &PathBuf| path.display().to_string();
                (text(&place.target_dir), text(&place.profile_dir), place.profile(), place.target().map(str::to_owned))
            });
            let expected = expected.map(|(target_dir, profile_dir, profile, target): (&str, &str, &str, Option<&str>)| {
                (target_dir.to_owned(), profile_dir.to_owned(), profile.to_owned(), target.map(str::to_owned))
            });
            assert_eq!(found, expected, "{out_dir}");
        }
    }

    #[test]
    fn directories_are_found_from_a_program() {
        let of = |path: &str| TargetPlace::of_program(Path::new(path), &["x86_64-unknown-linux-gnu"]).unwrap();
        for path in ["/t/debug/host", "/t/debug/deps/it-0123", "/t/debug/examples/show"] {
            assert_eq!(of(path), TargetPlace { target_dir: "/t".into(), profile_dir: "/t/debug".into() }, "{path}");
        }
        assert_eq!(of("/t/x86_64-unknown-linux-gnu/debug/host").target_dir, Path::new("/t"));
    }
}
