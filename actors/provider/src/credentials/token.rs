//! Access tokens that are fetched for a key, and kept until shortly before they end.
//!
//! Owns the tokens of one provider, one for each account, for all workers together: while one
//! fetches, the others wait for its result. How a token is fetched is the caller's; this file
//! says when. A token is wiped when the last who holds it lets go.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use wire::field_str;
use zeroize::Zeroizing;

use crate::error::ProviderError;

/// How long before its end a token is replaced, if it holds for longer than twice that.
const EARLY: Duration = Duration::from_secs(300);

/// An access token.
pub(crate) struct Token {
    text: Zeroizing<Vec<u8>>,
    /// From when on a new one is fetched.
    replace: Instant,
}

impl Token {
    pub(crate) fn expose(&self) -> &[u8] {
        &self.text
    }

    /// Reads the answer of a token endpoint.
    ///
    /// # Source
    /// RFC 6749 section 5.1; `expires_in` is recommended there, and always sent by Google.
    pub(crate) fn parse(answer: &[u8], now: Instant) -> Option<Self> {
        let text = Zeroizing::new(field_str(answer, "access_token")?.into_bytes());
        let holds = Duration::from_secs(seconds(answer)?);
        let early = EARLY.min(holds / 2);
        let usable = !text.is_empty() && text.iter().all(u8::is_ascii_graphic);
        usable.then_some(Self {
            text,
            replace: now.checked_add(holds.saturating_sub(early))?,
        })
    }
}

/// The whole seconds under `expires_in`: a number, which `field_str` does not read.
fn seconds(answer: &[u8]) -> Option<u64> {
    let key = b"\"expires_in\"";
    let at = memchr::memmem::find(answer, key)?;
    let rest = answer.get(at + key.len()..)?.trim_ascii_start();
    let number = rest.strip_prefix(b":")?.trim_ascii_start();
    let digits = number
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    std::str::from_utf8(number.get(..digits)?)
        .ok()?
        .parse()
        .ok()
}

/// The tokens of one provider.
#[derive(Default)]
pub(crate) struct Tokens {
    held: Mutex<HashMap<usize, Arc<Token>>>,
    /// Whoever holds it fetches.
    fetching: tokio::sync::Mutex<()>,
}

impl Tokens {
    /// The token of an account, if there is one.
    pub(crate) fn held(&self, account: usize) -> Option<Arc<Token>> {
        self.locked().get(&account).map(Arc::clone)
    }

    /// Makes sure that there is a token that holds, with at most one `fetch` at a time.
    ///
    /// # Cancellation
    /// Safe: who waits goes on to fetch.
    pub(crate) async fn ensure<F, T>(&self, account: usize, fetch: F) -> Result<(), ProviderError>
    where
        F: FnOnce() -> T,
        T: Future<Output = Result<Token, ProviderError>>,
    {
        if self.is_fresh(account) {
            return Ok(());
        }
        let _alone = self.fetching.lock().await;
        if self.is_fresh(account) {
            return Ok(());
        }
        let token = fetch().await?;
        self.locked().insert(account, Arc::new(token));
        Ok(())
    }

    /// Forgets a token that the provider refused.
    pub(crate) fn forget(&self, account: usize) {
        self.locked().remove(&account);
    }

    fn is_fresh(&self, account: usize) -> bool {
        let now = Instant::now();
        self.held(account).is_some_and(|token| token.replace > now)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<usize, Arc<Token>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn answer(seconds: u64) -> Vec<u8> {
        format!(r#"{{"access_token": "ya29.x", "expires_in" : {seconds}, "token_type": "Bearer"}}"#)
            .into_bytes()
    }

    #[test]
    fn answer_is_read_and_ends_early() {
        let now = Instant::now();
        let token = Token::parse(&answer(3599), now).unwrap();
        assert_eq!(token.expose(), b"ya29.x");
        assert_eq!(token.replace, now + Duration::from_secs(3299));
        let short = Token::parse(&answer(60), now).unwrap();
        assert_eq!(short.replace, now + Duration::from_secs(30));
        for bad in [
            &br#"{"access_token": "x"}"#[..],
            br#"{"access_token": "a b", "expires_in": 9}"#,
            br#"{"expires_in": 9}"#,
            b"<html>",
        ] {
            assert!(Token::parse(bad, now).is_none());
        }
    }

    #[tokio::test]
    async fn one_fetch_serves_all_who_wait() {
        let tokens = Tokens::default();
        let fetched = Cell::new(0);
        let ask = || {
            tokens.ensure(0, || async {
                fetched.set(fetched.get() + 1);
                tokio::task::yield_now().await;
                Token::parse(&answer(3599), Instant::now()).ok_or(ProviderError::NotConfigured)
            })
        };
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
        assert_eq!(fetched.get(), 1);
        tokens.forget(0);
        ask().await.unwrap();
        assert_eq!(fetched.get(), 2);
    }

    #[tokio::test]
    async fn failed_fetch_is_told_and_tried_again() {
        let tokens = Tokens::default();
        let failed = tokens
            .ensure(0, || async { Err(ProviderError::NotConfigured) })
            .await;
        assert_eq!(failed, Err(ProviderError::NotConfigured));
        assert!(tokens.held(0).is_none());
        let token = || async { Ok(Token::parse(&answer(0), Instant::now()).unwrap()) };
        tokens.ensure(0, token).await.unwrap();
        assert!(tokens.held(0).is_some() && !tokens.is_fresh(0));
    }
}
