//! What a request gets back of the answers that it repeats.
//!
//! Owns: where in a turn a kept thought stands, and that nothing comes twice where a client did
//! send it back. A block that nothing was kept of stays as it is, and so does one of another
//! provider.

use super::{BlockDigest, Kept, KeptThought, SealMemory, digests_of, home_seal, words};
use crate::canonical::parts::{Part, PartKind, Thought};
use crate::canonical::request::{Request, Role, Turn};
use crate::canonical::seal::Seal;
use crate::format::ApiFormat;

/// Puts back what was kept of the turns of the assistant and belongs to `provider` in the format
/// `to`.
pub(in crate::convert) fn restore(
    request: &mut Request<'_>,
    to: ApiFormat,
    provider: &str,
    memory: &dyn SealMemory,
) {
    if memory.is_empty() {
        return;
    }
    let home = Home {
        to,
        provider,
        memory,
    };
    for turn in &mut request.turns {
        if turn.role == Role::Assistant {
            home.turn(turn);
        }
    }
}

/// Where the request goes, and what is kept.
struct Home<'h> {
    to: ApiFormat,
    provider: &'h str,
    memory: &'h dyn SealMemory,
}

impl Home<'_> {
    fn turn(&self, turn: &mut Turn<'_>) {
        for part in &mut turn.parts {
            if let PartKind::Thinking(thought) = &mut part.kind {
                self.thought(thought);
            }
        }
        let parts = std::mem::take(&mut turn.parts);
        let mut known: Vec<String> = parts.iter().filter_map(value_of).collect();
        for mut part in parts {
            let kept = self.anchored(&mut part).unwrap_or_default();
            turn.parts.extend(self.thoughts(&kept.before, &mut known));
            turn.parts.push(part);
            turn.parts.extend(self.thoughts(&kept.behind, &mut known));
        }
    }

    /// A client's format may have a seal of its own for thinking, which says nothing of this one.
    fn thought(&self, thought: &mut Thought<'_>) {
        let words = words(thought);
        if words.is_empty() || is_whole(thought.seal.as_ref(), self.to, self.provider) {
            return;
        }
        let kept = self.find(&BlockDigest::of_thought(&words));
        let seal = kept.and_then(|kept| home_seal(&kept.seal?, self.to, self.provider));
        if let Some(seal) = seal {
            thought.seal = Some(seal);
        }
    }

    /// What was kept under a call or a text; a call gets its own seal at once.
    fn anchored(&self, part: &mut Part<'_>) -> Option<Kept> {
        match &mut part.kind {
            PartKind::Call(call) => {
                let kept = digests_of(call).iter().find_map(|block| self.find(block))?;
                if call.seal.is_none()
                    && let Some(seal) = &kept.seal
                {
                    call.seal = home_seal(seal, self.to, self.provider);
                }
                Some(kept)
            }
            PartKind::Text(text) => self.find(&BlockDigest::of_text(&text.decoded())),
            _ => None,
        }
    }

    fn thoughts<'a>(&self, kept: &[KeptThought], known: &mut Vec<String>) -> Vec<Part<'a>> {
        let mut restored = Vec::new();
        for thought in kept {
            let Some(thought) = thought.restored(self.to, self.provider) else {
                continue;
            };
            let part = Part::new(PartKind::Thinking(thought));
            let value = value_of(&part).unwrap_or_default();
            if !known.contains(&value) {
                known.push(value);
                restored.push(part);
            }
        }
        restored
    }

    fn find(&self, block: &BlockDigest) -> Option<Kept> {
        serde_json::from_slice(&self.memory.find(block)?).ok()
    }
}

/// Whether a seal is one that the provider can read, or one that came from somewhere for sure.
fn is_whole(seal: Option<&Seal<'_>>, to: ApiFormat, provider: &str) -> bool {
    seal.is_some_and(|seal| seal.provider.is_some() || seal.for_upstream(to, provider).is_some())
}

fn value_of(part: &Part<'_>) -> Option<String> {
    match &part.kind {
        PartKind::Thinking(thought) => {
            let seal = thought.seal.as_ref()?;
            Some(seal.value.decoded().into_owned())
        }
        _ => None,
    }
}
