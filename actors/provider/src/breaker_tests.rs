//! The rules one by one, and bounds that hold for any history.

use proptest::prelude::*;
use runtime::Clock;

use super::*;

const MODEL: &str = "m";
const MIDDLE: Jitter = Jitter(0.5);
const BROKEN: Verdict = Verdict::Failed(Failure::Broken);

fn outcome(verdict: Verdict) -> Outcome {
    Outcome {
        model: MODEL.to_owned(),
        verdict,
        trial: None,
    }
}

fn opened(now: Instant) -> Breakers {
    let mut breakers = Breakers::new(BreakerConfig::default());
    for _ in 0..5 {
        breakers.record(&outcome(BROKEN), now, MIDDLE);
    }
    breakers
}

fn shut_for(breakers: &Breakers, now: Instant) -> Option<Duration> {
    breakers.gates(false).shut_for(MODEL, now)
}

fn trial(breakers: &Breakers, verdict: Verdict) -> Outcome {
    let generation = breakers.gates(false).models[MODEL].generation;
    Outcome {
        trial: Some(generation),
        ..outcome(verdict)
    }
}

#[test]
fn opens_after_five_failures_in_a_row() {
    let now = Instant::now();
    let mut breakers = Breakers::new(BreakerConfig::default());
    for _ in 0..4 {
        assert!(!breakers.record(&outcome(BROKEN), now, MIDDLE));
    }
    assert!(breakers.record(&outcome(BROKEN), now, MIDDLE));
    assert_eq!(shut_for(&breakers, now), Some(Duration::from_secs(60)));
}

#[test]
fn success_in_between_starts_the_count_again() {
    let now = Instant::now();
    let mut breakers = Breakers::new(BreakerConfig::default());
    for _ in 0..20 {
        for _ in 0..4 {
            assert!(!breakers.record(&outcome(BROKEN), now, MIDDLE));
        }
        breakers.record(&outcome(Verdict::Answered), now, MIDDLE);
    }
    assert_eq!(breakers.tracked(), 0);
}

#[test]
fn clients_that_leave_do_not_count() {
    let now = Instant::now();
    let mut breakers = Breakers::new(BreakerConfig::default());
    for _ in 0..100 {
        assert!(!breakers.record(&outcome(Verdict::Abandoned), now, MIDDLE));
    }
    assert_eq!(breakers.tracked(), 0);
}

#[test]
fn failed_trial_doubles_the_wait_up_to_the_longest() {
    let now = Instant::now();
    let mut breakers = opened(now);
    let mut waits = Vec::new();
    for _ in 0..6 {
        let outcome = trial(&breakers, BROKEN);
        assert!(breakers.record(&outcome, now, MIDDLE));
        waits.push(shut_for(&breakers, now).unwrap().as_secs());
    }
    assert_eq!(waits, [120, 240, 480, 600, 600, 600]);
}

#[test]
fn answered_trial_closes() {
    let now = Instant::now();
    let mut breakers = opened(now);
    let outcome = trial(&breakers, Verdict::Answered);
    assert!(breakers.record(&outcome, now, MIDDLE));
    assert_eq!(shut_for(&breakers, now), None);
    assert_eq!(breakers.tracked(), 0);
}

#[test]
fn call_from_before_does_not_close_or_prolong_an_open_circuit() {
    let now = Instant::now();
    let mut breakers = opened(now);
    for verdict in [Verdict::Answered, BROKEN, Verdict::Abandoned] {
        assert!(!breakers.record(&outcome(verdict), now + Duration::from_secs(1), MIDDLE));
    }
    assert_eq!(shut_for(&breakers, now), Some(Duration::from_secs(60)));
}

#[test]
fn trial_of_an_earlier_generation_is_ignored() {
    let now = Instant::now();
    let mut breakers = opened(now);
    let late = trial(&breakers, Verdict::Answered);
    let failed = trial(&breakers, BROKEN);
    breakers.record(&failed, now, MIDDLE);
    assert!(!breakers.record(&late, now, MIDDLE));
}

#[test]
fn rate_limit_opens_at_once_for_exactly_the_named_wait() {
    let now = Instant::now();
    let mut breakers = Breakers::new(BreakerConfig::default());
    let limited = |secs| {
        outcome(Verdict::Failed(Failure::Limited {
            retry_after: Some(Duration::from_secs(secs)),
        }))
    };
    assert!(breakers.record(&limited(7), now, Jitter(1.0)));
    assert_eq!(shut_for(&breakers, now), Some(Duration::from_secs(7)));
    assert!(
        breakers.record(&limited(9), now, Jitter(1.0)),
        "a longer wait extends"
    );
    assert!(
        !breakers.record(&limited(3), now, Jitter(1.0)),
        "a shorter one does not"
    );
    assert_eq!(shut_for(&breakers, now), Some(Duration::from_secs(9)));
    breakers.record(&limited(100_000), now, Jitter(1.0));
    assert_eq!(shut_for(&breakers, now), Some(Duration::from_secs(600)));
}

#[test]
fn waits_for_ever_are_no_overflow() {
    let now = Instant::now();
    let for_ever = Duration::MAX;
    let config = BreakerConfig {
        failures_to_open: 1,
        cooldown: for_ever,
        cooldown_max: for_ever,
        limited: for_ever,
        limited_max: for_ever,
        denied: for_ever,
        tracked: 10,
    };
    for failure in [
        Failure::Broken,
        Failure::Denied,
        Failure::Limited { retry_after: None },
        Failure::Limited {
            retry_after: Some(for_ever),
        },
    ] {
        let mut breakers = Breakers::new(config.clone());
        for _ in 0..2 {
            breakers.record(&outcome(Verdict::Failed(failure)), now, Jitter(1.0));
            assert!(shut_for(&breakers, now).is_some());
        }
    }
}

#[test]
fn rejected_key_opens_for_two_minutes() {
    let now = Instant::now();
    let mut breakers = Breakers::new(BreakerConfig::default());
    breakers.record(&outcome(Verdict::Failed(Failure::Denied)), now, MIDDLE);
    assert_eq!(shut_for(&breakers, now), Some(Duration::from_secs(120)));
    assert!(!breakers.wants_probe(now), "a probe cannot mend a key");
}

#[test]
fn answered_probe_makes_failures_half_open_and_nothing_else() {
    let now = Instant::now();
    let mut breakers = opened(now);
    let limited = Verdict::Failed(Failure::Limited { retry_after: None });
    let other = Outcome {
        model: "limited".to_owned(),
        ..outcome(limited)
    };
    breakers.record(&other, now, MIDDLE);
    assert!(breakers.wants_probe(now));
    assert!(breakers.answered_probe(now));
    assert_eq!(breakers.open_and_half_open(now), (1, 1));
    assert_eq!(shut_for(&breakers, now), None);
}

#[test]
fn rebuilt_actor_takes_up_published_circuits() {
    let now = Instant::now();
    let before = opened(now);
    let mut after = Breakers::from_gates(BreakerConfig::default(), &before.gates(false));
    assert_eq!(shut_for(&after, now), Some(Duration::from_secs(60)));
    let outcome = trial(&before, Verdict::Answered);
    assert!(after.record(&outcome, now, MIDDLE));
}

#[test]
fn half_open_trial_runs_through_gate_and_breaker() {
    let (clock, hand) = Clock::manual();
    let mut breakers = opened(clock.now());
    hand.advance(Duration::from_secs(61));
    let gates = breakers.gates(false);
    let pass = gates.enter(MODEL, &clock).unwrap();
    assert!(gates.enter(MODEL, &clock).is_err());
    assert!(breakers.record(&pass.answered(), clock.now(), MIDDLE));
    assert!(breakers.gates(false).enter(MODEL, &clock).is_ok());
}

#[test]
fn memory_is_bounded_and_open_circuits_are_forgotten_last() {
    let now = Instant::now();
    let mut breakers = opened(now);
    for number in 0..5000 {
        let outcome = Outcome {
            model: format!("made-up-{number}"),
            ..outcome(BROKEN)
        };
        breakers.record(&outcome, now, MIDDLE);
    }
    assert_eq!(breakers.tracked(), 1000);
    assert!(shut_for(&breakers, now).is_some());
}

proptest! {
    #[test]
    fn no_history_passes_the_bounds(
        history in proptest::collection::vec((0_u8..6, 0_u64..2_000_000, any::<u8>()), 0..200)
    ) {
        let start = Instant::now();
        let config = BreakerConfig { tracked: 3, ..BreakerConfig::default() };
        let mut breakers = Breakers::new(config.clone());
        let mut now = start;
        for (kind, number, byte) in history {
            now += Duration::from_millis(number % 5000);
            let verdict = match kind {
                0 => Verdict::Answered,
                1 => Verdict::Abandoned,
                2 => Verdict::Failed(Failure::Denied),
                3 => Verdict::Failed(Failure::Limited { retry_after: Some(Duration::from_secs(number)) }),
                4 => Verdict::Failed(Failure::Limited { retry_after: None }),
                _ => BROKEN,
            };
            let model = format!("m{}", number % 5);
            let generation = breakers.gates(false).models.get(&model).map(|gate| gate.generation);
            let outcome = Outcome { model, verdict, trial: generation.filter(|_| byte > 100) };
            breakers.record(&outcome, now, Jitter::from_byte(byte));
            prop_assert!(breakers.tracked() <= 3);
            let longest = config.cooldown_max.mul_f64(1.1);
            for gate in breakers.gates(false).models.values() {
                prop_assert!(gate.until <= now + longest);
            }
        }
    }
}
