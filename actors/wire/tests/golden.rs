//! The golden files: every reply and every event of every format can be read for its texts.
//!
//! The files and what they follow are listed in `golden/README.md`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and so do its helpers"
)]

use std::fs;
use std::path::{Path, PathBuf};

use nenya_wire::{JsonLimits, event_texts, ndjson, reply_texts, request_texts, sse};

fn files(ending: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut folders = vec![root];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().unwrap().ends_with(ending) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no file ends with {ending}");
    found
}

/// Texts and nothing else change: without a replacement every byte stays.
#[test]
fn documents_keep_their_bytes() {
    let limits = JsonLimits::default();
    for path in files(".json") {
        let body = fs::read(&path).unwrap();
        let Ok(texts) = reply_texts(&body, &limits) else {
            panic!("{}", path.display());
        };
        let unchanged: [(usize, &str); 0] = [];
        assert_eq!(texts.with_texts(&unchanged), body, "{}", path.display());
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.contains("request") {
            assert!(request_texts(&body, &limits).is_ok(), "{}", path.display());
        }
    }
}

/// Each event that is JSON is read, and stays valid when one of its texts is let go alone.
#[test]
fn events_are_read_in_every_format() {
    let mut slots = 0;
    for path in files(".sse") {
        let whole = fs::read(&path).unwrap();
        for event in sse::events(&whole) {
            let Some(data) = event.data.as_deref() else {
                continue;
            };
            slots += slots_of(&path, data);
        }
    }
    for path in files(".ndjson") {
        let whole = fs::read(&path).unwrap();
        for line in ndjson::lines(&whole).filter(|line| !line.data.trim_ascii().is_empty()) {
            slots += slots_of(&path, line.data);
        }
    }
    assert!(slots > 1000, "{slots}");
}

fn slots_of(path: &Path, data: &[u8]) -> usize {
    let Ok(texts) = event_texts(data) else {
        panic!("{}: {}", path.display(), String::from_utf8_lossy(data));
    };
    for slot in texts.slots() {
        let alone = nenya_wire::only_slot(data, slot, "text");
        assert!(nenya_wire::is_json_object(&alone), "{}", path.display());
    }
    texts.slots().len()
}
