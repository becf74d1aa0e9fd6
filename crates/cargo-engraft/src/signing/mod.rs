//! Making signatures of plugins. Keys and signatures are minisign's; what is signed is a line that names the build. Verifying them is the
//! library's part, which the tool asks as any program does.

pub mod beside;
mod secret_key;
mod signature;

pub use secret_key::{ask_for_new_password, read as read_secret_key};
pub use signature::sign;
