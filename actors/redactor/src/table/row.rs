//! What a rule is: a row of the table.

use std::fmt;

/// What kind of thing a rule finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Something that opens a door.
    Credential,
    /// Something about a person.
    Pii,
    /// A command that must not be run.
    Kill,
    /// Whatever the operator's own pattern is for.
    Configured,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 4] = [Self::Credential, Self::Pii, Self::Kill, Self::Configured];

    /// The name in the configuration, in headers and in metrics.
    pub fn label(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Pii => "pii",
            Self::Kill => "kill",
            Self::Configured => "configured",
        }
    }
}

/// What is done about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It is counted and stays.
    Observe,
    /// All but its last four characters are replaced by `*`.
    Mask,
    /// A stand-in takes its place and is turned back into it in the reply.
    Placeholder,
    /// The label takes its place.
    Redact,
    /// The request is refused, or the reply ended.
    Block,
}

impl Action {
    /// The name in the configuration, in metrics and in logs.
    pub fn label(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Mask => "mask",
            Self::Placeholder => "placeholder",
            Self::Redact => "redact",
            Self::Block => "block",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    /// Name in configuration, metrics, logs and documentation; never changes. Lower case, digits
    /// and `-`.
    pub id: &'static str,
    /// What it finds, for people.
    pub what: &'static str,
    /// Kind of the finding.
    pub class: Class,
    /// Where the format is described: the vendor's page, or the standard and its section, and
    /// when it was read.
    pub source: &'static str,
    /// How matches are found.
    pub how: How,
    /// The regular expression of what is replaced, in the subset of `scan/shape`. For
    /// `How::Special` it is what the hand-written family does, as nearly as an expression can say.
    pub pattern: &'static str,
    /// Fewest bits of Shannon entropy per byte of the finding (its first 256 bytes); 0 for none.
    pub entropy: f32,
    /// A second look at the finding: a checksum, a list of well-known harmless values.
    pub check: Option<Check>,
    /// What is done unless the configuration says otherwise.
    pub action: Action,
    /// Texts with a finding, each with the part that must go.
    pub examples: &'static [(&'static str, &'static str)],
    /// Texts that look like it and must stay.
    pub near_misses: &'static [&'static str],
}

/// A second look at the bytes of a finding; false means that it is none.
#[derive(Clone, Copy)]
pub(crate) struct Check(pub fn(&[u8]) -> bool);

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Check")
    }
}

/// How the matches of a rule are found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum How {
    /// The pattern begins with a literal of at least two bytes (or a choice between literals), by
    /// which it is found; all of the match is replaced, or its group `secret`.
    Token {
        /// What may stand before it.
        left: Edge,
    },
    /// A value that is assigned to a name: `NAME = "value"`, `name: value`, `--name value`,
    /// `"name": "value"`, `name => 'value'`. The pattern is that of the whole value, which is what
    /// is replaced; the name contains one of `names` (lower case, any letter case in the text).
    Assigned {
        /// Parts of names, 3 to 24 bytes each, lower case; `_` also stands for `-`, a space, `.`
        /// or nothing.
        names: &'static [&'static str],
    },
    /// A hand-written family.
    Special(Special),
}

/// What may stand before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Anything: the literal is not like anything else.
    Any,
    /// No ASCII letter, digit or `_`, or the end of an escape such as `\n`; or of `%3D`.
    Word,
}

/// Hand-written families; each finds its own rows by this.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Special {
    /// A value without a format of its own, assigned to a name that says it is secret.
    SecretAssignment,
    /// The password in `scheme://user:password@host`, and such.
    UrlPassword,
    /// The value of an `Authorization` header or a cookie of a session.
    HeaderValue,
    /// A block in PEM, OpenSSH or PGP armour, with its body.
    Armour,
    /// A mail address.
    Mail,
    /// A number found by its digits: layouts such as `ddd-dd-dddd`, lengths, and the rule's
    /// `check`.
    Number(NumberShape),
    /// A phone number.
    Phone,
    /// An IBAN.
    Iban,
    /// An IP address, version 4.
    Ipv4,
    /// An IP address, version 6.
    Ipv6,
    /// A hardware address.
    Mac,
}

/// What a number with check digits looks like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumberShape {
    /// Written forms that are sure by themselves: `d` is a digit, `L` a capital letter, `A`
    /// either, everything else stands for itself. They begin with a digit or with `LLdd`.
    pub layouts: &'static [&'static str],
    /// Written forms that count only in the 40 bytes after one of the `context` words.
    pub loose: &'static [&'static str],
    /// Context words in lower case, in any letter case in the text; a space also stands for `_`,
    /// `-` or nothing. A word in capitals must stand in capitals. 2 to 24 bytes.
    pub context: &'static [&'static str],
}
