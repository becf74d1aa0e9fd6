//! What to do about each kind of error, in more words than an error's own `help:` has room for.

/// The mend of the errors with this code.
#[track_caller]
pub(super) fn mend(code: &str) -> &'static str {
    match code {
        "E01" => {
            "Build host and plugin in one workspace with one `cargo engraft build`: features, versions and flags are settled once for both then. If they must be built apart, mend what each `found:` names: the same sources, the same features and versions (one `Cargo.lock`), the same `RUSTFLAGS`, profile and `--target`. Between two plugins the same holds for packages that both bring. `cargo engraft check --host HOST PLUGIN…` tells it before anything runs."
        }
        "E02" => {
            "Pin the toolchain with a `rust-toolchain.toml` in the workspace, install it wherever you build, and build both again. Another patch release is another compiler too: only one and the same compiler gives types the same layout."
        }
        "E03" => {
            "Look at the `tried:` lines. A bare name (`filter`) is searched for in the directories of `ENGRAFT_PLUGIN_PATH`, then in `plugins/` beside the program, and then beside the program under the name that cargo gives to shared objects (`libfilter.so`). Anything with a `/` starts at the working directory. So either put the plugin there (`cargo engraft build` does), or give an absolute path."
        }
        "E04" => {
            "`cargo engraft inspect FILE` tells what the file is. A plugin is a library crate that says `plugin = true` under `[package.metadata.engraft]`; `cargo engraft build` links it into `target/engraft/<profile>/plugins/`. What cargo itself builds there (an rlib, a cdylib) is none yet."
        }
        "E05" => {
            "Mark the item `#[engraft::export]` and build again, or look it up by the path that is listed: an item in a module has the module in its name (`rules::apply`). `cargo engraft inspect FILE` lists all exports with their signatures."
        }
        "E07" => {
            "The file fits; what is missing is around it: a shared library, a newer glibc, a mount that may be executed from, memory. Or it is a symbol that is not in the part which the host has of a package (`export = \"api\"`): the text names the package to add to its `api`. `ldd FILE` lists the libraries and where they were found; `LD_DEBUG=files,libs` before the program's command tells each step of the loader."
        }
        "E08" => {
            "Ask for the type that `found:` says, parameter by parameter. If both print alike, host and plugin name two packages of one name: let both depend on the API crate, and on one version of it."
        }
        "E09" => {
            "Make the file, and every directory above it, readable for the user that the program runs as: `namei -l FILE` shows them. In containers and services that user is often not the one who built it."
        }
        "E10" => {
            "Build the plugin again with `cargo engraft build`, and copy it as it is: the record was changed after the file was linked, and sealed again. Nothing that Engraft does makes such a file."
        }
        "E11" => {
            "Replace a plugin by renaming a new file over the old one (`cargo engraft build`, `mv` and `install` do; `cp` over an existing file does not), and restart the program: code that is running may have changed under it."
        }
        "E12" => {
            "Move the call of `engraft::open` out of the plugin's constructors and initialisers, into an exported function that the host calls when the plugin is open."
        }
        "E13" => {
            "Mend what the initialiser complains about (its error or panic stands in the text), and start the program again: initialisers run once in a process, and a plugin that failed stays failed. A package whose initialiser may fail for a passing reason should rather do that work in an exported function."
        }
        "E14" => {
            "Don't wait, in an initialiser or constructor, for a thread that opens plugins. Open plugins from `main` or from exported functions, one after the other; or try again when the other thread has ended."
        }
        "E15" => {
            "Today plugins work on Linux with glibc on x86_64. On other platforms, link the plugin's crate into the program as an ordinary dependency, behind a `cfg`."
        }
        "E16" => {
            "Run `cargo engraft init` in the workspace once, and build the program again: then `cargo run` and `cargo test` link programs that open plugins. If the workspace has the file `.cargo/engraft/rustc` already, cargo did not use it: it reads `.cargo/config.toml` from the directory in which it is run and those above, and the variable `RUSTC` displaces it. If `cargo engraft build` has built the program, none of its code names `engraft`, and rustc links nothing that no code names: add `use engraft as _;` to the host's main.rs."
        }
        "E17" => {
            "A type has no value to look up. Export a function that makes one, or look up a function that takes one; `engraft::type_by_id` tells what is known of the type itself."
        }
        "E18" => {
            "Build the plugin again, and copy it whole. Tools that rewrite files (`strip`, `objcopy`, `patchelf`, packaging scripts) belong before the seal: ask for `strip = true` in the profile instead. If nobody of yours has changed it, find out who did before you trust the machine that it came over."
        }
        "E19" => {
            "Sign the plugin with `cargo engraft sign FILE`, and ship the `.minisig` file beside it. A program that should open unsigned plugins calls `engraft::open` instead of `Keyring::open`."
        }
        "E20" => {
            "If you know the key's owner, give the program the public key (`Keyring::trust`, `Keyring::trust_file`). If not, have the plugin signed by somebody whom the program trusts; `cargo engraft verify` tells beforehand."
        }
        "E21" => {
            "A plugin that was built again is signed again. If it was not built again, the file or the signature was exchanged: fetch both anew from where they come from, and don't open them meanwhile."
        }
        "E22" => {
            "A private copy lives in memory: raise the limit that the text names, or open the file in place (`engraft::open`), if nobody can change it while the program runs."
        }
        "E26" => {
            "Build the library as a `cdylib`, or its packages as ordinary libraries (`lib`) that the plugin links. `readelf -S FILE` shows a section `.rustc` in Rust shared objects."
        }
        "E27" => {
            "Link the libraries into the plugin (`cargo::rustc-link-lib=static=…`, or a crate's feature such as `vendored`), or let the program itself be linked with them, so that they are loaded when it starts. `cargo engraft verify` shows what a plugin needs. `Keyring::refuse_other_libraries(false)` lets the system's loader map whatever it finds."
        }
        "E28" => {
            "Fork before the program opens plugins, or when no thread is opening one. What was open at that time works in the child, and other plugins can be opened there unless a thread was mapping one. A new program, which `std::process::Command` starts, has none of these limits."
        }
        "E23" => {
            "Make the key's file readable for the user that the program runs as, or compile the key into the program: `Keyring::trust` takes its text."
        }
        "E24" => {
            "Give the public key, the one in `engraft.pub`: a comment and a line that begins with `RW`, or that line alone. `cargo engraft keygen` makes a pair; secret keys stay with whoever signs."
        }
        "E25" => {
            "Build for the machines that the program runs on. `-C target-cpu=native` (in `RUSTFLAGS` or `.cargo/config.toml`) compiles for the building machine alone; `-C target-cpu=x86-64-v2` or `x86-64-v3` name what most machines have. `cargo engraft inspect FILE` lists the CPU features that a file needs, `rustc --print cfg -C target-cpu=native` those of a machine. A feature that this version of Engraft does not know counts as missing."
        }
        code => panic!("{code} has no mend yet: say here what to do about it"),
    }
}
