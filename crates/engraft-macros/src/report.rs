//! Collects everything that is wrong with an item, so that all of it is told at once.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// What was found to be wrong so far.
#[derive(Default)]
pub(crate) struct Report {
    faults: Option<syn::Error>,
}

impl Report {
    /// Adds a fault of the code in `place`.
    pub(crate) fn fault(&mut self, place: impl ToTokens, message: impl std::fmt::Display) {
        self.add(syn::Error::new_spanned(place, message));
    }

    /// Adds a fault that syn found.
    pub(crate) fn add(&mut self, fault: syn::Error) {
        match &mut self.faults {
            Some(faults) => faults.combine(fault),
            none => *none = Some(fault),
        }
    }

    /// `Ok` when nothing is wrong, otherwise the tokens that make rustc tell it.
    pub(crate) fn finish(self) -> Result<(), TokenStream> {
        match self.faults {
            None => Ok(()),
            Some(faults) => Err(faults.into_compile_error()),
        }
    }
}
