//! Which provider holds which stored object: files, batches, uploads, responses, conversations.
//!
//! An object that was made at one provider exists only there, and its id does not say where. Owns
//! what this process has seen being made, bounded in number and in age; the oldest go first. Lost
//! at a restart, and then the documented preference decides. Written and read by the routes of such
//! objects and by who creates responses.
//!
//! It also knows the client key that made an object, as long as it remembers: what belongs to
//! another key is not given out. What nobody remembers belongs to nobody, so this is no wall
//! between keys that share a provider's account; see `docs/threat-model.md`.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Objects that are remembered: about 10 MB with all their names.
const MOST: usize = 32_768;
/// How long a provider keeps a stored response, and longer than a batch may take.
///
/// # Source
/// OpenAI's API reference, Responses: 30 days (read 22 Nov 2026).
const AGE: Duration = Duration::from_secs(30 * 24 * 3600);
/// The longest ids of the known providers have some 60 bytes.
const LONGEST_ID: usize = 256;

/// What kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file.
    File,
    /// A batch of requests.
    Batch,
    /// An upload in parts.
    Upload,
    /// A stored response.
    Response,
    /// A stored conversation, from its first turn through here on.
    Conversation,
}

/// Where an object is, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The provider's name.
    pub provider: Arc<str>,
    /// The id of the client key that made it; `None` if that is not known.
    pub key_id: Option<Arc<str>>,
}

/// See the module's text.
#[derive(Default)]
pub struct Whereabouts(Mutex<Known>);

#[derive(Default)]
struct Known {
    places: HashMap<(Kind, Arc<str>), (Place, Instant)>,
    /// In the order in which they were noted, those noted again twice.
    order: VecDeque<(Instant, Kind, Arc<str>)>,
}

impl Whereabouts {
    /// Remembers an object. A key that is known already stays its owner.
    pub fn note(&self, kind: Kind, id: &str, provider: &str, key_id: Option<&str>, now: Instant) {
        if id.is_empty() || id.len() > LONGEST_ID {
            return;
        }
        let mut known = self.lock();
        known.forget_old(now);
        let id: Arc<str> = id.into();
        let before = known.places.get(&(kind, Arc::clone(&id)));
        let owner = before.and_then(|(place, _)| place.key_id.clone());
        let place = Place {
            provider: provider.into(),
            key_id: owner.or_else(|| key_id.map(Arc::from)),
        };
        known.places.insert((kind, Arc::clone(&id)), (place, now));
        known.order.push_back((now, kind, id));
    }

    /// Where an object is, if it is remembered.
    #[must_use]
    pub fn find(&self, kind: Kind, id: &str, now: Instant) -> Option<Place> {
        let known = self.lock();
        let (place, since) = known.places.get(&(kind, Arc::from(id)))?;
        (now.saturating_duration_since(*since) < AGE).then(|| place.clone())
    }

    /// The object was deleted.
    pub fn forget(&self, kind: Kind, id: &str) {
        self.lock().places.remove(&(kind, Arc::from(id)));
    }

    /// Nothing in here can be left half done by a panic.
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn forget_old(&mut self, now: Instant) {
        while let Some((since, ..)) = self.order.front() {
            let old = now.saturating_duration_since(*since) >= AGE;
            if !old && self.order.len() < MOST {
                return;
            }
            let Some((since, kind, id)) = self.order.pop_front() else {
                return;
            };
            let key = (kind, id);
            // Noted again since then, it stays.
            if self
                .places
                .get(&key)
                .is_some_and(|(_, last)| *last == since)
            {
                self.places.remove(&key);
            }
        }
    }
}

impl fmt::Debug for Whereabouts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Whereabouts")
            .field("known", &self.lock().places.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_where_it_was_made_and_of_its_kind() {
        let (known, now) = (Whereabouts::default(), Instant::now());
        known.note(Kind::File, "a", "openai", Some("ann"), now);
        let place = known.find(Kind::File, "a", now).expect("known");
        assert_eq!(
            (&*place.provider, place.key_id.as_deref()),
            ("openai", Some("ann"))
        );
        assert_eq!(known.find(Kind::Batch, "a", now), None);
        known.forget(Kind::File, "a");
        assert_eq!(known.find(Kind::File, "a", now), None);
    }

    #[test]
    fn the_first_owner_stays_and_an_unknown_one_is_filled_in() {
        let (known, now) = (Whereabouts::default(), Instant::now());
        known.note(Kind::File, "a", "x", None, now);
        known.note(Kind::File, "a", "x", Some("ann"), now);
        known.note(Kind::File, "a", "x", Some("bob"), now);
        let owner = known.find(Kind::File, "a", now).expect("known").key_id;
        assert_eq!(owner.as_deref(), Some("ann"));
    }

    #[test]
    fn number_age_and_length_are_bounded() {
        let (known, now) = (Whereabouts::default(), Instant::now());
        for number in 0..MOST + 100 {
            known.note(Kind::File, &number.to_string(), "x", None, now);
        }
        let last = (MOST + 99).to_string();
        assert!(known.find(Kind::File, "99", now).is_none());
        assert!(known.find(Kind::File, &last, now).is_some());
        assert!(known.lock().places.len() <= MOST && known.lock().order.len() <= MOST);
        assert!(known.find(Kind::File, &last, now + AGE).is_none());
        known.note(Kind::File, &"a".repeat(LONGEST_ID + 1), "x", None, now);
        known.note(Kind::File, "new", "x", None, now + AGE);
        assert_eq!(known.lock().places.len(), 1);
    }
}
