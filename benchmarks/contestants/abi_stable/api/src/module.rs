//! The module that a plugin's library exports, with its functions.

#![allow(missing_docs, reason = "abi_stable makes functions and constants of the fields")]

use abi_stable::StableAbi;
use abi_stable::library::RootModule;
use abi_stable::package_version_strings;
use abi_stable::sabi_types::VersionStrings;
use abi_stable::std_types::{RBox, RSlice};

use crate::{Answer, Request, Stepper_TO, Strings};

/// The functions of a plugin.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = ItemsRef)))]
#[sabi(missing_field(panic))]
pub struct Items {
    pub step: extern "C" fn(u64) -> u64,
    pub stepper: extern "C" fn() -> Stepper_TO<'static, RBox<()>>,
    pub filter: for<'a> extern "C" fn(Request<'a>) -> Answer,
    pub sum: for<'a> extern "C" fn(RSlice<'a, u64>) -> u64,
    pub map: extern "C" fn(Strings) -> u64,
    #[sabi(last_prefix_field)]
    pub constant: extern "C" fn() -> u64,
}

impl RootModule for ItemsRef {
    abi_stable::declare_root_module_statics! {ItemsRef}

    const BASE_NAME: &'static str = "abi_stable_plugin";
    const NAME: &'static str = "abi_stable_plugin";
    const VERSION_STRINGS: VersionStrings = package_version_strings!();
}
