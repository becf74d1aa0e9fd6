# Runs this repository's own cargo-engraft: $1 is the role, $2 an example's directory, the rest what cargo gives. Users of Engraft install it.
#
# It is built when cargo asks for the compiler's version, which it does before anything else. cargo keeps what is printed then to itself,
# so the build is shown on the terminal.
repository=$2/../..
engraft=${CARGO_ENGRAFT:-$repository/target/debug/cargo-engraft}
if [ -z "$CARGO_ENGRAFT" ] && { [ "$3" = -vV ] || [ ! -x "$engraft" ]; }; then
    if (exec >/dev/tty) 2>/dev/null; then shown=/dev/tty; else shown=/dev/null; fi
    if ! (cd "$repository" && unset RUSTC RUSTFLAGS && cargo build --locked --package cargo-engraft --target-dir target) >$shown 2>&1; then
        echo 'error: failed to build cargo-engraft' >&2
        echo "help: cargo build --package cargo-engraft, in $repository" >&2
        exit 101
    fi
fi
exec "$engraft" "$@"
