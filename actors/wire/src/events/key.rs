//! Which running text a piece of text belongs to, and which running texts an event ends.
//!
//! Owns the layout of [`SlotKey`]: four bits for the class, 28 for the group, 32 for the part.

/// Bits of the group.
const GROUP: u64 = (1 << 28) - 1;

/// What a running text is to the texts beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Class {
    /// Nothing goes on in it.
    #[default]
    Other = 0,
    /// What is said or thought; ends where a tool call begins.
    Text = 1,
    /// Arguments of a tool call.
    Call = 2,
}

/// Names one running text of a stream: texts under the same key continue each other.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SlotKey(u64);

impl SlotKey {
    #[inline]
    pub(super) const fn new(class: Class, group: u32, part: u32) -> Self {
        Self((class as u64) << 60 | (group as u64 & GROUP) << 32 | part as u64)
    }

    /// A number of any size as that of a group.
    #[inline]
    pub(super) const fn group_number(number: u32) -> u32 {
        number & GROUP as u32
    }

    /// The choice, the content block or the output item that it belongs to.
    #[inline]
    pub const fn group(self) -> u32 {
        (self.0 >> 32 & GROUP) as u32
    }

    /// Whether it is the arguments of a tool call.
    #[inline]
    pub const fn is_call(self) -> bool {
        self.0 >> 60 == Class::Call as u64
    }

    /// Whether it is what the model says or thinks, which ends where a tool call begins.
    #[inline]
    pub const fn is_text(self) -> bool {
        self.0 >> 60 == Class::Text as u64
    }

    #[inline]
    pub(super) const fn part(self) -> u32 {
        self.0 as u32
    }

    #[inline]
    pub(super) const fn in_group(self, group: u32) -> Self {
        Self(self.0 & !(GROUP << 32) | (group as u64 & GROUP) << 32)
    }

    #[inline]
    pub(super) const fn with_part(self, part: u32) -> Self {
        Self(self.0 >> 32 << 32 | part as u64)
    }
}

impl std::fmt::Debug for SlotKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "SlotKey({} {}/{:x})",
            self.0 >> 60,
            self.group(),
            self.part()
        )
    }
}

/// A number for a name, to be the part of a key.
#[inline]
pub(super) fn name_number(name: &str) -> u32 {
    // FNV-1a; a stranger who makes two names collide only joins two texts of his own.
    name.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// Running texts that an event ends, once its own texts have been taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    /// What is said or thought in this group: a tool call begins there.
    Texts(u32),
    /// What is said or thought anywhere.
    AllTexts,
    /// The arguments of this group's tool calls.
    Calls(u32),
    /// All of this group.
    Group(u32),
    /// This one.
    Key(SlotKey),
    /// All of the stream.
    #[default]
    Everything,
}

impl End {
    /// Whether the running text under `key` ends with it.
    pub fn covers(self, key: SlotKey) -> bool {
        match self {
            Self::Texts(group) => key.is_text() && key.group() == group,
            Self::AllTexts => key.is_text(),
            Self::Calls(group) => key.is_call() && key.group() == group,
            Self::Group(group) => key.group() == group,
            Self::Key(ended) => key == ended,
            Self::Everything => true,
        }
    }

    /// The same where a stream holds several replies: nothing of the others ends.
    pub(super) fn within(self, group: u32) -> Self {
        match self {
            Self::AllTexts => Self::Texts(group),
            Self::Everything => Self::Group(group),
            other => other,
        }
    }

    /// The same in another group, for ends that know one.
    pub(super) fn in_group(self, group: u32) -> Self {
        match self {
            Self::Texts(_) => Self::Texts(group),
            Self::Group(_) => Self::Group(group),
            other => other,
        }
    }
}
