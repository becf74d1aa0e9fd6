//! Paths that lead to terminals, pipes, sockets, directories and files of the kernel: none of them is opened, and all are refused at once.

use crate::ran::Ran;
use crate::tool;
use crate::workspace::Workspace;
use std::fs;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Takes each path in every way, as the leader of a session that has no terminal: the first one that it opened would become its own.
const HOST: &str = r#"
use engraft::{Keyring, OpenOptions};
use std::ffi::{CStr, c_char, c_int};

unsafe extern "C" {
    fn setsid() -> c_int;
    fn posix_openpt(flags: c_int) -> c_int;
    fn grantpt(terminal: c_int) -> c_int;
    fn unlockpt(terminal: c_int) -> c_int;
    fn ptsname(terminal: c_int) -> *const c_char;
}

/// The number of this process's terminal, 0 if it has none: the fifth field behind the program's name (`proc_pid_stat(5)`).
fn terminal() -> String {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    stat.rsplit_once(')').unwrap().1.split_whitespace().nth(4).unwrap().to_owned()
}

/// A terminal that nobody has.
fn new_terminal() -> String {
    // `O_RDWR | O_NOCTTY`
    let other_end = unsafe { posix_openpt(0o402) };
    assert!(other_end >= 0 && unsafe { grantpt(other_end) } == 0 && unsafe { unlockpt(other_end) } == 0);
    unsafe { CStr::from_ptr(ptsname(other_end)) }.to_str().unwrap().to_owned()
}

fn main() {
    assert!(unsafe { setsid() } > 0);
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let mut keyring = Keyring::new();
    keyring.trust("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3").unwrap();
    let terminal_path = new_terminal();
    paths.push(terminal_path.clone());
    for path in &paths {
        let codes = [
            unsafe { engraft::open(path) }.unwrap_err().code(),
            unsafe { OpenOptions::new().private_copy(true).open(path) }.unwrap_err().code(),
            engraft::check(path).unwrap_err().code(),
            engraft::verify(path).unwrap_err().code(),
            keyring.open(path).unwrap_err().code(),
            keyring.trust_file(path).unwrap_err().code(),
        ];
        println!("{} {path}", codes.join(" "));
    }
    println!("terminal {}", terminal());
    std::fs::File::open(terminal_path).unwrap();
    println!("terminal {}", if terminal() == "0" { "0" } else { "its own" });
    println!("calls: {}", api::CALLS.load(std::sync::atomic::Ordering::Relaxed));
}
"#;

fn special_files(workspace: &Workspace) -> Vec<PathBuf> {
    let (pipe, socket, sparse) = (workspace.root.join("pipe.so"), workspace.root.join("socket.so"), workspace.root.join("sparse.so"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    drop(UnixListener::bind(&socket).unwrap());
    fs::File::create(&sparse).unwrap().set_len(1 << 40).unwrap();
    let others = ["/dev/zero", "/dev/tty", "/proc/version", "/proc/self/status", "/proc/kcore", "/sys/kernel/uevent_seqnum", "/proc"];
    [pipe, socket, sparse, workspace.root.clone()].into_iter().chain(others.map(PathBuf::from)).filter(|path| path.exists()).collect()
}

#[test]
fn special_files_are_refused_without_being_opened() {
    let workspace = Workspace::new();
    workspace.write("host/src/main.rs", HOST);
    workspace.build();
    let paths = special_files(&workspace);
    assert!(paths.len() >= 9, "{paths:?}");
    let ran = workspace.host(&paths).success();
    for path in &paths {
        // Of the sparse file the beginning is read as a key, and it has no text.
        let key = if path.ends_with("sparse.so") { "E24" } else { "E23" };
        ran.stdout.lines().find(|line| *line == format!("E04 E04 E04 E04 E04 {key} {}", path.display())).unwrap_or_else(|| panic!("{ran}"));
    }
    ran.prints(&["E04 E04 E04 E04 E04 E23 /dev/pts/", "\nterminal 0\nterminal its own\n"]);

    // The tool reads as the library does.
    let tool = |arguments: &[&str], path: &Path| Ran::of(tool::engraft(&workspace.root, &workspace.target).args(arguments).arg(path));
    let host = workspace.output("host").display().to_string();
    for path in &paths {
        tool(&["check", "--host", &host], if path.is_dir() { Path::new("/dev/zero") } else { path }).ended(100).prints(&["E04"]);
        tool(&["sign", "--print-message"], path).ended(101).says(&["E04"]);
        let found = if path.is_dir() {
            "a directory"
        } else if path.ends_with("sparse.so") {
            "a file of unknown kind"
        } else {
            "no regular file"
        };
        tool(&["inspect"], path).prints(&[found]);
        let refused = tool(&["check", "--host"], path);
        assert_ne!(refused.code, Some(0), "{refused}");
    }
}
