//! Compares the output of `--json` with the schemas in `docs/`, field by field.

use serde_json::Value;
use std::fs;

/// Parses the output of a command. Panics unless it has exactly the fields of the schema with this name.
#[track_caller]
pub fn read(schema: &str, printed: &str) -> Value {
    let path = crate::tool::crates().parent().unwrap().join("docs").join(schema);
    let schema: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let value: Value = serde_json::from_str(printed).unwrap_or_else(|error| panic!("{error}:\n{printed}"));
    if let Err(wrong) = compare(&value, &schema, &schema, "") {
        panic!("{}: {wrong}\n{printed}", path.display());
    }
    value
}

/// Checks a value against a schema. Supports the keywords that our schemas use, and panics on any other, so that nothing goes unchecked.
fn compare(value: &Value, schema: &Value, root: &Value, at: &str) -> Result<(), String> {
    let wrong = |what: String| Err(format!("at {}: {what}", if at.is_empty() { "/" } else { at }));
    for (keyword, expected) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" | "items" | "required" => {}
            "$ref" => compare(value, root.pointer(expected.as_str().unwrap().strip_prefix('#').unwrap()).unwrap(), root, at)?,
            "anyOf" | "oneOf" => {
                let results: Vec<_> = expected.as_array().unwrap().iter().map(|one| compare(value, one, root, at)).collect();
                let fitting = results.iter().filter(|result| result.is_ok()).count();
                if fitting == 0 || (keyword == "oneOf" && fitting > 1) {
                    return wrong(format!("{fitting} of {keyword} fit: {results:?}"));
                }
            }
            "type" => {
                let is = |name: &Value| name == kind(value) || (name == "number" && value.is_number());
                if !expected.as_array().map_or_else(|| is(expected), |names| names.iter().any(is)) {
                    return wrong(format!("expected {expected}, found {value}"));
                }
            }
            "const" if value != expected => return wrong(format!("expected {expected}, found {value}")),
            "enum" if !expected.as_array().unwrap().contains(value) => return wrong(format!("{value} is none of {expected}")),
            "minimum" if value.is_number() && value.as_f64() < expected.as_f64() => {
                return wrong(format!("{value} is less than {expected}"));
            }
            "const" | "enum" | "minimum" => {}
            "properties" => {
                // `type` reports a value that is not an object.
                let (Some(fields), known) = (value.as_object(), expected.as_object().unwrap()) else { continue };
                for (name, value) in fields {
                    let Some(schema) = known.get(name) else { return wrong(format!("`{name}` is not in the schema")) };
                    compare(value, schema, root, &format!("{at}/{name}"))?;
                }
                let required = schema["required"].as_array().unwrap();
                if let Some(missing) = known.keys().find(|name| !fields.contains_key(*name)) {
                    return wrong(format!("`{missing}` is missing"));
                }
                assert_eq!(required.len(), known.len(), "every field is required: {schema}");
            }
            other => panic!("the schema uses `{other}`, which this test does not support"),
        }
    }
    let items = value.as_array().into_iter().flatten().enumerate();
    items
        .filter(|_| schema.get("items").is_some())
        .try_for_each(|(index, item)| compare(item, &schema["items"], root, &format!("{at}/{index}")))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[test]
fn wrong_fields_and_types_are_found() {
    let schema: Value = serde_json::from_str(
        r##"{ "type": "object", "required": ["a", "b"], "properties": { "a": { "type": "integer" }, "b": { "$ref": "#/$defs/B" } },
              "$defs": { "B": { "anyOf": [{ "type": "null" }, { "type": "array", "items": { "enum": ["x"] } }] } } }"##,
    )
    .unwrap();
    let check = |text: &str| compare(&serde_json::from_str(text).unwrap(), &schema, &schema, "").map_err(|wrong| wrong.to_string());
    assert_eq!(check(r#"{"a":1,"b":null}"#), Ok(()));
    assert_eq!(check(r#"{"a":1,"b":["x","x"]}"#), Ok(()));
    for wrong in [r#"{"a":1}"#, r#"{"a":1,"b":null,"c":1}"#, r#"{"a":"1","b":null}"#, r#"{"a":1,"b":["y"]}"#, "[]"] {
        assert!(check(wrong).is_err(), "{wrong}");
    }
}
