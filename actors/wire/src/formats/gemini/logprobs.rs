//! `logprobsResult`, read and written.

use crate::canonical::error::FormatError;
use crate::canonical::out::Out;
use crate::canonical::raw::{Kind, Raw, items, kind, member};
use crate::canonical::reply::TokenLogprob;
use crate::canonical::text::Text;

use super::read_settings::each_of;

type Result<T> = std::result::Result<T, FormatError>;

/// The chosen tokens, each with its alternatives.
///
/// # Errors
/// Lists that are none.
pub(super) fn read(raw: Raw<'_>) -> Result<Vec<TokenLogprob<'_>>> {
    let mut tops = Vec::new();
    each_of(member(raw, "topCandidates"), |step| {
        tops.push(tokens(member(step, "candidates"))?);
        Ok(())
    })?;
    let mut chosen = tokens(member(raw, "chosenCandidates"))?;
    for (token, top) in chosen.iter_mut().zip(tops) {
        token.top = top;
    }
    Ok(chosen)
}

fn tokens(list: Option<Raw<'_>>) -> Result<Vec<TokenLogprob<'_>>> {
    let Some(list) = list else {
        return Ok(Vec::new());
    };
    Ok(items(list)?.into_iter().filter_map(token).collect())
}

fn token(raw: Raw<'_>) -> Option<TokenLogprob<'_>> {
    Some(TokenLogprob {
        token: Text::of_raw(member(raw, "token")?)?,
        logprob: member(raw, "logProbability").filter(|value| kind(value) == Kind::Number)?,
        bytes: None,
        top: Vec::new(),
    })
}

/// Writes the object.
pub(super) fn write(out: &mut Out, tokens: &[TokenLogprob<'_>]) {
    out.open();
    if tokens.iter().any(|token| !token.top.is_empty()) {
        out.key("topCandidates").open_list();
        for token in tokens {
            out.open().key("candidates");
            write_tokens(out, &token.top);
            out.close();
        }
        out.close_list();
    }
    out.key("chosenCandidates");
    write_tokens(out, tokens);
    out.close();
}

fn write_tokens(out: &mut Out, tokens: &[TokenLogprob<'_>]) {
    out.open_list();
    for token in tokens {
        out.open().key("token").text(&token.token);
        out.key("logProbability").raw(token.logprob).close();
    }
    out.close_list();
}
