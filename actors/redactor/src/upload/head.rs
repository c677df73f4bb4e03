//! The head of one part of a form: names of files, and whatever else stands there.
//!
//! Owns which texts of a head are looked at. The name of a field stays where it can be no more
//! than the name that an API gave it. A length of the part is left out: it is said before anybody
//! knows what will be replaced, and readers must ignore it (RFC 7578 section 4.8).

use bytes::Bytes;
use wire::multipart::{HeadPart, PartHead};

use crate::error::RedactError;
use crate::handle::RedactorHandle;
use crate::prompt::{Body, Noted};
use crate::redacted::Redacted;
use crate::rule_set::RuleSet;
use crate::session::{Party, Who};
use crate::side::Side;
use crate::treat::treatment::Treatment;

/// Longest name of a field that an API may have given it.
const LONGEST_NAME: usize = 40;

impl RedactorHandle {
    /// Redacts the head of a part.
    pub(super) async fn redact_head(
        &self,
        head: PartHead,
        who: Who<'_>,
    ) -> Result<Redacted<Bytes>, RedactError> {
        let clean = head.bytes().clone();
        let redacted = self
            .work(self.prompt(HeadBody { head, clean }, who))
            .await?;
        Ok(redacted.map(|head| head.clean))
    }
}

/// A head, and its bytes as they may leave.
#[derive(Clone)]
struct HeadBody {
    head: PartHead,
    clean: Bytes,
}

impl Body for HeadBody {
    fn size(&self) -> usize {
        self.clean.len()
    }

    fn redacted(
        self,
        rules: &RuleSet,
        party: &Party,
        noted: &mut Noted,
    ) -> Result<Self, RedactError> {
        let mut treatment = rules.request_treatment(party, noted);
        let mut changed = Vec::new();
        for (number, text) in self.head.texts().iter().enumerate() {
            if text.part == HeadPart::FieldName && is_of_an_api(&self.head.name) {
                continue;
            }
            let known = self.head.text(text);
            if text.part == HeadPart::Line && is_length(&known) {
                changed.push((number, String::new()));
                continue;
            }
            let new = in_both_spellings(rules.requests(), &mut treatment, known);
            let place = || place(text.part).to_owned();
            treatment.findings.placed(place);
            let new = new.map_err(|error| error.at_place(place))?;
            changed.extend(new.map(|new| (number, new)));
        }
        if changed.is_empty() {
            return Ok(self);
        }
        let clean = self.head.with_texts(&changed);
        Ok(Self { clean, ..self })
    }
}

/// Small letters and brackets, as in `timestamp_granularities[]`.
fn is_of_an_api(name: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'[' | b']');
    name.len() <= LONGEST_NAME && name.bytes().all(known)
}

fn is_length(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    name.trim_end().eq_ignore_ascii_case("content-length")
}

/// A text that one reader takes as it is, and another decodes once more.
fn in_both_spellings(
    side: &Side,
    treatment: &mut Treatment<'_>,
    text: String,
) -> Result<Option<String>, RedactError> {
    let new = side.rewrite("", &text, treatment)?;
    let known = new.as_deref().unwrap_or(&text);
    let Some(decoded) = PartHead::percent_decoded(known) else {
        return Ok(new);
    };
    let decoded = side.rewrite("", &decoded, treatment)?;
    Ok(decoded.as_deref().map(PartHead::percent_encoded).or(new))
}

fn place(part: HeadPart) -> &'static str {
    match part {
        HeadPart::FieldName => "name of a field",
        HeadPart::FileName => "filename",
        HeadPart::Parameter | HeadPart::Line => "head of a part",
    }
}

crate::says_no_text!(HeadBody);
