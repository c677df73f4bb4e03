//! What of a stream may change without a word, each with its reason.
//!
//! Places begin with the type of the event, where the format has types. What a stream says more
//! than once needs no entry: it is told if it is changed wherever it is said. What may go of whole
//! replies too stands here again, since its places are others.

use nenya_wire::ApiFormat::{
    self, Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAiChat, OpenAiResponses,
};

use crate::exempt::{ANY, Exempt, fits, listed};
use crate::exempt_event;

const LEAVES: &[Exempt] = &[
    Exempt {
        paths: &[
            "/object",
            "/*/response/object",
            "/done",
            "/choices/*/delta/role",
            "/choices/*/delta/annotations/*/type",
            "/message/role",
            "/candidates/*/content/role",
            "/messageStart/role",
            "/message_start/message/role",
            "/message_start/message/type",
            "/message_delta/delta/stop_details/type",
            "/content_block_delta/delta/citation/type",
            "/message-start/delta/message/role",
            "/tool-call-start/delta/message/tool_calls/type",
        ],
        reason: "a constant of the format, or told by the members beside it",
        ..ANY
    },
    Exempt {
        paths: &["/obfuscation", "/*/obfuscation", "/*/p"],
        reason: "padding, so that the length of an event says nothing",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &["/*/sequence_number"],
        reason: "numbers of events; the gateway gives its own",
        ..ANY
    },
    // What the format has no field for, in any stream.
    Exempt {
        to: &[Bedrock, Ollama],
        paths: &[
            "/id",
            "/responseId",
            "/message_start/message/id",
            "/message-start/id",
            "/message-end/id",
            "/*/response/id",
        ],
        reason: "no field for the reply's id; the answer's header has ours",
        ..ANY
    },
    Exempt {
        to: &[Cohere, Bedrock],
        paths: &[
            "/model",
            "/modelVersion",
            "/message_start/message/model",
            "/*/response/model",
        ],
        reason: "no field for the model's name",
        ..ANY
    },
    Exempt {
        to: &[Anthropic, Gemini, Cohere, Bedrock],
        paths: &["/created", "/*/response/created_at"],
        reason: "no field for the time",
        ..ANY
    },
    Exempt {
        from: &[Ollama],
        paths: &["/created_at"],
        reason: "each line has its own time; the first is told where there is a field for it",
        ..ANY
    },
    // Numbers and names of blocks.
    Exempt {
        to: &[Anthropic, Cohere, Bedrock, Ollama, OpenAiResponses],
        paths: &["/choices/*/index"],
        reason: "the order says it, or there is one candidate only",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        to: &[Anthropic, Cohere, Bedrock, Ollama],
        cases: &["n2"],
        paths: &["/choices/*/delta/content"],
        reason: "of the second candidate, which is noted as a whole",
    },
    Exempt {
        from: &[Bedrock],
        paths: &[
            "/contentBlockDelta/contentBlockIndex",
            "/contentBlockStop/contentBlockIndex",
        ],
        reason: "says which pieces are of one block; blocks get numbers of the client's format",
        ..ANY
    },
    Exempt {
        from: &[Cohere],
        paths: &[
            "/content-start/index",
            "/content-delta/index",
            "/content-end/index",
            "/citation-start/index",
            "/citation-end/index",
            "/tool-call-end/index",
        ],
        reason: "one block is open at a time, and pieces are of the one that began last",
        ..ANY
    },
    Exempt {
        from: &[Ollama],
        paths: &["/message/tool_calls/*/function/index"],
        reason: "the order of the list says it",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &[
            "/*/item_id",
            "/response.output_item.added/item/id",
            "/response.output_item.done/item/id",
        ],
        reason: "names of items, which the format makes itself; their numbers stand beside them",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &["/response.output_text.annotation.added/annotation_index"],
        reason: "the order says it",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        to: &[OpenAiChat, Gemini, Ollama],
        cases: &["midstream-error"],
        paths: &["/*/content_index", "/*/output_index"],
        reason: "parts have no numbers there, and one text has come",
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &[
            "/response.reasoning_summary_part.added/summary_index",
            "/response.reasoning_summary_part.done/summary_index",
        ],
        reason: "the pieces of the summary have it",
        ..ANY
    },
    // Places that are empty until their pieces come.
    Exempt {
        from: &[Anthropic],
        to: &[OpenAiChat, OpenAiResponses, Cohere, Ollama],
        paths: &[
            "/content_block_start/content_block/signature",
            "/content_block_start/content_block/citations",
        ],
        reason: "empty: they come in events of their own; here, what they would add is noted \
                 already or replaced by the later one",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &[
            "/response.content_part.added/part/**",
            "/response.reasoning_summary_part.added/part/**",
            "/response.output_item.added/item/arguments",
            "/response.output_item.added/item/content",
            "/response.output_item.added/item/content/**",
            "/response.output_item.added/item/summary",
            "/response.output_item.added/item/role",
            "/response.output_item.added/item/status",
            "/response.output_item.added/item/type",
            "/response.output_item.added/output_index",
            "/response.output_item.added/item/encrypted_content",
            "/response.created/response/output",
            "/response.created/response/status",
            "/response.in_progress/response/output",
            "/response.in_progress/response/status",
            "/response.queued/response/output",
            "/response.queued/response/status",
        ],
        reason: "as it is when it begins, mostly empty; pieces and the whole follow",
        ..ANY
    },
    // The same said again.
    Exempt {
        from: &[OpenAiResponses],
        paths: &[
            "/response.output_text.done/text",
            "/response.output_text.done/logprobs",
            "/response.refusal.done/refusal",
            "/response.reasoning_text.done/text",
            "/response.reasoning_summary_text.done/text",
            "/response.reasoning_summary_part.done/part/**",
            "/response.function_call_arguments.done/arguments",
            "/response.custom_tool_call_input.done/input",
            "/response.content_part.done/part/text",
            "/response.content_part.done/part/refusal",
            "/response.content_part.done/part/type",
            "/response.content_part.done/part/logprobs",
            "/response.content_part.done/part/annotations/**",
            "/response.output_item.done/item/arguments",
            "/response.output_item.done/item/content/*/text",
            "/response.output_item.done/item/content/*/refusal",
            "/response.output_item.done/item/content/*/logprobs",
            "/response.output_item.done/item/content/*/annotations/**",
            "/response.output_item.done/item/summary/**",
            "/response.completed/response/output/**",
            "/response.incomplete/response/output/**",
            "/response.failed/response/output",
        ],
        reason: "what came piece by piece, as a whole; it is read where pieces did not come",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &[
            "/response.completed/response/status",
            "/response.incomplete/response/status",
            "/response.failed/response/status",
        ],
        reason: "the type of the event says it",
        ..ANY
    },
    Exempt {
        paths: &[
            "/usage/total_tokens",
            "/usageMetadata/totalTokenCount",
            "/metadata/usage/totalTokens",
            "/*/response/usage/total_tokens",
        ],
        reason: "the sum of counts that are told",
        ..ANY
    },
    Exempt {
        paths: &[
            "/usage/prompt_tokens_details/text_tokens",
            "/usage/completion_tokens_details/text_tokens",
            "/usageMetadata/promptTokensDetails/*/*",
            "/usageMetadata/candidatesTokensDetails/*/*",
            "/usageMetadata/cacheTokensDetails/*/*",
            "/usageMetadata/toolUsePromptTokensDetails/*/*",
        ],
        reason: "what is left of a count that is told; audio and images are noted where they are",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        paths: &[
            "/usage/prompt_cache_hit_tokens",
            "/usage/prompt_cache_miss_tokens",
        ],
        reason: "DeepSeek says its cached tokens twice",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        cases: &["reasoning-details"],
        paths: &["/choices/*/delta/reasoning"],
        reason: "the text of `reasoning_details` again",
        ..ANY
    },
    Exempt {
        from: &[Cohere],
        paths: &[
            "/citation-start/delta/message/citations/text",
            "/citation-start/delta/message/citations/type",
            "/citation-start/delta/message/citations/sources/*/type",
            "/citation-start/delta/message/citations/sources/*/document/id",
        ],
        reason: "the words between start and end; the part they are in; the source's id again",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        paths: &["/candidates/*/groundingMetadata/groundingSupports/*/segment/text"],
        reason: "the words between start and end",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        cases: &["citations-recitation"],
        paths: &[
            "/candidates/*/citationMetadata/citations/*/startIndex",
            "/candidates/*/citationMetadata/citations/*/endIndex",
        ],
        reason: "a span of the whole text, as is one that ends behind it; 0 is the default",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        paths: &["/candidates/*/content/parts/*/functionCall/partialArgs/*/willContinue"],
        reason: "the place of the next piece says whether it goes on",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        paths: &["/promptFeedback/blockReason"],
        reason: "every reason to block a prompt is a filter; the words beside it are told",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        paths: &["/promptFeedback/blockReasonMessage"],
        reason: "noted as `stop_details`, as is the reason's word in its place",
        ..ANY
    },
    // Noted as a whole, where the whole cannot be taken away alone.
    Exempt {
        from: &[Anthropic],
        cases: &["citations-web", "stop-pause-turn"],
        paths: &[
            "/content_block_start/content_block/id",
            "/content_block_start/content_block/name",
            "/content_block_start/content_block/input",
            "/content_block_start/content_block/tool_use_id",
            "/content_block_start/content_block/content/*/*",
            "/content_block_delta/delta/partial_json",
        ],
        reason: "of a tool that the provider runs: the block is noted by its type",
        ..ANY
    },
    Exempt {
        from: &[Anthropic],
        to: &[Cohere, Ollama],
        cases: &["reasoning-redacted"],
        paths: &["/content_block_start/content_block/data"],
        reason: "the block is noted as `redacted_thinking`",
    },
    Exempt {
        from: &[OpenAiResponses],
        to: &[OpenAiChat, Cohere],
        cases: &["citations"],
        paths: &[
            "/response.output_item.added/item/action/**",
            "/response.output_item.done/item/action/**",
        ],
        reason: "of a tool that the provider runs: the item is noted by its type",
    },
    Exempt {
        from: &[OpenAiResponses],
        to: &[OpenAiChat, Anthropic, Bedrock, Ollama],
        cases: &["citations"],
        paths: &[
            "/response.output_text.annotation.added/annotation/filename",
            "/response.output_text.annotation.added/annotation/index",
        ],
        reason: "noted as `citations`; the whole part says it again",
    },
    // Counts that others replace.
    Exempt {
        from: &[Anthropic],
        paths: &["/message_start/message/usage/output_tokens"],
        reason: "the count so far; the last one replaces it",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        paths: &[
            "/usageMetadata/promptTokenCount",
            "/usageMetadata/candidatesTokenCount",
            "/usageMetadata/thoughtsTokenCount",
        ],
        reason: "counts so far; the last ones replace them",
        ..ANY
    },
    // Of a stream that fails.
    Exempt {
        cases: &[
            "midstream-error",
            "stop-error",
            "stop-timeout",
            "stop-malformed-output",
            "stop-malformed-tool-use",
        ],
        paths: &[
            "/message_start/message/usage/*",
            "/metadata/usage/*",
            "/message-end/delta/usage/**",
        ],
        reason: "an error has no counts",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        cases: &["stop-failed"],
        paths: &[
            "/*/response/id",
            "/*/response/model",
            "/*/response/created_at",
            "/*/response/service_tier",
        ],
        reason: "nothing was said before the error, so no event of a reply is due",
        ..ANY
    },
    Exempt {
        from: &[Anthropic],
        paths: &["/error/request_id"],
        reason: "the provider's own name of the request; ours is in the answer's header",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        paths: &["/error/code", "/error/status"],
        reason: "one says the other again",
        ..ANY
    },
    Exempt {
        paths: &[
            "/error/type",
            "/error/code",
            "/response.failed/response/error/code",
        ],
        to: &[Anthropic, Cohere, Bedrock, Ollama],
        reason: "the kind of the error is told by the format's own word; there is no other field",
        ..ANY
    },
    // What the provider says of itself.
    Exempt {
        from: &[OpenAiResponses],
        paths: &[
            "/*/response/background",
            "/*/response/completed_at",
            "/*/response/instructions",
            "/*/response/max_output_tokens",
            "/*/response/metadata",
            "/*/response/metadata/*",
            "/*/response/parallel_tool_calls",
            "/*/response/previous_response_id",
            "/*/response/prompt_cache_key",
            "/*/response/prompt_cache_options/*",
            "/*/response/reasoning/*",
            "/*/response/safety_identifier",
            "/*/response/store",
            "/*/response/temperature",
            "/*/response/text/**",
            "/*/response/tool_choice",
            "/*/response/tool_choice/**",
            "/*/response/tools",
            "/*/response/tools/**",
            "/*/response/top_logprobs",
            "/*/response/top_p",
            "/*/response/truncation",
            "/*/response/user",
        ],
        reason: "an echo of the request, which is another one than the client's",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &[
            "/response.web_search_call.in_progress/type",
            "/response.web_search_call.searching/type",
            "/response.web_search_call.completed/type",
        ],
        reason: "shows that a tool of the provider runs; its item is told when it is done",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        paths: &["/system_fingerprint"],
        reason: "of the provider's servers, for comparison of its own seeds",
        ..ANY
    },
    Exempt {
        from: &[Bedrock],
        paths: &["/metadata/metrics/latencyMs"],
        reason: "a time that the provider measured; ours is in the metrics",
        ..ANY
    },
    Exempt {
        from: &[Ollama],
        paths: &[
            "/eval_duration",
            "/load_duration",
            "/prompt_eval_duration",
            "/total_duration",
        ],
        reason: "times that the provider measured",
        ..ANY
    },
    Exempt {
        paths: &[
            "/content-delta/logprobs/token_ids/*",
            "/candidates/*/logprobsResult/chosenCandidates/*/tokenId",
            "/candidates/*/logprobsResult/topCandidates/*/candidates/*/tokenId",
        ],
        reason: "numbers of the model's own vocabulary, which no other format has",
        ..ANY
    },
];

pub(crate) fn leaf(from: ApiFormat, to: ApiFormat, case: &str, place: &str) -> bool {
    listed(LEAVES, from, to, case, place)
}

/// Entries that nothing needs any more: the pattern, and the reason.
pub(crate) fn unused(places: &[(ApiFormat, String, String)]) -> Vec<String> {
    let all = LEAVES.iter().chain(exempt_event::EVENTS);
    let used = |exempt: &Exempt, pattern: &str| {
        let mut places = places.iter();
        places.any(|(from, case, place)| {
            (exempt.from.is_empty() || exempt.from.contains(from))
                && (exempt.cases.is_empty() || exempt.cases.contains(&case.as_str()))
                && fits(pattern, place)
        })
    };
    let patterns = all.flat_map(|exempt| exempt.paths.iter().map(move |path| (exempt, path)));
    let unused = patterns.filter(|(exempt, pattern)| !used(exempt, pattern));
    unused
        .map(|(exempt, pattern)| format!("{pattern}: {}", exempt.reason))
        .collect()
}
