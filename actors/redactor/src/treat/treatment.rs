//! One text on its way: what takes the place of each finding, and what is noted about it.
//!
//! Owns: the replacement. Never scans; a scan calls it as its sink. A finding that several rules
//! made gets the strictest action of theirs.

use std::borrow::Cow;

use super::actions::{ActionTable, Direction};
use super::nesting::Nesting;
use super::placeholder::{
    Owner, PlaceholderLimits, PlaceholderStore, Restore, Secret, StandIns, Tag, spelt,
};
use crate::error::RedactError;
use crate::findings::{Findings, RuleFacts};
use crate::fold::{Reading, fold};
use crate::scan::family::RuleNumber;
use crate::table::row::Action;

/// The longest value that gets a stand-in or a mask, in bytes; a longer one gets the label.
///
/// A stand-in for a megabyte would be a way to fill the store, and a mask of one helps nobody.
const LONGEST_VALUE: usize = 64 * 1024;

/// Characters of a masked value that stay, if it has at least three times as many.
const SHOWN: usize = 4;

/// What all texts of one request or reply have in common.
pub(crate) struct Treatment<'a> {
    pub(crate) rules: &'a [RuleFacts],
    /// The rule number of stand-ins.
    pub(crate) restore: RuleNumber,
    pub(crate) actions: &'a ActionTable,
    pub(crate) direction: Direction,
    pub(crate) label: &'a str,
    pub(crate) owner: &'a Owner,
    pub(crate) store: &'a PlaceholderStore,
    pub(crate) limits: PlaceholderLimits,
    /// Whether the text is JSON, so that a value is restored into it as JSON needs it.
    pub(crate) in_json: bool,
    /// Where in it what comes next stands.
    pub(crate) nesting: Nesting,
    pub(crate) stand_ins: &'a mut StandIns,
    pub(crate) findings: &'a mut Findings,
}

/// What becomes of a finding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Treated {
    /// It stays.
    Kept,
    /// This takes its place.
    Replaced(String),
    /// Everything stops: this rule blocks.
    Blocked(RuleNumber),
}

impl Treatment<'_> {
    /// Decides about a stretch of text that these rules found, and notes it.
    pub(crate) fn treat(&mut self, rules: &[RuleNumber], text: &str) -> Treated {
        if let Some(blocking) = self.blocking(rules) {
            self.note(blocking, Action::Block);
            return Treated::Blocked(blocking);
        }
        if rules.contains(&self.restore) {
            return match fold(text, false, Reading::Far) {
                Some(folded) => self.with_stand_ins(rules, folded.text()),
                None => self.with_stand_ins(rules, text),
            };
        }
        let Some(rule) = rules.first().copied() else {
            return Treated::Kept;
        };
        let (action, replacement) = self.replacement(self.actions.strictest(rules), rule, text);
        self.note(rule, action);
        replacement.map_or(Treated::Kept, Treated::Replaced)
    }

    /// Text of a reply that has been treated, or needs no treatment: it tells how deep in strings
    /// what follows stands.
    pub(crate) fn pass(&mut self, text: &str) {
        if self.direction == Direction::Reply {
            self.nesting.see(text);
        }
    }

    /// Notes a finding that changes nothing.
    pub(crate) fn observe(&mut self, rule: RuleNumber) {
        self.note(rule, Action::Observe);
    }

    /// The refusal for a rule that blocks. Its place is not known here.
    pub(crate) fn blocked(&self, rule: RuleNumber) -> RedactError {
        let facts = self.rules.get(usize::from(rule));
        RedactError::Blocked {
            rule: facts.map_or_else(String::new, |facts| facts.id.label()),
            place: String::new(),
            findings: Box::default(),
        }
    }

    fn blocking(&self, rules: &[RuleNumber]) -> Option<RuleNumber> {
        let blocks = |rule: &&RuleNumber| self.actions.of(**rule) == Action::Block;
        rules.iter().find(blocks).copied()
    }

    fn replacement(
        &mut self,
        action: Action,
        rule: RuleNumber,
        text: &str,
    ) -> (Action, Option<String>) {
        match action {
            Action::Observe => (action, None),
            // A label from an earlier pass is no secret.
            _ if text == self.label => (Action::Observe, None),
            Action::Mask if text.len() <= LONGEST_VALUE => (action, Some(masked(text))),
            Action::Placeholder if text.len() <= LONGEST_VALUE => match self.stand_in(rule, text) {
                Some(stand_in) => (action, Some(stand_in)),
                None => (Action::Redact, Some(self.label.to_owned())),
            },
            _ => (Action::Redact, Some(self.label.to_owned())),
        }
    }

    fn stand_in(&mut self, rule: RuleNumber, text: &str) -> Option<String> {
        let kind = self.rules.get(usize::from(rule))?.kind;
        let (tag, secret) = self.store.put(self.owner, text, self.limits)?;
        self.stand_ins.add(tag, secret);
        Some(spelt(kind, tag))
    }

    /// A stretch with stand-ins in it. If rules found it, too, what is beside the stand-ins is
    /// treated as any finding: a stand-in must not save what it stands next to.
    fn with_stand_ins(&mut self, rules: &[RuleNumber], text: &str) -> Treated {
        let others = rules.iter().copied().filter(|rule| *rule != self.restore);
        let others: Vec<RuleNumber> = others.collect();
        let Some(rule) = others.first().copied() else {
            return self.restored(text);
        };
        let wanted = self.actions.strictest(&others);
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        let stand_ins = Restore::all(text).map(|(range, _)| range);
        let nesting = self.nesting;
        for range in stand_ins.chain(std::iter::once(text.len()..text.len())) {
            let beside = text.get(at..range.start).unwrap_or_default();
            let new = beside.contains(char::is_alphanumeric).then(|| {
                let (action, new) = self.replacement(wanted, rule, beside);
                self.note(rule, action);
                new
            });
            out.push_str(new.flatten().as_deref().unwrap_or(beside));
            self.pass(beside);
            let stand_in = text.get(range.clone()).unwrap_or_default();
            match self.restored(stand_in) {
                Treated::Replaced(value) => out.push_str(&value),
                Treated::Kept | Treated::Blocked(_) => out.push_str(stand_in),
            }
            at = range.end;
        }
        self.nesting = nesting;
        if out == text {
            return Treated::Kept;
        }
        Treated::Replaced(out)
    }

    /// In a request a stand-in stays: the client sends back what it could not be given.
    fn restored(&self, text: &str) -> Treated {
        if self.direction == Direction::Request {
            return Treated::Kept;
        }
        let value = |tag| {
            let own = self.stand_ins.value(tag).cloned();
            own.or_else(|| self.store.value(self.owner, tag, self.limits))
        };
        match restored(text, self.in_json, self.nesting, value) {
            Cow::Borrowed(_) => Treated::Kept,
            Cow::Owned(text) => Treated::Replaced(text),
        }
    }

    fn note(&mut self, rule: RuleNumber, action: Action) {
        if let Some(facts) = self.rules.get(usize::from(rule)) {
            self.findings.add(facts.id, facts.class, action);
        }
    }
}

/// All but the last characters as `*`; all of it if it is short.
fn masked(text: &str) -> String {
    let count = text.chars().count();
    let shown = if count >= 3 * SHOWN { SHOWN } else { 0 };
    let stars = "*".repeat(count - shown);
    stars
        .chars()
        .chain(text.chars().skip(count - shown))
        .collect()
}

/// The text as it stands in so many strings of JSON within each other.
fn escaped(text: &str, strings: u8) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..strings {
        let quoted = wire::json_string(&text);
        let inside = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        text = Cow::Owned(inside.to_owned());
    }
    text
}

/// The text with the values of its stand-ins; most often it is nothing but one.
fn restored<'t>(
    text: &'t str,
    in_json: bool,
    mut nesting: Nesting,
    value: impl Fn(Tag) -> Option<Secret>,
) -> Cow<'t, str> {
    let mut out: Option<String> = None;
    let (mut kept, mut seen) = (0, 0);
    for (range, tag) in Restore::all(text) {
        let Some(secret) = value(tag) else { continue };
        nesting.see(text.get(seen..range.start).unwrap_or_default());
        seen = range.start;
        let strings = nesting.strings().max(u8::from(in_json));
        let out = out.get_or_insert_default();
        out.push_str(text.get(kept..range.start).unwrap_or_default());
        out.push_str(&escaped(secret.expose(), strings));
        kept = range.end;
    }
    match out {
        Some(mut out) => {
            out.push_str(text.get(kept..).unwrap_or_default());
            Cow::Owned(out)
        }
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::RuleId;
    use crate::table::row::Class;
    use crate::treat::actions::{ActionRow, Actions, Choice};
    use crate::treat::placeholder::Kind;
    use runtime::Clock;

    const RESTORE: RuleNumber = 1;

    struct World {
        rules: Vec<RuleFacts>,
        store: PlaceholderStore,
        owner: Owner,
        stand_ins: StandIns,
        findings: Findings,
    }

    impl World {
        fn new() -> Self {
            let facts = RuleFacts {
                id: RuleId::BuiltIn("email"),
                class: Class::Pii,
                action: Action::Redact,
                kind: Kind::of_rule("email", Class::Pii),
            };
            Self {
                rules: vec![facts],
                store: PlaceholderStore::new(Clock::system()),
                owner: Owner::of_key("ann"),
                stand_ins: StandIns::default(),
                findings: Findings::default(),
            }
        }

        fn treat(
            &mut self,
            action: Action,
            direction: Direction,
            rules: &[u16],
            text: &str,
        ) -> Treated {
            let row = ActionRow {
                rule: None,
                class: None,
                agent: None,
                direction: None,
                action,
            };
            let choice = Choice {
                id: "email",
                class: Class::Pii,
                default: Action::Redact,
            };
            let actions = Actions::work_out(&[row], &[choice], direction);
            Treatment {
                rules: &self.rules,
                restore: RESTORE,
                actions: actions.table(None),
                direction,
                label: "[X]",
                owner: &self.owner,
                store: &self.store,
                limits: PlaceholderLimits::default(),
                in_json: false,
                nesting: Nesting::default(),
                stand_ins: &mut self.stand_ins,
                findings: &mut self.findings,
            }
            .treat(rules, text)
        }
    }

    fn replaced(treated: Treated) -> String {
        let Treated::Replaced(text) = treated else {
            panic!("{treated:?}")
        };
        text
    }

    #[test]
    fn each_action_does_what_it_says() {
        let mut world = World::new();
        let mut treat = |action| world.treat(action, Direction::Request, &[0], "ann@host.example");
        assert_eq!(treat(Action::Observe), Treated::Kept);
        assert_eq!(treat(Action::Redact), Treated::Replaced("[X]".to_owned()));
        assert_eq!(
            treat(Action::Mask),
            Treated::Replaced("************mple".to_owned())
        );
        assert_eq!(treat(Action::Block), Treated::Blocked(0));
        assert!(replaced(treat(Action::Placeholder)).starts_with("NENYA_EMAIL_"));
        assert_eq!(world.findings.total(), 5);
    }

    #[test]
    fn a_short_value_is_masked_whole() {
        assert_eq!(masked("12345678901"), "***********");
        assert_eq!(masked("123456789012"), "********9012");
        assert_eq!(masked("größer als vier"), "***********vier");
    }

    #[test]
    fn a_stand_in_becomes_the_value_again_in_a_reply_and_stays_in_a_request() {
        let mut world = World::new();
        let value = "ann@host.example";
        let stand_in = replaced(world.treat(Action::Placeholder, Direction::Request, &[0], value));
        let again = world.treat(
            Action::Redact,
            Direction::Reply,
            &[RESTORE],
            &stand_in.to_lowercase(),
        );
        assert_eq!(replaced(again), value);
        let kept = world.treat(Action::Redact, Direction::Request, &[RESTORE], &stand_in);
        assert_eq!(kept, Treated::Kept);
    }

    #[test]
    fn a_stand_in_saves_nothing_that_stands_beside_it() {
        let mut world = World::new();
        let stand_in = "NENYA_ID_0123456789AB";
        let text = format!("secret-{stand_in}-more");
        let treated = world.treat(Action::Redact, Direction::Request, &[0, RESTORE], &text);
        assert_eq!(replaced(treated), format!("[X]{stand_in}[X]"));
        let alone = world.treat(Action::Redact, Direction::Request, &[0, RESTORE], stand_in);
        assert_eq!(alone, Treated::Kept);
    }

    #[test]
    fn the_label_itself_is_left_alone() {
        let mut world = World::new();
        let treated = world.treat(Action::Redact, Direction::Request, &[0], "[X]");
        assert_eq!(treated, Treated::Kept);
    }
}
