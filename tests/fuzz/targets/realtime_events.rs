//! `wire::realtime` and `wire::session_event_texts`: what is read of an event is JSON, and a session's
//! model is replaced without another change of its meaning.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use wire::realtime::{EventHead, ProviderEvent, Step, transcription_models, with_session_model};
use wire::{only_slot, session_event_texts};

/// The event with the model where its session names one, as a tree of values says it.
fn named(event: &[u8], model: &str) -> Option<Value> {
    let mut event: Value = serde_json::from_slice(event).ok()?;
    let place = event
        .get_mut("session")?
        .as_object_mut()?
        .get_mut("model")?;
    *place = Value::from(model);
    Some(event)
}

fuzz_target!(|input: (&[u8], &str)| {
    let (event, model) = input;
    // A reader of frames lets nothing else through.
    if std::str::from_utf8(event).is_err() || EventHead::of(event).is_none() {
        return;
    }
    assert!(nenya_fuzz::is_json(event));
    let told = ProviderEvent::of(event);
    if let Step::Came(_, length) = told.step {
        assert!(length < event.len() as u64);
    }
    let _models = transcription_models(event);
    let replaced = with_session_model(event, model);
    if let Some(expected) = named(event, model) {
        let replaced = replaced.expect("a model is named");
        let replaced: Value = serde_json::from_slice(&replaced).expect("JSON as before");
        // Of keys that stand there twice all are replaced, and the last counts for both readers.
        assert_eq!(replaced, expected);
    }
    let Ok(texts) = session_event_texts(event) else {
        return;
    };
    for (number, slot) in texts.slots().iter().enumerate() {
        let text = texts.text(event, number);
        let alone = only_slot(event, slot, &text);
        assert!(nenya_fuzz::is_json(&alone));
        assert!(session_event_texts(&alone).is_ok());
    }
});
