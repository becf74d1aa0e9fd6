//! The rows of the acceptance catalogue that hold within one process: each in every profile and with every linker.
//!
//! The behaviours themselves are in `fixtures/catalogue/host/src/behaviours`, named with their rows' ids; a test here builds
//! and runs the host that has them. `docs/catalogue.md` lists all rows, and where the tests of the others are.

mod harness;

static FIXTURE: harness::variant::Fixture = harness::variant::Fixture {
    directory: "catalogue",
    host: "catalogue-host",
    plugins: &["alpha", "beta", "native", "echo-a", "echo-b", "echo-c"],
};

harness::variant_tests::all_variants! {
    s01_manifest_is_read_without_opening
    s02_shared_types_are_one
    s05_nothing_that_was_looked_up_ever_ends
    s06_main_above_a_runtimes_attribute
    s06_main_below_a_runtimes_attribute
    s07_thread_outlives_the_call_and_is_counted
    s07_task_outlives_the_call_and_is_counted
    s08_memory_is_made_on_one_side_and_freed_on_the_other
    s08_statics_of_a_plugin_live_on
    s09_threads_that_open_one_file_get_one_plugin
    s09_threads_open_different_files
    s10_look_up_leads_to_the_function_itself
    b03_same_type_name_from_two_packages
    b06_h05_plugins_of_one_crate_name
    g01_backtrace_through_a_plugin_opened_after_the_first
    g01_backtrace_through_a_later_generation
    g01_debug_information_of_something_else_is_not_taken
    g01_backtrace_of_std_through_a_plugin_opened_before
    g01_panic_in_a_plugin_is_told_with_its_lines
    g02_build_identity_is_read_without_opening
    g04_shared_type_as_any_and_as_dyn_from_two_plugins
    g05_failing_downcasts_end_and_registries_stay
    g07_private_type_by_two_routes
    g08_values_of_the_build_reach_statics
    g09_odd_characters_and_very_long_names
    g10_plugin_opens_another_plugin
    g11_file_name_with_dots
    g12_thread_and_task_send_to_the_host
    g13_c_threads_call_back_and_c_writes_a_slice
    g13_c_code_in_twenty_processes_at_once
    g15_methods_that_are_only_called_dynamically
    g16_methods_of_a_private_trait
    g17_value_of_the_host_goes_there_and_back
    g18_package_that_one_plugin_brings_and_another_uses
    g20_shared_functions_at_other_optimisation_levels
    g21_children_of_eight_threads
    g23_lazy_static_that_the_host_never_touches
    g25_extern_statics_of_libc
    g27_three_identical_plugins_one_after_the_other
    g32_entries_of_inventory_are_registered_once
    g33_types_of_typetag_are_read_by_host_and_plugins
    g34_constructors_of_ctor_run_once_in_order_of_dependency
    h03_static_and_a_function_that_reads_it
    h06_closure_of_the_host_in_a_plugins_static
    h07_equal_symbols_stay_apart
    h07_deep_recursion_and_unwinding
    h13_equal_private_types_are_different
    h14_types_that_hold_one_another
    h15_the_plugins_main_never_runs
    f01_plugin_truncated_at_any_length
    f15_panic_in_a_plugins_thread
    f15_panic_in_a_plugins_task
    f15_panic_through_a_looked_up_function_and_back
    f15_drops_of_both_sides_while_a_panic_unwinds
}
