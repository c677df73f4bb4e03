//! Log probabilities as OpenAI spells them, and Ollama after it.

use super::error::FormatError;
use super::raw::{self, Raw};
use super::reply::TokenLogprob;

type Outcome<T> = Result<T, FormatError>;

/// A list of tokens with their log probabilities.
pub(crate) fn tokens(list: Raw<'_>) -> Outcome<Vec<TokenLogprob<'_>>> {
    let mut all = Vec::new();
    raw::each_item(list, |item| {
        all.push(token(item)?);
        Ok(())
    })?;
    Ok(all)
}

fn token(item: Raw<'_>) -> Outcome<TokenLogprob<'_>> {
    let (mut text, mut logprob, mut bytes, mut top) = (None, None, None, Vec::new());
    raw::each_member(item, |key, value| {
        match key {
            _ if raw::is_null(value) => {}
            "token" => text = Some(raw::text(value)?),
            "logprob" => logprob = raw::maybe_number(value)?,
            "bytes" => bytes = Some(value),
            "top_logprobs" => top = tokens(value)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(TokenLogprob {
        token: text.ok_or_else(|| FormatError::missing_in("token", item))?,
        logprob: logprob.ok_or_else(|| FormatError::missing_in("logprob", item))?,
        bytes,
        top,
    })
}
