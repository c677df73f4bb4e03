//! What only one provider can read: signatures and sealed thinking, and how they travel through
//! clients of other formats.
//!
//! A seal goes back only to the format and provider it came from. A client of another format
//! carries it in its own opaque field as `nenya1.<format>.<provider>.<value>`, so no table is
//! needed to know where it belongs.

use std::borrow::Cow;

use super::text::Text;
use crate::format::ApiFormat;

const PREFIX: &str = "nenya1.";

/// An opaque value and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Seal<'a> {
    pub(crate) format: ApiFormat,
    /// The provider's name in the configuration; `None` if the client's own API made it.
    pub(crate) provider: Option<Cow<'a, str>>,
    pub(crate) value: Text<'a>,
}

impl<'a> Seal<'a> {
    /// A seal that a reply of `provider` brought.
    pub(crate) fn fresh(format: ApiFormat, provider: &'a str, value: Text<'a>) -> Self {
        Self {
            format,
            provider: Some(Cow::Borrowed(provider)),
            value,
        }
    }

    /// What stands in the opaque field of a client's request in `format`.
    pub(crate) fn carried(format: ApiFormat, value: Text<'a>) -> Self {
        match unwrapped(&value.decoded()) {
            Some((format, provider, inner)) => Seal {
                format,
                provider: Some(Cow::Owned(provider)),
                value: Text::Plain(Cow::Owned(inner)),
            },
            None => Self {
                format,
                provider: None,
                value,
            },
        }
    }

    /// What a request to `provider` in `format` has to say; `None` if it belongs elsewhere.
    pub(crate) fn for_upstream(&self, format: ApiFormat, provider: &str) -> Option<Text<'_>> {
        let own = self.provider.as_deref().is_none_or(|from| from == provider);
        (own && self.format == format).then(|| self.value.borrowed())
    }

    /// What a reply to a client of `format` has to say.
    pub(crate) fn for_client(&self, format: ApiFormat) -> Text<'_> {
        let foreign = self.format != format;
        match self.wrapped().filter(|_| foreign) {
            Some(wrapped) => Text::plain(wrapped),
            None => self.value.borrowed(),
        }
    }

    /// Value and origin in one, if the origin is known.
    pub(crate) fn wrapped(&self) -> Option<String> {
        let provider = self.provider.as_deref()?;
        let value = self.value.decoded();
        Some(format!("{PREFIX}{}.{provider}.{value}", self.format))
    }

    /// What [`Seal::wrapped`] was made of.
    pub(crate) fn of_wrapped(wrapped: &str) -> Option<Seal<'static>> {
        let (format, provider, value) = unwrapped(wrapped)?;
        Some(Seal {
            format,
            provider: Some(Cow::Owned(provider)),
            value: Text::Plain(Cow::Owned(value)),
        })
    }

    /// The same, with its own memory.
    pub(crate) fn into_owned(self) -> Seal<'static> {
        Seal {
            format: self.format,
            provider: self
                .provider
                .map(|provider| Cow::Owned(provider.into_owned())),
            value: self.value.into_owned(),
        }
    }
}

fn unwrapped(value: &str) -> Option<(ApiFormat, String, String)> {
    let mut pieces = value.strip_prefix(PREFIX)?.splitn(3, '.');
    let format = pieces.next()?.parse().ok()?;
    let (provider, inner) = (pieces.next()?, pieces.next()?);
    Some((format, provider.to_owned(), inner.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_comes_back_from_a_foreign_client_and_goes_only_home() {
        let seal = Seal::fresh(ApiFormat::Anthropic, "claude", Text::plain("Ab.c=="));
        let carried = seal.for_client(ApiFormat::Gemini);
        let back = Seal::carried(ApiFormat::Gemini, carried);
        let home = back.for_upstream(ApiFormat::Anthropic, "claude");
        assert_eq!(home, Some(Text::plain("Ab.c==")));
        assert_eq!(back.for_upstream(ApiFormat::Anthropic, "other"), None);
        assert_eq!(back.for_upstream(ApiFormat::Gemini, "claude"), None);
    }

    #[test]
    fn a_seal_of_the_clients_own_format_is_not_wrapped() {
        let seal = Seal::fresh(ApiFormat::Anthropic, "claude", Text::plain("x"));
        assert_eq!(seal.for_client(ApiFormat::Anthropic), Text::plain("x"));
    }
}
