//! Base64 as Gemini has it: bytes go out in the plain alphabet, the one for addresses is read too.
//!
//! Google's Python SDK writes bytes in the alphabet for addresses (`-`, `_`); protobuf's JSON
//! takes both, padded or not. Checked 22 Nov 2026 against protobuf's JSON guide.

use std::borrow::Cow;

use crate::canonical::base64::{decoded_text, encoded};
use crate::canonical::seal::Seal;
use crate::canonical::text::Text;

use super::words::OWN;

/// How a wrapped seal of another provider begins once it is encoded.
const WRAPPED: &str = "bmVueWEx";

/// The same bytes in the alphabet and with the padding of RFC 4648, section 4.
pub(super) fn standard(data: Text<'_>) -> Text<'_> {
    let plain = match &data {
        Text::Spelt(text) | Text::Plain(text) => text.as_bytes(),
    };
    let odd = plain.iter().any(|byte| matches!(byte, b'-' | b'_' | b'\\'));
    if !odd && plain.len().is_multiple_of(4) {
        return data;
    }
    let mut text = data.decoded().replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    Text::Plain(Cow::Owned(text))
}

/// The seal in a client's `thoughtSignature`.
pub(super) fn carried(value: Text<'_>) -> Seal<'_> {
    let wrapped = match &value {
        Text::Spelt(text) | Text::Plain(text) => text.starts_with(WRAPPED),
    };
    let inner = wrapped.then(|| decoded_text(&value)).flatten();
    Seal::carried(OWN, inner.map_or(value, Text::plain))
}

/// What `thoughtSignature` says to a client: Gemini's own value, or another's, wrapped and
/// encoded, since the SDKs take bytes only.
pub(super) fn for_client<'s>(seal: &'s Seal<'_>) -> Text<'s> {
    let value = seal.for_client(OWN);
    if seal.format == OWN {
        return value;
    }
    Text::plain(encoded(value.decoded().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::ApiFormat;

    #[test]
    fn the_alphabet_of_addresses_becomes_the_plain_one() {
        assert_eq!(standard(Text::plain("-_8")), Text::plain("+/8="));
        assert_eq!(standard(Text::plain("AAAA")), Text::plain("AAAA"));
    }

    #[test]
    fn a_foreign_seal_is_bytes_to_the_client_and_comes_back() {
        let seal = Seal::fresh(ApiFormat::Anthropic, "claude", Text::plain("Ab.c=="));
        let shown = for_client(&seal).decoded().into_owned();
        assert!(shown.starts_with(WRAPPED));
        // Google's Python SDK sends it back in the other alphabet.
        let sent = shown.replace('+', "-").replace('/', "_");
        let back = carried(Text::plain(sent));
        assert_eq!(
            back.for_upstream(ApiFormat::Anthropic, "claude"),
            Some(Text::plain("Ab.c=="))
        );
    }
}
