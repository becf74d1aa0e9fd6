//! Writes the corpus anew: `cargo run --manifest-path fuzz/Cargo.toml --example seed -- PLUGIN.so HOST`.

fn main() -> std::io::Result<()> {
    engraft_fuzz::corpus::write(std::env::args_os().skip(1))
}
