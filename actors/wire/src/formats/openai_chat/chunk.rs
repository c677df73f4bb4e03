//! One event of a stream, taken apart in a single walk.
//!
//! Owns which members there are. A member that comes twice counts as it comes last; those that are
//! not known are told by a flag, and by their names in a second walk, which nearly no event needs.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::canonical::error::FormatError;
use crate::canonical::raw::{Key, Raw, each_item, each_member, is_null};

macro_rules! object {
    ($(#[$text:meta])* $name:ident {
        $($field:ident: $type:ty = $key:literal,)*
    } without $($silent:literal)|* ) => {
        $(#[$text])*
        #[derive(Debug, Default)]
        pub(super) struct $name<'a> {
            $(pub(super) $field: Option<$type>,)*
            /// Whether there was a member that no document names.
            pub(super) unknown: bool,
        }

        impl $name<'_> {
            const NAMES: &'static [&'static str] = &[$($key,)* $($silent,)*];
        }

        impl<'a> Deserialize<'a> for $name<'a> {
            fn deserialize<D: Deserializer<'a>>(from: D) -> Result<Self, D::Error> {
                struct Walk;
                impl<'a> Visitor<'a> for Walk {
                    type Value = $name<'a>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: MapAccess<'a>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        let mut read = $name::default();
                        while let Some(key) = map.next_key_seed(Key)? {
                            match key.as_ref() {
                                $($key => read.$field = map.next_value()?,)*
                                $($silent => {
                                    map.next_value::<IgnoredAny>()?;
                                })*
                                _ => {
                                    read.unknown = true;
                                    map.next_value::<IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(read)
                    }
                }
                from.deserialize_map(Walk)
            }
        }
    };
}

object! {
    /// The event's document.
    Chunk {
        id: Raw<'a> = "id",
        model: Raw<'a> = "model",
        created: Raw<'a> = "created",
        tier: Raw<'a> = "service_tier",
        choices: Vec<Choice<'a>> = "choices",
        usage: Raw<'a> = "usage",
        error: Raw<'a> = "error",
    } without "object" | "system_fingerprint" | "obfuscation"
}

object! {
    /// What an event says of one choice.
    Choice {
        index: Raw<'a> = "index",
        delta: Delta<'a> = "delta",
        finish: Raw<'a> = "finish_reason",
        logprobs: Raw<'a> = "logprobs",
    } without
}

object! {
    /// What is new.
    Delta {
        content: Raw<'a> = "content",
        refusal: Raw<'a> = "refusal",
        reasoning_content: Raw<'a> = "reasoning_content",
        reasoning: Raw<'a> = "reasoning",
        details: Raw<'a> = "reasoning_details",
        tool_calls: Raw<'a> = "tool_calls",
        function_call: Raw<'a> = "function_call",
        annotations: Raw<'a> = "annotations",
        audio: Raw<'a> = "audio",
        images: Raw<'a> = "images",
    } without "role"
}

impl Chunk<'_> {
    /// Whether any of its objects has a member that no document names.
    pub(super) fn has_unknown(&self) -> bool {
        let mut choices = self.choices.iter().flatten();
        let within = |choice: &Choice<'_>| {
            choice.unknown || choice.delta.as_ref().is_some_and(|delta| delta.unknown)
        };
        self.unknown || choices.any(within)
    }
}

/// Tells the names of such members.
///
/// # Errors
/// What `tell` returns.
#[cold]
pub(super) fn each_unknown(
    chunk: Raw<'_>,
    tell: &mut dyn FnMut(String) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    each_member(chunk, |name, value| match name {
        _ if is_null(value) => Ok(()),
        "choices" => each_item(value, |choice| unknown_of_choice(choice, tell)),
        _ if Chunk::NAMES.contains(&name) => Ok(()),
        _ => tell(name.to_owned()),
    })
}

fn unknown_of_choice(
    choice: Raw<'_>,
    tell: &mut dyn FnMut(String) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    each_member(choice, |name, value| match name {
        _ if is_null(value) => Ok(()),
        "delta" => each_member(value, |name, value| {
            match is_null(value) || Delta::NAMES.contains(&name) {
                true => Ok(()),
                false => tell(format!("delta.{name}")),
            }
        }),
        _ if Choice::NAMES.contains(&name) => Ok(()),
        _ => tell(format!("choices[].{name}")),
    })
}
