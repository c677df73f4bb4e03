//! What a request says last, and the tools it offers, in whatever format it is. Pure.
//!
//! The formats differ in names only, so this looks for names and not for formats: texts stand
//! under `text`, in lists under `content`, `parts` or `output`.

use serde_json::Value;

/// The parts of a conversation that an answer can depend on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Conversation {
    /// All texts of the last message or of the last turn's results.
    pub(crate) last: String,
    /// The last turn gives the result of a tool.
    pub(crate) is_result: bool,
    /// How many turns the model has had.
    pub(crate) turns: usize,
    /// The name of the first tool that may be called.
    pub(crate) tool: Option<String>,
}

impl Conversation {
    /// Reads a body; one that is no JSON says nothing.
    pub(crate) fn of(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let lists = ["messages", "input", "contents"];
        let said = lists.iter().find_map(|name| body.get(name));
        let said = match said {
            Some(Value::Array(turns)) => turns.as_slice(),
            Some(text) => std::slice::from_ref(text),
            None => &[],
        };
        let last = said.last().unwrap_or(&Value::Null);
        let mut texts = Vec::new();
        gather(last, &mut texts);
        Self {
            last: texts.join("\n"),
            is_result: is_result(last),
            turns: turns_of_the_model(said),
            tool: first_tool(&body),
        }
    }

    /// The JSON object that the last text holds, `{}` without one.
    pub(crate) fn arguments(&self) -> &str {
        let object = self.last.find('{').zip(self.last.rfind('}'));
        let object = object.and_then(|(from, to)| self.last.get(from..=to));
        object
            .filter(|text| serde_json::from_str::<Value>(text).is_ok())
            .unwrap_or("{}")
    }
}

fn gather(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| gather(value, texts)),
        Value::Object(fields) => {
            for name in [
                "text",
                "content",
                "parts",
                "output",
                "toolResult",
                "functionResponse",
                "response",
                "document",
                "data",
                "json",
                "result",
            ] {
                if let Some(value) = fields.get(name) {
                    gather(value, texts);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// In Responses a turn is several items in a row.
fn turns_of_the_model(said: &[Value]) -> usize {
    let own = |turn: &Value| {
        let word = |name: &str| turn.get(name).and_then(Value::as_str);
        matches!(word("role"), Some("assistant" | "model"))
            || matches!(word("type"), Some("function_call" | "reasoning"))
    };
    let (mut turns, mut before) = (0, false);
    for now in said.iter().map(own) {
        turns += usize::from(now && !before);
        before = now;
    }
    turns
}

fn is_result(turn: &Value) -> bool {
    let word = |name: &str| turn.get(name).and_then(Value::as_str);
    if word("role") == Some("tool")
        || matches!(word("type"), Some("function_call_output" | "tool_result"))
    {
        return true;
    }
    let inner = ["content", "parts"].iter().find_map(|name| turn.get(name));
    inner.and_then(Value::as_array).is_some_and(|parts| {
        parts.iter().any(|part| {
            ["toolResult", "functionResponse"]
                .iter()
                .any(|name| part.get(name).is_some())
                || part.get("type").and_then(Value::as_str) == Some("tool_result")
        })
    })
}

fn first_tool(body: &Value) -> Option<String> {
    const NAMES: [&str; 5] = [
        "/tools/0/function/name",
        "/tools/0/name",
        "/tools/0/functionDeclarations/0/name",
        "/tools/0/function_declarations/0/name",
        "/toolConfig/tools/0/toolSpec/name",
    ];
    let name = NAMES.iter().find_map(|name| body.pointer(name))?;
    name.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(body: &str) -> (String, bool) {
        let conversation = Conversation::of(body.as_bytes());
        (conversation.last, conversation.is_result)
    }

    #[test]
    fn the_last_text_is_found_in_every_format() {
        for body in [
            r#"{"messages":[{"role":"system","content":"no"},{"role":"user","content":"hi"}]}"#,
            r#"{"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}"#,
            r#"{"input":"hi"}"#,
            r#"{"input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]}]}"#,
            r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}"#,
            r#"{"messages":[{"role":"user","content":[{"text":"hi"}]}]}"#,
        ] {
            assert_eq!(last(body), ("hi".to_owned(), false), "{body}");
        }
    }

    #[test]
    fn the_result_of_a_tool_is_found_in_every_format() {
        for body in [
            r#"{"messages":[{"role":"tool","tool_call_id":"c","content":"7"}]}"#,
            r#"{"input":[{"type":"function_call_output","call_id":"c","output":"7"}]}"#,
            r#"{"messages":[{"role":"user","content":[{"type":"tool_result","content":"7"}]}]}"#,
            r#"{"contents":[{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"7"}}}]}]}"#,
            r#"{"messages":[{"role":"tool","content":[{"type":"document","document":{"data":"7"}}]}]}"#,
            r#"{"messages":[{"role":"user","content":[{"toolResult":{"content":[{"text":"7"}]}}]}]}"#,
        ] {
            assert_eq!(last(body), ("7".to_owned(), true), "{body}");
        }
    }

    #[test]
    fn turns_of_the_model_are_counted_as_wholes() {
        for (body, turns) in [
            (
                r#"{"messages":[{"role":"user"},{"role":"assistant"},{"role":"tool"},{"role":"assistant"}]}"#,
                2,
            ),
            (r#"{"contents":[{"role":"user"},{"role":"model"}]}"#, 1),
            (
                r#"{"input":[{"role":"user"},{"type":"reasoning"},{"role":"assistant"},{"type":"function_call"},{"type":"function_call_output"}]}"#,
                1,
            ),
            (r#"{"input":"x"}"#, 0),
        ] {
            assert_eq!(Conversation::of(body.as_bytes()).turns, turns, "{body}");
        }
    }

    #[test]
    fn the_first_tool_is_found_in_every_format() {
        for body in [
            r#"{"tools":[{"type":"function","function":{"name":"f"}}]}"#,
            r#"{"tools":[{"type":"function","name":"f"}]}"#,
            r#"{"tools":[{"functionDeclarations":[{"name":"f"}]}]}"#,
            r#"{"toolConfig":{"tools":[{"toolSpec":{"name":"f"}}]}}"#,
        ] {
            let tool = Conversation::of(body.as_bytes()).tool;
            assert_eq!(tool.as_deref(), Some("f"), "{body}");
        }
    }

    #[test]
    fn arguments_are_the_object_in_the_text() {
        let of = |text: &str| Conversation {
            last: text.to_owned(),
            ..Conversation::default()
        };
        assert_eq!(
            of(r#"call it with {"a":{"b":1}} now"#).arguments(),
            r#"{"a":{"b":1}}"#
        );
        assert_eq!(of("nothing { here").arguments(), "{}");
    }
}
