//! What a message is made of.

use std::borrow::Cow;
use std::cell::Cell;

use super::raw::Raw;
use super::seal::Seal;
use super::text::Text;

/// How much it matters if something that only one format knows is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It cannot change what the answer means: noted.
    Hint,
    /// It does: refused.
    Meaning,
    /// No document that we know names it: noted, refused where the operator is strict.
    Unknown,
    /// It says what is the default anyway, or is made by the sender's side for itself.
    Nothing,
}

/// A field that the canonical value has no place for: the side-car.
#[derive(Debug, Clone)]
pub(crate) struct Extra<'a> {
    /// Its name as the format's documents have it, as in `top_k` or `thinking.display`.
    pub(crate) field: Cow<'a, str>,
    pub(crate) raw: Raw<'a>,
    pub(crate) weight: Weight,
    /// Set by a writer that found a place for it after all.
    pub(crate) used: Cell<bool>,
}

impl<'a> Extra<'a> {
    pub(crate) fn new(field: impl Into<Cow<'a, str>>, raw: Raw<'a>, weight: Weight) -> Self {
        Self {
            field: field.into(),
            raw,
            weight,
            used: Cell::new(false),
        }
    }
}

/// All extras of one node.
pub(crate) type Extras<'a> = Vec<Extra<'a>>;

/// One part of a message or of a tool's result.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    pub(crate) kind: PartKind<'a>,
    /// Where a provider may cut its prompt cache: after this part.
    pub(crate) cache: Option<CacheMark<'a>>,
    /// What the text rests on.
    pub(crate) citations: Vec<Citation<'a>>,
    /// The value it was read from, by which errors name its place.
    pub(crate) origin: Option<Raw<'a>>,
    pub(crate) extras: Extras<'a>,
}

impl<'a> Part<'a> {
    /// A part with nothing but its kind.
    pub(crate) fn new(kind: PartKind<'a>) -> Self {
        Self {
            kind,
            cache: None,
            citations: Vec::new(),
            origin: None,
            extras: Vec::new(),
        }
    }

    /// A text part.
    pub(crate) fn text(text: Text<'a>) -> Self {
        Self::new(PartKind::Text(text))
    }

    /// The same with the value that it was read from.
    pub(crate) fn from(mut self, origin: Raw<'a>) -> Self {
        self.origin = Some(origin);
        self
    }
}

/// What a part is.
#[derive(Debug, Clone)]
pub(crate) enum PartKind<'a> {
    Text(Text<'a>),
    /// The model's own words on why it will not answer.
    Refusal(Text<'a>),
    Media(Media<'a>),
    Call(Call<'a>),
    /// Only in turns of [`super::request::Role::Tool`].
    Result(ToolResult<'a>),
    Thinking(Thought<'a>),
    SearchResult(SearchResult<'a>),
    /// A part of a type that only its own format has. Refused elsewhere.
    Other(Raw<'a>),
}

/// Whether parts hold nothing but text, however deep: what can be written as one text.
pub(crate) fn are_text(parts: &[Part<'_>]) -> bool {
    parts.iter().all(|part| match &part.kind {
        PartKind::Text(_) | PartKind::Refusal(_) => true,
        PartKind::SearchResult(found) => are_text(&found.content),
        PartKind::Media(media) => match &media.source {
            MediaSource::Text(_) => true,
            MediaSource::Parts(parts) => are_text(parts),
            _ => false,
        },
        _ => false,
    })
}

/// Something that is not text, or a document.
#[derive(Debug, Clone)]
pub(crate) struct Media<'a> {
    pub(crate) kind: MediaKind,
    pub(crate) source: MediaSource<'a>,
    /// As in `image/png`; `None` if the format did not say.
    pub(crate) mime: Option<Text<'a>>,
    /// File name or title.
    pub(crate) name: Option<Text<'a>>,
    /// What the author says about a document.
    pub(crate) context: Option<Text<'a>>,
    /// How closely to look: `low`, `high`, `auto`, ... as OpenAI names it.
    pub(crate) detail: Option<Text<'a>>,
    /// Whether the answer shall cite it.
    pub(crate) citations: Option<bool>,
    /// Name of an audio or video coding where the format has no MIME type (`wav`, `mp4`).
    pub(crate) coding: Option<Text<'a>>,
}

impl<'a> Media<'a> {
    /// Media with nothing but kind and source.
    pub(crate) fn new(kind: MediaKind, source: MediaSource<'a>) -> Self {
        Self {
            kind,
            source,
            mime: None,
            name: None,
            context: None,
            detail: None,
            citations: None,
            coding: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Image,
    Document,
    Audio,
    Video,
}

/// Where media come from.
#[derive(Debug, Clone)]
pub(crate) enum MediaSource<'a> {
    /// Base64 as RFC 4648 section 4 has it, without a `data:` head.
    Base64(Text<'a>),
    /// An address that the provider fetches (`https:`, `s3:`, `gs:`).
    Url(Text<'a>),
    /// The id of a file at the provider.
    FileId(Text<'a>),
    /// A document that is plain text.
    Text(Text<'a>),
    /// A document that is made of parts.
    Parts(Vec<Part<'a>>),
}

/// A call of a tool by the model.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    /// `None` where the format gives none; `convert` makes one before a writer sees it.
    pub(crate) id: Option<Text<'a>>,
    pub(crate) name: Text<'a>,
    pub(crate) input: CallInput<'a>,
    /// What only the model's provider can read of the thinking behind the call (Gemini).
    pub(crate) seal: Option<Seal<'a>>,
}

/// What a tool is called with.
#[derive(Debug, Clone)]
pub(crate) enum CallInput<'a> {
    /// A JSON object as it was spelt.
    Object(Raw<'a>),
    /// A string that holds a JSON object (it may be broken: models make it).
    Spelt(Text<'a>),
    /// The free text of a custom tool.
    Free(Text<'a>),
}

impl CallInput<'_> {
    /// The JSON text of the object: `{}` for an empty string; `None` for free text and for a
    /// string that holds no JSON object.
    pub(crate) fn object_json(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Object(raw) => Some(Cow::Borrowed(raw.get())),
            Self::Spelt(text) => {
                let json = text.decoded();
                if json.trim().is_empty() {
                    return Some(Cow::Borrowed("{}"));
                }
                let object = super::raw::parse(&json)
                    .is_some_and(|raw| super::raw::kind(raw) == super::raw::Kind::Object);
                object.then_some(json)
            }
            Self::Free(_) => None,
        }
    }

    /// The text that a format with argument strings writes.
    pub(crate) fn as_text(&self) -> Text<'_> {
        match self {
            Self::Object(raw) => Text::plain(raw.get()),
            Self::Spelt(text) | Self::Free(text) => text.borrowed(),
        }
    }
}

/// What a tool gave back.
#[derive(Debug, Clone)]
pub(crate) struct ToolResult<'a> {
    /// The call's id; `None` where the format has none (then by order and name).
    pub(crate) id: Option<Text<'a>>,
    /// The tool's name, where the format has it; `convert` fills it in from the call.
    pub(crate) name: Option<Text<'a>>,
    /// Text, images, documents.
    pub(crate) content: Vec<Part<'a>>,
    /// A result that is JSON and not text (Gemini's `response`, Bedrock's `json`): then `content`
    /// may be empty.
    pub(crate) structured: Option<Raw<'a>>,
    pub(crate) failed: Option<bool>,
    /// Whether the call was one of a custom tool.
    pub(crate) custom: bool,
}

/// What the model thought.
#[derive(Debug, Clone, Default)]
pub(crate) struct Thought<'a> {
    /// Id of the item, where the format has one.
    pub(crate) id: Option<Text<'a>>,
    /// The text; several summaries are several texts.
    pub(crate) texts: Vec<Text<'a>>,
    /// What only its provider can read and check.
    pub(crate) seal: Option<Seal<'a>>,
    /// Whether the text is withheld altogether (the seal is all there is).
    pub(crate) redacted: bool,
}

/// A passage that was found for the model, with its address.
#[derive(Debug, Clone)]
pub(crate) struct SearchResult<'a> {
    pub(crate) source: Text<'a>,
    pub(crate) title: Text<'a>,
    pub(crate) content: Vec<Part<'a>>,
    pub(crate) citations: Option<bool>,
}

/// Where a provider may cut its prompt cache.
#[derive(Debug, Clone, Default)]
pub(crate) struct CacheMark<'a> {
    /// Time to live as the format spells it (`5m`, `1h`).
    pub(crate) ttl: Option<Text<'a>>,
}

/// What a piece of the answer rests on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Citation<'a> {
    /// Address of a page.
    pub(crate) url: Option<Text<'a>>,
    pub(crate) title: Option<Text<'a>>,
    /// The words of the source.
    pub(crate) quoted: Option<Text<'a>>,
    /// Number of the document in the request, from 0.
    pub(crate) document: Option<u64>,
    /// Id of the file, document or tool output.
    pub(crate) id: Option<Text<'a>>,
    /// Where in the source: kind of place and its bounds.
    pub(crate) place: Option<Place>,
    /// Where in the text of its part, in characters (Unicode code points), end excluded.
    pub(crate) span: Option<(u64, u64)>,
    /// The citation as it was spelt, for writers of the same format.
    pub(crate) origin: Option<Raw<'a>>,
    pub(crate) extras: Extras<'a>,
}

/// The extra of a citation that numbers the search result of the request which it is of.
pub(crate) const SEARCH_RESULT: &str = "search_result_index";

impl Citation<'_> {
    /// Number of the search result in the request, from 0, where the source is one.
    pub(crate) fn search_result(&self) -> Option<u64> {
        let index = self
            .extras
            .iter()
            .find(|extra| extra.field == SEARCH_RESULT)?;
        super::raw::count(index.raw)
    }
}

/// Where in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) unit: PlaceUnit,
    pub(crate) start: u64,
    /// Excluded.
    pub(crate) end: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceUnit {
    Characters,
    Pages,
    Blocks,
}
