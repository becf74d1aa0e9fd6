//! The names of a file's sections, which the system's loader does not read: only linkers and tools do.
//!
//! Facts about ELF are from the System V ABI, chapter 4, "Sections" (<https://gabi.xinuos.com/>).

use core::ops::Range;

/// Bytes of an ELF header and of a section header in a 64-bit file.
const HEADER: usize = 64;

/// The most bytes of names that are read. Linkers write some hundreds.
const MAX_NAMES: u64 = 1 << 20;

/// Returns whether a 64-bit little-endian ELF file of `len` bytes has a section with this name. False for any other file, and for one whose
/// section headers contradict its length.
///
/// `read` gives the file's bytes in a range within `len`. At most 5 MiB are asked for.
///
/// # Errors
///
/// Those of `read`.
///
/// # Examples
///
/// ```
/// let text = b"not an ELF file";
/// let read = |range: std::ops::Range<u64>| Ok::<_, ()>(text[range.start as usize..range.end as usize].to_vec());
/// assert_eq!(engraft_manifest::has_section(text.len() as u64, b".rustc", read), Ok(false));
/// ```
pub fn has_section<E>(len: u64, name: &[u8], mut read: impl FnMut(Range<u64>) -> Result<Vec<u8>, E>) -> Result<bool, E> {
    let within = |offset: u64, size: u64| Some(offset..offset.checked_add(size).filter(|end| *end <= len)?);
    let Some(header) = within(0, HEADER as u64) else { return Ok(false) };
    let header = read(header)?;
    // The magic number, 64 bits, little endian.
    if !header.starts_with(b"\x7fELF\x02\x01") {
        return Ok(false);
    }
    let (offset, size, count, names) =
        (number::<8>(&header, 0x28), number::<2>(&header, 0x3a), number::<2>(&header, 0x3c), number::<2>(&header, 0x3e));
    let Some(table) = within(offset, count * HEADER as u64).filter(|_| size == HEADER as u64) else { return Ok(false) };
    let table = read(table)?;
    let sections = table.as_chunks::<HEADER>().0;
    let names = sections.get(names as usize).and_then(|names| within(number::<8>(names, 0x18), number::<8>(names, 0x20).min(MAX_NAMES)));
    let Some(names) = names else { return Ok(false) };
    let names = read(names)?;
    let is_called_so = |section: &[u8; HEADER]| {
        let rest = names.get(number::<4>(section, 0) as usize..).and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.first() == Some(&0))
    };
    Ok(sections.iter().any(is_called_so))
}

/// The little-endian number of `N` bytes that begins at an offset.
fn number<const N: usize>(bytes: &[u8], offset: usize) -> u64 {
    let mut number = [0; 8];
    let bytes = bytes.get(offset..offset + N).unwrap_or_default();
    number[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with sections of these names, the last of which is the names' own.
    fn file(names: &[&str]) -> Vec<u8> {
        let mut file = b"\x7fELF\x02\x01".to_vec();
        file.resize(HEADER, 0);
        let (mut strings, mut offsets) = (vec![0], Vec::new());
        for name in names {
            offsets.push(strings.len() as u32);
            strings.extend([name.as_bytes(), &[0]].concat());
        }
        let table = HEADER + strings.len();
        file.extend(&strings);
        for offset in offsets {
            let mut section = [0; HEADER];
            section[..4].copy_from_slice(&offset.to_le_bytes());
            section[0x18..0x20].copy_from_slice(&(HEADER as u64).to_le_bytes());
            section[0x20..0x28].copy_from_slice(&(strings.len() as u64).to_le_bytes());
            file.extend(section);
        }
        file[0x28..0x30].copy_from_slice(&(table as u64).to_le_bytes());
        for (at, value) in [(0x3a, HEADER), (0x3c, names.len()), (0x3e, names.len().saturating_sub(1))] {
            file[at..at + 2].copy_from_slice(&(value as u16).to_le_bytes());
        }
        file
    }

    fn has(file: &[u8], name: &str) -> bool {
        let read = |range: Range<u64>| Ok::<_, ()>(file[range.start as usize..range.end as usize].to_vec());
        has_section(file.len() as u64, name.as_bytes(), read).unwrap()
    }

    #[test]
    fn section_is_found_by_its_whole_name() {
        let file = file(&[".text", ".rustc", ".shstrtab"]);
        for (name, expected) in [(".rustc", true), (".text", true), (".rust", false), ("rustc", false), (".rustc2", false)] {
            assert_eq!(has(&file, name), expected, "{name}");
        }
        assert!(!has(&self::file(&[]), ".rustc") && !has(b"", ".rustc") && !has(b"\x7fELF", ".rustc"));
    }

    #[test]
    fn damaged_headers_never_read_beyond_the_file() {
        let whole = file(&[".text", ".rustc", ".shstrtab"]);
        for len in 0..whole.len() {
            has(&whole[..len], ".rustc");
        }
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                has(&damaged, ".rustc");
            }
        }
    }
}
