//! The sealed vault: all secrets of one load, which nothing can change any more.
//!
//! Owns the pages with the provider keys and the digest key, and the table of client tokens. A
//! reload makes a new one beside it; the old one goes, wiped, with its last lease. Whoever holds
//! the snapshot can authenticate and lease without asking anybody.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use runtime::Clock;

use crate::config::VaultConfig;
use crate::digest::{DigestTable, KEY_BYTES, PlainHash, Twins, keyed_digest, new_key, plain_hash};
use crate::error::{Place, TextProblem, VaultError};
use crate::facts::VaultFacts;
use crate::identity::{Identity, Known};
use crate::json_text::{BadEscape, Text};
use crate::lease::Lease;
use crate::locked_pages::{LockedPages, SealedPages};
use crate::merge::{Credential, LONGEST_TOKEN, Merged, merge};
use crate::secrets_file::{Draft, PRIMARY};
use crate::sources::Source;
use crate::token::{OneTimeToken, new_client_token};
use crate::warning::Warning;

/// All secrets of one load. Immutable; shared behind an `Arc`.
pub struct Sealed {
    pages: Option<Arc<SealedPages>>,
    provider_keys: BTreeMap<String, Range<usize>>,
    digests: DigestTable,
    identities: Arc<[Identity]>,
    facts: VaultFacts,
}

impl Sealed {
    /// Reads the secrets from the best source.
    ///
    /// # Errors
    /// Any [`VaultError`]; nothing of a half-read load is kept.
    ///
    /// # Security
    /// File contents are read into locked pages and go from there to the sealed ones or into a
    /// digest, never through ordinary memory. The pages that files were read into are wiped
    /// before this returns.
    pub fn load(config: &VaultConfig, clock: &Clock) -> Result<(Self, Vec<Warning>), VaultError> {
        let source = Source::find(&config.search)?;
        let (files, mut warnings) = source.read(config.memory_required)?;
        let drafts: Result<Vec<(&Path, Draft<'_>)>, VaultError> = files
            .iter()
            .map(|file| Ok((&*file.path, Draft::read(&file.path, file.bytes())?)))
            .collect();
        let (mut sealed, refused) = Self::seal(merge(drafts?)?, config.memory_required)?;
        sealed.facts.source = Some(source.place.display().to_string());
        sealed.facts.files = source
            .files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        warnings.extend(refused.map(|refused| Warning::PlainMemory {
            refused: refused.into(),
        }));
        warnings.extend(sealed.expired(clock.unix().as_secs()));
        Ok((sealed, warnings))
    }

    /// Makes a vault for a start without configuration: one new client token and no keys.
    ///
    /// # Errors
    /// [`VaultError::MemoryLock`] or [`VaultError::NoRandomness`].
    pub fn fresh(memory_required: bool) -> Result<(Self, OneTimeToken), VaultError> {
        let token = new_client_token();
        let hash = hash_of(token.as_bytes());
        let clients = vec![(Identity::primary(PRIMARY), Credential::Hash(*hash))];
        let merged = Merged {
            provider_keys: BTreeMap::new(),
            clients,
        };
        let (sealed, _) = Self::seal(merged, memory_required)?;
        Ok((sealed, token))
    }

    /// A vault that knows nobody and has nothing, as it is after [`crate::Wipe`].
    #[must_use]
    pub fn empty() -> Self {
        Self {
            pages: None,
            provider_keys: BTreeMap::new(),
            digests: DigestTable::default(),
            identities: Arc::from([]),
            facts: VaultFacts::default(),
        }
    }

    fn seal(
        merged: Merged<'_>,
        memory_required: bool,
    ) -> Result<(Self, Option<VaultError>), VaultError> {
        let mut layout = KEY_BYTES;
        for key in merged.provider_keys.values() {
            layout = layout.saturating_add(key.decoded_len().map_err(escape_was_checked)?);
        }
        let (mut pages, refused) = LockedPages::new(layout, memory_required)?;
        let (key_room, mut room) = pages
            .bytes_mut()
            .split_at_mut_checked(KEY_BYTES)
            .ok_or(VaultError::NoRandomness)?;
        new_key(key_room)?;
        let mut provider_keys = BTreeMap::new();
        let mut end = KEY_BYTES;
        for (provider, key) in merged.provider_keys {
            let before = room.len();
            room = key.copy_to(room).map_err(escape_was_checked)?;
            let begin = end;
            end += before - room.len();
            provider_keys.insert(provider, begin..end);
        }
        let (digests, identities) = digest_all(key_room, merged.clients)?;
        let facts = VaultFacts {
            providers: provider_keys.keys().cloned().collect(),
            identities: identities.len(),
            memory: Some(pages.kind()),
            bytes: pages.mapped_bytes(),
            ..VaultFacts::default()
        };
        let pages = Some(Arc::new(pages.seal()?));
        Ok((
            Self {
                pages,
                provider_keys,
                digests,
                identities,
                facts,
            },
            refused,
        ))
    }

    /// Says who holds this token, if anybody does.
    ///
    /// # Security
    /// Takes the same time whether one key or ten thousand are known, and whether this token is
    /// one of them; it depends on the length of what was presented alone. Disabled and expired
    /// keys are known too: the policy refuses them, with the reason.
    #[must_use]
    pub fn authenticate(&self, presented: &[u8]) -> Option<Known> {
        let key = self.pages.as_ref()?.bytes();
        let within = presented.get(..LONGEST_TOKEN).unwrap_or(presented);
        let owner = self.digests.owner(&keyed_digest(key, &hash_of(within)));
        let everybody = Arc::clone(&self.identities);
        // What is longer than any token cannot be one, whatever its beginning is.
        let number = owner.filter(|_| presented.len() <= LONGEST_TOKEN)?;
        Known::new(everybody, number)
    }

    /// Lends the provider's key.
    #[must_use]
    pub fn lease(&self, provider: &str) -> Option<Lease> {
        let span = self.provider_keys.get(provider)?.clone();
        Some(Lease::new(Arc::clone(self.pages.as_ref()?), span))
    }

    /// Whether there is a key for this provider.
    #[must_use]
    pub fn has_key(&self, provider: &str) -> bool {
        self.provider_keys.contains_key(provider)
    }

    /// Everybody who may come in, the holder of `client_token` first.
    #[must_use]
    pub fn identities(&self) -> &[Identity] {
        &self.identities
    }

    /// What an operator may know.
    #[must_use]
    pub fn facts(&self) -> VaultFacts {
        self.facts.clone()
    }

    fn expired(&self, now: u64) -> impl Iterator<Item = Warning> {
        let expired = self
            .identities
            .iter()
            .filter(move |identity| identity.is_expired(now));
        expired.map(|identity| Warning::ExpiredKey {
            id: identity.id.clone(),
        })
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sealed").field(&self.facts).finish()
    }
}

/// Digests everybody's token and keeps only that.
fn digest_all(
    key: &[u8],
    clients: Vec<(Identity, Credential<'_>)>,
) -> Result<(DigestTable, Arc<[Identity]>), VaultError> {
    let mut digests = Vec::with_capacity(clients.len());
    let mut identities = Vec::with_capacity(clients.len());
    for (identity, credential) in clients {
        let hash = match credential {
            Credential::Token(text) => hash_of_text(text)?,
            Credential::Hash(hash) => PlainHash::new(hash),
        };
        digests.push(keyed_digest(key, &hash));
        identities.push(identity);
    }
    let named = |number: usize| identities.get(number).map(|identity| identity.id.clone());
    let table =
        DigestTable::new(&digests).map_err(|Twins { first, second }| VaultError::SameToken {
            first: named(first).unwrap_or_default(),
            second: named(second).unwrap_or_default(),
        })?;
    Ok((table, identities.into()))
}

fn hash_of_text(text: Text<'_>) -> Result<PlainHash, VaultError> {
    plain_hash(|take| text.pieces(take)).map_err(escape_was_checked)
}

fn hash_of(token: &[u8]) -> PlainHash {
    let Ok(hash) = plain_hash(|take| {
        take(token);
        Ok::<(), std::convert::Infallible>(())
    });
    hash
}

/// [`merge`] has read each text to its end, so that this names no place.
fn escape_was_checked(BadEscape: BadEscape) -> VaultError {
    VaultError::BadText {
        place: Place::unknown(),
        problem: TextProblem::BadEscape,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::*;
    use crate::changes;
    use crate::config::SourceSearch;
    use crate::locked_pages::tests::WIPED;
    use crate::token::token_hash;

    const CLIENT: &str = "nk-client-0123456789";

    fn config(root: &Path) -> VaultConfig {
        let search = SourceSearch {
            credentials_directory: Some(root.to_owned()),
            run_secrets: root.join("nothing"),
            ..SourceSearch::default()
        };
        VaultConfig {
            search,
            memory_required: true,
        }
    }

    fn load(document: &str) -> Result<(Sealed, Vec<Warning>), VaultError> {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("secrets");
        fs::write(&file, document).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        Sealed::load(&config(dir.path()), &Clock::system())
    }

    fn with_keys(keys: &str) -> Sealed {
        let document = format!(r#"{{"client_token": "{CLIENT}", {keys}}}"#);
        load(&document).unwrap().0
    }

    fn who(sealed: &Sealed, token: &str) -> Option<String> {
        sealed
            .authenticate(token.as_bytes())
            .map(|known| known.identity().id.clone())
    }

    #[test]
    fn each_token_is_known_and_no_other() {
        let sealed = with_keys(
            r#""api_keys": {
                "dev": {"token": "nk-dev-\u0030123456789", "roles": ["user"]},
                "off": {"token": "nk-off-0123456789", "roles": ["user"], "enabled": false}}"#,
        );
        assert_eq!(who(&sealed, CLIENT).as_deref(), Some("primary"));
        assert_eq!(who(&sealed, "nk-dev-0123456789").as_deref(), Some("dev"));
        assert_eq!(who(&sealed, "nk-off-0123456789").as_deref(), Some("off"));
        for wrong in [
            "",
            "nk-client-012345678",
            "nk-client-01234567890",
            "NK-CLIENT-0123456789",
        ] {
            assert_eq!(who(&sealed, wrong), None, "{wrong}");
        }
        assert!(sealed.authenticate(&[0xFF; 20]).is_none());
    }

    #[test]
    fn a_token_of_which_only_the_hash_is_stored_is_known() {
        let token = new_client_token();
        let hash = token.hash();
        let sealed = with_keys(&format!(
            r#""api_keys": {{"dev": {{"token_hash": "{hash}", "roles": ["user"]}}}}"#
        ));
        token.reveal(|token| assert_eq!(who(&sealed, token).as_deref(), Some("dev")));
        assert_eq!(who(&sealed, &hash), None);
    }

    #[test]
    fn the_longest_token_is_known_and_a_longer_one_with_that_beginning_is_not() {
        let longest = "x".repeat(LONGEST_TOKEN);
        let keys = format!(r#""api_keys": {{"dev": {{"token": "{longest}", "roles": ["user"]}}}}"#);
        let sealed = with_keys(&keys);
        assert!(who(&sealed, &longest).is_some());
        assert_eq!(who(&sealed, &format!("{longest}x")), None);
    }

    #[test]
    fn the_same_token_twice_is_refused_with_both_names() {
        let keys = [
            format!(r#""dev": {{"token": "{CLIENT}", "roles": ["user"]}}"#),
            format!(
                r#""dev": {{"token_hash": "{}", "roles": ["user"]}}"#,
                token_hash(CLIENT.as_bytes())
            ),
        ];
        for key in keys {
            let document = format!(r#"{{"client_token": "{CLIENT}", "api_keys": {{{key}}}}}"#);
            let error = load(&document).unwrap_err();
            let (first, second) = ("primary".to_owned(), "dev".to_owned());
            assert_eq!(error, VaultError::SameToken { first, second });
        }
    }

    #[test]
    fn a_key_of_any_length_is_lent_unchanged() {
        let long = "k".repeat(70_000);
        let sealed = with_keys(&format!(
            r#""provider_keys": {{"long": "{long}", "short": "a\/b\u0041", "none": ""}}"#
        ));
        assert_eq!(sealed.lease("long").unwrap().expose(), long.as_bytes());
        assert_eq!(sealed.lease("short").unwrap().expose(), b"a/bA");
        assert!(sealed.has_key("short") && !sealed.has_key("none"));
        assert!(sealed.lease("none").is_none() && sealed.lease("other").is_none());
        assert!(sealed.facts().bytes > long.len());
    }

    #[test]
    fn a_lease_keeps_the_pages_and_the_last_one_wipes_them() {
        let sealed = with_keys(r#""provider_keys": {"openai": "sk-mark"}"#);
        let lease = sealed.lease("openai").unwrap();
        WIPED.set(None);
        drop(sealed);
        assert_eq!(WIPED.get(), None);
        assert_eq!(lease.expose(), b"sk-mark");
        drop(lease);
        assert_eq!(WIPED.get(), Some(true));
    }

    #[test]
    fn facts_name_source_files_and_providers() {
        let dir = TempDir::new().unwrap();
        for (name, text) in [
            ("01.json", format!(r#"{{"client_token": "{CLIENT}"}}"#)),
            (
                "02.json",
                r#"{"provider_keys": {"b": "x", "a": "y"}}"#.to_owned(),
            ),
        ] {
            let file = dir.path().join(name);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
        }
        let (sealed, warnings) = Sealed::load(&config(dir.path()), &Clock::system()).unwrap();
        let facts = sealed.facts();
        assert_eq!(facts.source, Some(dir.path().display().to_string()));
        assert_eq!(facts.files.len(), 2);
        assert_eq!(facts.providers, ["a", "b"]);
        assert_eq!(facts.identities, 1);
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn an_expired_key_is_warned_of_and_still_known() {
        let keys = r#""dev": {"token": "nk-dev-0123456789", "roles": ["user"],
            "expires_at": "2020-01-01T00:00:00Z"}"#;
        let document = format!(r#"{{"client_token": "{CLIENT}", "api_keys": {{{keys}}}}}"#);
        let (sealed, warnings) = load(&document).unwrap();
        assert_eq!(
            warnings,
            [Warning::ExpiredKey {
                id: "dev".to_owned()
            }]
        );
        assert!(who(&sealed, "nk-dev-0123456789").is_some());
    }

    #[test]
    fn a_fresh_vault_knows_its_new_token_only() {
        let (sealed, token) = Sealed::fresh(true).unwrap();
        token.reveal(|token| assert_eq!(who(&sealed, token).as_deref(), Some("primary")));
        assert_eq!(sealed.identities().len(), 1);
        assert_eq!(who(&sealed, CLIENT), None);
    }

    #[test]
    fn an_empty_vault_knows_nobody() {
        let empty = Sealed::empty();
        assert!(empty.authenticate(CLIENT.as_bytes()).is_none());
        assert!(empty.lease("openai").is_none() && empty.identities().is_empty());
    }

    #[test]
    fn nothing_secret_is_shown() {
        let sealed = with_keys(
            r#""provider_keys": {"openai": "sk-mark"},
               "api_keys": {"dev": {"token": "nk-mark-0123456789", "roles": ["user"],
                            "cache_salt": "mark"}}"#,
        );
        let known = sealed.authenticate(b"nk-mark-0123456789").unwrap();
        let facts = serde_json::to_string(&sealed.facts()).unwrap();
        let shown = format!(
            "{sealed:?} {:?} {known:?} {:?} {facts}",
            sealed.lease("openai").unwrap(),
            known.identity()
        );
        assert!(!shown.contains("mark"), "{shown}");
        assert!(shown.contains("***") && shown.contains("dev"), "{shown}");
    }

    #[test]
    fn changes_are_named() {
        let old = with_keys(
            r#""provider_keys": {"a": "one", "b": "two", "c": "three"},
               "api_keys": {"dev": {"token": "nk-dev-0123456789", "roles": ["user"]}}"#,
        );
        let new = with_keys(
            r#""provider_keys": {"a": "one", "b": "two!", "d": "four"},
               "api_keys": {"dev": {"token": "nk-dev-0123456789", "roles": ["admin"]}}"#,
        );
        let keys = changes::of_provider_keys(&old, &new);
        assert_eq!(
            (keys.added, keys.removed, keys.changed),
            (
                vec!["d".to_owned()],
                vec!["c".to_owned()],
                vec!["b".to_owned()],
            )
        );
        assert_eq!(changes::of_identities(&old, &new).changed, ["dev"]);
        assert!(changes::of_identities(&old, &old).is_empty());
    }
}
