//! Opening without `unsafe`: only what somebody has signed whom the program trusts.

use crate::candidate::Candidate;
use crate::{KeyError, OpenError, Plugin, open, sys};
use engraft_manifest::{BuildId, KeyId, PublicKey, SignatureFault, signature_path, verify_signature};
use std::ffi::CString;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The keys of those whose plugins a program opens.
///
/// Keys and signatures have the formats of [minisign](https://jedisct1.github.io/minisign/); `cargo engraft keygen` and
/// `cargo engraft sign` make them. A plugin's signature stands beside it, as `filter.so.minisig`, and covers every byte of it.
///
/// ```no_run
/// use engraft::Keyring;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut keyring = Keyring::new();
/// keyring.trust("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3")?;
/// let filter = keyring.open("filter")?;
/// # drop(filter.path());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    keys: Vec<PublicKey>,
    refuses_other_libraries: bool,
}

/// The longest signature that is read, in bytes. minisign's take some 300 and a comment.
const LONGEST: u64 = 16 << 10;

impl Keyring {
    /// Trusts nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts whoever has the secret half of this key: plugins that they have signed run as a part of this program.
    ///
    /// `key` is what stands in a public key's file, or the last line of that alone (`RWQ…`).
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`]: it is no such key.
    pub fn trust(&mut self, key: &str) -> Result<KeyId, KeyError> {
        self.add(key).ok_or(KeyError::Malformed { path: None })
    }

    /// The same for a key in a file, as `cargo engraft keygen` and `minisign -G` write it (`engraft.pub`).
    ///
    /// # Errors
    ///
    /// The file can't be read, or holds no such key.
    pub fn trust_file(&mut self, path: impl AsRef<Path>) -> Result<KeyId, KeyError> {
        let path = path.as_ref();
        let text = read_short(path).map_err(|source| KeyError::Unreadable { path: path.to_owned(), source })?;
        self.add(&text).ok_or_else(|| KeyError::Malformed { path: Some(path.to_owned()) })
    }

    fn add(&mut self, text: &str) -> Option<KeyId> {
        let key = PublicKey::read(text)?;
        let id = key.id();
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
        Some(id)
    }

    /// Trusts the keys of this number no more; whether there were any. What is open stays open.
    pub fn revoke(&mut self, key: KeyId) -> bool {
        let before = self.keys.len();
        self.keys.retain(|known| known.id() != key);
        self.keys.len() < before
    }

    /// Whether to refuse a plugin that needs shared libraries which this process has not loaded yet ([`OpenError::OtherLibraries`]).
    ///
    /// A signature covers the plugin's own file. Without this, the system's loader maps the libraries that the plugin needs from wherever
    /// it finds them: no signature covers those, and whoever can write to a directory that the plugin names (`RUNPATH`) chooses their
    /// code. With it, only libraries that are part of this process already may be needed, such as the C library; link the others into the
    /// plugin (`static`), or into the program. `cargo engraft verify` shows what a plugin needs.
    ///
    /// ```
    /// let mut keyring = engraft::Keyring::new();
    /// keyring.refuse_other_libraries(true);
    /// ```
    pub fn refuse_other_libraries(&mut self, refuse: bool) -> &mut Self {
        self.refuses_other_libraries = refuse;
        self
    }

    /// The numbers of the keys that are trusted, in the order in which they came.
    pub fn trusted(&self) -> impl ExactSizeIterator<Item = KeyId> + '_ {
        self.keys.iter().map(PublicKey::id)
    }

    /// Opens a plugin that one of the trusted keys has signed.
    ///
    /// Always from a [private copy](crate::OpenOptions::private_copy): what was signed is what runs, whatever becomes of the file.
    /// `path` is the same as for [`open`](crate::open()), and so is everything else. A build that the program
    /// has open already is given as it is, however it was opened.
    ///
    /// # Errors
    ///
    /// Those of [`open`](crate::open()), and: [`OpenError::Unsigned`], [`OpenError::UnknownKey`], [`OpenError::BadSignature`],
    /// [`OpenError::NotCopied`], [`OpenError::OtherLibraries`]. A file that was altered after it was signed is [`OpenError::Altered`].
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use engraft::{Keyring, OpenError};
    ///
    /// # fn load(keyring: &Keyring) {
    /// match keyring.open("filter") {
    ///     Ok(filter) => println!("{} is open", filter.name()),
    ///     Err(error @ (OpenError::Unsigned { .. } | OpenError::UnknownKey { .. })) => println!("not from us: {error}"),
    ///     Err(error) => println!("{error}"),
    /// }
    /// # }
    /// ```
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Plugin, OpenError> {
        open::open_signed(path.as_ref(), self)
    }

    /// Refuses a plugin that needs more than this process has, if that was asked.
    pub(crate) fn admit(&self, candidate: &Candidate) -> Result<(), OpenError> {
        if !self.refuses_other_libraries {
            return Ok(());
        }
        let needed = candidate.dynamic()?.needed.into_iter();
        // The loader's own answer: a library that it knows by this name it looks for nowhere.
        let others = needed.filter(|library| !CString::new(&**library).is_ok_and(|name| sys::is_loaded(&name)));
        let libraries: Vec<String> = others.map(|library| String::from_utf8_lossy(&library).into_owned()).collect();
        if libraries.is_empty() { Ok(()) } else { Err(OpenError::OtherLibraries { path: candidate.path.clone(), libraries }) }
    }

    /// Which of the trusted keys has signed the file at this path, if its digest is this one.
    pub(crate) fn vouch(&self, path: &Path, build_id: BuildId) -> Result<KeyId, OpenError> {
        let signature = signature_path(path);
        let text = match read_short(&signature) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(OpenError::Unsigned { path: path.to_owned(), signature }),
            // It is no text: no signature either.
            Err(error) if error.kind() == ErrorKind::InvalidData => String::new(),
            Err(source) => return Err(OpenError::Unreadable { path: signature, source }),
        };
        verify_signature(&text, build_id, &self.keys).map_err(|fault| match fault {
            SignatureFault::UnknownKey(key) => OpenError::UnknownKey { path: path.to_owned(), key, trusted: self.trusted().collect() },
            fault => OpenError::BadSignature { path: path.to_owned(), signature, fault },
        })
    }
}

/// The text of a file that is never long; of a longer one, its beginning.
fn read_short(path: &Path) -> io::Result<String> {
    let (file, _) = sys::open_file(path)?.map_err(|found| io::Error::other(found.to_string()))?;
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}
