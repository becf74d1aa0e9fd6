//! Types that are generic.

#[engraft::export]
pub struct List<A, B = u8>(A, B);

#[engraft::export]
pub enum Matrix<'a, A, const ROWS: usize> {
    Rows([&'a A; ROWS]),
}

#[engraft::export]
pub struct Array<const LENGTH: usize>([u8; LENGTH]);

fn main() {}
