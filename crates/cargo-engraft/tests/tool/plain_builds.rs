//! What a program promises that uses Engraft and that plain cargo built: it runs as always, its initialisers too, and only `open` and
//! `check` say that nothing can be opened.
//!
//! Compilers and linkers know more about such a program than about one that Engraft links, above all in release builds.

use crate::harness::place;
use crate::initialisers::initialiser;
use crate::ran::Ran;
use crate::tool;
use crate::workspace::Workspace;
use std::path::Path;

/// Of each initialiser that runs, the name; then what Engraft says of this program.
const HOST: &str = r#"
#[engraft::init]
fn start() {
    println!("host");
}

#[engraft::export]
pub struct Own(pub u32);

#[engraft::main]
fn main() {
    println!("main {}", zebra::depth());
    for _ in 0..2 {
        println!("open {}", unsafe { engraft::open("none") }.unwrap_err().code());
    }
    println!("check {}", engraft::check("none").unwrap_err().code());
    println!("verify {}", engraft::verify("/dev/null").unwrap_err().code());
    println!("plugins {:?} {:?}", engraft::plugins(), engraft::exports_named("value"));
    let known = |value: &dyn std::any::Any| engraft::type_of(value).map(|known| (known.name, known.plugin));
    println!("types {:?} {:?} {:?}", known(&zebra::Shared(1)), known(&Own(2)), known(&3_u8));
    println!("initialise {:?}", engraft::initialise());
}
"#;

/// In the order of dependencies, which is neither that of names nor its reverse. `beta` depends on none and none on it but the host, so
/// it is the first by name.
const PRINTED: &str = "\
beta
middle::inner
middle
alpha
zebra
host
main 4
open E16
open E16
check E16
verify E04
plugins [] []
types Some((\"zebra::Shared\", None)) Some((\"host::Own\", None)) None
initialise Ok(())
";

/// `zebra` depends on `alpha`, and that on `middle`, by way of a package without initialisers.
fn workspace() -> Workspace {
    let workspace = Workspace::cold();
    let engraft = "[dependencies]\nengraft.workspace = true\n";
    let init = |name: &str| initialiser("start", &format!("println!(\"{name}\");"));
    let depth = |of: &str| format!("pub fn depth() -> usize {{ {of} + 1 }}\n");
    let inner = format!("pub mod inner {{ {} }}\n", initialiser("last", "println!(\"middle::inner\");"));
    workspace.package("middle", engraft, "src/lib.rs", &format!("{}{inner}{}", init("middle"), depth("std::env::args().count() - 1")));
    workspace.package("link", "[dependencies]\nmiddle = { path = \"../middle\" }\n", "src/lib.rs", &depth("middle::depth()"));
    let dependency = |name: &str| format!("{engraft}{name} = {{ path = \"../{name}\" }}\n");
    workspace.package("alpha", &dependency("link"), "src/lib.rs", &format!("{}{}", init("alpha"), depth("link::depth()")));
    let shared = "#[engraft::export]\npub struct Shared(pub u32);\n";
    workspace.package("zebra", &dependency("alpha"), "src/lib.rs", &format!("{}{shared}{}", init("zebra"), depth("alpha::depth()")));
    workspace.package("beta", engraft, "src/lib.rs", &init("beta"));
    let both = format!("{}beta = {{ path = \"../beta\" }}\n", dependency("zebra"));
    workspace.package("host", &both, "src/main.rs", &format!("use beta as _;\n{HOST}"));
    workspace.replace("Cargo.toml", "\"api\", \"host\", \"plugins/*\"", "\"host\", \"zebra\", \"beta\", \"alpha\", \"link\", \"middle\"");
    workspace
}

/// A way to build in release: `opt-level`, `lto` and `codegen-units`.
type Profile = (&'static str, &'static str, u32);

/// Each level with both numbers of codegen units, with and without link-time optimisation; each kind of that with both numbers.
const PROFILES: [Profile; 12] = [
    ("0", "thin", 1),
    ("1", "thin", 16),
    ("s", "thin", 16),
    ("2", "fat", 1),
    ("z", "fat", 1),
    ("3", "fat", 16),
    ("0", "off", 16),
    ("1", "off", 1),
    ("2", "off", 16),
    ("s", "off", 1),
    ("z", "off", 16),
    USUAL,
];
const USUAL: Profile = ("3", "off", 1);

/// Builds a workspace by plain cargo.
#[track_caller]
fn build(manifest: &Path, target: &Path, (opt_level, lto, codegen_units): Profile) {
    let mut cargo = tool::clean(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--release", "--manifest-path"]).arg(manifest).arg("--target-dir").arg(target);
    let opt_level = if opt_level.parse::<u8>().is_ok() { opt_level.to_owned() } else { format!("'{opt_level}'") };
    let mut settings = vec![format!("lto='{lto}'")];
    let packages = ["package.engraft.", "package.engraft-manifest.", ""].map(|package| (package, &*opt_level, codegen_units));
    // What is not Engraft's is compiled once.
    for (package, opt_level, codegen_units) in packages.into_iter().chain([("package.'*'.", "0", 16)]) {
        settings.extend([format!("{package}opt-level={opt_level}"), format!("{package}codegen-units={codegen_units}")]);
    }
    cargo.args(settings.iter().flat_map(|setting| ["--config".to_owned(), format!("profile.release.{setting}")]));
    Ran::of(&mut cargo).success();
}

#[test]
fn b11_plain_release_build_runs_its_initialisers_and_opens_nothing() {
    let workspace = workspace();
    let (manifest, host) = (workspace.root.join("Cargo.toml"), workspace.target.join("release/host"));
    for profile in PROFILES {
        build(&manifest, &workspace.target, profile);
        let stripped = workspace.keep(&host, "stripped");
        Ran::of(tool::clean("strip").arg(&stripped)).success();
        for program in [&host, &stripped] {
            let ran = Ran::of(&mut tool::clean(program)).success();
            assert_eq!(ran.stdout, PRINTED, "{profile:?}: {ran}");
        }
    }

    let hello = workspace.target.join("release/hello");
    build(&place::repository().join("examples/hello/Cargo.toml"), &workspace.target, USUAL);
    Ran::of(&mut tool::clean(hello)).ended(1).says(&["E16: this program was not linked by Engraft", "help: run `cargo engraft init`"]);

    // One that fails keeps `main` from running, and those of the packages that depend on its own.
    workspace.append("middle/src/lib.rs", "#[engraft::init]\nfn then() -> Result<(), &'static str> { Err(\"no entropy\") }\n");
    build(&manifest, &workspace.target, USUAL);
    let ran = Ran::of(&mut tool::clean(&host)).ended(1);
    let ran = ran.says(&["error: E13: this program could not start", "`middle 0.1.0`", "middle/src/lib.rs:", "no entropy"]);
    assert_eq!(ran.stdout, "beta\nmiddle::inner\nmiddle\n", "{ran}");
    // Without the attribute, the first `open` runs them. What they have come to is remembered.
    workspace.replace("host/src/main.rs", "#[engraft::main]", "");
    build(&manifest, &workspace.target, USUAL);
    Ran::of(&mut tool::clean(&host))
        .success()
        .prints(&["main 4\nbeta\nmiddle::inner\nmiddle\nopen E13\nopen E13\ncheck E16\n", "initialise Err(E13: "]);
    workspace.replace("middle/src/lib.rs", "Err(\"no entropy\")", "Ok(())");
    build(&manifest, &workspace.target, USUAL);
    Ran::of(&mut tool::clean(&host)).success().prints(&["main 4\nbeta\n", "middle\nalpha\nzebra\nhost\nopen E16\nopen E16\ncheck E16\n"]);
}
