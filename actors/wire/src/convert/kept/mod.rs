//! What a provider sealed and a client's format has no field for: kept at the gateway from one turn
//! to the next.
//!
//! Owns: by which visible block of an answer a seal is found again (the id of a call, its name and
//! input, the words of a thought or of a text), and the form in which it is kept. Never does: hold
//! anything itself. That is the business of a [`SealMemory`], which knows the client, bounds, and
//! ages. What was kept goes back only to the provider that sealed it.
//!
//! Called by: `convert` (requests and whole replies) and `stream`. Read next: `collect` for what is
//! kept of an answer, `restore` for what a request gets back.

mod collect;
mod restore;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub(super) use collect::{Keeping, of_reply};
pub(super) use restore::restore;

use crate::canonical::parts::{Call, Thought};
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;
use crate::format::ApiFormat;

/// Longest thought, and longest input of a call, that is looked at for keeping.
const LONGEST: usize = 256 << 10;

/// Keeps for one client, in one of its agents, what the client's format has no field for.
///
/// Calls come from workers in the middle of a stream, so both must be quick and never wait for
/// anything but a short lock.
pub trait SealMemory: std::fmt::Debug + Send + Sync {
    /// Whether there is nothing at all, so that nothing needs to be looked for.
    fn is_empty(&self) -> bool;

    /// Keeps `sealed` under a block of the answer; what was kept under an equal one goes.
    fn keep(&self, block: BlockDigest, sealed: &[u8]);

    /// What was kept under a block.
    fn find(&self, block: &BlockDigest) -> Option<Vec<u8>>;
}

/// A digest of a visible block of an answer (SHA-256).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockDigest([u8; 32]);

impl BlockDigest {
    /// The digest itself.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The same block of one owner among several.
    #[must_use]
    pub fn owned_by(&self, owner: &[&str]) -> Self {
        let Self(named) = Self::of("owner", owner);
        let mut hasher = Sha256::new();
        hasher.update(named);
        hasher.update(self.0);
        Self(hasher.finalize().into())
    }

    /// The digest of a block of this kind that says this.
    pub fn of(kind: &str, pieces: &[&str]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(kind);
        for piece in pieces {
            hasher.update((piece.len() as u64).to_le_bytes());
            hasher.update(piece);
        }
        Self(hasher.finalize().into())
    }

    /// A call by its id.
    fn of_id(id: &str) -> Self {
        Self::of("id", &[id])
    }

    /// A call by its name and its input: clients spell the same input in their own way, and some
    /// formats have no ids.
    fn of_call(name: &str, input: &str) -> Self {
        let mut spelt = String::new();
        match serde_json::from_str(input) {
            Ok(value) => spell_sorted(&value, &mut spelt),
            Err(_) => spelt.push_str(input),
        }
        Self::of("call", &[name, &spelt])
    }

    fn of_thought(text: &str) -> Self {
        Self::of("thought", &[text])
    }

    fn of_text(text: &str) -> Self {
        Self::of("text", &[text])
    }
}

/// The digests of a call, the surest first.
fn digests_of_call(id: Option<&str>, name: &str, input: &str) -> Vec<BlockDigest> {
    let id = id.filter(|id| !id.is_empty()).map(BlockDigest::of_id);
    id.into_iter()
        .chain([BlockDigest::of_call(name, input)])
        .collect()
}

fn digests_of(call: &Call<'_>) -> Vec<BlockDigest> {
    let id = call.id.as_ref().map(Text::decoded);
    let (name, input) = (call.name.decoded(), call.input.as_text());
    digests_of_call(id.as_deref(), &name, &input.decoded())
}

/// The same value always spelt the same: members by name, no space.
fn spell_sorted(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            out.push('{');
            for (name, value) in members {
                out.push_str(&crate::escape::json_string(name));
                out.push(':');
                spell_sorted(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for value in values {
                spell_sorted(value, out);
                out.push(',');
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

/// Whether clients of a format lose seals: there is no field, or one that most of them do not send
/// back.
pub fn loses_seals(format: ApiFormat) -> bool {
    matches!(
        format,
        ApiFormat::OpenAiChat | ApiFormat::Cohere | ApiFormat::Ollama
    )
}

/// What is kept under one block.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// The block's own seal, with where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal: Option<String>,
    /// Thoughts that stood before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    before: Vec<KeptThought>,
    /// Thoughts behind it that nothing followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    behind: Vec<KeptThought>,
}

impl Kept {
    fn is_empty(&self) -> bool {
        self.seal.is_none() && self.before.is_empty() && self.behind.is_empty()
    }

    fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// A sealed thought.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct KeptThought {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    texts: Vec<String>,
    #[serde(default)]
    redacted: bool,
    seal: String,
}

impl KeptThought {
    fn of(thought: &Thought<'_>) -> Option<Self> {
        let seal = thought.seal.as_ref()?.wrapped()?;
        let texts = thought.texts.iter().map(|text| text.decoded().into_owned());
        let texts: Vec<String> = texts.collect();
        let length: usize = texts.iter().map(String::len).sum();
        (length <= LONGEST).then_some(Self {
            texts,
            redacted: thought.redacted,
            seal,
        })
    }

    /// The thought, if it is one of this provider.
    fn restored(&self, to: ApiFormat, provider: &str) -> Option<Thought<'static>> {
        Some(Thought {
            id: None,
            texts: self.texts.iter().cloned().map(Text::plain).collect(),
            seal: Some(home_seal(&self.seal, to, provider)?),
            redacted: self.redacted,
        })
    }
}

/// A kept seal, if it is one of this provider.
fn home_seal(kept: &str, to: ApiFormat, provider: &str) -> Option<Seal<'static>> {
    let seal = Seal::of_wrapped(kept)?;
    let home = seal.for_upstream(to, provider).is_some();
    home.then_some(seal)
}

/// The words of a thought as one text, as clients get them.
fn words(thought: &Thought<'_>) -> String {
    let texts: Vec<_> = thought.texts.iter().map(Text::decoded).collect();
    texts.join("\n\n")
}
