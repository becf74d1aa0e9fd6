//! Functions that can be initialisers, and a `main` before which they run.
#![forbid(unsafe_code, missing_docs, unused)]

mod api {
    pub use engraft;
}

#[engraft::init]
fn private() {}

/// Documented, and public.
#[engraft::init]
pub fn public() -> () {}

#[engraft::init(crate = crate::api::engraft)]
fn fails() -> Result<(), std::num::ParseIntError> {
    "1".parse::<u8>().map(drop)
}

#[engraft::init]
#[cfg(false)]
fn not_there(of_no_type: NoType) {}

#[engraft::init]
fn r#type() -> Result<(), String> {
    Ok(())
}

#[engraft::init]
fn boxed() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Ok(())
}

mod within {
    #[engraft::init]
    const fn constant() {}
}

macro_rules! generated {
    ($($name:ident)*) => {
        $(
            #[engraft::init]
            fn $name() -> Result<(), &'static str> {
                Ok(())
            }
        )*
    };
}
generated!(first second);

/// `main` is async where a runtime's attribute follows.
mod with_a_runtime {
    #[engraft::main(crate = crate::api::engraft)]
    pub async fn main() -> u8 {
        7
    }
}

mod with_a_result {
    #[engraft::main]
    pub fn main() -> Result<u8, String> {
        #![allow(non_snake_case)]
        #![allow(unused_mut)]
        let ONE = 1;
        let mut one = ONE;
        Ok(one)
    }
}

fn main() {
    let _ = with_a_runtime::main;
    let _ = with_a_result::main;
}
