//! What was found: counts, and places. Never the text itself.

use crate::table::row::{Action, Class};
use crate::treat::placeholder::Kind;

/// Places that are noted of one request or reply; beyond that findings are only counted.
const PLACES: usize = 32;

/// Which rule found something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleId {
    /// A built-in rule.
    BuiltIn(&'static str),
    /// The operator's pattern of this index, in `bouncer.redact_patterns`.
    Configured(usize),
    /// The operator's pattern of this index, in `governance.blocked_execution_patterns`.
    Blocked(usize),
}

impl RuleId {
    /// The id in metrics and logs.
    pub fn label(self) -> String {
        match self {
            Self::BuiltIn(id) => id.to_owned(),
            Self::Configured(index) => format!("configured-{index}"),
            Self::Blocked(index) => format!("blocked-{index}"),
        }
    }
}

/// What is known of a rule once it is compiled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RuleFacts {
    pub(crate) id: RuleId,
    pub(crate) class: Class,
    /// What is done unless the configuration says otherwise.
    pub(crate) action: Action,
    /// How a stand-in for its findings is called.
    pub(crate) kind: Kind,
}

/// How often a rule found something, and what was done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The rule.
    pub rule: RuleId,
    /// Its class.
    pub class: Class,
    /// What was done.
    pub action: Action,
    /// How often.
    pub count: u64,
}

/// Where a finding was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAt {
    /// The rule.
    pub rule: RuleId,
    /// Its class.
    pub class: Class,
    /// What was done.
    pub action: Action,
    /// The field, such as `messages[2].content`; of a stream `choices[0].delta.content`.
    pub place: String,
}

/// What was found in one request or reply.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    counts: Vec<Count>,
    places: Vec<FoundAt>,
    /// Findings whose place is not known yet.
    placeless: Vec<(RuleId, Class, Action)>,
    unscanned: bool,
}

impl Findings {
    pub(crate) fn add(&mut self, rule: RuleId, class: Class, action: Action) {
        if self.places.len() + self.placeless.len() < PLACES {
            self.placeless.push((rule, class, action));
        }
        let same = |known: &&mut Count| known.rule == rule && known.action == action;
        match self.counts.iter_mut().find(same) {
            Some(known) => known.count += 1,
            None => self.counts.push(Count {
                rule,
                class,
                action,
                count: 1,
            }),
        }
    }

    /// Says where the findings since the last call were.
    pub(crate) fn placed(&mut self, place: impl FnOnce() -> String) {
        if self.placeless.is_empty() {
            return;
        }
        let place = place();
        let placed = self
            .placeless
            .drain(..)
            .map(|(rule, class, action)| FoundAt {
                rule,
                class,
                action,
                place: place.clone(),
            });
        self.places.extend(placed);
    }

    /// Adds what was found in another part of the same request.
    pub(crate) fn merge(&mut self, other: &Self) {
        for found in &other.counts {
            let same =
                |known: &&mut Count| known.rule == found.rule && known.action == found.action;
            match self.counts.iter_mut().find(same) {
                Some(known) => known.count += found.count,
                None => self.counts.push(*found),
            }
        }
        let room = PLACES.saturating_sub(self.places.len());
        self.places.extend(other.places.iter().take(room).cloned());
        self.unscanned |= other.unscanned;
    }

    /// Says that scanning failed and the text passed all the same, as `fail_open` allows.
    pub(crate) fn failed_open() -> Self {
        Self {
            unscanned: true,
            ..Self::default()
        }
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// All findings together, observed ones too.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|count| count.count).sum()
    }

    /// Findings that changed something.
    pub fn changed(&self) -> u64 {
        let changing = self.counts.iter();
        changing
            .filter(|count| count.action != Action::Observe)
            .map(|count| count.count)
            .sum()
    }

    /// Findings of one rule.
    pub fn count(&self, rule: RuleId) -> u64 {
        let of_rule = self.counts.iter().filter(|count| count.rule == rule);
        of_rule.map(|count| count.count).sum()
    }

    /// Findings of one class.
    pub fn of_class(&self, class: Class) -> u64 {
        let of_class = self.counts.iter().filter(|count| count.class == class);
        of_class.map(|count| count.count).sum()
    }

    /// Each rule and action with its count, in the order of their first findings.
    pub fn iter(&self) -> impl Iterator<Item = &Count> + '_ {
        self.counts.iter()
    }

    /// Where the first findings were; at most 32.
    pub fn places(&self) -> &[FoundAt] {
        &self.places
    }

    /// Whether the text passed although it could not be scanned.
    pub fn unscanned(&self) -> bool {
        self.unscanned
    }
}
