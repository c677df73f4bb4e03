use super::*;
use crate::texts::TextKind;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Texts of an event: `~` goes on, `#` is JSON, then the group and the text.
fn shown(data: &str) -> Vec<String> {
    let event = event_texts(data.as_bytes()).unwrap();
    let one = |(number, slot): (usize, &Slot)| {
        let flow = if slot.flow == Flow::Delta { "~" } else { "" };
        let json = if slot.span.kind == TextKind::Json {
            "#"
        } else {
            ""
        };
        let text = event.text(data.as_bytes(), number);
        format!("{flow}{json}{} {text}", slot.key.group())
    };
    event.slots().iter().enumerate().map(one).collect()
}

fn ends(data: &str) -> Vec<End> {
    event_texts(data.as_bytes()).unwrap().ends().to_vec()
}

fn key(data: &str, text: &str) -> SlotKey {
    let event = event_texts(data.as_bytes()).unwrap();
    let number =
        (0..event.slots().len()).find(|number| event.text(data.as_bytes(), *number) == text);
    event.slots()[number.unwrap()].key
}

fn only(data: &str, text: &str, new: &str) -> Value {
    let event = event_texts(data.as_bytes()).unwrap();
    let number =
        (0..event.slots().len()).find(|number| event.text(data.as_bytes(), *number) == text);
    let slot = event.slots()[number.unwrap()];
    let made = only_slot(data.as_bytes(), &slot, new);
    let again = event_texts(&made).unwrap();
    assert_eq!(again.slots().len(), 1, "{made:?}");
    assert_eq!(again.slots()[0].key, slot.key, "{made:?}");
    assert_eq!(again.slots()[0].flow, Flow::Delta);
    assert!(again.ends().is_empty(), "{made:?}");
    serde_json::from_slice(&made).unwrap()
}

const CHAT: &str = r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"m","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":1,"delta":{"role":"assistant","content":"Hello"},"logprobs":null,"finish_reason":null}],"obfuscation":"aB3"}"#;

#[test]
fn chat_chunks_are_read() {
    assert_eq!(shown(CHAT), ["~1 Hello"]);
    assert_eq!(ends(CHAT), []);
    let late = r#"{"choices":[{"finish_reason":"stop","delta":{"content":"a","reasoning_content":"b","refusal":"c","reasoning":"d"},"index":3},{"delta":{"content":"e"},"index":2}]}"#;
    assert_eq!(shown(late), ["~3 a", "~3 b", "~3 c", "~3 d", "~2 e"]);
    assert_eq!(ends(late), [End::Group(3)]);
    let keys = event_texts(late.as_bytes()).unwrap();
    let mut keys: Vec<_> = keys.slots().iter().map(|slot| slot.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 5);
}

#[test]
fn a_key_is_the_same_in_every_event() {
    let other = r#"{"choices":[{"delta":{"content":"x"},"index":1}]}"#;
    assert_eq!(key(CHAT, "Hello"), key(other, "x"));
    let first = r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":2,"id":"call_9","type":"function","function":{"name":"run","arguments":"{"}}]}}]}"#;
    let next = r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"arguments":"}"},"index":2}]}}]}"#;
    assert_eq!(key(first, "{"), key(next, "}"));
    assert!(key(first, "{").is_call() && !key(first, "{").is_text());
}

#[test]
fn a_tool_call_ends_the_text_before_it_and_no_other_call() {
    let first = r#"{"choices":[{"index":1,"delta":{"content":"x","tool_calls":[{"index":0,"id":"call_9","type":"function","function":{"name":"run","arguments":"{\"a\""}}]}}]}"#;
    assert_eq!(shown(first), ["~1 x", "1 run", "~#1 {\"a\""]);
    let event = event_texts(first.as_bytes()).unwrap();
    assert_eq!(event.ends(), [End::Texts(1)]);
    assert!(event.ends_key(key(first, "x")));
    assert!(!event.ends_key(key(first, "{\"a\"")));
    let next = r#"{"choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1"}},{"index":1,"function":{"arguments":"{}"}}]}}]}"#;
    assert_eq!(shown(next), ["~#1 :1", "~#1 {}"]);
    assert_eq!(ends(next), []);
    assert_ne!(key(next, ":1"), key(next, "{}"));
}

#[test]
fn calls_without_an_index_are_told_apart_by_their_ids() {
    let call = |id: &str| {
        format!(
            r#"{{"choices":[{{"delta":{{"tool_calls":[{{"function":{{"name":"run","arguments":"{{}}"}},"id":"{id}"}}]}}}}]}}"#
        )
    };
    assert_ne!(key(&call("a"), "{}"), key(&call("b"), "{}"));
}

#[test]
fn other_texts_of_chat_chunks_go_on_too() {
    for (delta, wanted) in [
        (
            r#""function_call":{"name":"run","arguments":"{}"}"#,
            vec!["0 run", "~#0 {}"],
        ),
        (
            r#""tool_calls":[{"index":0,"custom":{"input":"ls"}}]"#,
            vec!["~0 ls"],
        ),
        (r#""audio":{"id":"audio_1","transcript":"a"}"#, vec!["~0 a"]),
        (
            r#""content":[{"type":"text","text":"a"},{"type":"thinking","thinking":[{"type":"text","text":"b"}]}]"#,
            vec!["~0 a", "~0 b"],
        ),
        (
            r#""reasoning_details":[{"type":"reasoning.text","text":"a","index":0},{"index":1,"type":"reasoning.summary","summary":"b"}]"#,
            vec!["~0 a", "~0 b"],
        ),
        (
            r#""annotations":[{"type":"url_citation","url_citation":{"url":"https://h/","title":"t"}}]"#,
            vec!["0 https://h/", "0 t"],
        ),
        (r#""whatever":"a""#, vec!["~0 a"]),
    ] {
        let data =
            format!(r#"{{"choices":[{{"index":0,"delta":{{{delta}}},"finish_reason":""}}]}}"#);
        assert_eq!(shown(&data), wanted, "{delta}");
    }
    let legacy = r#"{"object":"text_completion","choices":[{"text":"a","index":1,"logprobs":null,"finish_reason":"length"}]}"#;
    assert_eq!(
        (shown(legacy), ends(legacy)),
        (vec!["~1 a".to_owned()], vec![End::Group(1)])
    );
}

#[test]
fn anthropic_events_are_read() {
    for (data, texts, ended) in [
        (
            r#"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"usage":{"input_tokens":1}}}"#,
            vec![],
            vec![],
        ),
        (
            r#"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"a"}}"#,
            vec!["~1 a"],
            vec![],
        ),
        (
            r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a"}}"#,
            vec!["~1 a"],
            vec![],
        ),
        (
            r#"{"delta":{"thinking":"a","type":"thinking_delta"},"index":2,"type":"content_block_delta"}"#,
            vec!["~2 a"],
            vec![],
        ),
        (
            r#"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_1","name":"run","input":{}}}"#,
            vec!["3 run"],
            vec![End::AllTexts],
        ),
        (
            r#"{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"a"}}"#,
            vec!["~#3 {\"a"],
            vec![],
        ),
        (
            r#"{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"a","document_title":"b"}}}"#,
            vec!["1 a", "1 b"],
            vec![],
        ),
        (
            r#"{"type":"content_block_stop","index":3}"#,
            vec![],
            vec![End::Group(3)],
        ),
        (
            r#"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":1}}"#,
            vec![],
            vec![End::Everything],
        ),
        (r#"{"type":"message_stop"}"#, vec![], vec![End::Everything]),
        (r#"{"type":"ping"}"#, vec![], vec![]),
        (
            r#"{"type":"error","error":{"type":"overloaded_error","message":"a"}}"#,
            vec!["0 a"],
            vec![End::Everything, End::Everything],
        ),
    ] {
        assert_eq!(shown(data), texts, "{data}");
        assert_eq!(ends(data), ended, "{data}");
    }
    let start =
        r#"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"a"}}"#;
    let delta =
        r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"b"}}"#;
    assert_eq!(key(start, "a"), key(delta, "b"));
    let seal = format!(
        r#"{{"type":"content_block_delta","index":0,"delta":{{"type":"signature_delta","signature":"{}"}}}}"#,
        "Ab+/".repeat(20)
    );
    assert_eq!(shown(&seal), [""; 0]);
}

#[test]
fn responses_events_are_read() {
    let delta = |kind: &str, rest: &str| {
        format!(
            r#"{{"type":"response.{kind}.delta","sequence_number":5,"item_id":"msg_1","output_index":2,{rest},"obfuscation":"x9"}}"#
        )
    };
    let text = delta(
        "output_text",
        r#""content_index":1,"delta":"a","logprobs":[]"#,
    );
    assert_eq!(shown(&text), ["~2 a"]);
    let arguments = delta("function_call_arguments", r#""delta":"{\"a""#);
    assert_eq!(shown(&arguments), ["~#2 {\"a"]);
    assert!(key(&arguments, "{\"a").is_call());
    assert_eq!(
        shown(&delta(
            "reasoning_summary_text",
            r#""summary_index":0,"delta":"a""#
        )),
        ["~2 a"]
    );
    assert_eq!(
        shown(&delta("custom_tool_call_input", r#""delta":"a""#)),
        ["~2 a"]
    );
    let sound = "QUJD".repeat(30);
    assert_eq!(
        shown(&delta("audio", &format!(r#""delta":"{sound}""#))),
        [""; 0]
    );
    assert_eq!(
        shown(&delta("audio.transcript", r#""delta":"a""#)),
        ["~2 a"]
    );
    assert_ne!(
        key(&text, "a"),
        key(
            &delta("output_text", r#""content_index":0,"delta":"a""#),
            "a"
        )
    );
    assert_ne!(
        key(&text, "a"),
        key(&delta("refusal", r#""content_index":1,"delta":"a""#), "a")
    );

    let done = r#"{"type":"response.output_text.done","item_id":"msg_1","output_index":2,"content_index":1,"text":"ab","logprobs":[]}"#;
    assert_eq!(shown(done), ["0 ab"]);
    assert_eq!(ends(done), [End::Key(key(&text, "a"))]);
    let call =
        r#"{"type":"response.function_call_arguments.done","output_index":2,"arguments":"{}"}"#;
    assert_eq!(shown(call), ["#0 {}"]);
    assert_eq!(ends(call), [End::Key(key(&arguments, "{\"a"))]);
    for (data, ended) in [
        (
            r#"{"type":"response.output_item.added","output_index":3,"item":{"type":"function_call","id":"fc_1","name":"run","arguments":""}}"#,
            vec![End::AllTexts],
        ),
        (
            r#"{"type":"response.output_item.added","output_index":3,"item":{"type":"message","content":[]}}"#,
            vec![],
        ),
        (
            r#"{"type":"response.content_part.done","output_index":3,"part":{"type":"output_text","text":""}}"#,
            vec![End::Texts(3)],
        ),
        (
            r#"{"type":"response.output_item.done","output_index":3,"item":{"type":"message","content":[]}}"#,
            vec![End::Group(3)],
        ),
        (
            r#"{"type":"response.created","response":{"id":"resp_1","output":[]}}"#,
            vec![],
        ),
        (
            r#"{"type":"response.failed","response":{"id":"resp_1","output":[]}}"#,
            vec![End::Everything],
        ),
    ] {
        assert_eq!(ends(data), ended, "{data}");
    }
    let completed = r#"{"type":"response.completed","response":{"id":"resp_1","object":"response","metadata":{"a":"m"},"output":[{"type":"message","id":"msg_1","content":[{"type":"output_text","text":"a"},{"type":"output_text","text":"b"}]}]}}"#;
    assert_eq!(shown(completed), ["0 m", "0 a", "0 b"]);
    assert!(
        event_texts(completed.as_bytes()).unwrap().slots()[2]
            .span
            .joins
    );
}

#[test]
fn gemini_events_are_read() {
    let data = r#"{"candidates":[{"content":{"parts":[{"thought":true,"text":"a"},{"text":"b"},{"text":"c","thought":true},{"functionCall":{"name":"run","args":{"id":"x"}}}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"totalTokenCount":2},"modelVersion":"gemini-2.5-pro","responseId":"r1"}"#;
    assert_eq!(shown(data), ["~0 a", "~0 b", "~0 c", "0 run", "0 x"]);
    assert_eq!(key(data, "a"), key(data, "c"));
    assert_ne!(key(data, "a"), key(data, "b"));
    assert_eq!(ends(data), [End::Texts(0), End::Group(0)]);
}

#[test]
fn cohere_events_are_read() {
    for (data, texts, ended) in [
        (
            r#"{"type":"message-start","id":"x","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}"#,
            vec![],
            vec![],
        ),
        (
            r#"{"type":"content-start","index":1,"delta":{"message":{"content":{"type":"text","text":"a"}}}}"#,
            vec!["~1 a"],
            vec![],
        ),
        (
            r#"{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"a"}}}}"#,
            vec!["~1 a"],
            vec![],
        ),
        (
            r#"{"type":"content-delta","index":1,"delta":{"message":{"content":{"thinking":"a"}}}}"#,
            vec!["~1 a"],
            vec![],
        ),
        (
            r#"{"type":"content-end","index":1}"#,
            vec![],
            vec![End::Texts(1)],
        ),
        (
            r#"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"a"}}}"#,
            vec!["~0 a"],
            vec![],
        ),
        (
            r#"{"type":"tool-call-start","index":1,"delta":{"message":{"tool_calls":{"id":"t1","type":"function","function":{"name":"run","arguments":"{"}}}}}"#,
            vec!["1 run", "~#1 {"],
            vec![End::AllTexts],
        ),
        (
            r#"{"type":"tool-call-delta","index":1,"delta":{"message":{"tool_calls":{"function":{"arguments":"{"}}}}}"#,
            vec!["~#1 {"],
            vec![],
        ),
        (
            r#"{"type":"tool-call-end","index":1}"#,
            vec![],
            vec![End::Calls(1)],
        ),
        (
            r#"{"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":1,"end":2,"text":"a","sources":[]}}}}"#,
            vec!["0 a"],
            vec![],
        ),
        (
            r#"{"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{}}}"#,
            vec![],
            vec![End::Everything],
        ),
    ] {
        assert_eq!(shown(data), texts, "{data}");
        assert_eq!(ends(data), ended, "{data}");
    }
}

#[test]
fn bedrock_events_are_read() {
    for (data, texts, ended) in [
        (
            r#"{"contentBlockIndex":2,"delta":{"text":"a"},"p":"abc"}"#,
            vec!["~2 a", "2 abc"],
            vec![],
        ),
        (
            r#"{"delta":{"reasoningContent":{"text":"a"}},"contentBlockIndex":2}"#,
            vec!["~2 a"],
            vec![],
        ),
        (
            r#"{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t1","name":"run"}}}"#,
            vec!["1 run"],
            vec![End::AllTexts],
        ),
        (
            r#"{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"a"}}}"#,
            vec!["~#1 {\"a"],
            vec![],
        ),
        (r#"{"contentBlockIndex":1}"#, vec![], vec![End::Group(1)]),
        (
            r#"{"stopReason":"end_turn"}"#,
            vec![],
            vec![End::Everything],
        ),
    ] {
        assert_eq!(shown(data), texts, "{data}");
        assert_eq!(ends(data), ended, "{data}");
    }
}

#[test]
fn ollama_lines_are_read() {
    let chat = r#"{"model":"llama3","created_at":"2026-01-01T00:00:00.1Z","message":{"role":"assistant","content":"a","thinking":"b"},"done":false}"#;
    assert_eq!(
        (shown(chat), ends(chat)),
        (vec!["~0 a".to_owned(), "~0 b".to_owned()], vec![])
    );
    let call = r#"{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"run","arguments":{"id":"x"}}}]},"done":false}"#;
    assert_eq!(
        (shown(call), ends(call)),
        (
            vec!["0 run".to_owned(), "0 x".to_owned()],
            vec![End::AllTexts]
        )
    );
    let last = r#"{"response":"a","done":true,"done_reason":"stop","total_duration":5}"#;
    assert_eq!(
        (shown(last), ends(last)),
        (vec!["~0 a".to_owned()], vec![End::Everything])
    );
}

#[test]
fn unknown_events_are_looked_at_as_a_whole() {
    assert_eq!(
        shown(r#"{"blah":["a",{"b":"c","id":"x"}]}"#),
        ["0 a", "0 c"]
    );
    assert_eq!(shown(r#""just text""#), ["0 just text"]);
    assert_eq!(
        shown(r#"{"type":"text-delta","id":"0","delta":"a"}"#),
        ["~0 a"]
    );
    assert_eq!(ends(" [DONE]\n"), [End::Everything]);
    assert!(event_texts(b"no json").is_err());
}

#[test]
fn half_of_a_pair_passes_as_it_is_spelt() {
    let first = r#"{"choices":[{"index":0,"delta":{"content":"KEY caf\u00e9 \ud83d"}}]}"#;
    let event = event_texts(first.as_bytes()).unwrap();
    assert_eq!(event.text(first.as_bytes(), 0), "KEY café \u{fffd}");
    assert_eq!(
        event.with_slots(first.as_bytes(), &[(0, "KEY café \u{fffd}")]),
        first
    );
    assert_eq!(
        event.with_slots(first.as_bytes(), &[(0, "[x] café \u{fffd}")]),
        first.replace("KEY", "[x]")
    );
    assert!(event_texts(br#"{"choices":[{"index":0,"delta":{"content":"\ude00"}}]}"#).is_ok());
}

#[test]
fn log_probabilities_of_a_changed_event_are_emptied() {
    let data = r#"{"choices":[{"index":0,"delta":{"content":"KEY"},"logprobs":{"content":[{"token":"KEY","bytes":[75,69,89]}]}}]}"#;
    let event = event_texts(data.as_bytes()).unwrap();
    assert_eq!(
        event.with_slots(data.as_bytes(), &[(0, "")]),
        r#"{"choices":[{"index":0,"delta":{"content":""},"logprobs":null}]}"#
    );
    assert_eq!(event.with_slots::<&str>(data.as_bytes(), &[]), data);
}

#[test]
fn a_chunk_is_made_that_says_one_thing_only() {
    assert_eq!(
        only(CHAT, "Hello", "\"new\""),
        json!({"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"m","service_tier":"default","system_fingerprint":"fp_1",
            "choices":[{"index":1,"delta":{"content":"\"new\""},"logprobs":null,"finish_reason":null}],"obfuscation":"aB3"})
    );
    let many = r#"{"id":"c","choices":[{"index":0,"delta":{"content":"no"}},{"delta":{"role":"assistant","content":"no","tool_calls":[{"index":0,"function":{"name":"no","arguments":"no"}},
        {"function":{"arguments":"{","name":"no"},"id":"call_1","index":1}]},"finish_reason":"stop","index":1}],"usage":{"total_tokens":9}}"#;
    assert_eq!(
        only(many, "{", "x"),
        json!({"id":"c","choices":[{"delta":{"tool_calls":[{"function":{"arguments":"x"},"index":1}]},"finish_reason":null,"index":1}]})
    );
}

#[test]
fn events_of_other_formats_are_made_too() {
    let start = r#"{"type":"content_block_start","index":1,"content_block":{"type":"thinking","thinking":"a","signature":""}}"#;
    assert_eq!(
        event_texts(start.as_bytes()).unwrap().only_slot_name(),
        Some("content_block_delta")
    );
    for (data, wanted) in [
        (
            start,
            json!({"type":"content_block_delta","index":1,"delta":{"type":"thinking_delta","thinking":"x"}}),
        ),
        (
            r#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a"}}"#,
            json!({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"x"}}),
        ),
        (
            r#"{"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":2,"content_index":1,"delta":"a","logprobs":[{"token":"a"}]}"#,
            json!({"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":2,"content_index":1,"delta":"x","logprobs":[]}),
        ),
        (
            r#"{"candidates":[{"content":{"parts":[{"text":"no"},{"thought":true,"text":"a"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"totalTokenCount":2},"modelVersion":"g"}"#,
            json!({"candidates":[{"content":{"parts":[{"thought":true,"text":"x"}],"role":"model"},"index":0}],"modelVersion":"g"}),
        ),
        (
            r#"{"type":"content-start","index":1,"delta":{"message":{"content":{"type":"text","text":"a"}}}}"#,
            json!({"type":"content-delta","index":1,"delta":{"message":{"content":{"type":"text","text":"x"}}}}),
        ),
        (
            r#"{"contentBlockIndex":1,"delta":{"toolUse":{"input":"a"}},"p":"bc"}"#,
            json!({"contentBlockIndex":1,"delta":{"toolUse":{"input":"x"}}}),
        ),
        (
            r#"{"model":"llama3","created_at":"2026-01-01T00:00:00.1Z","message":{"role":"assistant","content":"a"},"done":true,"done_reason":"stop","eval_count":5}"#,
            json!({"model":"llama3","created_at":"2026-01-01T00:00:00.1Z","message":{"role":"assistant","content":"x"},"done":false}),
        ),
        (
            r#"{"response":"a","done":true,"context":[1,2]}"#,
            json!({"response":"x","done":false}),
        ),
        (
            r#"{"object":"text_completion","choices":[{"text":"a","index":1,"logprobs":{"tokens":["a"]},"finish_reason":"length"}],"usage":{}}"#,
            json!({"object":"text_completion","choices":[{"text":"x","index":1,"logprobs":null,"finish_reason":null}]}),
        ),
    ] {
        assert_eq!(only(data, "a", "x"), wanted, "{data}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// An event is cut and patched at random: whatever still is JSON is read without harm.
    #[test]
    fn nothing_breaks_on_any_event(
        from in 0_usize..400, len in 0_usize..40,
        patch in proptest::sample::select(vec!["", "\"", "{}", "[]", "null", "1", "\"type\":\"response.a.delta\",", "\"index\":99999999999,", "\"delta\":"]),
    ) {
        let mut data = CHAT.as_bytes().to_vec();
        let from = from.min(data.len());
        let to = (from + len).min(data.len());
        data.splice(from..to, patch.bytes());
        if let Ok(event) = event_texts(&data) {
            for (number, slot) in event.slots().iter().enumerate() {
                let made = only_slot(&data, slot, "x");
                prop_assert!(serde_json::from_slice::<Value>(&made).is_ok(), "{made:?}");
                let spliced = event.with_slots(&data, &[(number, "\"")]);
                prop_assert!(serde_json::from_slice::<Value>(&spliced).is_ok());
                prop_assert!(!event.place(&data, number).contains('\n'));
            }
        }
    }

    /// Every string of a document is a text, unless its key says otherwise.
    #[test]
    fn nothing_readable_passes_unseen(texts in proptest::collection::vec("[a-zA-Z \\\\\"é]{1,20}", 1..12)) {
        let document = json!({"choices":[{"delta":{"x":texts[0]},"y":texts}],"delta":{"q":texts},"response":{"z":{"w":texts}},"candidates":[texts]});
        let data = document.to_string();
        let event = event_texts(data.as_bytes()).unwrap();
        prop_assert_eq!(event.slots().len(), 1 + 4 * texts.len());
        let all: Vec<_> = (0..event.slots().len()).map(|number| (number, "k")).collect();
        let spliced = event.with_slots(data.as_bytes(), &all);
        let spliced: Value = serde_json::from_slice(&spliced).unwrap();
        prop_assert_eq!(&spliced["candidates"][0], &json!(vec!["k"; texts.len()]));
    }
}
