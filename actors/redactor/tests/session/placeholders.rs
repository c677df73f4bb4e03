//! Stand-ins: put into requests, turned back in replies however the model spells them.

use nenya_redactor::{PlaceholderLimits, RedactionConfig, RedactorHandle, ReplyRedactor, Who};
use serde_json::json;

use super::formats::{ARGUMENTS, Format, TEXTS};
use super::support::{ANN, ask, message, redactor, stand_ins, through, whole};

/// A value that needs escaping in JSON.
const PASSWORD: &str = "correct \\ \"horse\" battery 9";

const MAIL: &str = "ann.lee@host-example.com";

fn secretive() -> String {
    format!("mail {MAIL}, password = '{PASSWORD}'")
}

/// The stand-ins that a request got, in order, and what its reply goes through.
fn sent(redactor: &RedactorHandle, text: &str, who: Who<'_>) -> (Vec<String>, ReplyRedactor) {
    let redacted = ask(redactor, &message(text), who).unwrap();
    let text = redacted
        .get()
        .text(redacted.get().texts().len() - 1)
        .into_owned();
    let words = text.split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
    let stand_ins = words.filter(|word| word.starts_with("NENYA_"));
    (
        stand_ins.map(str::to_owned).collect(),
        redacted.reply().unwrap(),
    )
}

fn streamed(format: &Format, reply: &mut ReplyRedactor, pieces: &[&str]) -> String {
    let mut events: Vec<String> = pieces.iter().map(|piece| (format.piece)(piece)).collect();
    events.extend((format.ends)());
    format.read_all(&through(reply, events.iter().map(String::as_str)))
}

#[test]
fn the_same_value_has_the_same_stand_in_for_one_key_and_another_for_others() {
    let redactor = redactor(&stand_ins());
    let (first, _) = sent(&redactor, &secretive(), ANN);
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(first[0].starts_with("NENYA_EMAIL_") && first[1].starts_with("NENYA_SECRET_"));
    let later = format!("once more {MAIL} and {MAIL}");
    assert_eq!(sent(&redactor, &later, ANN).0, [&*first[0], &*first[0]]);
    let bob = Who {
        key_id: "bob",
        ..ANN
    };
    assert_ne!(sent(&redactor, &later, bob).0[0], first[0]);
}

#[test]
fn a_stand_in_comes_back_at_every_cut_and_in_every_text() {
    let redactor = redactor(&stand_ins());
    let (names, _) = sent(&redactor, &secretive(), ANN);
    let text = format!("to {} say \"{}\".", names[0], names[1]);
    let expected = format!("to {MAIL} say \"{PASSWORD}\".");
    for format in TEXTS {
        for cut in 0..=text.len() {
            let (_, mut reply) = sent(&redactor, &secretive(), ANN);
            let (head, tail) = text.split_at(cut);
            let read = streamed(format, &mut reply, &[head, tail]);
            assert_eq!(read, expected, "{} at {cut}", format.name);
        }
    }
}

#[test]
fn in_tool_arguments_it_is_escaped_as_json_wants_it() {
    let redactor = redactor(&stand_ins());
    let (names, _) = sent(&redactor, &secretive(), ANN);
    let arguments = format!(
        r#"{{"to": "{}", "body": "it is\n{}!"}}"#,
        names[0], names[1]
    );
    let expected = json!({"to": MAIL, "body": format!("it is\n{PASSWORD}!")});
    for format in ARGUMENTS {
        for cut in 0..=arguments.len() {
            let (_, mut reply) = sent(&redactor, &secretive(), ANN);
            let (head, tail) = arguments.split_at(cut);
            let read = streamed(format, &mut reply, &[head, tail]);
            let read: serde_json::Value = serde_json::from_str(&read).unwrap();
            assert_eq!(read, expected, "{} at {cut}", format.name);
        }
    }
}

#[test]
fn other_spellings_come_back_too() {
    let redactor = redactor(&stand_ins());
    let (names, _) = sent(&redactor, MAIL, ANN);
    for spelt in [
        names[0].to_lowercase(),
        names[0].replace('_', "\\_"),
        names[0].replace('_', "-"),
        names[0].replace('_', " "),
        names[0].replace('_', "\\\\_"),
        names[0].replace('_', "&#95;"),
        names[0].replace('_', "\\u005f"),
    ] {
        for cut in 0..=spelt.len() {
            let (_, mut reply) = sent(&redactor, MAIL, ANN);
            let (head, tail) = spelt.split_at(cut);
            assert_eq!(
                streamed(&TEXTS[0], &mut reply, &[head, tail]),
                MAIL,
                "{spelt} at {cut}"
            );
        }
    }
}

#[test]
fn a_stand_in_comes_back_behind_whatever_stands_before_it() {
    let redactor = redactor(&stand_ins());
    let (names, _) = sent(&redactor, &secretive(), ANN);
    for before in ["mysql -p", "1", "\\x1b", "é", "NENYA_", names[1].as_str()] {
        let text = format!("{before}{}{}.", names[0], names[1]);
        let before = before.replace(&names[1], PASSWORD);
        let expected = format!("{before}{MAIL}{PASSWORD}.");
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (_, mut reply) = sent(&redactor, &secretive(), ANN);
            let (head, tail) = text.split_at(cut);
            let read = streamed(&TEXTS[0], &mut reply, &[head, tail]);
            assert_eq!(read, expected, "{text} at {cut}");
        }
    }
}

/// JSON in a string of JSON, and so on, around a text.
fn nested(depth: usize, text: &str) -> String {
    (0..depth).fold(text.to_owned(), |text, _| {
        json!({"a": "say \"no\" to C:\\", "x": text}).to_string()
    })
}

#[test]
fn in_json_within_json_it_is_escaped_as_often_as_it_is_nested() {
    let redactor = redactor(&stand_ins());
    let (names, _) = sent(&redactor, &secretive(), ANN);
    for depth in 1..=4 {
        let text = nested(depth, &names[1]);
        let expected = nested(depth, PASSWORD);
        for format in [&TEXTS[0], &ARGUMENTS[0]] {
            for cut in 0..=text.len() {
                let (_, mut reply) = sent(&redactor, &secretive(), ANN);
                let (head, tail) = text.split_at(cut);
                let read = streamed(format, &mut reply, &[head, tail]);
                assert_eq!(read, expected, "{} at {cut}", format.name);
            }
        }
        let body = |text: &str| {
            json!({"choices": [{"index": 0, "message": {"content": text, "tool_calls": [{"id": "c",
                "function": {"name": "f", "arguments": text}}]}}]})
        };
        let (_, reply) = sent(&redactor, &secretive(), ANN);
        let out = whole(&redactor, reply, &body(&text).to_string()).unwrap();
        let out: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(out, body(&expected));
    }
}

#[test]
fn in_json_in_prose_it_is_escaped_and_beside_it_is_not() {
    let redactor = redactor(&stand_ins());
    let (names, _) = sent(&redactor, &secretive(), ANN);
    let quoted = serde_json::to_string(PASSWORD).unwrap();
    let text = |quoted: &str, plain: &str| {
        format!(
            "Say \"{plain}\":\n```json\n{{\n  \"k\": {quoted},\n  \"l\": [{quoted}]\n}}\n```\n\"{plain}\" it is."
        )
    };
    let expected = text(&quoted, PASSWORD);
    let text = text(&format!("\"{}\"", names[1]), &names[1]);
    for cut in 0..=text.len() {
        let (_, mut reply) = sent(&redactor, &secretive(), ANN);
        let (head, tail) = text.split_at(cut);
        assert_eq!(
            streamed(&TEXTS[0], &mut reply, &[head, tail]),
            expected,
            "{cut}"
        );
    }
    let body = |text: &str| json!({"choices": [{"index": 0, "message": {"content": text}}]});
    let (_, reply) = sent(&redactor, &secretive(), ANN);
    let out = whole(&redactor, reply, &body(&text).to_string()).unwrap();
    let out: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(out, body(&expected));
}

#[test]
fn whole_replies_get_the_values_back_everywhere() {
    let redactor = redactor(&stand_ins());
    let (names, reply) = sent(&redactor, &secretive(), ANN);
    let body = |mail: &str, password: &str| {
        let arguments = json!({"to": mail, "body": password}).to_string();
        json!({"choices": [{"index": 0, "message": {"content": format!("{mail}: {password}"),
            "reasoning_content": mail, "tool_calls": [{"id": "c", "function":
            {"name": "mail", "arguments": arguments}}]}}]})
    };
    let out = whole(&redactor, reply, &body(&names[0], &names[1]).to_string()).unwrap();
    let out: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(out, body(MAIL, PASSWORD));
}

#[test]
fn later_requests_of_the_key_get_values_of_earlier_ones_and_nobody_else_does() {
    let redactor = redactor(&stand_ins());
    let (names, _) = sent(&redactor, MAIL, ANN);
    let (_, mut later) = sent(&redactor, "hello", ANN);
    assert_eq!(streamed(&TEXTS[0], &mut later, &[&names[0]]), MAIL);
    let bob = Who {
        key_id: "bob",
        ..ANN
    };
    let (_, mut other) = sent(&redactor, "hello", bob);
    assert_eq!(streamed(&TEXTS[0], &mut other, &[&names[0]]), names[0]);
}

#[test]
fn what_the_store_forgets_its_own_reply_still_has() {
    let config = RedactionConfig {
        placeholders: PlaceholderLimits {
            bytes: 0,
            ..PlaceholderLimits::default()
        },
        ..stand_ins()
    };
    let redactor = redactor(&config);
    let (names, mut reply) = sent(&redactor, MAIL, ANN);
    assert_eq!(streamed(&TEXTS[0], &mut reply, &[&names[0]]), MAIL);
}

#[test]
fn a_stand_in_in_a_request_stays_and_is_no_secret() {
    let redactor = redactor(&stand_ins());
    let (names, _) = sent(&redactor, &secretive(), ANN);
    let body = message(&format!("password = \"{}\" and {}", names[1], names[0]));
    let redacted = ask(&redactor, &body, ANN).unwrap();
    assert_eq!(redacted.get().body(), &body);
}
