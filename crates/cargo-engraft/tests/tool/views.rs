//! What the process knows of its plugins: which are open, what they export, which types they brought, and what became of their files.

use crate::workspace::{DEPENDENCIES, PLUGIN_SETTINGS, Workspace};

/// A plugin whose `new` makes a value of a type that it exports, and one of a type of a package that it brings.
const SOURCE: &str = "
pub mod rules {
    #[engraft::export]
    #[derive(Debug)]
    #[repr(align(32))]
    pub struct Rule(pub u64);
}
#[engraft::export]
pub fn new() -> Box<dyn std::any::Any> { Box::new(rules::Rule(1)) }
#[engraft::export]
pub fn helped() -> Box<dyn std::any::Any> { Box::new(helper::Helper) }
#[engraft::export]
pub fn shared() -> Box<dyn std::any::Any> { Box::new(api::Shared) }
#[engraft::export]
pub fn hidden() -> Box<dyn std::any::Any> { Box::new(Hidden) }
struct Hidden;
";

const HOST: &str = r#"
use std::any::{Any, TypeId};

fn main() {
    assert_eq!(engraft::plugins(), []);
    let one = unsafe { engraft::open("one") }.unwrap();
    let two = unsafe { engraft::open("two") }.unwrap();
    assert_eq!(unsafe { engraft::open("one") }.unwrap(), one);
    assert_eq!(engraft::plugins(), [one, two]);
    for (plugin, export) in engraft::exports_named("new").into_iter().chain(engraft::exports_named("rules::Rule")) {
        println!("{}: {}", plugin.name(), export.signature);
    }
    assert!(engraft::exports_named("Rule").is_empty());
    for plugin in engraft::plugins() {
        for name in ["new", "helped", "shared", "hidden"] {
            let value = plugin.lookup::<fn() -> Box<dyn Any>>(name).unwrap()();
            match engraft::type_of(&*value) {
                Some(known) => {
                    assert_eq!(engraft::type_by_id((*value).type_id()), Some(known));
                    let by = known.plugin.map_or("the program", |plugin| plugin.name());
                    println!("{} {name}: {} {}/{} of {} {} by {by}", plugin.name(), known.name, known.size, known.align, known.package, known.version);
                }
                None => println!("{} {name}: unknown", plugin.name()),
            }
        }
    }
    assert_eq!(engraft::type_by_id(TypeId::of::<api::Shared>()).unwrap().plugin, None);
    assert_eq!(engraft::type_of(&"text"), None);
}
"#;

#[test]
fn b06_b10_s03_plugins_exports_and_types_are_listed() {
    let workspace = Workspace::new();
    workspace.package("api", "[dependencies]\nengraft.workspace = true\n", "src/lib.rs", "#[engraft::export]\npub struct Shared;\n");
    workspace.package("helper", "[dependencies]\nengraft.workspace = true\n", "src/lib.rs", "#[engraft::export]\npub struct Helper;\n");
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"helper\"");
    workspace.replace("Cargo.toml", "[workspace.dependencies]\n", "[workspace.dependencies]\nhelper = { path = \"helper\" }\n");
    for name in ["one", "two"] {
        let settings = format!("{PLUGIN_SETTINGS}{DEPENDENCIES}helper.workspace = true\n");
        workspace.package(&format!("plugins/{name}"), &settings, "src/lib.rs", SOURCE);
    }
    workspace.write("host/src/main.rs", HOST);
    workspace.build();
    let ran = workspace.host([] as [&str; 0]).success();
    let expected = "one: pub fn new() -> Box<dyn std::any::Any>\ntwo: pub fn new() -> Box<dyn std::any::Any>\n\
        one: pub struct Rule\ntwo: pub struct Rule\n\
        one new: one::rules::Rule 32/32 of one 0.1.0 by one\none helped: helper::Helper 0/1 of helper 0.1.0 by one\n\
        one shared: api::Shared 0/1 of api 0.1.0 by the program\none hidden: unknown\n\
        two new: two::rules::Rule 32/32 of two 0.1.0 by two\ntwo helped: helper::Helper 0/1 of helper 0.1.0 by one\n\
        two shared: api::Shared 0/1 of api 0.1.0 by the program\ntwo hidden: unknown\n";
    assert_eq!(ran.stdout, expected, "{ran}");
}

/// Opens a path again and again, while files take each other's place there.
const RELOADER: &str = r#"
use engraft::FileState;
use std::fs;

fn main() {
    let [path, first, second]: [String; 3] = std::env::args().skip(1).collect::<Vec<_>>().try_into().unwrap();
    let put = |file: &str| {
        fs::copy(file, format!("{path}.new")).unwrap();
        fs::rename(format!("{path}.new"), &path).unwrap();
    };
    let open = || unsafe { engraft::open(&path) }.unwrap();
    put(&first);
    let old = open();
    assert_eq!((old.generation(), old.file_state()), (1, FileState::Unchanged));
    // The same content in another file.
    put(&first);
    assert_eq!((old.file_state(), open()), (FileState::Unchanged, old));
    put(&second);
    assert_eq!(old.file_state(), FileState::Replaced);
    let new = open();
    assert_ne!(new, old);
    assert_eq!((old.generation(), new.generation()), (1, 2));
    assert_eq!((old.file_state(), new.file_state()), (FileState::Replaced, FileState::Unchanged));
    let elsewhere = unsafe { engraft::open(&second) }.unwrap();
    assert_eq!(elsewhere, new);
    fs::write(format!("{path}.new"), "text").unwrap();
    fs::rename(format!("{path}.new"), &path).unwrap();
    assert_eq!(new.file_state(), FileState::Replaced);
    fs::remove_file(&path).unwrap();
    assert_eq!((old.file_state(), new.file_state()), (FileState::Gone, FileState::Gone));
    // Another copy of the second is as good as the second.
    put(&second);
    assert_eq!(new.file_state(), FileState::Unchanged);
    println!("{:?}", engraft::plugins().iter().map(|plugin| plugin.generation()).collect::<Vec<_>>());
}
"#;

#[test]
fn b07_b08_what_became_of_a_plugins_file_is_told() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", RELOADER);
    workspace.build();
    let first = workspace.keep(&workspace.so("one"), "first.so");
    workspace.append("plugins/one/src/lib.rs", "#[engraft::export]\npub fn more() {}\n");
    workspace.build();
    let second = workspace.keep(&workspace.so("one"), "second.so");
    let path = workspace.root.join("current.so");
    workspace.host([&path, &first, &second]).success().prints(&["[1, 2]\n"]);
}

#[test]
fn b07_f13_a_file_that_was_written_to_in_place_is_told() {
    let workspace = Workspace::new();
    workspace.write(
        "host/src/main.rs",
        r#"
use std::io::Write;

fn main() {
    let plugin = unsafe { engraft::open(std::env::args().nth(1).unwrap()) }.unwrap();
    // Behind all that is mapped.
    std::fs::File::options().append(true).open(plugin.path()).unwrap().write_all(b"more").unwrap();
    println!("{:?}", plugin.file_state());
}
"#,
    );
    workspace.build();
    let kept = workspace.keep(&workspace.so("one"), "one.so");
    workspace.host([&kept]).success().prints(&["Rewritten\n"]);
}
