//! Requests, replies and streams that other formats brought.

use serde_json::{Value, json};

use super::*;
use crate::canonical::effort::Effort;
use crate::canonical::parts::*;
use crate::canonical::reply::*;
use crate::canonical::request::*;
use crate::canonical::seal::Seal;
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::formats::golden;

fn text(text: &str) -> Part<'_> {
    Part::text(Text::plain(text))
}

fn foreign<'a>(turns: Vec<Turn<'a>>) -> Request<'a> {
    let mut request = Request::new(ApiFormat::Anthropic);
    request.turns = turns;
    request
}

fn user<'a>(parts: Vec<Part<'a>>) -> Turn<'a> {
    Turn::new(Role::User, parts)
}

fn written(request: &Request<'_>) -> (Value, Vec<String>) {
    let mut notes = Notes::new(OWN, false);
    let body = OpenAiChat.write_request(request, &golden::target(), &mut notes);
    (
        serde_json::from_slice(&body.unwrap()).unwrap(),
        notes.into_fields(),
    )
}

fn refused(request: &Request<'_>) -> String {
    let mut notes = Notes::new(OWN, false);
    let outcome = OpenAiChat.write_request(request, &golden::target(), &mut notes);
    outcome.unwrap_err().field().to_owned()
}

fn image() -> Part<'static> {
    let source = MediaSource::Base64(Text::plain("iVBORw0KGgoAAA=="));
    Part::new(PartKind::Media(Media::new(MediaKind::Image, source)))
}

fn result(id: &'static str, content: Vec<Part<'static>>, failed: bool) -> Turn<'static> {
    let result = ToolResult {
        id: Some(Text::plain(id)),
        name: Some(Text::plain("look")),
        content,
        structured: None,
        failed: Some(failed),
        custom: false,
    };
    Turn::new(Role::Tool, vec![Part::new(PartKind::Result(result))])
}

#[test]
fn an_image_in_a_result_follows_after_the_last_result() {
    let request = foreign(vec![
        result("a", vec![text("seen"), image()], false),
        result("b", vec![image()], false),
        user(vec![text("And?")]),
    ]);
    let (body, notes) = written(&request);
    let url = "data:image/png;base64,iVBORw0KGgoAAA==";
    let picture = json!({"type": "image_url", "image_url": {"url": url}});
    let expected = json!([
        {"role": "tool", "tool_call_id": "a", "content": "seen"},
        {"role": "tool", "tool_call_id": "b", "content": "See the next message."},
        {"role": "user", "content": [
            {"type": "text", "text": "From the result of call a:"}, picture,
            {"type": "text", "text": "From the result of call b:"}, picture,
        ]},
        {"role": "user", "content": "And?"},
    ]);
    assert_eq!(body["messages"], expected);
    assert!(notes.is_empty());
}

#[test]
fn a_failed_result_says_so_in_its_text_once() {
    let request = foreign(vec![
        result("a", vec![text("no such file")], true),
        result("b", vec![text("Error: no such file")], true),
        user(vec![text("And?")]),
    ]);
    let (body, _) = written(&request);
    assert_eq!(body["messages"][0]["content"], "error: no such file");
    assert_eq!(body["messages"][1]["content"], "Error: no such file");
}

fn thought(seal: Option<Seal<'static>>) -> Part<'static> {
    Part::new(PartKind::Thinking(Thought {
        texts: vec![Text::plain("hm")],
        seal,
        ..Thought::default()
    }))
}

fn own_seal(provider: &'static str, value: &'static str) -> Option<Seal<'static>> {
    Some(Seal::fresh(OWN, provider, Text::plain(value)))
}

#[test]
fn thinking_goes_home_in_its_dialect_and_nowhere_else() {
    let detail = r#"{"type":"reasoning.text","signature":"s","index":0}"#;
    let parts = vec![
        thought(own_seal("upstream", r#"{"type":"reasoning_content"}"#)),
        thought(own_seal("upstream", detail)),
        thought(own_seal("another", r#"{"type":"reasoning"}"#)),
        thought(Some(Seal::fresh(
            ApiFormat::Anthropic,
            "upstream",
            Text::plain("sig"),
        ))),
        thought(None),
        text("Three."),
    ];
    let assistant = Turn::new(Role::Assistant, parts);
    let (body, notes) = written(&foreign(vec![assistant, user(vec![text("Sure?")])]));
    let expected = json!({
        "role": "assistant", "content": "Three.", "reasoning_content": "hm",
        "reasoning_details":
            [{"type": "reasoning.text", "text": "hm", "signature": "s", "index": 0}],
    });
    assert_eq!(body["messages"][0], expected);
    assert!(notes.is_empty());
}

#[test]
fn an_answer_of_nothing_but_foreign_thinking_is_left_out() {
    let silent = Turn::new(Role::Assistant, vec![thought(None)]);
    let (body, _) = written(&foreign(vec![silent, user(vec![text("Go on.")])]));
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": "Go on."}])
    );
}

#[test]
fn a_clients_sealed_details_come_back_as_the_seal_that_went_out() {
    let mut thought = Thought {
        texts: vec![Text::plain("hm")],
        seal: Some(Seal::fresh(
            ApiFormat::Anthropic,
            "claude",
            Text::plain("sig"),
        )),
        ..Thought::default()
    };
    thought.id = Some(Text::plain("rs_1"));
    let choice = Choice {
        parts: vec![Part::new(PartKind::Thinking(thought)), text("Three.")],
        ..Choice::default()
    };
    let reply = Reply {
        from: Some(ApiFormat::Anthropic),
        choices: vec![choice],
        ..Reply::default()
    };
    let mut notes = Notes::new(OWN, false);
    let body = OpenAiChat
        .write_reply(&reply, &golden::asked(), &mut notes)
        .unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let message = &body["choices"][0]["message"];
    assert_eq!(message["reasoning_content"], "hm");
    let back = json!({"model": "m", "messages": [message]}).to_string();
    let source = Source {
        body: crate::canonical::raw::parse(&back).unwrap(),
        stream: false,
    };
    let request = OpenAiChat.read_request(&source).unwrap();
    let PartKind::Thinking(thought) = &request.turns[0].parts[0].kind else {
        panic!("no thinking: {request:?}");
    };
    let seal = thought.seal.as_ref().unwrap();
    let home = seal.for_upstream(ApiFormat::Anthropic, "claude");
    assert_eq!(home, Some(Text::plain("sig")));
    assert_eq!(thought.id, Some(Text::plain("rs_1")));
    assert_eq!(thought.texts, [Text::plain("hm")]);
    // A provider of this format would not know them.
    let (body, _) = written(&request);
    assert_eq!(
        body["messages"][0],
        json!({"role": "assistant", "content": "Three."})
    );
}

#[test]
fn the_seal_of_a_call_travels_beside_it() {
    let call = Call {
        id: Some(Text::plain("c")),
        name: Text::plain("look"),
        input: CallInput::Spelt(Text::plain("{}")),
        seal: Some(Seal::fresh(ApiFormat::Gemini, "google", Text::plain("sig"))),
    };
    let choice = Choice {
        parts: vec![Part::new(PartKind::Call(call))],
        stop: Stop::of(StopReason::ToolCalls),
        ..Choice::default()
    };
    let reply = Reply {
        choices: vec![choice],
        ..Reply::default()
    };
    let mut notes = Notes::new(OWN, false);
    let body = OpenAiChat
        .write_reply(&reply, &golden::asked(), &mut notes)
        .unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let message = &body["choices"][0]["message"];
    let carried = &message["tool_calls"][0]["extra_content"]["nenya"];
    assert_eq!(carried, "nenya1.gemini.google.sig");
    let back = json!({"messages": [message]}).to_string();
    let source = Source {
        body: crate::canonical::raw::parse(&back).unwrap(),
        stream: false,
    };
    let request = OpenAiChat.read_request(&source).unwrap();
    let PartKind::Call(call) = &request.turns[0].parts[0].kind else {
        panic!("no call: {request:?}");
    };
    let seal = call.seal.as_ref().unwrap();
    assert!(seal.for_upstream(ApiFormat::Gemini, "google").is_some());
    assert!(written(&request).0["messages"][0]["tool_calls"][0]["extra_content"].is_null());
}

#[test]
fn how_hard_to_think_is_one_word() {
    let words = [
        (
            Thinking {
                mode: Some(ThinkingMode::Off),
                ..Thinking::default()
            },
            json!("none"),
        ),
        (
            Thinking {
                mode: Some(ThinkingMode::On),
                ..Thinking::default()
            },
            json!("medium"),
        ),
        (
            Thinking {
                effort: Some(Effort::Max),
                ..Thinking::default()
            },
            json!("xhigh"),
        ),
        (Thinking::default(), Value::Null),
    ];
    for (thinking, word) in words {
        let mut request = foreign(vec![user(vec![text("?")])]);
        request.thinking = thinking;
        assert_eq!(written(&request).0["reasoning_effort"], word);
    }
}

#[test]
fn what_this_format_cannot_say_is_refused_or_noted() {
    let prefill = foreign(vec![Turn::new(Role::Assistant, vec![text("{")])]);
    assert_eq!(refused(&prefill), "prefill of the answer");
    let video = Media::new(
        MediaKind::Video,
        MediaSource::Url(Text::plain("https://a.example")),
    );
    let video = foreign(vec![user(vec![Part::new(PartKind::Media(video))])]);
    assert_eq!(refused(&video), "video");
    let by_id = Media::new(MediaKind::Image, MediaSource::FileId(Text::plain("file_1")));
    let by_id = foreign(vec![user(vec![Part::new(PartKind::Media(by_id))])]);
    assert_eq!(refused(&by_id), "image");
    let mut hints = foreign(vec![user(vec![text("?")])]);
    let number = crate::canonical::raw::parse("40").unwrap();
    hints.sampling.top_k = Some(number);
    hints.user = Some(Text::plain("u".repeat(65)));
    assert_eq!(written(&hints).1, ["top_k", "user"]);
}

fn streamed(steps: &[Step<'_>]) -> Vec<Value> {
    let mut writer = OpenAiChat.stream_writer(&golden::asked());
    let mut out = Vec::new();
    for step in steps {
        writer.step(step, &mut out).unwrap();
    }
    let events = golden::events_of(&out, false);
    let documents = events.iter().filter(|(_, data)| data != b"[DONE]");
    documents
        .map(|(_, data)| serde_json::from_slice(data).unwrap())
        .collect()
}

const AT: Block = Block {
    choice: 0,
    number: 0,
};

#[test]
fn a_call_without_input_gets_an_empty_object() {
    let head = BlockHead::Call {
        id: Some(Text::plain("c")),
        name: Text::plain("now"),
        custom: false,
    };
    let events = streamed(&[
        Step::Start(Start::default()),
        Step::Open { at: AT, head },
        Step::Close { at: AT },
        Step::Stop {
            choice: 0,
            stop: Stop::of(StopReason::ToolCalls),
        },
        Step::End,
    ]);
    let deltas: Vec<_> = events
        .iter()
        .map(|event| &event["choices"][0]["delta"])
        .collect();
    assert_eq!(deltas[1]["tool_calls"][0]["function"]["arguments"], "");
    assert_eq!(deltas[2]["tool_calls"][0]["function"]["arguments"], "{}");
    assert_eq!(events[3]["choices"][0]["finish_reason"], "tool_calls");
}

#[test]
fn a_citation_of_a_whole_block_covers_its_characters() {
    let citation = Citation {
        url: Some(Text::plain("https://a.example")),
        ..Citation::default()
    };
    let events = streamed(&[
        Step::Start(Start::default()),
        Step::Open {
            at: AT,
            head: BlockHead::Text,
        },
        Step::Cite { at: AT, citation },
        Step::Delta {
            at: AT,
            text: Text::Spelt(r"caf\u00e9 🙂".into()),
        },
        Step::Close { at: AT },
        Step::End,
    ]);
    let cited = &events[2]["choices"][0]["delta"]["annotations"][0]["url_citation"];
    assert_eq!(
        (&cited["start_index"], &cited["end_index"]),
        (&json!(0), &json!(6))
    );
}

#[test]
fn an_answer_that_broke_off_is_an_error_and_nothing_follows() {
    let mut writer = OpenAiChat.stream_writer(&golden::asked());
    let mut out = Vec::new();
    let stop = Stop::of(StopReason::Malformed);
    for step in [
        Step::Start(Start::default()),
        Step::Stop { choice: 0, stop },
        Step::End,
    ] {
        writer.step(&step, &mut out).unwrap();
    }
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.contains("upstream_malformed") && !text.contains("[DONE]"),
        "{text}"
    );
}
