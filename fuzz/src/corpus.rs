//! The corpus: small inputs that lead everywhere. From real files comes what is hard to make up, the rest stands here.

use crate::smaller;
use engraft_manifest::{MAX_LEN, NotARecord};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// The linker's arguments: a response file each.
const ARGUMENTS: [&str; 6] = [
    "",
    "-m64\n/tmp/rustcabc/symbols.o\n/target/deps/libapi-0123456789abcdef.rlib\n-Wl,--as-needed\n-L\n/target/deps\n-L/usr/lib\n-o\n/target/deps/host\n",
    "-Wl,--version-script=/tmp/list\n-Wl,--no-undefined-version\n-shared\n-o\n",
    "a\\ b \"c d\" 'e\"f' \\\\ \\\" \"\" ''\n",
    "\"unclosed \\",
    "@more\n-l:libx.rlib\nü\\\nx.rcgu.o",
];

/// Files that are no ELF file: each with how much of it is given first.
const OTHERS: [(&str, &[u8]); 5] = [
    ("empty", b"\0\0"),
    ("text", b"#!/bin/sh\n\x10\0"),
    ("rlib", b"!<arch>\n/               0           0     0     0       4         `\nabcdlib.rmeta/      0           0     0     644     4         `\nrust\x40\0"),
    ("tables", b"!<arch>\n/               0           0     0     0       0         `\n/               0           0     0     0       0         `\n//              0           0     0     0       9999999999`\n\x40\0"),
    ("wasm", b"\0asm\x01\0\0\0\x08\0"),
];

/// Files of keys and signatures. The signature is one of minisign's own tests, for which it is of no use here.
const SIGNATURES: [&str; 3] = [
    "untrusted comment: minisign public key E7620F1842B4E81F\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n",
    "untrusted comment: signature from minisign secret key\n\
     RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n\
     trusted comment: timestamp:1633700835\tfile:test\tprehashed\n\
     wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n",
    "untrusted comment:\n\ntrusted comment: build:",
];

/// The directory of a target's corpus.
#[must_use]
pub fn directory(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// Writes all of it anew, from these linked files and from what stands above.
///
/// # Errors
///
/// A file can't be read or written, or Engraft did not link it.
pub fn write(linked: impl Iterator<Item = OsString>) -> io::Result<()> {
    for (index, text) in ARGUMENTS.iter().enumerate() {
        put("arguments", &index.to_string(), text.as_bytes())?;
    }
    for (index, text) in SIGNATURES.iter().enumerate() {
        put("signature", &index.to_string(), text.as_bytes())?;
    }
    for (name, bytes) in OTHERS {
        put("elf", name, bytes)?;
    }
    put("elf", "dynamic", &[&with_dynamic_section()[..], b"\0\x02"].concat())?;
    for path in linked {
        let name = Path::new(&path).file_name().unwrap_or(&path).to_string_lossy().into_owned();
        let file = std::fs::read(&path)?;
        let (mut smaller, record) = smaller::than(&file).map_err(|found: NotARecord| io::Error::other(format!("{name} is {found}")))?;
        assert!(record.len() < MAX_LEN, "it was read");
        put("manifest", &name, record)?;
        smaller.extend((engraft_manifest::HEAD as u16).to_le_bytes());
        put("elf", &name, &smaller)?;
    }
    Ok(())
}

/// A shared object that needs a library from `$ORIGIN`, and nothing else: one segment, which is all of the file.
fn with_dynamic_section() -> Vec<u8> {
    const STRINGS: &[u8] = b"\0libfoo.so\0/opt:$ORIGIN\0";
    // Behind the header of 64 bytes and two program headers of 56: `DT_STRTAB`, `DT_NEEDED`, `DT_RUNPATH`, `DT_FLAGS`, `DT_NULL`.
    let section = 64 + 2 * 56_u64;
    let entries = [(5, section + 80), (1, 1), (29, 11), (30, 8), (0, 0)];
    let end = section + 80 + STRINGS.len() as u64;
    // `ET_DYN` for x86-64, of version 1; no entry point, program headers behind the header, no section headers.
    let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0".to_vec();
    file.extend([0, 64, end].iter().flat_map(|word: &u64| word.to_le_bytes()));
    file.extend(0_u32.to_le_bytes());
    file.extend([64, 56, 2, 64, 0, 0].iter().flat_map(|half: &u16| half.to_le_bytes()));
    for (kind, offset, len) in [(1_u32, 0, end), (2, section, 80)] {
        file.extend([kind, 4].iter().flat_map(|word| word.to_le_bytes()));
        file.extend([offset, offset, offset, len, len, 8].iter().flat_map(|word| word.to_le_bytes()));
    }
    file.extend(entries.iter().flat_map(|(tag, value)| [tag, value]).flat_map(|word: &u64| word.to_le_bytes()));
    file.extend(STRINGS);
    file
}

fn put(target: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(directory(target))?;
    std::fs::write(directory(target).join(name), bytes)
}
