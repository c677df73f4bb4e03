//! What has come of replies that the provider has not counted, so that a session that breaks off in
//! the middle of one does not have it for nothing.
//!
//! Pure. Owns the rule: what a provider counts is charged as it counts it, once; of a reply without
//! a count its text is guessed, and what the client said since the last count. Never charges: the
//! session does.

use std::collections::VecDeque;

use wire::Usage;
use wire::realtime::{Count, ReplyId, Step};

/// Bytes of text per token, roughly; as for streams.
const BYTES_PER_TOKEN: u64 = 4;

/// Replies that are remembered at once; a session has few that run, and the others are over.
const MOST_REPLIES: usize = 64;

/// What is to be charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charge {
    /// As the provider counted it.
    Told(Usage),
    /// Tokens of the prompt and of the answer.
    Guessed(u64, u64),
}

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct Uncounted {
    /// In the order in which they began.
    replies: VecDeque<Reply>,
    /// Bytes of text that the client said since the last count.
    asked: u64,
    /// Tokens of replies that are too many to be remembered.
    forgotten: u64,
    /// Everything is charged.
    settled: bool,
}

#[derive(Debug)]
struct Reply {
    id: ReplyId,
    bytes: u64,
    /// Events of sound, which comes in pieces of about a token.
    sounds: u64,
    over: bool,
}

impl Reply {
    /// As for streams: what cannot be measured is counted by its events.
    const fn guess(&self) -> u64 {
        match self.bytes {
            0 => self.sounds,
            bytes => bytes.div_ceil(BYTES_PER_TOKEN),
        }
    }
}

impl Uncounted {
    /// The client said so many bytes of text.
    pub(super) const fn said(&mut self, bytes: u64) {
        self.asked = self.asked.saturating_add(bytes);
    }

    /// The provider said this; gives what is to be charged now.
    pub(super) fn heard(&mut self, step: Step) -> Option<Charge> {
        if self.settled {
            return None;
        }
        match step {
            Step::Free => None,
            Step::Begun(id) => {
                self.running(id);
                None
            }
            Step::Came(id, bytes) => {
                let reply = self.running(id)?;
                reply.bytes = reply.bytes.saturating_add(bytes);
                reply.sounds += u64::from(bytes == 0);
                None
            }
            Step::Over(id, count) => self.over(id, count),
        }
    }

    /// What is to be charged when nothing more comes; later there is nothing more.
    pub(super) fn rest(&mut self) -> Option<Charge> {
        if std::mem::replace(&mut self.settled, true) {
            return None;
        }
        let running = || self.replies.iter().filter(|reply| !reply.over);
        let has_prompt = self.forgotten > 0 || running().any(|reply| reply.id.is_response());
        let answers = running().map(Reply::guess).sum::<u64>();
        self.guessed(has_prompt, answers.saturating_add(self.forgotten))
    }

    fn over(&mut self, id: ReplyId, count: Count) -> Option<Charge> {
        let guess = self.running(id).map(|reply| {
            reply.over = true;
            reply.guess()
        });
        match count {
            Count::Tokens(usage) => {
                if id.is_response() && usage.prompt_tokens > 0 {
                    self.asked = 0;
                }
                Some(Charge::Told(usage))
            }
            Count::NoTokens => None,
            Count::Unsaid => self.guessed(id.is_response(), guess?),
        }
    }

    /// Whatever the client said is charged with the first reply that is not counted.
    fn guessed(&mut self, has_prompt: bool, answer: u64) -> Option<Charge> {
        let prompt = match has_prompt {
            true => std::mem::take(&mut self.asked).div_ceil(BYTES_PER_TOKEN),
            false => 0,
        };
        (prompt > 0 || answer > 0).then_some(Charge::Guessed(prompt, answer))
    }

    /// The reply of this id, begun if it is new; `None` if it is over.
    fn running(&mut self, id: ReplyId) -> Option<&mut Reply> {
        let known = self.replies.iter().position(|reply| reply.id == id);
        if known.is_none() {
            self.make_room();
            self.replies.push_back(Reply {
                id,
                bytes: 0,
                sounds: 0,
                over: false,
            });
        }
        let reply = match known {
            Some(at) => self.replies.get_mut(at),
            None => self.replies.back_mut(),
        };
        reply.filter(|reply| !reply.over)
    }

    /// Lets go of the oldest that is over, or else of the oldest.
    fn make_room(&mut self) {
        if self.replies.len() < MOST_REPLIES {
            return;
        }
        let over = self.replies.iter().position(|reply| reply.over);
        let gone = self.replies.remove(over.unwrap_or(0));
        let guess = gone.filter(|reply| !reply.over);
        let guess = guess.map_or(0, |reply| reply.guess());
        self.forgotten = self.forgotten.saturating_add(guess);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::realtime::ProviderEvent;

    fn hear(uncounted: &mut Uncounted, data: &str) -> Option<Charge> {
        uncounted.heard(ProviderEvent::of(data.as_bytes()).step)
    }

    fn created(id: &str) -> String {
        format!(r#"{{"type":"response.created","response":{{"id":"{id}"}}}}"#)
    }

    fn delta(id: &str, text: &str) -> String {
        format!(
            r#"{{"type":"response.output_text.delta","response_id":"{id}","item_id":"i","delta":"{text}"}}"#
        )
    }

    fn sound(id: &str) -> String {
        delta(id, "AAAA").replace("output_text", "output_audio")
    }

    fn done(id: &str, usage: &str) -> String {
        format!(r#"{{"type":"response.done","response":{{"id":"{id}","usage":{usage}}}}}"#)
    }

    const USAGE: &str = r#"{"input_tokens":10,"output_tokens":5,"total_tokens":15}"#;

    #[test]
    fn what_is_counted_is_not_guessed() {
        let mut uncounted = Uncounted::default();
        uncounted.said(100);
        for event in [created("r"), delta("r", "word word"), sound("r")] {
            assert_eq!(hear(&mut uncounted, &event), None);
        }
        let Some(Charge::Told(usage)) = hear(&mut uncounted, &done("r", USAGE)) else {
            panic!("a count");
        };
        assert_eq!(usage.total_tokens, 15);
        assert_eq!(hear(&mut uncounted, &delta("r", "too late")), None);
        assert_eq!(uncounted.rest(), None);
    }

    #[test]
    fn what_broke_off_is_guessed_once_beside_what_was_counted() {
        let mut uncounted = Uncounted::default();
        uncounted.said(100);
        hear(&mut uncounted, &delta("r1", "word"));
        hear(&mut uncounted, &done("r1", USAGE));
        uncounted.said(9);
        for event in [
            created("r2"),
            delta("r2", "word wor"),
            delta("r2", "d"),
            created("r3"),
            sound("r3"),
            sound("r3"),
        ] {
            assert_eq!(hear(&mut uncounted, &event), None);
        }
        assert_eq!(uncounted.rest(), Some(Charge::Guessed(3, 3 + 2)));
        assert_eq!(uncounted.rest(), None);
        assert_eq!(hear(&mut uncounted, &done("r2", USAGE)), None);
    }

    #[test]
    fn a_session_in_which_nothing_was_begun_costs_nothing() {
        let mut uncounted = Uncounted::default();
        uncounted.said(100);
        assert_eq!(uncounted.rest(), None);
    }

    #[test]
    fn a_reply_that_has_begun_costs_what_was_asked() {
        let mut uncounted = Uncounted::default();
        uncounted.said(100);
        hear(&mut uncounted, &created("r"));
        assert_eq!(uncounted.rest(), Some(Charge::Guessed(25, 0)));
    }

    #[test]
    fn a_reply_that_is_over_without_a_count_is_guessed_at_once() {
        let mut uncounted = Uncounted::default();
        uncounted.said(8);
        hear(&mut uncounted, &delta("r1", "12345"));
        let guessed = hear(&mut uncounted, &done("r1", "null"));
        assert_eq!(guessed, Some(Charge::Guessed(2, 2)));
        assert_eq!(hear(&mut uncounted, &done("r1", "null")), None);
        assert_eq!(uncounted.rest(), None);
    }

    #[test]
    fn transcriptions_are_told_apart_from_replies_and_have_no_prompt() {
        const HEARD: &str = "conversation.item.input_audio_transcription";
        let mut uncounted = Uncounted::default();
        uncounted.said(100);
        for item in ["i1", "i2"] {
            let piece = format!(r#"{{"type":"{HEARD}.delta","item_id":"{item}","delta":"hello"}}"#);
            hear(&mut uncounted, &piece);
        }
        let seconds = format!(
            r#"{{"type":"{HEARD}.completed","item_id":"i1","usage":{{"type":"duration","seconds":2}}}}"#
        );
        assert_eq!(hear(&mut uncounted, &seconds), None);
        assert_eq!(uncounted.rest(), Some(Charge::Guessed(0, 2)));
    }

    #[test]
    fn many_replies_take_no_more_memory_and_none_is_lost() {
        let mut uncounted = Uncounted::default();
        for number in 0..10 * MOST_REPLIES {
            hear(&mut uncounted, &delta(&format!("r{number}"), "four"));
        }
        assert_eq!(uncounted.replies.len(), MOST_REPLIES);
        let all = 10 * MOST_REPLIES as u64;
        assert_eq!(uncounted.rest(), Some(Charge::Guessed(0, all)));
    }
}
