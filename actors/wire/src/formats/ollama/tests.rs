//! What holds for every golden file of this format.

use serde_json::Value;

use super::*;
use crate::canonical::raw;
use crate::canonical::step::{BlockHead, Step};
use crate::canonical::text::Text;
use crate::formats::perturbed::perturbed;
use crate::formats::{golden, hostile};
use crate::sse::Event;

#[test]
fn a_golden_request_comes_back_as_it_was() {
    for (case, body) in golden::files(OWN, ".request.json") {
        if case == "show" {
            continue;
        }
        let before: Value = serde_json::from_slice(&body).unwrap();
        let stream = before["stream"] != false;
        let (after, notes) = golden::rewritten_request(OWN, &body, stream);
        let mut differences = golden::differences(&before, &after);
        differences.retain(|difference| !difference.starts_with("/model:"));
        assert_eq!(differences, Vec::<String>::new(), "{case}");
        assert_eq!(notes, Vec::<String>::new(), "{case}");
    }
}

#[test]
fn a_golden_reply_comes_back_as_it_was() {
    for (case, body) in golden::files(OWN, ".response.json") {
        if case.starts_with("error") || case == "show" || case == "tags" {
            continue;
        }
        let before: Value = serde_json::from_slice(&body).unwrap();
        let (after, notes) = golden::rewritten_reply(OWN, &body);
        let differences = golden::differences(&before, &after);
        assert_eq!(differences, Vec::<String>::new(), "{case}");
        assert_eq!(notes, Vec::<String>::new(), "{case}");
    }
}

#[test]
fn a_golden_stream_is_read_again_as_the_same_steps() {
    for (case, file) in golden::files(OWN, ".stream.ndjson") {
        let events = golden::events_of(&file, true);
        let mut reader = Ollama.stream_reader("upstream");
        let first = golden::steps_of(reader.as_mut(), &events);
        let written = golden::rewritten_stream(OWN, &events);
        let again = golden::events_of(&written, false);
        for (_, data) in &again {
            let whole = serde_json::from_slice::<Value>(data).is_ok();
            assert!(whole, "{case}: {}", String::from_utf8_lossy(data));
        }
        let mut reader = Ollama.stream_reader("upstream");
        let again = golden::steps_of(reader.as_mut(), &again);
        let known = |steps: Vec<String>| -> Vec<String> {
            let told = |step: &String| !step.starts_with("Unknown");
            steps.into_iter().filter(told).collect()
        };
        assert_eq!(known(first), known(again), "{case}");
    }
}

#[test]
fn wrong_types_anywhere_are_errors_and_no_panics() {
    for document in hostile::documents(OWN, ".stream.ndjson") {
        let Ok(whole) = serde_json::from_slice::<Value>(&document) else {
            continue;
        };
        for spoilt in hostile::spoilt(&whole) {
            hostile::read_all(OWN, &spoilt);
        }
    }
}

#[test]
fn a_megabyte_of_nesting_does_not_end_the_program() {
    hostile::read_all(OWN, &hostile::deep());
    hostile::read_all(OWN, &hostile::deep_and_whole());
}

proptest::proptest! {
    #[test]
    fn broken_documents_do_not_panic(
        bytes in hostile::mutated(hostile::documents(OWN, ".stream.ndjson"))
    ) {
        hostile::read_all(OWN, &bytes);
    }
}

/// What a rewrite says of a document; `None` if it is refused.
fn rewritten(document: &Value) -> Option<(Value, Vec<String>)> {
    let body = serde_json::to_vec(document).unwrap();
    let stream = document["stream"] != false;
    let source = Source {
        body: raw::document(&body).unwrap(),
        stream,
    };
    let request = Ollama.read_request(&source).ok()?;
    let mut notes = Notes::new(OWN, false);
    let written = Ollama.write_request(&request, &golden::target(), &mut notes);
    let written = serde_json::from_slice(&written.ok()?).unwrap();
    Some((written, notes.into_fields()))
}

#[test]
fn every_leaf_of_a_request_shows_in_its_rewrite() {
    let mut silent = Vec::new();
    for (case, body) in golden::files(OWN, ".request.json") {
        if case == "show" {
            continue;
        }
        let whole: Value = serde_json::from_slice(&body).unwrap();
        let before = rewritten(&whole);
        for (place, changed) in perturbed(&whole) {
            // The model is the target's; a type that is left out is a function; no messages and
            // an empty text are the same as none.
            let exempt = place.starts_with("/model")
                || place.ends_with("/type -")
                || (place == "/messages -" && whole["messages"] == serde_json::json!([]));
            if !exempt && rewritten(&changed) == before {
                silent.push(format!("{case} {place}"));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn every_leaf_of_a_reply_shows_in_its_rewrite() {
    let rewritten = |document: &Value| -> Option<Value> {
        let body = serde_json::to_vec(document).unwrap();
        let reply = Ollama
            .read_reply(raw::document(&body).unwrap(), "upstream")
            .ok()?;
        let mut notes = Notes::new(OWN, false);
        let written = Ollama.write_reply(&reply, &golden::asked(), &mut notes);
        serde_json::from_slice(&written.ok()?).ok()
    };
    let mut silent = Vec::new();
    for (case, body) in golden::files(OWN, ".response.json") {
        if case.starts_with("error") || case == "show" || case == "tags" {
            continue;
        }
        let whole: Value = serde_json::from_slice(&body).unwrap();
        let before = rewritten(&whole);
        for (place, changed) in perturbed(&whole) {
            // Made anew where it is missing, or empty anyway.
            let made = [
                "/model -",
                "/role -",
                "/done -",
                "/done_reason -",
                "/content -",
            ];
            if !made.iter().any(|ending| place.ends_with(ending)) && rewritten(&changed) == before {
                silent.push(format!("{case} {place}"));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn a_stream_says_what_the_whole_reply_says() {
    let whole = golden::files(OWN, ".response.json");
    for (case, file) in golden::files(OWN, ".stream.ndjson") {
        let Some((_, body)) = whole.iter().find(|(name, _)| *name == case) else {
            continue;
        };
        let body: Value = serde_json::from_slice(body).unwrap();
        let mut reader = Ollama.stream_reader("upstream");
        let mut said = String::new();
        let mut others = String::new();
        for (name, data) in golden::events_of(&file, true) {
            let (name, data) = (&name, &data);
            let mut take = |step: Step<'_>| {
                match step {
                    Step::Delta { text, .. } => said.push_str(&text.decoded()),
                    other => others.push_str(&format!("{other:?}")),
                }
                Ok(())
            };
            reader.event(&Event { name, data }, &mut take).unwrap();
        }
        for text in ["content", "thinking"] {
            let text = body["message"][text].as_str().unwrap_or_default();
            assert!(said.contains(text), "{case}: {text}");
        }
        for call in body["message"]["tool_calls"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let name = call["function"]["name"].as_str().unwrap();
            assert!(others.contains(name), "{case}: {name}");
        }
        let reply = serde_json::to_vec(&body).unwrap();
        let reply = Ollama
            .read_reply(raw::document(&reply).unwrap(), "upstream")
            .unwrap();
        assert_eq!(others.contains("Usage("), reply.usage.is_some(), "{case}");
        let usage = reply
            .usage
            .map_or(String::new(), |usage| format!("Usage({usage:?})"));
        assert!(others.contains(&usage), "{case}: {usage}");
        assert!(
            others.contains(&format!("reason: {:?},", reply.choices[0].stop.reason)),
            "{case}"
        );
    }
}

#[test]
fn a_golden_error_is_read_and_written() {
    for (case, body) in golden::files(OWN, ".response.json") {
        let Some(status) = case.strip_prefix("error-") else {
            continue;
        };
        let status: u16 = status.parse().unwrap();
        let failure = Ollama.read_failure(status, &body).unwrap();
        let (again, written) = Ollama.write_failure(&failure);
        assert_eq!(again, status, "{case}");
        let before: Value = serde_json::from_slice(&body).unwrap();
        let after: Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(after["error"], before["error"], "{case}");
    }
}

#[test]
fn a_request_of_openais_format_is_said_in_this_one() {
    let body = serde_json::json!({
        "model": "m", "reasoning_effort": "xhigh", "max_tokens": 5, "stop": "END", "seed": 7,
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [
            {"type": "function", "function": {"name": "look"}}]}},
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "name": "ada", "content": [
                {"type": "text", "text": "a"}, {"type": "text", "text": "b"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBO"}}]},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function",
                "function": {"name": "look", "arguments": "{\"x\": 1.50}"}}]},
            {"role": "tool", "tool_call_id": "c", "content": "seen"},
        ],
        "tools": [
            {"type": "function", "function": {"name": "look", "strict": true, "parameters": {}}},
            {"type": "function", "function": {"name": "other"}},
        ],
    });
    let (written, notes) = from_chat(&body).unwrap();
    let expected = serde_json::json!({
        "model": "upstream-model",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "a\n\nb", "images": ["iVBO"]},
            {"role": "assistant", "content": "", "tool_calls": [
                {"id": "c", "function": {"name": "look", "arguments": {"x": 1.50}}}]},
            {"role": "tool", "tool_call_id": "c", "content": "seen"},
        ],
        "tools": [{"type": "function", "function": {"name": "look", "parameters": {}}}],
        "think": "high",
        "options": {"seed": 7, "num_predict": 5, "stop": ["END"]},
        "stream": false,
    });
    assert_eq!(written, expected);
    assert_eq!(notes, ["name", "strict"]);
}

/// A request of OpenAI's format in this one, or the field that cannot be said.
fn from_chat(body: &Value) -> Result<(Value, Vec<String>), String> {
    let body = body.to_string();
    let source = Source {
        body: raw::parse(&body).unwrap(),
        stream: false,
    };
    let request = crate::formats::codec(ApiFormat::OpenAiChat)
        .read_request(&source)
        .unwrap();
    let mut notes = Notes::new(OWN, false);
    let written = Ollama.write_request(&request, &golden::target(), &mut notes);
    let written = written.map_err(|error| error.field().to_owned())?;
    Ok((
        serde_json::from_slice(&written).unwrap(),
        notes.into_fields(),
    ))
}

#[test]
fn what_this_format_cannot_say_is_refused() {
    let user = |content: Value| serde_json::json!([{"role": "user", "content": content}]);
    let with = |field: &str, value: Value| {
        let mut body = serde_json::json!({"messages": user("?".into())});
        body[field] = value;
        from_chat(&body).unwrap_err()
    };
    assert_eq!(with("n", 2.into()), "n");
    assert_eq!(with("tool_choice", "required".into()), "tool_choice");
    assert_eq!(
        with("logit_bias", serde_json::json!({"1": 2})),
        "logit_bias"
    );
    assert_eq!(
        with("modalities", serde_json::json!(["audio"])),
        "modalities"
    );
    let address = serde_json::json!([{"type": "image_url", "image_url": {"url": "https://a.b/c"}}]);
    assert_eq!(with("messages", user(address)), "image by address or id");
}

#[test]
fn arguments_over_several_lines_stay_on_one() {
    let at = crate::canonical::step::Block {
        choice: 0,
        number: 0,
    };
    let head = BlockHead::Call {
        id: None,
        name: Text::plain("f"),
        custom: false,
    };
    let text = Text::Spelt(r#"{\n \"a\": \"x\\ny\"\n}"#.into());
    let mut writer = Ollama.stream_writer(&golden::asked());
    let mut out = Vec::new();
    for step in [
        Step::Open { at, head },
        Step::Delta { at, text },
        Step::Close { at },
    ] {
        writer.step(&step, &mut out).unwrap();
    }
    let events = golden::events_of(&out, false);
    assert_eq!(events.len(), 1);
    let line: Value = serde_json::from_slice(&events[0].1).unwrap();
    let arguments = &line["message"]["tool_calls"][0]["function"]["arguments"];
    assert_eq!(arguments["a"], "x\ny");
}
