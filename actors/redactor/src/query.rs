//! The query of a request that is passed on.
//!
//! Owns the step from a query to its texts and back: names and values, each by itself.

use wire::query::QueryTexts;

use crate::error::RedactError;
use crate::prompt::{Body, Noted};
use crate::rule_set::RuleSet;
use crate::session::Party;

/// A query without its `?`.
#[derive(Clone)]
pub(crate) struct QueryBody(pub(crate) String);

impl Body for QueryBody {
    fn size(&self) -> usize {
        self.0.len()
    }

    fn redacted(
        self,
        rules: &RuleSet,
        party: &Party,
        noted: &mut Noted,
    ) -> Result<Self, RedactError> {
        let side = rules.requests();
        let mut treatment = rules.request_treatment(party, noted);
        let texts = QueryTexts::of(&self.0);
        let mut changed = Vec::new();
        for number in 0..texts.len() {
            let name = texts.name_of(number).unwrap_or_default();
            let new = side.rewrite(&name, &texts.text(number), &mut treatment);
            let place = || side.shown(format!("query.{name}"));
            treatment.findings.placed(place);
            let new = new.map_err(|error| error.at_place(place))?;
            changed.extend(new.map(|new| (number, new)));
        }
        if changed.is_empty() {
            return Ok(self);
        }
        Ok(Self(texts.with_texts(&changed)))
    }
}

crate::says_no_text!(QueryBody);
