//! What a record or a file may cost whoever reads it: memory and work in proportion to its bytes, whatever they say.

mod allocations;
mod sample;
#[path = "sample/shared_object.rs"]
mod shared_object;

use allocations::{peak, total};
use engraft_manifest::{
    BuildId, DecodeError, Fault, FileKind, HEAD, Initialiser, Key, MAX_LEN, Manifest, NotARecord, Origin, Package, Role, differences,
    find_note, report,
};
use sample::package;
use shared_object::{HEADER, SEGMENT, with_segments};

/// Miri runs this some hundred times slower.
const MANY: usize = if cfg!(miri) { 2_000 } else { 100_000 };
const AROUND: usize = if cfg!(miri) { 4 } else { 40 };

#[test]
fn claimed_lengths_take_no_memory() {
    // Around the packages: an array, a text and a byte string of 2^62 and 2^32 elements that are not there.
    let good = sample::manifest().encode();
    let packages = good.windows(4).position(|window| window == b"core").unwrap();
    for claim in
        [&[0x9b, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..], &[0x9a, 0xff, 0xff, 0xff, 0xff], &[0x7a, 0xff, 0xff, 0xff, 0xff]]
    {
        for at in packages - AROUND..packages + AROUND {
            let mut bytes = good.clone();
            bytes.splice(at..at + 1, claim.iter().copied());
            let held = peak(|| drop(Manifest::decode(&bytes)));
            assert!(held < 64 * bytes.len(), "{held} bytes for {} at {at}", bytes.len());
        }
    }
}

#[test]
fn memory_grows_with_the_input_only() {
    // The worst case: as many of the smallest elements as fit. A text of no characters takes one byte.
    for count in [1_000, MANY] {
        let mut manifest = sample::manifest();
        manifest.packages[0].features = vec![""; count];
        let bytes = manifest.encode();
        let held = peak(|| drop(Manifest::decode(&bytes).unwrap()));
        // 16 bytes for the text's reference; a growing vector holds its old and its new, twice as large, half.
        assert!(held <= 48 * bytes.len() + 4096, "{held} bytes for {}", bytes.len());
    }
}

/// The table of an initialiser's packages is walked once: a hundred thousand keys would otherwise be compared with each other.
#[test]
fn many_initialisers_take_work_in_proportion() {
    let initialiser = |index: usize| Initialiser { key: Key((index as u128).to_le_bytes()), path: "", file: "", line: 1 };
    let manifest = |count: usize| Manifest {
        // A plugin has no more than it has packages.
        role: Role::Host,
        packages: sample::host().packages,
        initialisers: (0..count).map(initialiser).collect(),
        ..sample::manifest()
    };
    let (few, many) = (manifest(MANY / 10).encode(), manifest(MANY).encode());
    let work = |record: &[u8]| total(|| drop(Manifest::decode(record).unwrap())) / record.len();
    assert!(work(&many) <= 2 * work(&few), "{} and {} bytes for each", work(&many), work(&few));
}

#[test]
fn what_few_bytes_would_multiply_is_refused() {
    let long = "x".repeat(300);
    let cases: [(&str, Manifest<'_>); 5] = [
        ("packages, more than the 8192", many_packages(8192)),
        ("bytes in a package's name, more than", with_package(Package { name: &long, ..package("p", 1, 1) })),
        ("bytes in a package's name, more than", with_package(Package { version: &long, ..package("p", 1, 1) })),
        ("flags in a set, more than", Manifest { flag_sets: vec![vec!["-C x"; 1025]], ..sample::manifest() }),
        ("bytes in a set of flags, more than", Manifest { flag_sets: vec![vec![&long; 200]], ..sample::manifest() }),
    ];
    for (words, manifest) in cases {
        let error = Manifest::decode(&manifest.encode()).unwrap_err();
        assert!(error.to_string().contains(words), "{words}: {error}");
    }
    let mut manifest = sample::manifest();
    let written = manifest.encode();
    // The dependencies of `filter`: the same twice instead of two.
    let at = written.windows(4).position(|window| window == b"\x80\x82\x00\x01").unwrap();
    let mut twice = written.clone();
    twice[at + 3] = 0;
    assert!(matches!(Manifest::decode(&twice), Err(DecodeError::Dependencies)));
    manifest.packages[3].dependencies = vec![1, 0, 1];
    assert_eq!(manifest.encode(), written, "what is written is in order");
}

/// Everything differs, everything depends on everything that it may, and the explanation is not many times the record.
#[test]
fn explaining_takes_memory_in_proportion() {
    let count = if cfg!(miri) { 20 } else { 400 };
    let host = Manifest { role: Role::Host, hosts: vec![BuildId([1; 32])], ..web(count, 1) };
    let plugin = web(count, 2);
    let faults: Vec<Fault> = (0..count).map(Fault::Differs).collect();
    let held = peak(|| {
        let found = differences(&plugin, &faults, &[&host]);
        assert_eq!(found.len(), 1, "all others follow the first");
        assert_eq!(found[0].followers.len(), count - 1);
        assert_eq!(report(&found).groups.len(), 1);
    });
    let bytes = plugin.encode().len();
    assert!(held < 16 * bytes, "{held} bytes for {bytes}");
}

/// A file may be written anew between the verdict and its explanation.
#[test]
fn faults_of_packages_that_are_not_there_are_passed_over() {
    let host = Manifest { role: Role::Host, ..sample::manifest() };
    assert_eq!(differences(&sample::manifest(), &[Fault::Missing(4), Fault::Differs(usize::MAX)], &[&host]), []);
}

/// Each of the segments is small enough; together they would be looked through for hours.
#[test]
fn note_segments_that_lie_over_each_other_are_refused() {
    let file = with_segments(&[0; 64], 200);
    assert_eq!(find_note(&file, file.len() as u64).unwrap_err(), NotARecord::Other(FileKind::SharedObject));
    let mut large = file.clone();
    for segment in 1..=200 {
        // Its p_filesz.
        let at = HEADER + segment * SEGMENT + 32;
        large[at..at + 8].copy_from_slice(&(MAX_LEN as u64 / 100).to_le_bytes());
    }
    let held = peak(|| assert_eq!(find_note(&large, 1 << 40).unwrap_err(), NotARecord::Corrupt("its notes are larger than any")));
    assert!(held < large.len(), "{held}");
}

#[test]
fn huge_segments_and_tables_take_no_memory() {
    let file = with_segments(&[0; 64], 1);
    // e_phoff, e_shoff, e_phnum with e_shentsize; p_offset and p_filesz of the first segment and of the notes.
    for at in [32, 40, 56, HEADER + 8, HEADER + 32, HEADER + SEGMENT + 8, HEADER + SEGMENT + 32] {
        for value in [u64::MAX, 1 << 62, 1 << 40, u64::from(u32::MAX)] {
            let mut file = file.clone();
            file[at..at + 8].copy_from_slice(&value.to_le_bytes());
            for len in [file.len() as u64, 1 << 41, u64::MAX] {
                let held = peak(|| drop(find_note(&file, len)));
                assert!(held < 4 * file.len(), "{held} bytes for {value} at {at}");
            }
        }
    }
}

/// Each table would ask for one more reading of the file's beginning.
#[test]
fn an_archive_of_nothing_but_tables_is_soon_told() {
    let mut file = b"!<arch>\n".to_vec();
    while file.len() < 4 * HEAD {
        file.extend(format!("{:<16}{:<32}{:<10}`\n", "/", "", 0).bytes());
    }
    assert_eq!(find_note(&file[..HEAD], file.len() as u64).unwrap_err(), NotARecord::Other(FileKind::Archive));
}

fn with_package(package: Package<'_>) -> Manifest<'_> {
    let packages = [vec![Package { key: Key([8; 16]), ..package }], sample::manifest().packages].concat();
    Manifest { packages, initialisers: vec![], ..sample::manifest() }
}

fn many_packages(count: usize) -> Manifest<'static> {
    let package = |index: usize| Package { key: Key((index as u128).to_be_bytes()), ..package("p", 0, 1) };
    let packages = sample::manifest().packages.into_iter().chain((0..count).map(package)).collect();
    Manifest { packages, initialisers: vec![], ..sample::manifest() }
}

/// Packages each of which depends on all before it.
fn web(count: usize, hash: u8) -> Manifest<'static> {
    let package = |index: usize| Package {
        key: Key((index as u128).to_be_bytes()),
        origin: Origin::Bundled,
        dependencies: (0..index as u32).collect(),
        ..package("p", 0, hash)
    };
    Manifest { packages: (0..count).map(package).collect(), initialisers: vec![], ..sample::manifest() }
}
