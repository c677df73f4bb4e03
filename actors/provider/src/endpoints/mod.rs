//! Where each operation of a provider lives.
//!
//! Owns the step from "this provider, this operation, this model" to origin, path, query and the
//! way to authenticate. Knows the paths that each API format has below its base, and keeps that
//! base: `https://api.groq.com/openai/v1/chat/completions` has its embeddings at
//! `/openai/v1/embeddings`. Pure; opens no connection and knows no provider by name: what is
//! special about one stands in its [`ProviderSpec`].
//!
//! Called by `http_upstream.rs` for each call. Read next: `address.rs` for the paths.

mod address;
mod route;
mod segment;

use std::fmt;

use http::{Uri, uri::PathAndQuery};
use wire::ApiFormat;

pub use address::format_of_path;
pub use route::{ExtensionRoute, FormatRoute, ModelFormat, ModelList};
pub use segment::escape_segment;

use crate::{
    config::{AuthStyle, ProviderSpec},
    error::ProviderError,
    upstream_url::UpstreamUrl,
};

/// An operation of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint<'a> {
    /// A conversation.
    Chat {
        /// The API that is spoken.
        format: ApiFormat,
        /// Model, as the provider calls it.
        model: &'a str,
        /// Whether the reply is streamed; some APIs have another path for it.
        stream: bool,
    },
    /// How many tokens a request would be.
    CountTokens {
        /// The API that is spoken.
        format: ApiFormat,
        /// Model, as the provider calls it.
        model: &'a str,
    },
    /// The list of models.
    Models,
    /// What is known of one model. `GET`, but `POST` with the name in the body for Ollama.
    Model(&'a str),
    /// A path below the base, beginning with `/`, percent-encoded, with its query if it has one:
    /// `/embeddings`, `/files/f1/content`.
    Extension(&'a str),
    /// The same where the model is known, which providers with a path per model need.
    ExtensionFor {
        /// Path below the base.
        path: &'a str,
        /// Model, as the provider calls it.
        model: &'a str,
    },
    /// A session of OpenAI's Realtime API.
    Realtime {
        /// Model, as the provider calls it; none where the session transcribes only.
        model: Option<&'a str>,
        /// What else stands in the query, percent-encoded.
        query: Option<&'a str>,
    },
}

/// Why a provider has no place for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOffered {
    /// It does not speak this API.
    Format(ApiFormat),
    /// The API that it speaks has no such operation.
    Operation,
    /// Its address is unlike that of any known API, so nothing but chat can be found.
    Base,
    /// The operation lies below the model, and none is named.
    ModelNeeded,
    /// The model's name cannot stand in a path.
    Model,
    /// The path cannot be sent as it is.
    Path,
}

impl fmt::Display for NotOffered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(format) => write!(f, "the provider does not speak `{format}`"),
            Self::Operation => f.write_str("the provider has no such operation"),
            Self::Base => f.write_str("the provider's address does not say where this would be"),
            Self::ModelNeeded => f.write_str("this operation of the provider needs a model"),
            Self::Model => f.write_str("the model's name cannot stand in a path"),
            Self::Path => f.write_str("the path cannot be sent"),
        }
    }
}

impl std::error::Error for NotOffered {}

impl From<NotOffered> for ProviderError {
    fn from(reason: NotOffered) -> Self {
        match reason {
            NotOffered::Path | NotOffered::Model => Self::BadPath,
            NotOffered::Operation => Self::NotOffered,
            _ => Self::NotConfigured,
        }
    }
}

/// The place of one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location<'s> {
    origin: &'s UpstreamUrl,
    path: PathAndQuery,
    auth: AuthStyle,
    format: Option<ApiFormat>,
}

impl<'s> Location<'s> {
    /// Scheme, host and port to connect to; its path is that of another operation.
    pub fn origin(&self) -> &'s UpstreamUrl {
        self.origin
    }

    /// Path and query, percent-encoded.
    pub fn path_and_query(&self) -> &str {
        self.path.as_str()
    }

    /// How the key is presented here.
    pub fn auth(&self) -> AuthStyle {
        self.auth
    }

    /// The API that is spoken here, where the operation belongs to one. For the list of models it
    /// says how the answer reads.
    pub fn format(&self) -> Option<ApiFormat> {
        self.format
    }

    /// The same place with this query besides its own; percent-encoded.
    pub(crate) fn asking(self, query: &str) -> Option<Self> {
        let path = self.path.as_str();
        let joint = if path.contains('?') { '&' } else { '?' };
        let path = PathAndQuery::try_from(format!("{path}{joint}{query}")).ok()?;
        Some(Self { path, ..self })
    }

    /// The URI for awc. Its scheme is always `http`: awc must leave TLS to our connector.
    pub(crate) fn uri(&self) -> Option<Uri> {
        self.origin.uri_with(self.path.clone())
    }
}

impl fmt::Display for Location<'_> {
    /// With the query, which in a place made here is an API version or `alt`; never for a log if
    /// the path came from a client.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin.origin_text(), self.path)
    }
}

impl ProviderSpec {
    /// Finds the place of an operation.
    ///
    /// # Errors
    /// [`NotOffered`].
    ///
    /// # Security
    /// Neither a model name nor a path leaves the place that it is meant for: names are escaped
    /// into one segment, and a path with `..` in any spelling is refused.
    pub fn locate(&self, endpoint: Endpoint<'_>) -> Result<Location<'_>, NotOffered> {
        match endpoint {
            Endpoint::Chat {
                format,
                model,
                stream,
            } => {
                let (url, auth) = self.address_of(model, format)?;
                let path = address::chat(format, url.path(), stream);
                self.placed(url, &path, Some(model), auth, Some(format))
            }
            Endpoint::CountTokens { format, model } => {
                let (url, auth) = self.address_of(model, format)?;
                let path = address::count_tokens(format, url.path())?;
                self.placed(url, &path, Some(model), auth, Some(format))
            }
            Endpoint::Models => self.models(None),
            Endpoint::Model(model) => self.models(Some(model)),
            Endpoint::Extension(path) => self.extension(path, None),
            Endpoint::ExtensionFor { path, model } => self.extension(path, Some(model)),
            Endpoint::Realtime { model, query } => self.realtime(model, query),
        }
    }

    /// The API to speak for this model: what is set for the model, else that of the provider.
    pub fn format_of(&self, model: &str) -> ApiFormat {
        if let Some(route) = self.alone(model) {
            return route.format;
        }
        self.model_formats
            .iter()
            .find(|rule| rule.fits(model))
            .map_or(self.format, |rule| rule.format)
    }

    /// Tells whether the provider speaks this API.
    pub fn speaks(&self, format: ApiFormat) -> bool {
        self.address(format).is_ok()
    }

    /// A path of the client's on the provider's host, for requests that are passed as they are.
    pub(crate) fn on_host(&self, path_and_query: &str) -> Result<Location<'_>, NotOffered> {
        if !path_and_query.starts_with('/') || path_and_query.contains(['#', '\\']) {
            return Err(NotOffered::Path);
        }
        self.placed(&self.url, path_and_query, None, self.auth, None)
    }

    /// The model list, or where that is unknown the chat address: something that answers.
    pub(crate) fn probed(&self) -> Result<Location<'_>, NotOffered> {
        self.locate(Endpoint::Models)
            .or_else(|_| self.placed(&self.url, self.url.path(), Some("probe"), self.auth, None))
    }

    /// All addresses; each of their origins has a client of its own.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (&UpstreamUrl, AuthStyle)> {
        let routes = self.routes.iter().map(|route| (&route.url, route.auth));
        let extensions = self.extensions.iter().map(|route| (&route.url, route.auth));
        let models = self.models.iter().map(|list| (&list.url, list.auth));
        let alone = self.alone.iter();
        let alone = alone.map(|(_, route)| (&route.url, route.auth));
        std::iter::once((&self.url, self.auth))
            .chain(routes)
            .chain(extensions)
            .chain(models)
            .chain(alone)
    }

    /// The address of a model that has one of its own.
    fn alone(&self, model: &str) -> Option<&FormatRoute> {
        let found = self.alone.iter().find(|(name, _)| name == model);
        found.map(|(_, route)| route)
    }

    fn address_of(
        &self,
        model: &str,
        format: ApiFormat,
    ) -> Result<(&UpstreamUrl, AuthStyle), NotOffered> {
        match self.alone(model).filter(|route| route.format == format) {
            Some(route) => Ok((&route.url, route.auth)),
            None => self.address(format),
        }
    }

    fn address(&self, format: ApiFormat) -> Result<(&UpstreamUrl, AuthStyle), NotOffered> {
        if format == self.format {
            return Ok((&self.url, self.auth));
        }
        self.routes
            .iter()
            .find(|route| route.format == format)
            .map(|route| (&route.url, route.auth))
            .ok_or(NotOffered::Format(format))
    }

    fn models(&self, one: Option<&str>) -> Result<Location<'_>, NotOffered> {
        let (url, format, auth, list) = match &self.models {
            Some(list) => (
                &list.url,
                list.format,
                list.auth,
                list.url.path().to_owned(),
            ),
            None => {
                let list = address::models(self.format, self.url.path())?;
                (&self.url, self.format, self.auth, list)
            }
        };
        let path = match one {
            None => list,
            Some(model) => address::model(&list, model)?,
        };
        self.placed(url, &path, None, auth, Some(format))
    }

    fn extension(&self, path: &str, model: Option<&str>) -> Result<Location<'_>, NotOffered> {
        segment::check_path(path)?;
        let own = self
            .extensions
            .iter()
            .filter_map(|route| Some((route, route.rest(path)?)))
            .max_by_key(|(route, _)| route.prefix.len());
        if let Some((route, rest)) = own {
            let path = address::join(route.url.path(), rest);
            return self.placed(&route.url, &path, model, route.auth, None);
        }
        let (format, url, auth) = self.extended();
        let base = address::base(format, url.path(), model.is_some()).ok_or(NotOffered::Base)?;
        self.placed(url, &address::join(&base, path), model, auth, None)
    }

    /// Beside the chat of OpenAI's two APIs, or where the configuration says.
    fn realtime(
        &self,
        model: Option<&str>,
        query: Option<&str>,
    ) -> Result<Location<'_>, NotOffered> {
        let (format, url, _) = self.extended();
        let speaks = matches!(format, ApiFormat::OpenAiChat | ApiFormat::OpenAiResponses);
        let elsewhere = |route: &ExtensionRoute| route.rest(address::REALTIME).is_some();
        if !speaks && !self.extensions.iter().any(elsewhere) {
            return Err(NotOffered::Operation);
        }
        let path = address::realtime(url.path(), model, query);
        self.extension(&path, None)
    }

    /// The API below which everything else lies: the provider's own, unless that one has nothing
    /// but chat and OpenAI's is there too.
    fn extended(&self) -> (ApiFormat, &UpstreamUrl, AuthStyle) {
        let chat_only = matches!(
            self.format,
            ApiFormat::Gemini | ApiFormat::Bedrock | ApiFormat::Ollama
        );
        let other = self
            .routes
            .iter()
            .find(|route| chat_only && route.format == ApiFormat::OpenAiChat);
        match other {
            Some(route) => (route.format, &route.url, route.auth),
            None => (self.format, &self.url, self.auth),
        }
    }

    fn placed<'s>(
        &'s self,
        origin: &'s UpstreamUrl,
        path: &str,
        model: Option<&str>,
        auth: AuthStyle,
        format: Option<ApiFormat>,
    ) -> Result<Location<'s>, NotOffered> {
        let path = address::with_model(path, model)?;
        Ok(Location {
            origin,
            path: PathAndQuery::try_from(path).map_err(|_| NotOffered::Path)?,
            auth,
            format,
        })
    }
}

#[cfg(test)]
mod tests;
