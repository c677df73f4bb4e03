//! What `nenya models --explain` says of a name that leads nowhere.
//!
//! Owns the words and the search for the name that was meant. Knows no configuration: its caller
//! says which names and providers there are.

use crate::config::{nearest, provider_of_stock_model, stock_model_names};

/// Why a name leads nowhere, and what to ask for.
pub(super) fn said(name: &str, listed: &[&str], served: &[&str]) -> String {
    if let Some((provider, model)) = provider_of_stock_model(name) {
        return of_stock(name, provider, model, served);
    }
    let problem = format!("no agent or listed model is named `{name}`");
    match meant(name, listed, served) {
        Some(other) => format!("{problem}; did you mean `{other}`? {REMEDY}"),
        None => format!("{problem}; {REMEDY}"),
    }
}

const REMEDY: &str = "`nenya models` lists them";

/// The name of a model that is built in is known, and still it is not served by itself.
fn of_stock(name: &str, provider: &str, model: &str, served: &[&str]) -> String {
    let remedy =
        format!("ask for `{provider}/{model}`, or list it in `providers.{provider}.models`");
    if served.contains(&provider) {
        format!("`{name}` is known as a model of `{provider}`, which does not list it: {remedy}")
    } else {
        format!(
            "`{name}` is known as a model of `{provider}`, which is not served here: add `provider_keys.{provider}` to the secrets and {remedy}"
        )
    }
}

fn meant(name: &str, listed: &[&str], served: &[&str]) -> Option<String> {
    let at_providers = name
        .split_once('/')
        .into_iter()
        .flat_map(|(provider, model)| {
            let near = nearest(provider, served.iter().copied());
            near.map(|near| format!("{near}/{model}"))
        });
    let at_providers: Vec<String> = at_providers.collect();
    let names = listed.iter().copied();
    let names = names.chain(at_providers.iter().map(String::as_str));
    let near = nearest(name, names.chain(stock_model_names()))?;
    match provider_of_stock_model(&near) {
        Some((provider, model)) if !listed.contains(&near.as_str()) => {
            Some(format!("{provider}/{model}"))
        }
        _ => Some(near),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVED: &[&str] = &["dummy", "openai"];

    #[test]
    fn a_known_model_is_said_to_be_one_and_how_to_ask_for_it() {
        let said = said("gpt-4o", &["coder"], SERVED);
        assert_eq!(
            said,
            "`gpt-4o` is known as a model of `openai`, which does not list it: ask for `openai/gpt-4o`, or list it in `providers.openai.models`"
        );
        let elsewhere = super::said("gpt-4o", &["coder"], &["dummy"]);
        assert!(
            elsewhere.contains("not served here: add `provider_keys.openai` to the secrets"),
            "{elsewhere}"
        );
    }

    #[test]
    fn a_typing_error_is_answered_with_the_nearest_name() {
        for (name, other) in [
            ("codr", "coder"),
            ("gpt-4oo", "openai/gpt-4o"),
            ("opnai/gpt-9", "openai/gpt-9"),
        ] {
            let said = said(name, &["coder"], SERVED);
            let asked = format!("did you mean `{other}`? `nenya models` lists them");
            assert!(said.contains(&asked), "{said}");
        }
        let strange = said("nobody-knows-this", &["coder"], SERVED);
        assert!(!strange.contains("did you mean"), "{strange}");
    }
}
