//! Compares the JSON schemas in `docs/` with the types that the subcommands print with `--json`.
//!
//! After an intended change of a type, run `ENGRAFT_SCHEMAS=overwrite cargo test -p cargo-engraft schemas` to write the schemas again.
//! `docs/stability.md` says which changes are compatible.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use std::path::Path;

#[track_caller]
fn assert_schema_is_current<T: JsonSchema>(name: &str) {
    // The schema is for serialization: fields that can be null are always present.
    let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>();
    let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("ENGRAFT_SCHEMAS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&path, &schema).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, schema, "{} is out of date: run with ENGRAFT_SCHEMAS=overwrite to write it", path.display());
}

#[test]
fn schema_of_check_is_current() {
    assert_schema_is_current::<super::check::Report>("check.schema.json");
}

#[test]
fn schema_of_doctor_is_current() {
    assert_schema_is_current::<crate::doctor::finding::Report>("doctor.schema.json");
}

#[test]
fn schema_of_graph_is_current() {
    assert_schema_is_current::<crate::graph::Graph>("graph.schema.json");
}

#[test]
fn schema_of_inspect_is_current() {
    assert_schema_is_current::<super::inspect::Report>("inspect.schema.json");
}
