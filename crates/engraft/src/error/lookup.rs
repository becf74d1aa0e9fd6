//! Why a look-up failed.

use std::error::Error;
use std::fmt;

/// Why a look-up failed. Its text says what was asked for, what the plugin has, and what helps.
///
/// `Debug` is the same text as `Display`: `unwrap` and a `main` that returns the error print that one. All texts are
/// in [`errors`](crate::errors).
///
/// ```no_run
/// # fn try_it(plugin: engraft::Plugin) {
/// use engraft::LookupError;
///
/// match plugin.lookup::<fn(&str)>("on_start") {
///     Ok(on_start) => on_start("now"),
///     // It need not have one.
///     Err(LookupError::NotFound { .. }) => {}
///     Err(error) => eprintln!("{error}"),
/// }
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LookupError {
    /// The plugin exports nothing of that name.
    NotFound {
        /// What was asked for.
        name: String,
        /// The plugin's name.
        plugin: &'static str,
        /// The exported paths that are near to it, the nearest first.
        near: Vec<String>,
        /// The signatures of all that it exports.
        exported: Vec<&'static str>,
        /// What the plugin has under that name without exporting it. Told from the symbols in its file: what was
        /// inlined, never compiled or stripped is not found.
        unexported: Option<Unexported>,
    },
    /// The plugin exports it with another type.
    WrongType {
        /// What was asked for.
        name: String,
        /// The plugin's name.
        plugin: &'static str,
        /// The type that was asked for.
        asked: &'static str,
        /// The type that it has.
        found: &'static str,
        /// The item as it stands in the source.
        signature: Option<&'static str>,
        /// The crate names in both types that several packages of this process have: their types print alike and
        /// are different ones.
        packages: Vec<SameName>,
    },
    /// It is an exported type: it has no value that could be looked up.
    IsAType {
        /// What was asked for.
        name: String,
        /// The plugin's name.
        plugin: &'static str,
    },
}

/// What a plugin has and does not export.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unexported {
    /// A function or a static; its path within the crate.
    Item(String),
    /// A method, or another function that belongs to a type; its path within the crate.
    Method(String),
    /// An item within the body of a function; that function's path within the crate.
    Within(String),
}

/// A crate name that several packages have.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SameName {
    /// The name, as types are printed with it.
    pub crate_name: String,
    /// The packages of that name: two or more.
    pub packages: Vec<OnePackage>,
}

/// One of several packages whose crates have one name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OnePackage {
    /// Name and version: `api 1.0.0`.
    pub label: String,
    /// Where its source is from: a path, `registry`, `git`.
    pub source: String,
    /// The features that were on.
    pub features: Vec<String>,
    /// Who carries it: ``the host`` or ``the plugin `filter` ``.
    pub carrier: String,
}

impl LookupError {
    /// The stable code of this kind of error, which the text begins with. [`errors`](crate::errors) lists them all.
    ///
    /// ```
    /// let error = engraft::LookupError::IsAType { name: "Rule".into(), plugin: "filter" };
    /// assert_eq!(error.code(), "E17");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "E05",
            Self::WrongType { .. } => "E08",
            Self::IsAType { .. } => "E17",
        }
    }
}

impl Error for LookupError {}

impl fmt::Display for SameName {
    /// Says of each package what tells it from the others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let differ = |part: fn(&OnePackage) -> String| self.packages.iter().any(|package| part(package) != part(&self.packages[0]));
        let by_source = differ(|package| package.source.clone());
        let by_features = differ(|package| package.features.join(" "));
        write!(f, "`{}` is {} packages: ", self.crate_name, self.packages.len())?;
        for (index, package) in self.packages.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { "; " }, package.label)?;
            if by_source {
                write!(f, " from {}", package.source)?;
            }
            match (by_features, package.features.is_empty()) {
                (true, false) => write!(f, " with {}", package.features.join(", "))?,
                (true, true) => write!(f, " without features")?,
                (false, _) => {}
            }
            write!(f, " of {}", package.carrier)?;
        }
        Ok(())
    }
}
