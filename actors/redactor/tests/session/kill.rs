//! Commands that end a reply.

use nenya_redactor::{Blocked, Passed, RedactError, RedactionConfig, ReplyRedactor};
use serde_json::json;

use super::formats::{ARGUMENTS, Format, TEXTS};
use super::support::{redactor, reply, whole};

fn config() -> RedactionConfig {
    RedactionConfig {
        blocked: Blocked::Patterns(vec![r"rm\s+-rf\s+/\w*".to_owned()]),
        ..RedactionConfig::default()
    }
}

/// What a client reads until the reply is ended, and why it was.
fn until_ended(
    format: &Format,
    reply: &mut ReplyRedactor,
    pieces: &[&str],
) -> (String, Option<RedactError>) {
    let mut events: Vec<String> = pieces.iter().map(|piece| (format.piece)(piece)).collect();
    events.extend((format.ends)());
    let mut out = Vec::new();
    for event in events {
        match reply.events(event.into()) {
            Passed::All(bytes) => out.extend_from_slice(&bytes),
            Passed::UpTo(bytes, error) => {
                out.extend_from_slice(&bytes);
                let out = String::from_utf8(out).unwrap();
                return (format.read_all(&out), Some(error));
            }
        }
    }
    (format.read_all(&String::from_utf8(out).unwrap()), None)
}

#[test]
fn a_command_ends_the_stream_wherever_it_is_cut_and_nothing_of_it_gets_out() {
    let redactor = redactor(&config());
    let text = "{\"command\": \"so then rm -rf /home and go on\"}";
    let command = text.find("rm").unwrap();
    for format in TEXTS.iter().chain(ARGUMENTS) {
        for cut in 0..=text.len() {
            let (head, tail) = text.split_at(cut);
            let (read, ended) = until_ended(format, &mut reply(&redactor), &[head, tail]);
            let Some(RedactError::Blocked {
                rule,
                place,
                findings,
            }) = ended
            else {
                panic!("{} at {cut}: {ended:?}", format.name)
            };
            assert!(
                text[..command].starts_with(&read),
                "{} at {cut}: {read}",
                format.name
            );
            assert_eq!((rule.as_str(), findings.total()), ("blocked-0", 1));
            assert!(!place.is_empty());
        }
    }
}

#[test]
fn a_command_refuses_a_whole_reply_in_text_and_in_tool_arguments() {
    let redactor = redactor(&config());
    for message in [
        json!({"content": "rm -rf /home"}),
        json!({"tool_calls": [{"function": {"name": "sh", "arguments": r#"{"c":"rm \u002drf /home"}"#}}]}),
    ] {
        let body = json!({"choices": [{"index": 0, "message": message}]}).to_string();
        let refused = whole(&redactor, reply(&redactor), &body);
        let Err(RedactError::Blocked { place, .. }) = refused else {
            panic!("{refused:?}")
        };
        assert!(place.starts_with("choices[0].message."), "{place}");
    }
}

#[test]
fn a_command_at_the_very_end_ends_the_stream_too() {
    let redactor = redactor(&config());
    let mut reply = reply(&redactor);
    let event = (TEXTS[0].piece)("now rm -rf /home");
    assert!(matches!(reply.events(event.into()), Passed::All(_)));
    assert!(matches!(reply.finish(), Err(RedactError::Blocked { .. })));
}

#[test]
fn in_plain_text_what_stands_before_a_command_passes() {
    let redactor = redactor(&config());
    let mut reply = reply(&redactor);
    let Passed::UpTo(bytes, RedactError::Blocked { place, .. }) =
        reply.text(b"now rm -rf /home, yes")
    else {
        panic!("it passed")
    };
    assert_eq!((bytes.as_ref(), place.as_str()), (&b"now "[..], "body"));
}

#[test]
fn text_before_a_command_in_the_same_event_passes() {
    let redactor = redactor(&config());
    let (read, ended) = until_ended(
        &TEXTS[0],
        &mut reply(&redactor),
        &["so then rm -rf /home, yes"],
    );
    assert!(ended.is_some());
    assert_eq!(read, "so then ");
}

#[test]
fn other_commands_pass() {
    let redactor = redactor(&config());
    let (read, ended) = until_ended(&TEXTS[0], &mut reply(&redactor), &["rm ", "-r ./home"]);
    assert_eq!((read.as_str(), ended), ("rm -r ./home", None));
}
