//! Chat requests of about 2 KiB, of many kinds.

use bytes::Bytes;
use serde_json::{Value, json};

pub(crate) const PROSE: &str =
    "The quick brown fox jumps over the lazy dog and thinks about gateways. ";
const CODE: &str =
    "fn main() {\n\tlet name = \"x\";\n\tprintln!(\"{name}: {}\", a[0] + self.b);\n}\n";
const RUSSIAN: &str = "Съешь же ещё этих мягких французских булок, да выпей чаю. ";

/// Source code that nobody wrote for this: parts of this crate, as they were once.
const SOURCES: &str = include_str!("sources.txt");

/// The kinds by their names. What they have in common with requests of today: `chat`, `one text`
/// and `code` say one thing again and again; `sources` are many requests, each with another piece
/// of code, so that the processor knows none of them by heart.
pub(crate) fn kinds() -> Vec<(&'static str, Vec<Bytes>)> {
    let one = |name, body: Bytes| (name, vec![body]);
    vec![
        one("chat", chat(&PROSE.repeat(4), 6)),
        one("one text", chat(&PROSE.repeat(26), 1)),
        one("code", chat(&CODE.repeat(4), 6)),
        ("sources", sources()),
        one("30 messages", conversation()),
        one("60 strings", records()),
        one("tools", tools()),
        one("calls", calls()),
        one("nested", nested()),
        one("all escaped", all_escaped()),
    ]
}

pub(crate) fn chat(text: &str, messages: usize) -> Bytes {
    let message = json!({ "role": "user", "content": text });
    of_messages(&vec![message; messages])
}

fn of_messages(messages: &[Value]) -> Bytes {
    written(&json!({
        "model": "gpt-x", "temperature": 0.7, "stream": true, "messages": messages,
    }))
}

fn written(body: &Value) -> Bytes {
    Bytes::from(body.to_string())
}

fn sources() -> Vec<Bytes> {
    let lines: Vec<&str> = SOURCES.split_inclusive('\n').collect();
    let pieces = lines.chunks(50).map(|piece| chat(&piece.concat(), 1));
    pieces.collect()
}

/// Short turns.
fn conversation() -> Bytes {
    let turns = PROSE.split_inclusive(' ').cycle();
    let messages: Vec<Value> = (0..30)
        .map(|number| {
            let role = if number % 2 == 0 { "user" } else { "assistant" };
            let words = turns.clone().skip(number * 5).take(4);
            json!({ "role": role, "content": words.collect::<String>().trim_end() })
        })
        .collect();
    of_messages(&messages)
}

/// Documents with many short fields under keys of their own.
fn records() -> Bytes {
    let records: Vec<Value> = (0..12)
        .map(|number| {
            json!({
                "title": format!("Note {number} about the harbour"), "author": "Ann Miller",
                "city": "Hamburg", "state": "draft", "remark": "see the second page",
            })
        })
        .collect();
    written(&json!({
        "model": "gpt-x", "messages": [{ "role": "user", "content": "Sum these up, please." }],
        "documents": records,
    }))
}

fn tools() -> Bytes {
    let tool = |name: &str, about: &str| {
        json!({ "type": "function", "function": {
            "name": name, "description": about,
            "parameters": {
                "type": "object",
                "properties": {
                    "path": { "type": "string", "description": "Where it is, from the top of the project." },
                    "limit": { "type": "integer", "minimum": 1, "description": "How many lines at most." },
                    "mode": { "type": "string", "enum": ["plain", "regex", "words"] },
                },
                "required": ["path"], "additionalProperties": false,
            },
            "strict": true,
        }})
    };
    written(&json!({
        "model": "gpt-x", "stream": true, "tool_choice": "auto", "parallel_tool_calls": true,
        "messages": [
            { "role": "system", "content": "You help with programs and answer in short." },
            { "role": "user", "content": "Where is the parser?" },
        ],
        "tools": [
            tool("read_file", "Reads a file and says what is in it, with the number of each line."),
            tool("search", "Searches all files for a pattern and says where it stands."),
            tool("list_files", "Says which files there are, with their sizes and when they changed."),
            tool("run_tests", "Runs the tests of one part of the project and says which ones failed."),
        ],
    }))
}

/// Calls of tools, whose arguments are JSON in a string, and what the tools answered.
fn calls() -> Bytes {
    let mut messages = vec![json!({ "role": "user", "content": "Where is the parser?" })];
    for number in 0..4 {
        let id = format!("call_B7nX2kQvT9mLr4Ws8Yd3Hc6{number}");
        let arguments =
            json!({ "path": format!("src/part_{number}.rs"), "limit": 40, "mode": "plain" });
        messages.push(json!({
            "role": "assistant", "content": null,
            "tool_calls": [{ "id": id, "type": "function", "function": {
                "name": "read_file", "arguments": arguments.to_string(),
            }}],
        }));
        let answer = json!({ "lines": ["fn parse(text: &str) -> Tree {", "    scan(text)", "}"], "more": false });
        messages.push(json!({
            "role": "tool", "tool_call_id": id, "content": answer.to_string(),
        }));
    }
    of_messages(&messages)
}

/// JSON in a string in a string, as logs of services have it.
fn nested() -> Bytes {
    let event =
        json!({ "level": "info", "message": "order \"31\" was\tpacked", "path": "C:\\orders\\31" });
    let line = json!({ "stream": "stdout", "log": event.to_string() }).to_string();
    of_messages(&[json!({ "role": "user", "content": vec![line; 9].join("\n") })])
}

/// As clients write it that escape all that is not ASCII.
fn all_escaped() -> Bytes {
    let plain = chat(&RUSSIAN.repeat(2), 3).to_vec();
    let plain = String::from_utf8(plain).expect("text");
    let mut escaped = String::new();
    for char in plain.chars() {
        match char.is_ascii() {
            true => escaped.push(char),
            false => escaped.push_str(&format!("\\u{:04x}", u32::from(char))),
        }
    }
    Bytes::from(escaped)
}
