//! Streamed replies in every format, cut everywhere.

use nenya_redactor::ReplyRedactor;
use serde_json::json;

use super::formats::{ARGUMENTS, Format, TEXTS, chunk};
use super::support::{KEY, all, data, everything, redactor, reply, through, whole, whole_text};

/// A text with secrets at its beginning, amid letters of other scripts, and at its end.
fn text() -> String {
    format!(
        "{KEY} größer 日本 😀 ann.lee@host-example.com \\n \"q\" and password = \"hunter2-Xk9\"; {KEY}"
    )
}

fn streamed(format: &Format, reply: &mut ReplyRedactor, pieces: &[&str]) -> String {
    let mut events: Vec<String> = pieces.iter().map(|piece| (format.piece)(piece)).collect();
    events.extend((format.ends)());
    through(reply, events.iter().map(String::as_str))
}

#[test]
fn every_format_redacts_as_the_whole_text_wherever_it_is_cut() {
    let redactor = redactor(&everything());
    let text = text();
    let expected = whole_text(&redactor, &text);
    assert!(!expected.contains(&KEY[4..]) && !expected.contains("hunter2"));
    for format in TEXTS {
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (head, tail) = text.split_at(cut);
            let out = streamed(format, &mut reply(&redactor), &[head, tail]);
            assert_eq!(format.read_all(&out), expected, "{} at {cut}", format.name);
        }
        let letters: Vec<String> = text.chars().map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        let out = streamed(format, &mut reply(&redactor), &letters);
        assert_eq!(
            format.read_all(&out),
            expected,
            "{} by letters",
            format.name
        );
    }
}

#[test]
fn clean_events_pass_byte_for_byte_and_without_a_copy() {
    let redactor = redactor(&everything());
    for format in TEXTS.iter().chain(ARGUMENTS) {
        let mut reply = reply(&redactor);
        let mut events: Vec<String> = ["{\"a\": ", "\"plain", " words, ", "nothing else\"}"]
            .iter()
            .map(|piece| (format.piece)(piece))
            .collect();
        events.extend((format.ends)());
        for event in events {
            let event = bytes::Bytes::from(event);
            let held = reply.holds();
            let out = all(reply.events(event.clone()));
            if !held && !reply.holds() {
                assert_eq!(
                    (out.as_ptr(), &out),
                    (event.as_ptr(), &event),
                    "{}",
                    format.name
                );
            }
        }
        assert!(reply.finish().unwrap().is_empty());
        assert!(reply.findings().is_empty());
    }
}

#[test]
fn all_events_at_once_are_treated_as_one_by_one() {
    let redactor = redactor(&everything());
    for format in TEXTS {
        let events: String = [&KEY[..9], &KEY[9..], " and more"]
            .iter()
            .map(|piece| (format.piece)(piece))
            .chain((format.ends)())
            .collect();
        let out = through(&mut reply(&redactor), [events.as_str()]);
        assert_eq!(
            format.read_all(&out),
            "[REDACTED] and more",
            "{}",
            format.name
        );
    }
}

#[test]
fn held_text_comes_out_before_what_ends_it() {
    let redactor = redactor(&everything());
    for format in TEXTS.iter().filter(|format| format.name != "gemini") {
        let out = streamed(format, &mut reply(&redactor), &["the key ", KEY]);
        let events = data(&out);
        let last = events
            .iter()
            .rposition(|event| (format.read)(event).is_some_and(|piece| !piece.is_empty()));
        let first_end = (format.ends)()
            .first()
            .map(|end| data(end)[0].clone())
            .unwrap();
        let end = events.iter().position(|event| *event == first_end);
        assert!(last.unwrap() < end.unwrap(), "{}: {out}", format.name);
        assert_eq!(format.read_all(&out), "the key [REDACTED]");
    }
}

#[test]
fn a_stream_that_breaks_off_gives_what_it_holds() {
    let redactor = redactor(&everything());
    for format in TEXTS.iter().chain(ARGUMENTS) {
        for (text, expected) in [(KEY, "[REDACTED]"), (&KEY[..9], &KEY[..9])] {
            let text = format!("{{\"a\":\"{text}");
            let out = through(&mut reply(&redactor), [(format.piece)(&text).as_str()]);
            assert_eq!(
                format.read_all(&out),
                format!("{{\"a\":\"{expected}"),
                "{}",
                format.name
            );
        }
    }
}

#[test]
fn usage_and_the_end_come_once() {
    let redactor = redactor(&everything());
    let events = [
        chunk(
            json!([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]),
        ),
        chunk(json!([{"index": 0, "delta": {"content": KEY}, "finish_reason": "stop"}])),
        "data: {\"choices\":[],\"usage\":{\"total_tokens\":7}}\n\n".to_owned(),
        "data: [DONE]\n\n".to_owned(),
    ];
    let out = through(&mut reply(&redactor), events.iter().map(String::as_str));
    for once in ["usage", "\"stop\"", "[DONE]", "assistant", "[REDACTED]"] {
        assert_eq!(out.matches(once).count(), 1, "{once}: {out}");
    }
    assert_eq!(TEXTS[0].read_all(&out), "[REDACTED]");
}

#[test]
fn choices_and_tool_calls_are_texts_of_their_own() {
    let redactor = redactor(&everything());
    let delta = |choice: usize, delta: serde_json::Value| {
        chunk(json!([{"index": choice, "delta": delta, "finish_reason": null}]))
    };
    let call = |choice: usize, number: usize, arguments: &str| {
        delta(
            choice,
            json!({"tool_calls": [{"index": number, "function": {"arguments": arguments}}]}),
        )
    };
    let arguments = format!(r#"{{"k": "{KEY}"}}"#);
    let mut events = Vec::new();
    for (one, letter) in KEY.char_indices() {
        events.push(delta(1, json!({"content": letter.to_string()})));
        events.push(delta(0, json!({"content": &KEY[one..=one]})));
        events.push(delta(0, json!({"reasoning_content": "x"})));
    }
    for (at, _) in arguments.char_indices() {
        events.push(call(0, 0, &arguments[at..=at]));
        events.push(call(0, 1, &arguments[at..=at]));
        events.push(call(1, 0, &arguments[at..=at]));
    }
    for choice in 0..2 {
        events.push(chunk(
            json!([{"index": choice, "delta": {}, "finish_reason": "tool_calls"}]),
        ));
    }
    let out = through(&mut reply(&redactor), events.iter().map(String::as_str));
    let (mut texts, mut calls) = ([const { String::new() }; 2], [const { String::new() }; 3]);
    for event in data(&out) {
        let choice = &event["choices"][0];
        let number = choice["index"].as_u64().unwrap() as usize;
        let delta = &choice["delta"];
        texts[number].push_str(delta["content"].as_str().unwrap_or_default());
        let call = &delta["tool_calls"][0];
        if let Some(arguments) = call["function"]["arguments"].as_str() {
            calls[2 * number + call["index"].as_u64().unwrap() as usize].push_str(arguments);
        }
    }
    assert_eq!(texts, ["[REDACTED]", "[REDACTED]"]);
    let expected = r#"{"k": "[REDACTED]"}"#;
    assert_eq!(calls, [expected; 3]);
}

#[test]
fn held_words_come_out_before_a_tool_call() {
    let redactor = redactor(&everything());
    let begins = json!([{"index": 0, "delta": {"tool_calls": [{"index": 0, "id": "call_1",
        "type": "function", "function": {"name": "run", "arguments": ""}}]}, "finish_reason": null}]);
    let events = [
        (TEXTS[0].piece)("it is "),
        (TEXTS[0].piece)(KEY),
        chunk(begins),
    ];
    let mut reply = reply(&redactor);
    let mut out = String::new();
    for event in events {
        out.push_str(std::str::from_utf8(&all(reply.events(event.into()))).unwrap());
    }
    let (text, call) = (out.find("[REDACTED]").unwrap(), out.find("call_1").unwrap());
    assert!(text < call && !reply.holds());
}

#[test]
fn a_stalled_stream_gives_words_and_keeps_secrets() {
    let redactor = redactor(&everything());
    let mut reply = reply(&redactor);
    let first = all(reply.events((TEXTS[0].piece)("ask A").into()));
    let stalled = reply.stalled().unwrap_or_default();
    let so_far = [first, stalled].concat();
    assert_eq!(
        TEXTS[0].read_all(std::str::from_utf8(&so_far).unwrap()),
        "ask A"
    );
    assert!(!reply.holds());
    let mut out =
        all(reply.events((TEXTS[0].piece)(&format!(" and {}", &KEY[..12])).into())).to_vec();
    assert!(
        reply
            .stalled()
            .is_none_or(|bytes| !String::from_utf8_lossy(&bytes).contains(&KEY[4..8]))
    );
    out.extend_from_slice(&all(reply.events((TEXTS[0].piece)(&KEY[12..]).into())));
    out.extend_from_slice(&reply.finish().unwrap());
    let out = String::from_utf8(out).unwrap();
    assert_eq!(TEXTS[0].read_all(&out), " and [REDACTED]");
}

#[test]
fn whole_replies_of_every_kind_are_redacted() {
    let redactor = redactor(&everything());
    for body in [
        json!({"id": "chatcmpl-1", "choices": [{"index": 0, "message": {"role": "assistant",
            "content": KEY, "reasoning_content": KEY, "tool_calls": [{"id": "call_1", "type":
            "function", "function": {"name": "run", "arguments": format!("{{\"a\":\"{KEY}\"}}")}}]},
            "finish_reason": "stop"}], "usage": {"total_tokens": 3}}),
        json!({"type": "message", "content": [{"type": "thinking", "thinking": KEY, "signature": "x"},
            {"type": "text", "text": KEY}, {"type": "tool_use", "id": "t", "input": {"a": KEY}}]}),
        json!({"object": "response", "output": [{"type": "message", "content":
            [{"type": "output_text", "text": KEY}]}, {"type": "function_call", "arguments":
            format!("[\"{KEY}\"]")}]}),
        json!({"candidates": [{"content": {"parts": [{"text": KEY}], "role": "model"}}]}),
        json!({"message": {"role": "assistant", "content": [{"type": "text", "text": KEY}]}}),
    ] {
        let body = body.to_string();
        let out = whole(&redactor, reply(&redactor), &body).unwrap();
        assert_eq!(out, body.replace(KEY, "[REDACTED]"));
    }
}

#[test]
fn events_without_json_are_one_text_each() {
    let redactor = redactor(&everything());
    let out = through(
        &mut reply(&redactor),
        [format!("data: see {KEY}\n\n").as_str()],
    );
    assert_eq!(out, "data: see [REDACTED]\n\n");
}

#[test]
fn findings_of_a_stream_have_the_place_of_its_text() {
    let redactor = redactor(&everything());
    let mut reply = reply(&redactor);
    streamed(&TEXTS[0], &mut reply, &["key ", &KEY[..5], &KEY[5..]]);
    let places = reply.findings().places();
    assert_eq!(places.len(), 1);
    assert_eq!(places[0].place, "choices[0].delta.content");
}

#[test]
fn replies_are_left_alone_where_nothing_is_to_be_looked_for() {
    let redactor = redactor(&nenya_redactor::RedactionConfig::default());
    let request = super::support::message("hello");
    let redacted = super::support::ask(&redactor, &request, super::support::ANN).unwrap();
    assert!(redacted.reply().is_none());
}
