//! The section `formats`: what happens where a client and a provider speak different APIs.
//!
//! Owns its keys and defaults, and which of the two places that say it counts for an agent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happens where a client and a provider speak different APIs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Formats {
    /// Refuses a request with 400 `unsupported_by_provider` where a field of it would be left out and named in `x-nenya-notes`: for want of a place in the provider's API, since this provider does not take it, or from a count of tokens. Another name for the same (`max_tokens`, `max_completion_tokens`) is only noted, and so is `stream_options` where it asks for nothing but `include_usage`, since the usage comes all the same. `agents.<name>.strict_formats` goes before it. What a reply says is passed on as far as it has a place, and noted, all the same.
    pub strict: bool,
}
