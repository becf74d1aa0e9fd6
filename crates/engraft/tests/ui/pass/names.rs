//! Names that could be mistaken for others: raw, not ASCII, and those of what generated code needs.
#![allow(non_camel_case_types, non_snake_case, non_upper_case_globals, unused, mixed_script_confusables)]
#![no_implicit_prelude]

mod raw {
    pub mod r#async {
        #[::engraft::export]
        pub fn r#fn(r#type: super::r#struct, r#mut: &super::r#struct) {}
    }

    #[::engraft::export]
    pub struct r#struct;

    #[::engraft::export]
    pub static r#static: r#struct = r#struct;

    #[::engraft::export]
    pub async fn r#await<'r#a>(r#dyn: &'r#a r#struct) {}
}

mod unicode {
    #[::engraft::export]
    pub struct Größe;

    #[::engraft::export]
    pub fn 数(größe: Größe) -> Größe {
        größe
    }

    #[::engraft::export]
    pub static ДВА: u8 = 2;
}

mod shadows {
    mod core {}
    mod std {}
    mod engraft {}

    pub struct str;
    pub struct u8;
    pub struct usize;
    pub struct Option;
    pub struct Box;
    pub struct Export;
    pub struct Kind;
    pub struct TypeId;

    macro_rules! concat {
        () => {};
    }
    macro_rules! line {
        () => {};
    }
    concat!();
    line!();

    #[::engraft::export]
    pub fn module_path(_: str, _: u8, _: Option, _: Box) -> usize {
        usize
    }

    #[::engraft::export]
    pub async fn future(_: &str, _: &Box) -> Option {
        Option
    }

    #[::engraft::export]
    pub static EXPORT: Export = Export;

    #[::engraft::export]
    pub static FIELDS: [Kind; 1] = [Kind];

    #[::engraft::export]
    pub static DESCRIPTION: TypeId = TypeId;
}

fn main() {}
