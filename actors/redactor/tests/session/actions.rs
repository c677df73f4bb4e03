//! What is done about findings: by rule, class, agent and direction.

use nenya_redactor::{
    Action, ActionRow, Class, Direction, RedactError, RedactionConfig, RuleId, Who,
};

use super::formats::TEXTS;
use super::support::{
    ANN, KEY, ask, everything, for_class, for_rule, message, redactor, reply, row, through,
    whole_text,
};

const MAIL: &str = "ann.lee@host-example.com";

fn with(actions: Vec<ActionRow>) -> RedactionConfig {
    RedactionConfig {
        actions,
        ..everything()
    }
}

fn sent(config: &RedactionConfig, text: &str, agent: Option<&str>) -> String {
    let who = Who { agent, ..ANN };
    let redacted = ask(&redactor(config), &message(text), who).unwrap();
    let texts = redacted.get();
    texts.text(texts.texts().len() - 1).into_owned()
}

#[test]
fn each_action_does_what_it_says() {
    let text = format!("{KEY} of {MAIL}");
    for (action, expected) in [
        (Action::Redact, "[REDACTED] of [REDACTED]".to_owned()),
        (Action::Observe, text.clone()),
        (
            Action::Mask,
            format!("{}WKD5 of {}.com", "*".repeat(16), "*".repeat(20)),
        ),
    ] {
        assert_eq!(sent(&with(vec![row(action)]), &text, None), expected);
    }
}

#[test]
fn the_last_row_that_fits_decides() {
    let rows = vec![
        row(Action::Block),
        for_class(Class::Pii, Action::Observe),
        for_rule("aws-access-key-id", Action::Mask),
        for_class(Class::Credential, Action::Redact),
    ];
    let text = format!("{KEY} of {MAIL}");
    assert_eq!(
        sent(&with(rows), &text, None),
        format!("[REDACTED] of {MAIL}")
    );
}

#[test]
fn a_value_with_a_format_is_counted_by_it_and_the_strictest_action_still_holds() {
    let text = concat!("API_KEY=tvly-z3emhm1liLMKW", "Wybeqr8wZTiDcj7ikNz");
    let redacted = ask(&redactor(&with(vec![])), &message(text), ANN).unwrap();
    let count = |rule| redacted.findings().count(RuleId::BuiltIn(rule));
    assert_eq!((count("tavily"), count("assigned-secret")), (1, 0));

    let milder = with(vec![for_rule("tavily", Action::Mask)]);
    assert_eq!(sent(&milder, text, None), "API_KEY=[REDACTED]");
    let counted = with(vec![for_rule("tavily", Action::Observe)]);
    assert_eq!(sent(&counted, text, None), "API_KEY=[REDACTED]");
    let both = with(vec![
        for_rule("tavily", Action::Mask),
        for_rule("assigned-secret", Action::Mask),
    ]);
    assert!(sent(&both, text, None).ends_with("*ikNz"));
    let stricter = with(vec![for_rule("assigned-secret", Action::Block)]);
    let refused = ask(&redactor(&stricter), &message(text), ANN);
    assert!(matches!(refused, Err(RedactError::Blocked { .. })));
}

#[test]
fn an_agent_and_a_direction_may_have_their_own() {
    let agent = ActionRow {
        agent: Some("support".to_owned()),
        ..row(Action::Observe)
    };
    let replies = ActionRow {
        direction: Some(Direction::Reply),
        ..row(Action::Mask)
    };
    let config = with(vec![agent, replies]);
    assert_eq!(sent(&config, KEY, Some("support")), KEY);
    assert_eq!(sent(&config, KEY, Some("other")), "[REDACTED]");
    assert_eq!(sent(&config, KEY, None), "[REDACTED]");
    let masked = format!("{}WKD5", "*".repeat(16));
    assert_eq!(whole_text(&redactor(&config), KEY), masked);
}

#[test]
fn what_blocks_refuses_the_request_and_says_where() {
    let rows = vec![for_rule("aws-access-key-id", Action::Block)];
    let refused = ask(
        &redactor(&with(rows.clone())),
        &message(&format!("{MAIL} {KEY}")),
        ANN,
    );
    let Err(RedactError::Blocked {
        rule,
        place,
        findings,
    }) = refused
    else {
        panic!("{refused:?}")
    };
    assert_eq!(
        (rule.as_str(), place.as_str()),
        ("aws-access-key-id", "messages[0].content")
    );
    assert_eq!(findings.total(), 2);
    let open = RedactionConfig {
        fail_open: true,
        ..with(rows)
    };
    let refused = ask(&redactor(&open), &message(KEY), ANN);
    assert!(matches!(refused, Err(RedactError::Blocked { .. })));
}

#[test]
fn what_is_observed_is_counted_and_passes_byte_for_byte() {
    let config = with(vec![row(Action::Observe)]);
    let redactor = redactor(&config);
    let redacted = ask(&redactor, &message(KEY), ANN).unwrap();
    assert_eq!(redacted.get().body(), &message(KEY));
    let findings = redacted.findings();
    let rule = RuleId::BuiltIn("aws-access-key-id");
    assert_eq!((findings.count(rule), findings.changed()), (1, 0));
    assert_eq!(findings.places()[0].place, "messages[0].content");
    let mut reply = reply(&redactor);
    let events: Vec<String> = [&KEY[..7], &KEY[7..], " "]
        .iter()
        .map(|piece| (TEXTS[0].piece)(piece))
        .collect();
    let out = through(&mut reply, events.iter().map(String::as_str));
    assert_eq!(TEXTS[0].read_all(&out), format!("{KEY} "));
    assert_eq!(reply.findings().count(rule), 1);
}

#[test]
fn a_rule_that_is_not_there_is_refused() {
    let config = with(vec![for_rule("aws-acess-key-id", Action::Mask)]);
    let refused = nenya_redactor::RuleSet::compile(&config);
    let Err(RedactError::UnknownRule { index: 0, nearest }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(nearest.as_deref(), Some("aws-access-key-id"));
}
