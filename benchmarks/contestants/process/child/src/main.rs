//! The child process: serves requests from the socket that is its stdin until the socket is closed.

mod server;

use std::error::Error;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

fn main() -> Result<(), Box<dyn Error>> {
    let socket = UnixStream::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(server::serve(socket))?;
    Ok(())
}
