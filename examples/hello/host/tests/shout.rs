//! What a host looks up may be a static: there is one, and both sides use it.

use hello_api::{Greeter, Guest};
use std::sync::atomic::{AtomicUsize, Ordering};

// shown: lookup
#[test]
fn the_host_sets_how_loud_the_plugin_is() {
    // SAFETY: this file comes out of our own build.
    let plugin = unsafe { engraft::open("shout") }.unwrap();
    let loudness = plugin.lookup::<AtomicUsize>("LOUDNESS").unwrap();
    let greeter = plugin.lookup::<fn() -> Box<dyn Greeter>>("greeter").unwrap();
    loudness.store(1, Ordering::Relaxed);
    assert_eq!(greeter().greet(&Guest { name: "tester".into() }), "HELLO, TESTER!");
}
// shown: end
