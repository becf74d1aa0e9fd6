//! The ways in which `fixtures/matrix` is built.

/// One way: what it changes of the first.
pub struct Variant {
    /// Its row and column in the table.
    pub name: &'static str,
    /// Files in which one text is replaced by another.
    pub edits: &'static [(&'static str, &'static str, &'static str)],
    /// Arguments for `cargo engraft build`.
    pub arguments: &'static [&'static str],
    /// Variables in its environment.
    pub environment: &'static [(&'static str, &'static str)],
    /// Whether it is built in another directory, with everything in it.
    pub elsewhere: bool,
    /// Whether it is built by another compiler.
    pub other_compiler: bool,
}

const BASE: Variant = Variant { name: "base", edits: &[], arguments: &[], environment: &[], elsewhere: false, other_compiler: false };

/// All of them, in the order of the table.
pub const VARIANTS: [Variant; 13] = [
    BASE,
    Variant { name: "body", edits: &[("api/src/body.rs", "number * 2", "number + number")], ..BASE },
    Variant {
        name: "nested",
        edits: &[
            ("api/src/nested.rs", "    number: u64,\n", "    _before: [u64; 4],\n    number: u64,\n"),
            ("api/src/nested.rs", "Inner { number }", "Inner { _before: [0; 4], number }"),
        ],
        ..BASE
    },
    Variant {
        name: "comment",
        edits: &[("api/src/comment.rs", "    // Nothing.\n", "    // Nothing at all.\n    // Of no use.\n")],
        ..BASE
    },
    Variant { name: "feature", arguments: &["--features", "matrix-host/extra"], ..BASE },
    Variant { name: "dependency", edits: &[("base/Cargo.toml", "version = \"0.1.0\"", "version = \"0.1.1\"")], ..BASE },
    Variant { name: "release", arguments: &["--release"], ..BASE },
    // Of one package alone, so that Engraft is not compiled again: to a package it is all the same where its flags are from.
    Variant {
        name: "opt-level",
        edits: &[("Cargo.toml", "[workspace]\n", "[profile.dev.package.matrix-api]\nopt-level = 1\n\n[workspace]\n")],
        ..BASE
    },
    Variant {
        name: "overflow",
        edits: &[("Cargo.toml", "[workspace]\n", "[profile.dev.package.matrix-api]\noverflow-checks = false\n\n[workspace]\n")],
        ..BASE
    },
    Variant { name: "abort", environment: &[("CARGO_PROFILE_DEV_PANIC", "abort")], ..BASE },
    Variant { name: "native", environment: &[("RUSTFLAGS", "-Ctarget-cpu=native")], ..BASE },
    Variant { name: "elsewhere", elsewhere: true, ..BASE },
    Variant { name: "compiler", other_compiler: true, ..BASE },
];
