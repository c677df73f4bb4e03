//! Written forms of numbers as one automaton, so that each number is read once.
//!
//! Owns: which rules have a form that ends at a place. Never does: check digits, look around.

use std::collections::BTreeMap;

/// One written form: `d` is a digit, `L` a capital letter, `A` either; of a rule of the family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) form: &'static str,
    pub(super) rule: u16,
}

/// A state of the automaton, with [`ENDS`] if a form ends there.
pub(super) type State = u16;

/// The bit of states where a form ends: nearly all have none, and nothing else is asked there.
const ENDS: State = 1 << 15;

/// No form begins like this.
const DEAD: State = 0;
/// Nothing has been read.
pub(super) const START: State = 1;

/// The automaton of some forms.
#[derive(Debug)]
pub(super) struct Layouts {
    /// Bytes that no form tells apart share a kind; kind 0 is in no form.
    kinds: Box<[u8; 256]>,
    width: usize,
    next: Vec<State>,
    /// For each state the rules whose form ends there.
    ends: Vec<Box<[u16]>>,
}

impl Layouts {
    pub(super) fn new(layouts: &[Layout]) -> Self {
        let (kinds, samples) = kinds(layouts);
        let width = samples.len() + 1;
        let mut automaton = Self {
            kinds,
            width,
            next: Vec::new(),
            ends: Vec::new(),
        };
        let mut known = BTreeMap::from([(Vec::new(), DEAD)]);
        let start: Vec<(usize, usize)> = (0..layouts.len()).map(|form| (form, 0)).collect();
        let mut states = vec![Vec::new(), start.clone()];
        known.insert(start, START);
        let mut at = 0;
        while let Some(places) = states.get(at).cloned() {
            automaton.ends.push(ends(layouts, &places));
            automaton.next.push(DEAD);
            for sample in &samples {
                let after = step(layouts, &places, *sample);
                let fresh = State::try_from(states.len()).ok();
                let fresh = fresh.filter(|state| state & ENDS == 0).unwrap_or(DEAD);
                let number = *known.entry(after.clone()).or_insert(fresh);
                if number == fresh {
                    states.push(after);
                }
                automaton.next.push(number);
            }
            at += 1;
        }
        automaton.mark_ends();
        automaton
    }

    fn mark_ends(&mut self) {
        for next in &mut self.next {
            if self
                .ends
                .get(usize::from(*next))
                .is_some_and(|ends| !ends.is_empty())
            {
                *next |= ENDS;
            }
        }
    }

    /// The state after one more byte; nothing if no form goes on so.
    #[inline]
    pub(super) fn step(&self, state: State, byte: u8) -> Option<State> {
        let kind = self.kinds.get(usize::from(byte))?;
        let cell = usize::from(state & !ENDS) * self.width + usize::from(*kind);
        self.next.get(cell).copied().filter(|next| *next != DEAD)
    }

    /// The rules of which a form ends in this state.
    #[inline]
    pub(super) fn ends(&self, state: State) -> &[u16] {
        if state & ENDS == 0 {
            return &[];
        }
        let ends = self.ends.get(usize::from(state & !ENDS));
        ends.map_or(&[], |ends| ends)
    }
}

fn fits(element: u8, byte: u8) -> bool {
    match element {
        b'd' => byte.is_ascii_digit(),
        b'L' => byte.is_ascii_uppercase(),
        b'A' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        literal => literal == byte,
    }
}

/// Groups bytes by the elements they fit, and takes one byte of each group.
fn kinds(layouts: &[Layout]) -> (Box<[u8; 256]>, Vec<u8>) {
    let mut elements: Vec<u8> = layouts
        .iter()
        .flat_map(|layout| layout.form.bytes())
        .collect();
    elements.sort_unstable();
    elements.dedup();
    let mut kinds = Box::new([0; 256]);
    let mut groups: Vec<Vec<bool>> = Vec::new();
    let mut samples = Vec::new();
    for (byte, kind) in (0..=255).zip(kinds.iter_mut()) {
        let group: Vec<bool> = elements
            .iter()
            .map(|element| fits(*element, byte))
            .collect();
        if !group.contains(&true) {
            continue;
        }
        let at = groups.iter().position(|other| *other == group);
        let at = at.unwrap_or_else(|| {
            groups.push(group);
            samples.push(byte);
            groups.len() - 1
        });
        *kind = u8::try_from(at + 1).unwrap_or_default();
    }
    (kinds, samples)
}

fn step(layouts: &[Layout], places: &[(usize, usize)], byte: u8) -> Vec<(usize, usize)> {
    let element = |form: usize, place: usize| layouts.get(form)?.form.as_bytes().get(place);
    let goes_on = |(form, place): &&(usize, usize)| {
        element(*form, *place).is_some_and(|element| fits(*element, byte))
    };
    let next = places.iter().filter(goes_on);
    next.map(|(form, place)| (*form, place + 1)).collect()
}

fn ends(layouts: &[Layout], places: &[(usize, usize)]) -> Box<[u16]> {
    let ending = |(form, place): &(usize, usize)| {
        let layout = layouts.get(*form)?;
        (layout.form.len() == *place).then_some(layout.rule)
    };
    let mut ends: Vec<u16> = places.iter().filter_map(ending).collect();
    ends.dedup();
    ends.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules_at_end(layouts: &Layouts, text: &str) -> Vec<u16> {
        let walk = |state, byte| layouts.step(state, byte);
        let state = text.bytes().try_fold(START, walk);
        state
            .map(|state| layouts.ends(state).to_vec())
            .unwrap_or_default()
    }

    #[test]
    fn forms_that_share_a_beginning_are_told_apart() {
        let layout = |form, rule| Layout { form, rule };
        let layouts = Layouts::new(&[
            layout("ddd-dd", 0),
            layout("ddd dd", 0),
            layout("dAA-dd", 1),
            layout("19d-LL", 2),
            layout("ddd", 3),
        ]);
        assert_eq!(rules_at_end(&layouts, "123-45"), [0, 1]);
        assert_eq!(rules_at_end(&layouts, "123 45"), [0]);
        assert_eq!(rules_at_end(&layouts, "1B3-45"), [1]);
        assert_eq!(rules_at_end(&layouts, "195-XY"), [2]);
        assert_eq!(rules_at_end(&layouts, "205-XY"), [0; 0]);
        assert_eq!(rules_at_end(&layouts, "123"), [3]);
        assert_eq!(rules_at_end(&layouts, "12"), [0; 0]);
        assert_eq!(rules_at_end(&layouts, "ab"), [0; 0]);
    }
}
