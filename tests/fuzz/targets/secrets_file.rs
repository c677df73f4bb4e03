//! `vault::Sealed::load`: a secrets file that is taken gives out exactly what it says.
#![no_main]

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use runtime::Clock;
use serde_json::Value;
use tempfile::TempDir;
use vault::{Sealed, SourceSearch, VaultConfig};

fn file() -> PathBuf {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| TempDir::new().expect("a folder for the secrets file"));
    folder.path().join("secrets.json")
}

fn load(bytes: &[u8]) -> Option<Sealed> {
    let path = file();
    let mut options = fs::OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut open = options.open(&path).expect("the folder is ours");
    open.write_all(bytes).expect("there is room");
    let search = SourceSearch {
        secrets_dir: Some(path),
        ..SourceSearch::default()
    };
    let config = VaultConfig {
        search,
        memory_required: false,
    };
    match Sealed::load(&config, &Clock::system()) {
        Ok((sealed, _)) => Some(sealed),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

fn members(document: &Value, key: &str) -> Vec<(String, Value)> {
    let object = document.get(key).and_then(Value::as_object);
    object
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fuzz_target!(|bytes: &[u8]| {
    let Some(sealed) = load(bytes) else {
        return;
    };
    let document: Value = serde_json::from_slice(bytes).expect("what was taken is JSON");
    for (provider, key) in members(&document, "provider_keys") {
        let lease = sealed.lease(&provider);
        assert_eq!(
            lease.as_ref().map(|lease| lease.expose()),
            key.as_str().map(str::as_bytes)
        );
    }
    if let Some(token) = document.get("client_token").and_then(Value::as_str) {
        assert_eq!(
            sealed
                .authenticate(token.as_bytes())
                .expect("it was given")
                .identity()
                .id,
            "primary"
        );
    }
    for (id, entry) in members(&document, "api_keys") {
        if let Some(token) = entry.get("token").and_then(Value::as_str) {
            let known = sealed.authenticate(token.as_bytes()).expect("it was given");
            assert_eq!(known.identity().id, id);
        }
    }
    assert!(sealed.authenticate(b"").is_none());
    assert!(
        sealed.authenticate(b"nobody's").is_none() || bytes.windows(8).any(|at| at == b"nobody's")
    );
});
