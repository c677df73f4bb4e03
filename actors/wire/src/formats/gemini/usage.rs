//! `usageMetadata`, read and written.
//!
//! `promptTokenCount` holds the cached tokens, not those of tool use; `candidatesTokenCount` holds
//! no thoughts (google-genai 3.4.0, 16 Nov 2026).

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::raw::{Raw, count, each_member, is_null, member, text};
use crate::canonical::reply::Counts;
use crate::canonical::text::Text;

use super::read_settings::each_of;
use super::words::camel;

type Result<T> = std::result::Result<T, FormatError>;

/// Counts, and the tier that was used.
///
/// # Errors
/// A value that is no object.
pub(super) fn read(raw: Raw<'_>) -> Result<(Counts, Option<Text<'_>>)> {
    let mut counts = Counts::default();
    let (mut prompt, mut tool_use, mut tier) = (None, None, None);
    each_member(raw, |key, value| {
        match camel(key).as_ref() {
            _ if is_null(value) => {}
            "promptTokenCount" => prompt = count(value),
            "toolUsePromptTokenCount" => tool_use = count(value),
            "cachedContentTokenCount" => counts.cache_read = count(value),
            "candidatesTokenCount" | "responseTokenCount" => counts.output_text = count(value),
            "thoughtsTokenCount" => counts.output_reasoning = count(value),
            "promptTokensDetails" => {
                let slots = (&mut counts.input_audio, &mut counts.input_image);
                read_details(value, slots)?;
            }
            "candidatesTokensDetails" => {
                let slots = (&mut counts.output_audio, &mut counts.output_image);
                read_details(value, slots)?;
            }
            "serviceTier" => tier = Some(text(value)?),
            _ => {}
        }
        Ok(())
    })?;
    let cached = counts.cache_read.unwrap_or(0);
    let fresh = prompt.map(|prompt| prompt.saturating_sub(cached));
    counts.input_fresh = match (fresh, tool_use) {
        (None, None) => None,
        (fresh, tool_use) => Some(fresh.unwrap_or(0).saturating_add(tool_use.unwrap_or(0))),
    };
    Ok((counts, tier))
}

fn read_details(list: Raw<'_>, (audio, image): (&mut Option<u64>, &mut Option<u64>)) -> Result<()> {
    each_of(Some(list), |detail| {
        let kind = member(detail, "modality").and_then(Text::of_raw);
        let tokens = member(detail, "tokenCount").and_then(count);
        match kind.as_ref().map(Text::decoded).as_deref() {
            Some("AUDIO") => *audio = tokens,
            Some("IMAGE") => *image = tokens,
            _ => {}
        }
        Ok(())
    })
}

/// Writes the object.
pub(super) fn write(out: &mut Out, counts: &Counts, tier: Option<&Text<'_>>) {
    out.open();
    out.maybe_number("promptTokenCount", counts.input());
    out.maybe_number("cachedContentTokenCount", counts.cache_read);
    out.maybe_number("candidatesTokenCount", counts.output_text);
    out.maybe_number("thoughtsTokenCount", counts.output_reasoning);
    if let (input, Some(output)) = (counts.input(), counts.output()) {
        let total = input.unwrap_or(0).saturating_add(output);
        out.key("totalTokenCount").number(total);
    } else {
        out.maybe_number("totalTokenCount", counts.input());
    }
    let input = [("AUDIO", counts.input_audio), ("IMAGE", counts.input_image)];
    write_details(out, "promptTokensDetails", input);
    let output = [
        ("AUDIO", counts.output_audio),
        ("IMAGE", counts.output_image),
    ];
    write_details(out, "candidatesTokensDetails", output);
    out.maybe_text("serviceTier", tier);
    out.close();
}

fn write_details(out: &mut Out, key: &str, details: [(&str, Option<u64>); 2]) {
    if details.iter().all(|(_, tokens)| tokens.is_none()) {
        return;
    }
    out.key(key).open_list();
    for (kind, tokens) in details {
        if let Some(tokens) = tokens {
            out.open().key("modality").plain(kind);
            out.key("tokenCount").number(tokens).close();
        }
    }
    out.close_list();
}
