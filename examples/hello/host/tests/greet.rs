//! A test binary is a host too: run with `cargo engraft test`, it opens plugins.

use hello_api::{GREETINGS, Greeter, Guest};
use std::sync::atomic::Ordering;

#[test]
fn a_plugin_greets_and_is_counted() {
    // SAFETY: this file comes out of our own build.
    let plugin = unsafe { engraft::open("greet") }.unwrap();
    let greeter = plugin.lookup::<fn() -> Box<dyn Greeter>>("greeter").unwrap();
    assert_eq!(greeter().greet(&Guest { name: "tester".into() }), "Hello, tester!");
    assert_eq!(GREETINGS.load(Ordering::Relaxed), 1);
}
