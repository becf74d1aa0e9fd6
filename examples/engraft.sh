# Runs this repository's own cargo-engraft: $1 is the role, $2 an example's directory, the rest what cargo gives. Users of Engraft install it.
#
# It is built when the first crate is compiled, and shown on the terminal, because cargo shows what a compiler says when it has ended. Before that
# cargo asks for the version, while it has a lock that the build would wait for; so the version is read from the source.
repository=$2/../..
engraft=${CARGO_ENGRAFT:-$repository/target/debug/cargo-engraft}
if [ -z "$CARGO_ENGRAFT" ]; then
    if [ "$3" = -vV ]; then
        version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$repository/Cargo.toml")
        number=$(sed -n 's/.* = concat!(.*, " \([0-9]*\)");$/\1/p' "$repository/crates/cargo-engraft/src/rustc/stamp.rs")
        rustc -vV && echo "engraft: $version $number"
        exit
    fi
    if [ ! -x "$engraft" ] || [ -n "$(find "$repository/crates" -name '*.rs' -newer "$engraft")" ]; then
        if (exec >/dev/tty) 2>/dev/null; then shown=/dev/tty; else shown=/dev/null; fi
        if ! (cd "$repository" && unset RUSTC RUSTFLAGS && cargo build --locked --package cargo-engraft --target-dir target) >$shown 2>&1; then
            echo 'error: failed to build cargo-engraft' >&2
            echo "help: cargo build --package cargo-engraft, in $repository" >&2
            exit 101
        fi
    fi
fi
exec "$engraft" "$@"
