//! Values that are secret because of the key that they stand under.

use nenya_redactor::RedactorHandle;
use serde_json::json;

use super::formats::{ARGUMENTS, Format};
use super::support::{KEY, asked, everything, redactor, reply, through, whole};

/// What is made of these arguments as a whole.
pub(crate) fn whole_arguments(redactor: &RedactorHandle, arguments: &str) -> String {
    let body = json!({"choices": [{"index": 0, "message": {"tool_calls": [
        {"id": "c", "type": "function", "function": {"name": "run", "arguments": arguments}}]}}]});
    let out = whole(redactor, reply(redactor), &body.to_string()).unwrap();
    let out: serde_json::Value = serde_json::from_str(&out).unwrap();
    let call = &out["choices"][0]["message"]["tool_calls"][0];
    call["function"]["arguments"].as_str().unwrap().to_owned()
}

fn streamed(format: &Format, redactor: &RedactorHandle, pieces: &[&str]) -> String {
    let mut events: Vec<String> = pieces.iter().map(|piece| (format.piece)(piece)).collect();
    events.extend((format.ends)());
    let out = through(&mut reply(redactor), events.iter().map(String::as_str));
    format.read_all(&out)
}

const FOUND: &[(&str, &str)] = &[
    (r#"{"db_password": "hunter2-Xk9"}"#, "hunter2-Xk9"),
    (
        r#"{"a":1,"b":{"DB_PASSWORD":"hunter2-Xk9","c":"d"}}"#,
        "hunter2-Xk9",
    ),
    (
        r#"{"password":"correct horse battery"}"#,
        "correct horse battery",
    ),
    (r#"{"password":"two\"quotes\\9Xk"}"#, r#"two\"quotes\\9Xk"#),
    (r#"{"password":["hunter2-Xk9"]}"#, "hunter2-Xk9"),
    (r#"{"pass\u0077ord":"hunter2-Xk9\n"}"#, "hunter2-Xk9"),
    (
        r#"{"api_key": "f3Kq9ZtLw2Vx7Rb1Np6M"}"#,
        "f3Kq9ZtLw2Vx7Rb1Np6M",
    ),
];

/// Values whose name is no key of theirs.
const NAMED: &[&str] = &[
    r#"{"env":[{"name":"DB_PASSWORD","value":"hunter2-Xk9"}]}"#,
    r#"[{"Key" : "pass\u0077ord", "secret":true, "hint":"x", "Value": "hunter2-Xk9"}]"#,
    r#"{"password":{"type":"string","value":"hunter2-Xk9"}}"#,
    r#"{"password":{"value":["hunter2-Xk9"]}}"#,
];

const LEFT: &[&str] = &[
    r#"{"env":[{"name":"password"},{"value":"hunter2-Xk9"}]}"#,
    r#"{"value":"hunter2-Xk9","name":"password"}"#,
    r#"{"password":{"a":{}},"b":{"value":"hunter2-Xk9"}}"#,
    r#"{"name":"colour","value":"hunter2-Xk9"}"#,
    r#"{"db_password": ""}"#,
    r#"{"password": "your password here", "max_tokens": "100000000"}"#,
    r#"{"password_hint": "the name of my first dog"}"#,
    r#"{"other": "hunter2-Xk9", "password": true}"#,
    r#"{"password": {"type": "string", "description": "hunter2-Xk9"}}"#,
];

#[test]
fn in_tool_arguments_the_key_counts_whole_and_at_every_cut() {
    let redactor = redactor(&everything());
    for (arguments, secret) in FOUND {
        let expected = arguments.replace(secret, "[REDACTED]");
        assert_eq!(whole_arguments(&redactor, arguments), expected);
        for format in ARGUMENTS {
            for cut in 0..=arguments.len() {
                let (head, tail) = arguments.split_at(cut);
                let out = streamed(format, &redactor, &[head, tail]);
                assert_eq!(out, expected, "{} at {cut}", format.name);
            }
        }
    }
}

#[test]
fn a_name_beside_a_value_or_above_it_counts_as_its_key() {
    let redactor = redactor(&everything());
    for arguments in NAMED {
        let expected = arguments.replace("hunter2-Xk9", "[REDACTED]");
        assert_eq!(whole_arguments(&redactor, arguments), expected);
        for cut in 0..=arguments.len() {
            let (head, tail) = arguments.split_at(cut);
            let out = streamed(&ARGUMENTS[0], &redactor, &[head, tail]);
            assert_eq!(out, expected, "{arguments} at {cut}");
        }
        let input: serde_json::Value = serde_json::from_str(arguments).unwrap();
        let body = json!({"model": "m", "messages": [{"role": "assistant", "content": [
            {"type": "tool_use", "id": "t", "name": "set", "input": input}]}]});
        let body = body.to_string();
        let expected = body.replace("hunter2-Xk9", "[REDACTED]");
        assert_eq!(asked(&redactor, &body), expected);
    }
}

/// The same value in the arguments of a call and in an object of a request.
fn in_requests(value: &serde_json::Value) -> [String; 2] {
    let call = json!({"id": "c", "type": "function", "function": {"name": "run",
        "arguments": value.to_string()}});
    let input = json!({"type": "tool_use", "id": "t", "name": "run", "input": value});
    [
        json!({"model": "m", "messages": [{"role": "assistant", "tool_calls": [call]}]}),
        json!({"model": "m", "messages": [{"role": "assistant", "content": [input]}]}),
    ]
    .map(|body| body.to_string())
}

#[test]
fn words_of_a_command_in_a_list_are_read_as_one_line() {
    let redactor = redactor(&everything());
    for words in [
        json!({"argv": ["mysql", "--password", "hunter2-Xk9", "shop"]}),
        json!({"args": ["curl", "-u", "admin:hunter2-Xk9", "http://shop.test/"]}),
        json!({"args": [["--verbose", "--token", "x"], "é", ["--db-password", "hunter2-Xk9"]]}),
    ] {
        for body in in_requests(&words) {
            let expected = body.replace("hunter2-Xk9", "[REDACTED]");
            assert_eq!(asked(&redactor, &body), expected);
        }
    }
}

#[test]
fn lists_without_a_secret_stay() {
    let redactor = redactor(&everything());
    for words in [
        json!({"args": ["--password", "--verbose"], "b": "hunter2-Xk9"}),
        json!({"args": ["--colour", "hunter2-Xk9", "\u{e9}/"], "x": ["- password", "reset it"]}),
        json!({"args": ["--password"], "b": ["hunter2-Xk9"]}),
    ] {
        for body in in_requests(&words) {
            assert_eq!(asked(&redactor, &body), body);
        }
    }
}

#[test]
fn a_private_key_in_a_list_of_lines_is_taken_out_whole() {
    let redactor = redactor(&everything());
    let key = nenya_redactor::rule(nenya_redactor::RuleId::BuiltIn("private-key")).unwrap();
    let (text, _) = key.examples().next().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 2 && lines[0].starts_with("-----BEGIN"));
    for body in in_requests(&json!({"a": ["x"], "lines": lines, "b": "y"})) {
        let out = asked(&redactor, &body);
        assert!(out.contains("[REDACTED]"), "{out}");
        let body_lines = lines.iter().filter(|line| !line.starts_with("-----"));
        for line in body_lines.filter(|line| line.len() > 8) {
            assert!(!out.contains(line), "{out}");
        }
        serde_json::from_str::<serde_json::Value>(&out).unwrap();
    }
}

#[test]
fn escapes_in_json_within_json_of_arguments_do_not_hide_a_secret() {
    let redactor = redactor(&everything());
    let spelt = format!("\\u0041{}", &KEY[1..]);
    let arguments = json!({"x": format!("{{\"y\":\"{spelt}\",\"z\":\"caf\\u00e9\"}}"), "k": KEY});
    let [body, _] = in_requests(&arguments);
    let clean = arguments.to_string().replace(KEY, "[REDACTED]");
    let clean = clean.replace(&format!("\\\\u0041{}", &KEY[1..]), "[REDACTED]");
    let out: serde_json::Value = serde_json::from_str(&asked(&redactor, &body)).unwrap();
    let call = &out["messages"][0]["tool_calls"][0]["function"];
    assert_eq!(call["arguments"], clean);
    assert_eq!(clean.matches("[REDACTED]").count(), 2);
}

#[test]
fn other_values_stay() {
    let redactor = redactor(&everything());
    for arguments in LEFT {
        assert_eq!(whole_arguments(&redactor, arguments), *arguments);
        for cut in 0..=arguments.len() {
            let (head, tail) = arguments.split_at(cut);
            assert_eq!(
                streamed(&ARGUMENTS[0], &redactor, &[head, tail]),
                *arguments
            );
        }
    }
}

#[test]
fn a_number_that_is_all_of_the_arguments_is_text_and_one_in_an_object_is_not() {
    let redactor = redactor(&everything());
    let card = "4929317608427355";
    assert_eq!(whole_arguments(&redactor, card), "[REDACTED]");
    assert_eq!(
        streamed(&ARGUMENTS[0], &redactor, &[&card[..5], &card[5..]]),
        "[REDACTED]"
    );
    let object = format!("{{\"n\":{card}}}");
    assert_eq!(whole_arguments(&redactor, &object), object);
}

#[test]
fn keys_stay_and_keep_their_spelling() {
    let redactor = redactor(&everything());
    let arguments = format!(r#"{{"{KEY}":"x","pass\u0077ord":"hunter2-Xk9"}}"#);
    let expected = arguments.replace("hunter2-Xk9", "[REDACTED]");
    assert_eq!(whole_arguments(&redactor, &arguments), expected);
}

#[test]
fn in_documents_the_key_counts() {
    let redactor = redactor(&everything());
    let body = |secret: &str| {
        json!({"model": "m", "metadata": {"db_password": secret}, "messages": [
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "connect",
                "input": {"host": "db", "password": secret, "passwords": [secret]}}]}]})
        .to_string()
    };
    assert_eq!(asked(&redactor, &body("hunter2-Xk9")), body("[REDACTED]"));
}

#[test]
fn in_whole_texts_of_events_the_key_counts() {
    let redactor = redactor(&everything());
    let event = |secret: &str| {
        let call = json!({"candidates": [{"content": {"parts": [{"functionCall": {"name": "connect",
            "args": {"password": secret}}}], "role": "model"}, "index": 0}]});
        format!("data: {call}\n\n")
    };
    let out = through(&mut reply(&redactor), [event("hunter2-Xk9").as_str()]);
    assert_eq!(out, event("[REDACTED]"));
}

#[test]
fn patterns_see_the_value_alone() {
    let config = nenya_redactor::RedactionConfig {
        patterns: Some(vec!["^[a-z]{4}$".to_owned()]),
        replies: true,
        ..everything()
    };
    let redactor = redactor(&config);
    let arguments = r#"{"password":"abcd","x":"abcd","password2":"abcde"}"#;
    let expected = arguments.replace("\"abcd\"", "\"[REDACTED]\"");
    assert_eq!(whole_arguments(&redactor, arguments), expected);
    for cut in 0..=arguments.len() {
        let (head, tail) = arguments.split_at(cut);
        assert_eq!(
            streamed(&ARGUMENTS[0], &redactor, &[head, tail]),
            expected,
            "{cut}"
        );
    }
}
