//! A host and a plugin's file of any size, to measure what judging takes.

use engraft_manifest::{HEAD, Hash, Identity, Key, Known, Manifest, Origin, Package, Role, Toolchain, find_note, judge, note_bytes, seal};

use super::sample;
use super::shared_object::with_segments;

/// A host's packages, and a plugin's file.
pub struct Judged {
    host: Vec<u8>,
    /// The file, sealed.
    pub file: Vec<u8>,
}

impl Judged {
    /// So many packages, which a host has and a plugin borrows, and a file of so many bytes.
    pub fn new(packages: u32, len: usize) -> Self {
        let key = |number: u32| Key((u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)).to_le_bytes());
        let of = |origin: Origin| {
            let name = |number| ["core", "std"].get(number as usize).copied().unwrap_or("some-package");
            let package = |number| Package { key: key(number), origin, dependencies: vec![], ..sample::package(name(number), 1, 2) };
            (0..packages).map(package).collect::<Vec<_>>()
        };
        let record = |role, packages| Manifest { role, packages, initialisers: vec![], ..sample::manifest() }.encode();
        let mut file = with_segments(&note_bytes(&record(Role::Plugin, of(Origin::Hosted))), 1);
        file.resize(len.max(file.len()), 0x90);
        seal(&mut file).expect("it has a note");
        Self { host: record(Role::Host, of(Origin::Bundled)), file }
    }

    /// What the host reads once: its own packages.
    pub fn host(&self) -> Process<'_> {
        Process(Identity::read(&self.host).expect("it was just written"))
    }

    /// What is done with each plugin beside its digest: its note is found, its packages are read and compared. The number of faults.
    pub fn judge(&self, process: &Process<'_>) -> usize {
        let record = |bytes| find_note(bytes, self.file.len() as u64).map(|note| note.record);
        let beginning = record(&self.file[..HEAD.min(self.file.len())]).map(Identity::read);
        let identity = match beginning {
            Ok(Ok(identity)) => identity,
            _ => Identity::read(record(&self.file).expect("it has a note")).expect("it was just written"),
        };
        judge(process, &identity).len()
    }
}

/// A process in which no plugin is open.
pub struct Process<'h>(Identity<'h>);

impl Known for Process<'_> {
    fn toolchain(&self) -> Toolchain<'_> {
        self.0.toolchain
    }

    fn modifiers(&self) -> &str {
        self.0.modifiers
    }

    fn in_host(&self, key: Key) -> Option<Hash> {
        self.0.bundled.hash_of(key)
    }

    fn is_private(&self, key: Key) -> bool {
        self.0.is_private(key)
    }

    fn is_partial(&self, key: Key) -> bool {
        self.0.is_partial(key)
    }

    fn brought(&self, _: Key) -> Option<Hash> {
        None
    }
}
