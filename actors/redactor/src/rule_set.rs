//! The rules in service: compiled, with what is done about their findings, for both directions.
//!
//! Owns: what the configuration comes to. Immutable and shared; a reload publishes another one.
//! Read next: `scan/` for how things are found, `treat/` for what is done about them.

use std::ops::Range;

use crate::config::RedactionConfig;
use crate::error::RedactError;
use crate::findings::RuleId;
use crate::known_rules::check;
use crate::prompt::Noted;
use crate::self_test;
use crate::session::Party;
use crate::side::{ENTROPY, Side};
use crate::table::row::{Action, Class};
use crate::treat::nesting::Nesting;
use crate::treat::treatment::Treatment;

/// Something that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule found it.
    pub rule: RuleId,
    /// Its class.
    pub class: Class,
    /// What is done about it.
    pub action: Action,
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
}

/// A text, what was found in it, and the text without it.
#[derive(Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The text as it would be sent.
    pub bytes: Vec<u8>,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
}

/// Compiled rules with all that a scan needs; immutable, shared, replaced as a whole.
#[derive(Debug)]
pub struct RuleSet {
    config: RedactionConfig,
    requests: Side,
    replies: Side,
}

impl RuleSet {
    /// Compiles what the configuration asks for, and tries a rule of each kind on its example.
    ///
    /// # Errors
    /// [`RedactError::Pattern`] for a pattern that is not valid or matches the empty text;
    /// [`RedactError::PatternsTooLarge`]; [`RedactError::UnknownRule`];
    /// [`RedactError::RuleNotInService`]; [`RedactError::SelfTest`].
    pub fn compile(config: &RedactionConfig) -> Result<Self, RedactError> {
        let requests = Side::of_requests(config)?;
        let rule_set = Self {
            replies: Side::of_replies(config, &requests)?,
            requests,
            config: config.clone(),
        };
        rule_set.check_actions()?;
        self_test::of_each_kind(&rule_set)?;
        Ok(rule_set)
    }

    /// Rows of actions name rules of either direction.
    fn check_actions(&self) -> Result<(), RedactError> {
        if !self.config.enabled {
            // What is switched off is refused all the same where it would be refused switched on.
            let on = RedactionConfig {
                enabled: true,
                ..self.config.clone()
            };
            return Self::compile(&on).map(drop);
        }
        let facts = || self.requests.rules().iter().chain(self.replies.rules());
        let known: Vec<String> = facts().map(|facts| facts.id.label()).collect();
        check(&self.config, &known)
    }

    /// What it was compiled from.
    pub fn config(&self) -> &RedactionConfig {
        &self.config
    }

    /// How many rules look at requests.
    pub fn len(&self) -> usize {
        self.requests.rules().len()
    }

    /// Whether there is no rule, so that nothing is ever found in a request.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rules look at replies.
    pub fn len_of_replies(&self) -> usize {
        self.replies.rules().len()
    }

    /// Tries every built-in rule on its examples.
    ///
    /// # Errors
    /// [`RedactError::SelfTest`] with the first rule that does not find one.
    pub fn prove(&self) -> Result<(), RedactError> {
        self_test::of_all(self)
    }

    /// Everything that the rules for requests find in a text, and the text without it.
    ///
    /// Bytes that are no text stay. A rule that would block is treated as one that redacts, so
    /// that the whole text is looked at.
    ///
    /// # Errors
    /// [`RedactError::GaveUp`]: nothing is known about the text then.
    pub fn inspect(&self, bytes: &[u8]) -> Result<Inspected, RedactError> {
        let mut inspected = Inspected {
            bytes: Vec::with_capacity(bytes.len()),
            findings: Vec::new(),
        };
        let mut start = 0;
        for chunk in bytes.utf8_chunks() {
            self.inspect_text(chunk.valid(), start, &mut inspected)?;
            inspected.bytes.extend_from_slice(chunk.invalid());
            start += chunk.valid().len() + chunk.invalid().len();
        }
        Ok(inspected)
    }

    fn inspect_text(
        &self,
        text: &str,
        start: usize,
        inspected: &mut Inspected,
    ) -> Result<(), RedactError> {
        let actions = self.requests.actions(None);
        let mut copied = 0;
        for group in self.requests.groups(text, actions.replaces())? {
            let action = actions.strictest(&group.rules);
            let facts = group
                .rules
                .first()
                .and_then(|rule| self.requests.facts(*rule));
            let Some(facts) = facts else { continue };
            if action != Action::Observe {
                let before = text.get(copied..group.range.start).unwrap_or_default();
                inspected.bytes.extend_from_slice(before.as_bytes());
                inspected
                    .bytes
                    .extend_from_slice(self.config.label.as_bytes());
                copied = group.range.end;
            }
            inspected.findings.push(Finding {
                rule: facts.id,
                class: facts.class,
                action,
                range: start + group.range.start..start + group.range.end,
            });
        }
        let rest = text.get(copied..).unwrap_or_default();
        inspected.bytes.extend_from_slice(rest.as_bytes());
        // Observed findings are told at their ends, so they may begin before others.
        inspected.findings.sort_by_key(|found| found.range.start);
        Ok(())
    }

    /// Whether the rules for requests would take something out of a name: an id that a caller
    /// chose. That it looks random is no reason; ids are.
    #[must_use]
    pub fn hides(&self, name: &str) -> bool {
        let is_hidden = |found: &Finding| {
            found.action != Action::Observe && found.rule != RuleId::BuiltIn(ENTROPY)
        };
        // What cannot be judged is not shown.
        let inspected = self.inspect(name.as_bytes());
        inspected.map_or(true, |inspected| inspected.findings.iter().any(is_hidden))
    }

    pub(crate) fn requests(&self) -> &Side {
        &self.requests
    }

    pub(crate) fn replies(&self) -> &Side {
        &self.replies
    }

    /// Whether replies to this agent have to be looked at: for secrets, for commands, or for the
    /// stand-ins that requests to it may have got.
    pub(crate) fn checks_replies(&self, agent: Option<&str>) -> bool {
        let stand_ins = self.requests.actions(agent).has_placeholders();
        self.config.enabled && (stand_ins || !self.replies.rules().is_empty())
    }

    pub(crate) fn request_treatment<'a>(
        &'a self,
        party: &'a Party,
        noted: &'a mut Noted,
    ) -> Treatment<'a> {
        self.treatment(&self.requests, party, noted)
    }

    pub(crate) fn reply_treatment<'a>(
        &'a self,
        party: &'a Party,
        noted: &'a mut Noted,
    ) -> Treatment<'a> {
        self.treatment(&self.replies, party, noted)
    }

    fn treatment<'a>(
        &'a self,
        side: &'a Side,
        party: &'a Party,
        noted: &'a mut Noted,
    ) -> Treatment<'a> {
        Treatment {
            rules: side.rules(),
            restore: side.restore(),
            actions: side.actions(party.agent.as_deref()),
            direction: side.direction(),
            label: &self.config.label,
            owner: &party.owner,
            store: &party.store,
            limits: self.config.placeholders,
            in_json: false,
            nesting: Nesting::default(),
            stand_ins: &mut noted.stand_ins,
            findings: &mut noted.findings,
        }
    }
}

crate::says_no_text!(Inspected);

#[cfg(test)]
#[path = "rule_set_tests.rs"]
mod tests;
