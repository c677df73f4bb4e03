//! Requests and replies of no format in particular, as they come from others.

use serde_json::{Value, json};

use super::FORMAT;
use crate::canonical::effort::Effort;
use crate::canonical::notes::Notes;
use crate::canonical::parts::{
    CacheMark, Call, CallInput, Citation, Media, MediaKind, MediaSource, Part, PartKind, Thought,
    ToolResult,
};
use crate::canonical::raw;
use crate::canonical::reply::{Choice, Counts, Reply, Stop, StopReason};
use crate::canonical::request::{Request, Role, Tool, ToolKind, Turn};
use crate::canonical::seal::Seal;
use crate::canonical::step::{Start, Step};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::golden::{asked, events_of, target};
use crate::formats::{Source, codec};

fn written(request: &Request<'_>) -> (Value, Vec<String>) {
    let mut notes = Notes::new(FORMAT, false);
    let body = codec(FORMAT)
        .write_request(request, &target(), &mut notes)
        .unwrap();
    (serde_json::from_slice(&body).unwrap(), notes.into_fields())
}

fn refused(request: &Request<'_>) -> String {
    let mut notes = Notes::new(FORMAT, false);
    let error = codec(FORMAT)
        .write_request(request, &target(), &mut notes)
        .unwrap_err();
    error.field().to_owned()
}

fn asking(from: ApiFormat) -> Request<'static> {
    let mut request = Request::new(from);
    let part = Part::text(Text::plain("Hi"));
    request.turns.push(Turn::new(Role::User, vec![part]));
    request
}

fn text_turn(role: Role, text: &str) -> Turn<'_> {
    Turn::new(role, vec![Part::text(Text::plain(text))])
}

fn call(id: &str) -> Part<'_> {
    Part::new(PartKind::Call(Call {
        id: Some(Text::plain(id)),
        name: Text::plain("f"),
        input: CallInput::Object(raw::parse(r#"{"a":1.50}"#).unwrap()),
        seal: None,
    }))
}

fn result(id: &str) -> Part<'_> {
    Part::new(PartKind::Result(ToolResult {
        id: Some(Text::plain(id)),
        name: None,
        content: vec![Part::text(Text::plain("4"))],
        structured: None,
        failed: Some(true),
        custom: false,
    }))
}

#[test]
fn defaults_of_other_formats_are_said_aloud() {
    let mut request = asking(ApiFormat::Anthropic);
    request.tools.push(Tool {
        kind: ToolKind::Function {
            name: Text::plain("f"),
            description: None,
            schema: None,
            strict: None,
        },
        cache: None,
        origin: None,
        extras: Vec::new(),
    });
    let (body, notes) = written(&request);
    assert_eq!(body["store"], false);
    assert_eq!(body["tools"][0]["strict"], false);
    assert_eq!(body["input"][0]["content"], "Hi");
    assert!(notes.is_empty());
}

#[test]
fn a_conversation_with_tools_becomes_items() {
    let mut request = asking(ApiFormat::Anthropic);
    request
        .turns
        .insert(0, text_turn(Role::System, "Be brief."));
    let said = Part::text(Text::plain("I look."));
    let long = "t".repeat(80);
    request
        .turns
        .push(Turn::new(Role::Assistant, vec![said, call(&long)]));
    request
        .turns
        .push(Turn::new(Role::Tool, vec![result(&long)]));
    let (body, _) = written(&request);
    assert_eq!(body["instructions"], "Be brief.");
    let input = body["input"].as_array().unwrap();
    assert_eq!(input[1]["content"], "I look.");
    assert_eq!(input[2]["arguments"], r#"{"a":1.50}"#);
    assert_eq!(input[2]["call_id"], input[3]["call_id"]);
    assert!(input[2]["call_id"].as_str().unwrap().len() <= 64);
    assert_eq!(input[3]["status"], "incomplete");
}

#[test]
fn thoughts_go_back_only_where_they_were_sealed() {
    let thought = |provider: &'static str| {
        let seal = Seal::fresh(FORMAT, provider, Text::plain("AAA="));
        Part::new(PartKind::Thinking(Thought {
            texts: vec![Text::plain("Hm.")],
            seal: Some(seal),
            ..Thought::default()
        }))
    };
    let mut request = asking(ApiFormat::Anthropic);
    request.thinking.effort = Some(Effort::High);
    let parts = vec![thought("upstream"), thought("other"), call("call_1")];
    request.turns.push(Turn::new(Role::Assistant, parts));
    request
        .turns
        .push(Turn::new(Role::Tool, vec![result("call_1")]));
    let (body, _) = written(&request);
    let input = body["input"].as_array().unwrap();
    assert_eq!(input.len(), 4);
    assert_eq!(input[1]["encrypted_content"], "AAA=");
    assert_eq!(body["include"], json!(["reasoning.encrypted_content"]));
    assert_eq!(body["reasoning"]["effort"], "high");
}

#[test]
fn what_has_no_place_is_noted_or_refused() {
    let one = raw::parse("2").unwrap();
    let mut request = asking(ApiFormat::OpenAiChat);
    request.sampling.seed = Some(one);
    request.sampling.top_k = Some(one);
    request.user = Some(Text::plain("u".repeat(65)));
    assert_eq!(written(&request).1, ["top_k", "seed", "user"]);
    request.candidates = Some(one);
    assert_eq!(refused(&request), "n");

    let mut request = asking(ApiFormat::OpenAiChat);
    request.stop.push(Text::plain("END"));
    assert_eq!(refused(&request), "stop");

    let mut request = asking(ApiFormat::Anthropic);
    request.turns.push(text_turn(Role::Assistant, "Once"));
    assert_eq!(refused(&request), "prefill");

    let mut request = asking(ApiFormat::Gemini);
    let sound = Media::new(MediaKind::Audio, MediaSource::Base64(Text::plain("AA==")));
    request.turns[0]
        .parts
        .push(Part::new(PartKind::Media(sound)));
    assert_eq!(refused(&request), "input_audio");
}

#[test]
fn media_and_marks_have_a_place() {
    let mut request = asking(ApiFormat::Anthropic);
    let parts = &mut request.turns[0].parts;
    parts[0].cache = Some(CacheMark {
        ttl: Some(Text::plain("1h")),
    });
    let data = || MediaSource::Base64(Text::plain("iVBORw0K"));
    let image = Media::new(MediaKind::Image, data());
    parts.push(Part::new(PartKind::Media(image)));
    let mut file = Media::new(MediaKind::Document, data());
    file.mime = Some(Text::plain("application/pdf"));
    parts.push(Part::new(PartKind::Media(file)));
    let text = MediaSource::Text(Text::plain("Clause 7"));
    let mut plain = Media::new(MediaKind::Document, text);
    plain.name = Some(Text::plain("Contract"));
    parts.push(Part::new(PartKind::Media(plain)));
    let (body, _) = written(&request);
    let content = &body["input"][0]["content"];
    assert_eq!(
        content[0]["prompt_cache_breakpoint"],
        json!({"mode": "explicit", "ttl": "12h"})
    );
    assert_eq!(content[1]["image_url"], "data:image/png;base64,iVBORw0K");
    assert_eq!(content[1]["detail"], "auto");
    assert_eq!(content[2]["filename"], "document.pdf");
    assert_eq!(content[3]["text"], "Contract\n\nClause 7");
}

#[test]
fn a_foreign_reply_has_all_that_the_sdk_needs() {
    let mut cited = Part::text(Text::plain("Ökonomie."));
    cited.citations.push(Citation {
        url: Some(Text::plain("https://example.org")),
        ..Citation::default()
    });
    let seal = Seal::fresh(ApiFormat::Anthropic, "claude", Text::plain("Sig="));
    let redacted = Thought {
        seal: Some(seal),
        redacted: true,
        ..Thought::default()
    };
    let reply = Reply {
        id: Some(Text::plain("msg_01")),
        choices: vec![Choice {
            parts: vec![
                Part::new(PartKind::Thinking(redacted)),
                cited,
                call("toolu_1"),
            ],
            stop: Stop::of(StopReason::ToolCalls),
            ..Choice::default()
        }],
        usage: Some(Counts {
            input_fresh: Some(3),
            cache_read: Some(2),
            output_text: Some(5),
            ..Counts::default()
        }),
        ..Reply::default()
    };
    let mut notes = Notes::new(FORMAT, false);
    let body = codec(FORMAT)
        .write_reply(&reply, &asked(), &mut notes)
        .unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["id"], "resp_msg_01");
    assert_eq!(body["model"], "asked-model");
    assert_eq!(body["status"], "completed");
    assert_eq!(body["usage"]["input_tokens"], 5);
    let output = body["output"].as_array().unwrap();
    let sealed = output[0]["encrypted_content"].as_str().unwrap();
    assert_eq!(sealed, "nenya1.anthropic.claude.Sig=");
    assert_eq!(output[0]["summary"], json!([]));
    assert_eq!(output[1]["content"][0]["annotations"][0]["end_index"], 9);
    assert_eq!(output[2]["id"], "fc_toolu_1");
}

#[test]
fn the_seal_of_a_foreign_call_finds_its_call_again() {
    let seal = Seal::fresh(ApiFormat::Gemini, "google", Text::plain("Sig="));
    let mut sealed = call("call_1");
    if let PartKind::Call(call) = &mut sealed.kind {
        call.seal = Some(seal);
    }
    let reply = Reply {
        choices: vec![Choice {
            parts: vec![sealed, call("call_2")],
            stop: Stop::of(StopReason::ToolCalls),
            ..Choice::default()
        }],
        ..Reply::default()
    };
    let mut notes = Notes::new(FORMAT, false);
    let body = codec(FORMAT)
        .write_reply(&reply, &asked(), &mut notes)
        .unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let history = json!({"input": body["output"]}).to_string();
    let body = raw::document(history.as_bytes()).unwrap();
    let source = Source {
        body,
        stream: false,
    };
    let request = codec(FORMAT).read_request(&source).unwrap();
    let parts = &request.turns[0].parts;
    assert_eq!(parts.len(), 2);
    let PartKind::Call(first) = &parts[0].kind else {
        panic!("no call");
    };
    let home = first.seal.as_ref().unwrap();
    let home = home.for_upstream(ApiFormat::Gemini, "google");
    assert_eq!(home, Some(Text::plain("Sig=")));
}

#[test]
fn a_refusal_without_words_gets_some() {
    let stop = Stop {
        details: Some(Text::plain("policy")),
        ..Stop::of(StopReason::Refusal)
    };
    let reply = Reply {
        choices: vec![Choice {
            stop: stop.clone(),
            ..Choice::default()
        }],
        ..Reply::default()
    };
    let mut notes = Notes::new(FORMAT, false);
    let body = codec(FORMAT)
        .write_reply(&reply, &asked(), &mut notes)
        .unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let part = json!({"type": "refusal", "refusal": "policy"});
    assert_eq!(body["output"][0]["content"], json!([part]));

    let mut out = Vec::new();
    let mut writer = codec(FORMAT).stream_writer(&asked());
    let steps = [
        Step::Start(Start::default()),
        Step::Stop { choice: 0, stop },
        Step::End,
    ];
    for step in &steps {
        writer.step(step, &mut out).unwrap();
    }
    let events = events_of(&out, false);
    let last: Value = serde_json::from_slice(&events.last().unwrap().1).unwrap();
    assert_eq!(last["response"]["output"][0]["content"], json!([part]));
}
