//! Every place in a request where a secret may stand.

use nenya_redactor::{Action, Class, RuleId};
use serde_json::json;

use super::support::{ANN, KEY, ask, asked, everything, message, now, redactor};

const LABEL: &str = "[REDACTED]";

/// The same body but for the secrets.
fn without(body: &str) -> String {
    body.replace(KEY, LABEL)
}

#[test]
fn a_secret_is_taken_out_of_every_place_and_no_other_byte_changes() {
    let redactor = redactor(&everything());
    let spaced = |value: serde_json::Value| {
        format!("{{ \"model\" :\"m\",\n \"x\":1.10, \"messages\": {value} , \"y\" : 1E2}}")
    };
    for messages in [
        json!([{"role": "system", "content": format!("use {KEY}")}]),
        json!([{"role": "user", "content": [{"type": "text", "text": KEY}]}]),
        json!([{"role": "tool", "tool_call_id": "call_1", "content": format!("key: {KEY}.\n")}]),
        json!([{"role": "assistant", "content": null, "reasoning_content": format!("so {KEY}")}]),
        json!([{"role": "assistant", "content": null, "tool_calls": [{"id": "call_1", "type":
            "function", "function": {"name": "run", "arguments":
            format!("{{ \"a\\u0062\": \"\\/x\\n{KEY}\\u00e9\", \"n\":1.0 }}")}}]}]),
        json!([{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t",
            "content": [{"type": "text", "text": format!("({KEY})")}]}]}]),
        json!([{"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "run",
            "input": {"command": format!("aws --key {KEY} ls"), "list": [KEY]}}]}]),
    ] {
        let body = spaced(messages);
        assert_eq!(asked(&redactor, &body), without(&body));
    }
}

#[test]
fn a_secret_is_taken_out_of_descriptions_of_tools_and_of_a_system_prompt_at_the_top() {
    let redactor = redactor(&everything());
    let body = json!({"model": "m", "system": format!("be kind, {KEY}"), "messages": [
        {"role": "user", "content": "hi"}], "tools": [{"type": "function", "function": {"name":
        "run", "description": format!("call with {KEY}"), "parameters": {"type": "object",
        "properties": {"a": {"type": "string", "description": KEY}}}}}]});
    let body = body.to_string();
    assert_eq!(asked(&redactor, &body), without(&body));
}

#[test]
fn escapes_do_not_hide_a_secret() {
    let redactor = redactor(&everything());
    let spelt: String = KEY
        .chars()
        .map(|char| format!("\\u{:04x}", u32::from(char)))
        .collect();
    let body = format!(
        r#"{{"model":"m","messages":[{{"role":"user","content":"caf\u00e9 \/ {spelt} \ud83d\ude00"}}]}}"#
    );
    assert_eq!(asked(&redactor, &body), body.replace(&spelt, LABEL));
}

#[test]
fn a_secret_in_two_adjacent_parts_is_found_wherever_it_is_cut() {
    let redactor = redactor(&everything());
    for cut in 1..KEY.len() {
        let (head, tail) = KEY.split_at(cut);
        let body = |head: &str, tail: &str| {
            json!({"model": "m", "messages": [{"role": "user", "content": [
                {"type": "text", "text": format!("it is {head}")},
                {"type": "text", "text": format!("{tail} indeed")}]}]})
            .to_string()
        };
        assert_eq!(
            asked(&redactor, &body(head, tail)),
            body(LABEL, ""),
            "{cut}"
        );
    }
}

#[test]
fn a_secret_that_another_part_tells_about_is_found_in_its_own() {
    let redactor = redactor(&everything());
    let value = concat!("Kx93!vb", "Qz7Lm");
    for (first, second) in [
        ("the password = ", format!("\"{value}\" indeed")),
        ("pass", format!("word = \"{value}\"")),
        ("password = \"", format!("{value}\"")),
        ("db password: ", value.to_owned()),
    ] {
        let body = json!({"model": "m", "messages": [{"role": "user", "content": [
            {"type": "text", "text": first}, {"type": "text", "text": second}]}]})
        .to_string();
        assert_eq!(asked(&redactor, &body), body.replace(value, LABEL));
    }
}

#[test]
fn what_is_only_counted_in_a_part_is_counted_once() {
    let mut config = everything();
    config.actions = vec![super::support::row(Action::Observe)];
    let redactor = redactor(&config);
    let body = json!({"model": "m", "messages": [{"role": "user", "content": [
        {"type": "text", "text": format!("it is {KEY}, ")}, {"type": "text", "text": "he said"}]}]});
    let redacted = ask(&redactor, &body.to_string(), ANN).unwrap();
    assert_eq!(redacted.findings().total(), 1);
}

#[test]
fn parts_of_different_messages_are_not_joined() {
    let redactor = redactor(&everything());
    let (head, tail) = KEY.split_at(9);
    let body = json!({"model": "m", "messages": [{"role": "user", "content": head},
        {"role": "user", "content": tail}]})
    .to_string();
    assert_eq!(asked(&redactor, &body), body);
}

#[test]
fn ids_media_names_and_numbers_stay() {
    let redactor = redactor(&everything());
    let image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ".repeat(20);
    let body = json!({"model": KEY, "user_number": 378_282_246_310_005_u64, "messages": [
        {"role": "assistant", "content": null, "tool_calls": [{"id": format!("call_{}", "aB3".repeat(9)),
            "type": "function", "function": {"name": "run", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": format!("call_{}", "aB3".repeat(9)), "content": "ok"},
        {"role": "user", "content": [{"type": "image_url", "image_url":
            {"url": format!("data:image/png;base64,{image}")}},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": image}}]}]});
    let body = body.to_string();
    assert_eq!(asked(&redactor, &body), body);
}

#[test]
fn findings_say_which_rule_where_and_never_what() {
    let redactor = redactor(&everything());
    let body = json!({"model": "m", "messages": [{"role": "system", "content": "be kind"},
        {"role": "user", "content": [{"type": "text", "text": "hi"},
            {"type": "text", "text": format!("{KEY} and {KEY}")}]}]});
    let redacted = ask(&redactor, &body.to_string(), ANN).unwrap();
    let findings = redacted.findings();
    let rule = RuleId::BuiltIn("aws-access-key-id");
    assert_eq!((findings.count(rule), findings.total()), (2, 2));
    assert_eq!(findings.of_class(Class::Credential), 2);
    let places: Vec<_> = findings
        .places()
        .iter()
        .map(|found| (found.rule, found.action, found.place.as_str()))
        .collect();
    let place = "messages[1].content[1].text";
    assert_eq!(places, [(rule, Action::Redact, place); 2]);
    assert!(!format!("{redacted:?}").contains(&KEY[4..]));
}

#[test]
fn of_many_findings_all_are_counted_and_the_first_have_places() {
    let redactor = redactor(&everything());
    let text = format!("{KEY} ").repeat(100);
    let redacted = ask(&redactor, &message(&text), ANN).unwrap();
    assert_eq!(redacted.findings().total(), 100);
    assert_eq!(redacted.findings().places().len(), 32);
}

#[test]
fn other_documents_are_redacted_too() {
    let redactor = redactor(&everything());
    let body = format!(r#"{{"input":["a","{KEY}"],"model":"m"}}"#);
    let limits = wire::JsonLimits::default();
    let redact = redactor.redact_json(body.clone().into(), &limits, ANN);
    let redacted = now(redact).unwrap();
    assert_eq!(redacted.get(), &without(&body));
    assert_eq!(redacted.findings().places()[0].place, "input[1]");
}

#[test]
fn bytes_that_are_no_text_stay_among_those_that_are() {
    let redactor = redactor(&everything());
    let bytes =
        |secret: &str| [b"\xff\xfe ", secret.as_bytes(), b" \xff", secret.as_bytes()].concat();
    let redact = redactor.redact_text(bytes(KEY).into(), ANN);
    let redacted = now(redact).unwrap();
    assert_eq!(redacted.get(), &bytes(LABEL));
}

#[test]
fn characters_that_nobody_sees_or_that_look_like_ascii_do_not_hide_a_secret() {
    let redactor = redactor(&everything());
    let (start, end) = KEY.split_at(7);
    let (card, iban) = ("4929 3176 0842 7355", "DE12 5001 0517 0648 4898 90");
    let wide: String = card
        .chars()
        .map(|char| match char {
            '0'..='9' => char::from_u32(u32::from(char) + 0xfee0).unwrap(),
            other => other,
        })
        .collect();
    for secret in [
        format!("{start}\u{200b}{end}"),
        format!("{start}\u{ad}{}\u{2060}{}", &end[..4], &end[4..]),
        card.replace(' ', "\u{a0}"),
        card.replace(' ', "\u{2011}"),
        card.replace(' ', "\u{2013}"),
        wide,
        iban.replace(' ', "\u{202f}"),
        "jana.\u{200b}novak@mail.velmora.net".to_owned(),
    ] {
        let text = format!("caf\u{e9} \u{2014} it is {secret}, \u{201c}yes\u{201d}\u{a0}!");
        let body = json!({"model": "m", "messages": [{"role": "user", "content": text}]});
        let body = body.to_string();
        assert_eq!(asked(&redactor, &body), body.replace(&secret, LABEL));
    }
    let value = concat!("qX7pL2", "vR9sT4wZ");
    let text = format!("password\u{a0}= \u{a0}{value} and password: {value}");
    let body = message(&text);
    assert_eq!(asked(&redactor, &body), body.replace(value, LABEL));
}

#[test]
fn nor_do_they_in_arguments_of_tool_calls() {
    let redactor = redactor(&everything());
    let (start, end) = KEY.split_at(7);
    for hidden in [
        format!("{start}\u{200b}{end}"),
        format!("{start}\\u200b{end}"),
        format!("{start}\\u00AD{}\u{2060}{}", &end[..4], &end[4..]),
    ] {
        let arguments = format!(
            "{{ \"a\\u0062\": \"\\/x\\n{hidden}\\u00e9\", \"n\":1.0, \"o\":[\"{KEY}\", \"\\u00A0\"] }}"
        );
        let call = json!({"id": "c", "type": "function",
            "function": {"name": "run", "arguments": arguments}});
        let body = json!({"model": "m", "messages": [
            {"role": "assistant", "content": null, "tool_calls": [call]}]});
        let clean = arguments.replace(&hidden, LABEL).replace(KEY, LABEL);
        let read: serde_json::Value =
            serde_json::from_str(&asked(&redactor, &body.to_string())).unwrap();
        let call = &read["messages"][0]["tool_calls"][0];
        assert_eq!(call["function"]["arguments"], clean);
    }
}

#[test]
fn what_is_only_counted_is_counted_once_beside_such_characters() {
    let mut config = everything();
    config.actions = vec![super::support::row(Action::Observe)];
    let redactor = redactor(&config);
    let text = format!("{KEY}\u{a0}and jana\u{2011}novak@mail.velmora.net");
    let redacted = now(redactor.redact_chat(super::support::chat(message(&text)), ANN)).unwrap();
    assert_eq!(
        redacted
            .findings()
            .count(RuleId::BuiltIn("aws-access-key-id")),
        1
    );
    assert_eq!(redacted.findings().changed(), 0);
}
