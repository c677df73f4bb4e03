//! What may be configured about redaction: refusals with field and remedy, old files, reloads.

use std::process::Output;

use serde_json::{Value, json};

use crate::harness::planted::{AWS, said, say};
use crate::harness::{Dummy, Setup};

fn validated(bouncer: Value, governance: Value) -> (bool, String) {
    let setup = Setup::new(&Dummy::start())
        .config("/agents/build", json!({"models": ["dummy/ok"]}))
        .config("/bouncer", bouncer)
        .config("/governance", governance);
    let output: Output = setup.run(&["validate", "-config", "config.json"]);
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.success(), said)
}

fn refused(bouncer: Value, words: &[&str]) {
    let (good, said) = validated(bouncer.clone(), json!({}));
    assert!(!good, "{bouncer} went through: {said}");
    for word in words {
        assert!(said.contains(word), "no `{word}` in: {said}");
    }
}

#[test]
fn an_unknown_rule_is_refused_with_the_nearest() {
    let actions =
        json!([{"class": "pii", "action": "mask"}, {"rule": "aws-acess-key-id", "action": "mask"}]);
    let words = [
        "bouncer.actions[1].rule",
        "`aws-access-key-id`",
        "docs/redaction.md",
    ];
    refused(json!({"actions": actions}), &words);
    refused(json!({"enabled": false, "actions": actions}), &words);
}

#[test]
fn a_rule_that_is_not_in_service_is_refused_with_the_key_that_says_so() {
    let actions = json!([{"rule": "email", "action": "mask"}]);
    refused(
        json!({"actions": actions}),
        &[
            "bouncer.actions[0].rule",
            "`email`",
            "is not in service",
            "bouncer.redact_preset",
        ],
    );
    refused(
        json!({"actions": [{"rule": "emial", "action": "mask"}]}),
        &["the nearest is `email`, which is not in service"],
    );
    let (good, said) = validated(
        json!({"actions": actions, "redact_preset": ["pii", "credentials"]}),
        json!({}),
    );
    assert!(good, "{said}");
}

#[test]
fn an_unknown_agent_is_refused_with_the_nearest() {
    let actions = json!([{"agent": "biuld", "action": "mask"}]);
    refused(
        json!({"actions": actions}),
        &["bouncer.actions[0].agent", "`build`", "did you mean"],
    );
}

#[test]
fn unknown_actions_classes_and_directions_are_refused_with_those_there_are() {
    for (row, words) in [
        (
            json!({"action": "hide"}),
            ["bouncer.actions[0].action", "placeholder"],
        ),
        (
            json!({"class": "credentials", "action": "mask"}),
            ["bouncer.actions[0].class", "credential"],
        ),
        (
            json!({"direction": "replies", "action": "mask"}),
            ["bouncer.actions[0].direction", "reply"],
        ),
        (
            json!({"rules": "email", "action": "mask"}),
            ["bouncer.actions[0].rules", "`rule`"],
        ),
    ] {
        refused(json!({"actions": [row]}), &words);
    }
}

#[test]
fn rows_that_contradict_themselves_are_refused() {
    let both = json!({"rule": "aws-access-key-id", "class": "pii", "action": "mask"});
    refused(json!({"actions": [both]}), &["bouncer.actions[0].class"]);
    let reply = json!({"direction": "reply", "action": "placeholder"});
    refused(json!({"actions": [reply]}), &["bouncer.actions[0].action"]);
}

#[test]
fn a_bad_pattern_is_refused_with_its_place() {
    let words = ["config.json:", "bouncer.redact_patterns[1]"];
    refused(
        json!({"redact_patterns": ["fine[0-9]+", "(unclosed"]}),
        &words,
    );
    refused(
        json!({"redact_patterns": ["fine", "x*"]}),
        &["bouncer.redact_patterns[1]", "empty"],
    );
    for bad in ["(unclosed", "x*"] {
        let governance = json!({"blocked_execution_patterns": ["fine", bad]});
        let (good, said) = validated(json!({}), governance);
        assert!(!good, "{said}");
        let key = "governance.blocked_execution_patterns[1]";
        assert!(said.contains(key), "{said}");
    }
}

#[test]
fn a_preset_is_a_word_or_a_list() {
    for preset in [json!("pii"), json!(["pii"]), json!(["pii", "credentials"])] {
        let (good, said) = validated(json!({"redact_preset": preset}), json!({}));
        assert!(good, "{said}");
    }
    for preset in [json!("all"), json!([]), json!(["pii", "all"]), json!(7)] {
        refused(json!({"redact_preset": preset}), &["bouncer.redact_preset"]);
    }
}

#[test]
fn a_file_of_the_original_loads_and_is_told_what_has_no_effect() {
    let bouncer = json!({
        "enabled": true, "redact_preset": "credentials", "redact_output": true,
        "redact_output_window": 4096, "entropy_enabled": true, "entropy_threshold": 4.5,
        "entropy_min_token": 20, "redaction_label": "[REDACTED]",
    });
    let governance = json!({"blocked_execution_patterns": ["rm\\s+-rf\\s+/", "mkfs"]});
    let (good, said) = validated(bouncer, governance);
    assert!(good, "{said}");
    let line = said.lines().find(|line| line.starts_with("warning: "));
    let line = line.unwrap_or_default();
    assert!(line.contains("bouncer.redact_output_window"), "{said}");
}

#[test]
fn patterns_that_make_streams_wait_are_named() {
    let patterns = json!(["secret-[0-9]{4}", "(?<=pin )[0-9]{4}", ".*password"]);
    let governance = json!({"blocked_execution_patterns": ["(?!safe)danger", "launch"]});
    let bouncer = |replies: bool| json!({"redact_patterns": patterns, "redact_output": replies});
    let named = |said: &str| {
        let warnings = said
            .lines()
            .filter_map(|line| line.strip_prefix("warning: "));
        let named = warnings.filter(|line| line.contains("streamed text waits"));
        let key = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        named.map(key).collect::<Vec<String>>()
    };
    let (good, said) = validated(bouncer(true), governance.clone());
    assert!(good, "{said}");
    let blocked = "governance.blocked_execution_patterns[0]";
    let slow = [
        "bouncer.redact_patterns[1]",
        "bouncer.redact_patterns[2]",
        blocked,
    ];
    assert_eq!(named(&said), slow, "{said}");
    let (_, said) = validated(bouncer(false), governance);
    assert_eq!(named(&said), [blocked], "{said}");
}

#[test]
fn changed_actions_hold_for_the_next_request() {
    let dummy = Dummy::start();
    let mut gateway = Setup::new(&dummy)
        .config(
            "/agents/parrot",
            json!({"models": [{"provider": "echo", "model": "echo"}]}),
        )
        .start();
    let ask = |gateway: &crate::harness::Gateway| {
        gateway.send(&say("parrot", &format!("it is {AWS}"), false))
    };
    assert_eq!(said(&ask(&gateway)), "it is [REDACTED]");
    for (action, expected) in [
        ("mask", format!("it is {}5RVD", "*".repeat(16))),
        ("observe", format!("it is {AWS}")),
        ("placeholder", format!("it is {AWS}")),
    ] {
        gateway.rewrite_config("/bouncer", json!({"actions": [{"action": action}]}));
        gateway.signal("HUP");
        gateway.until_notified("READY=1");
        assert_eq!(said(&ask(&gateway)), expected, "{action}");
    }
    gateway.rewrite_config("/bouncer", json!({"actions": [{"action": "block"}]}));
    gateway.signal("HUP");
    gateway.until_notified("READY=1");
    assert_eq!(ask(&gateway).error_code(), "request_blocked");
    gateway.rewrite_config(
        "/bouncer",
        json!({"actions": [{"rule": "nothing", "action": "mask"}]}),
    );
    gateway.signal("HUP");
    gateway.until_notified("READY=1");
    assert_eq!(ask(&gateway).error_code(), "request_blocked");
    gateway.until_logged("bouncer.actions[0].rule");
}

#[test]
fn words_that_look_random_are_found_where_that_is_asked_for() {
    let dummy = Dummy::start();
    let word = "q7Zp2LxV9bKd4TfWm8RsYc3Hn6Jg";
    for (entropy, stays) in [(false, true), (true, false)] {
        let gateway = Setup::new(&dummy)
            .config("/bouncer/entropy_enabled", json!(entropy))
            .start();
        gateway.send(&say("dummy/ok", &format!("it is {word} there"), false));
        let sent = dummy.last_body();
        assert_eq!(sent.contains(word), stays, "{sent}");
    }
}
