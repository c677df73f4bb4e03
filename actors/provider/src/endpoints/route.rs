//! What a provider's description says about places beyond its main address.

use wire::ApiFormat;

use crate::{config::AuthStyle, upstream_url::UpstreamUrl};

/// The chat address of a further API of the same provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatRoute {
    /// The API.
    pub format: ApiFormat,
    /// Its chat address. `{model}` in it stands for the model.
    pub url: UpstreamUrl,
    /// How the key is presented there.
    pub auth: AuthStyle,
}

/// Where a provider lists its models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelList {
    /// The address of the list.
    pub url: UpstreamUrl,
    /// The API whose list it is: says how the answer reads.
    pub format: ApiFormat,
    /// How the key is presented there.
    pub auth: AuthStyle,
}

/// Paths that lie elsewhere than below the base of the chat address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionRoute {
    /// Path as clients name it, beginning with `/`: `/rerank`.
    pub prefix: String,
    /// The address of that path.
    pub url: UpstreamUrl,
    /// How the key is presented there.
    pub auth: AuthStyle,
}

impl ExtensionRoute {
    /// What follows the prefix, if the path is this one or lies below it.
    pub(super) fn rest<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix(self.prefix.as_str())?;
        (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
    }
}

/// Which API some models of a provider are spoken to with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFormat {
    /// A model's name, or the beginning of names with `*` after it.
    pub models: String,
    /// The API.
    pub format: ApiFormat,
}

impl ModelFormat {
    pub(super) fn fits(&self, model: &str) -> bool {
        match self.models.strip_suffix('*') {
            Some(beginning) => model.starts_with(beginning),
            None => model == self.models,
        }
    }
}
