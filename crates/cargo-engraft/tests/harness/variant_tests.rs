//! Makes a test of each behaviour of a fixture in each variant: `release_lld::log_arrives` is the behaviour `log_arrives` in
//! a release build linked by lld.

/// All behaviours of `crate::FIXTURE`, in all variants.
macro_rules! all_variants {
    ($($behaviour:ident)*) => {
        $crate::harness::variant_tests::variant! { dev_default $($behaviour)* }
        $crate::harness::variant_tests::variant! { dev_gnu_ld $($behaviour)* }
        $crate::harness::variant_tests::variant! { dev_lld $($behaviour)* }
        $crate::harness::variant_tests::variant! { release_default $($behaviour)* }
        $crate::harness::variant_tests::variant! { release_gnu_ld $($behaviour)* }
        $crate::harness::variant_tests::variant! { release_lld $($behaviour)* }
        $crate::harness::variant_tests::variant! { stripped $($behaviour)* }
    };
}
pub(crate) use all_variants;

/// All behaviours in one variant.
macro_rules! variant {
    ($variant:ident $($behaviour:ident)*) => {
        mod $variant {
            pub static VARIANT: crate::harness::variant::Variant = crate::harness::variant::Variant::$variant(&crate::FIXTURE);

            $(
                #[test]
                fn $behaviour() {
                    VARIANT.holds(stringify!($behaviour));
                }
            )*

            #[test]
            fn every_behaviour_is_tested() {
                crate::harness::variant::are_the_same(VARIANT.behaviours(), &[$(stringify!($behaviour)),*]);
            }

            #[test]
            fn is_linked_by_its_linker() {
                VARIANT.is_linked_by_its_linker();
            }

            #[test]
            fn is_stripped_where_its_profile_says_so() {
                VARIANT.is_stripped_where_its_profile_says_so();
            }
        }
    };
}
pub(crate) use variant;
