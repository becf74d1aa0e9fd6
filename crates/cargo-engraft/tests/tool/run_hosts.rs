//! `run`: which host it is, what it gets, and what comes back.

use crate::ran::Ran;
use crate::workspace::{DEPENDENCIES, Workspace};

/// Prints its arguments after what the plugin is.
const HOST: &str = r#"
fn main() {
    let plugin = unsafe { engraft::open("one") }.unwrap();
    let value = plugin.lookup::<fn() -> u32>("value").unwrap();
    println!("{} {} {:?}", env!("CARGO_BIN_NAME"), value(), std::env::args().skip(1).collect::<Vec<_>>());
    std::process::exit(std::env::args().len() as i32 - 1);
}
"#;

fn with_two_hosts() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.package("tool", DEPENDENCIES, "src/main.rs", HOST);
    workspace.write("tool/src/bin/other.rs", HOST);
    workspace.replace("Cargo.toml", "\"host\"", "\"host\", \"tool\"");
    workspace
}

#[test]
fn the_only_host_runs_with_the_arguments_and_its_exit_code_comes_back() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.engraft(["run"]).ended(0).prints(&["host 1 []\n"]).says(&["Linking one", "Running `"]);
    workspace.engraft(["run", "--", "a b", "--release", ""]).ended(3).prints(&["host 1 [\"a b\", \"--release\", \"\"]\n"]);
    workspace.engraft(["run", "-q", "--", "x"]).ended(1).prints(&["host 1 [\"x\"]\n"]);
}

#[test]
fn it_runs_where_one_stands() {
    let workspace = Workspace::new();
    workspace
        .write("host/src/main.rs", "use engraft as _;\nfn main() { println!(\"in {}\", std::env::current_dir().unwrap().display()) }\n");
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = workspace.command(["run", "--manifest-path"]);
    let ran = Ran::of(command.arg(workspace.root.join("Cargo.toml")).current_dir(elsewhere.path()));
    ran.success().prints(&[&format!("in {}\n", elsewhere.path().display())]);
}

#[test]
fn a_host_that_a_signal_ends_ends_this_too() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", "use engraft as _;\nfn main() { std::process::abort() }\n");
    assert_eq!(workspace.engraft(["run"]).code, None);
}

#[test]
fn several_hosts_must_be_told_apart() {
    let workspace = with_two_hosts();
    workspace
        .engraft(["run"])
        .ended(101)
        .says(&["error: the workspace has 3 hosts, and it is not said which to run\n", "help: choose one with --bin: host, other, tool\n"]);
    workspace.engraft(["run", "--bin", "other"]).success().prints(&["other 1 []"]);
    workspace.engraft(["run", "-p", "host"]).success().prints(&["host 1 []"]);
    workspace.engraft(["run", "-p", "tool", "--bin", "tool"]).success().prints(&["tool 1 []"]);
    // Only those that are in question are counted and named.
    workspace.engraft(["run", "-p", "tool"]).ended(101).says(&["2 hosts", "--bin: other, tool\n"]);
}

#[test]
fn default_run_is_cargos_way_to_choose() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.write("host/src/bin/other.rs", HOST);
    workspace.replace("host/Cargo.toml", "edition", "default-run = \"other\"\nedition");
    workspace.engraft(["run"]).success().prints(&["other 1 []"]);
}

#[test]
fn a_host_that_is_not_there_is_refused_with_those_that_are() {
    let workspace = with_two_hosts();
    workspace
        .engraft(["run", "--bin", "absent"])
        .ended(101)
        .says(&["error: no host `absent` in the workspace\n", "help: hosts: host, other, tool\n"]);
    workspace
        .engraft(["run", "-p", "absent"])
        .ended(101)
        .says(&["`absent` is neither a host nor a plugin", "help: hosts: host, tool; plugins: one\n"]);
    workspace.engraft(["run", "-p", "one"]).ended(101).says(&["error: no host", "one"]);
}

#[test]
fn an_example_is_a_host_with_plugins_of_its_own() {
    let workspace = Workspace::new();
    workspace.write("host/examples/show.rs", &HOST.replace("env!(\"CARGO_BIN_NAME\")", "\"show\""));
    workspace.engraft(["run", "--example", "show", "--", "x"]).ended(1).prints(&["show 1 [\"x\"]"]);
    assert!(workspace.output("examples/plugins/one.so").exists());
    workspace.engraft(["run", "--example", "absent"]).ended(101).says(&["absent"]);
}

#[test]
fn what_changed_is_built_before_it_runs() {
    let workspace = Workspace::new();
    workspace.engraft(["run"]).success().prints(&["one is 1"]);
    workspace.replace("plugins/one/src/lib.rs", "    1\n", "    2\n");
    workspace.engraft(["run"]).success().prints(&["one is 2"]);
    workspace.append("plugins/one/src/lib.rs", "nonsense\n");
    workspace.engraft(["run"]).ended(101).never_prints(&["one is"]);
}

/// `plugins/` is looked for beside the program, wherever that is called from.
#[test]
fn b05_plugin_is_found_by_name_from_any_directory() {
    let workspace = Workspace::new();
    workspace.build();
    for directory in ["/", "/tmp", "plugins/one"] {
        let mut host = crate::workspace::run_at(&workspace.output("host"), &workspace.root.join(directory));
        Ran::of(host.arg("one")).success().prints(&["one is 1\n"]);
    }
}
