//! Rules, requests and replies as all these tests need them.

use std::io::Write as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use nenya_redactor::{
    Action, ActionRow, Blocked, Class, Direction, EntropyLimits, Passed, Preset, RedactError,
    Redacted, RedactionConfig, RedactorHandle, ReplyRedactor, RuleSet, Who,
};
use serde_json::Value;
use wire::{ChatRequest, JsonLimits};

/// Made up, of the form of an access key id.
pub(crate) const KEY: &str = concat!("AK", "IAZ7QX2MPL4TRJWKD5");

pub(crate) const ANN: Who<'static> = Who {
    key_id: "ann",
    agent: None,
};

/// Everything that looks at replies, too.
pub(crate) fn everything() -> RedactionConfig {
    RedactionConfig {
        presets: vec![Preset::Credentials, Preset::Pii],
        replies: true,
        ..RedactionConfig::default()
    }
}

/// All families at once, with kill patterns that replace so that texts can be compared.
pub(crate) fn all_families() -> RedactionConfig {
    RedactionConfig {
        entropy: Some(EntropyLimits {
            threshold: 4.5,
            min_token: 20,
        }),
        blocked: Blocked::BuiltIn,
        actions: vec![for_class(Class::Kill, Action::Redact)],
        ..everything()
    }
}

/// Two patterns of an operator.
pub(crate) fn operator_patterns() -> RedactionConfig {
    RedactionConfig {
        patterns: Some(vec![
            r"(?i)project[ -]?[a-z]{4,12}\b".to_owned(),
            r"ticket-\d{3,}(?:/[a-z]+)*".to_owned(),
        ]),
        entropy: Some(EntropyLimits {
            threshold: 4.0,
            min_token: 16,
        }),
        replies: true,
        ..RedactionConfig::default()
    }
}

pub(crate) fn row(action: Action) -> ActionRow {
    ActionRow {
        rule: None,
        class: None,
        agent: None,
        direction: None,
        action,
    }
}

pub(crate) fn for_class(class: Class, action: Action) -> ActionRow {
    ActionRow {
        class: Some(class),
        ..row(action)
    }
}

pub(crate) fn for_rule(rule: &str, action: Action) -> ActionRow {
    ActionRow {
        rule: Some(rule.to_owned()),
        ..row(action)
    }
}

/// Stand-ins for everything in requests.
pub(crate) fn stand_ins() -> RedactionConfig {
    RedactionConfig {
        actions: vec![ActionRow {
            direction: Some(Direction::Request),
            ..row(Action::Placeholder)
        }],
        presets: vec![Preset::Credentials, Preset::Pii],
        ..RedactionConfig::default()
    }
}

pub(crate) fn redactor(config: &RedactionConfig) -> RedactorHandle {
    RedactorHandle::detached(RuleSet::compile(config).unwrap())
}

pub(crate) fn chat(body: impl Into<Bytes>) -> ChatRequest {
    ChatRequest::parse(body.into(), &JsonLimits::default()).unwrap()
}

/// What a future comes to that waits for nobody: small bodies are redacted where they are.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    let mut waiter = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut waiter) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// A request, redacted.
pub(crate) fn ask(
    redactor: &RedactorHandle,
    body: &str,
    who: Who<'_>,
) -> Result<Redacted<ChatRequest>, RedactError> {
    let request = chat(body.to_owned());
    now(redactor.redact_chat(request, who))
}

/// The body of a request, redacted.
pub(crate) fn asked(redactor: &RedactorHandle, body: &str) -> String {
    let redacted = ask(redactor, body, ANN).unwrap();
    String::from_utf8(redacted.get().body().to_vec()).unwrap()
}

/// One message of a user.
pub(crate) fn message(text: &str) -> String {
    let body = serde_json::json!({"model": "m", "messages": [{"role": "user", "content": text}]});
    body.to_string()
}

/// What the reply to a request without secrets goes through.
pub(crate) fn reply(redactor: &RedactorHandle) -> ReplyRedactor {
    reply_to(redactor, &message("hello"))
}

pub(crate) fn reply_to(redactor: &RedactorHandle, body: &str) -> ReplyRedactor {
    ask(redactor, body, ANN).unwrap().reply().unwrap()
}

/// A whole JSON reply, redacted.
pub(crate) fn whole(
    redactor: &RedactorHandle,
    reply: ReplyRedactor,
    body: &str,
) -> Result<String, RedactError> {
    let body = Bytes::from(body.to_owned());
    let done = now(redactor.redact_reply(reply, body));
    done.map(|done| String::from_utf8(done.into_body().to_vec()).unwrap())
}

/// A text as the answer of a whole reply, redacted.
pub(crate) fn whole_text(redactor: &RedactorHandle, text: &str) -> String {
    let body = serde_json::json!({"choices": [{"index": 0, "message": {"content": text}}]});
    let out = whole(redactor, reply(redactor), &body.to_string()).unwrap();
    let out: Value = serde_json::from_str(&out).unwrap();
    out["choices"][0]["message"]["content"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Bytes that pass, all of them.
pub(crate) fn all(passed: Passed) -> Bytes {
    match passed {
        Passed::All(bytes) => bytes,
        Passed::UpTo(_, error) => panic!("ended: {error}"),
    }
}

/// Everything that comes out for these events.
pub(crate) fn through<'e>(
    reply: &mut ReplyRedactor,
    events: impl IntoIterator<Item = &'e str>,
) -> String {
    let mut out = Vec::new();
    for event in events {
        out.extend_from_slice(&all(reply.events(Bytes::copy_from_slice(event.as_bytes()))));
    }
    out.extend_from_slice(&reply.finish().unwrap());
    String::from_utf8(out).unwrap()
}

/// The data of the events of a stream; what is no JSON is left out.
pub(crate) fn data(stream: &str) -> Vec<Value> {
    let lines = stream.lines().filter_map(|line| line.strip_prefix("data:"));
    lines
        .filter_map(|data| serde_json::from_str(data.trim()).ok())
        .collect()
}

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) % end.max(1) as u64) as usize
    }
}

/// The same to a reader, with characters that nobody sees or that only look like ASCII.
pub(crate) fn odd(text: &str, dice: &mut Dice) -> String {
    let mut odd = String::new();
    for letter in text.chars() {
        let wide = char::from_u32(u32::from(letter) + 0xfee0);
        match (letter, dice.below(8)) {
            (' ', 0..4) => odd.push(['\u{a0}', '\u{202f}'][dice.below(2)]),
            ('-', 0..4) => odd.push(['\u{2011}', '\u{2013}'][dice.below(2)]),
            ('!'..='~', 0) => odd.extend(wide),
            (_, 1) => odd.extend([letter, ['\u{200b}', '\u{ad}', '\u{feff}'][dice.below(3)]]),
            (_, 2) => odd.extend([letter, ['\u{301}', '\u{61c}', '\u{e0041}'][dice.below(3)]]),
            ('a' | 'A' | 'e' | 'o' | 'p' | 'P' | 'c' | 'x', 3..6) => odd.push(alike(letter)),
            ('A'..='Z', 6) => odd.extend(char::from_u32(u32::from(letter) - 0x41 + 0x1d400)),
            _ => odd.push(letter),
        }
    }
    odd
}

/// The Cyrillic letter that looks like it.
fn alike(letter: char) -> char {
    match letter {
        'a' => '\u{430}',
        'A' => '\u{410}',
        'e' => '\u{435}',
        'o' => '\u{43e}',
        'p' => '\u{440}',
        'P' => '\u{420}',
        'c' => '\u{441}',
        _ => '\u{445}',
    }
}

/// Says how far a long run is, on standard error and past what keeps the output of tests.
pub(crate) struct Progress {
    what: &'static str,
    unit: &'static str,
    done: usize,
    of: usize,
    is_long: bool,
    began: Instant,
    told: Instant,
}

impl Progress {
    const EVERY: Duration = Duration::from_secs(10);

    /// Of a run over so many; one that is not long says nothing.
    pub(crate) fn of(what: &'static str, unit: &'static str, of: usize, is_long: bool) -> Self {
        let began = Instant::now();
        Self {
            what,
            unit,
            done: 0,
            of,
            is_long,
            began,
            told: began,
        }
    }

    pub(crate) fn add(&mut self, more: usize) {
        self.done += more;
        if self.told.elapsed() > Self::EVERY {
            self.told = Instant::now();
            self.say("so far");
        }
    }

    pub(crate) fn say(&self, words: &str) {
        let Self {
            what,
            unit,
            done,
            of,
            ..
        } = self;
        if self.is_long {
            let seconds = self.began.elapsed().as_secs();
            let line = format!("{what}: {done} of {of} {unit} in {seconds} s; {words}\n");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        }
    }
}
