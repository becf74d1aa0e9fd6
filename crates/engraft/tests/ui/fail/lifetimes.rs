//! Lifetimes that a function pointer cannot leave open.

#[engraft::export]
pub fn bound<'a, 'b: 'a>(one: &'a str, _: &'b str) -> &'a str {
    one
}

#[engraft::export]
pub fn condition<'a, 'b>(one: &'a str, _: &'b str) -> &'a str
where
    'b: 'a,
    &'a str: Send,
    String: Send,
{
    one
}

#[engraft::export]
pub fn only_returned<'a>(_: u8) -> &'a str {
    ""
}

#[engraft::export]
pub async fn two_in_a_future<'a, 'b, 'c>(_: &'a str, _: &'b str, _: &'a &'c str) {}

fn main() {}
