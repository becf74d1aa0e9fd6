//! Opens every variant of a plugin with every variant of a host: what opens works in full, and what does not is refused with the
//! reason that `matrix/table.rs` expects. Nothing crashes.

#[path = "matrix/built.rs"]
mod built;
#[path = "matrix/checkout.rs"]
mod checkout;
mod harness;
#[path = "matrix/reason.rs"]
mod reason;
#[path = "matrix/table.rs"]
mod table;
#[path = "matrix/toolchain.rs"]
mod toolchain;
#[path = "matrix/variant.rs"]
mod variant;
#[path = "matrix/verdict.rs"]
mod verdict;

use built::Built;
use std::io::Write;
use table::TABLE;
use variant::VARIANTS;

#[test]
fn b01_e02_f10_f11_f12_every_pair_opens_or_is_refused_as_the_table_says() {
    let built: Vec<Option<Built>> = Built::all();
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for (host, row) in built.iter().zip(TABLE) {
        for (plugin, cell) in built.iter().zip(row.1) {
            let (Some(host), Some(plugin)) = (host, plugin) else { continue };
            pairs += 1;
            if let Err(error) = verdict::check(host, plugin, cell) {
                wrong.push(format!("host {}, plugin {}, expected `{cell}`: {error}", host.name, plugin.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {pairs} pairs are not as the table says\n\n{}", wrong.len(), wrong.join("\n\n"));
    // Past the test harness, which keeps what is printed by tests that pass.
    for variant in VARIANTS.iter().zip(&built).filter(|(_, built)| built.is_none()).map(|(variant, _)| variant) {
        writeln!(std::io::stderr(), "skipped: the variant `{}`: no second toolchain is installed", variant.name).expect("it can be told");
    }
    assert!(built.iter().flatten().count() + 1 >= VARIANTS.len(), "only the toolchain may be lacking");
}

/// A table that is read by position must have its columns where the variants are.
#[test]
fn the_table_has_a_row_and_a_column_for_each_variant() {
    let names: Vec<&str> = VARIANTS.iter().map(|variant| variant.name).collect();
    assert_eq!(TABLE.map(|row| row.0).to_vec(), names);
    assert!(TABLE.iter().all(|row| row.1.len() == names.len()));
}

/// What differs one way differs the other way: with the sides of the reasons exchanged.
#[test]
fn the_table_is_its_own_mirror_image() {
    for (row, (host, cells)) in TABLE.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let exchanged = |letter: char| if letter.is_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
            let mut mirrored: Vec<char> = TABLE[column].1[row].chars().map(exchanged).collect();
            let mut here: Vec<char> = cell.chars().collect();
            mirrored.sort_unstable();
            here.sort_unstable();
            assert_eq!(here, mirrored, "host {host}, plugin {}", TABLE[column].0);
        }
    }
}
