//! What is open already: one content is one plugin, under whatever path; new content is a new plugin beside the old one.

use crate::ran::Ran;
use crate::workspace::{PLUGIN, Workspace, run_at};
use std::fs;
use std::path::Path;

/// Opens what is named and says which of the plugins so far it is; `from>to` moves a file before the next is opened.
const HOST: &str = r#"
fn main() {
    let mut plugins = Vec::new();
    for argument in std::env::args().skip(1) {
        if let Some((from, to)) = argument.split_once('>') {
            std::fs::rename(from, to).unwrap();
            continue;
        }
        let plugin = unsafe { engraft::open(&argument) }.unwrap();
        let known = plugins.iter().position(|known| *known == plugin);
        if known.is_none() {
            plugins.push(plugin);
        }
        println!("{argument}: plugin {}", known.unwrap_or(plugins.len() - 1));
    }
    let mut types = Vec::new();
    for plugin in &plugins {
        // Every one of them still works.
        println!("value {}", plugin.lookup::<fn() -> u32>("value").unwrap()());
        if let Ok(make) = plugin.lookup::<fn() -> Box<dyn std::any::Any>>("make") {
            types.push((*make()).type_id());
        }
    }
    types.dedup();
    println!("{} types", types.len());
    println!("calls {}", api::CALLS.load(std::sync::atomic::Ordering::Relaxed));
}
"#;

fn with_host(host: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", host);
    workspace
}

#[test]
fn e06_one_content_is_one_plugin() {
    let workspace = with_host(HOST);
    workspace.build();
    let original = workspace.so("one");
    let copy = workspace.keep(&original, "copy.so");
    let (hard, soft) = (workspace.root.join("hard.so"), workspace.root.join("soft.so"));
    fs::hard_link(&copy, &hard).unwrap();
    std::os::unix::fs::symlink(&original, &soft).unwrap();
    let mut paths: Vec<String> = [&original, &copy, &hard, &soft].map(|path| path.display().to_string()).to_vec();
    paths.extend(["one".to_owned(), "kept/../kept/./copy.so".to_owned()]);
    let ran = workspace.host(&paths).success().prints(&["value 1\n0 types\ncalls 1\n"]);
    assert_eq!(ran.stdout.matches(": plugin 0\n").count(), paths.len(), "{ran}");
}

/// Two builds of one plugin, with different layouts of a type of one name.
#[test]
fn b08_f14_new_content_is_a_new_plugin_beside_the_old_one() {
    let workspace = with_host(HOST);
    let generation = |value: u32, fields: &str| {
        let made = format!(
            "#[derive(Default)]\npub struct Made({fields});\n#[engraft::export]\npub fn make() -> Box<dyn std::any::Any> {{ Box::new(Made::default()) }}\n"
        );
        workspace.plugin("one", &(PLUGIN.replace("    1\n", &format!("    {value}\n")) + &made));
        workspace.build();
    };
    generation(1, "pub u8");
    let first = workspace.keep(&workspace.so("one"), "one.so");
    generation(2, "pub u64, pub u64");
    let second = workspace.keep(&workspace.so("one"), "new.so");
    let (first, second) = (first.display().to_string(), second.display().to_string());

    let replaced = [first.clone(), format!("{second}>{first}"), first.clone(), first.clone()];
    let expected = format!("{first}: plugin 0\n{first}: plugin 1\n{first}: plugin 1\nvalue 1\nvalue 2\n2 types\ncalls 2\n");
    assert_eq!(workspace.host(replaced).success().stdout, expected);
}

#[test]
fn many_generations_are_open_side_by_side() {
    let workspace = with_host(HOST);
    let mut arguments = Vec::new();
    for value in 0..5 {
        workspace.plugin("one", &PLUGIN.replace("    1\n", &format!("    {value}\n")));
        workspace.build();
        let kept = workspace.keep(&workspace.so("one"), &format!("{value}.so"));
        arguments.extend([format!("{}>{}", kept.display(), workspace.root.join("current.so").display()), "./current.so".to_owned()]);
    }
    workspace.host(arguments).success().prints(&["plugin 4\nvalue 0\nvalue 1\nvalue 2\nvalue 3\nvalue 4\n0 types\ncalls 5\n"]);
}

#[test]
fn two_plugins_of_equal_types_are_two() {
    let workspace = with_host(HOST);
    let source = PLUGIN.to_owned() + "pub struct Made;\n#[engraft::export]\npub fn make() -> Box<dyn std::any::Any> { Box::new(Made) }\n";
    workspace.plugin("one", &source);
    workspace.plugin("two", &source);
    workspace.build();
    workspace.host(["one", "two", "one"]).success().prints(&["one: plugin 0\ntwo: plugin 1\none: plugin 0\n", "2 types\ncalls 2\n"]);
}

/// All threads ask at once; the barrier makes it likely that they overlap, and correctness does not depend on it.
#[test]
fn s09_threads_that_open_one_file_get_one_plugin() {
    let workspace = with_host(
        r#"
fn main() {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let barrier = std::sync::Barrier::new(8);
    let plugins: Vec<engraft::Plugin> = std::thread::scope(|scope| {
        let open = |index: usize| {
            let path = &paths[index % paths.len()];
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                unsafe { engraft::open(path) }.unwrap()
            })
        };
        let threads: Vec<_> = (0..8).map(open).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(plugins.iter().all(|plugin| *plugin == plugins[0]));
    println!("one plugin, value {}", plugins[0].lookup::<fn() -> u32>("value").unwrap()());
}
"#,
    );
    workspace.build();
    let copy = workspace.keep(&workspace.so("one"), "copy.so");
    for _ in 0..10 {
        workspace.host([&workspace.so("one"), &copy]).success().prints(&["one plugin, value 1\n"]);
    }
}

#[test]
fn g06_g11_paths_may_have_spaces_dots_and_any_letters() {
    let workspace = Workspace::new();
    workspace.build();
    let mut named = run_at(&workspace.output("host"), &workspace.root);
    named.env("ENGRAFT_PLUGIN_PATH", workspace.root.join("kept/größe v1.2 日本"));
    for name in ["a b.so", "v1.2.so", "größe.so", "日本.so", "no extension", ".hidden", "quo'te\"d.so", "new\nline.so"] {
        let path = workspace.keep(&workspace.so("one"), &format!("größe v1.2 日本/{name}"));
        workspace.host([&path]).success().prints(&["one is 1\n"]);
        workspace.host([path.strip_prefix(&workspace.root).unwrap()]).success().prints(&["one is 1\n"]);
        if let Some(bare) = name.strip_suffix(".so") {
            named.arg(bare);
        }
    }
    let ran = Ran::of(&mut named).success();
    assert_eq!(ran.stdout.matches("one is 1\n").count(), 6, "{ran}");
}

#[test]
fn paths_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt;
    let workspace = with_host(
        "fn main() {\n    let path = std::env::args_os().nth(1).unwrap();\n    \
         println!(\"{}\", unsafe { engraft::open(path) }.unwrap().lookup::<fn() -> u32>(\"value\").unwrap()());\n}\n",
    );
    workspace.build();
    let path = workspace.root.join(std::ffi::OsStr::from_bytes(b"\xff.so"));
    fs::copy(workspace.so("one"), &path).unwrap();
    workspace.host([&path]).success().prints(&["1\n"]);
}

/// Workspace, target directory and plugins in a directory of such a name.
#[test]
fn g06_workspaces_may_stand_anywhere() {
    let workspace = Workspace::cold_at("my größe, v1.2 (日本)");
    workspace.write("plugins/one/src/a b.rs", "pub fn inner() {}\n");
    workspace.append("plugins/one/src/lib.rs", "#[path = \"a b.rs\"]\npub mod inner;\n");
    workspace.build();
    workspace.build().never_says(&["Compiling", "Linking"]);
    workspace.host(["one"]).success().prints(&["one is 1\n"]);
    let moved = workspace.root.join("moved host");
    fs::create_dir(&moved).unwrap();
    fs::copy(workspace.output("host"), moved.join("host")).unwrap();
    fs::create_dir(moved.join("plugins")).unwrap();
    fs::copy(workspace.so("one"), moved.join("plugins/one.so")).unwrap();
    Ran::of(&mut run_at(&moved.join("host"), Path::new("/"))).success().prints(&["one is 1\n"]);
}
