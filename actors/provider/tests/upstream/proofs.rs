//! Real keys in real locked pages, and prompts that went through the real redactor.

use std::{collections::HashMap, fs, os::unix::fs::PermissionsExt, path::Path, sync::Mutex};

use bytes::Bytes;
use redactor::{Redacted, RedactionConfig, RedactorHandle, RuleSet, Who};
use runtime::Clock;
use vault::{Lease, Sealed, SourceSearch, VaultConfig};
use wire::{ApiFormat, ChatRequest, JsonLimits};

/// A vault whose key can be replaced, as a reload does.
pub(crate) struct Keys(Mutex<Sealed>);

impl Keys {
    pub(crate) fn with(provider: &str, key: &str) -> Self {
        Self(Mutex::new(sealed(provider, key)))
    }

    /// Several keys by their names.
    pub(crate) fn of(keys: &[(&str, &str)]) -> Self {
        Self(Mutex::new(sealed_all(keys.iter().copied().collect())))
    }

    /// The vault made from this file.
    pub(crate) fn at(file: &Path) -> Self {
        Self(Mutex::new(load(file)))
    }

    pub(crate) fn none() -> Self {
        Self(Mutex::new(Sealed::empty()))
    }

    pub(crate) fn replace(&self, provider: &str, key: &str) {
        *self.0.lock().unwrap() = sealed(provider, key);
    }
}

impl super::KeySource for Keys {
    fn lease(&self, provider: &str) -> Option<Lease> {
        self.0.lock().unwrap().lease(provider)
    }
}

fn sealed(provider: &str, key: &str) -> Sealed {
    sealed_all(HashMap::from([(provider, key)]))
}

fn sealed_all(keys: HashMap<&str, &str>) -> Sealed {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("secrets.json");
    let document = serde_json::json!({ "client_token": "nk-client-of-this-test-0123456789", "provider_keys": keys });
    fs::write(&file, document.to_string()).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    load(&file)
}

fn load(file: &Path) -> Sealed {
    let search = SourceSearch {
        secrets_dir: Some(file.to_owned()),
        ..SourceSearch::default()
    };
    let config = VaultConfig {
        search,
        memory_required: false,
    };
    Sealed::load(&config, &Clock::system()).unwrap().0
}

const SOMEBODY: Who<'static> = Who {
    key_id: "somebody",
    agent: None,
};

/// What tests send is as it is: no rule is in service.
pub(crate) async fn redacted_chat(body: &str) -> Redacted<ChatRequest> {
    let body = Bytes::copy_from_slice(body.as_bytes());
    let request = ChatRequest::parse(body, &JsonLimits::default()).unwrap();
    redactor().redact_chat(request, SOMEBODY).await.unwrap()
}

/// The same in Anthropic's format, of which only the tokens are to be counted.
pub(crate) async fn redacted_count(body: &str) -> Redacted<ChatRequest> {
    let body = Bytes::copy_from_slice(body.as_bytes());
    let request = ChatRequest::parse_as(ApiFormat::Anthropic, body, &JsonLimits::default());
    let request = request.unwrap().counted_only();
    redactor().redact_chat(request, SOMEBODY).await.unwrap()
}

pub(crate) async fn redacted_bytes(body: &[u8]) -> Redacted<Bytes> {
    redactor()
        .redact_text(Bytes::copy_from_slice(body), SOMEBODY)
        .await
        .unwrap()
}

pub(crate) async fn redacted_query(query: &str) -> Redacted<String> {
    let redacted = redactor().redact_query(query.to_owned(), SOMEBODY).await;
    redacted.unwrap()
}

fn redactor() -> RedactorHandle {
    let config = RedactionConfig {
        enabled: false,
        ..RedactionConfig::default()
    };
    RedactorHandle::detached(RuleSet::compile(&config).unwrap())
}
