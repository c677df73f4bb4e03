//! Service tiers in this API's words.
//!
//! # Source
//! `openai` 3.54.0, `service_tier.py` (17 November 2026).

/// The word for a tier that another API named, in a request or a reply.
pub(in crate::formats) fn tier_word(tier: &str) -> Option<&'static str> {
    match tier.to_ascii_lowercase().as_str() {
        "auto" => Some("auto"),
        "default" | "standard" | "standard_only" | "on_demand" => Some("default"),
        "flex" => Some("flex"),
        "priority" => Some("priority"),
        "scale" => Some("scale"),
        "fast" => Some("fast"),
        "ultrafast" => Some("ultrafast"),
        _ => None,
    }
}
