//! What is known of each endpoint before a request comes: preference, kinds of body, repetition.
//!
//! `docs/routes.md` shows the same lists; a test compares.

use crate::http::whereabouts::Kind;

/// An endpoint that is not a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the path that it is called by")]
pub enum Endpoint {
    Completions,
    Embeddings,
    ImageGenerations,
    ImageEdits,
    ImageVariations,
    Speech,
    Transcriptions,
    Translations,
    Moderations,
    Rerank,
    A2a,
    Files,
    Batches,
    Uploads,
    Responses,
    Realtime,
}

impl Endpoint {
    /// All endpoints.
    pub const ALL: [Self; 16] = [
        Self::Completions,
        Self::Embeddings,
        Self::ImageGenerations,
        Self::ImageEdits,
        Self::ImageVariations,
        Self::Speech,
        Self::Transcriptions,
        Self::Translations,
        Self::Moderations,
        Self::Rerank,
        Self::A2a,
        Self::Files,
        Self::Batches,
        Self::Uploads,
        Self::Responses,
        Self::Realtime,
    ];

    /// Providers that are asked where neither a model nor an object says whom, in order: those that
    /// have the endpoint at this path, by this method and in OpenAI's shape (rerank: in Cohere's).
    ///
    /// # Source
    /// Read on 2026-11-22. OpenAI: openai/openai-openapi at f85dbe2. Groq: groq-python at 9620fde,
    /// `api.md`. Mistral: platform-docs-public at 222f4ba, `openapi.yaml`; its batches are at
    /// `/v1/batch/jobs`. Together: togethercomputer/openapi at 090263a; it takes files at
    /// `/files/upload`. Cohere: cohere-developer-experience at e814c8a, `cohere-openapi.yaml`. xAI:
    /// docs.x.ai, REST API reference; its image edits take a body of their own. Gemini:
    /// ai.google.dev, OpenAI compatibility. DeepInfra: deepinfra.com/docs, OpenAI API. DeepSeek:
    /// api-docs.deepseek.com, FIM completion (see its row in `stock_rows.rs`). Azure:
    /// learn.microsoft.com, Responses API and Realtime API.
    ///
    /// Others' programs alone say so of DeepInfra's images, OpenRouter's completions and xAI's
    /// sessions. Agent-to-agent calls have no preference: no model provider has such an endpoint.
    #[must_use]
    pub const fn preferred(self) -> &'static [&'static str] {
        match self {
            Self::Completions => &["openai", "deepseek", "together", "openrouter"],
            Self::Embeddings => &["openai", "mistral", "gemini", "together", "deepinfra"],
            Self::ImageGenerations => &["openai", "xai", "gemini", "together", "deepinfra"],
            Self::ImageEdits | Self::ImageVariations | Self::Uploads => &["openai"],
            Self::Speech => &["openai", "groq"],
            Self::Transcriptions => &["openai", "groq", "mistral"],
            Self::Translations => &["openai", "groq"],
            Self::Moderations => &["openai", "mistral"],
            Self::Rerank => &["cohere", "together"],
            Self::A2a => &[],
            Self::Files => &["openai", "groq", "mistral"],
            Self::Batches => &["openai", "groq", "together"],
            Self::Responses | Self::Realtime => &["openai", "azure", "xai"],
        }
    }

    /// Whether a form with files may be sent to it.
    #[must_use]
    pub const fn takes_forms(self) -> bool {
        matches!(
            self,
            Self::ImageEdits
                | Self::ImageVariations
                | Self::Transcriptions
                | Self::Translations
                | Self::Files
                | Self::Uploads
        )
    }

    /// Whether it uses a model, so that the body may name one.
    #[must_use]
    pub const fn uses_model(self) -> bool {
        self.stores().is_none()
    }

    /// Whether the same request may be sent to another provider after one has seen it: it makes
    /// nothing that lasts, and costs little.
    #[must_use]
    pub const fn may_repeat(self) -> bool {
        matches!(
            self,
            Self::Completions
                | Self::Embeddings
                | Self::Moderations
                | Self::Rerank
                | Self::Realtime
        )
    }

    /// Whether its answers are text that a model wrote, so that their length stands for tokens
    /// where the provider counts none.
    #[must_use]
    pub const fn answers_in_text(self) -> bool {
        matches!(
            self,
            Self::Completions | Self::Transcriptions | Self::Translations | Self::A2a
        )
    }

    /// The kind of objects that it keeps.
    #[must_use]
    pub const fn stores(self) -> Option<Kind> {
        match self {
            Self::Files => Some(Kind::File),
            Self::Batches => Some(Kind::Batch),
            Self::Uploads => Some(Kind::Upload),
            Self::Responses => Some(Kind::Response),
            _ => None,
        }
    }
}

/// A path of ours taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked<'p> {
    /// What stands below the provider's base path, such as `/files/file-1/content`.
    pub(super) below: &'p str,
    /// The id of the object, if the path names one.
    pub(super) object: Option<&'p str>,
    /// What follows the id, such as `content`.
    pub(super) part: Option<&'p str>,
}

impl<'p> Asked<'p> {
    /// Takes a path of the route table apart; the first segment is the version.
    pub(super) fn of(path: &'p str, endpoint: Endpoint) -> Self {
        let version = path.get(1..).and_then(|rest| rest.find('/'));
        let below = version.and_then(|at| path.get(at + 1..)).unwrap_or(path);
        let mut segments = below.split('/').skip(2);
        let stored = endpoint.stores().is_some();
        Self {
            below,
            object: segments.next().filter(|_| stored),
            part: segments.next().filter(|_| stored),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::routes::{Action, ROUTES};

    #[test]
    fn paths_are_taken_apart() {
        let asked = Asked::of("/v1/files/file-1/content", Endpoint::Files);
        assert_eq!(asked.below, "/files/file-1/content");
        assert_eq!(
            (asked.object, asked.part),
            (Some("file-1"), Some("content"))
        );
        let asked = Asked::of("/v2/rerank", Endpoint::Rerank);
        assert_eq!((asked.below, asked.object), ("/rerank", None));
        let asked = Asked::of("/v1/images/edits", Endpoint::ImageEdits);
        assert_eq!((asked.below, asked.object), ("/images/edits", None));
        assert_eq!(Asked::of("/v1/batches", Endpoint::Batches).object, None);
    }

    #[test]
    fn every_endpoint_has_a_route_and_its_preference_stands_in_the_document() {
        let text = include_str!("../../../../docs/routes.md");
        for endpoint in Endpoint::ALL {
            let of_it = |route: &&crate::http::routes::Route| {
                route.action == Action::CallEndpoint(endpoint)
            };
            let route = ROUTES.iter().find(of_it).expect("a route");
            let preferred = match endpoint.preferred() {
                [] => "none".to_owned(),
                names => names.join(", "),
            };
            let row = text.lines().find(|line| {
                line.starts_with("| ")
                    && line.contains(&format!("`{}`", route.path))
                    && line.ends_with(&format!("| {preferred} |"))
            });
            assert!(
                row.is_some(),
                "docs/routes.md: `{}` | {preferred} |",
                route.path
            );
        }
    }
}
