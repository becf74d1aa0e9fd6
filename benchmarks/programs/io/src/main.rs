//! A program that does I/O: messages over loopback between tasks of one thread, and lines of a file.

mod echo;
mod lines;

// This makes the program a host when Engraft links it.
use engraft as _;

fn main() -> std::io::Result<()> {
    running::told(run)
}

fn run() -> std::io::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let echoed = runtime.block_on(echo::bytes(8, 4_000))?;
    Ok(format!("{echoed} {}", lines::written_and_read(20)?))
}
