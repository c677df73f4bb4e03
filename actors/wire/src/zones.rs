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
    /// The top level, and a `response` there: as `Open`, but `input` is of the API's own shape.
    Top,
    /// Strings are text unless their key says otherwise.
    Open,
    /// A list of parts, or one string instead of it: `content`, `parts`.
    Parts,
    /// The text of one of those parts.
    PartText,
    /// An identifier or a choice from a list: `id`, `role`, `type`.
    Id,
    /// Base64: an image, a sound, a file.
    Media,
    /// The same under `data`, where a document of Cohere's API has an object of the user's shape.
    Data,
    /// Something that only the provider can read, and that it refuses if a byte differs.
    Seal,
    /// An address, which may be a whole image.
    Url,
    /// Arguments of a tool: a string there is JSON once more.
    Arguments,
    /// Data of the user's own shape (arguments of a tool): keys there mean nothing to us, so all
    /// strings are text.
    Free,
}

impl Zone {
    const ALL: [Self; 11] = [
        Self::Top,
        Self::Open,
        Self::Parts,
        Self::PartText,
        Self::Id,
        Self::Media,
        Self::Data,
        Self::Seal,
        Self::Url,
        Self::Arguments,
        Self::Free,
    ];

    /// The zone of this number, which is `zone as u8`.
    #[inline]
    pub(crate) fn of(number: u8) -> Self {
        Self::ALL
            .get(usize::from(number))
            .copied()
            .unwrap_or(Self::Open)
    }

    /// Whether all strings there are text, whatever they look like.
    #[inline]
    pub(crate) fn holds_text_only(self) -> bool {
        !matches!(
            self,
            Self::Id | Self::Media | Self::Data | Self::Seal | Self::Url
        )
    }
}

/// Longest string that counts as an identifier.
const LONGEST_ID: usize = 512;

/// Shortest string that counts as media; below it, looking costs nothing.
const SHORTEST_MEDIA: usize = 64;

/// The zone of the value that follows `key`.
///
/// # Source
/// Field names: OpenAI API reference (Chat Completions, Completions, Responses), Anthropic Messages
/// API, Gemini API `Content` and `Part`, Cohere v2 Chat, Amazon Bedrock Converse, Ollama API, as the
/// project's facts list them (22 Nov 2026).
#[inline]
pub(crate) fn member(parent: Zone, key: &[u8]) -> Zone {
    match parent {
        Zone::Free | Zone::Arguments => return Zone::Free,
        Zone::Data => return data_member(key),
        _ => {}
    }
    // By length first: a row of string comparisons would cost more than the scan of the key.
    match key.len() {
        2 => choose(key == b"id", Zone::Id),
        3 => match key {
            b"url" => Zone::Url,
            b"ttl" => Zone::Id,
            _ => Zone::Open,
        },
        4 => match key {
            b"role" | b"type" | b"$ref" => Zone::Id,
            b"text" if parent == Zone::Parts => Zone::PartText,
            b"data" => Zone::Data,
            // `json` is what a tool answered, with Bedrock.
            b"args" | b"enum" | b"json" => Zone::Free,
            _ => Zone::Open,
        },
        5 => match key {
            b"parts" => Zone::Parts,
            b"input" if parent == Zone::Top => Zone::Open,
            b"input" | b"const" => Zone::Free,
            b"bytes" | b"audio" => Zone::Media,
            b"model" | b"voice" => Zone::Id,
            _ => Zone::Open,
        },
        6 => match key {
            b"object" | b"detail" | b"format" | b"status" | b"effort" | b"digest" => Zone::Id,
            b"system" | b"output" => Zone::Parts,
            b"result" | b"images" => Zone::Media,
            _ => Zone::Open,
        },
        7 => match key {
            b"content" | b"summary" => Zone::Parts,
            b"call_id" | b"file_id" | b"item_id" | b"include" => Zone::Id,
            b"fileUri" => Zone::Url,
            b"default" => Zone::Free,
            _ => Zone::Open,
        },
        8 => match key {
            b"required" | b"mimeType" | b"language" | b"provider" | b"event_id" | b"file_ids" => {
                Zone::Id
            }
            b"thinking" => Zone::Parts,
            b"b64_json" => Zone::Media,
            b"file_url" | b"file_uri" => Zone::Url,
            b"response" if parent == Zone::Top => Zone::Top,
            b"response" | b"metadata" | b"examples" => Zone::Free,
            _ => Zone::Open,
        },
        9 => match key {
            b"mime_type" | b"verbosity" | b"thread_id" | b"toolUseId" => Zone::Id,
            b"file_data" => Zone::Media,
            b"signature" => Zone::Seal,
            b"image_url" => Zone::Url,
            b"arguments" => Zone::Arguments,
            _ => Zone::Open,
        },
        _ => long_member(key),
    }
}

fn long_member(key: &[u8]) -> Zone {
    match key {
        b"media_type"
        | b"modalities"
        | b"truncation"
        | b"tool_use_id"
        | b"tool_choice"
        | b"stopReason"
        | b"stop_reason"
        | b"response_id"
        | b"responseId"
        | b"message_id"
        | b"request_id"
        | b"session_id"
        | b"cache_salt"
        | b"created_at"
        | b"document_id"
        | b"obfuscation"
        | b"done_reason"
        | b"blockReason"
        | b"tool_call_id"
        | b"service_tier"
        | b"container_id"
        | b"modelVersion"
        | b"finishReason"
        | b"finish_reason"
        | b"generation_id"
        | b"conversation_id"
        | b"previous_item_id"
        | b"encoding_format"
        | b"response_format"
        | b"reasoning_effort"
        | b"vector_store_ids"
        | b"prompt_cache_key"
        | b"safety_identifier"
        | b"system_fingerprint"
        | b"approval_request_id"
        | b"native_finish_reason"
        | b"previous_response_id" => Zone::Id,
        b"partial_image_b64" => Zone::Media,
        b"partial_json" => Zone::Arguments,
        b"requestMetadata" => Zone::Free,
        b"thought_signature" | b"thoughtSignature" | b"redactedContent" | b"encrypted_content"
        | b"encrypted_index" => Zone::Seal,
        _ => Zone::Open,
    }
}

/// Inside of `data`: what the user put there, or the made images of a reply.
fn data_member(key: &[u8]) -> Zone {
    match key {
        b"b64_json" => Zone::Media,
        b"url" => Zone::Url,
        _ => Zone::Free,
    }
}

#[inline]
fn choose(hit: bool, zone: Zone) -> Zone {
    if hit { zone } else { Zone::Open }
}

/// Whether the string spelt `raw` in this zone is text.
#[inline]
pub(crate) fn is_text(zone: Zone, raw: &str) -> bool {
    match zone {
        Zone::Id => !looks_like_id(raw),
        Zone::Media | Zone::Data => !is_media(raw) && !is_data_url(raw),
        Zone::Seal => !is_seal(raw),
        Zone::Url => !is_data_url(raw),
        _ => true,
    }
}

fn looks_like_id(raw: &str) -> bool {
    if raw.len() > LONGEST_ID {
        return false;
    }
    let kinds = raw.bytes().fold(0, |kinds, byte| kinds | id_kind(byte));
    // An address is none: a secret may stand in its path.
    kinds & NO_ID == 0 && (kinds & COLON == 0 || !raw.contains("://"))
}

/// What a byte is to an identifier, one bit each; 0 if it may stand in one.
#[inline(always)]
fn id_kind(byte: u8) -> u8 {
    ID_KINDS.get(usize::from(byte)).copied().unwrap_or(NO_ID)
}

const NO_ID: u8 = 1;
const COLON: u8 = 2;

/// A table, since most identifiers are a word: a row of comparisons costs more than they are long.
static ID_KINDS: [u8; 256] = id_kinds();

#[expect(
    clippy::indexing_slicing,
    reason = "256 for all bytes; `get` is not const"
)]
const fn id_kinds() -> [u8; 256] {
    let mut table = [NO_ID; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        let is_plain = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-'..=b':' | b'_' | b'+' | b'#' | b'$' | b'=');
        if is_plain {
            table[byte as usize] = if byte == b':' { COLON } else { 0 };
        }
        byte += 1;
    }
    table
}

fn is_data_url(raw: &str) -> bool {
    let Some(rest) = raw.strip_prefix("data:") else {
        return false;
    };
    rest.split_once(";base64,")
        .is_some_and(|(kind, data)| kind.len() <= 128 && is_base64(data))
}

pub(crate) fn is_media(raw: &str) -> bool {
    raw.len() >= SHORTEST_MEDIA && is_base64(raw)
}

/// Either alphabet: what OpenAI encrypts comes in base64url, what the others sign in base64.
fn is_seal(raw: &str) -> bool {
    raw.len() >= SHORTEST_MEDIA
        && all(raw, |byte| {
            is_base64_byte(byte) | matches!(byte, b'-' | b'_')
        })
}

/// Only the standard alphabet: keys of today have `-` and `_`, which base64url would let pass.
/// A backslash is taken because some encoders write `\/`.
pub(crate) fn is_base64(raw: &str) -> bool {
    all(raw, is_base64_byte)
}

#[inline]
fn is_base64_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | matches!(byte, b'+' | b'/' | b'=' | b'\\')
}

/// Whole blocks without an early exit, so that the compiler makes vectors of it.
#[inline]
fn all(raw: &str, good: impl Fn(u8) -> bool) -> bool {
    raw.as_bytes()
        .chunks(256)
        .all(|block| block.iter().fold(true, |all, byte| all & good(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_the_numbers_of_their_places() {
        for (number, zone) in Zone::ALL.into_iter().enumerate() {
            assert_eq!(zone as usize, number);
            assert_eq!(Zone::of(zone as u8), zone);
        }
    }

    #[test]
    fn unknown_keys_hold_text() {
        assert_eq!(member(Zone::Open, b"whatever"), Zone::Open);
        assert!(is_text(Zone::Open, "anything"));
    }

    #[test]
    fn ids_are_left_alone_only_if_they_look_like_ids() {
        assert_eq!(member(Zone::Open, b"tool_call_id"), Zone::Id);
        assert!(!is_text(Zone::Id, "call_8f2a"));
        assert!(is_text(Zone::Id, "mail me at a@b.example"));
        assert!(is_text(Zone::Id, "https://hooks.example/T0/B0"));
    }

    #[test]
    fn keys_inside_tool_arguments_mean_nothing() {
        let arguments = member(Zone::Open, b"input");
        assert!(is_text(member(arguments, b"id"), "AKIA"));
        assert_eq!(member(Zone::Top, b"input"), Zone::Open);
    }

    #[test]
    fn keys_of_the_users_own_documents_and_of_what_tools_answered_mean_nothing() {
        for place in ["data", "json", "requestMetadata"] {
            let inside = member(Zone::Open, place.as_bytes());
            assert!(is_text(member(inside, b"id"), "AKIA"), "{place}");
            let deeper = member(member(inside, b"a"), b"status");
            assert!(is_text(deeper, "AKIA"), "{place}");
        }
        let image = "iVBORw0KGgo".repeat(10);
        assert!(!is_text(member(Zone::Open, b"data"), &image));
        assert!(!is_text(
            member(member(Zone::Open, b"data"), b"b64_json"),
            &image
        ));
    }

    #[test]
    fn images_are_media_and_short_or_spelt_out_data_is_text() {
        let image = "iVBORw0KGgo".repeat(10);
        for place in ["data", "bytes", "redactedContent"] {
            assert!(
                !is_text(member(Zone::Open, place.as_bytes()), &image),
                "{place}"
            );
        }
        assert!(is_text(Zone::Media, "plain text document"));
        assert!(!is_text(
            Zone::Url,
            &format!("data:image/png;base64,{image}")
        ));
        assert!(is_text(Zone::Url, "https://user:secret@host.example/"));
        assert!(is_text(Zone::Url, "data:;base64,not really base64"));
    }

    #[test]
    fn what_a_provider_sealed_is_left_alone() {
        let seal = "gAAAAABo-_".repeat(9);
        assert_eq!(member(Zone::Open, b"encrypted_content"), Zone::Seal);
        assert!(!is_text(Zone::Seal, &seal));
        assert!(is_text(Zone::Media, &seal));
        assert!(is_text(Zone::Seal, "short"));
    }

    #[test]
    fn a_reply_inside_an_event_keeps_its_shape() {
        let response = member(Zone::Top, b"response");
        assert_eq!(member(response, b"id"), Zone::Id);
        assert_eq!(member(response, b"input"), Zone::Open, "of a session");
        assert_eq!(member(member(Zone::Open, b"response"), b"id"), Zone::Free);
    }
}
