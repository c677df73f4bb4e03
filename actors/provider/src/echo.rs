//! The built-in provider: answers with what it was asked, without any network.
//!
//! It exists so that a newcomer sees a streamed and redacted answer in the first minute, and so
//! that an operator can tell a fault of the gateway from one of a provider. Its replies have the
//! exact shape of a real provider's and take the same way as theirs from here on.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use futures_util::stream;
use http::header::CONTENT_TYPE;
use tokio::time::Instant;
use wire::{
    ApiFormat, ChatRequest, Usage,
    chat::{self, ReplyHead},
};

use crate::{
    answer::{Answer, ReplyHeaders},
    chat_call::{ChatCall, Wording},
    client::CompleteChat,
    config::{LONGEST_WAIT, ProviderSpec},
    count_call,
    error::{ProviderError, ReplyLimit},
    headers::{EVENT_STREAM, JSON},
    relay::{Bounds, Chunks},
    reply::Reading,
    reply_stream::{Languages, ReplyStream},
};

/// The answer to a request without any text of a user.
const HINT: &str = "This is the built-in echo provider. Send a user message and it comes back.";
/// Bytes of text per token, as `wire` estimates prompts.
const BYTES_PER_TOKEN: u64 = 4;

/// See the module's text.
pub(crate) struct Echo {
    spec: Arc<ProviderSpec>,
}

impl Echo {
    pub(crate) fn new(spec: &Arc<ProviderSpec>) -> Self {
        Self {
            spec: Arc::clone(spec),
        }
    }

    pub(crate) async fn complete_chat(
        &self,
        call: CompleteChat<'_>,
    ) -> Result<Answer, ProviderError> {
        if call.prompt.get().counts_only() {
            return count_call::estimated(call.prompt.get());
        }
        let worded = ChatCall::new(&Wording::of(&call), ApiFormat::OpenAiChat, &self.spec)?;
        let ChatCall {
            body,
            notes,
            languages,
            ..
        } = worded;
        let reply = Reply::to(&call, &body);
        let answer = if call.prompt.get().stream() {
            let wants_usage = tells_usage(call.prompt.get());
            self.stream(reply, wants_usage, &languages).await
        } else {
            let body = chat::completion(&reply.head(), &reply.text, reply.usage);
            let headers = vec![(CONTENT_TYPE, JSON)];
            Reading::of(body, &languages).map(|reading| reading.answer(200, headers))
        };
        answer.map(|answer| answer.noting(notes))
    }

    async fn stream(
        &self,
        reply: Reply,
        wants_usage: bool,
        languages: &Languages,
    ) -> Result<Answer, ProviderError> {
        let headers: ReplyHeaders = vec![(CONTENT_TYPE, EVENT_STREAM)];
        let bounds = Bounds {
            idle: self.spec.idle_timeout,
            limit: self.spec.max_stream_bytes,
            which: ReplyLimit::Stream,
        };
        let deadline = Instant::now() + self.spec.first_byte_timeout.min(LONGEST_WAIT);
        let chunks = events(reply, wants_usage, self.spec.echo_delay);
        let stream = ReplyStream::open(chunks, bounds, headers, deadline, languages).await?;
        let notes = Vec::new();
        Ok(Answer::Stream { stream, notes })
    }
}

/// Whether a stream ends with its usage, as that of any provider: where the client asks for it, and
/// where it says nothing, for then the gateway asks (`chat_call.rs`) and the edge hides the chunk.
fn tells_usage(request: &ChatRequest) -> bool {
    request.wants_usage() || !request.has_stream_options()
}

struct Reply {
    id: String,
    created: u64,
    model: String,
    text: String,
    usage: Usage,
}

impl Reply {
    /// `body` is the request as Chat Completions has it.
    fn to(call: &CompleteChat<'_>, body: &Bytes) -> Self {
        let request = call.prompt.get();
        let (model, request_id) = (call.model, call.request_id);
        let asked = wire::last_user_text(body);
        let text = if asked.is_empty() {
            HINT.to_owned()
        } else {
            asked
        };
        let prompt_tokens = request.estimated_tokens();
        let completion_tokens = (text.len() as u64).div_ceil(BYTES_PER_TOKEN);
        let usage = Usage {
            prompt_tokens,
            completion_tokens,
            total_tokens: prompt_tokens + completion_tokens,
            ..Usage::default()
        };
        let created = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        Self {
            id: format!("chatcmpl-{request_id}"),
            created,
            model: model.to_owned(),
            text,
            usage,
        }
    }

    fn head(&self) -> ReplyHead<'_> {
        ReplyHead {
            id: &self.id,
            created: self.created,
            model: &self.model,
        }
    }
}

/// Where a streamed reply stands.
struct Telling {
    reply: Reply,
    wants_usage: bool,
    delay: Duration,
    next: Next,
}

#[derive(Clone, Copy)]
enum Next {
    Role,
    /// The text from here on.
    Word(usize),
    Finish,
    Usage,
    Done,
    End,
}

impl Telling {
    fn event(&mut self) -> Option<Bytes> {
        let head = self.reply.head();
        let (event, next) = match self.next {
            Next::Role => (chat::chunk_role(&head), Next::Word(0)),
            Next::Word(at) => {
                let word = word_at(&self.reply.text, at);
                let end = at + word.len();
                let next = if end < self.reply.text.len() {
                    Next::Word(end)
                } else {
                    Next::Finish
                };
                (chat::chunk_text(&head, word), next)
            }
            Next::Finish => {
                let next = if self.wants_usage {
                    Next::Usage
                } else {
                    Next::Done
                };
                (chat::chunk_finish(&head, "stop"), next)
            }
            Next::Usage => (chat::chunk_usage(&head, self.reply.usage), Next::Done),
            Next::Done => (Bytes::from_static(wire::sse::DONE), Next::End),
            Next::End => return None,
        };
        self.next = next;
        Some(event)
    }

    /// Lets others run between two words, as a network would.
    async fn pause(&self) {
        match self.next {
            Next::Role | Next::End => {}
            _ if self.delay.is_zero() => tokio::task::yield_now().await,
            _ => tokio::time::sleep(self.delay).await,
        }
    }
}

fn events(reply: Reply, wants_usage: bool, delay: Duration) -> Chunks {
    let telling = Telling {
        reply,
        wants_usage,
        delay,
        next: Next::Role,
    };
    Box::pin(stream::unfold(telling, |mut telling| async move {
        telling.pause().await;
        let event = telling.event()?;
        Some((Ok(event), telling))
    }))
}

/// The word that begins here, with the white space after it, so that all words together are the
/// text again.
fn word_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let tail = rest.get(word..).unwrap_or_default();
    let space = tail
        .find(|letter: char| !letter.is_whitespace())
        .unwrap_or(tail.len());
    rest.get(..word + space).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut words = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let word = word_at(text, at);
            assert!(!word.is_empty());
            at += word.len();
            words.push(word);
        }
        words
    }

    #[test]
    fn text_is_told_word_by_word() {
        assert_eq!(words("two  words\n"), ["two  ", "words\n"]);
        assert_eq!(words(" lead"), [" ", "lead"]);
    }

    proptest! {
        #[test]
        fn words_together_are_the_text(text in "\\PC*|[ \n\u{2003}a-c\u{fc}]*") {
            prop_assert_eq!(words(&text).concat(), text);
        }
    }
}
