//! Texts as rustfmt would write them, from sources laid out in other ways.

use super::one_line;

/// The text of `source`'s tokens.
fn text(source: &str) -> String {
    one_line(source.parse().expect("the source of a test is Rust"))
}

/// Sources that are already as they should be.
#[test]
fn keeps_what_rustfmt_would_keep() {
    for source in [
        "pub fn apply(request: &Request) -> Response",
        "pub static HITS: AtomicU64",
        "pub struct Rule",
        "pub enum Verdict",
        "pub struct Borrowed<'a, 'b: 'a>",
        "pub fn nothing()",
        "pub const fn seven() -> u32",
        "pub async fn run(a: &A, b: &'static str) -> Result<(), Box<dyn Error + Send + Sync>>",
        "pub unsafe extern \"C\" fn raw(at: *const u8, len: usize, out: *mut *const u8) -> i32",
        "pub fn never() -> !",
        "pub fn first<'a>(of: &'a [u8], or: &'a mut [u8; 4]) -> &'a u8",
        "pub fn dynamic(f: &mut dyn FnMut(u32) -> Vec<Vec<u8>>)",
        "pub fn binder(f: &dyn for<'a> Fn(&'a str) -> &'a str, g: for<'b> fn(&'b u8))",
        "pub fn path(a: ::std::string::String, b: &::core::any::TypeId, c: &mut ::a::B)",
        "pub fn boxed(a: Box<dyn ::std::error::Error + 'static>) -> crate::Result<self::Kind>",
        "pub fn qualified(a: <Vec<u8> as IntoIterator>::Item, b: &'static <A as B>::C)",
        "pub fn tuples(a: (), b: (u8,), c: (u8, u16), d: &(u8, &u16), e: ((A, B),))",
        "pub fn patterns((a, b): (u8, u8), mut c: u8, Point { x, .. }: Point, _: u8)",
        "pub fn raw_names(r#type: r#struct::r#fn)",
        "pub fn unicode(größe: Größe) -> 数",
        "pub fn arrays(a: [u8; 4], b: [[f32; N]; M * 2 + 1], c: [u8; { A - 1 }])",
        "pub fn constants(a: Matrix<3, -1>, b: Tagged<'x', \"name\">, c: M<{ A + 1 }>)",
        "pub fn items(a: Box<dyn Iterator<Item = (u8, u8)>>, b: &dyn Fn() -> !)",
        "pub fn called(a: ty!(x), b: [u8; size_of::<u64>()])",
        "pub fn nested(a: Option<fn(u8) -> Option<unsafe extern \"C\" fn(&u8)>>)",
        "pub fn pointers(a: *const *const [u8], b: &&str, c: &mut &mut u8, d: &'a *mut u8)",
        "pub static TABLE: [fn(&str) -> usize; 2]",
        "&dyn Iterator<Item = u8>",
        "dyn ?Sized",
    ] {
        assert_eq!(text(source), source);
    }
}

/// Layout and comments do not matter.
#[test]
fn one_line_from_any_layout() {
    assert_eq!(
        text(
            "pub  fn\tlong(\n    /* the first */ first :&  'static   str,\n    // the second\n    \
             second: HashMap<String ,Vec<u8 , >, >,\n)->( u8 , )"
        ),
        "pub fn long(first: &'static str, second: HashMap<String, Vec<u8>>) -> (u8,)"
    );
}

/// A comma behind the last element is dropped where it has no meaning.
#[test]
fn trailing_commas() {
    assert_eq!(text("fn f(a: (A,), b: (A, B,),)"), "fn f(a: (A,), b: (A, B))");
    assert_eq!(text("fn f(a: A,) -> fn(A,)"), "fn f(a: A) -> fn(A)");
    assert_eq!(text("(Map<A, B>,)"), "(Map<A, B>,)");
    assert_eq!(text("[A, B,]"), "[A, B]");
    assert_eq!(text("&mut (A,)"), "&mut (A,)");
    assert_eq!(text("for<'a> fn(&'a A,)"), "for<'a> fn(&'a A)");
}

/// What a `macro_rules!` variable leaves around its tokens is not seen.
#[test]
fn groups_without_delimiters_are_transparent() {
    use proc_macro2::{Delimiter, Group, TokenTree};
    use quote::quote;

    let ty = TokenTree::from(Group::new(Delimiter::None, quote!(Vec<u8>)));
    assert_eq!(one_line(quote!(&mut #ty)), "&mut Vec<u8>");
    assert_eq!(one_line(quote!(fn f(a: #ty) -> #ty)), "fn f(a: Vec<u8>) -> Vec<u8>");
}

/// Nothing at all.
#[test]
fn empty() {
    assert_eq!(text(""), "");
    assert_eq!(text("Unit {}"), "Unit {}");
}
