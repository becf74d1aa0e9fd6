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
        $crate::harness::variant_tests::variant! { separate $($behaviour)* }
        $crate::harness::variant_tests::variant! { smallest $($behaviour)* }
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
            fn g31_every_behaviour_is_tested() {
                assert_eq!(VARIANT.behaviours(), crate::harness::variant::sorted(&[$(stringify!($behaviour)),*]));
            }

            #[test]
            fn g31_is_linked_by_its_linker() {
                let (chosen, found) = VARIANT.linkers();
                assert!(found.iter().all(|(_, linker)| *linker == chosen), "{chosen:?}: {found:?}");
            }

            #[test]
            fn g31_is_stripped_where_its_profile_says_so() {
                let (wanted, found) = VARIANT.symbol_tables();
                assert!(found.iter().all(|(_, has_symbols)| *has_symbols == wanted), "{wanted}: {found:?}");
            }
        }
    };
}
pub(crate) use variant;
