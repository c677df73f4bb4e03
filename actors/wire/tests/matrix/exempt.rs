//! Leaves that may change without a word, each with its reason.
//!
//! Never here: text, tool calls, arguments, ids of calls, thinking, signatures, cache marks, counts
//! that nothing else says, reasons to stop, refusals.

use nenya_wire::ApiFormat::{
    self, Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAiChat, OpenAiResponses,
};

/// `*` stands for one segment of a path, a trailing `**` for the rest.
pub(crate) struct Exempt {
    pub(crate) from: &'static [ApiFormat],
    pub(crate) to: &'static [ApiFormat],
    pub(crate) cases: &'static [&'static str],
    pub(crate) paths: &'static [&'static str],
    pub(crate) reason: &'static str,
}

/// Nothing in a field means any.
pub(crate) const ANY: Exempt = Exempt {
    from: &[],
    to: &[],
    cases: &[],
    paths: &[],
    reason: "",
};

const REQUEST: &[Exempt] = &[
    Exempt {
        paths: &["/model"],
        reason: "the model is the target's, by the router's choice",
        ..ANY
    },
    Exempt {
        to: &[Gemini, Bedrock],
        paths: &["/stream"],
        reason: "whether to stream stands in the path",
        ..ANY
    },
    Exempt {
        from: &[Cohere],
        paths: &["/tools/*/type", "/messages/*/tool_calls/*/type"],
        reason: "a constant: `function` is the only type, and the reader takes no other for it",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        to: &[OpenAiResponses],
        paths: &["/tools/*/custom/format/type"],
        reason: "a constant: the grammar inside of it says what it is",
        ..ANY
    },
    Exempt {
        to: &[Cohere],
        cases: &["tool-choice-named"],
        paths: &["/tools/**", "/toolConfig/tools/**"],
        reason: "the tool that must be called is offered alone",
        ..ANY
    },
    Exempt {
        to: &[Bedrock, Ollama],
        cases: &["tool-choice-none"],
        paths: &["/tools/**"],
        reason: "no tool may be called, so none is offered",
        ..ANY
    },
    Exempt {
        to: &[Anthropic, Cohere, Bedrock],
        cases: &["tool-choice-allowed"],
        paths: &["/tools/**"],
        reason: "tools outside of the allowed set are not offered",
        ..ANY
    },
    Exempt {
        from: &[Anthropic],
        cases: &["citations", "citations-replay", "document-text"],
        paths: &[
            "/messages/*/content/*/source/media_type",
            "/messages/*/content/*/source/content/*/source/media_type",
        ],
        reason: "a constant of documents that are text",
        ..ANY
    },
    Exempt {
        from: &[Bedrock],
        cases: &["citations", "document-text"],
        paths: &["/messages/*/content/*/document/format"],
        reason: "the document is text, and goes as text",
        ..ANY
    },
    Exempt {
        to: &[Ollama],
        paths: &[
            "/messages/*/content/*/image/format",
            "/messages/*/content/*/source/media_type",
            "/messages/*/content/*/toolResult/content/*/image/format",
            "/messages/*/content/*/content/*/source/media_type",
            "/contents/*/parts/*/inlineData/mimeType",
            "/contents/*/parts/*/functionResponse/parts/*/inlineData/mimeType",
        ],
        reason: "images have no type there: it is told from their bytes",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        to: &[OpenAiChat, OpenAiResponses, Anthropic, Cohere],
        paths: &["/contents/*/parts/*/fileData/mimeType"],
        reason: "what stands at an address says its type itself",
        ..ANY
    },
    Exempt {
        from: &[Bedrock],
        to: &[Cohere],
        cases: &["image-url"],
        paths: &["/messages/*/content/*/image/format"],
        reason: "what stands at an address says its type itself",
    },
    Exempt {
        from: &[Gemini],
        to: &[Bedrock],
        cases: &["audio-input"],
        paths: &["/contents/*/parts/*/inlineData/mimeType"],
        reason: "where the type is none that is known, the bytes tell it",
    },
    Exempt {
        from: &[OpenAiChat],
        cases: &["tools-custom"],
        paths: &["/tool_choice/custom/name"],
        reason: "the tool that it names was taken away before, since it is refused",
        ..ANY
    },
    Exempt {
        from: &[Anthropic],
        paths: &["/messages/*/content/*/citations/*/type"],
        reason: "told by the members beside it",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        to: &[OpenAiResponses],
        paths: &["/reasoning/exclude"],
        reason: "thinking is not shown there unless a summary is asked for",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        paths: &["/contents/*/parts/*/functionResponse/name"],
        reason: "the call that the id names has it",
        ..ANY
    },
    Exempt {
        from: &[Ollama],
        paths: &["/messages/*/tool_name"],
        reason: "the call that the id names has it",
        ..ANY
    },
    Exempt {
        from: &[Ollama],
        paths: &["/messages/*/tool_calls/*/function/index"],
        reason: "the order of the list says it",
        ..ANY
    },
    Exempt {
        from: &[Gemini],
        paths: &[
            "/generationConfig/responseSchema/propertyOrdering/*",
            "/tools/*/functionDeclarations/*/parameters/propertyOrdering/*",
        ],
        reason: "a JSON schema has no order of members, and what it allows is the same",
        ..ANY
    },
    Exempt {
        to: &[Anthropic, Bedrock],
        paths: &["/top_logprobs"],
        reason: "means nothing without `logprobs`, which is refused",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        to: &[Anthropic, Bedrock],
        cases: &["audio-output"],
        paths: &["/audio/*"],
        reason: "means nothing without `modalities`, which is refused",
    },
    Exempt {
        from: &[OpenAiChat],
        cases: &["reasoning-details"],
        paths: &[
            "/messages/*/reasoning_details/*/format",
            "/messages/*/reasoning_details/*/index",
            "/messages/*/reasoning_details/*/type",
        ],
        reason: "they describe the seal, which is noted",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        to: &[Gemini, Cohere],
        cases: &["reasoning-details"],
        paths: &["/messages/*/reasoning_details/*/signature"],
        reason: "noted as `signature`, and so is what describes it if it is taken away",
    },
    Exempt {
        from: &[OpenAiChat, OpenAiResponses],
        to: &[Gemini, Cohere, Ollama],
        cases: &["metadata-user"],
        paths: &["/user", "/safety_identifier"],
        reason: "two names of one thing, both given, and one note for both",
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &["/input/*/content/*/logprobs"],
        reason: "of an earlier answer, and empty: no model sees it",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &["/input/*/id"],
        reason: "the API's own name of the item; calls and results are joined by `call_id`",
        ..ANY
    },
];

const REPLY: &[Exempt] = &[
    // Constants.
    Exempt {
        paths: &[
            "/object",
            "/done",
            "/message/role",
            "/choices/*/message/role",
            "/candidates/*/content/role",
            "/message/tool_calls/*/type",
            "/choices/*/message/annotations/*/type",
            "/content/*/citations/*/type",
        ],
        reason: "a constant of the format, or told by the members beside it",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        to: &[Cohere],
        cases: &["audio-output"],
        paths: &["/choices/*/message/audio/data"],
        reason: "noted as `audio`",
    },
    Exempt {
        to: &[Anthropic, Cohere, Bedrock, Ollama, OpenAiResponses],
        paths: &["/choices/*/index", "/candidates/*/index"],
        reason: "the order of the list says it, or there is one candidate only",
        ..ANY
    },
    // What the format has no field for, in any reply.
    Exempt {
        to: &[Bedrock, Ollama],
        paths: &["/id", "/responseId"],
        reason: "no field for the reply's id; the answer's header has ours",
        ..ANY
    },
    Exempt {
        to: &[Cohere, Bedrock],
        paths: &["/model", "/modelVersion"],
        reason: "no field for the model's name",
        ..ANY
    },
    Exempt {
        to: &[Anthropic, Gemini, Cohere, Bedrock],
        paths: &["/created", "/created_at"],
        reason: "no field for the time",
        ..ANY
    },
    Exempt {
        from: &[OpenAiResponses],
        paths: &["/output/*/id"],
        reason: "names of items, which the format makes itself; calls are named by `call_id`",
        ..ANY
    },
    // The same said twice.
    Exempt {
        paths: &[
            "/usage/total_tokens",
            "/usage/totalTokens",
            "/usageMetadata/totalTokenCount",
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
        paths: &["/choices/*/message/reasoning"],
        reason: "the text of `reasoning_details` again",
        ..ANY
    },
    Exempt {
        from: &[OpenAiChat],
        to: &[Cohere, Ollama],
        paths: &[
            "/choices/*/message/reasoning_details/*/format",
            "/choices/*/message/reasoning_details/*/index",
            "/choices/*/message/reasoning_details/*/type",
        ],
        reason: "they describe the seal, which is noted",
        ..ANY
    },
    Exempt {
        from: &[Cohere],
        paths: &[
            "/message/citations/*/text",
            "/message/citations/*/type",
            "/message/citations/*/content_index",
            "/message/citations/*/sources/*/type",
            "/message/citations/*/sources/*/document/id",
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
        from: &[OpenAiResponses],
        cases: &["cache", "usage-full"],
        paths: &["/usage/input_tokens_details/cache_write_tokens"],
        reason: "the sum of the two times to live, which are told",
        ..ANY
    },
    Exempt {
        from: &[Ollama],
        paths: &["/message/tool_calls/*/function/index"],
        reason: "the order of the list says it",
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
    // What the provider says of itself.
    Exempt {
        from: &[OpenAiResponses],
        paths: &[
            "/background",
            "/completed_at",
            "/instructions",
            "/max_output_tokens",
            "/metadata",
            "/metadata/*",
            "/parallel_tool_calls",
            "/previous_response_id",
            "/prompt_cache_key",
            "/prompt_cache_options/*",
            "/reasoning/*",
            "/safety_identifier",
            "/store",
            "/temperature",
            "/text/**",
            "/tool_choice",
            "/tool_choice/**",
            "/tools",
            "/tools/**",
            "/top_logprobs",
            "/top_p",
            "/truncation",
            "/user",
        ],
        reason: "an echo of the request, which is another one than the client's",
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
        paths: &["/metrics/latencyMs"],
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
            "/logprobs/*/token_ids/*",
            "/candidates/*/logprobsResult/chosenCandidates/*/tokenId",
            "/candidates/*/logprobsResult/topCandidates/*/candidates/*/tokenId",
        ],
        reason: "numbers of the model's own vocabulary, which no other format has",
        ..ANY
    },
];

pub(crate) fn request(from: ApiFormat, to: ApiFormat, case: &str, path: &str) -> bool {
    listed(REQUEST, from, to, case, path)
}

pub(crate) fn reply(from: ApiFormat, to: ApiFormat, case: &str, path: &str) -> bool {
    listed(REPLY, from, to, case, path)
}

/// Replies that are errors to a client of `to`: the provider failed, or what it made cannot be
/// read; and free text for a custom tool, which such a client cannot have offered.
pub(crate) fn is_no_answer(to: ApiFormat, case: &str) -> bool {
    let failures = [
        "stop-error",
        "stop-failed",
        "stop-timeout",
        "stop-malformed-call",
        "stop-malformed-output",
        "stop-malformed-tool-use",
        "stop-missing-signature",
        "stop-other",
        "stop-too-many-calls",
        "stop-unexpected-call",
    ];
    let custom = case == "tools-custom" && !matches!(to, OpenAiChat | OpenAiResponses);
    custom || failures.contains(&case)
}

pub(crate) fn listed(
    list: &[Exempt],
    from: ApiFormat,
    to: ApiFormat,
    case: &str,
    path: &str,
) -> bool {
    list.iter().any(|exempt| {
        assert!(!exempt.reason.is_empty(), "each has its reason");
        (exempt.from.is_empty() || exempt.from.contains(&from))
            && (exempt.to.is_empty() || exempt.to.contains(&to))
            && (exempt.cases.is_empty() || exempt.cases.contains(&case))
            && exempt.paths.iter().any(|pattern| fits(pattern, path))
    })
}

pub(crate) fn fits(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (Some("**"), Some(_)) | (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}
