//! Exports in modules, of one name in several, of imported types, and in a function's body.

mod private {
    use std::collections::HashMap as Map;

    use super::Rule;

    #[engraft::export]
    pub fn apply(rules: &Map<String, Rule>) -> usize {
        rules.len()
    }

    pub mod inner {
        #[engraft::export]
        pub fn apply(rule: super::Rule) -> super::super::Rule {
            rule
        }

        pub(crate) mod innermost {
            #[engraft::export]
            pub static RULES: [crate::Rule; 1] = [crate::Rule];
        }
    }
}

#[engraft::export]
pub struct Rule;

// A function and a type have names of their own.
#[engraft::export]
#[allow(non_snake_case)]
pub fn Rules() {}

#[engraft::export]
pub enum Rules {}

fn main() {
    struct Local;

    #[engraft::export]
    pub fn within(_: &Local) {}

    #[engraft::export]
    pub static WITHIN: u8 = 1;

    within(&Local);
    private::apply(&Default::default());
    let [rule] = &private::inner::innermost::RULES;
    let _ = (rule, private::inner::apply(Rule), Rules(), None::<Rules>, WITHIN);
}
