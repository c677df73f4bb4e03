//! What several secrets files mean together.
//!
//! Later files win, key by key. Nothing is decoded here: tokens and keys stay where they were
//! read. Called by [`crate::sealed`] with the drafts in byte order of their file names.
//!
//! Two rules differ from what others do with the same files. A later entry under `api_keys` that
//! has no token amends the earlier one field by field, so that `{"enabled": false}` in a later
//! file takes a key out of service; where it does have one, it replaces the earlier entry as a
//! whole. And a key whose entry does not say `enabled` is enabled: whoever writes a key down
//! wants it to work.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{TextProblem, VaultError};
use crate::identity::Identity;
use crate::json_text::Text;
use crate::secrets_file::{Draft, Field, KeyDraft, PRIMARY};

/// Shortest client token, in bytes. 16 characters of hexadecimal are 64 bits.
const SHORTEST_TOKEN: usize = 16;
/// Longest client token, in bytes.
pub(crate) const LONGEST_TOKEN: usize = 512;

/// Everything the files say, checked.
#[derive(Debug)]
pub(crate) struct Merged<'a> {
    /// Provider keys that are not empty, by provider.
    pub(crate) provider_keys: BTreeMap<String, Text<'a>>,
    /// Who may come in and with what; the holder of `client_token` first.
    pub(crate) clients: Vec<(Identity, Credential<'a>)>,
}

/// What is known of a token.
#[derive(Clone, Copy)]
pub(crate) enum Credential<'a> {
    Token(Text<'a>),
    Hash([u8; 32]),
}

impl std::fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A value and the file that it comes from.
#[derive(Debug)]
struct Stated<'f, T> {
    file: &'f Path,
    value: T,
}

/// Merges the drafts of all files, earliest first.
///
/// # Errors
/// The variants of [`VaultError`] that name a field, and [`VaultError::MissingClientToken`].
pub(crate) fn merge<'a>(drafts: Vec<(&Path, Draft<'a>)>) -> Result<Merged<'a>, VaultError> {
    let files: Vec<&Path> = drafts.iter().map(|(file, _)| *file).collect();
    let mut client_token = None;
    let mut provider_keys = BTreeMap::new();
    let mut api_keys = BTreeMap::new();
    for (file, draft) in drafts {
        if let Some(value) = draft.client_token
            && !is_empty(value, &Field::document(file).inner("client_token"))?
        {
            client_token = Some(Stated { file, value });
        }
        for (provider, value) in draft.provider_keys {
            provider_keys.insert(provider, Stated { file, value });
        }
        for (id, value) in draft.api_keys {
            add_key(&mut api_keys, id, Stated { file, value });
        }
    }
    let missing = || VaultError::MissingClientToken {
        files: files.iter().map(|file| (*file).to_owned()).collect(),
    };
    let mut clients = vec![primary(client_token.ok_or_else(missing)?)?];
    for (id, key) in api_keys {
        clients.push(client(id, key)?);
    }
    Ok(Merged {
        provider_keys: checked_provider_keys(provider_keys)?,
        clients,
    })
}

fn add_key<'f, 'a>(
    keys: &mut BTreeMap<String, Stated<'f, KeyDraft<'a>>>,
    id: String,
    later: Stated<'f, KeyDraft<'a>>,
) {
    match keys.get_mut(&id) {
        Some(earlier) if !later.value.has_token() => earlier.value.amend(later.value),
        _ => drop(keys.insert(id, later)),
    }
}

fn primary<'a>(token: Stated<'_, Text<'a>>) -> Result<(Identity, Credential<'a>), VaultError> {
    check_token(
        token.value,
        &Field::document(token.file).inner("client_token"),
    )?;
    Ok((Identity::primary(PRIMARY), Credential::Token(token.value)))
}

fn client<'a>(
    id: String,
    key: Stated<'_, KeyDraft<'a>>,
) -> Result<(Identity, Credential<'a>), VaultError> {
    let field = Field::document(key.file).inner("api_keys").inner(&id);
    let draft = key.value;
    let missing = |name| VaultError::MissingField {
        place: field.inner(name).place(),
    };
    let credential = match (draft.token, draft.token_hash) {
        (Some(token), _) => {
            check_token(token, &field.inner("token"))?;
            Credential::Token(token)
        }
        (None, Some(hash)) => Credential::Hash(hash),
        (None, None) => return Err(missing("token")),
    };
    let roles = draft
        .roles
        .filter(|roles| !roles.is_empty())
        .ok_or_else(|| missing("roles"))?;
    let identity = Identity {
        name: draft.name.unwrap_or_else(|| id.clone()),
        id,
        roles,
        allowed_agents: draft.allowed_agents.unwrap_or_default(),
        allowed_endpoints: draft.allowed_endpoints.unwrap_or_default(),
        expires_at: draft.expires_at,
        enabled: draft.enabled.unwrap_or(true),
        cache_salt: draft.cache_salt,
    };
    Ok((identity, credential))
}

fn checked_provider_keys<'a>(
    found: BTreeMap<String, Stated<'_, Text<'a>>>,
) -> Result<BTreeMap<String, Text<'a>>, VaultError> {
    let mut keys = BTreeMap::new();
    for (provider, key) in found {
        let field = Field::document(key.file)
            .inner("provider_keys")
            .inner(&provider);
        // An empty key takes back what an earlier file gave.
        if check_visible(key.value, &field)? > 0 {
            keys.insert(provider, key.value);
        }
    }
    Ok(keys)
}

fn is_empty(text: Text<'_>, field: &Field<'_>) -> Result<bool, VaultError> {
    let len = text
        .decoded_len()
        .map_err(|_| field.bad_text(TextProblem::BadEscape))?;
    Ok(len == 0)
}

fn check_token(token: Text<'_>, field: &Field<'_>) -> Result<(), VaultError> {
    match check_visible(token, field)? {
        0 => Err(field.bad_text(TextProblem::Empty)),
        1..SHORTEST_TOKEN => Err(field.bad_text(TextProblem::TooShort {
            least: SHORTEST_TOKEN,
        })),
        SHORTEST_TOKEN..=LONGEST_TOKEN => Ok(()),
        _ => Err(field.bad_text(TextProblem::TooLong {
            most: LONGEST_TOKEN,
        })),
    }
}

/// Makes sure that a text can stand in a header as it is, and gives its length.
fn check_visible(text: Text<'_>, field: &Field<'_>) -> Result<usize, VaultError> {
    let mut len = 0;
    let mut problem = None;
    let read = text.pieces(|piece| {
        len += piece.len();
        problem = problem.or_else(|| piece.iter().find_map(|byte| byte_problem(*byte)));
    });
    read.map_err(|_| field.bad_text(TextProblem::BadEscape))?;
    match problem {
        Some(problem) => Err(field.bad_text(problem)),
        None => Ok(len),
    }
}

fn byte_problem(byte: u8) -> Option<TextProblem> {
    match byte {
        b' ' | b'\t' | b'\r' | b'\n' => Some(TextProblem::Whitespace),
        0x80.. => Some(TextProblem::NotAscii),
        _ if byte.is_ascii_control() => Some(TextProblem::Control),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "nk-0123456789abcdef";

    /// Merges documents as files `/0`, `/1`... and hands the result to `look`.
    fn merged<T>(documents: &[&str], look: impl FnOnce(Merged<'_>) -> T) -> Result<T, VaultError> {
        let files: Vec<String> = (0..documents.len())
            .map(|index| format!("/{index}"))
            .collect();
        let mut drafts = Vec::new();
        for (file, document) in files.iter().zip(documents) {
            let file = Path::new(file);
            drafts.push((file, Draft::read(file, document.as_bytes())?));
        }
        merge(drafts).map(look)
    }

    fn refused(documents: &[&str]) -> String {
        let error = merged(documents, |_| ()).unwrap_err().to_string();
        assert!(!error.contains("mark"), "{error}");
        error
    }

    fn with_key(fields: &str) -> String {
        format!(r#"{{"client_token": "{TOKEN}", "api_keys": {{"dev": {{{fields}}}}}}}"#)
    }

    fn dev(documents: &[&str]) -> Identity {
        merged(documents, |merged| merged.clients[1].0.clone()).unwrap()
    }

    #[test]
    fn the_example_of_the_manual_is_read() {
        let document = r#"{
            "client_token": "nk-0123456789abcdef",
            "provider_keys": {"gemini": "AIza-mark", "deepseek": "sk-mark"},
            "api_keys": {"dev-user": {"name": "Dev", "token": "nk-fedcba9876543210",
                "roles": ["user"], "allowed_agents": ["build", "plan"],
                "allowed_endpoints": ["GET /v1/models"], "enabled": true,
                "created_at": "2026-01-01T00:00:00Z", "expires_at": "2026-11-22T12:34:56Z",
                "cache_salt": null, "permissions": {}}}
        }"#;
        merged(&[document], |merged| {
            let providers: Vec<_> = merged.provider_keys.keys().collect();
            assert_eq!(providers, ["deepseek", "gemini"]);
            let [(primary, _), (dev, _)] = &merged.clients[..] else {
                panic!("two clients")
            };
            assert_eq!(
                (&*primary.id, &*primary.roles),
                ("primary", &["admin".to_owned()][..])
            );
            assert_eq!((&*dev.id, &*dev.name), ("dev-user", "Dev"));
            assert_eq!(dev.allowed_agents, ["build", "plan"]);
            assert_eq!(dev.allowed_endpoints, ["GET /v1/models"]);
            assert_eq!((dev.expires_at, dev.enabled), (Some(1_795_350_896), true));
        })
        .unwrap();
    }

    #[test]
    fn a_later_file_wins_per_key_and_an_empty_key_takes_back() {
        let first = format!(
            r#"{{"client_token": "{TOKEN}", "provider_keys": {{"a": "one", "b": "two", "c": "x"}}}}"#
        );
        let later = r#"{"client_token": "", "provider_keys": {"b": "changed", "c": ""}}"#;
        let keys = merged(&[&first, later], |merged| {
            let text = |(name, key): (String, Text<'_>)| (name, key.to_name().unwrap());
            merged
                .provider_keys
                .into_iter()
                .map(text)
                .collect::<Vec<_>>()
        });
        let expected = [("a", "one"), ("b", "changed")].map(|(n, k)| (n.into(), k.into()));
        assert_eq!(keys.unwrap(), expected);
    }

    #[test]
    fn enabled_is_the_default_and_a_later_false_disables() {
        let first = with_key(r#""token": "nk-fedcba9876543210", "roles": ["user"]"#);
        assert!(dev(&[&first]).enabled);
        let later = r#"{"api_keys": {"dev": {"enabled": false}}}"#;
        let disabled = dev(&[&first, later]);
        assert!(!disabled.enabled);
        assert_eq!(disabled.roles, ["user"]);
    }

    #[test]
    fn a_later_entry_with_a_token_replaces_and_one_without_amends() {
        let fields =
            r#""token": "nk-fedcba9876543210", "roles": ["user"], "allowed_agents": ["a"]"#;
        let first = with_key(fields);
        let amended = dev(&[&first, r#"{"api_keys": {"dev": {"roles": ["read-only"]}}}"#]);
        assert_eq!(
            (&*amended.roles[0], &*amended.allowed_agents[0]),
            ("read-only", "a")
        );
        let whole = r#"{"api_keys": {"dev": {"token": "nk-0000000000000000", "roles": ["user"]}}}"#;
        assert!(dev(&[&first, whole]).allowed_agents.is_empty());
    }

    #[test]
    fn a_missing_field_is_named_with_its_file() {
        assert!(refused(&["{}", "{}"]).contains("`client_token` is missing in `/0`, `/1`"));
        assert!(refused(&[r#"{"client_token": ""}"#]).contains("`client_token` is missing"));
        let no_token = refused(&[&with_key(r#""roles": ["user"]"#)]);
        assert_eq!(no_token, "`/0`: field `api_keys.dev.token` is missing");
        let no_roles = refused(&[&with_key(r#""token": "nk-mark-0123456789""#)]);
        assert_eq!(no_roles, "`/0`: field `api_keys.dev.roles` is missing");
    }

    #[test]
    fn unusable_tokens_and_keys_are_refused_without_being_shown() {
        let tokens = [
            ("mark", "shorter than 16"),
            ("mark-0123456789 abc", "a blank"),
            ("mark-0123456789abc\\n", "a line end"),
            ("mark-0123456789abc\\u0000", "control"),
            ("mark-0123456789abc\\u00e9", "ASCII"),
            ("mark-0123456789abc\\ud800", "escape"),
            (&"mark".repeat(129), "longer than 512"),
        ];
        for (token, expected) in tokens {
            let client = refused(&[&format!(r#"{{"client_token": "{token}"}}"#)]);
            assert!(
                client.contains("`client_token`") && client.contains(expected),
                "{client}"
            );
            let fields = format!(r#""token": "{token}", "roles": ["user"]"#);
            let key = refused(&[&with_key(&fields)]);
            assert!(
                key.contains("`api_keys.dev.token`") && key.contains(expected),
                "{key}"
            );
        }
        let document =
            format!(r#"{{"client_token": "{TOKEN}", "provider_keys": {{"openai": "sk-mark\n"}}}}"#);
        assert!(refused(&[&document]).contains("`provider_keys.openai`"));
    }

    #[test]
    fn wrong_fields_are_refused_with_what_is_right() {
        let fields = r#""token": "nk-fedcba9876543210", "roles": ["user"]"#;
        let cases = [
            (
                r#"{"client_tokn": "mark"}"#.to_owned(),
                "nearest known field is `client_token`",
            ),
            (
                r#"{"CLIENT_TOKEN": "mark"}"#.to_owned(),
                "`CLIENT_TOKEN` is not known",
            ),
            (
                with_key(r#""role": "mark""#),
                "nearest known field is `roles`",
            ),
            (
                r#"{"client_token": "mark", "client_token": "x"}"#.to_owned(),
                "stands there twice",
            ),
            (
                with_key(&format!("{fields}, \"roles\": []")),
                "`api_keys.dev.roles` stands there",
            ),
            (r#"{"client_token": 12}"#.to_owned(), "must be a string"),
            (
                r#"{"provider_keys": ["mark"]}"#.to_owned(),
                "must be an object",
            ),
            (
                r#"{"provider_keys": {"openai": null}}"#.to_owned(),
                "must be a string",
            ),
            (r#"["mark"]"#.to_owned(), "the document must be an object"),
            (r#""mark""#.to_owned(), "the document must be an object"),
            (
                "{\n  // mark\n}".to_owned(),
                "strict JSON at line 2 column 3",
            ),
            (
                r#"{"client_token": "mark",}"#.to_owned(),
                "strict JSON at line 1",
            ),
            (with_key(r#""enabled": "mark""#), "`true` or `false`"),
            (with_key(r#""roles": "mark""#), "list of strings"),
            (
                with_key(r#""roles": ["user", "mark"]"#),
                "`api_keys.dev.roles[1]` is none of",
            ),
            (with_key(r#""expires_at": "mark""#), "RFC 3339"),
            (with_key(r#""created_at": "mark""#), "RFC 3339"),
            (with_key(r#""token_hash": "mark""#), "64 hexadecimal"),
            (
                with_key(r#""permissions": {"mark": 1}"#),
                "`roles`, `allowed_agents`",
            ),
            (
                with_key(&format!(r#""cache_salt": "{}""#, "s".repeat(65))),
                "longer than 64",
            ),
            (
                with_key(&format!(
                    r#"{fields}, "token_hash": "sha256:{}""#,
                    "0".repeat(64)
                )),
                "both `token` and `token_hash`",
            ),
            (
                r#"{"api_keys": {"primary": {}}}"#.to_owned(),
                "stands for `client_token`",
            ),
            (r#"{"api_keys": {"": {}}}"#.to_owned(), "is empty"),
        ];
        for (document, expected) in cases {
            let error = refused(&[&document]);
            assert!(error.contains(expected), "{document}: {error}");
        }
    }

    #[test]
    fn a_key_in_the_place_of_a_name_is_not_shown() {
        let swapped = [
            r#"{"provider_keys": {"sk-mark-0123456789": "openai"}}"#.to_owned(),
            r#"{"nk-mark-0123456789abcdef": "x"}"#.to_owned(),
            format!(
                r#"{{"provider_keys": {{"{}": "openai"}}}}"#,
                "mark".repeat(30)
            ),
            format!(
                r#"{{"api_keys": {{"nk-{}": {{"enabled": 1}}}}}}"#,
                "mark".repeat(12)
            ),
        ];
        for document in swapped {
            assert!(refused(&[&document]).contains("not shown"), "{document}");
        }
        let hex = refused(&[r#"{"provider_keys": {"0123456789abcdef0123456789abcdef": "x"}}"#]);
        assert!(hex.contains("swapped") && !hex.contains("0123"), "{hex}");
    }

    #[test]
    fn bytes_that_are_no_utf8_are_named_by_place() {
        let error = Draft::read(Path::new("/0"), b"{\"a\": \"\xFFmark\"}").unwrap_err();
        assert_eq!(error.to_string(), "`/0` is not UTF-8 at byte 7");
    }

    #[test]
    fn debug_shows_no_token() {
        let document = with_key(r#""token": "nk-mark-0123456789", "roles": ["user"]"#);
        let shown = merged(&[&document], |merged| format!("{merged:?}")).unwrap();
        assert!(!shown.contains("mark") && !shown.contains(TOKEN), "{shown}");
    }
}
