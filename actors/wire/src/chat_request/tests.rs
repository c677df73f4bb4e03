use super::*;
use std::convert::Infallible;

fn parse(body: &str) -> Result<ChatRequest, WireError> {
    ChatRequest::parse(
        Bytes::copy_from_slice(body.as_bytes()),
        &JsonLimits::default(),
    )
}

fn texts(body: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let request = parse(body).unwrap();
    let none = request.rewrite_texts::<Infallible>(&mut |text| {
        seen.push(text.to_owned());
        Ok(None)
    });
    assert!(none.unwrap().is_none());
    seen
}

#[test]
fn head_is_read() {
    let request = parse(
        r#"{"model":"a\/b","stream":true,"stream_options":{"include_usage":true},
            "max_tokens":10,"max_completion_tokens":2e1,"messages":[]}"#,
    )
    .unwrap();
    assert_eq!(request.model(), "a/b");
    assert!(request.stream() && request.wants_usage());
    assert_eq!(request.max_tokens(), Some(20));
}

#[test]
fn nulls_mean_absent() {
    let request = parse(
        r#"{"model":"m","messages":[],"stream":null,"stream_options":null,"max_tokens":null}"#,
    )
    .unwrap();
    assert!(!request.stream() && !request.wants_usage());
    assert_eq!(request.max_tokens(), None);
}

#[test]
fn wrong_heads_are_refused() {
    let missing = |field| WireError::MissingField { field };
    let wrong = |field, expected| WireError::WrongType { field, expected };
    for (body, error) in [
        ("[]", WireError::NotAnObject),
        ("\"model\"", WireError::NotAnObject),
        (r#"{"messages":[]}"#, missing("model")),
        (r#"{"model":"m"}"#, missing("messages")),
        (r#"{"x":{"model":"m","messages":[]}}"#, missing("model")),
        (r#"{"model":1,"messages":[]}"#, wrong("model", "a string")),
        (
            r#"{"model":["m"],"messages":[]}"#,
            wrong("model", "a string"),
        ),
        (
            r#"{"model":"","messages":[]}"#,
            wrong(
                "model",
                "a name of 1 to 256 bytes without control characters",
            ),
        ),
        (
            r#"{"model":"m","messages":{}}"#,
            wrong("messages", "an array"),
        ),
        (
            r#"{"model":"m","messages":[],"stream":"true"}"#,
            wrong("stream", "true or false"),
        ),
        (
            r#"{"model":"m","messages":[],"max_tokens":"9"}"#,
            wrong("max_tokens", "a number"),
        ),
        (
            r#"{"model":"m","messages":[],"stream_options":[]}"#,
            wrong("stream_options", "an object"),
        ),
        (
            r#"{"model":"m","Model":"n","messages":[]}"#,
            WireError::LookalikeKey { field: "model" },
        ),
        (
            r#"{"model":"m","messages":[],"STREAM":true}"#,
            WireError::LookalikeKey { field: "stream" },
        ),
    ] {
        assert_eq!(parse(body).err(), Some(error), "{body}");
    }
}

#[test]
fn lookalikes_below_the_top_are_nobodys_business() {
    assert!(parse(r#"{"model":"m","messages":[{"Model":"x","Role":"y"}]}"#).is_ok());
}

#[test]
fn same_model_keeps_the_same_bytes() {
    let request = parse(r#"{ "model" : "m", "messages":[] }"#).unwrap();
    assert_eq!(request.with_model("m").as_ptr(), request.body().as_ptr());
    assert_eq!(
        request.with_model("p\"q"),
        r#"{ "model" : "p\"q", "messages":[] }"#
    );
}

#[test]
fn texts_are_found_wherever_they_stand() {
    let body = r#"{"model":"m","user":"u","messages":[
        {"role":"system","content":"s"},
        {"role":"user","name":"bob","content":[{"type":"text","text":"t"},
            {"type":"image_url","image_url":{"url":"https://h/x.png","detail":"auto"}},
            {"type":"file","file":{"filename":"f.pdf","file_id":"file-1"}}]},
        {"role":"assistant","reasoning_content":"r","content":null,"tool_calls":[
            {"id":"call_1","type":"function","function":{"name":"run","arguments":"{\"a\":\"b\"}"}}]},
        {"role":"tool","tool_call_id":"call_1","content":"out"}],
        "tools":[{"type":"function","function":{"name":"run","description":"d","parameters":
            {"type":"object","properties":{"type":{"type":"string","description":"p"}},"required":["type"]}}}]}"#;
    let wanted = [
        "u",
        "s",
        "bob",
        "t",
        "https://h/x.png",
        "f.pdf",
        "r",
        "run",
        r#"{"a":"b"}"#,
        "out",
        "run",
        "d",
        "p",
    ];
    assert_eq!(texts(body), wanted);
}

#[test]
fn images_are_not_visited() {
    let image = "iVBORw0KGgo".repeat(20);
    let body = format!(
        r#"{{"model":"m","messages":[{{"role":"user","content":[
            {{"type":"image_url","image_url":{{"url":"data:image/png;base64,{image}"}}}},
            {{"type":"input_audio","input_audio":{{"data":"{image}","format":"wav"}}}}]}}]}}"#
    );
    assert_eq!(texts(&body), [""; 0]);
}

#[test]
fn rewriting_moves_everything_along() {
    let body = r#"{"messages":[{"role":"user","content":"long secret text"},{"role":"user","content":"b"}],"model":"m","user":"u\n"}"#;
    let request = parse(body).unwrap();
    let rewritten = request
        .rewrite_texts::<Infallible>(&mut |text| {
            Ok((text == "long secret text").then(|| "x\"".into()))
        })
        .unwrap()
        .unwrap();
    assert_eq!(rewritten.body(), &body.replace("long secret text", "x\\\""));
    let again = parse(std::str::from_utf8(rewritten.body()).unwrap()).unwrap();
    assert_eq!(rewritten.texts(), again.texts());
    assert_eq!(rewritten.text_bytes(), again.text_bytes());
    assert_eq!(rewritten.with_model("other"), again.with_model("other"));
}

#[test]
fn tokens_are_a_quarter_of_the_text() {
    let tokens = |content: &str| {
        let body = format!(r#"{{"model":"m","messages":[{{"content":"{content}"}}]}}"#);
        parse(&body).unwrap().estimated_tokens()
    };
    assert_eq!(tokens(""), 1);
    assert_eq!(tokens("12345"), 2);
    assert_eq!(tokens(r"\u0041\n\ud83d\ude00\/\t"), 2);
}

#[test]
fn last_user_text_joins_parts() {
    let body = r#"{"model":"m","messages":[{"role":"user","content":"a"},
        {"role":"user","content":[{"type":"text","text":"b"},{"type":"image_url"},{"type":"text","text":"c\n"}]},
        {"role":"assistant","content":"d"}]}"#;
    assert_eq!(parse(body).unwrap().last_user_text(), "b\nc\n");
    assert_eq!(
        parse(r#"{"model":"m","messages":[]}"#)
            .unwrap()
            .last_user_text(),
        ""
    );
    assert_eq!(
        parse(r#"{"model":"m","messages":[{"role":"user"}]}"#)
            .unwrap()
            .last_user_text(),
        ""
    );
}

#[test]
fn debug_shows_no_prompt() {
    let request = parse(r#"{"model":"m","messages":[{"content":"hidden"}]}"#).unwrap();
    assert!(!format!("{request:?}").contains("hidden"));
}

#[test]
fn names_of_models_that_do_not_belong_into_a_log_are_refused() {
    let body = |model: &str| format!(r#"{{"model":"{model}","messages":[]}}"#);
    assert!(parse(&body(&"m".repeat(256))).is_ok());
    for model in [
        "m".repeat(257),
        r"a\nb".to_owned(),
        r"\u001b[31m".to_owned(),
    ] {
        let error = parse(&body(&model)).err();
        assert!(
            matches!(error, Some(WireError::WrongType { field: "model", .. })),
            "{model}"
        );
    }
}

#[test]
fn chosen_texts_are_replaced_and_placed() {
    let body = r#"{"messages":[{"role":"user","content":[{"type":"text","text":"a\/"},{"type":"text","text":"b"}]}],"model":"m"}"#;
    let request = parse(body).unwrap();
    assert_eq!(request.text(0), "a/");
    assert_eq!(request.place(1), "messages[0].content[1].text");
    assert!(request.texts()[1].joins && !request.texts()[0].joins);
    let edited = request.with_texts(&[(1, "\"")]);
    assert_eq!(edited.body(), &body.replace("\"b\"", "\"\\\"\""));
    assert_eq!(
        edited.with_model("n"),
        edited
            .body()
            .as_ref()
            .to_vec()
            .iter()
            .map(|byte| char::from(*byte))
            .collect::<String>()
            .replace("\"m\"", "\"n\"")
    );
    assert_eq!(
        request.with_texts(&[(1, "b")]).body().as_ptr(),
        request.body().as_ptr()
    );
}

fn parsed_as(format: ApiFormat, body: &'static str) -> Result<ChatRequest, WireError> {
    let body = Bytes::from_static(body.as_bytes());
    ChatRequest::parse_as(format, body, &JsonLimits::default())
}

#[test]
fn each_format_has_its_own_names_for_the_same_things() {
    let responses = r#"{"model":"m","input":"hello","max_output_tokens":7,"stream":true}"#;
    let request = parsed_as(ApiFormat::OpenAiResponses, responses).unwrap();
    assert_eq!(
        (request.text(0).as_ref(), request.max_tokens()),
        ("hello", Some(7))
    );
    let ollama = parsed_as(ApiFormat::Ollama, r#"{"model":"m","messages":[]}"#).unwrap();
    assert!(request.stream() && ollama.stream());
}

#[test]
fn a_model_in_the_path_leaves_the_body_alone() {
    let body = r#"{"contents":[{"parts":[{"text":"hello"}]}]}"#;
    let request = parsed_as(ApiFormat::Gemini, body).unwrap();
    let request = request.addressed("gemini-3", true).unwrap();
    assert_eq!((request.model(), request.stream()), ("gemini-3", true));
    assert_eq!(request.with_model("other"), body);
    assert!(request.addressed("", false).is_err());
}

#[test]
fn each_format_refuses_lookalikes_of_its_own_fields() {
    for (format, body) in [
        (ApiFormat::OpenAiResponses, r#"{"model":"m","Input":"x"}"#),
        (ApiFormat::Gemini, r#"{"Contents":[]}"#),
        (
            ApiFormat::Anthropic,
            r#"{"model":"m","messages":[],"System":"x"}"#,
        ),
    ] {
        let refused = parsed_as(format, body);
        assert!(
            matches!(refused, Err(WireError::LookalikeKey { .. })),
            "{format}"
        );
    }
}
