//! The order of steps, and streams from every format to every other.

use std::cell::RefCell;
use std::rc::Rc;

use super::sequence::{MOST_HELD, Sequence};
use crate::canonical::error::FormatError;
use crate::canonical::reply::{Stop, StopReason};
use crate::canonical::step::{Block, BlockHead, Start, Step};
use crate::canonical::text::Text;
use crate::formats::StreamWriter;

/// Writes down what it is told.
struct Recorder {
    seen: Rc<RefCell<Vec<String>>>,
    one_block: bool,
    whole: bool,
}

impl StreamWriter for Recorder {
    fn step(&mut self, step: &Step<'_>, _: &mut Vec<u8>) -> Result<(), FormatError> {
        let told = match step {
            Step::Start(_) => "start".to_owned(),
            Step::Open {
                at,
                head: BlockHead::Call { id, name, .. },
            } => {
                let id = id.as_ref().map(|id| id.decoded().into_owned());
                format!(
                    "open {} {} {}",
                    at.number,
                    name.decoded(),
                    id.unwrap_or_default()
                )
            }
            Step::Open { at, .. } => format!("open {}", at.number),
            Step::Delta { at, text } => format!("delta {} {}", at.number, text.decoded()),
            Step::Close { at } => format!("close {}", at.number),
            Step::Stop { choice, .. } => format!("stop {choice}"),
            Step::End => "end".to_owned(),
            Step::Fail(_) => "fail".to_owned(),
            other => format!("{other:?}"),
        };
        self.seen.borrow_mut().push(told);
        Ok(())
    }

    fn one_block_at_a_time(&self) -> bool {
        self.one_block
    }

    fn whole_inputs(&self) -> bool {
        self.whole
    }
}

fn told(one_block: bool, whole: bool, steps: &[Step<'_>]) -> Result<Vec<String>, FormatError> {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let writer = Recorder {
        seen: Rc::clone(&seen),
        one_block,
        whole,
    };
    let mut sequence = Sequence::new(
        crate::ApiFormat::Anthropic,
        Box::new(writer),
        "seed".to_owned(),
    );
    for step in steps {
        sequence.step(step, &mut Vec::new())?;
    }
    Ok(seen.take())
}

fn at(number: u32) -> Block {
    Block { choice: 0, number }
}

fn call(number: u32, id: Option<&'static str>) -> Step<'static> {
    let id = id.map(Text::plain);
    let head = BlockHead::Call {
        id,
        name: Text::plain("f"),
        custom: false,
    };
    Step::Open {
        at: at(number),
        head,
    }
}

fn delta(number: u32, text: &'static str) -> Step<'static> {
    Step::Delta {
        at: at(number),
        text: Text::plain(text),
    }
}

fn close(number: u32) -> Step<'static> {
    Step::Close { at: at(number) }
}

fn stop() -> Step<'static> {
    Step::Stop {
        choice: 0,
        stop: Stop::of(StopReason::ToolCalls),
    }
}

fn interleaved() -> Vec<Step<'static>> {
    vec![
        call(0, Some("a")),
        delta(0, "{"),
        call(1, Some("b")),
        delta(1, "["),
        delta(0, "}"),
        delta(1, "]"),
        close(1),
        close(0),
        stop(),
        Step::End,
    ]
}

#[test]
fn interleaved_calls_pass_as_they_come_where_the_client_takes_them() {
    let seen = told(false, false, &interleaved()).unwrap();
    let wanted = "start|open 0 f a|delta 0 {|open 1 f b|delta 1 [|delta 0 }|delta 1 ]|close 1|close 0|stop 0|end";
    assert_eq!(seen.join("|"), wanted);
}

#[test]
fn a_later_call_waits_for_the_earlier_one_where_one_may_be_open() {
    let seen = told(true, false, &interleaved()).unwrap();
    let wanted =
        "start|open 0 f a|delta 0 {|delta 0 }|close 0|open 1 f b|delta 1 []|close 1|stop 0|end";
    assert_eq!(seen.join("|"), wanted);
}

#[test]
fn inputs_come_in_one_piece_where_they_must() {
    let seen = told(true, true, &interleaved()).unwrap();
    let wanted = "start|open 0 f a|delta 0 {}|close 0|open 1 f b|delta 1 []|close 1|stop 0|end";
    assert_eq!(seen.join("|"), wanted);
}

#[test]
fn what_the_upstream_leaves_open_is_closed_before_the_stop() {
    let seen = told(
        true,
        false,
        &[
            call(0, Some("a")),
            call(1, Some("b")),
            stop(),
            stop(),
            Step::End,
            Step::End,
        ],
    );
    assert_eq!(
        seen.unwrap().join("|"),
        "start|open 0 f a|close 0|open 1 f b|close 1|stop 0|end"
    );
}

#[test]
fn a_call_without_an_id_gets_the_same_one_every_time() {
    let steps = [Step::Start(Start::default()), call(0, None), call(1, None)];
    let (once, again) = (
        told(false, false, &steps).unwrap(),
        told(false, false, &steps).unwrap(),
    );
    assert_eq!(once, again);
    assert!(
        once[1].starts_with("open 0 f call_") && once[1] != once[2].replace("open 1", "open 0")
    );
}

#[test]
fn nothing_follows_a_failure() {
    let failure = crate::Failure::new(crate::FailureKind::Failed, "x");
    let seen = told(
        false,
        false,
        &[Step::Fail(failure), delta(0, "x"), Step::End],
    )
    .unwrap();
    assert_eq!(seen, ["fail"]);
}

#[test]
fn a_piece_of_a_block_that_was_never_opened_is_an_error() {
    assert!(told(false, false, &[delta(7, "x")]).is_err());
}

#[test]
fn no_more_than_the_bound_is_held_back() {
    let piece: &'static str = Box::leak("x".repeat(MOST_HELD / 4).into_boxed_str());
    let mut steps = vec![call(0, Some("a")), call(1, Some("b"))];
    steps.extend((0..4).map(|_| delta(1, piece)));
    assert!(told(true, false, &steps).is_ok());
    steps.push(delta(1, "x"));
    assert!(told(true, false, &steps).is_err());
    let endless: Vec<_> = (0..2000).map(|number| call(number, Some("a"))).collect();
    assert!(told(true, false, &endless).is_err());
}

#[test]
fn what_was_held_and_let_go_does_not_count_any_more() {
    let piece: &'static str = Box::leak("x".repeat(MOST_HELD / 2).into_boxed_str());
    let mut steps = Vec::new();
    for number in 0..6 {
        steps.extend([call(number * 2, Some("a")), call(number * 2 + 1, Some("b"))]);
        steps.extend([
            delta(number * 2 + 1, piece),
            close(number * 2),
            close(number * 2 + 1),
        ]);
    }
    assert!(told(true, true, &steps).is_ok());
}
