//! Writes a conversation as the JSON body that a client sends, or the text of a reply.
//!
//! A template of a chat has a line `@format NAME`, then messages, each after a line `@ROLE`.
//! `@call NAME` is a tool call whose arguments are the JSON that follows.

use super::fill::Filler;
use super::piece::Piece;

/// One message before it is filled: its role, the name of the tool that is called, the text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Message<'a> {
    role: &'a str,
    tool: &'a str,
    text: String,
}

/// Fills a chat template and writes it in its format.
pub(super) fn body(template: &str, filler: &mut Filler) -> Piece {
    let (format, messages) = read(template);
    let filled: Vec<(Message<'_>, Piece)> = messages
        .into_iter()
        .map(|message| {
            let piece = filler.fill(&message.text);
            (message, piece)
        })
        .collect();
    match format {
        "anthropic" => anthropic(filled),
        "parts" => openai(filled, true),
        "responses" => responses(filled),
        _ => openai(filled, false),
    }
}

fn read(template: &str) -> (&str, Vec<Message<'_>>) {
    let (mut format, mut messages) = ("openai", Vec::<Message<'_>>::new());
    for line in template.lines() {
        match line
            .strip_prefix('@')
            .map(|rest| rest.split_once(' ').unwrap_or((rest, "")))
        {
            Some(("format", name)) => format = name,
            Some((role, tool)) => messages.push(Message {
                role,
                tool,
                text: String::new(),
            }),
            None => {
                if let Some(message) = messages.last_mut() {
                    if !message.text.is_empty() {
                        message.text.push('\n');
                    }
                    message.text.push_str(line);
                }
            }
        }
    }
    (format, messages)
}

/// `{"before": "escaped text"after`
fn string(out: &mut Piece, before: &str, text: Piece, after: &str) {
    out.push_str(before);
    out.push_str("\"");
    out.push(text.escaped());
    out.push_str("\"");
    out.push_str(after);
}

fn openai(messages: Vec<(Message<'_>, Piece)>, in_parts: bool) -> Piece {
    let mut out = Piece::plain(
        r#"{"model":"gpt-5.1","stream":true,"temperature":0.2,"max_tokens":4096,"messages":["#,
    );
    for (at, (message, text)) in messages.into_iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        match message.role {
            "call" => {
                let head = format!(
                    r#"{{"role":"assistant","content":null,"tool_calls":[{{"id":"call_{at}fK2","type":"function","function":{{"name":"{}","arguments":"#,
                    message.tool
                );
                string(&mut out, &head, text, "}}]}");
            }
            "tool" => string(
                &mut out,
                &format!(
                    r#"{{"role":"tool","tool_call_id":"call_{}fK2","content":"#,
                    at - 1
                ),
                text,
                "}",
            ),
            role if in_parts => {
                string(
                    &mut out,
                    &format!(r#"{{"role":"{role}","content":[{{"type":"text","text":"#),
                    text,
                    "}]}",
                );
            }
            role => string(
                &mut out,
                &format!(r#"{{"role":"{role}","content":"#),
                text,
                "}",
            ),
        }
    }
    out.push_str("]}");
    out
}

fn anthropic(messages: Vec<(Message<'_>, Piece)>) -> Piece {
    let mut out = Piece::plain(r#"{"model":"claude-sonnet-4-5","max_tokens":8192,"stream":true"#);
    let (system, rest): (Vec<_>, Vec<_>) = messages
        .into_iter()
        .partition(|(message, _)| message.role == "system");
    for (_, text) in system {
        string(&mut out, ",\"system\":", text, "");
    }
    out.push_str(",\"messages\":[");
    for (at, (message, text)) in rest.into_iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        match message.role {
            // The arguments are JSON themselves here, and stay as they are.
            "call" => {
                out.push_str(&format!(r#"{{"role":"assistant","content":[{{"type":"tool_use","id":"toolu_{at}A","name":"{}","input":"#, message.tool));
                out.push(text);
                out.push_str("}]}");
            }
            "tool" => {
                let head = format!(
                    r#"{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"toolu_{}A","content":"#,
                    at - 1
                );
                string(&mut out, &head, text, "}]}");
            }
            role => string(
                &mut out,
                &format!(r#"{{"role":"{role}","content":"#),
                text,
                "}",
            ),
        }
    }
    out.push_str("]}");
    out
}

fn responses(messages: Vec<(Message<'_>, Piece)>) -> Piece {
    let mut out = Piece::plain(r#"{"model":"gpt-5.1-codex","store":false,"input":["#);
    for (at, (message, text)) in messages.into_iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        let head = match message.role {
            "call" => format!(
                r#"{{"type":"function_call","call_id":"c{at}","name":"{}","arguments":"#,
                message.tool
            ),
            "tool" => format!(
                r#"{{"type":"function_call_output","call_id":"c{}","output":"#,
                at - 1
            ),
            role => format!(r#"{{"type":"message","role":"{role}","content":"#),
        };
        string(&mut out, &head, text, "}");
    }
    out.push_str("]}");
    out
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::Half;
    use super::*;

    #[test]
    fn every_format_is_json_and_labels_hold() {
        for format in ["openai", "parts", "anthropic", "responses"] {
            let template = format!(
                "@format {format}\n@system\nbe \"kind\"\n@user\n<<key>>\n<<mail>>\n@call run\n{{\"c\": \"<<key-escaped>>\"}}\n@tool\n<<line:env>>"
            );
            let body = body(&template, &mut Filler::new(Half::Tune, 4));
            let value: Value = serde_json::from_str(&body.text).unwrap();
            assert!(value.is_object());
            assert_eq!(body.labels.len(), 4, "{format}");
            let key = &body.labels[0];
            assert!(key.of(&body.text).starts_with("-----BEGIN"), "{format}");
        }
    }
}
