//! `nenya::config::from_text`: any text is refused with its place, or understood.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nenya::config::{Environment, from_text};

fuzz_target!(|text: &str| {
    match from_text("fuzz.json", text, &Environment::default()) {
        Ok(loaded) => drop(loaded),
        Err(error) => assert!(error.to_string().contains("fuzz.json"), "{error}"),
    }
});
