//! What comes from other formats, and what goes to their clients.

use serde_json::{Value, json};

use super::*;
use crate::canonical::effort::Effort;
use crate::canonical::parts::{
    Call, CallInput, Media, MediaKind, MediaSource, Part, PartKind, Thought, ToolResult,
};
use crate::canonical::raw;
use crate::canonical::reply::{Choice, Stop, StopReason};
use crate::canonical::request::{Role, ToolChoice, Turn};
use crate::canonical::seal::Seal;
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::{ThinkingForm, golden};

fn say(role: Role, text: &'static str) -> Turn<'static> {
    Turn::new(role, vec![Part::text(Text::plain(text))])
}

fn asking(turns: Vec<Turn<'static>>) -> Request<'static> {
    let mut request = Request::new(ApiFormat::OpenAiChat);
    request.turns = turns;
    request
}

fn written(request: &Request<'_>, target: &Target<'_>) -> (Value, Vec<String>) {
    let mut notes = Notes::new(ApiFormat::Anthropic, false);
    let body = Anthropic
        .write_request(request, target, &mut notes)
        .unwrap();
    (serde_json::from_slice(&body).unwrap(), notes.into_fields())
}

fn refused(request: &Request<'_>) -> String {
    let mut notes = Notes::new(ApiFormat::Anthropic, false);
    let refusal = Anthropic.write_request(request, &golden::target(), &mut notes);
    refusal.unwrap_err().field().to_owned()
}

fn call(id: &'static str) -> Part<'static> {
    Part::new(PartKind::Call(Call {
        id: Some(Text::plain(id)),
        name: Text::plain("f"),
        input: CallInput::Spelt(Text::plain(r#"{"a":1.50}"#)),
        seal: None,
    }))
}

fn result(id: &'static str) -> Turn<'static> {
    let result = ToolResult {
        id: Some(Text::plain(id)),
        name: None,
        content: vec![Part::text(Text::plain("done"))],
        structured: None,
        failed: Some(false),
        custom: false,
    };
    Turn::new(Role::Tool, vec![Part::new(PartKind::Result(result))])
}

#[test]
fn results_of_one_turn_come_together_and_before_the_words() {
    let calls = Turn::new(Role::Assistant, vec![call("a.1"), call("b")]);
    let turns = vec![
        say(Role::System, "lead"),
        say(Role::User, "go"),
        calls,
        result("a.1"),
        result("b"),
        say(Role::Developer, "be brief"),
        say(Role::User, "and?"),
    ];
    let (body, notes) = written(&asking(turns), &golden::target());
    assert_eq!(body["system"], "lead");
    assert_eq!(body["messages"].as_array().unwrap().len(), 3);
    let (call, last) = (&body["messages"][1]["content"][0], &body["messages"][2]);
    assert_eq!(call["input"], json!({"a": 1.5}));
    let id = &last["content"][0]["tool_use_id"];
    assert_eq!((id, id.as_str()), (&call["id"], Some("calla_2e1")));
    assert_eq!(last["content"][0]["content"], "done");
    assert_eq!(last["content"][1]["tool_use_id"], "b");
    let marked = "<system>\nbe brief\n</system>";
    assert_eq!(last["content"][2]["text"], marked);
    assert_eq!(last["content"][3]["text"], "and?");
    assert!(notes.is_empty());
}

#[test]
fn empty_texts_and_turns_are_left_out() {
    let turns = vec![
        say(Role::User, "a"),
        say(Role::Assistant, ""),
        say(Role::User, "b"),
    ];
    let (body, _) = written(&asking(turns), &golden::target());
    assert_eq!(body["messages"].as_array().unwrap().len(), 2);
}

#[test]
fn a_limit_is_always_said_and_thinking_stays_below() {
    let mut request = asking(vec![say(Role::User, "a")]);
    let mut target = golden::target();
    target.max_output = None;
    assert_eq!(written(&request, &target).0["max_tokens"], 4096);
    request.thinking.effort = Some(Effort::High);
    let told = written(&request, &target).0;
    assert_eq!(told["thinking"], json!({"type": "adaptive"}));
    assert_eq!(told["output_config"], json!({"effort": "high"}));
    target.thinking = ThinkingForm::Budget;
    let told = written(&request, &target).0;
    let budget = json!({"type": "enabled", "budget_tokens": 3072});
    assert_eq!(
        (&told["thinking"], &told["output_config"]),
        (&budget, &Value::Null)
    );
}

#[test]
fn thinking_by_budget_is_left_out_where_the_last_calls_came_without_it() {
    let turns = vec![
        say(Role::User, "go"),
        Turn::new(Role::Assistant, vec![call("a")]),
        result("a"),
    ];
    let mut request = asking(turns);
    request.thinking.effort = Some(Effort::Low);
    let mut target = golden::target();
    target.thinking = ThinkingForm::Budget;
    let (body, notes) = written(&request, &target);
    assert_eq!(
        (&body["thinking"], notes),
        (&Value::Null, vec!["thinking".to_owned()])
    );
}

#[test]
fn sampling_is_written_for_a_model_that_takes_it() {
    let mut request = asking(vec![say(Role::User, "a")]);
    let mut target = golden::target();
    request.sampling.temperature = raw::parse("1.0");
    assert_eq!(written(&request, &target).0["temperature"], Value::Null);
    request.sampling.temperature = raw::parse("1.5");
    let (body, notes) = written(&request, &target);
    assert_eq!(
        (&body["temperature"], notes),
        (&json!(1), vec!["temperature".to_owned()])
    );
    target.takes_sampling = false;
    let (body, notes) = written(&request, &target);
    assert_eq!((&body["temperature"], notes.len()), (&Value::Null, 1));
}

#[test]
fn a_forced_call_is_refused_where_the_model_thinks() {
    let mut request = asking(vec![say(Role::User, "a")]);
    request.tools = vec![];
    request.thinking.effort = Some(Effort::Low);
    request.tool_choice = Some(ToolChoice::Required);
    assert_eq!(
        written(&request, &golden::target()).0["tool_choice"],
        Value::Null
    );
    let source = br#"{"messages":[],"tools":[{"name":"f","input_schema":{}}]}"#;
    let body = raw::document(source).unwrap();
    let source = Source {
        body,
        stream: false,
    };
    let mut tools = Anthropic.read_request(&source).unwrap().tools;
    request.tools.append(&mut tools);
    assert_eq!(refused(&request), "tool_choice");
}

#[test]
fn what_has_no_place_is_refused_by_name() {
    let media = |kind, source| {
        let media = Media::new(kind, source);
        let part = Part::new(PartKind::Media(media));
        asking(vec![Turn::new(Role::User, vec![part])])
    };
    let bytes = || MediaSource::Base64(Text::plain("AAAA"));
    assert_eq!(refused(&media(MediaKind::Audio, bytes())), "audio");
    assert_eq!(refused(&media(MediaKind::Image, bytes())), "media_type");
    let s3 = MediaSource::Url(Text::plain("s3://bucket/a.png"));
    assert_eq!(refused(&media(MediaKind::Image, s3)), "url");
    let mut many = asking(vec![]);
    many.candidates = raw::parse("2");
    assert_eq!(refused(&many), "n");
}

#[test]
fn a_text_file_goes_as_text() {
    let mut media = Media::new(
        MediaKind::Document,
        MediaSource::Base64(Text::plain("aGk=")),
    );
    media.mime = Some(Text::plain("text/plain"));
    let part = Part::new(PartKind::Media(media));
    let request = asking(vec![Turn::new(Role::User, vec![part])]);
    let (body, _) = written(&request, &golden::target());
    let source = &body["messages"][0]["content"][0]["source"];
    let text = json!({"type": "text", "media_type": "text/plain", "data": "hi"});
    assert_eq!(*source, text);
}

fn sealed_reply() -> Reply<'static> {
    let seal = |value| Seal::fresh(ApiFormat::Gemini, "google", Text::plain(value));
    let mut part = call("a");
    if let PartKind::Call(call) = &mut part.kind {
        call.seal = Some(seal("sig-call"));
    }
    let thought = Thought {
        texts: vec![Text::plain("hm")],
        seal: Some(seal("sig-thought")),
        ..Thought::default()
    };
    Reply {
        from: Some(ApiFormat::Gemini),
        choices: vec![Choice {
            parts: vec![Part::new(PartKind::Thinking(thought)), part],
            stop: Stop::of(StopReason::ToolCalls),
            ..Choice::default()
        }],
        ..Reply::default()
    }
}

#[test]
fn seals_of_another_provider_travel_through_a_client_and_go_only_home() {
    let mut notes = Notes::new(ApiFormat::Anthropic, false);
    let reply = sealed_reply();
    let body = Anthropic.write_reply(&reply, &golden::asked(), &mut notes);
    let body: Value = serde_json::from_slice(&body.unwrap()).unwrap();
    let back = json!({"messages": [{"role": "assistant", "content": body["content"]}]});
    let back = serde_json::to_vec(&back).unwrap();
    let source = Source {
        body: raw::document(&back).unwrap(),
        stream: false,
    };
    let request = Anthropic.read_request(&source).unwrap();
    let [thought, call] = request.turns[0].parts.as_slice() else {
        panic!("{body}");
    };
    let (PartKind::Thinking(thought), PartKind::Call(call)) = (&thought.kind, &call.kind) else {
        panic!("{body}");
    };
    let home = |seal: &Option<Seal<'_>>| {
        let seal = seal.as_ref().unwrap();
        seal.for_upstream(ApiFormat::Gemini, "google")
            .map(|value| value.decoded().into_owned())
    };
    assert_eq!(home(&thought.seal).as_deref(), Some("sig-thought"));
    assert_eq!(home(&call.seal).as_deref(), Some("sig-call"));
    let (sent, _) = written(&request, &golden::target());
    let kinds = &sent["messages"][0]["content"];
    assert_eq!(kinds.as_array().unwrap().len(), 1, "{sent}");
}

fn streamed(steps: &[Step<'_>]) -> Vec<(String, Value)> {
    let mut writer = Anthropic.stream_writer(&golden::asked());
    let mut out = Vec::new();
    for step in steps {
        writer.step(step, &mut out).unwrap();
    }
    let events = golden::events_of(&out, false).into_iter();
    events
        .map(|(name, data)| {
            let name = String::from_utf8(name).unwrap();
            (name, serde_json::from_slice(&data).unwrap())
        })
        .collect()
}

#[test]
fn a_stream_of_another_format_has_indexes_without_gaps_and_one_end() {
    let at = |number| Block { choice: 0, number };
    let text = Text::plain;
    let head = BlockHead::Call {
        id: Some(text("c")),
        name: text("f"),
        custom: false,
    };
    let seal = Seal::fresh(ApiFormat::Gemini, "google", text("s"));
    let events = streamed(&[
        Step::Start(Start::default()),
        Step::Open {
            at: at(0),
            head: BlockHead::Text,
        },
        Step::Close { at: at(0) },
        Step::Open { at: at(1), head },
        Step::Delta {
            at: at(1),
            text: text("{}"),
        },
        Step::Seal { at: at(1), seal },
        Step::Close { at: at(1) },
        Step::Open {
            at: at(2),
            head: BlockHead::Text,
        },
        Step::Delta {
            at: at(2),
            text: text("x"),
        },
        Step::Close { at: at(2) },
        Step::Stop {
            choice: 0,
            stop: Stop::of(StopReason::ToolCalls),
        },
        Step::Usage(crate::canonical::reply::Counts {
            output_text: Some(7),
            ..Default::default()
        }),
        Step::End,
        Step::End,
        Step::Alive,
    ]);
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[0], "message_start");
    assert_eq!(
        names.iter().filter(|name| **name == "message_stop").count(),
        1
    );
    assert_eq!(names.last(), Some(&"message_stop"));
    let starts = events
        .iter()
        .filter(|(name, _)| name == "content_block_start");
    let indexes: Vec<_> = starts
        .map(|(_, data)| data["index"].as_u64().unwrap())
        .collect();
    assert_eq!(indexes, [0, 1, 2]);
    let (_, end) = &events[events.len() - 2];
    assert_eq!(end["delta"]["stop_reason"], "tool_use");
    assert_eq!(end["usage"]["output_tokens"], 7);
    for (name, data) in &events {
        assert_eq!(data["type"], name.as_str());
    }
}
