//! Every shape of struct and enum.

use std::fmt::Debug;

#[engraft::export]
pub struct Unit;

#[engraft::export]
pub struct Tuple(pub u8, String);

#[engraft::export]
#[derive(Clone, Debug, Default)]
#[repr(C, align(64))]
pub struct Fields {
    pub one: u8,
    two: Option<Box<Fields>>,
}

#[derive(Clone, Debug)]
#[engraft::export]
pub enum Choice {
    One,
    Two(u8),
    Three { x: u8 },
}

#[engraft::export]
pub enum Empty {}

#[engraft::export]
#[derive(Debug)]
pub struct Borrowed<'a, 'b: 'a, 'c>(&'a &'b str, fn(&'c str))
where
    'c: 'a,
    &'b str: Debug;

#[engraft::export]
pub enum BorrowedChoice<'a> {
    One(&'a dyn Debug),
}

fn main() {
    let _ = (Fields::default().two, Choice::Three { x: 1 }, Tuple(1, String::new()).1, Unit, None::<Empty>);
}
