//! The literals that every match of a pattern begins with.

use super::parse::{Choice, Kind, Node, Tree};
use crate::scan::classes::ByteSet;

/// Longest trigger.
const LONGEST: usize = 24;

/// Most literals that one pattern may be spelled out to.
const MOST: usize = 128;

/// Largest class that is spelled out.
const WIDEST: usize = 8;

/// Every match begins with one of these; lower case if the pattern is for any case.
pub(super) fn of(tree: &Tree) -> Vec<String> {
    let (found, _) = spell_choice(&tree.choice, vec![Vec::new()], tree.any_case);
    let mut found: Vec<Vec<u8>> = found
        .into_iter()
        .map(|mut literal| {
            literal.truncate(LONGEST);
            literal
        })
        .collect();
    found.sort();
    found.dedup();
    let texts = found.into_iter().map(String::from_utf8);
    texts.filter_map(Result::ok).collect()
}

/// Fewest bytes of a match before its secret, if there is a group for it.
pub(super) fn before_secret(choice: &Choice) -> Option<usize> {
    let within = |sequence: &Vec<Node>| {
        let mut before = 0;
        for node in sequence {
            match &node.kind {
                Kind::Secret(_) => return Some(before),
                Kind::Group(choice) | Kind::Again(choice, _) => {
                    if let Some(inside) = before_secret(choice) {
                        return Some(before + inside);
                    }
                }
                Kind::One(_) | Kind::Run(..) => {}
            }
            before += least_len(node);
        }
        None
    };
    choice.iter().filter_map(within).min()
}

fn least_len(node: &Node) -> usize {
    let of_choice = |choice: &Choice| {
        let lengths = choice.iter().map(|one| one.iter().map(least_len).sum());
        lengths.min().unwrap_or(0)
    };
    match &node.kind {
        Kind::One(_) => 1,
        Kind::Run(_, count) => count.least as usize,
        Kind::Group(choice) | Kind::Secret(choice) => of_choice(choice),
        Kind::Again(choice, count) => of_choice(choice) * count.least as usize,
    }
}

/// The beginnings so far with what a choice adds, and whether more can be added after it.
fn spell_choice(choice: &Choice, so_far: Vec<Vec<u8>>, any_case: bool) -> (Vec<Vec<u8>>, bool) {
    let mut all = Vec::new();
    let mut goes_on = true;
    for sequence in choice {
        let (spelled, more) = spell_sequence(sequence, so_far.clone(), any_case);
        all.extend(spelled);
        goes_on &= more;
    }
    if all.len() > MOST {
        return (so_far, false);
    }
    (all, goes_on)
}

fn spell_sequence(
    sequence: &[Node],
    mut so_far: Vec<Vec<u8>>,
    any_case: bool,
) -> (Vec<Vec<u8>>, bool) {
    for node in sequence {
        if so_far.iter().all(|literal| literal.len() >= LONGEST) {
            return (so_far, false);
        }
        let (spelled, goes_on) = spell_node(node, so_far, any_case);
        so_far = spelled;
        if !goes_on {
            return (so_far, false);
        }
    }
    (so_far, true)
}

fn spell_node(node: &Node, so_far: Vec<Vec<u8>>, any_case: bool) -> (Vec<Vec<u8>>, bool) {
    match &node.kind {
        Kind::One(set) => spell_set(set, 1, so_far, any_case),
        Kind::Run(set, count) => {
            let (spelled, goes_on) = spell_set(set, count.least, so_far, any_case);
            (spelled, goes_on && count.least == count.most)
        }
        Kind::Group(choice) | Kind::Secret(choice) => spell_choice(choice, so_far, any_case),
        Kind::Again(choice, count) if count.least > 0 => {
            (spell_choice(choice, so_far, any_case).0, false)
        }
        Kind::Again(..) => (so_far, false),
    }
}

fn spell_set(
    set: &ByteSet,
    times: u32,
    mut so_far: Vec<Vec<u8>>,
    any_case: bool,
) -> (Vec<Vec<u8>>, bool) {
    if let (Some(byte), 1) = (set.only(), times) {
        for literal in &mut so_far {
            literal.push(byte);
        }
        return (so_far, true);
    }
    let lowered = |byte: &u8| !(any_case && byte.is_ascii_uppercase());
    let members: Vec<u8> = (0..=127)
        .filter(|byte| set.has(*byte))
        .filter(lowered)
        .take(WIDEST + 1)
        .collect();
    let is_small = members.len() == 1
        || times == 1 && members.len() <= WIDEST && members.len() * so_far.len() <= MOST;
    if !is_small || set.has(0x80) {
        return (so_far, times == 0);
    }
    let times = usize::try_from(times).unwrap_or(LONGEST).min(LONGEST);
    let with = |literal: &Vec<u8>, byte: u8| {
        let mut next = literal.clone();
        next.resize(literal.len() + times, byte);
        next
    };
    let spelled = so_far
        .iter()
        .flat_map(|literal| members.iter().map(move |byte| with(literal, *byte)))
        .collect();
    (spelled, true)
}
