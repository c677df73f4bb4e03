//! `wire::Usage` and `wire::ErrorBody`: whatever a provider answers, ours is well-formed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{ErrorBody, Usage};

fuzz_target!(|bytes: &[u8]| {
    for usage in [Usage::from_reply(bytes), Usage::from_event(bytes)] {
        assert!(usage.is_none() || nenya_fuzz::is_json(bytes));
    }
    let _ = wire::field_str(bytes, "model");
    if let Some(error) = ErrorBody::parse(bytes) {
        let rendered = error.render("provider_error", "req-1");
        assert!(wire::is_json_object(&rendered));
        let again = ErrorBody::parse(&rendered).expect("our own shape is read again");
        assert_eq!(again.message, error.message);
        assert_eq!(again.code, error.code);
        assert_eq!(again.param, error.param);
    }
    let text = String::from_utf8_lossy(bytes);
    let quoted = wire::json_string(&text);
    assert_eq!(
        serde_json::from_str::<String>(&quoted).ok().as_deref(),
        Some(&*text)
    );
});
