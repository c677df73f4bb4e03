//! In which order the targets of one request are tried, and why.
//!
//! Owns the choice: rotation, latency, open circuits, context limits, repeats. Pure: the turn,
//! the medians and the open circuits are passed in, and nothing is random, so every order can be
//! explained and repeated.
//! Never asks a gate for a pass: between here and the sending a circuit may open or shut, so the
//! sending asks again.
//!
//! The steps, each on the result of the one before:
//!
//! 1. the configured order, rotated by the turn for round robin;
//! 2. a target that stood before, or whose context is too small, is left out;
//! 3. if latency is asked for: the fastest tenth first, unmeasured targets after the measured;
//!    one request in [`EXPLORE_EVERY`] begins with an unmeasured one, or none would ever be
//!    measured;
//! 4. open circuits last, the one that may be tried soonest first.

use std::time::Duration;

use crate::spec::Strategy;

/// One request in so many begins with a target that has no recent median.
///
/// A cold target costs its first caller some time, a forgotten one costs everybody: at 16 the
/// former is at most 6 % of requests and ends with the first answer.
pub(crate) const EXPLORE_EVERY: usize = 16;

/// Medians within a tenth of each other count as equal, so that peers share the load by turns
/// and a difference of noise moves nobody.
const SAME_SPEED: f64 = 1.1;

/// What is known of one target when the order is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Prompt tokens that fit, where known.
    pub(crate) max_context: Option<u64>,
    /// The median time to the first byte, where measured and asked for.
    pub(crate) median: Option<Duration>,
    /// For how long its circuit stays open, if it is open.
    pub(crate) open_for: Option<Duration>,
    /// The first candidate that names the same provider and model; its own index if none before.
    pub(crate) first_of_its_name: usize,
}

/// How to put the candidates of one request in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) strategy: Strategy,
    pub(crate) by_latency: bool,
    /// Which request of this agent it is, counted from 0.
    pub(crate) turn: usize,
    /// Prompt tokens that must fit.
    pub(crate) needed: u64,
}

/// Why a target stands where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// By the configured order, or the turn of the round.
    Configured,
    /// By its median.
    Measured(Duration),
    /// Behind the measured ones, for it has no recent median.
    Unmeasured,
    /// In front, to be measured.
    Explored,
    /// Behind all others, for its circuit is open.
    Open(Duration),
}

/// One target in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) index: usize,
    pub(crate) why: Why,
}

/// The order of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ordered {
    pub(crate) choices: Vec<Choice>,
    /// Those left out because the prompt does not fit.
    pub(crate) too_small: Vec<usize>,
}

/// Puts `candidates` in order by `rule`.
pub(crate) fn order(candidates: &[Candidate], rule: &Rule) -> Ordered {
    let mut ordered = fitting(candidates, rule);
    if rule.by_latency {
        sort_by_latency(candidates, rule.turn, &mut ordered.choices);
    }
    open_circuits_last(candidates, &mut ordered.choices);
    ordered
}

/// Steps 1 and 2.
fn fitting(candidates: &[Candidate], rule: &Rule) -> Ordered {
    let count = candidates.len();
    let first = match rule.strategy {
        Strategy::RoundRobin if count > 1 => rule.turn % count,
        Strategy::RoundRobin | Strategy::Fallback => 0,
    };
    let mut ordered = Ordered {
        choices: Vec::with_capacity(count),
        too_small: Vec::new(),
    };
    for index in (first..count).chain(0..first) {
        let Some(candidate) = candidates.get(index) else {
            continue;
        };
        let stood_before =
            |choice: &Choice| same_target(candidates, choice.index, candidate.first_of_its_name);
        if candidate.max_context.is_some_and(|most| most < rule.needed) {
            ordered.too_small.push(index);
        } else if !ordered.choices.iter().any(stood_before) {
            let why = Why::Configured;
            ordered.choices.push(Choice { index, why });
        }
    }
    ordered
}

fn same_target(candidates: &[Candidate], index: usize, first_of_its_name: usize) -> bool {
    candidates
        .get(index)
        .is_some_and(|chosen| chosen.first_of_its_name == first_of_its_name)
}

/// Step 3. Stable, so that equals keep the order of their turn.
fn sort_by_latency(candidates: &[Candidate], turn: usize, choices: &mut [Choice]) {
    if choices.len() < 2 {
        return;
    }
    let explore = turn % EXPLORE_EVERY == EXPLORE_EVERY - 1;
    for choice in choices.iter_mut() {
        let median = candidates.get(choice.index).and_then(|c| c.median);
        choice.why = median.map_or(Why::Unmeasured, Why::Measured);
    }
    let to_explore = choices
        .iter_mut()
        .find(|choice| choice.why == Why::Unmeasured)
        .filter(|_| explore);
    if let Some(choice) = to_explore {
        choice.why = Why::Explored;
    }
    choices.sort_by_key(|choice| match choice.why {
        Why::Explored => (0, 0),
        Why::Measured(median) => (1, speed_class(median)),
        Why::Unmeasured | Why::Configured | Why::Open(_) => (2, 0),
    });
}

/// The tenth that a median falls into. A class and not a comparison "within a tenth", which
/// would not be transitive and could not be sorted by.
fn speed_class(median: Duration) -> u32 {
    let milliseconds = (median.as_secs_f64() * 1e3).max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 0, and at most some 500 for the longest duration there is"
    )]
    let class = milliseconds.log(SAME_SPEED).floor() as u32;
    class
}

/// Step 4.
fn open_circuits_last(candidates: &[Candidate], choices: &mut [Choice]) {
    let mut any = false;
    for choice in choices.iter_mut() {
        if let Some(open_for) = candidates.get(choice.index).and_then(|c| c.open_for) {
            choice.why = Why::Open(open_for);
            any = true;
        }
    }
    if any {
        choices.sort_by_key(|choice| match choice.why {
            Why::Open(open_for) => (true, Some(open_for)),
            Why::Configured | Why::Measured(_) | Why::Unmeasured | Why::Explored => (false, None),
        });
    }
}

/// The largest context among those that were too small.
pub(crate) fn largest_context(candidates: &[Candidate], too_small: &[usize]) -> Option<u64> {
    too_small
        .iter()
        .filter_map(|index| candidates.get(*index)?.max_context)
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{
        Strategy as Generator, any, prop, prop_assert, prop_assert_eq, proptest,
    };

    fn plain(count: usize) -> Vec<Candidate> {
        (0..count)
            .map(|index| Candidate {
                first_of_its_name: index,
                ..Candidate::default()
            })
            .collect()
    }

    fn measured(medians: &[Option<u64>]) -> Vec<Candidate> {
        let mut candidates = plain(medians.len());
        for (candidate, median) in candidates.iter_mut().zip(medians) {
            candidate.median = median.map(Duration::from_millis);
        }
        candidates
    }

    fn rule(strategy: Strategy, turn: usize) -> Rule {
        Rule {
            strategy,
            by_latency: false,
            turn,
            needed: 1,
        }
    }

    fn by_latency(turn: usize) -> Rule {
        Rule {
            by_latency: true,
            ..rule(Strategy::Fallback, turn)
        }
    }

    fn indices(ordered: &Ordered) -> Vec<usize> {
        ordered.choices.iter().map(|choice| choice.index).collect()
    }

    #[test]
    fn round_robin_begins_one_further_each_time_and_keeps_the_ring() {
        let candidates = plain(3);
        let turns = |turn| indices(&order(&candidates, &rule(Strategy::RoundRobin, turn)));
        assert_eq!(turns(0), [0, 1, 2]);
        assert_eq!(turns(1), [1, 2, 0]);
        assert_eq!(turns(2), [2, 0, 1]);
        assert_eq!(turns(3), [0, 1, 2]);
        assert_eq!(turns(usize::MAX), turns(usize::MAX % 3));
    }

    #[test]
    fn fallback_always_begins_with_the_first() {
        let candidates = plain(3);
        for turn in 0..5 {
            let ordered = order(&candidates, &rule(Strategy::Fallback, turn));
            assert_eq!(indices(&ordered), [0, 1, 2]);
        }
    }

    #[test]
    fn the_fastest_goes_first_and_the_unmeasured_last() {
        let candidates = measured(&[Some(900), None, Some(100)]);
        let ordered = order(&candidates, &by_latency(0));
        assert_eq!(indices(&ordered), [2, 0, 1]);
        assert_eq!(
            ordered.choices[0].why,
            Why::Measured(Duration::from_millis(100))
        );
        assert_eq!(ordered.choices[2].why, Why::Unmeasured);
    }

    #[test]
    fn targets_of_about_the_same_speed_share_by_turns() {
        let candidates = measured(&[Some(1000), Some(1010), Some(5000)]);
        let turned = |turn| {
            let rule = Rule {
                by_latency: true,
                ..rule(Strategy::RoundRobin, turn)
            };
            indices(&order(&candidates, &rule))
        };
        assert_eq!(turned(0), [0, 1, 2]);
        assert_eq!(turned(1), [1, 0, 2]);
        assert_eq!(turned(2), [0, 1, 2]);
    }

    #[test]
    fn one_request_in_sixteen_looks_at_an_unmeasured_target() {
        let candidates = measured(&[Some(100), None, None]);
        let explored: Vec<usize> = (0..32)
            .filter(|turn| indices(&order(&candidates, &by_latency(*turn)))[0] == 1)
            .collect();
        assert_eq!(explored, [15, 31]);
        let ordered = order(&candidates, &by_latency(15));
        assert_eq!(ordered.choices[0].why, Why::Explored);
        assert_eq!(indices(&ordered), [1, 0, 2]);
    }

    #[test]
    fn open_circuits_go_last_and_the_one_to_close_soonest_before_the_others() {
        let mut candidates = plain(4);
        candidates[0].open_for = Some(Duration::from_secs(60));
        candidates[2].open_for = Some(Duration::from_secs(5));
        let ordered = order(&candidates, &rule(Strategy::Fallback, 0));
        assert_eq!(indices(&ordered), [1, 3, 2, 0]);
        assert_eq!(ordered.choices[3].why, Why::Open(Duration::from_secs(60)));
    }

    #[test]
    fn an_open_circuit_is_not_explored_first() {
        let mut candidates = measured(&[Some(100), None]);
        candidates[1].open_for = Some(Duration::from_secs(1));
        assert_eq!(indices(&order(&candidates, &by_latency(15))), [0, 1]);
    }

    #[test]
    fn a_target_whose_context_is_too_small_is_left_out() {
        let mut candidates = plain(3);
        candidates[0].max_context = Some(99);
        candidates[1].max_context = Some(100);
        let rule = Rule {
            needed: 100,
            ..rule(Strategy::Fallback, 0)
        };
        let ordered = order(&candidates, &rule);
        assert_eq!(indices(&ordered), [1, 2]);
        assert_eq!(ordered.too_small, [0]);
        assert_eq!(largest_context(&candidates, &ordered.too_small), Some(99));
    }

    #[test]
    fn a_target_that_stands_twice_is_tried_once() {
        let mut candidates = plain(3);
        candidates[1].first_of_its_name = 0;
        let turns = |turn| indices(&order(&candidates, &rule(Strategy::RoundRobin, turn)));
        assert_eq!(turns(0), [0, 2]);
        assert_eq!(turns(1), [1, 2]);
        assert_eq!(turns(2), [2, 0]);
    }

    #[test]
    fn no_target_gives_an_empty_order() {
        let ordered = order(&[], &rule(Strategy::RoundRobin, 7));
        assert_eq!(ordered, Ordered::default());
        assert_eq!(largest_context(&[], &[]), None);
    }

    fn any_candidate() -> impl Generator<Value = Candidate> {
        let seconds = |most| prop::option::of((0..most).prop_map(Duration::from_secs));
        (
            prop::option::of(0_u64..200),
            seconds(50_u64),
            seconds(60_u64),
        )
            .prop_map(|(max_context, median, open_for)| Candidate {
                max_context,
                median,
                open_for,
                first_of_its_name: 0,
            })
    }

    proptest! {
        #[test]
        fn every_fitting_target_stands_exactly_once_and_open_ones_stand_last(
            mut candidates in prop::collection::vec(any_candidate(), 0..9),
            turn in any::<usize>(),
            by_latency in any::<bool>(),
            round in any::<bool>(),
            needed in 0_u64..200,
        ) {
            for (index, candidate) in candidates.iter_mut().enumerate() {
                candidate.first_of_its_name = index;
            }
            let strategy = if round { Strategy::RoundRobin } else { Strategy::Fallback };
            let rule = Rule { strategy, by_latency, turn, needed };
            let ordered = order(&candidates, &rule);

            let mut all = indices(&ordered);
            all.extend(&ordered.too_small);
            all.sort_unstable();
            prop_assert_eq!(all, (0..candidates.len()).collect::<Vec<_>>());
            let fits = |index: usize| candidates[index].max_context.is_none_or(|most| most >= needed);
            prop_assert!(ordered.choices.iter().all(|choice| fits(choice.index)));
            let open: Vec<bool> = indices(&ordered)
                .iter()
                .map(|index| candidates[*index].open_for.is_some())
                .collect();
            prop_assert!(open.is_sorted());
            prop_assert_eq!(&ordered, &order(&candidates, &rule));
        }

        #[test]
        fn round_robin_gives_every_target_the_same_number_of_turns(count in 1_usize..9, rounds in 1_usize..9) {
            let candidates = plain(count);
            let mut firsts = vec![0; count];
            for turn in 0..count * rounds {
                let ordered = order(&candidates, &rule(Strategy::RoundRobin, turn));
                firsts[ordered.choices[0].index] += 1;
            }
            prop_assert!(firsts.iter().all(|first| *first == rounds));
        }
    }
}
