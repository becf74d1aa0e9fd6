//! `cargo engraft graph`: the content of the graph in each format, and that names from files never become markup.

use crate::schema;
use crate::workspace::{DEPENDENCIES, PLUGIN, PLUGIN_SETTINGS, Workspace};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Replaces a package's name in the record; has the length of that name.
pub const MARKUP: &str = "<script>window.bad=true</script>";
const NAME: &str = "a-name-as-long-as-the-script-has";
/// Replaces a feature's name; would end the attribute that contains it if it were not escaped.
pub const ATTRIBUTE: &str = "\"><img src=x onerror=bad=1>";
const FEATURE: &str = "feature-of-the-same-length_";

/// A workspace and a directory of plugins that fit, except `wrong.so`. The record of `odd.so` has names with markup.
fn with_a_conflict() -> (Workspace, PathBuf) {
    assert_eq!((MARKUP.len(), ATTRIBUTE.len()), (NAME.len(), FEATURE.len()));
    let workspace = Workspace::new();
    workspace.replace("Cargo.toml", "\"plugins/*\"]", "\"plugins/*\", \"rules\", \"odd/*\"]");
    let on_api = "[dependencies]\napi.workspace = true\n";
    workspace.package("rules", on_api, "src/lib.rs", "pub fn rule() -> u32 { api::CALLS.load(std::sync::atomic::Ordering::Relaxed) }\n");
    let features = format!("[features]\ndefault = [\"{FEATURE}\"]\n{FEATURE} = []\n");
    workspace.package(&format!("odd/{NAME}"), &features, "src/lib.rs", "pub static ODD: &str = \"odd\";\n");
    let uses_rules = format!("{PLUGIN_SETTINGS}{DEPENDENCIES}rules = {{ path = \"../../rules\" }}\n");
    let rules = PLUGIN.replace("    1\n", "    rules::rule()\n");
    workspace.package("plugins/one", &uses_rules, "src/lib.rs", &rules);
    workspace.package("plugins/two", &uses_rules, "src/lib.rs", &rules);
    let uses_odd = format!("{PLUGIN_SETTINGS}{DEPENDENCIES}{NAME} = {{ path = \"../../odd/{NAME}\" }}\n");
    let odd = PLUGIN.replace("    1\n", &format!("    {}::ODD.len() as u32\n", NAME.replace('-', "_")));
    workspace.package("plugins/odd", &uses_odd, "src/lib.rs", &odd);
    // Host and plugin both use the API crate; only its source differs.
    workspace.append("api/src/lib.rs", "pub struct Other(pub u64);\n");
    workspace.build();
    let kept = workspace.keep(&workspace.so("one"), "wrong.so").parent().unwrap().to_owned();
    workspace.replace("api/src/lib.rs", "pub struct Other(pub u64);\n", "");
    workspace.build();
    let odd = workspace.keep(&workspace.so("odd"), "odd.so");
    fs::write(&odd, with_other_names(fs::read(&odd).unwrap())).unwrap();
    workspace.keep(&workspace.so("two"), "two.so");
    workspace.keep(&workspace.so("one"), "one.so");
    fs::write(kept.join("text.so"), "no plugin").unwrap();
    (workspace, kept)
}

/// Writes names into a file's record that cargo would reject.
fn with_other_names(mut file: Vec<u8>) -> Vec<u8> {
    let range = engraft_manifest::find_note(&file, file.len() as u64).unwrap().record_range;
    let record = &mut file[range.start as usize..range.end as usize];
    for (name, other) in [(NAME, MARKUP), (FEATURE, ATTRIBUTE)] {
        let places: Vec<usize> =
            record.windows(name.len()).enumerate().filter(|(_, bytes)| *bytes == name.as_bytes()).map(|(at, _)| at).collect();
        assert!(!places.is_empty(), "{name}");
        places.iter().for_each(|at| record[*at..*at + other.len()].copy_from_slice(other.as_bytes()));
    }
    engraft_manifest::seal(&mut file).unwrap();
    file
}

/// The graph in all formats.
pub struct Pictures {
    pub json: String,
    pub html: String,
    pub svg: String,
    dot: String,
}

/// Built once for all tests that read it.
pub static PICTURES: LazyLock<Pictures> = LazyLock::new(|| {
    let (workspace, plugins) = with_a_conflict();
    let [json, html, svg, dot] = ["json", "html", "svg", "dot"].map(|format| picture(&workspace, format, &plugins));
    Pictures { json, html, svg, dot }
});

fn picture(workspace: &Workspace, format: &str, plugins: &Path) -> String {
    let host = workspace.output("host");
    workspace
        .engraft(["graph".as_ref(), "--format".as_ref(), format.as_ref(), "--host".as_ref(), host.as_os_str(), plugins.as_os_str()])
        .success()
        .stdout
}

fn file<'g>(graph: &'g Value, name: &str) -> (usize, &'g Value) {
    let files = graph["files"].as_array().unwrap();
    files.iter().enumerate().find(|(_, file)| file["path"].as_str().unwrap().ends_with(name)).unwrap_or_else(|| panic!("{name}: {graph:#}"))
}

/// The state of a package in a file; none if it has no such package.
fn state<'g>(graph: &'g Value, of: &str, package: &str) -> Option<&'g str> {
    let (_, file) = file(graph, of);
    let named = |tile: &&Value| graph["packages"][tile["package"].as_u64().unwrap() as usize]["name"] == package;
    file["tiles"].as_array().unwrap().iter().find(named).map(|tile| tile["state"].as_str().unwrap())
}

#[test]
fn graph_shows_states_and_root_of_conflict() {
    let graph = schema::read("graph.schema.json", &PICTURES.json);
    let names: Vec<&str> = graph["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["host", "odd", "one", "text.so", "two", "one"]);
    let table = [
        ("/host", "api", Some("conflicting")),
        ("/host", "core", Some("hosted")),
        ("/host", "rules", None),
        ("one.so", "api", Some("hosted")),
        ("one.so", "one", Some("bundled")),
        ("one.so", "rules", Some("shared")),
        ("two.so", "rules", Some("shared")),
        ("wrong.so", "api", Some("conflicting")),
        ("wrong.so", "core", Some("hosted")),
        ("wrong.so", "one", Some("bundled")),
        ("text.so", "core", None),
    ];
    for (of, package, expected) in table {
        assert_eq!(state(&graph, of, package), expected, "{package} in {of}: {graph:#}");
    }
    let [conflict] = graph["conflicts"].as_array().unwrap().as_slice() else { panic!("{graph:#}") };
    assert_eq!((conflict["plugin"].as_u64(), conflict["holder"].as_u64()), (Some(file(&graph, "wrong.so").0 as u64), Some(0)));
    assert_eq!((&conflict["root"], &conflict["reasons"][0]), (&"api 0.1.0".into(), &"its source differs in src/lib.rs".into()));
    assert_eq!(conflict["chain"], serde_json::json!(["one 0.1.0", "api 0.1.0"]));
    assert_eq!(file(&graph, "text.so").1["error"]["code"], "E04");
    let api = graph["packages"].as_array().unwrap().iter().find(|package| package["name"] == "api").unwrap();
    assert_eq!(api["sources"], serde_json::json!(["src/lib.rs"]), "{api:#}");
    // The tiles have sizes.
    let known: u64 = file(&graph, "/host").1["tiles"].as_array().unwrap().iter().filter_map(|tile| tile["bytes"].as_u64()).sum();
    assert!(known > 100_000, "{known}");
}

#[test]
fn names_from_files_are_escaped() {
    let Pictures { json, html, svg, dot } = &*PICTURES;
    assert!(json.contains(MARKUP) && json.contains("onerror"), "the files contain the names: {json}");
    for text in [html, svg] {
        assert!(text.contains("&lt;script&gt;window.bad=true&lt;/script&gt;"), "{text}");
        assert!(!text.contains(MARKUP) && !text.contains("<img"), "{text}");
    }
    assert_eq!(html.matches("<script").count(), 1, "the page's own");
    assert!(html.contains("&quot;&gt;&lt;img src=x onerror=bad=1&gt;"), "{html}");
    assert!(dot.contains("label=\"one (wrong.so)\\n"), "{dot}");
    assert!(dot.contains("label=\"its source differs in src/lib.rs\""), "{dot}");
}

/// Without arguments the graph shows the output of the last build.
#[test]
fn graph_without_files_shows_last_build() {
    let workspace = Workspace::new();
    workspace.engraft(["graph"]).ended(101).says(&["the workspace is not built", "help: run `cargo engraft build`"]);
    workspace.plugin("elsewhere", PLUGIN);
    workspace.replace("plugins/elsewhere/Cargo.toml", "plugin = true\n", "plugin = true\nhosts = [\"other\"]\n");
    workspace.package("other", DEPENDENCIES, "src/main.rs", "fn main() { let _ = (engraft::plugins(), &api::CALLS); }\n");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"other\"");
    workspace.build();
    workspace.engraft(["graph"]).ended(101).says(&["the workspace has several hosts", "help: choose one with `--bin NAME`: host, other"]);
    for (binary, plugins) in [("host", &["one"][..]), ("other", &["elsewhere", "one"])] {
        let drawn = workspace.engraft(["graph", "--format=json", "--bin", binary]).success();
        let graph = schema::read("graph.schema.json", &drawn.stdout);
        let names: Vec<&str> = graph["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
        assert_eq!(names, [&[binary], plugins].concat());
        assert!(graph["files"].as_array().unwrap().iter().all(|file| file["error"].is_null()), "{graph:#}");
        assert_eq!(graph["conflicts"], serde_json::json!([]));
    }
    let svg = workspace.engraft(["graph", "--bin=host"]).success().stdout;
    assert!(svg.starts_with("<?xml") && svg.contains("host with 1 plugin<"), "{svg}");
}
