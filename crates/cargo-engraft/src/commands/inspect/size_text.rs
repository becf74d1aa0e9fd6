//! Formats the size of a file's parts as a table.

use super::report::{CrateSize, File, Rest, Size};
use super::text::head;
use crate::output::{bold, number};

/// The table of a file; only its kind if Engraft did not link it.
pub fn size_table(file: &File) -> String {
    let table = file.linked.as_ref().map_or_else(String::new, |linked| table(&linked.size, &linked.name));
    head(file) + &table
}

fn table(size: &Size, name: &str) -> String {
    let sum = |part: fn(&CrateSize) -> u64| size.crates.iter().map(part).sum::<u64>();
    let mut text = bold(&row("code", "data", "names", "symbols", "total", "")) + "\n";
    for each in &size.crates {
        let numbers = [each.code, each.data, each.names, each.symbols, each.total()].map(number);
        text += &line(&numbers, &label(each, name));
    }
    let sums = [sum(|each| each.code), sum(|each| each.data), sum(|each| each.names), sum(|each| each.symbols), sum(CrateSize::total)];
    text += &line(&sums.map(number), "sum of the above");
    for Rest { section, bytes } in &size.rest {
        let what = section.as_deref().map_or_else(|| "headers, and padding between sections".to_owned(), describe_section);
        text += &line(&["", "", "", "", &number(*bytes)].map(str::to_owned), &what);
    }
    text + &line(&["", "", "", "", &number(size.total)].map(str::to_owned), "the file")
}

fn line([code, data, names, symbols, total]: &[String; 5], what: &str) -> String {
    row(code, data, names, symbols, total, what).trim_end().to_owned() + "\n"
}

fn row(code: &str, data: &str, names: &str, symbols: &str, total: &str, what: &str) -> String {
    format!("{code:>12}{data:>12}{names:>12}{symbols:>12}{total:>13}  {what}")
}

fn label(size: &CrateSize, name: &str) -> String {
    match &size.packages[..] {
        [] if size.crate_name == name.replace('-', "_") => format!("{name} (the file's own crate)"),
        [] => format!("{} (from the toolchain or from Engraft)", size.crate_name),
        packages => packages.join(" or "),
    }
}

/// The name of a section, and why some of its bytes belong to no package.
fn describe_section(section: &str) -> String {
    let why = match section {
        ".note.engraft" => "the manifest",
        ".text" => "code without a package's symbol: C code, or stripped",
        ".rodata" | ".data.rel.ro" => "constants without a symbol",
        ".gcc_except_table" | ".eh_frame" | ".eh_frame_hdr" => "unwinding tables",
        ".rela.dyn" | ".relr.dyn" => "relocations of data without a symbol",
        ".symtab" | ".strtab" | ".dynsym" | ".dynstr" | ".gnu.hash" | ".gnu.version" => "names that belong to no package",
        section if section.starts_with(".debug") => "debug information",
        _ => return section.to_owned(),
    };
    format!("{section}: {why}")
}
