//! `cargo engraft inspect`: what files say about themselves, and where their bytes go.

use crate::linked;
use crate::ran::Ran;
use crate::schema;
use crate::workspace::Workspace;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const PLUGIN: &str = r#"
/// Rules, and what they are made of.
pub mod rules {
    /// One rule.
    ///
    /// It is never broken.
    #[engraft::export]
    pub struct Rule(pub u64);
}
/// Counts.
#[engraft::export]
pub fn value() -> u32 {
    helper::TABLE[api::CALLS.load(std::sync::atomic::Ordering::Relaxed) as usize % helper::TABLE.len()]
}
#[engraft::export]
pub static LIMIT: u64 = 7;
#[engraft::init]
fn begin() {}
"#;

const HELPER: &str = "
pub static TABLE: [u32; 25000] = [1; 25000];
#[engraft::init]
fn prepare() {}
";

/// A plugin `one` that exports one item of each kind, and brings a package with a table of 100,000 bytes; both have an initialiser.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.package("helper", "[features]\nfast = []\n[dependencies]\nengraft.workspace = true\n", "src/lib.rs", HELPER);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"helper\"");
    workspace.plugin("one", PLUGIN);
    workspace.append("plugins/one/Cargo.toml", "helper = { path = \"../../helper\", features = [\"fast\"] }\n");
    workspace
}

fn inspect<P: AsRef<Path>>(workspace: &Workspace, files: &[P]) -> Ran {
    let files = files.iter().map(|file| file.as_ref().display().to_string());
    workspace.engraft(["inspect".to_owned(), "--json".to_owned()].into_iter().chain(files))
}

#[track_caller]
fn files(ran: &Ran) -> Vec<Value> {
    schema::read("inspect.schema.json", &ran.stdout)["files"].as_array().unwrap().clone()
}

/// What a file says, field by field.
#[test]
fn what_a_plugin_and_its_host_say_about_themselves() {
    let workspace = workspace();
    workspace.build();
    let (one, host) = (workspace.so("one"), workspace.output("host"));
    let ran = inspect(&workspace, &[&one, &host]).success();
    let [plugin, of_host] = &files(&ran)[..] else { panic!("{ran}") };
    assert_eq!(
        (&plugin["kind"], &plugin["what"], &plugin["damage"]),
        (&"plugin".into(), &"a plugin that Engraft linked".into(), &Value::Null)
    );
    assert_eq!((&of_host["kind"], &of_host["what"]), (&"host".into(), &"a host that Engraft linked".into()));
    assert_eq!((&plugin["path"], &of_host["path"]), (&one.to_str().unwrap().into(), &host.to_str().unwrap().into()));
    let linked = &plugin["linked"];
    assert_eq!(linked["hosts"][0], of_host["linked"]["build_id"]);
    linked::manifest(&one, |manifest| {
        assert_eq!((&linked["name"], &linked["target"], &linked["profile"]), (&"one".into(), &manifest.target.into(), &"dev".into()));
        assert_eq!(linked["toolchain"]["version"], manifest.toolchain.version);
        assert_eq!(
            (&linked["toolchain"]["commit"], &linked["toolchain"]["host"]),
            (&manifest.toolchain.commit.into(), &manifest.toolchain.host.into())
        );
        assert_eq!(linked["packages"].as_array().unwrap().len(), manifest.packages.len());
        for package in &manifest.packages {
            let told = linked["packages"].as_array().unwrap().iter().find(|told| told["key"] == package.key.to_string()).unwrap();
            assert_eq!(
                (&told["name"], &told["version"], &told["source"]),
                (&package.name.into(), &package.version.into(), &package.source.into())
            );
            assert_eq!((&told["hash"], &told["crate_name"]), (&package.hash.to_string().into(), &package.crate_name.into()));
            assert_eq!((&told["features"], &told["flags"]), (&package.features.clone().into(), &manifest.flags(package).to_vec().into()));
            let dependencies: Vec<String> = manifest.dependencies(package).map(|package| package.label()).collect();
            assert_eq!(told["dependencies"], Value::from(dependencies));
        }
    });
    let item = |path: &str, kind: &str, signature: &str, doc: &str, line: u32| serde_json::json!({ "path": path, "kind": kind, "signature": signature, "doc": doc, "file": "plugins/one/src/lib.rs", "line": line });
    let exports =
        [item("LIMIT", "static", "pub static LIMIT: u64", "", 16), item("value", "function", "pub fn value() -> u32", "Counts.", 12)];
    assert_eq!(linked["exports"], Value::from(exports.to_vec()), "{ran}");
    assert_eq!(linked["types"], Value::from(vec![item("rules::Rule", "type", "pub struct Rule", "One rule.", 8)]), "{ran}");
    let initialisers: Vec<_> = linked["initialisers"].as_array().unwrap().iter().map(|each| [&each["package"], &each["path"]]).collect();
    assert_eq!(initialisers, [[&Value::from("helper 0.1.0"), &"prepare".into()], [&"one 0.1.0".into(), &"begin".into()]], "{ran}");
    let package =
        |linked: &Value, name: &str| linked["packages"].as_array().unwrap().iter().find(|told| told["name"] == name).unwrap().clone();
    assert_eq!((&package(linked, "helper")["origin"], &package(linked, "helper")["features"]), (&"bundled".into(), &vec!["fast"].into()));
    assert_eq!((&package(linked, "api")["origin"], &package(&of_host["linked"], "api")["origin"]), (&"hosted".into(), &"bundled".into()));
    assert!(package(linked, "helper")["bytes"].as_u64().unwrap() > 100_000, "{ran}");

    let ran = workspace.engraft(["inspect".as_ref(), one.as_os_str()]).success();
    ran.prints(&[
        &format!("{}: a plugin that Engraft linked\n  name: one\n  build id: ", one.display()),
        "\n  profile: dev\n  linked for: ",
        "\n  exports:\n    pub static LIMIT: u64 (LIMIT, at plugins/one/src/lib.rs:16)\n    pub fn value() -> u32 (value, at plugins/one/src/lib.rs:12)\n      Counts.\n",
        "\n  types:\n    pub struct Rule (rules::Rule, at plugins/one/src/lib.rs:8)\n      One rule.\n",
        "\n  initializers, in this order:\n    prepare of helper 0.1.0, at helper/src/lib.rs:4\n    begin of one 0.1.0, at plugins/one/src/lib.rs:18\n",
        "  helper 0.1.0 (helper, with fast)\n",
        "\n  packages from the host:\n",
        "    api 0.1.0 (api)\n",
    ]);
}

/// The toolchain has packages whose crates are called as others of the host: `memchr`, `object`, `libc`.
fn every_package_has_its_bytes_or_words(linked: &Value, stripped: bool) {
    let packages = linked["packages"].as_array().unwrap();
    let named = |name: &str| packages.iter().filter(|package| package["crate_name"] == name).collect::<Vec<_>>();
    for package in packages {
        let others = named(package["crate_name"].as_str().unwrap()).len() - 1;
        let undivided = &package["undivided"];
        assert!(package["bytes"].is_u64() || undivided["bytes"].as_u64() > Some(0), "{package:#}");
        if let Some(what) = undivided["what"].as_str() {
            assert_eq!(undivided["with"].as_array().unwrap().len(), others, "{package:#}");
            assert!(what.contains(" bytes are of this package or of ") && what.ends_with(", and the symbols do not tell"), "{package:#}");
        }
    }
    let memchr = named("memchr");
    let crates = linked["size"]["crates"].as_array().unwrap().iter().filter(|each| each["crate_name"] == "memchr");
    let total = |each: &Value| ["code", "data", "names", "symbols"].iter().map(|part| each[*part].as_u64().unwrap()).sum::<u64>();
    let told: u64 = memchr.iter().filter_map(|package| package["bytes"].as_u64()).sum();
    let untold = memchr.iter().find_map(|package| package["undivided"]["bytes"].as_u64()).unwrap_or(0);
    assert_eq!(told + untold, crates.map(total).sum::<u64>());
    if memchr.iter().all(|package| package["origin"] == "bundled") && !stripped {
        // With names of compilation units most of it is one's or the other's, and they are not of one size.
        let [one, other] = memchr[..] else { panic!("{memchr:#?}") };
        assert!(
            one["bytes"].as_u64().unwrap().min(other["bytes"].as_u64().unwrap()) > 1000 && one["bytes"] != other["bytes"],
            "{memchr:#?}"
        );
        assert!(untold < told / 3, "{untold} of {told}");
    }
}

/// Whatever is known of a file: what is attributed and what is not are together the file.
#[test]
fn sizes_add_up_with_and_without_symbols() {
    let workspace = workspace();
    workspace.build();
    workspace.engraft(["build", "--release"]).success();
    let mut all = Vec::new();
    for profile in ["debug", "release"] {
        for file in ["host", "plugins/one.so"] {
            let file = workspace.target.join("engraft").join(profile).join(file);
            let stripped = workspace.keep(&file, &format!("{profile}-{}", file.file_name().unwrap().display()));
            assert!(Command::new("strip").arg(&stripped).status().unwrap().success());
            all.extend([file, stripped]);
        }
    }
    let ran = inspect(&workspace, &all).success();
    let told = files(&ran);
    assert_eq!(told.len(), 8);
    for (file, path) in told.iter().zip(&all) {
        let size = &file["linked"]["size"];
        let sum = |list: &str, fields: &[&str]| -> u64 {
            let entries = size[list].as_array().unwrap().iter();
            entries.flat_map(|entry| fields.iter().map(|field| entry[*field].as_u64().unwrap())).sum()
        };
        let total = fs::metadata(path).unwrap().len();
        assert_eq!(size["total"], total);
        let (of_crates, rest) = (sum("crates", &["code", "data", "names", "symbols"]), sum("rest", &["bytes"]));
        assert_eq!(of_crates + rest, total, "{}", path.display());
        let of = |name: &str| size["crates"].as_array().unwrap().iter().find(|each| each["crate_name"] == name).cloned();
        let stripped = path.starts_with(workspace.root.join("kept"));
        every_package_has_its_bytes_or_words(&file["linked"], stripped);
        if file["kind"] == "plugin" {
            let helper = of("helper").unwrap();
            assert_eq!(helper["packages"], Value::from(vec!["helper 0.1.0"]));
            assert!((100_000..110_000).contains(&helper["data"].as_u64().unwrap()), "{helper}");
            // Names of what it borrows are the host's packages'.
            assert!(of("api").unwrap()["names"].as_u64().unwrap() > 0);
            assert_eq!(of("api").unwrap()["code"], 0);
        } else {
            let (std, blake3) = (of("std").unwrap(), of("blake3").unwrap());
            assert!(std["code"].as_u64().unwrap() > 100_000 && std["names"].as_u64().unwrap() > 10_000, "{std}");
            assert!(blake3["code"].as_u64().unwrap() > 1000, "{blake3}");
            // With symbols, most of a host's code can be attributed; without, only what it exports.
            let text = size["rest"].as_array().unwrap().iter().find(|each| each["section"] == ".text");
            let unknown = text.map_or(0, |text| text["bytes"].as_u64().unwrap());
            assert!(stripped || unknown < sum("crates", &["code"]) / 4, "{unknown} of {}", path.display());
        }
        assert_eq!(sum("crates", &["symbols"]) > 0, !stripped, "{}", path.display());
        let damage = file["damage"].as_str().unwrap_or_default();
        assert_eq!(damage.contains("altered by a tool such as `strip`"), stripped, "{}: {damage}", path.display());
    }
    let ran = workspace.engraft(["inspect".as_ref(), "--size".as_ref(), all[6].as_os_str()]).success();
    let last: Vec<&str> = ran.stdout.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(last[0].replace(',', ""), fs::metadata(&all[6]).unwrap().len().to_string(), "{ran}");
    ran.prints(&[
        "        code        data       names     symbols        total",
        "  helper 0.1.0\n",
        "  sum of the above\n",
        "  .note.engraft: the manifest\n",
        "  the file\n",
    ]);
}

#[test]
fn files_that_are_neither_and_files_that_are_not_there() {
    let workspace = Workspace::new();
    let text = workspace.write("text", "some text");
    let empty = workspace.write("empty", "");
    let ran = inspect(&workspace, &[&text, &empty, &workspace.root]).success();
    let told: Vec<Value> = files(&ran);
    for (file, what) in told.iter().zip(["a text file", "an empty file", "a directory"]) {
        assert_eq!((&file["kind"], &file["what"], &file["linked"]), (&"other".into(), &what.into(), &Value::Null));
    }
    let ran = inspect(&workspace, &[&text, Path::new("/nowhere")]).ended(101);
    assert_eq!(files(&ran)[1]["kind"], "unreadable");
    workspace.engraft(["inspect", "text", "nowhere"]).ended(101).prints(&["/text: a text file\n", "/nowhere: No such file or directory"]);
    workspace.engraft(["inspect"]).ended(2).says(&["<FILE>..."]);
    workspace.engraft(["inspect", "--size", "--json", "text"]).ended(2);
}

/// Whatever a damaged file says: it is told, or what is wrong with it is.
#[test]
fn damaged_files_are_no_accidents() {
    let workspace = workspace();
    workspace.build();
    let whole = fs::read(workspace.so("one")).unwrap();
    // Among them the headers of file, segments and sections, symbols, versions and strings.
    let headers = u64::from_le_bytes(whole[40..48].try_into().unwrap()) as usize;
    let places = (0..256).step_by(3).chain((0..whole.len()).step_by(whole.len() / 150)).chain((headers..whole.len()).step_by(5));
    let paths: Vec<_> = places
        .map(|at| {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            let path = workspace.root.join(format!("damaged-{at}.so"));
            fs::write(&path, damaged).unwrap();
            path
        })
        .collect();
    let ran = inspect(&workspace, &paths).success();
    for file in files(&ran) {
        assert!(file["linked"].is_null() || !file["damage"].is_null(), "{file}");
        if let Some(size) = file["linked"]["size"].as_object() {
            let sum =
                |list: &str, field: &str| size[list].as_array().unwrap().iter().map(|each| each[field].as_u64().unwrap()).sum::<u64>();
            let of_crates: u64 = ["code", "data", "names", "symbols"].iter().map(|field| sum("crates", field)).sum();
            assert_eq!(of_crates + sum("rest", "bytes"), whole.len() as u64, "{}", file["path"]);
        }
    }
}
