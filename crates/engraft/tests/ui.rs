//! What `#[export]` accepts, and what it and rustc say to the rest.
//!
//! After a message was changed on purpose, `TRYBUILD=overwrite cargo test -p engraft --test ui` writes the new texts;
//! read them as a user would before they are kept.

#[test]
fn export() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}
