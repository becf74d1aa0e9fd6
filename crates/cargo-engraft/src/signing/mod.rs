//! Signatures of plugins: who made a file. Keys and signatures are minisign's; what is signed is a line that names the build.

mod judge;
mod plugin_file;
mod public_key;
mod refusal;
mod secret_key;
mod signature;

pub use judge::judge;
pub use plugin_file::PluginFile;
pub use public_key::{parse as parse_public_key, read as read_public_key};
pub use secret_key::{ask_for_new_password, read as read_secret_key};
pub use signature::{beside, sign};
