//! Signatures of great length.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

pub struct AVeryLongNameForAStructThatIsGenericOverThreeTypesAndTwoLifetimes<'first, 'second, A, B, C>(
    &'first A,
    &'second B,
    C,
);

#[engraft::export]
pub fn a_function_with_a_signature_that_nobody_would_write_by_hand_but_that_a_macro_could_well_generate_one_day<'first, 'second>(
    the_first_argument: AVeryLongNameForAStructThatIsGenericOverThreeTypesAndTwoLifetimes<
        'first,
        'second,
        HashMap<String, Vec<Result<BTreeMap<u64, Arc<Mutex<Option<Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>>>>>, String>>>,
        HashMap<String, Vec<Result<BTreeMap<u64, Arc<Mutex<Option<Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>>>>>, String>>>,
        HashMap<String, Vec<Result<BTreeMap<u64, Arc<Mutex<Option<Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>>>>>, String>>>,
    >,
    // A comment is no part of the signature,
    the_second_argument: &'second mut [(
        HashMap<String, Vec<Result<BTreeMap<u64, Arc<Mutex<Option<Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>>>>>, String>>>,
    )], /* neither is this */
) -> Result<
    AVeryLongNameForAStructThatIsGenericOverThreeTypesAndTwoLifetimes<
        'first,
        'second,
        HashMap<String, Vec<Result<BTreeMap<u64, Arc<Mutex<Option<Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>>>>>, String>>>,
        HashMap<String, Vec<Result<BTreeMap<u64, Arc<Mutex<Option<Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>>>>>, String>>>,
        HashMap<String, Vec<Result<BTreeMap<u64, Arc<Mutex<Option<Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>>>>>, String>>>,
    >,
    (),
> {
    the_second_argument.iter().next().ok_or(())?;
    Ok(the_first_argument)
}

fn main() {}
