//! What is around a plugin's file, and keeps it from being opened: a mount, a limit, a missing `/proc`, a second copy of `engraft`. The error
//! names it.

use crate::ran::Ran;
use crate::skipped;
use crate::tool;
use crate::workspace::{Workspace, run_at};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// Opens what is named on the command line; or, after `library`, lets that shared library open something.
const HOST: &str = r#"
use std::ffi::{CString, c_char, c_int, c_void};

unsafe extern "C" {
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [word, file] if word == "library" => unsafe {
            let file = CString::new(&**file).unwrap();
            let handle = dlopen(file.as_ptr(), 2);
            assert!(!handle.is_null());
            let open: extern "C" fn() = std::mem::transmute(dlsym(handle, c"open_plugin".as_ptr()));
            open();
        },
        names => names.iter().for_each(|name| match unsafe { engraft::open(name) } {
            Ok(plugin) => println!("{} is open", plugin.name()),
            Err(error) => println!("refused: {error}"),
        }),
    }
}
"#;

/// Has more zeros than the limit of a test allows.
const PLUGIN: &str = r#"
use std::sync::atomic::{AtomicU8, Ordering};
static ZEROS: [AtomicU8; 32 << 20] = [const { AtomicU8::new(0) }; 32 << 20];
#[engraft::export]
pub fn value(at: usize) -> u8 { ZEROS[at].load(Ordering::Relaxed) }
"#;

/// With a copy of `engraft` of its own.
const LIBRARY: &str = "#[unsafe(no_mangle)]\npub extern \"C\" fn open_plugin() { println!(\"refused: {}\", unsafe { engraft::open(\"one\") }.unwrap_err()); }\n";

struct Built {
    directory: PathBuf,
    host: PathBuf,
    plugin: PathBuf,
    library: PathBuf,
}

/// Built once, and kept out of the workspace, whose target directory is for others then.
static BUILT: LazyLock<Built> = LazyLock::new(|| {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.plugin("one", PLUGIN);
    workspace.build();
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("surroundings");
    for subdirectory in ["plugins", "mount"] {
        std::fs::create_dir_all(directory.join(subdirectory)).unwrap();
    }
    let keep = |file: &str| {
        std::fs::copy(workspace.output(file), directory.join(file)).unwrap();
        directory.join(file)
    };
    let (host, plugin, library) = (keep("host"), keep("plugins/one.so"), directory.join("liblibrary.so"));
    let packages = workspace.target.join("engraft/build/debug/deps");
    let is_engraft =
        |path: &PathBuf| path.extension().is_some_and(|rlib| rlib == "rlib") && path.display().to_string().contains("/libengraft-");
    let engraft = std::fs::read_dir(&packages).unwrap().map(|entry| entry.unwrap().path()).find(is_engraft).unwrap();
    let mut rustc = tool::clean("rustc");
    rustc.args(["--crate-type=cdylib", "--edition=2024", "-o"]).arg(&library).arg(workspace.write("library.rs", LIBRARY));
    Ran::of(rustc.arg(format!("--extern=engraft={}", engraft.display())).arg("-L").arg(&packages)).success();
    Built { directory, host, plugin, library }
});

/// Programs that give a command mounts of its own: for whom the system allows it to everybody, for root, and for those who may become root.
const WITH_MOUNTS: [&[&str]; 3] =
    [&["unshare", "--user", "--map-root-user", "--mount"], &["unshare", "--mount"], &["sudo", "-n", "unshare", "--mount"]];

/// Runs a shell script with mounts of its own, in which `$0` is the host, `$1` the plugin, and `$2` a directory to mount
/// on; none if nothing may be mounted here.
fn with_mounts(script: &str) -> Option<Ran> {
    let with = |program: &[&str], arguments: &[&str]| {
        let mut command = run_at(program[0].as_ref(), &BUILT.directory);
        command.args(&program[1..]).args(arguments);
        command
    };
    let mounts =
        |program: &&[&str]| with(program, &["mount", "-t", "tmpfs", "none", "mount"]).output().is_ok_and(|ran| ran.status.success());
    let Some(program) = WITH_MOUNTS.into_iter().find(mounts) else {
        skipped::tell("plugins on other mounts: this user can't mount anything");
        return None;
    };
    Some(Ran::of(with(program, &["sh", "-ec", script]).args([&BUILT.host, &BUILT.plugin, &BUILT.directory.join("mount")])))
}

#[test]
fn open_names_noexec_mount() {
    let Some(ran) = with_mounts("mount -t tmpfs -o noexec none $2; cp $1 $2/one.so; exec $0 $2/one.so") else { return };
    let path = BUILT.directory.join("mount/one.so").display().to_string();
    ran.success().prints(&[
        &format!("refused: E07: the system's loader could not map the plugin {path}\n  expected: a file that may be mapped executable\n"),
        &format!("\n  found: {path}: failed to map segment from shared object: Operation not permitted"),
        &format!("help: `findmnt -T {path}` tells whether the file system is mounted `noexec`"),
    ]);
}

#[test]
fn open_names_missing_proc() {
    let Some(ran) = with_mounts("mount -t tmpfs none /proc; $0 one; exec $0 $1") else { return };
    ran.success().prints(&[
        "refused: E03: there is no plugin `one`\n  expected: a plugin's file\n  found: none\n",
        "\n  not tried: `plugins/` beside the program, whose path is not known: ",
        "help: mount /proc, or name the plugin's directory: `ENGRAFT_PLUGIN_PATH=/directory`",
        "one is open\n",
    ]);
}

#[test]
fn open_names_address_space_limit() {
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -v 30000; exec \"$0\" one"]).arg(&BUILT.host);
    Ran::of(&mut limited).success().prints(&[
        "refused: E07: ",
        "\n  expected: memory and address space to map it into\n",
        "failed to map segment from shared object: Cannot allocate memory",
        "help: `ulimit -v` and the container's memory limit",
    ]);
}

#[test]
fn open_in_library_with_its_own_engraft_says_so() {
    let ran = Ran::of(run_at(&BUILT.host, &BUILT.directory).arg("library").arg(&BUILT.library)).success();
    ran.prints(&[
        "refused: E16: this is not the program's copy of `engraft`, so it can't open plugins\n",
        &format!("\n  found: another copy of `engraft`, in the shared library {}\n", BUILT.library.display()),
        "help: make the library a plugin (`plugin = true`",
    ])
    .never_prints(&["cargo engraft run"]);
}
