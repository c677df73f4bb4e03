//! The providers that are built in: how they are described, and how one is found.
//!
//! Owns the shape of a row; the rows are in `stock_rows.rs`. Values of the configuration are laid
//! over these field by field (`resolve`, `speaking.rs`).

use provider::Quirk;
use wire::ApiFormat;

use super::providers::AuthStyle;
use super::stock_rows::STOCK;

/// The provider that answers with what it was sent, without an account anywhere.
pub const ECHO: &str = "echo";

/// The model that the echo provider is listed with; it answers to any name.
pub const ECHO_MODEL: &str = "echo";

/// A provider that is built in.
///
/// Addresses may hold `{region}`, `{project}` and `{resource}`, which the configuration fills in,
/// and `{model}`, which each call fills in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stock {
    pub(super) name: &'static str,
    /// The APIs that it speaks; the first is the usual one. None for `echo`.
    pub(super) routes: &'static [StockRoute],
    /// Models that are spoken to with another API than the usual one: a name, or a beginning
    /// with `*`.
    pub(super) formats: &'static [(&'static str, ApiFormat)],
    /// The list of models, where it is not beside the first route; its shape and its key.
    pub(super) models: Option<StockRoute>,
    /// Paths that lie elsewhere than below the first route's base.
    pub(super) paths: &'static [(&'static str, &'static str)],
    /// What the provider wants otherwise than its API.
    pub(super) quirks: &'static [Quirk],
    /// Short names of models, and what the provider calls them.
    pub(super) aliases: &'static [(&'static str, &'static str)],
    /// Since when the provider is gone.
    pub(super) retired: Option<&'static str>,
}

/// One API of a provider.
#[derive(Debug, Clone, Copy)]
pub(super) struct StockRoute {
    pub(super) format: ApiFormat,
    pub(super) url: &'static str,
    pub(super) auth: AuthStyle,
}

impl Stock {
    /// The usual API.
    pub(super) fn first(&self) -> Option<&'static StockRoute> {
        self.routes.first()
    }

    /// How the usual API takes the key.
    pub(super) fn auth_style(&self) -> AuthStyle {
        self.first().map_or(AuthStyle::None, |route| route.auth)
    }
}

/// The built-in provider of this name.
pub(super) fn stock(name: &str) -> Option<&'static Stock> {
    STOCK.iter().find(|stock| stock.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::url::{ChatUrl, Reach};

    fn addresses(stock: &Stock) -> impl Iterator<Item = String> {
        let routes = stock.routes.iter().chain(&stock.models);
        let paths = stock.paths.iter().map(|(_, url)| *url);
        routes.map(|route| route.url).chain(paths).map(|url| {
            url.replace("{region}", "r")
                .replace("{project}", "p")
                .replace("{resource}", "x")
        })
    }

    #[test]
    fn every_built_in_address_parses_and_is_encrypted_or_on_this_machine() {
        for stock in STOCK {
            for url in addresses(stock) {
                let url: ChatUrl = url.parse().unwrap();
                assert!(
                    url.encrypted() || url.reach() == Reach::Loopback,
                    "{}",
                    stock.name
                );
            }
        }
    }

    #[test]
    fn names_are_sorted_and_given_once() {
        assert!(STOCK.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn each_api_of_a_provider_is_given_once() {
        for stock in STOCK {
            for (at, route) in stock.routes.iter().enumerate() {
                let after = stock.routes.iter().skip(at + 1);
                assert!(
                    after.into_iter().all(|other| other.format != route.format),
                    "{}",
                    stock.name
                );
            }
            for (models, format) in stock.formats {
                let spoken = stock.routes.iter().any(|route| route.format == *format);
                assert!(spoken, "{}: {models}", stock.name);
            }
        }
    }
}
