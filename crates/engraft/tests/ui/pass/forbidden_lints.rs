//! Lints that cannot be switched off again, which generated code must pass as it is.
#![forbid(
    unsafe_code,
    missing_docs,
    unused,
    future_incompatible,
    nonstandard_style,
    rust_2018_idioms,
    rust_2024_compatibility,
    keyword_idents,
    let_underscore,
    refining_impl_trait,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    ffi_unwind_calls,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_abi,
    missing_copy_implementations,
    missing_debug_implementations,
    non_ascii_idents,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_attr_outside_unsafe,
    unsafe_op_in_unsafe_fn,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    warnings
)]

use std::sync::atomic::AtomicU64;

/// A rule.
#[engraft::export]
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a>(pub &'a str);

/// Counts.
#[engraft::export]
pub static HITS: AtomicU64 = AtomicU64::new(0);

/// Applies.
#[engraft::export]
pub fn apply(rule: Rule<'_>, to: &str) -> bool {
    rule.0 == to
}

/// Applies in C.
#[engraft::export]
pub extern "C" fn apply_in_c(at: *const u8) -> bool {
    at.is_null()
}

/// Applies later.
#[engraft::export]
pub async fn apply_later(rule: &Rule<'_>, to: &str) -> bool {
    std::future::ready(rule.0 == to).await
}

fn main() {}
