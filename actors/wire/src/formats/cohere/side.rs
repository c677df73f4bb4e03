//! What this format keeps beside the canonical value, and how it finds it again.

use crate::canonical::parts::{Extra, Extras, Weight};
use crate::canonical::raw::Raw;
use crate::format::ApiFormat;

/// The format of this folder.
pub(super) const OWN: ApiFormat = ApiFormat::Cohere;

/// Mark of content that was a list though a string would have done.
pub(super) const LIST: &str = "content";

/// Mark of a text that stood in `tool_plan`.
pub(super) const PLAN: &str = "tool_plan";

/// Mark of a document of the request, with its value.
pub(super) const DOCUMENTS: &str = "documents";

/// The extra of this name.
pub(super) fn extra<'a>(extras: &Extras<'a>, field: &str) -> Option<Raw<'a>> {
    let found = extras.iter().find(|extra| extra.field == field);
    found.map(|extra| extra.raw)
}

/// Keeps a value.
pub(super) fn keep<'a>(extras: &mut Extras<'a>, field: &str, raw: Raw<'a>, weight: Weight) {
    extras.push(Extra::new(field.to_owned(), raw, weight));
}
