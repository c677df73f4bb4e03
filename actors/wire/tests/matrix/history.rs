//! A conversation that goes on: what was said is written the same way again, and survives the way
//! to another format and back.

use nenya_wire::ApiFormat;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::outcome::{Outcome, converted, request_outcome};
use crate::{golden, pairs};

/// Where the list of messages stands.
fn list(format: ApiFormat) -> &'static str {
    match format {
        ApiFormat::Gemini => "contents",
        ApiFormat::OpenAiResponses => "input",
        _ => "messages",
    }
}

fn is_answer(message: &Value) -> bool {
    let word = |name: &str| message[name].as_str().unwrap_or_default();
    matches!(word("role"), "assistant" | "model")
        || matches!(
            word("type"),
            "function_call" | "custom_tool_call" | "reasoning"
        )
}

/// How many messages there were at each earlier turn: up to where the model began to answer.
fn turns(messages: &[Value]) -> Vec<usize> {
    let pairs = messages.windows(2).zip(1..);
    pairs
        .filter_map(|(pair, at)| match pair {
            [before, after] => (is_answer(after) && !is_answer(before)).then_some(at),
            _ => None,
        })
        .collect()
}

/// The elements of the list of messages, byte by byte. A single string is a list of one.
fn elements(body: &[u8]) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Messages<'a> {
        #[serde(borrow, default, alias = "contents", alias = "input")]
        messages: Option<&'a RawValue>,
    }
    let body: Messages<'_> = serde_json::from_slice(body).unwrap();
    let list = body.messages.map_or("[]", RawValue::get);
    match serde_json::from_str::<Vec<&RawValue>>(list) {
        Ok(all) => all.iter().map(|one| one.get().to_owned()).collect(),
        Err(_) => vec![list.to_owned()],
    }
}

#[test]
fn what_was_said_before_is_a_byte_prefix_of_the_next_turn() {
    let (mut looked_at, mut wrong) = (0, Vec::new());
    for (from, to) in pairs() {
        for (case, document) in golden::requests(from) {
            let Some(messages) = document[list(from)].as_array() else {
                continue;
            };
            let Some(whole) = converted(&document, from, to) else {
                continue;
            };
            let whole = elements(&whole);
            for turn in turns(messages) {
                let mut earlier = document.clone();
                earlier[list(from)] = messages[..turn].into();
                let Some(earlier) = converted(&earlier, from, to) else {
                    continue;
                };
                let earlier = elements(&earlier);
                looked_at += 1;
                if !whole.starts_with(&earlier) {
                    wrong.push(format!(
                        "{from} -> {to}: {case}: {turn}\n  {earlier:?}\n  {whole:?}"
                    ));
                }
            }
        }
    }
    assert!(looked_at > 100, "{looked_at}");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Cases that come back with other words for what they say, each by a row of ADR 0009's tables.
/// With a format, only on the way there.
const OTHER_WORDS: [(&str, Option<ApiFormat>, &str); 10] = {
    const BUDGET: &str = "a budget comes back as an effort, and as that effort's budget";
    [
        (
            "developer-role",
            None,
            "an instruction within the conversation becomes marked text",
        ),
        (
            "tool-results-mixed",
            None,
            "images move behind the results, and a failure becomes a word of the text",
        ),
        (
            "reasoning-content",
            None,
            "thinking without an effort comes back with the usual one",
        ),
        (
            "reasoning-disabled",
            Some(ApiFormat::Gemini),
            "thinking that cannot be switched off comes back as the least",
        ),
        (
            "audio-output",
            Some(ApiFormat::Gemini),
            "voices have no coding there",
        ),
        ("image-file-id", None, "Gemini's files have no kind"),
        ("reasoning", Some(ApiFormat::Cohere), BUDGET),
        ("reasoning-redacted", Some(ApiFormat::Cohere), BUDGET),
        ("usage-full", Some(ApiFormat::Cohere), BUDGET),
        (
            "citations",
            Some(ApiFormat::Cohere),
            "a document with an address comes back as its fields",
        ),
    ]
};

#[test]
fn a_request_means_the_same_on_its_way_back() {
    let (mut looked_at, mut wrong) = (0, Vec::new());
    for (from, to) in pairs() {
        for (case, document) in golden::requests(from) {
            let other = |only: &Option<ApiFormat>| only.is_none_or(|only| only == to);
            let mut excused = OTHER_WORDS.iter();
            if excused.any(|(name, only, _)| *name == case && other(only)) {
                continue;
            }
            let Some(there) = unnoted(&document, from, to) else {
                continue;
            };
            let Some(back) = unnoted(&there, to, from) else {
                continue;
            };
            looked_at += 1;
            let again = request_outcome(&back, from, to);
            let same = matches!(&again, Outcome::Told { body, .. } if *body == there);
            if !same {
                wrong.push(format!(
                    "{from} -> {to}: {case}:\n  {there}\n  {back}\n  {again:?}"
                ));
            }
        }
    }
    assert!(looked_at > 300, "{looked_at}");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The document in the other format, if it takes all of it.
fn unnoted(document: &Value, from: ApiFormat, to: ApiFormat) -> Option<Value> {
    match request_outcome(document, from, to) {
        Outcome::Told { body, notes } if notes.is_empty() => Some(body),
        _ => None,
    }
}
