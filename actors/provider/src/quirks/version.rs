//! Which version of Anthropic's API a request that we wrote is for.
//!
//! Owns what only the older version takes. A client of that API names its version itself, and is
//! not judged here.
//!
//! # Source
//! Claude docs, "Versions" and "Migrating to API version 2026-10-21", read 2026-11-22: the newest
//! is recommended wherever possible, and differs for Messages and the counting of tokens by three
//! refusals alone; it is served by Anthropic itself, Claude Platform on AWS, Claude on Google Cloud
//! and Microsoft Foundry, and on Bedrock from 4.7 on. Servers that imitate the API may know only
//! the older one.

use super::json;

/// What every server of the API knows.
pub(crate) const OLDER: &str = "2023-06-01";
/// What the provider recommends.
pub(crate) const NEWER: &str = "2026-10-21";

/// Sampling, which the newer version refuses even at its defaults.
const SAMPLING: [&str; 3] = ["temperature", "top_p", "top_k"];

/// Whether only the older version takes this body: it has sampling parameters, a document directly
/// in a turn of the assistant, or citations on a text of the user's.
pub(crate) fn needs_older(body: &[u8]) -> bool {
    let members = json::members(body, json::start(body));
    let named = |member: &json::Member, name: &str| json::text(body, &member.key) == Some(name);
    if members
        .iter()
        .any(|member| SAMPLING.iter().any(|name| named(member, name)))
    {
        return true;
    }
    let turns = members.iter().find(|member| named(member, "messages"));
    let turns = turns.map(|turns| json::elements(body, turns.value.start));
    turns
        .unwrap_or_default()
        .iter()
        .any(|turn| turn_needs_older(body, turn.start))
}

fn turn_needs_older(body: &[u8], turn: usize) -> bool {
    let says = |object: usize, name: &str, word: &str| {
        let found = json::member(body, object, name);
        found.is_some_and(|found| json::text(body, &found.value) == Some(word))
    };
    let assistant = says(turn, "role", "assistant");
    blocks(body, turn).iter().any(|block| match assistant {
        true => says(*block, "type", "document"),
        false => {
            let inner = match says(*block, "type", "search_result") {
                true => blocks(body, *block),
                false => Vec::new(),
            };
            inner
                .iter()
                .chain([block])
                .any(|text| says(*text, "type", "text") && cites(body, *text))
        }
    })
}

fn blocks(body: &[u8], object: usize) -> Vec<usize> {
    let content = json::member(body, object, "content");
    let blocks = content.map(|content| json::elements(body, content.value.start));
    let starts = blocks.unwrap_or_default().into_iter();
    starts.map(|block| block.start).collect()
}

fn cites(body: &[u8], text: usize) -> bool {
    let citations = json::member(body, text, "citations");
    citations.is_some_and(|found| !json::elements(body, found.value.start).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn older(members: &str) -> bool {
        needs_older(format!(r#"{{"model":"m",{members}}}"#).as_bytes())
    }

    #[test]
    fn what_the_newer_version_refuses_goes_to_the_older() {
        assert!(older(r#""temperature":1"#) && older(r#""top_k":40"#));
        let turn = |role: &str, block: &str| {
            older(&format!(
                r#""messages":[{{"role":"{role}","content":[{block}]}}]"#
            ))
        };
        let document = r#"{"type":"document","source":{"type":"text","data":"x"}}"#;
        assert!(turn("assistant", document) && !turn("user", document));
        let cited = r#"{"type":"text","text":"x","citations":[{"type":"char_location"}]}"#;
        assert!(turn("user", cited) && !turn("assistant", cited));
        let found = format!(r#"{{"type":"search_result","content":[{cited}]}}"#);
        assert!(turn("user", &found));
    }

    #[test]
    fn everything_else_goes_to_the_newer() {
        assert!(!older(
            r#""messages":[{"role":"user","content":"temperature"}],"max_tokens":5"#
        ));
        let plain = r#"{"type":"text","text":"x","citations":[]}"#;
        assert!(!older(&format!(
            r#""messages":[{{"role":"user","content":[{plain}]}}]"#
        )));
    }
}
