//! Fuzzes signatures and keys (`engraft_fuzz::signature`). Without the fuzzer it runs the files that it is given, to look into one that failed.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| engraft_fuzz::signature::check(data));

#[cfg(not(fuzzing))]
fn main() -> std::io::Result<()> {
    engraft_fuzz::replay::files(engraft_fuzz::signature::check)
}
