//! What comes from other formats, and what goes to their clients.

use serde_json::{Value, json};

use super::*;
use crate::canonical::effort::Effort;
use crate::canonical::parts::{Media, MediaKind, MediaSource, Part, PartKind, Thought};
use crate::canonical::raw;
use crate::canonical::reply::{Choice, Stop, StopReason};
use crate::canonical::request::{Role, ToolChoice, Turn};
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;
use crate::format::ApiFormat;
use crate::formats::golden;

fn say(role: Role, text: &'static str) -> Turn<'static> {
    Turn::new(role, vec![Part::text(Text::plain(text))])
}

fn asking(turns: Vec<Turn<'static>>) -> Request<'static> {
    let mut request = Request::new(ApiFormat::OpenAiChat);
    request.turns = turns;
    request
}

fn try_written(request: &Request<'_>, target: &Target<'_>) -> Result<(Value, Vec<String>), String> {
    let mut notes = Notes::new(ApiFormat::Bedrock, false);
    let body = Bedrock.write_request(request, target, &mut notes);
    let body = body.map_err(|error| error.field().to_owned())?;
    Ok((serde_json::from_slice(&body).unwrap(), notes.into_fields()))
}

fn written(request: &Request<'_>) -> Value {
    try_written(request, &golden::target()).unwrap().0
}

fn document(name: &'static str, source: MediaSource<'static>) -> Request<'static> {
    let mut media = Media::new(MediaKind::Document, source);
    media.name = Some(Text::plain(name));
    let part = || Part::new(PartKind::Media(media.clone()));
    asking(vec![Turn::new(Role::User, vec![part(), part()])])
}

#[test]
fn turns_of_one_side_are_joined() {
    let turns = vec![
        say(Role::User, "a"),
        say(Role::Developer, "b"),
        say(Role::Assistant, "c"),
        say(Role::Assistant, ""),
        say(Role::Assistant, "d"),
    ];
    let body = written(&asking(turns));
    let messages = body["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["content"][1]["text"], "<system>\nb\n</system>");
    assert_eq!(
        messages[1]["content"],
        json!([{"text": "c"}, {"text": "d"}])
    );
}

#[test]
fn documents_get_names_that_the_service_takes() {
    let bytes = MediaSource::Base64(Text::plain("JVBERi0x"));
    let body = written(&document("q3: \"plan\"  (v2).pdf", bytes));
    let blocks = &body["messages"][0]["content"];
    let name = |at: usize| blocks[at]["document"]["name"].as_str().unwrap().to_owned();
    assert_eq!(name(0), "q3 plan (v2)");
    assert_eq!(name(1), "q3 plan (v2) (2)");
    assert_eq!(blocks[0]["document"]["format"], "pdf");
}

#[test]
fn addresses_outside_of_s3_are_refused() {
    let at = |url| document("a", MediaSource::Url(Text::plain(url)));
    let target = golden::target();
    let refused = try_written(&at("https://example.com/a.pdf"), &target);
    assert_eq!(refused, Err("url".to_owned()));
    let mut request = at("s3://bucket/a.pdf");
    if let PartKind::Media(media) = &mut request.turns[0].parts[0].kind {
        media.mime = Some(Text::plain("application/pdf"));
    }
    request.turns[0].parts.truncate(1);
    let place = &written(&request)["messages"][0]["content"][0]["document"]["source"];
    assert_eq!(*place, json!({"s3Location": {"uri": "s3://bucket/a.pdf"}}));
}

#[test]
fn thinking_is_said_in_the_words_of_the_models_maker() {
    let mut request = asking(vec![say(Role::User, "a")]);
    request.thinking.effort = Some(Effort::Minimal);
    let mut target = golden::target();
    target.model = "us.anthropic.claude-opus-5-v1:0";
    let body = try_written(&request, &target).unwrap().0;
    let more = &body["additionalModelRequestFields"];
    assert_eq!(*more, json!({"thinking": {"type": "adaptive"}}));
    assert_eq!(body["outputConfig"]["effort"], "low");
    target.model = "openai.gpt-oss-120b-1:0";
    let body = try_written(&request, &target).unwrap().0;
    assert_eq!(body["additionalModelRequestFields"], Value::Null);
    assert_eq!(body["outputConfig"]["effort"], "low");
}

#[test]
fn tools_that_may_not_be_called_are_left_out() {
    let body = br#"{"messages":[],"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}}}]}}"#;
    let source = Source {
        body: raw::document(body).unwrap(),
        stream: false,
    };
    let mut request = asking(vec![say(Role::User, "a")]);
    request.tools = Bedrock.read_request(&source).unwrap().tools;
    let schema = json!({"type": "object", "properties": {}});
    let spec = &written(&request)["toolConfig"]["tools"][0]["toolSpec"];
    assert_eq!(spec["inputSchema"]["json"], schema);
    request.tool_choice = Some(ToolChoice::None);
    assert_eq!(written(&request)["toolConfig"], Value::Null);
}

#[test]
fn metadata_and_user_share_one_map_of_plain_strings() {
    let mut request = asking(vec![say(Role::User, "a")]);
    request.metadata = raw::parse(r#"{"team":"blue","n":1,"odd":"a;b"}"#);
    request.user = Some(Text::plain("u-1"));
    let (body, notes) = try_written(&request, &golden::target()).unwrap();
    let map = json!({"team": "blue", "user": "u-1"});
    assert_eq!(
        (&body["requestMetadata"], notes),
        (&map, vec!["metadata".to_owned()])
    );
}

#[test]
fn a_foreign_seal_is_base64_in_a_field_of_bytes() {
    let seal = Seal::fresh(ApiFormat::Anthropic, "claude", Text::plain("a+b="));
    let thought = Thought {
        seal: Some(seal),
        redacted: true,
        ..Thought::default()
    };
    let reply = Reply {
        from: Some(ApiFormat::Anthropic),
        choices: vec![Choice {
            parts: vec![Part::new(PartKind::Thinking(thought))],
            stop: Stop::of(StopReason::Refusal),
            ..Choice::default()
        }],
        ..Reply::default()
    };
    let mut notes = Notes::new(ApiFormat::Bedrock, false);
    let body = Bedrock.write_reply(&reply, &golden::asked(), &mut notes);
    let body: Value = serde_json::from_slice(&body.unwrap()).unwrap();
    assert_eq!(body["stopReason"], "content_filtered");
    let content = &body["output"]["message"]["content"];
    let data = content[0]["reasoningContent"]["redactedContent"]
        .as_str()
        .unwrap();
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    assert!(data.bytes().all(base64), "{data}");
    let back = json!({"messages": [{"role": "assistant", "content": content}]});
    let back = serde_json::to_vec(&back).unwrap();
    let source = Source {
        body: raw::document(&back).unwrap(),
        stream: false,
    };
    let request = Bedrock.read_request(&source).unwrap();
    let PartKind::Thinking(thought) = &request.turns[0].parts[0].kind else {
        panic!("{back:?}");
    };
    let seal = thought.seal.as_ref().unwrap();
    let home = seal.for_upstream(ApiFormat::Anthropic, "claude");
    assert_eq!(home, Some(Text::plain("a+b=")));
}
