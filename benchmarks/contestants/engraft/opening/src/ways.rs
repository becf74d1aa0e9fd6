//! Opens a file in one of several ways, and measures the time.

use std::error::Error;
use std::ffi::{CString, OsStr, OsString};
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

/// Opens a file and returns how long that took.
pub(crate) type Way = fn(&OsStr) -> Result<Duration, Box<dyn Error>>;

/// The size of the pieces in which Engraft reads a file.
const PIECE: usize = 64 << 10;

pub(crate) fn named(name: &str) -> Option<Way> {
    match name {
        // This way opens no file.
        "start" => Some(by_loader),
        "engraft" => Some(by_engraft),
        "dlopen" => Some(by_loader),
        "digest" => Some(by_loader_after_a_digest),
        _ => None,
    }
}

pub(crate) fn in_order(files: &[OsString], way: Way) -> Result<(), Box<dyn Error>> {
    let before = resident()?;
    let taken = files.iter().map(|file| way(file)).collect::<Result<Vec<_>, _>>()?;
    let grown = resident()?.saturating_sub(before);
    // Print after all measurements, because printing the first line takes time itself.
    for duration in taken {
        println!("open {}", duration.as_nanos());
    }
    println!("resident {grown}");
    Ok(())
}

/// The resident memory of this process in bytes (`proc_pid_statm(5)`, with pages of 4 KiB).
fn resident() -> Result<u64, Box<dyn Error>> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    Ok(statm.split(' ').nth(1).ok_or("statm has no second field")?.parse::<u64>()? * 4096)
}

fn by_engraft(file: &OsStr) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    // SAFETY: our own build made these files.
    let plugin = unsafe { engraft::open(file) };
    let taken = start.elapsed();
    plugin?;
    Ok(taken)
}

fn by_loader(file: &OsStr) -> Result<Duration, Box<dyn Error>> {
    let name = CString::new(file.as_bytes())?;
    let start = Instant::now();
    // SAFETY: `name` is a C string, and our own build made the file.
    let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_GLOBAL) };
    let taken = start.elapsed();
    if handle.is_null() {
        return Err(format!("the loader did not open {}", file.display()).into());
    }
    Ok(taken)
}

fn by_loader_after_a_digest(file: &OsStr) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let digest = digest(&File::open(file)?)?;
    let taken = start.elapsed();
    std::hint::black_box(digest);
    Ok(taken + by_loader(file)?)
}

fn digest(file: &File) -> std::io::Result<blake3::Hash> {
    let (len, mut offset) = (file.metadata()?.len(), 0);
    let mut room = vec![0; PIECE.min(len as usize)];
    let mut hasher = blake3::Hasher::new();
    while offset < len {
        let piece = &mut room[..PIECE.min((len - offset) as usize)];
        file.read_exact_at(piece, offset)?;
        hasher.update(piece);
        offset += piece.len() as u64;
    }
    Ok(hasher.finalize())
}
