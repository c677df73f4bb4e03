//! What a stream leaves out is told, and nothing follows its end.

use bytes::Bytes;
use memchr::memmem;

use super::ReplyTranslator;
use super::pair_tests::{pairs, streams};
use crate::aws_event_stream::write_frame;
use crate::format::ApiFormat;
use crate::formats::golden::asked;

/// What a stream gives a client, and the translator that it went through.
fn through(
    from: ApiFormat,
    to: ApiFormat,
    stream: &[u8],
    size: usize,
) -> (Vec<u8>, ReplyTranslator) {
    let mut translator = ReplyTranslator::new(from, to, &asked());
    let mut out = Vec::new();
    for chunk in stream.chunks(size) {
        if let Ok(pushed) = translator.push(Bytes::copy_from_slice(chunk)) {
            out.extend_from_slice(&pushed);
        }
    }
    out.extend_from_slice(&translator.end().unwrap_or_default());
    (out, translator)
}

/// The last word of a field's name.
fn word(note: &str) -> &str {
    note.rsplit(['.', ']']).next().unwrap_or(note)
}

/// Whether a stream tells a note of its whole reply by another name, or has not got the field.
fn is_told(note: &str, noted: &[String], whole: &[u8], stream: &[u8]) -> bool {
    let has = |body: &[u8]| memmem::find(body, format!("\"{}\"", word(note)).as_bytes()).is_some();
    let kinds = ["content", "part", "content[].type"];
    noted.iter().any(|told| word(told) == word(note))
        || (kinds.contains(&note) && noted.iter().any(|told| is_block(told)))
        // Pieces of Responses have them without bytes, as have those of its documents.
        || note == "logprobs.bytes"
        || (note == "redacted_thinking" && noted.iter().any(|told| told == "signature"))
        || (has(whole) && !has(stream))
}

fn is_block(told: &str) -> bool {
    told.starts_with("content[].") || matches!(told, "audio" | "image")
}

#[test]
fn what_a_whole_reply_notes_its_stream_notes_too() {
    let mut silent = Vec::new();
    for (from, to) in pairs() {
        for (case, stream, whole) in streams(from) {
            let Ok((reply, _)) = super::convert_reply(&whole, from, to, &asked()) else {
                continue;
            };
            let (_, translator) = through(from, to, &stream, usize::MAX);
            let noted = translator.notes();
            let all = reply.notes.iter();
            for note in all.filter(|note| !is_told(note, noted, &whole, &stream)) {
                silent.push(format!("{from} -> {to}: {case}: `{note}`, noted {noted:?}"));
            }
        }
    }
    assert!(
        silent.is_empty(),
        "{}:\n{}",
        silent.len(),
        silent.join("\n")
    );
}

/// The comment lines of a stream of events.
fn comments(events: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(events).into_owned();
    let lines = text
        .lines()
        .filter(|line| line.starts_with(": nenya-notes: "));
    lines.map(str::to_owned).collect()
}

#[test]
fn notes_stand_in_a_comment_before_the_final_event_where_clients_skip_comments() {
    let mut noted = 0;
    for (from, to) in pairs() {
        for (case, stream, _) in streams(from) {
            let (out, translator) = through(from, to, &stream, 7);
            let told = comments(&out);
            let reads = !matches!(
                to,
                ApiFormat::Gemini | ApiFormat::Bedrock | ApiFormat::Ollama
            );
            let due = reads && translator.progress().done && !translator.notes().is_empty();
            assert_eq!(
                told.len(),
                usize::from(due),
                "{from} -> {to}: {case}: {told:?}"
            );
            let Some(told) = told.first() else { continue };
            let text = String::from_utf8_lossy(&out);
            let behind = text.split_once(told.as_str()).map(|(_, behind)| behind);
            let behind = behind.unwrap_or_default().trim();
            assert!(
                !behind.is_empty(),
                "{from} -> {to}: {case}: nothing behind {told}"
            );
            noted += 1;
        }
    }
    assert!(noted > 50, "{noted}");
}

/// An event of the format that says nothing new, as it is on the wire.
fn more_of(format: ApiFormat) -> Vec<u8> {
    match format {
        ApiFormat::Bedrock => {
            let mut frame = Vec::new();
            write_frame(
                "contentBlockDelta",
                br#"{"contentBlockIndex":9,"delta":{"text":"more"}}"#,
                false,
                &mut frame,
            );
            frame
        }
        ApiFormat::Ollama => b"{\"message\":{\"content\":\"more\"},\"done\":false}\n".to_vec(),
        _ => b"event: more\ndata: {\"type\":\"more\",\"choices\":[]}\n\n".to_vec(),
    }
}

#[test]
fn nothing_passes_behind_the_final_event_of_an_equal_format() {
    for format in ApiFormat::ALL {
        let all = streams(format);
        let (case, stream, _) = all.iter().find(|(case, ..)| case == "plain").unwrap();
        let (clean, translator) = through(format, format, stream, usize::MAX);
        assert!(translator.progress().done, "{format}: {case}");
        // What ends a stream of Gemini is the end of the connection.
        let more = match format {
            ApiFormat::Gemini => b"data: [DONE]\n\n".to_vec(),
            _ => more_of(format),
        };
        let longer = [stream.as_slice(), &more, &more].concat();
        for size in [usize::MAX, 1, 7, 64] {
            let (out, translator) = through(format, format, &longer, size);
            let progress = translator.progress();
            assert_eq!(
                progress.usage,
                through(format, format, stream, size).1.progress().usage
            );
            assert!(
                progress.done && progress.after_end > 0,
                "{format}: {size}: {progress:?}"
            );
            let text = String::from_utf8_lossy(&out);
            // Of an event that came in pieces the beginning may be out; the edge drops it.
            assert!(out.starts_with(&clean), "{format}: {size}: {text}");
            let torn = text.get(clean.len()..).unwrap_or_default();
            assert!(!torn.contains("\n\n"), "{format}: {size}: {torn}");
            assert!(size != usize::MAX || torn.is_empty(), "{format}: {torn}");
            assert!(translator.is_over(), "{format}: {size}");
        }
    }
}

#[test]
fn the_text_of_a_stream_is_measured_whether_it_passes_or_is_converted() {
    for from in ApiFormat::ALL {
        let all = streams(from);
        let (_, stream, _) = all.iter().find(|(case, ..)| case == "plain").unwrap();
        for to in ApiFormat::ALL {
            let (_, translator) = through(from, to, stream, 64);
            let text = "The sky is blue because the air scatters blue light more than red.";
            let seen = translator.progress().text_bytes;
            assert!(
                seen > 20 && seen < 4 * text.len() as u64,
                "{from} -> {to}: {seen}"
            );
        }
    }
}

#[test]
fn a_sentence_in_the_place_of_an_event_is_a_failure_that_the_client_is_not_shown() {
    for from in [ApiFormat::Cohere, ApiFormat::Bedrock] {
        let said = br#"{"message":"model overloaded"}"#;
        let mut event = Vec::new();
        match from {
            ApiFormat::Bedrock => write_frame("", said, false, &mut event),
            _ => event = [b"data: ".as_slice(), said, b"\n\n"].concat(),
        }
        for to in ApiFormat::ALL {
            let (out, translator) = through(from, to, &event, usize::MAX);
            let progress = translator.progress();
            let failure = progress.failure.as_ref().unwrap();
            assert_eq!(failure.message, "model overloaded", "{from} -> {to}");
            assert!(out.is_empty() && !progress.failure_shown, "{from} -> {to}");
        }
    }
}

#[test]
fn calls_that_come_interleaved_go_out_one_after_the_other_to_clients_of_chat() {
    let piece = |index: u64, rest: &str| {
        format!(
            "event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":{index},\"delta\":{{\"type\":\"input_json_delta\",\"partial_json\":\"{rest}\"}}}}\n\n"
        )
    };
    let open = |index: u64| {
        format!(
            "event: content_block_start\ndata: {{\"type\":\"content_block_start\",\"index\":{index},\"content_block\":{{\"type\":\"tool_use\",\"id\":\"t{index}\",\"name\":\"n{index}\",\"input\":{{}}}}}}\n\n"
        )
    };
    let close = |index: u64| {
        format!(
            "event: content_block_stop\ndata: {{\"type\":\"content_block_stop\",\"index\":{index}}}\n\n"
        )
    };
    let stream = [
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"c\",\"usage\":{\"input_tokens\":1}}}\n\n".to_owned(),
        open(0),
        piece(0, "{"),
        open(1),
        piece(1, "["),
        piece(0, "}"),
        close(1),
        open(2),
        piece(2, "{}"),
        close(0),
        close(2),
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":3}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n".to_owned(),
    ]
    .concat();
    let (out, translator) = through(
        ApiFormat::Anthropic,
        ApiFormat::OpenAiChat,
        stream.as_bytes(),
        50,
    );
    assert!(translator.progress().done, "{:?}", translator.progress());
    let mut seen: Vec<(u64, String)> = Vec::new();
    for event in crate::sse::events(&out) {
        let data: serde_json::Value =
            serde_json::from_slice(&event.data.unwrap_or_default()).unwrap_or_default();
        let Some(call) = data["choices"][0]["delta"]["tool_calls"].get(0) else {
            continue;
        };
        let index = call["index"].as_u64().unwrap();
        let more = call["function"]["arguments"].as_str().unwrap_or_default();
        match seen.last_mut().filter(|(last, _)| *last == index) {
            Some((_, all)) => all.push_str(more),
            None => seen.push((index, more.to_owned())),
        }
    }
    let wanted = [(0, "{}"), (1, "["), (2, "{}")].map(|(index, all)| (index, all.to_owned()));
    assert_eq!(seen, wanted);
}
