//! From the tree of a pattern to the steps of its program.

use super::literals;
use super::parse::{self, Choice, Count, Kind, Node, ShapeError};
use crate::scan::classes::{ByteSet, ClassId, Classes, LONG, SetId};

/// A compiled pattern. Small, for the same reason as [`Step`].
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(super) steps: Box<[Step]>,
    literals: Box<Literals>,
    /// What comes behind the first steps that every literal has taken, if it is a repetition; else
    /// one of nothing. Here, since most runs of a program need no other step, and each piece of
    /// memory comes from far.
    pub(super) first: Repetition,
    /// How many steps those are.
    pub(super) known: u16,
    /// One more than the fewest bytes before the secret; nothing if that is all of a match.
    secret_after: u16,
}

#[derive(Debug, Clone)]
struct Literals {
    texts: Box<[String]>,
    any_case: bool,
}

/// A repetition of bytes of a set; with a class if it may be long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Repetition {
    pub(super) count: Count,
    pub(super) set: SetId,
    pub(super) class: Option<ClassId>,
}

/// Small, as texts full of secrets need the programs of many rules at once.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(super) enum Step {
    /// One byte, and the bits of it that do not count: none, or that which tells small letters
    /// from capitals.
    Byte(u8, u8),
    /// One byte of a set.
    One(SetId),
    Run(Repetition),
    /// On with the next step if a byte of the set comes next, else elsewhere.
    If(SetId, u16),
    /// On elsewhere.
    Go(u16),
    /// On with the next turn of a loop.
    Turn(u16),
    SecretStart,
    SecretEnd,
    Done,
}

/// Most steps of a program.
const MOST_STEPS: usize = 4096;

/// Most times that a group is repeated if it has an upper bound.
const MOST_COPIES: u32 = 32;

impl Program {
    /// Compiles a pattern of the subset.
    ///
    /// # Errors
    /// [`ShapeError`] for anything that is not in it, or that the next byte does not decide.
    pub(crate) fn compile(pattern: &str, classes: &mut Classes) -> Result<Self, ShapeError> {
        let tree = parse::parse(pattern)?;
        let mut builder = Builder {
            steps: Vec::with_capacity(pattern.len()),
            classes,
        };
        let end = First {
            set: ByteSet::default(),
            may_be_empty: true,
        };
        builder.choice(&tree.choice, end, 0)?;
        builder.push(Step::Done, 0)?;
        let literals = literals::of(&tree);
        let shortest = literals.iter().map(String::len).min();
        let is_letter = |step: &&Step| Builder::is_letter(**step, tree.any_case);
        let letters = builder.steps.iter().take_while(is_letter);
        let known = letters.count().min(shortest.unwrap_or(0));
        let before_secret = literals::before_secret(&tree.choice);
        Ok(Self {
            first: match builder.steps.get(known) {
                Some(Step::Run(first)) => *first,
                _ => Repetition::nothing(builder.classes),
            },
            known: short(known),
            steps: builder.steps.into_boxed_slice(),
            literals: Box::new(Literals {
                texts: literals.into_boxed_slice(),
                any_case: tree.any_case,
            }),
            secret_after: before_secret.map_or(0, |before| short(before + 1)),
        })
    }

    /// What every match begins with: at most 24 bytes each; lower case if the program is for any
    /// case. An empty one among them says that the pattern begins with no literal.
    pub(crate) fn literals(&self) -> &[String] {
        &self.literals.texts
    }

    /// Whether letter case does not matter.
    pub(crate) fn is_any_case(&self) -> bool {
        self.literals.any_case
    }

    /// Whether the first `len` bytes of a match are certain to stay.
    pub(crate) fn keeps(&self, len: usize) -> bool {
        usize::from(self.secret_after) > len
    }
}

impl Repetition {
    fn nothing(classes: &mut Classes) -> Self {
        Self {
            count: Count { least: 0, most: 0 },
            set: classes.share(ByteSet::default()),
            class: None,
        }
    }
}

/// A count of bytes, or the most that 16 bits can say.
fn short(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// What may come first.
#[derive(Clone, Copy)]
struct First {
    set: ByteSet,
    /// Whether nothing may come: the match may end here.
    may_be_empty: bool,
}

impl First {
    fn or(self, other: Self) -> Self {
        Self {
            set: self.set.or(other.set),
            may_be_empty: self.may_be_empty || other.may_be_empty,
        }
    }
}

const NOTHING: First = First {
    set: ByteSet::range(b'a', b'a').and(ByteSet::range(b'b', b'b')),
    may_be_empty: false,
};

const EMPTY: First = First {
    may_be_empty: true,
    ..NOTHING
};

fn first_of_choice(choice: &Choice, then: First) -> First {
    let firsts = choice.iter().map(|sequence| first_of(sequence, then));
    firsts.fold(NOTHING, First::or)
}

fn first_of(sequence: &[Node], then: First) -> First {
    let Some((node, rest)) = sequence.split_first() else {
        return then;
    };
    let alone = |set: ByteSet| First {
        set,
        may_be_empty: false,
    };
    match &node.kind {
        Kind::One(set) => alone(*set),
        Kind::Run(set, count) if count.least > 0 => alone(*set),
        Kind::Run(set, _) => alone(*set).or(first_of(rest, then)),
        Kind::Group(choice) | Kind::Secret(choice) => {
            let inside = first_of_choice(choice, EMPTY);
            if inside.may_be_empty {
                return alone(inside.set).or(first_of(rest, then));
            }
            inside
        }
        Kind::Again(choice, count) => {
            let inside = first_of_choice(choice, EMPTY);
            if count.least > 0 && !inside.may_be_empty {
                return inside;
            }
            alone(inside.set).or(first_of(rest, then))
        }
    }
}

fn meet(one: ByteSet, other: ByteSet) -> bool {
    !one.and(other).is_empty()
}

/// The step for a set of one byte, or of one letter in both cases.
fn byte_of(set: ByteSet) -> Option<Step> {
    const FOLD: u8 = 0x20;
    if let Some(byte) = set.only() {
        return Some(Step::Byte(byte, 0));
    }
    let small = set.and(ByteSet::range(b'A', b'Z').not()).only()?;
    let is_both = set == ByteSet::of(&[small, small.to_ascii_uppercase()]);
    is_both.then_some(Step::Byte(small, FOLD))
}

struct Builder<'c> {
    steps: Vec<Step>,
    classes: &'c mut Classes,
}

impl Builder<'_> {
    fn push(&mut self, step: Step, at: usize) -> Result<usize, ShapeError> {
        if self.steps.len() >= MOST_STEPS {
            let what = "too long when its groups are written out";
            return Err(ShapeError { at, what });
        }
        self.steps.push(step);
        Ok(self.steps.len() - 1)
    }

    /// Whether a step takes one byte, or one letter in either case.
    fn is_letter(step: Step, any_case: bool) -> bool {
        matches!(step, Step::Byte(_, folded) if folded == 0 || any_case)
    }

    fn here(&self) -> u16 {
        u16::try_from(self.steps.len()).unwrap_or(u16::MAX)
    }

    /// Lets the jump at `from` go to the step that comes next.
    fn land(&mut self, from: usize) {
        let here = self.here();
        if let Some(Step::If(_, to) | Step::Go(to)) = self.steps.get_mut(from) {
            *to = here;
        }
    }

    fn choice(&mut self, choice: &Choice, then: First, at: usize) -> Result<(), ShapeError> {
        let [only] = choice.as_slice() else {
            return self.choice_of_many(choice, then, at);
        };
        self.sequence(only, then)
    }

    fn choice_of_many(
        &mut self,
        choice: &Choice,
        then: First,
        at: usize,
    ) -> Result<(), ShapeError> {
        let firsts: Vec<First> = choice.iter().map(|one| first_of(one, EMPTY)).collect();
        decided(choice, &firsts, then, at)?;
        // The one that may be empty comes last: it is taken when no other is.
        let is_last = |place: usize, first: &First| {
            let is_any_empty = firsts.iter().any(|first| first.may_be_empty);
            first.may_be_empty || !is_any_empty && place + 1 == firsts.len()
        };
        let start = self.steps.len();
        let mut ends = Vec::new();
        let mut last = None;
        for (place, (one, first)) in choice.iter().zip(&firsts).enumerate() {
            if is_last(place, first) {
                last = Some(one);
                continue;
            }
            let set = self.classes.share(first.set);
            let test = self.push(Step::If(set, 0), at)?;
            self.sequence(one, then)?;
            ends.push(self.push(Step::Go(0), at)?);
            self.land(test);
        }
        if let Some(last) = last {
            self.sequence(last, then)?;
        }
        for end in ends {
            self.land(end);
        }
        self.has_no_secret_since(start, at)
    }

    fn sequence(&mut self, sequence: &[Node], then: First) -> Result<(), ShapeError> {
        for (place, node) in sequence.iter().enumerate() {
            let rest = sequence.get(place + 1..).unwrap_or_default();
            self.node(node, rest, then)?;
        }
        Ok(())
    }

    fn node(&mut self, node: &Node, rest: &[Node], then: First) -> Result<(), ShapeError> {
        let at = node.at;
        match &node.kind {
            Kind::One(set) => {
                let step = byte_of(*set);
                let step = step.unwrap_or_else(|| Step::One(self.classes.share(*set)));
                self.push(step, at).map(drop)
            }
            Kind::Run(set, count) => {
                if !count.is_fixed() && meet(*set, first_of(rest, then).set) {
                    let what = "the next byte does not say whether this repetition ends";
                    return Err(ShapeError { at, what });
                }
                let class = (count.bounds().1 > LONG).then(|| self.classes.intern(*set));
                let repetition = Repetition {
                    count: *count,
                    set: self.classes.share(*set),
                    class,
                };
                self.push(Step::Run(repetition), at).map(drop)
            }
            Kind::Group(choice) => self.choice(choice, first_of(rest, then), at),
            Kind::Secret(choice) => {
                self.push(Step::SecretStart, at)?;
                self.choice(choice, first_of(rest, then), at)?;
                self.push(Step::SecretEnd, at).map(drop)
            }
            Kind::Again(choice, count) => self.again(choice, *count, first_of(rest, then), at),
        }
    }

    fn again(
        &mut self,
        choice: &Choice,
        count: Count,
        then: First,
        at: usize,
    ) -> Result<(), ShapeError> {
        let inside = first_of_choice(choice, EMPTY);
        let is_variable = !count.is_fixed();
        let fails = |what| Err(ShapeError { at, what });
        if inside.may_be_empty {
            return fails("what is repeated may be empty");
        }
        if is_variable && meet(inside.set, then.set) {
            return fails("the next byte does not say whether this repetition ends");
        }
        let is_bounded = count.most != u32::MAX;
        let start = self.steps.len();
        let copies = if is_bounded { count.most } else { count.least };
        if copies > MOST_COPIES {
            return fails("a group is repeated at most 32 times");
        }
        let next = if is_variable { inside.or(then) } else { inside };
        let mut exits = Vec::new();
        for copy in 0..copies {
            if copy >= count.least {
                let set = self.classes.share(inside.set);
                exits.push(self.push(Step::If(set, 0), at)?);
            }
            let is_last = is_bounded && copy + 1 == copies;
            self.choice(choice, if is_last { then } else { next }, at)?;
        }
        if !is_bounded {
            let back = self.here();
            let set = self.classes.share(inside.set);
            exits.push(self.push(Step::If(set, 0), at)?);
            self.choice(choice, next, at)?;
            self.push(Step::Turn(back), at)?;
        }
        for exit in exits {
            self.land(exit);
        }
        self.has_no_secret_since(start, at)
    }

    /// Every match must have the secret, so that what comes before it can always be let go.
    fn has_no_secret_since(&self, start: usize, at: usize) -> Result<(), ShapeError> {
        let since = self.steps.get(start..).unwrap_or_default();
        if since.iter().any(|step| matches!(step, Step::SecretStart)) {
            let what = "the secret stands where it may be left out";
            return Err(ShapeError { at, what });
        }
        Ok(())
    }
}

/// Whether the next byte says which alternative it is.
fn decided(choice: &Choice, firsts: &[First], then: First, at: usize) -> Result<(), ShapeError> {
    let mut seen = NOTHING;
    for (one, first) in choice.iter().zip(firsts) {
        let both_empty = seen.may_be_empty && first.may_be_empty;
        if both_empty || meet(seen.set, first.set) {
            let at = one.first().map_or(at, |node| node.at);
            let what = "the next byte does not say which alternative this is";
            return Err(ShapeError { at, what });
        }
        seen = seen.or(*first);
    }
    if seen.may_be_empty && meet(seen.set, then.set) {
        let what = "the next byte does not say whether this may be left out";
        return Err(ShapeError { at, what });
    }
    Ok(())
}

const _: () = assert!(size_of::<Step>() <= 16);
