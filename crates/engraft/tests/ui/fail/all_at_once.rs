//! One item with many faults: all are told in one go.

#[engraft::export(name = "other")]
#[engraft::export]
pub(crate) async unsafe extern "C" fn everything<'a, 'b: 'a, T, const N: usize>(
    _: &'a impl Fn(&str),
    _: &'b [T; N],
    _: Box<impl Copy>,
) -> impl Copy {
}

fn main() {}
