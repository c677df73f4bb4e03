//! Texts full of secrets in which no two lines are alike, and so large that each is read once: no
//! processor can learn what comes next, as it does with a text that it reads again and again.

use crate::table::row::Rule;
use crate::texts::{Dice, variables};

/// Bytes of a text that is read once.
pub(crate) const LARGE: usize = 40_000_000;

/// How often a line with another secret must be found before all of its kind are believed to be.
const TRIES: usize = 6;

/// A line, of whose secret everything from `from` on may be anything like it.
struct Model {
    text: String,
    from: usize,
    to: usize,
}

/// The first example of every row, one a line, again and again: each time in another order, and
/// with another secret as far as it is still found, by what `found` counts.
pub(crate) fn dense(rows: &[&'static Rule], found: impl Fn(&str) -> usize) -> String {
    let mut dice = Dice(1);
    let examples = rows.iter().filter_map(|row| row.examples.first());
    let models = examples.map(|(text, secret)| Model::of(text, secret, &found, &mut dice));
    let models: Vec<Model> = models.collect();
    let mut order: Vec<usize> = (0..models.len()).collect();
    let mut all = String::with_capacity(LARGE + (1 << 17));
    while all.len() < LARGE {
        dice.shuffle(&mut order);
        for model in order.iter().filter_map(|number| models.get(*number)) {
            all.push_str(&model.varied(&mut dice));
            all.push('\n');
        }
    }
    all
}

/// As many files of variables.
pub(crate) fn telling() -> String {
    let mut dice = Dice(1);
    let mut all = String::with_capacity(LARGE + 4096);
    while all.len() < LARGE {
        all.push_str(&variables(&mut dice));
    }
    all
}

impl Model {
    /// Leaves as much of the secret's beginning as it needs to be found.
    fn of(text: &str, secret: &str, found: impl Fn(&str) -> usize, dice: &mut Dice) -> Self {
        let at = text.find(secret).unwrap_or(text.len());
        let to = (at + secret.len()).min(text.len());
        let model = |from: usize| Self {
            text: text.to_owned(),
            from,
            to,
        };
        let expected = found(text);
        let is_found = |from: &usize| {
            let model = model(*from);
            (0..TRIES).all(|_| found(&model.varied(dice)) == expected)
        };
        model((at..to).find(is_found).unwrap_or(to))
    }

    fn varied(&self, dice: &mut Dice) -> String {
        let is_hexadecimal = |word: &str| word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let secret = self.text.get(self.from..self.to).unwrap_or_default();
        let words = secret.split_inclusive(|sign: char| !sign.is_ascii_alphanumeric());
        let varied = words.flat_map(|word| {
            let is_hexadecimal =
                is_hexadecimal(word.trim_end_matches(|sign: char| !sign.is_ascii_alphanumeric()));
            word.chars().map(move |sign| (sign, is_hexadecimal))
        });
        let varied: String = varied
            .map(|(sign, is_hexadecimal)| dice.like(sign, is_hexadecimal))
            .collect();
        let (before, behind) = (self.text.get(..self.from), self.text.get(self.to..));
        [
            before.unwrap_or_default(),
            &varied,
            behind.unwrap_or_default(),
        ]
        .concat()
    }
}

impl Dice {
    /// A sign of the same kind.
    fn like(&mut self, sign: char, is_hexadecimal: bool) -> char {
        let kind: &[u8] = match sign {
            'a'..='f' if is_hexadecimal => b"abcdef0123456789",
            'A'..='F' if is_hexadecimal => b"ABCDEF0123456789",
            '0'..='9' => b"0123456789",
            'a'..='z' => b"abcdefghijklmnopqrstuvwxyz",
            'A'..='Z' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            _ => return sign,
        };
        self.of(kind)
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for at in (1..order.len()).rev() {
            let other = self.below(at + 1);
            order.swap(at, other);
        }
    }
}
