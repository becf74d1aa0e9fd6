//! Every shape of `async fn`.

use std::cell::Cell;
use std::fmt::Debug;
use std::future::ready;

pub struct Rule<'a>(&'a str);

#[engraft::export]
pub async fn nothing() {}

#[engraft::export]
pub async fn owned(text: String) -> usize {
    ready(text.len()).await
}

#[engraft::export]
pub async fn elided(one: &str, two: &mut String, rule: Rule<'_>, dynamic: &(dyn Debug + Sync)) -> usize {
    two.push_str(one);
    ready(()).await;
    two.len() + rule.0.len() + format!("{dynamic:?}").len()
}

#[engraft::export]
pub async fn elided_in_return(one: &str) -> Option<Rule<'_>> {
    ready(Some(Rule(one))).await
}

#[engraft::export]
pub async fn forever(one: &'static str) -> &'static str {
    ready(one).await
}

#[engraft::export]
pub async fn named<'a>(one: &'a str, two: &str) -> &'a str {
    ready(if two.is_empty() { two.len() } else { 0 }).await;
    one
}

#[engraft::export]
pub async fn nested<'a, 'b>(one: &'a mut Rule<'b>, two: &str) -> &'b str {
    ready(two.len()).await;
    one.0
}

#[engraft::export]
pub async fn functions(one: &(dyn Fn(&str) -> &str + Sync), two: fn(&u8) -> &u8, three: for<'x> fn(&'x u8)) -> usize {
    three(two(&7));
    ready(one("text").len()).await
}

#[engraft::export]
pub async fn patterns((a, b): (u8, u8), mut c: u8, _: u8) -> u8 {
    c += ready(a).await;
    c + b
}

// Only what lives across an `.await` must be `Send`.
#[engraft::export]
pub async fn local(start: u8) -> u8 {
    let sum = {
        let cell = Cell::new(start);
        cell.set(cell.get() + 1);
        cell.get()
    };
    ready(sum).await
}

fn main() {
    drop(owned(String::new()));
    drop(local(1));
}
