//! What judging a plugin takes before it is mapped: `cargo bench`.

#[path = "../tests/sample/judged.rs"]
mod judged;
#[path = "../tests/sample/mod.rs"]
mod sample;
#[path = "../tests/sample/shared_object.rs"]
mod shared_object;

use divan::{Bencher, black_box, counter::BytesCount};
use engraft_manifest::{FileDigest, HEAD, Manifest, find_note};
use judged::Judged;

fn main() {
    divan::main();
}

/// Note, packages, verdict: all but the digest, of a file of a megabyte.
#[divan::bench(args = [10, 100, 300, 1000])]
fn judge(bencher: Bencher<'_, '_>, packages: u32) {
    let judged = Judged::new(packages, 1_000_000);
    let host = judged.host();
    bencher.bench(|| assert_eq!(black_box(&judged).judge(&host), 0));
}

/// The digest, in the pieces in which a file is read.
#[divan::bench(args = [20_000, 100_000, 1_000_000])]
fn digest(bencher: Bencher<'_, '_>, len: usize) {
    let file = Judged::new(10, len).file;
    bencher.counter(BytesCount::new(len)).bench(|| {
        let mut digest = FileDigest::new(1000);
        let mut room = [0; HEAD];
        for piece in file.chunks(HEAD) {
            room[..piece.len()].copy_from_slice(piece);
            digest.update(&mut room, piece.len());
        }
        digest.finish()
    });
}

/// The whole record, as errors and `inspect` need it.
#[divan::bench(args = [10, 100, 300, 1000])]
fn decode(bencher: Bencher<'_, '_>, packages: u32) {
    let file = Judged::new(packages, 0).file;
    let record = find_note(&file, file.len() as u64).expect("it has a note").record;
    bencher.bench(|| Manifest::decode(black_box(record)).expect("it was just written").packages.len());
}
