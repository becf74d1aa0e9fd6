//! Attribute macros below `#[engraft::export]` that change the item after its record was written: what does not match the record does not
//! compile.

use crate::workspace::Workspace;

/// `#[attr::becomes(…)]` replaces its item by its arguments.
const ATTRIBUTE: &str = "
use proc_macro::TokenStream;
#[proc_macro_attribute]
pub fn becomes(arguments: TokenStream, _: TokenStream) -> TokenStream { arguments }
";

/// Builds a plugin with one module for each case: its name, the item, what the attribute makes of it, and part of the error at the item.
#[track_caller]
fn build_reports(cases: &[(&str, &str, &str, &str)]) {
    let workspace = Workspace::new();
    workspace.package("attr", "[lib]\nproc-macro = true\n", "src/lib.rs", ATTRIBUTE);
    workspace.replace("Cargo.toml", "[\"api\", ", "[\"api\", \"attr\", ");
    workspace.append("plugins/one/Cargo.toml", "attr = { path = \"../../attr\" }\n");
    for (module, item, becomes, _) in cases {
        workspace.append("plugins/one/src/lib.rs", &format!("pub mod {module};\n"));
        workspace.write(&format!("plugins/one/src/{module}.rs"), &format!("#[engraft::export]\n#[attr::becomes({becomes})]\n{item}\n"));
    }
    let ran = workspace.engraft(["build"]).ended(101);
    for (module, item, becomes, error) in cases {
        let place = format!("--> plugins/one/src/{module}.rs:");
        let at_item = |shown: &&str| shown.contains(&place) && shown.contains(error);
        assert!(ran.stderr.split("\n\n").any(|shown| at_item(&shown)), "{item} becomes {becomes}: expected {error}\n{ran}");
    }
}

#[test]
fn export_of_changed_item_does_not_compile() {
    build_reports(&[
        ("static_type", "pub static X: u8 = 1;", "pub static X: u16 = 1;", "expected `*const u8`, found `*const u16`"),
        ("static_reference", "pub static X: u8 = 1;", "pub static X: &u8 = &1;", "E0308"),
        ("static_lazy", "pub static X: u8 = 1;", "pub static X: std::sync::LazyLock<u8> = std::sync::LazyLock::new(|| 1);", "E0308"),
        ("static_mutable", "pub static X: u8 = 1;", "pub static mut X: u8 = 1;", "use of mutable static"),
        ("static_constant", "pub static X: u8 = 1;", "pub const X: u8 = 1;", "E0745"),
        ("static_thread_local", "pub static X: u8 = 1;", "std::thread_local! { pub static X: u8 = 1; }", "E0745"),
        ("fn_argument", "pub fn f(_: u8) {}", "pub fn f(_: u16) {}", "E0308"),
        ("fn_result", "pub fn f() -> u8 { 1 }", "pub fn f() -> u16 { 1 }", "E0308"),
        ("fn_unsafe", "pub fn f() {}", "pub unsafe fn f() {}", "expected safe fn, found unsafe fn"),
        ("fn_extern", "pub fn f() {}", "pub extern \"C\" fn f() {}", "E0308"),
        ("fn_feature", "pub fn f() {}", "#[target_feature(enable = \"avx2\")] pub fn f() {}", "E0308"),
        ("fn_generic", "pub fn f(_: u8) {}", "pub fn f<T>(_: Vec<T>) {}", "E0308"),
        ("fn_lifetime", "pub fn f(_: &u8) {}", "pub fn f(_: &'static u8) {}", "E0308"),
        ("async_to_plain", "pub async fn f() -> u8 { 1 }", "pub fn f() -> u8 { 1 }", "E0277"),
        ("plain_to_async", "pub fn f() -> u8 { 1 }", "pub async fn f() -> u8 { 1 }", "E0308"),
        ("type_alias", "pub struct T;", "pub type T = u8;", "E0390"),
        ("type_import", "pub struct T;", "pub use std::string::String as T;", "E0116"),
    ]);
}

#[test]
fn export_of_item_that_is_gone_does_not_compile() {
    build_reports(&[
        ("static_renamed", "pub static X: u8 = 1;", "pub static Y: u8 = 1;", "cannot find value `X`"),
        ("fn_renamed", "pub fn f() {}", "pub fn g() {}", "cannot find value `f`"),
        ("fn_in_module", "pub fn f() {}", "pub mod inner { pub fn f() {} }", "cannot find value `f`"),
        ("fn_conditional", "pub fn f() {}", "#[cfg(false)] pub fn f() {}", "cannot find value `f`"),
        ("type_renamed", "pub struct T;", "pub struct U;", "cannot find type `T`"),
        ("type_removed", "pub struct T;", "", "cannot find type `T`"),
    ]);
}
