//! What a client asks for.

use super::effort::Effort;
use super::parts::{Extra, Extras, Part, PartKind};
use super::raw::Raw;
use super::text::Text;
use crate::format::ApiFormat;

/// A request for a completion, in words of no format.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    /// The format it was read from.
    pub(crate) from: ApiFormat,
    /// In order. Leading turns of [`Role::System`] and [`Role::Developer`] are instructions.
    /// A message that mixes tool results with text is read as a [`Role::Tool`] turn and a
    /// [`Role::User`] turn after it.
    pub(crate) turns: Vec<Turn<'a>>,
    pub(crate) tools: Vec<Tool<'a>>,
    pub(crate) tool_choice: Option<ToolChoice<'a>>,
    /// `Some(false)`: at most one call per turn.
    pub(crate) parallel_calls: Option<bool>,
    pub(crate) thinking: Thinking<'a>,
    pub(crate) sampling: Sampling<'a>,
    /// Most tokens of the answer, thinking included where the format counts so.
    pub(crate) max_output: Option<Raw<'a>>,
    pub(crate) stop: Vec<Text<'a>>,
    /// Number of candidates.
    pub(crate) candidates: Option<Raw<'a>>,
    pub(crate) logprobs: Option<Logprobs<'a>>,
    pub(crate) logit_bias: Option<Raw<'a>>,
    pub(crate) output: Option<OutputShape<'a>>,
    /// Kinds of output (`text`, `audio`, `image`) in lower case, as OpenAI names them.
    pub(crate) modalities: Vec<Text<'a>>,
    /// Voice and coding of audio output, as OpenAI's `audio` object has them.
    pub(crate) voice: Option<Voice<'a>>,
    /// `low`, `medium`, `high`.
    pub(crate) verbosity: Option<Text<'a>>,
    /// A mark for all of the prompt, where the format has one (Anthropic's automatic mode).
    pub(crate) cache: Option<super::parts::CacheMark<'a>>,
    pub(crate) cache_key: Option<Text<'a>>,
    /// An object of strings.
    pub(crate) metadata: Option<Raw<'a>>,
    /// Who the end user is.
    pub(crate) user: Option<Text<'a>>,
    /// As the format spells it.
    pub(crate) tier: Option<Text<'a>>,
    pub(crate) stream: bool,
    /// What only this format knows.
    pub(crate) extras: Extras<'a>,
}

impl<'a> Request<'a> {
    /// A request that says nothing yet.
    pub(crate) fn new(from: ApiFormat) -> Self {
        Self {
            from,
            turns: Vec::new(),
            tools: Vec::new(),
            tool_choice: None,
            parallel_calls: None,
            thinking: Thinking::default(),
            sampling: Sampling::default(),
            max_output: None,
            stop: Vec::new(),
            candidates: None,
            logprobs: None,
            logit_bias: None,
            output: None,
            modalities: Vec::new(),
            voice: None,
            verbosity: None,
            cache: None,
            cache_key: None,
            metadata: None,
            user: None,
            tier: None,
            stream: false,
            extras: Vec::new(),
        }
    }

    /// How many turns lead the conversation as instructions.
    pub(crate) fn instructions(&self) -> usize {
        let leading = |turn: &&Turn<'_>| matches!(turn.role, Role::System | Role::Developer);
        self.turns.iter().take_while(leading).count()
    }

    /// Visits every extra of every node.
    pub(crate) fn each_extra(&self, each: &mut dyn FnMut(&Extra<'a>)) {
        self.extras.iter().for_each(&mut *each);
        for tool in &self.tools {
            tool.extras.iter().for_each(&mut *each);
        }
        for turn in &self.turns {
            turn.extras.iter().for_each(&mut *each);
            turn.parts.iter().for_each(|part| each_extra_of(part, each));
        }
    }
}

/// Visits every extra of a part and of what is in it.
pub(crate) fn each_extra_of<'a>(part: &Part<'a>, each: &mut dyn FnMut(&Extra<'a>)) {
    part.extras.iter().for_each(&mut *each);
    for citation in &part.citations {
        citation.extras.iter().for_each(&mut *each);
    }
    let inner: &[Part<'a>] = match &part.kind {
        PartKind::Result(result) => &result.content,
        PartKind::SearchResult(found) => &found.content,
        PartKind::Media(media) => match &media.source {
            super::parts::MediaSource::Parts(parts) => parts,
            _ => &[],
        },
        _ => &[],
    };
    inner.iter().for_each(|part| each_extra_of(part, each));
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    System,
    Developer,
    User,
    Assistant,
    /// Results of tools; all parts are [`PartKind::Result`].
    Tool,
}

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct Turn<'a> {
    pub(crate) role: Role,
    pub(crate) parts: Vec<Part<'a>>,
    /// Name of the participant.
    pub(crate) name: Option<Text<'a>>,
    pub(crate) origin: Option<Raw<'a>>,
    pub(crate) extras: Extras<'a>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(role: Role, parts: Vec<Part<'a>>) -> Self {
        Self {
            role,
            parts,
            name: None,
            origin: None,
            extras: Vec::new(),
        }
    }
}

/// A tool that the model may call.
#[derive(Debug, Clone)]
pub(crate) struct Tool<'a> {
    pub(crate) kind: ToolKind<'a>,
    pub(crate) cache: Option<super::parts::CacheMark<'a>>,
    pub(crate) origin: Option<Raw<'a>>,
    pub(crate) extras: Extras<'a>,
}

#[derive(Debug, Clone)]
pub(crate) enum ToolKind<'a> {
    Function {
        name: Text<'a>,
        description: Option<Text<'a>>,
        /// A JSON schema as it was spelt.
        schema: Option<Raw<'a>>,
        strict: Option<bool>,
    },
    /// A tool with free text as input, and its grammar as OpenAI has it.
    Custom {
        name: Text<'a>,
        description: Option<Text<'a>>,
        format: Option<Raw<'a>>,
    },
    /// A tool that the provider runs itself. Refused elsewhere.
    Own(Raw<'a>),
}

#[derive(Debug, Clone)]
pub(crate) enum ToolChoice<'a> {
    Auto,
    None,
    Required,
    Named(Text<'a>),
    Allowed {
        names: Vec<Text<'a>>,
        required: bool,
    },
}

/// How much to think.
#[derive(Debug, Clone, Default)]
pub(crate) struct Thinking<'a> {
    pub(crate) mode: Option<ThinkingMode>,
    pub(crate) effort: Option<Effort>,
    /// Tokens, as they were spelt.
    pub(crate) budget: Option<Raw<'a>>,
    /// Whether a summary is wanted: `auto`, `concise`, `detailed`; `none` if not.
    pub(crate) summary: Option<Text<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ThinkingMode {
    Off,
    On,
    /// The model decides.
    Adaptive,
}

/// Numbers as they were spelt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sampling<'a> {
    pub(crate) temperature: Option<Raw<'a>>,
    pub(crate) top_p: Option<Raw<'a>>,
    pub(crate) top_k: Option<Raw<'a>>,
    pub(crate) presence_penalty: Option<Raw<'a>>,
    pub(crate) frequency_penalty: Option<Raw<'a>>,
    pub(crate) seed: Option<Raw<'a>>,
}

/// Log probabilities: wanted, and how many alternatives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Logprobs<'a> {
    pub(crate) wanted: bool,
    pub(crate) top: Option<Raw<'a>>,
}

#[derive(Debug, Clone)]
pub(crate) enum OutputShape<'a> {
    /// Any JSON object.
    Json,
    Schema {
        schema: Raw<'a>,
        name: Option<Text<'a>>,
        description: Option<Text<'a>>,
        strict: Option<bool>,
    },
    /// The schema stands in a string (Bedrock).
    SpeltSchema {
        schema: Text<'a>,
        name: Option<Text<'a>>,
        description: Option<Text<'a>>,
    },
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Voice<'a> {
    pub(crate) voice: Option<Text<'a>>,
    pub(crate) coding: Option<Text<'a>>,
}
