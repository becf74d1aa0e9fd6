//! The schemas of what is written under `--json`: made from the types that are written, and kept in `docs/`.
//!
//! After a type was changed on purpose, `ENGRAFT_SCHEMAS=overwrite cargo test -p cargo-engraft schemas` writes them anew. What
//! that means for those who read the output is said in `docs/stability.md`.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use std::path::Path;

#[track_caller]
fn is_kept<T: JsonSchema>(name: &str) {
    // As it is written: what may be null is there nonetheless.
    let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>();
    let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("ENGRAFT_SCHEMAS").is_some_and(|value| value == "overwrite") {
        std::fs::write(&path, &schema).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, schema, "{} is out of date: ENGRAFT_SCHEMAS=overwrite writes it", path.display());
}

#[test]
fn schema_of_check_is_kept() {
    is_kept::<super::check::Report>("check.schema.json");
}

#[test]
fn schema_of_doctor_is_kept() {
    is_kept::<crate::doctor::finding::Report>("doctor.schema.json");
}

#[test]
fn schema_of_graph_is_kept() {
    is_kept::<crate::graph::Graph>("graph.schema.json");
}

#[test]
fn schema_of_inspect_is_kept() {
    is_kept::<super::inspect::Report>("inspect.schema.json");
}
