//! Crates that know `engraft` by another name, or only through another crate.

use crate::workspace::{PLUGIN_SETTINGS, Workspace};

#[test]
fn renamed_and_reexported_engraft() {
    let workspace = Workspace::new();
    let engraft = format!("engraft = {{ path = \"{}\" }}\n", crate::tool::crates().join("engraft").display());
    workspace.append("api/Cargo.toml", &format!("[dependencies]\n{engraft}"));
    workspace.append("api/src/lib.rs", "pub use engraft;\n");
    let renamed = engraft.replace("{ path", "{ package = \"engraft\", path").replacen("engraft", "grafting", 1);
    let renamed = format!("{PLUGIN_SETTINGS}[dependencies]\napi.workspace = true\n{renamed}");
    let text = "#[grafting::init]\nfn start() {\n    api::CALLS.fetch_add(10, std::sync::atomic::Ordering::Relaxed);\n}\n\
        #[grafting::export]\npub async fn waits(of: &str) -> usize { of.len() }\n#[grafting::export]\npub fn value() -> u32 { 1 }\n";
    workspace.package("plugins/one", &renamed, "src/lib.rs", text);
    workspace.build();
    workspace.host(["one"]).success().prints(&["one is 1\ncalls: 10\n"]);

    let reexported = format!("{PLUGIN_SETTINGS}[dependencies]\napi.workspace = true\n");
    let text = "#[api::engraft::export]\npub fn value() -> u32 { 2 }\n";
    workspace.package("plugins/two", &reexported, "src/lib.rs", text);
    workspace
        .engraft(["build"])
        .ended(101)
        .says(&["error: `engraft` is no direct dependency of this crate: write the path that leads to it, \
             `#[export(crate = path::to::engraft)]`, or add it to Cargo.toml\n --> plugins/two/src/lib.rs:1:1\n"])
        .never_says(&["E0433"]);
    workspace.write("plugins/two/src/lib.rs", &text.replace("export]", "export(crate = api::engraft)]"));
    workspace.build();
    workspace.host(["two"]).success().prints(&["two is 2\n"]);
}
