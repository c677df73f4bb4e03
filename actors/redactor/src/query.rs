//! The query of a request that is passed on, and a form that is spelt like one.
//!
//! Owns the step from both to their texts and back: names and values, each by itself. A value of a
//! form that is JSON is judged as JSON, since its reader would read it so.

use bytes::Bytes;
use wire::JsonLimits;
use wire::query::QueryTexts;

use crate::error::RedactError;
use crate::prompt::{Body, JsonBody, Noted, begins_json};
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
        let pairs = Pairs {
            within: "query.",
            json: None,
        };
        let texts = QueryTexts::of(&self.0);
        let new = pairs.rewritten(&texts, rules, party, noted)?;
        Ok(Self(new.unwrap_or(self.0)))
    }
}

/// A body of the type `application/x-www-form-urlencoded`.
#[derive(Clone)]
pub(crate) struct FieldsBody {
    pub(crate) body: Bytes,
    pub(crate) limits: JsonLimits,
}

impl Body for FieldsBody {
    fn size(&self) -> usize {
        self.body.len()
    }

    fn redacted(
        self,
        rules: &RuleSet,
        party: &Party,
        noted: &mut Noted,
    ) -> Result<Self, RedactError> {
        let pairs = Pairs {
            within: "",
            json: Some(self.limits),
        };
        // A byte beyond ASCII that is no UTF-8 reads as U+FFFD, as one that is escaped does.
        let text = String::from_utf8_lossy(&self.body);
        let texts = QueryTexts::within(self.limits.max_values, &text).map_err(RedactError::Json)?;
        let new = pairs.rewritten(&texts, rules, party, noted)?;
        Ok(match new {
            Some(new) => Self {
                body: Bytes::from(new),
                ..self
            },
            None => self,
        })
    }
}

/// How names and values are read.
struct Pairs {
    /// What stands before their names in places.
    within: &'static str,
    /// Whether a value may be JSON, and the limits of that.
    json: Option<JsonLimits>,
}

impl Pairs {
    /// The same pairs without what must not leave; `None` if nothing is found.
    fn rewritten(
        &self,
        texts: &QueryTexts<'_>,
        rules: &RuleSet,
        party: &Party,
        noted: &mut Noted,
    ) -> Result<Option<String>, RedactError> {
        let mut changed = Vec::new();
        for number in 0..texts.len() {
            let name = texts.name_of(number).unwrap_or_default();
            let place = || rules.requests().shown(format!("{}{name}", self.within));
            let new = self.value(&name, &texts.text(number), rules, party, noted);
            noted.findings.placed(place);
            let new = new.map_err(|error| error.at_place(place))?;
            changed.extend(new.map(|new| (number, new)));
        }
        Ok((!changed.is_empty()).then(|| texts.with_texts(&changed)))
    }

    fn value(
        &self,
        name: &str,
        value: &str,
        rules: &RuleSet,
        party: &Party,
        noted: &mut Noted,
    ) -> Result<Option<String>, RedactError> {
        if let Some(limits) = self.json.filter(|_| begins_json(value.as_bytes()))
            && let Some(new) = json(value, limits, rules, party, noted)?
        {
            return Ok(Some(new));
        }
        let mut treatment = rules.request_treatment(party, noted);
        rules.requests().rewrite(name, value, &mut treatment)
    }
}

/// A value as JSON; `None` if it is none, or nothing is found. With escapes, what is no JSON could
/// hide a secret from us.
fn json(
    value: &str,
    limits: JsonLimits,
    rules: &RuleSet,
    party: &Party,
    noted: &mut Noted,
) -> Result<Option<String>, RedactError> {
    let body = Bytes::copy_from_slice(value.as_bytes());
    match (JsonBody { body, limits }).redacted(rules, party, noted) {
        Ok(new) if new.body == value => Ok(None),
        Ok(new) => Ok(Some(String::from_utf8_lossy(&new.body).into_owned())),
        Err(RedactError::Json(_)) if !value.contains("\\u") => Ok(None),
        Err(error) => Err(error),
    }
}

crate::says_no_text!(QueryBody);
crate::says_no_text!(FieldsBody);
