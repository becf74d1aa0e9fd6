//! A function of an `impl` block whose tokens do not tell: rustc has to say it.

pub struct Rule;

impl Rule {
    #[engraft::export]
    pub fn new() -> Rule {
        Rule
    }
}

fn main() {
    Rule::new();
}
