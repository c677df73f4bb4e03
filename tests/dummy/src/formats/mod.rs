//! The seven API formats as an upstream speaks them: what an answer looks like whole, and event
//! by event. Pure.
//!
//! Every format is a [`Dialect`]: it gives events as JSON and knows nothing of framing, which is
//! [`Wire`]'s. Shapes follow the golden files of `actors/wire`; a test holds both against the
//! SDKs. Called by [`script`](crate::script).

mod anthropic;
mod bedrock;
mod cohere;
mod gemini;
mod ollama;
mod openai_chat;
mod openai_responses;
mod wire;

use serde_json::Value;

pub(crate) use self::wire::{Repeated, Wire};

/// What all answers count as input.
pub(crate) const INPUT_TOKENS: u64 = 9;
/// What answers say unless they are asked for something else.
pub(crate) const GREETING: &str = "Hello from the dummy.";
const GREETING_PARTS: [&str; 3] = ["Hello ", "from ", "the dummy."];
const GREETING_TOKENS: u64 = 5;
/// A signature of a thought; base64, as the formats that have one want it.
const SIGNATURE: &str = "ZHVtbXktc2lnbmF0dXJl";

/// A chat format, named as in `actors/wire`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    OpenAiChat,
    OpenAiResponses,
    Anthropic,
    Gemini,
    Cohere,
    Bedrock,
    Ollama,
}

impl Format {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 7] = [
        Self::OpenAiChat,
        Self::OpenAiResponses,
        Self::Anthropic,
        Self::Gemini,
        Self::Cohere,
        Self::Bedrock,
        Self::Ollama,
    ];

    /// The folder of its golden files.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::OpenAiChat => "openai-chat",
            Self::OpenAiResponses => "openai-responses",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Cohere => "cohere",
            Self::Bedrock => "bedrock-converse",
            Self::Ollama => "ollama",
        }
    }

    /// How it says things.
    pub(crate) fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::OpenAiChat => &openai_chat::OpenAiChat,
            Self::OpenAiResponses => &openai_responses::OpenAiResponses,
            Self::Anthropic => &anthropic::Anthropic,
            Self::Gemini => &gemini::Gemini,
            Self::Cohere => &cohere::Cohere,
            Self::Bedrock => &bedrock::Bedrock,
            Self::Ollama => &ollama::Ollama,
        }
    }
}

/// What a block of an answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Reasoning,
    Text,
    /// A call of the named tool; the block's text is its arguments.
    Call(String),
}

/// One block, in the parts that a stream sends one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    pub(crate) parts: Vec<String>,
}

impl Block {
    pub(crate) fn new(kind: Kind, text: &str) -> Self {
        Self {
            kind,
            parts: vec![text.to_owned()],
        }
    }

    pub(crate) fn text(&self) -> String {
        self.parts.concat()
    }

    /// The arguments of a call as JSON; null where they are none.
    fn arguments(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or_default()
    }
}

/// What is to be said, in no format yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) blocks: Vec<Block>,
    pub(crate) tokens: u64,
    /// OpenAI's chat streams tell usage only to those who ask.
    pub(crate) usage: bool,
}

impl Answer {
    pub(crate) fn greeting() -> Self {
        Self {
            blocks: vec![Block {
                kind: Kind::Text,
                parts: GREETING_PARTS.map(str::to_owned).to_vec(),
            }],
            ..Self::text("")
        }
    }

    pub(crate) fn text(text: &str) -> Self {
        Self {
            blocks: vec![Block::new(Kind::Text, text)],
            tokens: GREETING_TOKENS,
            usage: false,
        }
    }

    fn calls_a_tool(&self) -> bool {
        let call = |block: &Block| matches!(block.kind, Kind::Call(_));
        self.blocks.iter().any(call)
    }

    /// All texts of one kind.
    fn said(&self, kind: &Kind) -> String {
        let of_kind = |block: &&Block| block.kind == *kind;
        self.blocks
            .iter()
            .filter(of_kind)
            .map(Block::text)
            .collect()
    }

    /// The calls with their places among the calls.
    fn calls(&self) -> impl Iterator<Item = (usize, &str, &Block)> {
        let calls = self.blocks.iter().filter_map(|block| match &block.kind {
            Kind::Call(name) => Some((name.as_str(), block)),
            Kind::Reasoning | Kind::Text => None,
        });
        let calls = calls.enumerate();
        calls.map(|(at, (name, block))| (at, name, block))
    }
}

/// Where a block stands: among all, and among the calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) block: usize,
    pub(crate) call: usize,
}

/// One event of a stream: its name, where the format has names, and its JSON.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) data: Value,
}

impl Event {
    fn unnamed(data: Value) -> Vec<Self> {
        vec![Self { name: "", data }]
    }
}

/// One format's words.
pub(crate) trait Dialect {
    /// The body of a whole answer.
    fn whole(&self, answer: &Answer) -> Value;
    /// What a stream begins with.
    fn start(&self) -> Vec<Event>;
    /// What comes before the first part of a block.
    fn open(&self, at: At, block: &Block) -> Vec<Event>;
    /// One part of a block.
    fn part(&self, at: At, block: &Block, part: &str) -> Vec<Event>;
    /// What comes after the last part of a block.
    fn close(&self, at: At, block: &Block) -> Vec<Event>;
    /// What a stream ends with.
    fn end(&self, answer: &Answer) -> Vec<Event>;
    /// The body of an error.
    fn failure(&self, status: u16) -> Value;
    /// Header lines that go with an error.
    fn failure_headers(&self, _status: u16) -> String {
        String::new()
    }
    /// An error in the middle of a stream.
    fn fault(&self) -> Event;
    /// How many tokens a request has, as the format's counting endpoint says it.
    fn count(&self) -> Value;
}

/// All events of an answer.
pub(crate) fn events(dialect: &dyn Dialect, answer: &Answer) -> Vec<Event> {
    let mut events = dialect.start();
    let mut at = At::default();
    for block in &answer.blocks {
        events.extend(dialect.open(at, block));
        for part in &block.parts {
            events.extend(dialect.part(at, block, part));
        }
        events.extend(dialect.close(at, block));
        at.block += 1;
        at.call += usize::from(matches!(block.kind, Kind::Call(_)));
    }
    events.extend(dialect.end(answer));
    events
}

/// What the dummy says when it was asked for an error.
fn complaint(status: u16) -> String {
    format!("the dummy was asked for {status}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_says_a_call_whole_and_streamed() {
        let block = Block::new(Kind::Call("look".to_owned()), r#"{"city":"Oslo"}"#);
        let answer = Answer {
            blocks: vec![block],
            ..Answer::text("")
        };
        for format in Format::ALL {
            let dialect = format.dialect();
            let whole = dialect.whole(&answer).to_string();
            assert!(
                whole.contains("look") && whole.contains("Oslo"),
                "{format:?}"
            );
            let events = events(dialect, &answer);
            let streamed: String = events.iter().map(|event| event.data.to_string()).collect();
            assert!(
                streamed.contains("look") && streamed.contains("Oslo"),
                "{format:?}"
            );
        }
    }

    #[test]
    fn every_format_has_words_for_an_error() {
        for format in Format::ALL {
            let body = format.dialect().failure(429).to_string();
            assert!(body.contains("asked for 429"), "{format:?}: {body}");
        }
    }
}
