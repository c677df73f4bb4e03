//! Writes tools, the choice among them, and the shape of the answer.

use super::node;
use super::{OWN, Outcome};
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::parts::Extras;
use crate::canonical::raw::{self, Raw};
use crate::canonical::request::{OutputShape, Request, Tool, ToolChoice, ToolKind};
use crate::canonical::text::Text;

/// Name of a schema whose format has no names; OpenAI needs one.
const UNNAMED: &str = "answer";

pub(super) fn write(out: &mut Out, request: &Request<'_>, notes: &mut Notes) -> Outcome {
    let own = request.from == OWN;
    let legacy = |tool: &&Tool<'_>| own && node::find(&tool.extras, "functions").is_some();
    let (functions, tools): (Vec<_>, Vec<_>) = request.tools.iter().partition(legacy);
    if !functions.is_empty() {
        out.key("functions").open_list();
        functions.iter().for_each(|tool| definition(out, tool, own));
        out.close_list();
    }
    if !tools.is_empty() {
        out.key("tools").open_list();
        for tool in &tools {
            write_tool(out, tool, own, notes)?;
        }
        out.close_list();
    }
    choice(out, request, own);
    let calls_possible = own || !tools.is_empty();
    if let Some(parallel) = request.parallel_calls.filter(|_| calls_possible) {
        out.key("parallel_tool_calls").boolean(parallel);
    }
    Ok(())
}

fn write_tool(out: &mut Out, tool: &Tool<'_>, own: bool, notes: &mut Notes) -> Outcome {
    let kind = match &tool.kind {
        ToolKind::Own(raw) if own => {
            out.raw(raw);
            return Ok(());
        }
        ToolKind::Own(raw) => return Err(notes.refuse("tools", Some(raw))),
        ToolKind::Function { .. } => "function",
        ToolKind::Custom { .. } => "custom",
    };
    if tool.cache.is_some() && !own {
        notes.note("cache_control", tool.origin)?;
    }
    out.open().key("type").plain(kind).key(kind);
    definition(out, tool, own);
    if own {
        node::write_outer(out, &tool.extras, &["function.", "custom."]);
    }
    out.close();
    Ok(())
}

fn definition(out: &mut Out, tool: &Tool<'_>, own: bool) {
    out.open();
    let inner = match &tool.kind {
        ToolKind::Function {
            name,
            description,
            schema,
            strict,
        } => {
            out.key("name").text(name);
            out.maybe_text("description", description.as_ref());
            out.maybe_raw("parameters", *schema);
            out.maybe_boolean("strict", *strict);
            "function."
        }
        ToolKind::Custom {
            name,
            description,
            format,
        } => {
            out.key("name").text(name);
            out.maybe_text("description", description.as_ref());
            if let Some(format) = format {
                out.key("format");
                grammar(out, format);
            }
            "custom."
        }
        ToolKind::Own(_) => "",
    };
    if own && !inner.is_empty() {
        node::write_inner(out, &tool.extras, inner);
    }
    out.close();
}

/// The grammar of a custom tool: here it stands in an object of its own, in the Responses API
/// beside its type.
fn grammar(out: &mut Out, format: Raw<'_>) {
    if raw::member(format, "syntax").is_none() {
        out.raw(format);
        return;
    }
    let (mut kind, mut rest) = (None, Vec::new());
    let walked = raw::each_member(format, |key, value| {
        match key {
            "type" => kind = Some(value),
            _ => rest.push((key.to_owned(), value)),
        }
        Ok(())
    });
    debug_assert!(walked.is_ok(), "an object with a member can be walked");
    out.open().maybe_raw("type", kind).key("grammar").open();
    for (key, value) in rest {
        out.key(&key).raw(value);
    }
    out.close().close();
}

fn choice(out: &mut Out, request: &Request<'_>, own: bool) {
    let legacy = own && node::find(&request.extras, "function_call").is_some();
    let Some(choice) = &request.tool_choice else {
        return;
    };
    if legacy {
        return legacy_choice(out, choice);
    }
    let extras = own.then_some(&request.extras);
    out.key("tool_choice");
    match choice {
        ToolChoice::Auto => out.plain("auto"),
        ToolChoice::None => out.plain("none"),
        ToolChoice::Required => out.plain("required"),
        ToolChoice::Named(name) => {
            out.open();
            named(out, request, name, extras);
            inner(out, extras, "tool_choice.", &["tool_choice.function."]);
            out.close()
        }
        ToolChoice::Allowed { names, required } => {
            out.open().key("type").plain("allowed_tools");
            allowed(out, request, names, *required);
            inner(out, extras, "tool_choice.", &["tool_choice.allowed_tools."]);
            out.close()
        }
    };
}

fn inner(out: &mut Out, extras: Option<&Extras<'_>>, start: &str, not: &[&str]) {
    for extra in extras.into_iter().flatten() {
        let deeper = not.iter().any(|not| extra.field.starts_with(not));
        if let Some(key) = extra.field.strip_prefix(start).filter(|_| !deeper) {
            out.key(key).raw(extra.raw);
        }
    }
}

/// `type` and the object that names a tool.
fn named(out: &mut Out, request: &Request<'_>, name: &Text<'_>, extras: Option<&Extras<'_>>) {
    let custom = request
        .tools
        .iter()
        .any(|tool| matches!(&tool.kind, ToolKind::Custom { name: known, .. } if known == name));
    let kind = if custom { "custom" } else { "function" };
    out.key("type").plain(kind).key(kind).open();
    out.key("name").text(name);
    inner(out, extras, "tool_choice.function.", &[]);
    out.close();
}

fn allowed(out: &mut Out, request: &Request<'_>, names: &[Text<'_>], required: bool) {
    out.key("allowed_tools").open();
    out.key("mode")
        .plain(if required { "required" } else { "auto" });
    out.key("tools").open_list();
    for name in names {
        out.open();
        named(out, request, name, None);
        out.close();
    }
    out.close_list();
    let extras = (request.from == OWN).then_some(&request.extras);
    inner(out, extras, "tool_choice.allowed_tools.", &[]);
    out.close();
}

fn legacy_choice(out: &mut Out, choice: &ToolChoice<'_>) {
    out.key("function_call");
    match choice {
        ToolChoice::None => out.plain("none"),
        ToolChoice::Named(name) => out.open().key("name").text(name).close(),
        _ => out.plain("auto"),
    };
}

pub(super) fn output(
    out: &mut Out,
    shape: &OutputShape<'_>,
    extras: &Extras<'_>,
    own: bool,
    notes: &mut Notes,
) -> Outcome {
    out.key("response_format").open();
    let extras = own.then_some(extras);
    match shape {
        OutputShape::Json => {
            out.key("type").plain("json_object");
        }
        OutputShape::Schema {
            schema,
            name,
            description,
            strict,
        } => {
            let name = name.as_ref().map(Text::borrowed);
            let name = name.or_else(|| (!own).then(|| Text::plain(UNNAMED)));
            out.key("type")
                .plain("json_schema")
                .key("json_schema")
                .open();
            out.maybe_text("name", name.as_ref());
            out.maybe_text("description", description.as_ref());
            out.key("schema").raw(schema);
            out.maybe_boolean("strict", *strict);
            inner(out, extras, "response_format.json_schema.", &[]);
            out.close();
        }
        OutputShape::SpeltSchema {
            schema,
            name,
            description,
        } => spelt_schema(out, schema, name.as_ref(), description.as_ref(), notes)?,
    }
    inner(
        out,
        extras,
        "response_format.",
        &["response_format.json_schema."],
    );
    out.close();
    Ok(())
}

fn spelt_schema(
    out: &mut Out,
    schema: &Text<'_>,
    name: Option<&Text<'_>>,
    description: Option<&Text<'_>>,
    notes: &Notes,
) -> Outcome {
    let decoded = schema.decoded();
    let parsed = raw::parse(&decoded).ok_or_else(|| notes.refuse("schema", None))?;
    let unnamed = Text::plain(UNNAMED);
    out.key("type")
        .plain("json_schema")
        .key("json_schema")
        .open();
    out.key("name").text(name.unwrap_or(&unnamed));
    out.maybe_text("description", description);
    out.key("schema").raw(parsed).close();
    Ok(())
}
