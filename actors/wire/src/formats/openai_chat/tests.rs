//! What holds for every golden file of this format.

use serde_json::Value;

use super::*;
use crate::canonical::raw;
use crate::formats::perturbed::perturbed;
use crate::formats::{golden, hostile};

#[test]
fn a_golden_request_comes_back_as_it_was() {
    for (case, body) in golden::files(OWN, ".request.json") {
        let before: Value = serde_json::from_slice(&body).unwrap();
        let stream = before["stream"] == true;
        let (after, notes) = golden::rewritten_request(OWN, &body, stream);
        let mut differences = golden::differences(&before, &after);
        differences.retain(|difference| !difference.starts_with("/model:"));
        assert_eq!(differences, Vec::<String>::new(), "{case}");
        assert_eq!(notes, Vec::<String>::new(), "{case}");
    }
}

#[test]
fn a_golden_reply_comes_back_as_it_was() {
    for (case, body) in golden::files(OWN, ".response.json") {
        if case.starts_with("error") {
            continue;
        }
        let before: Value = serde_json::from_slice(&body).unwrap();
        let (after, notes) = golden::rewritten_reply(OWN, &body);
        let differences = golden::differences(&before, &after);
        assert_eq!(differences, Vec::<String>::new(), "{case}");
        assert_eq!(notes, Vec::<String>::new(), "{case}");
    }
}

fn steps_twice(case: &str, file: &[u8]) -> (Vec<String>, Vec<String>) {
    let events = golden::events_of(file, false);
    let mut reader = OpenAiChat.stream_reader("upstream");
    let first = golden::steps_of(reader.as_mut(), &events);
    let written = golden::rewritten_stream(OWN, &events);
    let again = golden::events_of(&written, false);
    for (_, data) in &again {
        let whole = data == b"[DONE]" || serde_json::from_slice::<Value>(data).is_ok();
        assert!(whole, "{case}: {}", String::from_utf8_lossy(data));
    }
    let mut reader = OpenAiChat.stream_reader("upstream");
    (first, golden::steps_of(reader.as_mut(), &again))
}

#[test]
fn a_golden_stream_is_read_again_as_the_same_steps() {
    for (case, file) in golden::files(OWN, ".stream.sse") {
        let (first, again) = steps_twice(&case, &file);
        let known = |steps: Vec<String>| -> Vec<String> {
            let told = |step: &String| !step.starts_with("Unknown");
            steps.into_iter().filter(told).collect()
        };
        assert_eq!(known(first), known(again), "{case}");
    }
}

/// What a rewrite says of a changed document: the difference, a note or a refusal.
fn shows(before: &Value, notes: &[String], changed: &Value) -> bool {
    let body = serde_json::to_vec(changed).unwrap();
    let stream = changed["stream"] == true;
    let Ok(document) = raw::document(&body) else {
        return true;
    };
    let source = Source {
        body: document,
        stream,
    };
    let Ok(request) = OpenAiChat.read_request(&source) else {
        return true;
    };
    let mut noted = Notes::new(OWN, false);
    match OpenAiChat.write_request(&request, &golden::target(), &mut noted) {
        Ok(written) => {
            let after: Value = serde_json::from_slice(&written).unwrap();
            after != *before || noted.into_fields() != notes
        }
        Err(_) => true,
    }
}

#[test]
fn every_leaf_of_a_request_shows_in_its_rewrite() {
    // The model is the target's. A type that is left out is a function.
    let exempt = |place: &str| {
        place.starts_with("/model") || place.ends_with("/type -") || place.ends_with("/mode -")
    };
    let mut silent = Vec::new();
    for (case, body) in golden::files(OWN, ".request.json") {
        let whole: Value = serde_json::from_slice(&body).unwrap();
        let (before, notes) = golden::rewritten_request(OWN, &body, whole["stream"] == true);
        for (place, changed) in perturbed(&whole) {
            if !exempt(&place) && !shows(&before, &notes, &changed) {
                silent.push(format!("{case} {place}"));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn every_leaf_of_a_reply_shows_in_its_rewrite() {
    let exempt = |place: &str| {
        // What is made anew where it is missing, and what its place in the list says.
        [
            "/id -",
            "/object -",
            "/model -",
            "/index -",
            "/type -",
            "/role -",
        ]
        .iter()
        .any(|ending| place.ends_with(ending))
            || place == "/created -"
            // An answer without a reason has ended.
            || place.ends_with("/finish_reason -")
    };
    let mut silent = Vec::new();
    for (case, body) in golden::files(OWN, ".response.json") {
        if case.starts_with("error") {
            continue;
        }
        let whole: Value = serde_json::from_slice(&body).unwrap();
        let (before, _) = golden::rewritten_reply(OWN, &body);
        for (place, changed) in perturbed(&whole) {
            let body = serde_json::to_vec(&changed).unwrap();
            let Ok(reply) = OpenAiChat.read_reply(raw::document(&body).unwrap(), "upstream") else {
                continue;
            };
            let mut notes = Notes::new(OWN, false);
            let written = OpenAiChat.write_reply(&reply, &golden::asked(), &mut notes);
            let same = written
                .is_ok_and(|written| serde_json::from_slice::<Value>(&written).unwrap() == before);
            if same && !exempt(&place) {
                silent.push(format!("{case} {place}"));
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn every_leaf_of_an_event_shows_in_the_steps() {
    let mut silent = Vec::new();
    for (case, file) in golden::files(OWN, ".stream.sse") {
        let events = golden::events_of(&file, false);
        let before = steps(&events);
        for (number, (_, data)) in events.iter().enumerate() {
            let whole = serde_json::from_slice(data).unwrap_or(Value::Null);
            for (place, changed) in perturbed(&whole) {
                let mut events = events.clone();
                events[number].1 = serde_json::to_vec(&changed).unwrap();
                if !is_exempt(number, &place) && steps(&events) == before {
                    silent.push(format!("{case} {number} {place}"));
                }
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

/// What the steps have no place for, since no other format has one, or what says nothing new.
fn is_exempt(event: usize, place: &str) -> bool {
    const SILENT: [&str; 17] = [
        "/object",
        "/system_fingerprint",
        "/obfuscation",
        "/provider",
        "/native_finish_reason",
        "/role",
        "/transcript",
        "/expires_at",
        "/total_tokens",
        "/text_tokens",
        "/cost",
        "/prompt_cache_",
        "/type",
        "/format",
        "/x_",
        // An unknown reason is an end like any other.
        "/finish_reason",
        // It repeats the details.
        "/delta/reasoning",
    ];
    // A member that is missing means what an empty one means.
    let removed = place.ends_with(" -");
    let told_once = event > 0 && matches!(place, "/id" | "/model" | "/created" | "/service_tier");
    // The first event says who speaks; the last ones of a choice say nothing new.
    let index = place == "/choices/0/index" || place == "/created";
    let listed = SILENT.iter().any(|part| place.contains(part));
    let details = place.contains("/reasoning_details/")
        && !place.contains("/type")
        && !place.contains("/format");
    removed || told_once || index || (listed && !details)
}

/// The steps, or that there was an error.
fn steps(events: &[(Vec<u8>, Vec<u8>)]) -> Vec<String> {
    let mut reader = OpenAiChat.stream_reader("upstream");
    let mut seen = Vec::new();
    for (name, data) in events {
        let event = crate::sse::Event { name, data };
        let outcome = reader.event(&event, &mut |step| {
            seen.push(format!("{step:?}"));
            Ok(())
        });
        if outcome.is_err() {
            seen.push("error".to_owned());
        }
    }
    seen
}

#[test]
fn a_stream_says_what_the_whole_reply_says() {
    for (case, file) in golden::files(OWN, ".stream.sse") {
        let whole = golden::files(OWN, ".response.json");
        let Some((_, body)) = whole.into_iter().find(|(name, _)| *name == case) else {
            continue;
        };
        let body: Value = serde_json::from_slice(&body).unwrap();
        let (_, steps) = (&case, steps(&golden::events_of(&file, false)).join("\n"));
        for choice in body["choices"].as_array().unwrap() {
            let message = &choice["message"];
            for text in [
                &message["content"],
                &message["refusal"],
                &message["reasoning_content"],
            ] {
                let index = choice["index"].as_u64().unwrap();
                let said = text.as_str().unwrap_or_default();
                assert!(assembled(&file, index).contains(said), "{case}: {said}");
            }
            for call in message["tool_calls"].as_array().into_iter().flatten() {
                let arguments = call["function"]["arguments"].as_str();
                let input = arguments.or(call["custom"]["input"].as_str()).unwrap();
                assert!(assembled(&file, 0).contains(input), "{case}: {input}");
                assert!(steps.contains(call["id"].as_str().unwrap()), "{case}");
            }
        }
        let reply = serde_json::to_vec(&body).unwrap();
        let reply = OpenAiChat.read_reply(raw::document(&reply).unwrap(), "upstream");
        let reply = reply.unwrap();
        if case != "spelling" {
            assert!(
                steps.contains(&format!("Usage({:?})", reply.usage.unwrap())),
                "{case}"
            );
        }
        for choice in &reply.choices {
            let stop = format!("reason: {:?},", choice.stop.reason);
            assert!(steps.contains(&stop), "{case}: {stop}");
        }
    }
}

/// The text of all blocks of a choice, one after another.
fn assembled(file: &[u8], choice: u64) -> String {
    use crate::canonical::step::Step;
    let mut blocks = std::collections::BTreeMap::<_, String>::new();
    let mut reader = OpenAiChat.stream_reader("upstream");
    for (name, data) in golden::events_of(file, false) {
        let event = crate::sse::Event {
            name: &name,
            data: &data,
        };
        let mut take = |step: Step<'_>| {
            if let Step::Delta { at, text } = step
                && u64::from(at.choice) == choice
            {
                blocks.entry(at).or_default().push_str(&text.decoded());
            }
            Ok(())
        };
        reader.event(&event, &mut take).unwrap();
    }
    blocks.into_values().collect::<Vec<_>>().join("\n")
}

#[test]
fn a_golden_error_is_read_and_written() {
    use crate::canonical::failure::FailureKind;
    let kinds = [
        ("error-400", FailureKind::Invalid, 400),
        ("error-400-reasoning-tools", FailureKind::Invalid, 400),
        ("error-401", FailureKind::Key, 401),
        ("error-403", FailureKind::Forbidden, 403),
        ("error-404", FailureKind::NotFound, 404),
        ("error-413", FailureKind::TooLarge, 413),
        ("error-429", FailureKind::Rate, 429),
        ("error-429-quota", FailureKind::Money, 429),
        ("error-500", FailureKind::Failed, 500),
        ("error-503", FailureKind::Overloaded, 503),
    ];
    let files = golden::files(OWN, ".response.json");
    for (case, body) in files.iter().filter(|(case, _)| case.starts_with("error")) {
        let known = kinds.iter().find(|(name, ..)| name == case);
        let (_, kind, status) = known.unwrap_or_else(|| panic!("{case}"));
        let failure = OpenAiChat.read_failure(*status, body).unwrap();
        assert_eq!(failure.kind, *kind, "{case}");
        let (again, written) = OpenAiChat.write_failure(&failure);
        assert_eq!(again, *status, "{case}");
        let before: Value = serde_json::from_slice(body).unwrap();
        let after: Value = serde_json::from_slice(&written).unwrap();
        let differences = golden::differences(&before, &after);
        // A rate limit's `type` is what was limited; `code` comes where there was none.
        let told = differences
            .iter()
            .filter(|difference| !difference.starts_with("/error/type: \"tokens\""))
            .filter(|difference| !difference.contains("/error/code: null"));
        assert_eq!(told.count(), 0, "{case}: {differences:?}");
    }
}

#[test]
fn wrong_types_anywhere_are_errors_and_no_panics() {
    for document in hostile::documents(OWN, ".stream.sse") {
        let Ok(whole) = serde_json::from_slice::<Value>(&document) else {
            continue;
        };
        for spoilt in hostile::spoilt(&whole) {
            hostile::read_all(OWN, &spoilt);
        }
    }
}

#[test]
fn a_megabyte_of_nesting_does_not_end_the_program() {
    hostile::read_all(OWN, &hostile::deep());
    hostile::read_all(OWN, &hostile::deep_and_whole());
}

proptest::proptest! {
    #[test]
    fn broken_documents_do_not_panic(
        bytes in hostile::mutated(hostile::documents(OWN, ".stream.sse"))
    ) {
        hostile::read_all(OWN, &bytes);
    }
}
