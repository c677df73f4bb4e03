//! Streams of no format in particular, as they come from others.

use serde_json::Value;

use super::FORMAT;
use crate::canonical::failure::{Failure, FailureKind};
use crate::canonical::reply::{Counts, Stop, StopReason};
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::formats::codec;
use crate::formats::golden::{asked, events_of};

#[test]
fn blocks_that_interleave_become_items_of_their_own() {
    let mut writer = codec(FORMAT).stream_writer(&asked());
    let mut out = Vec::new();
    let at = |number| Block { choice: 0, number };
    let head = |id: &'static str| BlockHead::Call {
        id: Some(Text::plain(id)),
        name: Text::plain("f"),
        custom: false,
    };
    let delta = |number, text: &'static str| Step::Delta {
        at: at(number),
        text: Text::plain(text),
    };
    let steps = [
        Step::Start(Start::default()),
        Step::Open {
            at: at(0),
            head: BlockHead::Text,
        },
        delta(0, "Let me"),
        Step::Open {
            at: at(1),
            head: head("a"),
        },
        Step::Open {
            at: at(2),
            head: head("b"),
        },
        delta(2, "{}"),
        delta(1, "{}"),
        delta(0, " see."),
        Step::Close { at: at(2) },
        Step::Close { at: at(1) },
        Step::Close { at: at(0) },
        Step::Usage(Counts::default()),
        Step::Stop {
            choice: 0,
            stop: Stop::of(StopReason::ToolCalls),
        },
        Step::End,
    ];
    for step in &steps {
        writer.step(step, &mut out).unwrap();
    }
    let events = events_of(&out, false);
    let last: Value = serde_json::from_slice(&events.last().unwrap().1).unwrap();
    let output = last["response"]["output"].as_array().unwrap();
    assert_eq!(output.len(), 3);
    assert_eq!(output[0]["content"][0]["text"], "Let me see.");
    assert_eq!(output[1]["call_id"], "a");
    assert_eq!(output[2]["call_id"], "b");
    assert_eq!(last["type"], "response.completed");
}

#[test]
fn a_failure_ends_the_stream_in_words_that_sdks_read() {
    let failure = Failure::new(FailureKind::Rate, "slower");
    let mut out = Vec::new();
    let mut writer = codec(FORMAT).stream_writer(&asked());
    writer
        .step(&Step::Start(Start::default()), &mut out)
        .unwrap();
    writer.step(&Step::Fail(failure), &mut out).unwrap();
    let events = events_of(&out, false);
    let names: Vec<_> = events
        .iter()
        .map(|(name, _)| String::from_utf8_lossy(name).into_owned())
        .collect();
    assert_eq!(names[2..], ["error", "response.failed"]);
    let last: Value = serde_json::from_slice(&events[3].1).unwrap();
    assert_eq!(last["response"]["error"]["code"], "rate_limit_exceeded");
}

#[test]
fn texts_that_are_open_together_keep_their_order() {
    let mut writer = codec(FORMAT).stream_writer(&asked());
    let mut out = Vec::new();
    let at = |number| Block { choice: 0, number };
    let open = |number| Step::Open {
        at: at(number),
        head: BlockHead::Text,
    };
    let delta = |number, text: &'static str| Step::Delta {
        at: at(number),
        text: Text::plain(text),
    };
    let start = Start {
        tier: Some(Text::plain("STANDARD")),
        ..Start::default()
    };
    let steps = [
        Step::Start(start),
        open(0),
        delta(0, "one"),
        open(1),
        delta(1, "two"),
        Step::Close { at: at(1) },
        Step::Close { at: at(0) },
        Step::Stop {
            choice: 0,
            stop: Stop::of(StopReason::OutputLimit),
        },
        Step::End,
    ];
    for step in &steps {
        writer.step(step, &mut out).unwrap();
    }
    let events = events_of(&out, false);
    let last: Value = serde_json::from_slice(&events.last().unwrap().1).unwrap();
    let response = &last["response"];
    let content = &response["output"][0]["content"];
    assert_eq!(
        (&content[0]["text"], &content[1]["text"]),
        (&"one".into(), &"two".into())
    );
    assert_eq!(response["output"][0]["status"], "incomplete");
    assert_eq!(
        response["incomplete_details"]["reason"],
        "max_output_tokens"
    );
    assert_eq!(response["service_tier"], "default");
}
