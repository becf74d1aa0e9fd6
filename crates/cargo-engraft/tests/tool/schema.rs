//! What is written under `--json`, compared field by field with the schemas in `docs/`.

use serde_json::Value;
use std::fs;

/// Reads what a command has printed, which must be what the schema of this name says, with no field more or less.
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

/// The part of JSON Schema that ours are written in; what else stands in one is an error, so that nothing goes unchecked.
fn compare(value: &Value, schema: &Value, root: &Value, at: &str) -> Result<(), String> {
    let wrong = |what: String| Err(format!("at {}: {what}", if at.is_empty() { "/" } else { at }));
    for (keyword, said) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" | "items" | "required" => {}
            "$ref" => compare(value, root.pointer(said.as_str().unwrap().strip_prefix('#').unwrap()).unwrap(), root, at)?,
            "anyOf" | "oneOf" => {
                let results: Vec<_> = said.as_array().unwrap().iter().map(|one| compare(value, one, root, at)).collect();
                let fitting = results.iter().filter(|result| result.is_ok()).count();
                if fitting == 0 || (keyword == "oneOf" && fitting > 1) {
                    return wrong(format!("{fitting} of {keyword} fit: {results:?}"));
                }
            }
            "type" => {
                let is = |name: &Value| name == kind(value) || (name == "number" && value.is_number());
                if !said.as_array().map_or_else(|| is(said), |names| names.iter().any(is)) {
                    return wrong(format!("expected {said}, found {value}"));
                }
            }
            "const" if value != said => return wrong(format!("expected {said}, found {value}")),
            "enum" if !said.as_array().unwrap().contains(value) => return wrong(format!("{value} is none of {said}")),
            "minimum" if value.is_number() && value.as_f64() < said.as_f64() => return wrong(format!("{value} is less than {said}")),
            "const" | "enum" | "minimum" => {}
            "properties" => {
                // What it is instead is told by `type`.
                let (Some(fields), known) = (value.as_object(), said.as_object().unwrap()) else { continue };
                for (name, value) in fields {
                    let Some(schema) = known.get(name) else { return wrong(format!("`{name}` is not said")) };
                    compare(value, schema, root, &format!("{at}/{name}"))?;
                }
                let required = schema["required"].as_array().unwrap();
                if let Some(missing) = known.keys().find(|name| !fields.contains_key(*name)) {
                    return wrong(format!("`{missing}` is missing"));
                }
                assert_eq!(required.len(), known.len(), "every field is always written: {schema}");
            }
            other => panic!("the schema has `{other}`, of which this test knows nothing"),
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
fn a_field_too_much_too_few_or_of_another_type_is_told() {
    let schema: Value = serde_json::from_str(
        r##"{ "type": "object", "required": ["a", "b"], "properties": { "a": { "type": "integer" }, "b": { "$ref": "#/$defs/B" } },
              "$defs": { "B": { "anyOf": [{ "type": "null" }, { "type": "array", "items": { "enum": ["x"] } }] } } }"##,
    )
    .unwrap();
    let told = |text: &str| compare(&serde_json::from_str(text).unwrap(), &schema, &schema, "").map_err(|wrong| wrong.to_string());
    assert_eq!(told(r#"{"a":1,"b":null}"#), Ok(()));
    assert_eq!(told(r#"{"a":1,"b":["x","x"]}"#), Ok(()));
    for wrong in [r#"{"a":1}"#, r#"{"a":1,"b":null,"c":1}"#, r#"{"a":"1","b":null}"#, r#"{"a":1,"b":["y"]}"#, "[]"] {
        assert!(told(wrong).is_err(), "{wrong}");
    }
}
