//! What holds for every golden file of this format.

use serde_json::Value;

use super::*;
use crate::formats::golden;

#[test]
fn a_golden_request_comes_back_as_it_was() {
    for (case, body) in golden::files(OWN, ".request.json") {
        if case == "show" {
            continue;
        }
        let before: Value = serde_json::from_slice(&body).unwrap();
        let stream = before["stream"] != false;
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
        if case.starts_with("error") || case == "show" || case == "tags" {
            continue;
        }
        let before: Value = serde_json::from_slice(&body).unwrap();
        let (after, notes) = golden::rewritten_reply(OWN, &body);
        let differences = golden::differences(&before, &after);
        assert_eq!(differences, Vec::<String>::new(), "{case}");
        assert_eq!(notes, Vec::<String>::new(), "{case}");
    }
}

#[test]
fn a_golden_stream_is_read_again_as_the_same_steps() {
    for (case, file) in golden::files(OWN, ".stream.ndjson") {
        let events = golden::events_of(&file, true);
        let mut reader = Ollama.stream_reader("upstream");
        let first = golden::steps_of(reader.as_mut(), &events);
        let written = golden::rewritten_stream(OWN, &events);
        let again = golden::events_of(&written, false);
        for (_, data) in &again {
            let whole = serde_json::from_slice::<Value>(data).is_ok();
            assert!(whole, "{case}: {}", String::from_utf8_lossy(data));
        }
        let mut reader = Ollama.stream_reader("upstream");
        let again = golden::steps_of(reader.as_mut(), &again);
        let known = |steps: Vec<String>| -> Vec<String> {
            let told = |step: &String| !step.starts_with("Unknown");
            steps.into_iter().filter(told).collect()
        };
        assert_eq!(known(first), known(again), "{case}");
    }
}
