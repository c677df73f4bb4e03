//! Tools and the choice between them, written.

use super::read_tools::is_custom;
use super::write_items::write_extras;
use crate::canonical::error::FormatError;
use crate::canonical::notes::Notes;
use crate::canonical::out::Out;
use crate::canonical::raw::{self, Raw};
use crate::canonical::request::{Request, Tool, ToolChoice, ToolKind};
use crate::canonical::text::Text;
use crate::format::ApiFormat;

/// # Errors
/// A tool that another provider runs itself.
pub(super) fn write_tools(
    out: &mut Out,
    request: &Request<'_>,
    notes: &mut Notes,
) -> Result<(), FormatError> {
    if request.tools.is_empty() {
        return Ok(());
    }
    out.key("tools").open_list();
    for tool in &request.tools {
        write_tool(out, tool, request.from, notes)?;
    }
    out.close_list();
    Ok(())
}

fn write_tool(
    out: &mut Out,
    tool: &Tool<'_>,
    from: ApiFormat,
    notes: &mut Notes,
) -> Result<(), FormatError> {
    let own = from == ApiFormat::OpenAiResponses;
    if tool.cache.is_some() {
        notes.note("cache_control", tool.origin)?;
    }
    match &tool.kind {
        ToolKind::Own(raw) if own => {
            out.raw(raw);
            return Ok(());
        }
        ToolKind::Own(_) => return Err(notes.refuse("tools", tool.origin)),
        ToolKind::Function {
            name,
            description,
            schema,
            strict,
        } => {
            out.open().key("type").plain("function");
            out.key("name").text(name);
            out.maybe_text("description", description.as_ref());
            match schema {
                Some(schema) => out.key("parameters").raw(schema),
                None if own => &mut *out,
                None => out
                    .key("parameters")
                    .json(r#"{"type":"object","properties":{}}"#),
            };
            let strict = if own { *strict } else { strict.or(Some(false)) };
            out.maybe_boolean("strict", strict);
        }
        ToolKind::Custom {
            name,
            description,
            format,
        } => {
            out.open().key("type").plain("custom");
            out.key("name").text(name);
            out.maybe_text("description", description.as_ref());
            if let Some(format) = format {
                write_format(out, format);
            }
        }
    }
    if own {
        write_extras(out, &tool.extras, "");
    }
    out.close();
    Ok(())
}

/// Chat Completions have the grammar one level deeper.
fn write_format(out: &mut Out, format: Raw<'_>) {
    out.key("format");
    let Some(grammar) = raw::member(format, "grammar") else {
        out.raw(format);
        return;
    };
    out.open().key("type").plain("grammar");
    out.maybe_raw("syntax", raw::member(grammar, "syntax"));
    out.maybe_raw("definition", raw::member(grammar, "definition"));
    out.close();
}

/// Writes the choice, if there is one.
pub(super) fn write_tool_choice(out: &mut Out, request: &Request<'_>) {
    let Some(choice) = &request.tool_choice else {
        return;
    };
    out.key("tool_choice");
    match choice {
        ToolChoice::Auto => {
            out.plain("auto");
        }
        ToolChoice::None => {
            out.plain("none");
        }
        ToolChoice::Required => {
            out.plain("required");
        }
        ToolChoice::Named(name) => write_named(out, name, request),
        ToolChoice::Allowed { names, required } => {
            let mode = if *required { "required" } else { "auto" };
            out.open().key("type").plain("allowed_tools");
            out.key("mode").plain(mode).key("tools").open_list();
            for name in names {
                write_named(out, name, request);
            }
            out.close_list().close();
        }
    }
}

fn write_named(out: &mut Out, name: &Text<'_>, request: &Request<'_>) {
    let kind = if is_custom(name, &request.tools) {
        "custom"
    } else {
        "function"
    };
    out.open().key("type").plain(kind);
    out.key("name").text(name).close();
}
