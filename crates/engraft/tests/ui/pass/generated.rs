//! Items that come out of macros.

macro_rules! parts {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident($($argument:ident: $ty:ty),*) -> $output:ty $body:block) => {
        $(#[$attribute])*
        #[engraft::export]
        $visibility fn $name($($argument: $ty),*) -> $output $body
    };
}

parts! {
    /// Adds.
    pub fn add(a: &u8, b: &dyn Fn(&u8) -> u8) -> Option<u8> { a.checked_add(b(a)) }
}

macro_rules! whole {
    ($($item:item)*) => {
        $(#[engraft::export] $item)*
    };
}

whole! {
    pub fn function(of: &str) -> &str { of }
    pub async fn future(of: &str) -> &str { of }
    pub static STATIC: u8 = 1;
    pub struct Struct;
    /// An enum.
    pub enum Enum {}
}

macro_rules! lifetimes {
    ($name:ident, $lifetime:lifetime, $length:literal, $path:path, $value:expr) => {
        #[engraft::export]
        pub fn $name<$lifetime>(of: &$lifetime $path, _: [u8; $length]) -> &$lifetime $path {
            of
        }

        #[engraft::export]
        pub static VALUE: [$path; $length] = $value;
    };
}

lifetimes!(lifetime, 'a, 2, crate::Struct, [Struct, Struct]);

mod facade {
    pub use engraft;

    #[macro_export]
    macro_rules! through_crate {
        ($name:ident, $ty:ty) => {
            #[$crate::facade::engraft::export(crate = $crate::facade::engraft)]
            pub fn $name(_: $ty, _: $crate::Struct) {}
        };
    }
}

through_crate!(through, &str);

fn main() {
    assert_eq!(add(&1, &|a| *a), Some(2));
    let one = Struct;
    assert!(std::ptr::eq(lifetime(&one, [1; 2]), &one));
    through("", Struct);
}
