//! Which strings of a document a model or a person reads.
//!
//! Owns one decision: text or not. The rule is to look at everything, and to leave alone only what
//! is named here and also looks the part: identifiers that must match something elsewhere, and
//! media. A string that stands under such a key but does not look like one is text.
//!
//! Called for every key and every string of a request, so it is by length first and compares few
//! names. Read next: `texts`.

/// What kind of strings stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// The top level: as `Open`, but `input` there is a list of messages.
    Top,
    /// Strings are text unless their key says otherwise.
    Open,
    /// An identifier or a choice from a list: `id`, `role`, `type`.
    Id,
    /// Base64 or a signature.
    Media,
    /// An address, which may be a whole image.
    Url,
    /// Data of the user's own shape (arguments of a tool): keys there mean nothing to us, so all
    /// strings are text.
    Free,
}

/// Longest string that counts as an identifier.
const LONGEST_ID: usize = 512;

/// Shortest string that counts as media; below it, looking costs nothing.
const SHORTEST_MEDIA: usize = 64;

/// The zone of the value that follows `key`.
///
/// # Source
/// Field names: OpenAI API reference (Chat Completions, Responses), Anthropic Messages API, Gemini
/// API `Content` and `Part`, as the project's facts list them (22 Nov 2026).
pub(crate) fn member(parent: Zone, key: &str) -> Zone {
    if parent == Zone::Free {
        return Zone::Free;
    }
    // By length first: a row of string comparisons would cost more than the scan of the key.
    match key.len() {
        2 => choose(key == "id", Zone::Id),
        3 => choose(key == "url", Zone::Url),
        4 => match key {
            "role" | "type" | "$ref" => Zone::Id,
            "data" => Zone::Media,
            "args" | "enum" => Zone::Free,
            _ => Zone::Open,
        },
        5 => match key {
            "input" if parent == Zone::Top => Zone::Open,
            "input" | "const" => Zone::Free,
            "model" | "voice" => Zone::Id,
            _ => Zone::Open,
        },
        6 => choose(
            matches!(key, "object" | "detail" | "format" | "status" | "effort"),
            Zone::Id,
        ),
        7 => match key {
            "call_id" | "file_id" | "item_id" | "include" => Zone::Id,
            "fileUri" => Zone::Url,
            "default" => Zone::Free,
            _ => Zone::Open,
        },
        8 => match key {
            "required" | "mimeType" | "language" => Zone::Id,
            "b64_json" => Zone::Media,
            "file_url" | "file_uri" => Zone::Url,
            "response" | "metadata" | "examples" => Zone::Free,
            _ => Zone::Open,
        },
        9 => match key {
            "mime_type" | "verbosity" => Zone::Id,
            "file_data" | "signature" => Zone::Media,
            "image_url" => Zone::Url,
            "arguments" => Zone::Free,
            _ => Zone::Open,
        },
        _ => long_member(key),
    }
}

fn long_member(key: &str) -> Zone {
    match key {
        "media_type"
        | "modalities"
        | "truncation"
        | "tool_use_id"
        | "tool_choice"
        | "stop_reason"
        | "response_id"
        | "tool_call_id"
        | "service_tier"
        | "container_id"
        | "finish_reason"
        | "encoding_format"
        | "response_format"
        | "reasoning_effort"
        | "previous_response_id" => Zone::Id,
        "thought_signature" | "thoughtSignature" | "encrypted_content" => Zone::Media,
        _ => Zone::Open,
    }
}

#[inline]
fn choose(hit: bool, zone: Zone) -> Zone {
    if hit { zone } else { Zone::Open }
}

/// Whether the string spelt `raw` in this zone is text.
pub(crate) fn is_text(zone: Zone, raw: &str) -> bool {
    match zone {
        Zone::Top | Zone::Open | Zone::Free => true,
        Zone::Id => !looks_like_id(raw),
        Zone::Media => !is_media(raw) && !is_data_url(raw),
        Zone::Url => !is_data_url(raw),
    }
}

fn looks_like_id(raw: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/+#$=".contains(&byte);
    raw.len() <= LONGEST_ID && raw.bytes().all(plain)
}

fn is_data_url(raw: &str) -> bool {
    let Some(rest) = raw.strip_prefix("data:") else {
        return false;
    };
    rest.split_once(";base64,")
        .is_some_and(|(kind, data)| kind.len() <= 128 && is_base64(data))
}

fn is_media(raw: &str) -> bool {
    raw.len() >= SHORTEST_MEDIA && is_base64(raw)
}

/// Only the standard alphabet: keys of today have `-` and `_`, which base64url would let pass.
/// A backslash is taken because some encoders write `\/`.
fn is_base64(raw: &str) -> bool {
    let good =
        |byte: &u8| byte.is_ascii_alphanumeric() | matches!(byte, b'+' | b'/' | b'=' | b'\\');
    // Whole blocks without an early exit, so that the compiler makes vectors of it.
    raw.as_bytes()
        .chunks(256)
        .all(|block| block.iter().fold(true, |all, byte| all & good(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_hold_text() {
        assert_eq!(member(Zone::Open, "whatever"), Zone::Open);
        assert!(is_text(Zone::Open, "anything"));
    }

    #[test]
    fn ids_are_left_alone_only_if_they_look_like_ids() {
        assert_eq!(member(Zone::Open, "tool_call_id"), Zone::Id);
        assert!(!is_text(Zone::Id, "call_8f2a"));
        assert!(is_text(Zone::Id, "mail me at a@b.example"));
    }

    #[test]
    fn keys_inside_tool_arguments_mean_nothing() {
        let arguments = member(Zone::Open, "input");
        assert!(is_text(member(arguments, "id"), "AKIA"));
        assert_eq!(member(Zone::Top, "input"), Zone::Open);
    }

    #[test]
    fn images_are_media_and_short_or_spelt_out_data_is_text() {
        let image = "iVBORw0KGgo".repeat(10);
        assert!(!is_text(Zone::Media, &image));
        assert!(is_text(Zone::Media, "plain text document"));
        assert!(!is_text(
            Zone::Url,
            &format!("data:image/png;base64,{image}")
        ));
        assert!(is_text(Zone::Url, "https://user:secret@host.example/"));
        assert!(is_text(Zone::Url, "data:;base64,not really base64"));
    }
}
