//! Gemini's own schema dialect as JSON schema.
//!
//! `parameters` and `responseSchema` follow the `Schema` object of OpenAPI 3.0, with types in
//! capitals, `nullable`, counts as strings, and `propertyOrdering`, which no JSON schema knows
//! (google-genai 3.4.0, 16 Nov 2026). Only other formats need it as JSON schema.

use serde_json::value::RawValue;

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::raw::{
    Kind, Raw, each_item, each_member, is_null, kind, member, parse, text,
};
use crate::canonical::request::{OutputShape, Request, ToolKind};

use super::read_request::DIALECT;
use super::read_settings::SCHEMA_DIALECT;
use super::words::{OWN, camel, extra};

type Result<T> = std::result::Result<T, FormatError>;

/// Most levels of a schema; Google takes far fewer.
const MOST_DEEP: usize = 128;

/// The schemas of a request that are in the dialect, as JSON schemas: those of the tools in order,
/// then that of the answer. Empty for requests of other formats.
///
/// # Errors
/// A schema that is no object.
pub(super) fn json_schemas(request: &Request<'_>) -> Result<Vec<Box<RawValue>>> {
    dialect_schemas(request)
        .into_iter()
        .map(json_schema)
        .collect()
}

/// Puts the outcome of [`json_schemas`] in the place of the schemas it was made from.
pub(super) fn replace<'a>(request: &mut Request<'a>, schemas: &'a [Box<RawValue>]) {
    let mut next = schemas.iter();
    for tool in &mut request.tools {
        let Some(dialect) = extra(&tool.extras, DIALECT) else {
            continue;
        };
        if let ToolKind::Function { schema, .. } = &mut tool.kind
            && is(*schema, dialect)
        {
            *schema = next.next().map(AsRef::as_ref).or(*schema);
        }
    }
    if let Some(OutputShape::Schema { schema, .. }) = &mut request.output {
        *schema = next.next().map_or(*schema, AsRef::as_ref);
    }
}

fn dialect_schemas<'a>(request: &Request<'a>) -> Vec<Raw<'a>> {
    if request.from != OWN {
        return Vec::new();
    }
    let mut found = Vec::new();
    for tool in &request.tools {
        let dialect = extra(&tool.extras, DIALECT);
        if let (ToolKind::Function { schema, .. }, Some(dialect)) = (&tool.kind, dialect) {
            found.extend(Some(dialect).filter(|dialect| is(*schema, dialect)));
        }
    }
    let dialect = extra(&request.extras, SCHEMA_DIALECT);
    if let (Some(OutputShape::Schema { schema, .. }), Some(dialect)) = (&request.output, dialect) {
        found.extend(Some(dialect).filter(|dialect| is(Some(schema), dialect)));
    }
    found
}

fn is(schema: Option<Raw<'_>>, dialect: Raw<'_>) -> bool {
    schema.is_some_and(|schema| std::ptr::eq(schema, dialect))
}

/// One schema of the dialect as a JSON schema.
///
/// # Errors
/// A value of another type than the dialect says.
pub(super) fn json_schema(dialect: Raw<'_>) -> Result<Box<RawValue>> {
    let mut out = Out::default();
    write(&mut out, dialect, 0)?;
    let json = String::from_utf8(out.into_bytes()).map_err(|_| FormatError::not_json())?;
    RawValue::from_string(json).map_err(|_| FormatError::not_json())
}

fn write(out: &mut Out, schema: Raw<'_>, depth: usize) -> Result<()> {
    if depth > MOST_DEEP {
        return Err(FormatError::too_much_held());
    }
    let nullable = member(schema, "nullable").is_some_and(|value| value.get() == "true");
    out.open();
    each_member(schema, |key, value| {
        if is_null(value) {
            return Ok(());
        }
        match camel(key).as_ref() {
            "nullable" | "propertyOrdering" => {}
            "type" => write_type(out, value, nullable)?,
            "properties" | "defs" | "$defs" => {
                out.key(if key == "properties" { key } else { "$defs" })
                    .open();
                each_member(value, |name, inner| {
                    out.key(name);
                    write(out, inner, depth + 1)
                })?;
                out.close();
            }
            "items" | "additionalProperties" if kind(value) == Kind::Object => {
                out.key(&camel(key));
                write(out, value, depth + 1)?;
            }
            name @ ("anyOf" | "prefixItems") => {
                out.key(name).open_list();
                each_item(value, |inner| write(out, inner, depth + 1))?;
                if nullable && name == "anyOf" && member(schema, "type").is_none() {
                    out.open().key("type").plain("null").close();
                }
                out.close_list();
            }
            "enum" if nullable => {
                out.key("enum").open_list();
                each_item(value, |word| {
                    out.raw(word);
                    Ok(())
                })?;
                out.null().close_list();
            }
            "example" => _ = out.key("examples").open_list().raw(value).close_list(),
            "ref" => _ = out.key("$ref").raw(value),
            name => write_plain(out, name, value),
        }
        Ok(())
    })?;
    out.close();
    Ok(())
}

fn write_type(out: &mut Out, value: Raw<'_>, nullable: bool) -> Result<()> {
    let word = text(value)?.decoded().to_ascii_lowercase();
    match (word.as_str(), nullable) {
        ("type_unspecified", _) => {}
        (word, true) => {
            out.key("type").open_list();
            out.plain(word).plain("null").close_list();
        }
        (word, false) => _ = out.key("type").plain(word),
    }
    Ok(())
}

/// Counts are strings in the dialect, as 64-bit numbers are in protobuf's JSON.
fn write_plain(out: &mut Out, name: &str, value: Raw<'_>) {
    let counts = [
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "minLength",
        "maxLength",
    ];
    let inside = value.get().trim_matches('"');
    let number = counts.contains(&name).then(|| parse(inside)).flatten();
    let number = number.filter(|raw| kind(raw) == Kind::Number);
    out.key(name).raw(number.unwrap_or(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(dialect: &str) -> String {
        json_schema(parse(dialect).unwrap())
            .unwrap()
            .get()
            .to_owned()
    }

    #[test]
    fn types_become_small_and_the_rest_stays() {
        let json = converted(
            r#"{"type":"OBJECT","properties":{"type":{"type":"STRING","enum":["A","b"]},
                "n":{"type":"INTEGER","minimum":1.50}},"required":["n"],
                "propertyOrdering":["n","type"]}"#,
        );
        let wanted = r#"{"type":"object","properties":{"type":{"type":"string","enum":["A","b"]},"n":{"type":"integer","minimum":1.50}},"required":["n"]}"#;
        assert_eq!(json, wanted);
    }

    #[test]
    fn nullable_is_said_as_a_type() {
        assert_eq!(
            converted(r#"{"type":"STRING","nullable":true,"enum":["a"]}"#),
            r#"{"type":["string","null"],"enum":["a",null]}"#
        );
        assert_eq!(
            converted(r#"{"any_of":[{"type":"NUMBER"}],"nullable":true}"#),
            r#"{"anyOf":[{"type":"number"},{"type":"null"}]}"#
        );
    }

    #[test]
    fn counts_become_numbers_and_lists_go_deep() {
        assert_eq!(
            converted(
                r#"{"type":"ARRAY","minItems":"1","items":{"type":"BOOLEAN","example":true}}"#
            ),
            r#"{"type":"array","minItems":1,"items":{"type":"boolean","examples":[true]}}"#
        );
    }

    #[test]
    fn a_schema_that_is_no_object_is_refused() {
        for schema in [
            "[]",
            r#"{"type":1}"#,
            r#"{"properties":[]}"#,
            r#"{"items":1,"anyOf":1}"#,
        ] {
            assert!(json_schema(parse(schema).unwrap()).is_err(), "{schema}");
        }
    }
}
