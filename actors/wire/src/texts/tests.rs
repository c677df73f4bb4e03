use super::*;
use crate::canonical::base64::encoded;
use std::convert::Infallible;

fn rewrite(body: &str, mut visit: impl FnMut(&str) -> Option<String>) -> Option<String> {
    let body = Bytes::copy_from_slice(body.as_bytes());
    let limits = JsonLimits::default();
    let done = rewrite_json_texts::<Infallible>(&body, &limits, &mut |text| Ok(visit(text)));
    done.unwrap()
        .unwrap()
        .map(|body| String::from_utf8(body.to_vec()).unwrap())
}

fn request(body: &str) -> JsonTexts<'_> {
    request_texts(body.as_bytes(), &JsonLimits::default()).unwrap()
}

fn reply(body: &str) -> JsonTexts<'_> {
    reply_texts(body.as_bytes(), &JsonLimits::default()).unwrap()
}

/// Each text with the signs of what it is: `+` continues the one before, `#` is JSON.
fn shown(texts: &JsonTexts<'_>) -> Vec<String> {
    let one = |(number, span): (usize, &TextSpan)| {
        let joins = if span.joins { "+" } else { "" };
        let json = match span.kind {
            TextKind::Plain => "",
            TextKind::Json => "#",
            TextKind::Base64 => "64:",
            TextKind::PlainOrBase64 => "64?",
        };
        format!("{joins}{json}{}", texts.text(number))
    };
    texts.texts().iter().enumerate().map(one).collect()
}

#[test]
fn only_the_replaced_text_changes() {
    let body = "{ \"n\" : 1.10 , \"a\":\"x\\/y\",\"b\":[\"\\u0041KIA\"],  \"z\":1E2}";
    let out = rewrite(body, |text| (text == "AKIA").then(|| "\"new\"".to_owned()));
    assert_eq!(out.unwrap(), body.replace("\\u0041KIA", "\\\"new\\\""));
}

#[test]
fn a_replacement_that_says_the_same_is_no_change() {
    assert_eq!(rewrite(r#"["\u0041"]"#, |text| Some(text.to_owned())), None);
}

#[test]
fn a_key_before_its_text_is_the_one_that_the_way_back_finds() {
    let long = "k".repeat(300);
    let far = " ".repeat(300);
    let bodies = [
        r#"{"a":"v1","b\"\\":"v2","":"v3","d":[["v4"],"v5"],"e":[{},"v6"],"f" : "v7"}"#.to_owned(),
        r#"{"name":"PATH","value":"v1","x":{"value":"v2"},"é":"v3","l":["v4","v5"]}"#.to_owned(),
        r#"{"a":1,"b":["v1",{"c":"v2"},"v3"],"d":[[],"v4"],"e":{"f":{}},"g":"v5"}"#.to_owned(),
        format!(r#"{{"{long}":"v1","a":{far}"v2","{long}":["v3"]}}"#).replacen(&long, "b", 1),
    ];
    for body in &bodies {
        for span in request(body).texts() {
            let body = body.as_bytes();
            assert_eq!(span.spelt_key(body), span.key_before(body), "{span:?}");
        }
    }
}

#[test]
fn keys_are_the_same_where_another_text_was_replaced() {
    let body = r#"{"messages":[],"a":"v1","model":"m","\u0062":"v2","c":["v3"]}"#;
    let limits = JsonLimits::default();
    let request = crate::ChatRequest::parse(Bytes::from(body), &limits).unwrap();
    let longer = request.with_texts(&[(0, "much longer \" than before")]);
    let keys = |request: &crate::ChatRequest| {
        let key = |number| request.key(number).map(|key| key.into_owned());
        (0..3).map(key).collect::<Vec<_>>()
    };
    assert_eq!(
        keys(&longer),
        ["a", "b", "c"].map(|key| Some(key.to_owned()))
    );
    assert_eq!(keys(&request), keys(&longer));
}

#[test]
fn keys_are_not_visited() {
    assert_eq!(
        rewrite(r#"{"secret":{"x":1}}"#, |_| Some("no".into())),
        None
    );
}

#[test]
fn the_visitors_error_comes_through() {
    let body = Bytes::from_static(b"[\"a\"]");
    let result = rewrite_json_texts(&body, &JsonLimits::default(), &mut |_| Err(7));
    assert_eq!(result, Ok(Err(7)));
}

#[test]
fn around_a_change_the_spelling_stays() {
    let out = rewrite(r#"["\ud83d caf\u00e9 \/KEY\/ \u0041\ude00"]"#, |text| {
        Some(text.replace("KEY", "\n"))
    });
    assert_eq!(out.unwrap(), r#"["\ud83d caf\u00e9 \/\n\/ \u0041\ude00"]"#);
}

#[test]
fn adjacent_parts_of_one_message_join() {
    let body = r#"{"system":[{"type":"text","text":"s1"},{"text":"s2","cache_control":{"type":"ephemeral","ttl":"1h"}}],
        "messages":[
        {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":""},{"type":"text","text":"b"},
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUFB"}},{"type":"text","text":"c"}]},
        {"role":"user","content":[{"type":"text","text":"d"},
            {"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"e"},{"type":"text","text":"f"}]},
            {"type":"text","text":"g"}]},
        {"role":"user","content":"h"},{"role":"user","content":[{"type":"text","text":"i"}]}]}"#;
    assert_eq!(
        shown(&request(body)),
        [
            "s1", "+s2", "a", "+b", "64?QUFB", "c", "d", "e", "+f", "g", "h", "i"
        ]
    );
}

#[test]
fn documents_in_base64_are_texts_if_they_are_text() {
    let text = encoded("a line of some text\n".repeat(9).as_bytes());
    let image = "iVBORw0KGgo".repeat(10);
    for body in [
        r#"{"messages":[{"content":[{"source":{"media_type":"text/plain","data":"DATA"}}]}]}"#,
        r#"{"contents":[{"parts":[{"inlineData":{"mimeType":"text/csv","data":"DATA"}}]}]}"#,
        r#"{"messages":[{"content":[{"file":{"file_data":"data:text/plain;base64,DATA"}}]}]}"#,
        r#"{"messages":[{"content":[{"image_url":{"url":"data:text/plain;base64,DATA"}}]}]}"#,
        r#"{"messages":[{"content":[{"document":{"source":{"bytes":"DATA"}}}]}]}"#,
    ] {
        let with_text = body.replace("DATA", &text);
        let texts = shown(&request(&with_text));
        let found = texts.iter().filter(|text| text.starts_with("64:"));
        assert_eq!(found.count(), 1, "{texts:?}");
        let with_image = body.replace("DATA", &image);
        let texts = shown(&request(&with_image));
        assert!(!texts.iter().any(|text| text.contains(&image)), "{texts:?}");
    }
    let reply_with_text = format!(r#"{{"data":"{text}"}}"#);
    assert!(shown(&reply(&reply_with_text)).is_empty());
}

#[test]
fn parts_of_other_formats_join_too() {
    let gemini = r#"{"systemInstruction":{"parts":[{"text":"a"},{"text":"b"}]},
        "contents":[{"role":"user","parts":[{"text":"c"},{"text":"d"}]},{"parts":[{"text":"e"}]}]}"#;
    assert_eq!(shown(&request(gemini)), ["a", "+b", "c", "+d", "e"]);
    let responses = r#"{"input":[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_text","text":"b"}]},
        {"type":"function_call","call_id":"c1","name":"run","arguments":"{}"},
        {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"c"},{"type":"input_text","text":"d"}]}]}"#;
    assert_eq!(
        shown(&request(responses)),
        ["a", "+b", "run", "#{}", "c", "+d"]
    );
}

#[test]
fn whole_replies_of_every_format_are_read() {
    let seal = "Ab_-".repeat(30);
    for (body, texts) in [
        (
            r#"{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant",
            "content":"a","reasoning_content":"r","refusal":null,"annotations":[],"tool_calls":[{"id":"call_1","type":"function","function":
            {"name":"run","arguments":"{\"a\":1}"}}]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1},"system_fingerprint":"fp_1"}"#.to_owned(),
            vec!["a", "r", "run", "#{\"a\":1}"],
        ),
        (
            r#"{"id":"cmpl-1","object":"text_completion","choices":[{"text":"a","index":0,"logprobs":null,"finish_reason":"length"}]}"#.to_owned(),
            vec!["a"],
        ),
        (
            format!(r#"{{"id":"resp_1","object":"response","status":"completed","error":null,"metadata":{{"k":"v"}},"output":[
            {{"type":"reasoning","id":"rs_1","summary":[{{"type":"summary_text","text":"s"}}],"encrypted_content":"{seal}"}},
            {{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{{"type":"output_text","annotations":[],"logprobs":[],"text":"a"}},
            {{"type":"output_text","annotations":[],"text":"b"}}]}},
            {{"type":"function_call","id":"fc_1","call_id":"call_1","name":"run","arguments":"{{}}"}}]}}"#),
            vec!["v", "s", "a", "+b", "run", "#{}"],
        ),
        (
            format!(r#"{{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[{{"type":"thinking","thinking":"t","signature":"{seal}"}},
            {{"type":"text","text":"a"}},{{"type":"tool_use","id":"toolu_1","name":"run","input":{{"id":"x"}}}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{{}}}}"#),
            vec!["t", "a", "run", "x"],
        ),
        (
            r#"{"candidates":[{"content":{"parts":[{"text":"a"},{"text":"b"},{"functionCall":{"name":"run","args":{"id":"x"}}}],"role":"model"},
            "finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1},"modelVersion":"gemini-2.5","responseId":"xyz"}"#.to_owned(),
            vec!["a", "+b", "run", "x"],
        ),
        (
            r#"{"id":"c14c80c3","finish_reason":"COMPLETE","message":{"role":"assistant","tool_plan":"p","content":[{"type":"text","text":"a"}],
            "tool_calls":[{"id":"t","type":"function","function":{"name":"run","arguments":"{}"}}]},"usage":{}}"#.to_owned(),
            vec!["p", "a", "run", "#{}"],
        ),
        (
            r#"{"model":"llama3","created_at":"2026-01-01T00:00:00.123Z","message":{"role":"assistant","content":"a","thinking":"t",
            "tool_calls":[{"function":{"name":"run","arguments":{"id":"x"}}}]},"done":true,"done_reason":"stop","total_duration":1}"#.to_owned(),
            vec!["a", "t", "run", "x"],
        ),
    ] {
        assert_eq!(shown(&reply(&body)), texts, "{body}");
    }
}

#[test]
fn log_probabilities_of_a_changed_reply_are_emptied() {
    let body = r#"{"choices":[{"message":{"content":"KEY a"},"logprobs" : {"content":[{"token":"KEY","bytes":[75],"top_logprobs":[]}]},"index":0}],"logprobs":[{"text":"KEY"}]}"#;
    let texts = reply(body);
    assert_eq!(
        texts.with_texts(&[(0, "[x] a"), (1, "no")]),
        r#"{"choices":[{"message":{"content":"[x] a"},"logprobs" : null,"index":0}],"logprobs":[]}"#
    );
    assert_eq!(texts.with_texts(&[(0, "KEY a")]), body);
    assert_eq!(texts.with_texts::<&str>(&[]), body);
}

#[test]
fn duplicate_keys_are_refused_in_requests_and_all_read_in_replies() {
    let body = r#"{"a":"x","a":"y"}"#;
    assert!(request_texts(body.as_bytes(), &JsonLimits::default()).is_err());
    assert_eq!(shown(&reply(body)), ["x", "y"]);
}

#[test]
fn places_are_paths() {
    let body = r#"{"messages":[{"content":"a"},{"content":[{"type":"text","text":"b"}]}],"metadata":{"user_id":"c"}}"#;
    let texts = request(body);
    let places: Vec<_> = (0..4).map(|number| texts.place(number)).collect();
    assert_eq!(
        places,
        [
            "messages[0].content",
            "messages[1].content[0].text",
            "metadata.user_id",
            ""
        ]
    );
}

#[test]
fn of_two_replacements_for_one_text_the_later_counts() {
    assert_eq!(
        request(r#"["a","b"]"#).with_texts(&[(1, "x"), (0, "y"), (1, "z"), (7, "q")]),
        r#"["y","z"]"#
    );
}
