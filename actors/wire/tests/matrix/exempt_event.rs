//! Which events of a stream may be missing or come twice without a word, each with its reason.
//!
//! Events that say nothing of their own (a `ping`, the end of a block that the next one implies)
//! need no entry: what they say is their leaves', which `exempt_stream` has.

use nenya_wire::ApiFormat::{
    self, Anthropic, Bedrock, Cohere, Ollama, OpenAiChat, OpenAiResponses,
};

use crate::exempt::{ANY, Exempt, listed};

/// Places are `without` or `doubled`, then the type of the event; where the format has no types,
/// `piece` if there is a piece of a text or of a call's input.
pub(crate) const EVENTS: &[Exempt] = &[
    Exempt {
        from: &[OpenAiChat],
        paths: &["without"],
        reason: "an answer that `[DONE]` ends without a reason ends by itself, as `stop` says",
        ..ANY
    },
    Exempt {
        to: &[Anthropic, Cohere, Bedrock, Ollama],
        cases: &["n2"],
        paths: &["without/piece", "doubled/piece"],
        reason: "of the second candidate, which is noted as a whole",
        ..ANY
    },
    Exempt {
        to: &[OpenAiChat, Anthropic, Bedrock, Ollama],
        cases: &["citations", "citations-search-result", "citations-web"],
        paths: &[
            "without/content_block_delta",
            "without/citation-start",
            "without/contentBlockDelta",
            "doubled/content_block_delta",
            "doubled/contentBlockDelta",
            "doubled/citation-start",
            "doubled/response.output_text.annotation.added",
        ],
        reason: "noted as `citations`, once for all that are",
        ..ANY
    },
    Exempt {
        from: &[Anthropic],
        to: &[Bedrock],
        cases: &["midstream-error"],
        paths: &["without/message_start"],
        reason: "no field for what a beginning says, and an error has no counts",
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &[
            "without/response.output_text.delta",
            "without/response.custom_tool_call_input.delta",
            "without/response.output_text.annotation.added",
            "without/response.output_item.done",
        ],
        reason: "the whole part, item or response says it again",
        ..ANY
    },
    // An event that says how things are says nothing new the second time.
    Exempt {
        paths: &[
            "doubled",
            "doubled/message_start",
            "doubled/content_block_start",
            "doubled/message_delta",
            "doubled/error",
            "doubled/messageStart",
            "doubled/contentBlockStart",
            "doubled/messageStop",
            "doubled/metadata",
            "doubled/internalServerException",
            "doubled/modelStreamErrorException",
            "doubled/serviceUnavailableException",
            "doubled/throttlingException",
            "doubled/validationException",
            "doubled/message-start",
            "doubled/content-start",
            "doubled/message-end",
            "doubled/response.output_item.done",
            "doubled/response.completed",
            "doubled/response.incomplete",
            "doubled/response.failed",
        ],
        reason: "a beginning, an end, or counts: the same once more",
        ..ANY
    },
    Exempt {
        from: &[Anthropic],
        paths: &["doubled/x_future"],
        reason: "noted by its name, once for all",
        ..ANY
    },
    Exempt {
        from: &[Anthropic, Bedrock],
        to: &[OpenAiResponses, Anthropic, Cohere, Ollama],
        cases: &[
            "reasoning",
            "reasoning-adaptive",
            "reasoning-redacted",
            "reasoning-tools",
            "usage-full",
        ],
        paths: &["doubled/content_block_delta", "doubled/contentBlockDelta"],
        reason: "the signature of a thought, which the same once more replaces",
    },
];

pub(crate) fn is_listed(from: ApiFormat, to: ApiFormat, case: &str, place: &str) -> bool {
    listed(EVENTS, from, to, case, place)
}
