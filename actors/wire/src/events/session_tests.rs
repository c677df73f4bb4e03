use super::*;
use crate::texts::TextKind;

fn read(data: &str) -> EventTexts {
    session_event_texts(data.as_bytes()).unwrap()
}

fn delta(kind: &str, response: &str, item: &str, text: &str) -> String {
    format!(
        r#"{{"type":"{kind}","event_id":"e","response_id":"{response}","item_id":"{item}","output_index":0,"content_index":0,"delta":"{text}"}}"#
    )
}

fn key(data: &str) -> SlotKey {
    let event = read(data);
    assert_eq!(event.slots().len(), 1, "{data}");
    assert_eq!(event.slots()[0].flow, Flow::Delta, "{data}");
    event.slots()[0].key
}

const TEXT: &str = "response.output_text.delta";

#[test]
fn what_goes_on_is_told_apart_by_response_and_item() {
    let one = key(&delta(TEXT, "r1", "i1", "a"));
    assert_eq!(one, key(&delta(TEXT, "r1", "i1", "b")));
    for (response, item) in [("r2", "i1"), ("r1", "i2")] {
        assert_ne!(one, key(&delta(TEXT, response, item, "a")));
    }
    let said = key(&delta(
        "response.output_audio_transcript.delta",
        "r1",
        "i1",
        "a",
    ));
    assert_ne!(one, said);
}

#[test]
fn every_delta_ends_with_the_event_that_repeats_it() {
    for kind in [
        "response.output_text",
        "response.output_audio_transcript",
        "response.function_call_arguments",
        "response.mcp_call_arguments",
        "response.text",
        "response.audio_transcript",
    ] {
        let key = key(&delta(&format!("{kind}.delta"), "r1", "i1", "a"));
        let done = delta(&format!("{kind}.done"), "r1", "i1", "").replace("delta\":", "text\":");
        assert!(read(&done).ends_key(key), "{kind}");
        let other = done.replace("\"r1\"", "\"r2\"");
        assert!(!read(&other).ends_key(key), "{kind}");
        let over = r#"{"type":"response.output_item.done","response_id":"r1","output_index":0,"item":{"id":"i1","type":"message"}}"#;
        assert!(read(over).ends_key(key), "{kind}");
        let over = r#"{"type":"response.done","event_id":"e","response":{"id":"r1","object":"realtime.response"}}"#;
        assert!(read(over).ends_key(key), "{kind}");
    }
    let heard = "conversation.item.input_audio_transcription";
    let piece =
        format!(r#"{{"type":"{heard}.delta","item_id":"i9","content_index":0,"delta":"a"}}"#);
    for last in ["completed", "failed"] {
        let over = format!(
            r#"{{"type":"{heard}.{last}","item_id":"i9","content_index":0,"transcript":"a"}}"#
        );
        assert!(read(&over).ends_key(key(&piece)), "{last}");
    }
}

#[test]
fn nothing_of_another_reply_ends() {
    let key = key(&delta(TEXT, "r1", "i1", "a"));
    for other in [
        r#"{"type":"error","event_id":"e","error":{"type":"invalid_request_error","message":"m"}}"#,
        r#"{"type":"response.done","response":{"id":"r2"}}"#,
        r#"{"type":"response.output_item.added","response_id":"r2","item":{"id":"i2","type":"function_call","arguments":""}}"#,
        r#"{"type":"conversation.item.added","item":{"id":"i2","type":"function_call"}}"#,
        r#"{"type":"input_audio_buffer.speech_started","item_id":"i1"}"#,
    ] {
        assert!(!read(other).ends_key(key), "{other}");
    }
}

#[test]
fn sound_is_no_text_however_short_and_arguments_are_json() {
    for kind in ["response.output_audio.delta", "response.audio.delta"] {
        let event = read(&delta(kind, "r1", "i1", "AAAA+/8="));
        assert!(event.slots().is_empty(), "{kind}");
        let told = read(&delta(kind, "r1", "i1", "no sound at all"));
        assert_eq!(told.slots().len(), 1, "{kind}");
    }
    let event = read(&delta(
        "response.function_call_arguments.delta",
        "r",
        "i",
        "{",
    ));
    assert_eq!(event.slots()[0].span.kind, TextKind::Json);
}

#[test]
fn held_text_comes_out_in_an_event_of_the_same_reply() {
    let data = delta(TEXT, "r1", "i1", "abc");
    let slot = read(&data).slots()[0];
    let made = only_slot(data.as_bytes(), &slot, "x");
    let expected = delta(TEXT, "r1", "i1", "x");
    assert_eq!(std::str::from_utf8(&made).unwrap(), expected);
}
