//! The table of credential kinds (`kinds.txt`), read.

use super::random::Random;
use super::shape::{Made, make};

const TABLE: &str = include_str!("kinds.txt");

/// One kind of credential of a vendor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub(super) id: &'static str,
    /// Nothing of it is in the half that rules are tuned on.
    pub(super) held_out: bool,
    /// It can be known by itself, without the name of a variable beside it.
    pub(super) bare: bool,
    /// A link or connection string, which nobody puts into a header.
    pub(super) link: bool,
    names: &'static str,
    shape: &'static str,
}

impl Kind {
    pub(super) fn make(&self, random: &mut Random) -> Made {
        make(self.shape, random)
    }

    /// One of the variables that people keep it in.
    pub(super) fn name(&self, random: &mut Random) -> &'static str {
        random.pick(&self.names.split(',').collect::<Vec<_>>())
    }
}

/// All kinds in the order of the table.
pub(super) fn all() -> Vec<Kind> {
    TABLE.lines().filter_map(row).collect()
}

fn row(line: &'static str) -> Option<Kind> {
    let mut words = line.splitn(5, ' ');
    let (half, what, id, names) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let shape = words.next()?;
    ["+", "-"].contains(&half).then_some(Kind {
        id,
        held_out: half == "-",
        bare: what == "b",
        link: what == "l",
        names,
        shape,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_but_comments_is_a_kind_of_its_own() {
        let lines = TABLE
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let kinds = all();
        assert_eq!(kinds.len(), lines.count());
        let ids: BTreeSet<&str> = kinds.iter().map(|kind| kind.id).collect();
        assert_eq!(ids.len(), kinds.len());
        assert!(kinds.len() >= 150);
    }

    #[test]
    fn about_a_third_is_held_out() {
        let kinds = all();
        let held_out = kinds.iter().filter(|kind| kind.held_out).count();
        let percent = held_out * 100 / kinds.len();
        assert!((30..=37).contains(&percent), "{percent} %");
    }

    #[test]
    fn every_shape_makes_a_secret_of_one_line_and_never_the_same() {
        let mut random = Random::new(11);
        for kind in all() {
            let (one, other) = (kind.make(&mut random), kind.make(&mut random));
            assert_ne!(one.value(), other.value(), "{}", kind.id);
            assert!(one.value().len() >= 9, "{}: {one:?}", kind.id);
            // Of a link only the secret part is labelled, not where it leads.
            assert!(!one.value().contains("://"), "{}: {one:?}", kind.id);
            assert!(
                !one.value().contains(['\n', '"', '<', '[', ' ']),
                "{}: {one:?}",
                kind.id
            );
        }
    }
}
