//! Files that other systems and machines made.

use crate::workspace::Workspace;
use std::fs;
use std::process::Command;

#[test]
fn b09_e04_files_for_other_systems_and_machines() {
    let workspace = Workspace::new();
    workspace.build();
    // Not a plugin's: one of those that looks like this was altered, and is told so.
    let (source, shared) = (workspace.write("plain.c", "int value(void) { return 1; }\n"), workspace.root.join("plain.so"));
    assert!(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&shared).arg(&source).status().unwrap().success());
    let elf = fs::read(&shared).unwrap();
    let with = |at: usize, bytes: &[u8]| {
        let mut other = elf.clone();
        other[at..at + bytes.len()].copy_from_slice(bytes);
        other
    };
    let after = |magic: &[u8]| [magic, &[0; 4096]].concat();
    let cases = [
        ("mac.dylib", after(b"\xcf\xfa\xed\xfe\x07\0\0\x01"), "a Mach-O file, made for macOS"),
        ("universal.dylib", after(b"\xca\xfe\xba\xbe\0\0\0\x02"), "a Mach-O file, made for macOS"),
        ("windows.dll", after(b"MZ\x90\0\x03"), "a PE file, made for Windows"),
        ("module.wasm", after(b"\0asm\x01\0\0\0"), "WebAssembly"),
        // `e_machine` stands at offset 18, the word size at 4, the byte order at 5.
        ("arm.so", with(18, &183_u16.to_le_bytes()), "an ELF file for another machine (e_machine 183, AArch64)"),
        ("riscv.so", with(18, &243_u16.to_le_bytes()), "an ELF file for another machine (e_machine 243, RISC-V)"),
        ("x32.so", with(4, &[1]), "an ELF file for another machine (e_machine 62, "),
        ("big-endian.so", with(5, &[2]), "an ELF file for another machine ("),
    ];
    for (name, bytes, found) in cases {
        let path = workspace.root.join(name);
        fs::write(&path, bytes).unwrap();
        workspace.host([&path]).success().prints(&[
            &format!("refused: E04: {} is not an Engraft plugin\n", path.display()),
            "\n  expected: a shared object linked by `cargo engraft build`\n",
            &format!("\n  found: {found}"),
        ]);
    }
}
