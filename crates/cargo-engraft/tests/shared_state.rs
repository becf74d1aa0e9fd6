//! What makes a plugin a part of its host, behaviour by behaviour: each holds in every profile and with every linker, and
//! each that Engraft is there for fails where the plugin is an ordinary `cdylib`.
//!
//! The behaviours themselves are in `fixtures/shared/host/src/behaviours`; a test here builds and runs the host that has
//! them.

mod harness;

#[path = "shared_state/control.rs"]
mod control;

static FIXTURE: harness::variant::Fixture =
    harness::variant::Fixture { directory: "shared", host: "shared-host", plugins: &["one", "two"] };

/// Hands all behaviours to another macro.
macro_rules! with_behaviours {
    ($macro:ident!) => {
        $macro! {
            fails {
                public_static: "the plugin sees the host's value",
                private_static_behind_a_function: "left: [1, 1, 2, 2]",
                private_static_behind_an_inline_function: "left: [1, 1, 2, 2]",
                private_static_behind_a_generic_function: "left: [1, 1, 2, 2]",
                static_within_a_generic_function: "left: [1, 1, 2, 2]",
                lazy_static_is_made_once: "it is made once",
                public_thread_local: "the plugin sees the host's value",
                private_thread_local_behind_a_function: "left: [1, 1, 2, 2]",
                private_thread_local_behind_a_generic_function: "left: [\"made\"]",
                thread_local_is_dropped_once: "the thread has one value",
                log_arrives: "left: []",
                log_level_is_the_hosts: "left: false",
                tracing_event_arrives: "left: []",
                tracing_span_surrounds_the_host: "left: [\"host: message=from the host\"",
                task_runs_on_the_hosts_runtime: "there is no reactor running",
                runtime_counts_the_task: "there is no reactor running",
                timer_is_the_hosts: "there is no reactor running",
                async_function_is_awaited: "there is no reactor running",
                panic_is_caught_by_the_host: "Rust cannot catch foreign exceptions, aborting",
                panic_payload_is_downcast: "Rust cannot catch foreign exceptions, aborting",
                panic_of_the_host_is_caught_by_the_plugin: "Rust cannot catch foreign exceptions, aborting",
                panic_in_a_thread_of_the_host: "Rust cannot catch foreign exceptions, aborting",
                panic_in_a_task: "Rust cannot catch foreign exceptions, aborting",
                panic_hook_of_the_host_is_called: "the hook was called for []",
                plugin_knows_that_the_host_panics: "left: Some(false)",
                plugin_allocates_with_the_hosts_allocator: "src/behaviours/allocation.rs",
                host_frees_what_the_plugin_allocated: "src/behaviours/allocation.rs",
                plugin_frees_what_the_host_allocated: "src/behaviours/allocation.rs",
                plugin_grows_what_the_host_allocated: "src/behaviours/allocation.rs",
                trait_object_of_the_plugin_is_dropped_by_the_host: "the host's allocator made it",
                trait_object_of_the_host_is_dropped_by_the_plugin: "the host's allocator frees it",
                plugin_knows_the_thread: "left: (ThreadId(1), None)",
                standard_output_is_one: "left: \"host, locked host, host\\n\"",
                static_of_a_package_that_both_bring: "left: [1, 2, 4]",
                private_static_of_a_package_that_both_bring: "left: [1, 1, 2, 2]",
                static_of_a_package_that_both_bring_behind_a_generic_function: "left: [1, 1, 2, 2]",
                thread_local_of_a_package_that_both_bring: "left: [1, 1, 2, 2]",
                package_that_both_bring_is_initialised_once: "there is one office",
            }
            holds {
                thread_local_of_a_plugin_is_dropped_with_its_thread,
                panic_of_the_host_passes_through_the_plugin,
                panic_in_a_thread_of_the_plugin,
                map_is_changed_on_both_sides,
                any_is_downcast_by_the_host,
                any_is_downcast_by_the_plugin,
                any_of_a_type_that_only_the_plugin_has,
                type_ids_are_equal,
                value_of_a_package_that_both_bring,
                same_names_are_kept_apart,
                function_with_lifetimes_is_found,
                atomic_static_is_found,
            }
            // Of types and packages only Engraft knows.
            is_not_there {
                wrong_type_is_an_error,
                unknown_name_is_an_error,
                packages_are_borrowed_or_brought,
            }
        }
    };
}

/// All behaviours in all variants.
macro_rules! variant_tests {
    (
        fails { $($lost:ident: $reason:literal,)* }
        holds { $($kept:ident,)* }
        is_not_there { $($new:ident,)* }
    ) => {
        harness::variant_tests::all_variants! { $($lost)* $($kept)* $($new)* }
    };
}

/// All behaviours in the control, each with what is to be expected of it there.
macro_rules! control_tests {
    (
        fails { $($lost:ident: $reason:literal,)* }
        holds { $($kept:ident,)* }
        is_not_there { $($new:ident,)* }
    ) => {
        mod without_engraft {
            mod fails {
                $(
                    #[test]
                    fn $lost() {
                        crate::control::fails(stringify!($lost), $reason);
                    }
                )*
            }

            mod holds {
                $(
                    #[test]
                    fn $kept() {
                        crate::control::holds(stringify!($kept));
                    }
                )*
            }

            #[test]
            fn every_behaviour_is_tested() {
                let tested = [$(stringify!($lost),)* $(stringify!($kept),)*];
                assert_eq!(crate::control::behaviours(), crate::harness::variant::sorted(&tested));
            }
        }
    };
}

with_behaviours! { variant_tests! }
with_behaviours! { control_tests! }
