//! Reads a shape such as `key-[a-f0-9]{32}` and makes a text that has it.
//!
//! The opposite of a pattern language: it only ever makes. Called by [`super::kinds`].

use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

use super::made;
use super::random::Random;

/// A made text, and the part of it that is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) text: String,
    pub(super) secret: Range<usize>,
}

impl Made {
    /// A text that is secret from end to end.
    pub(super) fn whole(text: String) -> Self {
        let secret = 0..text.len();
        Self { text, secret }
    }

    /// A text with a secret in the middle.
    pub(super) fn within(before: &str, secret: &str, after: &str) -> Self {
        Self {
            secret: before.len()..before.len() + secret.len(),
            text: [before, secret, after].concat(),
        }
    }

    #[cfg(test)]
    pub(super) fn value(&self) -> &str {
        self.text.get(self.secret.clone()).unwrap_or_default()
    }
}

/// Makes a text of a shape.
pub(super) fn make(shape: &str, random: &mut Random) -> Made {
    let mut text = String::new();
    let mut borders = Vec::new();
    let mut rest = shape.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => text.extend(rest.next()),
            '~' => borders.push(text.len()),
            '[' => {
                let alphabet = class(&mut rest);
                let count = times(&mut rest, random);
                text.push_str(&random.text(&alphabet, count));
            }
            '(' => {
                let options: String = rest.by_ref().take_while(|letter| *letter != ')').collect();
                text.push_str(random.pick(&options.split('|').collect::<Vec<_>>()));
            }
            '<' => {
                let name: String = rest.by_ref().take_while(|letter| *letter != '>').collect();
                let part = made::part(&name, &text, random);
                if part.secret != (0..part.text.len()) {
                    borders.push(text.len() + part.secret.start);
                    borders.push(text.len() + part.secret.end);
                }
                text.push_str(&part.text);
            }
            literal => text.push(literal),
        }
    }
    let start = borders.first().copied().unwrap_or(0);
    let end = borders.get(1).copied().unwrap_or(text.len());
    Made {
        text,
        secret: start..end,
    }
}

/// The letters of a class whose `[` has been read.
fn class(rest: &mut Peekable<Chars<'_>>) -> String {
    let mut letters = String::new();
    while let Some(letter) = rest.next() {
        match letter {
            ']' => break,
            '\\' => letters.extend(rest.next()),
            first if rest.peek() == Some(&'-') => {
                rest.next();
                letters.extend(rest.next().into_iter().flat_map(|last| first..=last));
            }
            letter => letters.push(letter),
        }
    }
    letters
}

/// How often: `{n}`, `{m,n}`, or once.
fn times(rest: &mut Peekable<Chars<'_>>, random: &mut Random) -> usize {
    if rest.next_if_eq(&'{').is_none() {
        return 1;
    }
    let inside: String = rest.take_while(|letter| *letter != '}').collect();
    let number = |text: &str| text.parse().unwrap_or(1);
    match inside.split_once(',') {
        Some((least, most)) => random.between(number(least), number(most)),
        None => number(&inside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_counts_choices_and_escapes_are_read() {
        let made = make("a\\[[x]{3}(one|one)[0-9\\-]{2,4}", &mut Random::new(3));
        assert!(made.text.starts_with("a[xxxone"), "{made:?}");
        assert!((10..=12).contains(&made.text.len()));
        assert_eq!(made.value(), made.text);
    }

    #[test]
    fn the_secret_lies_between_the_borders() {
        let made = make("https://~[k]{4}~@host", &mut Random::new(3));
        assert_eq!(
            (made.text.as_str(), made.value()),
            ("https://kkkk@host", "kkkk")
        );
    }
}
