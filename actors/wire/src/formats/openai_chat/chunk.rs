//! One event of a stream, taken apart in a single walk.
//!
//! Owns which members there are. A member that comes twice counts as it comes last; those that are
//! not known are told by their names.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::canonical::raw::{Key, Raw, is_null};

/// Names of members that no document names. Nearly no event has any, so they take no room.
#[derive(Debug, Default)]
pub(super) struct Unknown(Option<Box<Names>>);

#[derive(Debug, Default)]
struct Names(Vec<String>);

impl Unknown {
    #[cold]
    fn take<'a, A: MapAccess<'a>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        if !is_null(map.next_value()?) {
            let names = self.0.get_or_insert_default();
            names.0.push(name.to_owned());
        }
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|names| &names.0).map(String::as_str)
    }
}

macro_rules! object {
    ($(#[$text:meta])* $name:ident {
        $($field:ident: $type:ty = $key:literal,)*
    } without $($silent:literal)|* ) => {
        $(#[$text])*
        #[derive(Debug, Default)]
        pub(super) struct $name<'a> {
            $(pub(super) $field: Option<$type>,)*
            /// Members that no document names.
            pub(super) unknown: Unknown,
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
                                name => read.unknown.take(name, &mut map)?,
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
