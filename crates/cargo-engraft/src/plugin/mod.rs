//! A plugin's link: a stub crate that names the plugin's library, compiled and linked by rustc with Engraft as linker.

mod fingerprint;
mod stub;

pub use fingerprint::Fingerprint;
pub use stub::{PluginLink, link, link_now, undone_path};
