//! The rows of the built-in providers: names, addresses and how they take their key.
//!
//! Owns plain data. Names are those of the configuration files that are read here; `bedrock`,
//! `llamacpp`, `lmstudio`, `vertex` and `vllm` are new. Each row names the document that it
//! follows; all were read on 2026-11-22 unless a date stands there. Addresses, paths and the ways
//! to send the key were compared a second time with what the providers' own SDKs and descriptions
//! do, where one was to be had; those rows name it by its commit.

use provider::Quirk::{
    self, BothVersions, CallsWithoutIndex, MaxCompletionTokens, MaxTokens, NoStreamOptions,
};
use wire::ApiFormat;

use super::providers::AuthStyle;
use super::stock::{ECHO, Stock, StockRoute};
use ApiFormat::{
    Anthropic, Bedrock, Cohere, Gemini, Ollama, OpenAiChat as Chat, OpenAiResponses as Responses,
};
use AuthStyle::{Azure, Bearer, BearerXGoog, GoogleServiceAccount as Google, None as NoKey, XGoog};

const fn route(format: ApiFormat, url: &'static str, auth: AuthStyle) -> StockRoute {
    StockRoute { format, url, auth }
}

const fn row(name: &'static str, routes: &'static [StockRoute]) -> Stock {
    Stock {
        name,
        routes,
        formats: &[],
        models: None,
        paths: &[],
        quirks: &[],
        aliases: &[],
        retired: None,
    }
}

/// A row with what its provider wants otherwise; what it is stands at each [`Quirk`].
const fn odd(row: Stock, quirks: &'static [Quirk]) -> Stock {
    Stock { quirks, ..row }
}

/// All built-in providers, by name.
pub(super) const STOCK: &[Stock] = &[
    // platform.claude.com: Messages; OpenAI SDK compatibility. anthropic-sdk-python at 009b035.
    odd(
        row(
            "anthropic",
            &[
                route(
                    Anthropic,
                    "https://api.anthropic.com/v1/messages",
                    AuthStyle::Anthropic,
                ),
                route(
                    Chat,
                    "https://api.anthropic.com/v1/chat/completions",
                    Bearer,
                ),
            ],
        ),
        &[BothVersions],
    ),
    // learn.microsoft.com: Azure OpenAI in Foundry, API version lifecycle (v1); Claude in Foundry.
    // openai-python at e43b422 (the key's header) and anthropic-sdk-python at 009b035 (Claude).
    odd(
        row(
            "azure",
            &[
                route(
                    Chat,
                    "https://{resource}.openai.azure.com/openai/v1/chat/completions",
                    Azure,
                ),
                route(
                    Responses,
                    "https://{resource}.openai.azure.com/openai/v1/responses",
                    Azure,
                ),
                route(
                    Anthropic,
                    "https://{resource}.services.ai.azure.com/anthropic/v1/messages",
                    AuthStyle::Anthropic,
                ),
            ],
        ),
        &[MaxCompletionTokens, BothVersions],
    ),
    // docs.aws.amazon.com: Bedrock user guide, endpoints, API keys, Responses API, Messages API (both
    // now say this host and no more bedrock-mantle, which the SDKs of August have); API reference,
    // Converse, ListFoundationModels. boto/botocore at 0e6e240 (Converse, count, list; bearer and
    // SigV4).
    Stock {
        models: Some(route(
            Bedrock,
            "https://bedrock.{region}.amazonaws.com/foundation-models",
            Bearer,
        )),
        ..row(
            "bedrock",
            &[
                route(
                    Bedrock,
                    "https://bedrock-runtime.{region}.amazonaws.com/model/{model}/converse",
                    Bearer,
                ),
                route(
                    Chat,
                    "https://bedrock-runtime.{region}.amazonaws.com/openai/v1/chat/completions",
                    Bearer,
                ),
                route(
                    Responses,
                    "https://bedrock-runtime.{region}.amazonaws.com/openai/v1/responses",
                    Bearer,
                ),
                route(
                    Anthropic,
                    "https://bedrock-runtime.{region}.amazonaws.com/anthropic/v1/messages",
                    Bearer,
                ),
            ],
        )
    },
    // inference-docs.cerebras.ai: OpenAI compatibility.
    row(
        "cerebras",
        &[route(
            Chat,
            "https://api.cerebras.ai/v1/chat/completions",
            Bearer,
        )],
    ),
    // docs.cohere.com/v2: Chat; Compatibility API. cohere-developer-experience at e814c8a. The
    // address of 90e4a92 is no longer served.
    Stock {
        quirks: &[MaxTokens, NoStreamOptions],
        models: Some(route(Cohere, "https://api.cohere.com/v1/models", Bearer)),
        paths: &[(
            "/embeddings",
            "https://api.cohere.ai/compatibility/v1/embeddings",
        )],
        ..row(
            "cohere",
            &[
                route(Cohere, "https://api.cohere.com/v2/chat", Bearer),
                route(
                    Chat,
                    "https://api.cohere.ai/compatibility/v1/chat/completions",
                    Bearer,
                ),
            ],
        )
    },
    // deepinfra.com/docs: OpenAI API. `/v1` without `/openai` is 404.
    row(
        "deepinfra",
        &[route(
            Chat,
            "https://api.deepinfra.com/v1/openai/chat/completions",
            Bearer,
        )],
    ),
    // api-docs.deepseek.com: first call; Anthropic API; using the Responses API (it keeps no
    // responses); FIM completion, which is a beta.
    Stock {
        quirks: &[MaxTokens, Quirk::ReasoningContent],
        paths: &[("/completions", "https://api.deepseek.com/beta/completions")],
        ..row(
            "deepseek",
            &[
                route(Chat, "https://api.deepseek.com/chat/completions", Bearer),
                route(Responses, "https://api.deepseek.com/responses", Bearer),
                route(
                    Anthropic,
                    "https://api.deepseek.com/anthropic/v1/messages",
                    AuthStyle::Anthropic,
                ),
            ],
        )
    },
    row(ECHO, &[]),
    // ai.google.dev/gemini-api: OpenAI compatibility; generateContent; models. python-genai at
    // 6680718.
    Stock {
        // As in the file format's own list, as far as it holds: ai.google.dev, deprecations, has
        // both previews and neither name without the word; genkit-ai/genkit#5328, Google's, calls
        // the latest ones so. The list's `gemini-3.1-flash` is no model, its
        // `gemini-3.1-flash-lite` is one of its own since 2026-05-07.
        aliases: &[
            ("gemini-3-flash", "gemini-3-flash-preview"),
            ("gemini-3.1-pro", "gemini-3.1-pro-preview"),
            ("gemini-flash", "gemini-flash-latest"),
            ("gemini-flash-lite", "gemini-flash-lite-latest"),
            ("gemini-pro", "gemini-pro-latest"),
        ],
        quirks: &[Quirk::ThoughtSignatures, CallsWithoutIndex],
        models: Some(route(
            Gemini,
            "https://generativelanguage.googleapis.com/v1beta/models",
            XGoog,
        )),
        ..row(
            "gemini",
            &[
                route(
                    Chat,
                    "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
                    BearerXGoog,
                ),
                route(
                    Gemini,
                    "https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent",
                    XGoog,
                ),
            ],
        )
    },
    // github.blog changelog 2025-07-17 (new host); the service ended on 2026-07-30.
    Stock {
        models: Some(route(
            Chat,
            "https://models.github.ai/catalog/models",
            Bearer,
        )),
        retired: Some("2026-07-30"),
        ..row(
            "github",
            &[route(
                Chat,
                "https://models.github.ai/inference/chat/completions",
                Bearer,
            )],
        )
    },
    // console.groq.com/docs: OpenAI compatibility; Responses API. groq-python at 9620fde.
    row(
        "groq",
        &[
            route(
                Chat,
                "https://api.groq.com/openai/v1/chat/completions",
                Bearer,
            ),
            route(
                Responses,
                "https://api.groq.com/openai/v1/responses",
                Bearer,
            ),
        ],
    ),
    // ggml-org/llama.cpp, tools/server/README.md. Its port is also ours by default.
    row(
        "llamacpp",
        &[
            route(Chat, "http://127.0.0.1:8080/v1/chat/completions", NoKey),
            route(Responses, "http://127.0.0.1:8080/v1/responses", NoKey),
            route(Anthropic, "http://127.0.0.1:8080/v1/messages", NoKey),
        ],
    ),
    // lmstudio.ai/docs/developer: OpenAI and Anthropic compatibility (lmstudio-ai/docs at 4e1c48f and
    // 5c756e4).
    row(
        "lmstudio",
        &[
            route(Chat, "http://127.0.0.1:1234/v1/chat/completions", NoKey),
            route(Responses, "http://127.0.0.1:1234/v1/responses", NoKey),
            route(Anthropic, "http://127.0.0.1:1234/v1/messages", NoKey),
        ],
    ),
    // platform.minimax.io/docs: text generation, OpenAI and Anthropic API. Accounts in China:
    // api.minimaxi.com.
    row(
        "minimax_free",
        &[
            route(Chat, "https://api.minimax.io/v1/chat/completions", Bearer),
            route(Responses, "https://api.minimax.io/v1/responses", Bearer),
            route(
                Anthropic,
                "https://api.minimax.io/anthropic/v1/messages",
                Bearer,
            ),
        ],
    ),
    // docs.mistral.ai/api; mistralai/platform-docs-public at 222f4ba, `openapi.yaml`.
    odd(
        row(
            "mistral",
            &[route(
                Chat,
                "https://api.mistral.ai/v1/chat/completions",
                Bearer,
            )],
        ),
        &[MaxTokens, NoStreamOptions],
    ),
    // platform.kimi.ai/docs/api/overview; MoonshotAI/kimi-cli at 4a550ef (chat). Accounts in China:
    // api.moonshot.cn.
    row(
        "moonshot",
        &[
            route(Chat, "https://api.moonshot.ai/v1/chat/completions", Bearer),
            route(Responses, "https://api.moonshot.ai/v1/responses", Bearer),
            route(
                Anthropic,
                "https://api.moonshot.ai/anthropic/v1/messages",
                Bearer,
            ),
        ],
    ),
    // docs.api.nvidia.com/nim.
    row(
        "nvidia",
        &[route(
            Chat,
            "https://integrate.api.nvidia.com/v1/chat/completions",
            Bearer,
        )],
    ),
    row(
        "nvidia_free",
        &[route(
            Chat,
            "https://integrate.api.nvidia.com/v1/chat/completions",
            Bearer,
        )],
    ),
    // ollama/ollama at fb30760, docs/api.md, docs/api/openai-compatibility.mdx and
    // anthropic-compatibility.mdx, 2026-08-21.
    Stock {
        quirks: &[MaxTokens],
        models: Some(route(Ollama, "http://127.0.0.1:11434/api/tags", NoKey)),
        ..row(
            "ollama",
            &[
                route(Chat, "http://127.0.0.1:11434/v1/chat/completions", NoKey),
                route(Responses, "http://127.0.0.1:11434/v1/responses", NoKey),
                route(Anthropic, "http://127.0.0.1:11434/v1/messages", NoKey),
                route(Ollama, "http://127.0.0.1:11434/api/chat", NoKey),
            ],
        )
    },
    // developers.openai.com/api/reference; openai/openai-openapi at f85dbe2.
    odd(
        row(
            "openai",
            &[
                route(Chat, "https://api.openai.com/v1/chat/completions", Bearer),
                route(Responses, "https://api.openai.com/v1/responses", Bearer),
            ],
        ),
        &[MaxCompletionTokens],
    ),
    // openrouter.ai/docs/api.
    row(
        "openrouter",
        &[
            route(
                Chat,
                "https://openrouter.ai/api/v1/chat/completions",
                Bearer,
            ),
            route(Responses, "https://openrouter.ai/api/v1/responses", Bearer),
            route(Anthropic, "https://openrouter.ai/api/v1/messages", Bearer),
        ],
    ),
    // docs.perplexity.ai: Agent API, OpenAI compatibility. perplexity-py at 3485870. Chat
    // completions ended on 2026-09-27, and with them the names of its own models but one.
    Stock {
        aliases: &[("sonar", "perplexity/sonar")],
        ..row(
            "perplexity",
            &[route(
                Responses,
                "https://api.perplexity.ai/v1/responses",
                Bearer,
            )],
        )
    },
    // alibabacloud.com/help/model-studio: OpenAI compatible, 2026-10-13; the host of accounts
    // outside China that needs no workspace. China: dashscope.aliyuncs.com.
    row(
        "qwen_free",
        &[route(
            Chat,
            "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions",
            Bearer,
        )],
    ),
    // docs.sambanova.ai: OpenAI compatibility. sambanova-python at 233d37b.
    row(
        "sambanova",
        &[route(
            Chat,
            "https://api.sambanova.ai/v1/chat/completions",
            Bearer,
        )],
    ),
    // docs.together.ai: OpenAI compatibility. togethercomputer/openapi at 090263a.
    row(
        "together",
        &[route(
            Chat,
            "https://api.together.ai/v1/chat/completions",
            Bearer,
        )],
    ),
    // docs.cloud.google.com: locations; generateContent; Claude models; OpenAI compatibility.
    // python-genai at 6680718 and anthropic-sdk-python at 009b035.
    Stock {
        formats: &[("claude-*", Anthropic)],
        ..row(
            "vertex",
            &[
                route(
                    Gemini,
                    "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/publishers/google/models/{model}:generateContent",
                    Google,
                ),
                route(
                    Anthropic,
                    "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/publishers/anthropic/models/{model}:rawPredict",
                    Google,
                ),
                route(
                    Chat,
                    "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/endpoints/openapi/chat/completions",
                    Google,
                ),
            ],
        )
    },
    // docs.vllm.ai: OpenAI-compatible server; Anthropic-compatible server (vllm at 438dbb6).
    odd(
        row(
            "vllm",
            &[
                route(Chat, "http://127.0.0.1:8000/v1/chat/completions", NoKey),
                route(Responses, "http://127.0.0.1:8000/v1/responses", NoKey),
                route(Anthropic, "http://127.0.0.1:8000/v1/messages", NoKey),
            ],
        ),
        &[Quirk::CacheSalt],
    ),
    // docs.x.ai. Its Anthropic API is deprecated and left out.
    row(
        "xai",
        &[
            route(Chat, "https://api.x.ai/v1/chat/completions", Bearer),
            route(Responses, "https://api.x.ai/v1/responses", Bearer),
        ],
    ),
    // docs.z.ai: OpenAI SDK; Claude Code. zai-org/z-ai-sdk-python at d8d898b (chat).
    odd(
        row(
            "zai",
            &[
                route(
                    Chat,
                    "https://api.z.ai/api/paas/v4/chat/completions",
                    Bearer,
                ),
                route(
                    Anthropic,
                    "https://api.z.ai/api/anthropic/v1/messages",
                    Bearer,
                ),
            ],
        ),
        &[MaxTokens],
    ),
    // docs.z.ai: GLM Coding Plan.
    odd(
        row(
            "zai-coding-plan",
            &[
                route(
                    Chat,
                    "https://api.z.ai/api/coding/paas/v4/chat/completions",
                    Bearer,
                ),
                route(
                    Anthropic,
                    "https://api.z.ai/api/anthropic/v1/messages",
                    Bearer,
                ),
                route(Responses, "https://api.z.ai/api/v1/responses", Bearer),
            ],
        ),
        &[MaxTokens],
    ),
    // opencode.ai/docs/zen: endpoints. Where each API looks for the key: anomalyco/opencode at
    // ba196d0, routes/zen/v1.
    Stock {
        quirks: &[Quirk::ReasoningContent],
        formats: &[
            ("claude-*", Anthropic),
            ("gpt-*", Responses),
            ("grok-*", Responses),
            ("muse-*", Responses),
            ("gemini-*", Gemini),
            ("qwen3.8-max", Chat),
            ("qwen3.*", Anthropic),
        ],
        ..row(
            "zen",
            &[
                route(Chat, "https://opencode.ai/zen/v1/chat/completions", Bearer),
                route(
                    Anthropic,
                    "https://opencode.ai/zen/v1/messages",
                    AuthStyle::Anthropic,
                ),
                route(Responses, "https://opencode.ai/zen/v1/responses", Bearer),
                route(
                    Gemini,
                    "https://opencode.ai/zen/v1/models/{model}:generateContent",
                    XGoog,
                ),
            ],
        )
    },
];
