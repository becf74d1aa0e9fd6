//! Whether a linked file keeps what its packages promise. Pure.

use super::finished::Finished;
use super::promise::Promise;
use crate::link::symbols;

/// What a linked file does not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// Its symbols bind within it before all others.
    Symbolic,
    /// It is a plugin of which the loader runs a function by itself, also where another file has brought the package.
    OwnInit,
    /// It is a program without the loader.
    NoLoader,
    /// It does not show symbols that others must find in it.
    Unexported(Vec<String>),
    /// Symbols bind within it, whatever else the process has.
    Bound(Vec<String>),
    /// A program does not show the allocator by which all of its plugins allocate.
    NoAllocator,
    /// A plugin has an allocator of its own.
    Allocator,
}

/// The symbols by which std allocates; a program has them all.
const ALLOCATOR: [&str; 4] = ["__rust_alloc", "__rust_dealloc", "__rust_realloc", "__rust_alloc_zeroed"];

/// What is broken first; none if everything is kept.
///
/// `is_listed` returns whether a symbol can stand in a list of exports that a program is linked with; true for all without such a list.
#[must_use]
pub fn first_broken(finished: &Finished<'_>, promise: &Promise<'_>, is_plugin: bool, is_listed: impl Fn(&str) -> bool) -> Option<Broken> {
    if finished.is_symbolic {
        return Some(Broken::Symbolic);
    }
    if is_plugin && finished.has_own_init {
        return Some(Broken::OwnInit);
    }
    if !is_plugin && !finished.has_loader {
        return Some(Broken::NoLoader);
    }
    let exported = |symbol: &&str| finished.exported.get(symbol.as_bytes()).copied();
    let unexported = promise.shared.keys().filter(|symbol| is_listed(symbol) && exported(symbol) != Some(true));
    let unexported = sorted(unexported.copied());
    if !unexported.is_empty() {
        return Some(Broken::Unexported(unexported));
    }
    let allocators = || finished.exported.keys().filter_map(|name| symbols::allocator_name(std::str::from_utf8(name).ok()?));
    if is_plugin && allocators().next().is_some() {
        return Some(Broken::Allocator);
    }
    if !is_plugin && !ALLOCATOR.iter().all(|name| allocators().any(|found| found == *name)) {
        return Some(Broken::NoAllocator);
    }
    let bound = sorted(promise.referred.iter().copied().filter(|symbol| is_plugin && !finished.looked_up.contains(symbol.as_bytes())));
    if bound.is_empty() { None } else { Some(Broken::Bound(bound)) }
}

fn sorted<'s>(names: impl Iterator<Item = &'s str>) -> Vec<String> {
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTS: [&str; 5] = [
        "_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc",
        "_RNvCsfLfy6EI15iL_7___rustc14___rust_dealloc",
        "_RNvCsfLfy6EI15iL_7___rustc14___rust_realloc",
        "_RNvCsfLfy6EI15iL_7___rustc19___rust_alloc_zeroed",
        "f",
    ];

    fn finished<'f>(exported: &[&'f str], looked_up: &[&'f str]) -> Finished<'f> {
        Finished {
            is_symbolic: false,
            has_own_init: false,
            has_loader: true,
            exported: exported.iter().map(|name| (name.as_bytes(), true)).collect(),
            looked_up: looked_up.iter().map(|name| name.as_bytes()).collect(),
        }
    }

    fn promise<'s>(shared: &[&'s str], referred: &[&'s str]) -> Promise<'s> {
        Promise {
            shared: shared.iter().map(|name| (*name, "api")).collect(),
            referred: referred.iter().copied().collect(),
            ..Promise::default()
        }
    }

    #[test]
    fn each_broken_promise_is_found() {
        let broken = |finished: &Finished<'_>, is_plugin| first_broken(finished, &promise(&["f"], &["f"]), is_plugin, |_| true);
        let (host, plugin) = (finished(&HOSTS, &[]), finished(&["f"], &["f", "g"]));
        assert_eq!((broken(&host, false), broken(&plugin, true)), (None, None));

        assert_eq!(broken(&Finished { is_symbolic: true, ..finished(&["f"], &["f"]) }, true), Some(Broken::Symbolic));
        let with_init = |exported, looked_up| Finished { has_own_init: true, ..finished(exported, looked_up) };
        assert_eq!((broken(&with_init(&["f"], &["f"]), true), broken(&with_init(&HOSTS, &[]), false)), (Some(Broken::OwnInit), None));
        assert_eq!(broken(&Finished { has_loader: false, ..finished(&HOSTS, &[]) }, false), Some(Broken::NoLoader));
        let f = || vec!["f".to_owned()];
        assert_eq!(broken(&finished(&HOSTS[..4], &[]), false), Some(Broken::Unexported(f())));
        let protected = Finished { exported: [(&b"f"[..], false)].into(), ..finished(&[], &["f"]) };
        assert_eq!(broken(&protected, true), Some(Broken::Unexported(f())));
        assert_eq!(broken(&finished(&["f"], &["g"]), true), Some(Broken::Bound(f())));
        assert_eq!(broken(&finished(&HOSTS, &["f"]), true), Some(Broken::Allocator));
        for missing in 0..4 {
            let mut exported = HOSTS.to_vec();
            exported[missing] = "_RNvCsfLfy6EI15iL_7___rustc20___rust_allocate_more";
            assert_eq!(broken(&finished(&exported, &[]), false), Some(Broken::NoAllocator), "{}", HOSTS[missing]);
        }
        assert_eq!(first_broken(&finished(&HOSTS, &[]), &promise(&["no\"list"], &[]), false, |name| !name.contains('"')), None);
    }
}
