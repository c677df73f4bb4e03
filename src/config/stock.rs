//! The providers that are built in: names, addresses and how they take their key.
//!
//! Owns plain data. `azure` has no address, since every customer has one of their own; `echo` is
//! answered by this process and has none either. Values of the configuration are laid over these
//! field by field (`resolve.rs`).
//!
//! # Source
//! Names, addresses and styles: the provider registry of the system whose configuration files are
//! read here, at its commit 90e4a92.

use super::providers::AuthStyle;

/// The provider that answers with what it was sent, without an account anywhere.
pub const ECHO: &str = "echo";

/// The model that the echo provider is listed with; it answers to any name.
pub const ECHO_MODEL: &str = "echo";

/// A provider that is built in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stock {
    pub(super) name: &'static str,
    pub(super) url: Option<&'static str>,
    pub(super) auth_style: AuthStyle,
}

/// The built-in provider of this name.
pub(super) fn stock(name: &str) -> Option<&'static Stock> {
    STOCK.iter().find(|stock| stock.name == name)
}

const fn at(name: &'static str, url: &'static str, auth_style: AuthStyle) -> Stock {
    Stock {
        name,
        url: Some(url),
        auth_style,
    }
}

/// All built-in providers, by name.
pub(super) const STOCK: &[Stock] = &[
    at(
        "anthropic",
        "https://api.anthropic.com/v1/messages",
        AuthStyle::Anthropic,
    ),
    Stock {
        name: "azure",
        url: None,
        auth_style: AuthStyle::Azure,
    },
    at(
        "cerebras",
        "https://api.cerebras.ai/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "cohere",
        "https://api.cohere.com/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "deepinfra",
        "https://api.deepinfra.com/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "deepseek",
        "https://api.deepseek.com/chat/completions",
        AuthStyle::Bearer,
    ),
    Stock {
        name: ECHO,
        url: None,
        auth_style: AuthStyle::None,
    },
    at(
        "gemini",
        "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
        AuthStyle::BearerXGoog,
    ),
    at(
        "github",
        "https://models.inference.ai.azure.com/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "groq",
        "https://api.groq.com/openai/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "minimax_free",
        "https://api.minimax.chat/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "mistral",
        "https://api.mistral.ai/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "moonshot",
        "https://api.moonshot.cn/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "nvidia",
        "https://integrate.api.nvidia.com/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "nvidia_free",
        "https://integrate.api.nvidia.com/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "ollama",
        "http://127.0.0.1:11434/v1/chat/completions",
        AuthStyle::None,
    ),
    at(
        "openai",
        "https://api.openai.com/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "openrouter",
        "https://openrouter.ai/api/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "perplexity",
        "https://api.perplexity.ai/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "qwen_free",
        "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "sambanova",
        "https://api.sambanova.ai/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "together",
        "https://api.together.xyz/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "xai",
        "https://api.x.ai/v1/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "zai",
        "https://api.z.ai/api/paas/v4/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "zai-coding-plan",
        "https://api.z.ai/api/coding/paas/v4/chat/completions",
        AuthStyle::Bearer,
    ),
    at(
        "zen",
        "https://opencode.ai/zen/v1/chat/completions",
        AuthStyle::Bearer,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::url::{ChatUrl, Reach};

    #[test]
    fn every_built_in_address_parses_and_is_encrypted_or_on_this_machine() {
        for stock in STOCK {
            let Some(url) = stock.url else { continue };
            let url: ChatUrl = url.parse().unwrap();
            assert!(
                url.encrypted() || url.reach() == Reach::Loopback,
                "{}",
                stock.name
            );
        }
    }

    #[test]
    fn names_are_sorted_and_given_once() {
        assert!(STOCK.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
