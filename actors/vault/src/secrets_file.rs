//! One secrets file, read strictly: each field known, given once and of its type.
//!
//! Yields a [`Draft`] whose tokens and keys still stand in the file's pages. Says nothing about
//! what several files mean together; that is [`crate::merge`].

use std::path::Path;

use serde_json::value::RawValue;

use crate::error::{Place, TextProblem, VaultError};
use crate::json_text::{BadEscape, Members, Text, elements};
use crate::rfc3339;
use crate::token::parse_token_hash;

/// Longest name of a provider or id of a key, in bytes. Real keys are longer, so that a file in
/// which name and key are swapped is refused before the key is shown as a name.
const LONGEST_NAME: usize = 64;
/// Longest salt, in bytes; what the upstream APIs with such a field take.
const LONGEST_SALT: usize = 64;
/// How well-known keys begin.
const KEY_PREFIXES: [&str; 6] = ["sk-", "nk-", "AIza", "gsk_", "xai-", "ya29."];
/// The id of the one that holds the `client_token`.
pub(crate) const PRIMARY: &str = "primary";

const DOCUMENT_FIELDS: [&str; 3] = ["client_token", "provider_keys", "api_keys"];
const KEY_FIELDS: [&str; 11] = [
    "name",
    "token",
    "token_hash",
    "roles",
    "allowed_agents",
    "allowed_endpoints",
    "cache_salt",
    "created_at",
    "expires_at",
    "enabled",
    "permissions",
];
const ROLES: [&str; 3] = ["admin", "user", "read-only"];

/// What one file says.
#[derive(Debug, Default)]
pub(crate) struct Draft<'a> {
    pub(crate) client_token: Option<Text<'a>>,
    pub(crate) provider_keys: Vec<(String, Text<'a>)>,
    pub(crate) api_keys: Vec<(String, KeyDraft<'a>)>,
}

/// What one file says about one key. A field that is absent, or `null`, is `None`.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyDraft<'a> {
    pub(crate) name: Option<String>,
    pub(crate) token: Option<Text<'a>>,
    pub(crate) token_hash: Option<[u8; 32]>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) allowed_agents: Option<Vec<String>>,
    pub(crate) allowed_endpoints: Option<Vec<String>>,
    pub(crate) cache_salt: Option<String>,
    pub(crate) expires_at: Option<u64>,
    pub(crate) enabled: Option<bool>,
}

/// A file and a path in it, for errors.
#[derive(Debug, Clone)]
pub(crate) struct Field<'f> {
    file: &'f Path,
    path: String,
}

impl<'f> Field<'f> {
    /// The document itself.
    pub(crate) fn document(file: &'f Path) -> Self {
        Self {
            file,
            path: String::new(),
        }
    }

    /// A field inside this one. A name that may be a misplaced key is not shown.
    pub(crate) fn inner(&self, name: &str) -> Self {
        let name = if name_problem(name).is_none() {
            name
        } else {
            "(name not shown)"
        };
        let path = if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        };
        Self {
            file: self.file,
            path,
        }
    }

    pub(crate) fn place(&self) -> Place {
        Place {
            file: self.file.to_owned(),
            field: self.path.clone(),
        }
    }

    fn element(&self, index: usize) -> Self {
        Self {
            file: self.file,
            path: format!("{}[{index}]", self.path),
        }
    }

    fn wrong_type(&self, expected: &'static str) -> VaultError {
        VaultError::WrongType {
            place: self.place(),
            expected,
        }
    }

    pub(crate) fn bad_text(&self, problem: TextProblem) -> VaultError {
        VaultError::BadText {
            place: self.place(),
            problem,
        }
    }

    fn bad_escape(&self) -> impl FnOnce(BadEscape) -> VaultError {
        let place = self.place();
        move |BadEscape| VaultError::BadText {
            place,
            problem: TextProblem::BadEscape,
        }
    }

    /// The members of an object, none of them given twice.
    fn members<'a>(&self, members: Members<'a>) -> Result<Vec<Member<'f, 'a>>, VaultError> {
        let mut names: Vec<&str> = members.0.iter().map(|(name, _)| &**name).collect();
        names.sort_unstable();
        if let Some(twice) = names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b) {
            return Err(VaultError::DuplicateField {
                place: self.inner(twice.0).place(),
            });
        }
        let named = |(name, raw): (std::borrow::Cow<'a, str>, _)| Member {
            field: self.inner(&name),
            name: name.into_owned(),
            raw,
        };
        Ok(members.0.into_iter().map(named).collect())
    }
}

/// One member of an object: its name, its value, and where it stands.
struct Member<'f, 'a> {
    field: Field<'f>,
    name: String,
    raw: &'a RawValue,
}

impl<'a> Member<'_, 'a> {
    fn is_null(&self) -> bool {
        self.raw.get() == "null"
    }

    fn unknown(&self, known: &[&'static str]) -> VaultError {
        let distance = |known: &&&'static str| strsim::damerau_levenshtein(known, &self.name);
        let nearest = known
            .iter()
            .min_by_key(distance)
            .copied()
            .unwrap_or_default();
        VaultError::UnknownField {
            place: self.field.place(),
            nearest,
        }
    }

    fn text(&self) -> Result<Text<'a>, VaultError> {
        Text::of(self.raw).ok_or_else(|| self.field.wrong_type("a string"))
    }

    fn plain_text(&self) -> Result<String, VaultError> {
        self.text()?.to_name().map_err(self.field.bad_escape())
    }

    fn object(&self) -> Result<Members<'a>, VaultError> {
        Members::of(self.raw).ok_or_else(|| self.field.wrong_type("an object"))
    }

    fn switch(&self) -> Result<bool, VaultError> {
        match self.raw.get() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.field.wrong_type("`true` or `false`")),
        }
    }

    fn list(&self) -> Result<Vec<String>, VaultError> {
        let parts = elements(self.raw).ok_or_else(|| self.field.wrong_type("a list of strings"))?;
        let texts = parts.into_iter().enumerate().map(|(index, raw)| {
            let field = self.field.element(index);
            let text = Text::of(raw).ok_or_else(|| field.wrong_type("a string"))?;
            let text = text.to_name().map_err(field.bad_escape())?;
            if text.is_empty() {
                Err(field.bad_text(TextProblem::Empty))
            } else {
                Ok(text)
            }
        });
        texts.collect()
    }

    fn roles(&self) -> Result<Vec<String>, VaultError> {
        let roles = self.list()?;
        match roles
            .iter()
            .position(|role| !ROLES.contains(&role.as_str()))
        {
            Some(at) => Err(VaultError::UnknownRole {
                place: self.field.element(at).place(),
            }),
            None => Ok(roles),
        }
    }

    fn time(&self) -> Result<Option<u64>, VaultError> {
        let text = self.plain_text()?;
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || VaultError::NotATime {
            place: self.field.place(),
        };
        rfc3339::seconds(&text).map(Some).ok_or_else(wrong)
    }

    fn hash(&self) -> Result<[u8; 32], VaultError> {
        let wrong = || VaultError::NotAHash {
            place: self.field.place(),
        };
        parse_token_hash(&self.plain_text()?).ok_or_else(wrong)
    }

    fn salt(&self) -> Result<String, VaultError> {
        let salt = self.plain_text()?;
        if salt.len() > LONGEST_SALT {
            return Err(self
                .field
                .bad_text(TextProblem::TooLong { most: LONGEST_SALT }));
        }
        Ok(salt)
    }

    fn check_name(&self) -> Result<(), VaultError> {
        match name_problem(&self.name) {
            Some(problem) => Err(self.field.bad_text(problem)),
            None => Ok(()),
        }
    }
}

/// What makes a name unfit to be shown in logs and metrics.
fn name_problem(name: &str) -> Option<TextProblem> {
    if name.is_empty() {
        return Some(TextProblem::Empty);
    }
    if name.len() > LONGEST_NAME {
        return Some(TextProblem::TooLong { most: LONGEST_NAME });
    }
    if name.chars().any(char::is_control) {
        return Some(TextProblem::Control);
    }
    if name.chars().any(char::is_whitespace) {
        return Some(TextProblem::Whitespace);
    }
    let long_hex = name.len() >= 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let with_prefix = |prefix: &&str| name.len() >= 16 && name.starts_with(*prefix);
    (long_hex || KEY_PREFIXES.iter().any(with_prefix)).then_some(TextProblem::LooksLikeKey)
}

impl<'a> Draft<'a> {
    /// Reads the bytes of one file.
    ///
    /// # Errors
    /// The variants of [`VaultError`] that name a place in a file.
    pub(crate) fn read(file: &Path, bytes: &'a [u8]) -> Result<Self, VaultError> {
        let path = || file.to_owned();
        let text = std::str::from_utf8(bytes).map_err(|error| VaultError::NotUtf8 {
            path: path(),
            at: error.valid_up_to(),
        })?;
        let document = Field::document(file);
        let members = Members::of_document(text).map_err(|at| match at {
            Some((line, column)) => VaultError::Syntax {
                path: path(),
                line,
                column,
            },
            None => document.wrong_type("an object"),
        })?;
        let mut draft = Self::default();
        for member in document.members(members)? {
            draft.take(&member)?;
        }
        Ok(draft)
    }

    fn take(&mut self, member: &Member<'_, 'a>) -> Result<(), VaultError> {
        let known = DOCUMENT_FIELDS.contains(&member.name.as_str());
        if known && member.is_null() {
            return Ok(());
        }
        match member.name.as_str() {
            "client_token" => self.client_token = Some(member.text()?),
            "provider_keys" => self.provider_keys = provider_keys(member)?,
            "api_keys" => self.api_keys = api_keys(member)?,
            _ => return Err(member.unknown(&DOCUMENT_FIELDS)),
        }
        Ok(())
    }
}

fn provider_keys<'a>(member: &Member<'_, 'a>) -> Result<Vec<(String, Text<'a>)>, VaultError> {
    let entries = member
        .field
        .members(member.object()?)?
        .into_iter()
        .map(|entry| {
            entry.check_name()?;
            let key = entry.text()?;
            Ok((entry.name, key))
        });
    entries.collect()
}

fn api_keys<'a>(member: &Member<'_, 'a>) -> Result<Vec<(String, KeyDraft<'a>)>, VaultError> {
    let entries = member
        .field
        .members(member.object()?)?
        .into_iter()
        .map(|entry| {
            entry.check_name()?;
            if entry.name == PRIMARY {
                return Err(entry.field.bad_text(TextProblem::Reserved));
            }
            let key = KeyDraft::read(&entry)?;
            Ok((entry.name, key))
        });
    entries.collect()
}

impl<'a> KeyDraft<'a> {
    fn read(entry: &Member<'_, 'a>) -> Result<Self, VaultError> {
        let mut draft = Self::default();
        for member in entry.field.members(entry.object()?)? {
            draft.take(&member)?;
        }
        if draft.token.is_some() && draft.token_hash.is_some() {
            return Err(VaultError::TokenAndHash {
                place: entry.field.place(),
            });
        }
        Ok(draft)
    }

    fn take(&mut self, member: &Member<'_, 'a>) -> Result<(), VaultError> {
        let known = KEY_FIELDS.contains(&member.name.as_str());
        if known && member.is_null() {
            return Ok(());
        }
        match member.name.as_str() {
            "name" => self.name = Some(member.plain_text()?).filter(|name| !name.is_empty()),
            "token" => self.token = Some(member.text()?),
            "token_hash" => self.token_hash = Some(member.hash()?),
            "roles" => self.roles = Some(member.roles()?),
            "allowed_agents" => self.allowed_agents = Some(member.list()?),
            "allowed_endpoints" => self.allowed_endpoints = Some(member.list()?),
            "cache_salt" => self.cache_salt = Some(member.salt()?),
            // Kept in the format for people; checked, so that it says what its author thinks.
            "created_at" => drop(member.time()?),
            "expires_at" => self.expires_at = member.time()?,
            "enabled" => self.enabled = Some(member.switch()?),
            "permissions" => refuse_permissions(member)?,
            _ => return Err(member.unknown(&KEY_FIELDS)),
        }
        Ok(())
    }

    /// Whether it says what the token is, and so is a whole entry and not an amendment.
    pub(crate) fn has_token(&self) -> bool {
        self.token.is_some() || self.token_hash.is_some()
    }

    /// Takes over each field that `later` gives.
    pub(crate) fn amend(&mut self, later: Self) {
        replace(&mut self.name, later.name);
        replace(&mut self.roles, later.roles);
        replace(&mut self.allowed_agents, later.allowed_agents);
        replace(&mut self.allowed_endpoints, later.allowed_endpoints);
        replace(&mut self.cache_salt, later.cache_salt);
        replace(&mut self.expires_at, later.expires_at);
        replace(&mut self.enabled, later.enabled);
    }
}

fn replace<T>(field: &mut Option<T>, later: Option<T>) {
    if later.is_some() {
        *field = later;
    }
}

/// `permissions` never had an effect; whoever wrote something in it believes that it has.
fn refuse_permissions(member: &Member<'_, '_>) -> Result<(), VaultError> {
    if member.object()?.0.is_empty() {
        return Ok(());
    }
    let instead = "`roles`, `allowed_agents` and `allowed_endpoints`";
    Err(VaultError::UselessField {
        place: member.field.place(),
        instead,
    })
}
