use super::*;
use crate::config::Preset;
use proptest::prelude::*;
use std::sync::LazyLock;

static CREDENTIALS: LazyLock<RuleSet> =
    LazyLock::new(|| RuleSet::compile(&RedactionConfig::default()).unwrap());
static PII: LazyLock<RuleSet> = LazyLock::new(|| {
    RuleSet::compile(&RedactionConfig {
        preset: Preset::Pii,
        ..RedactionConfig::default()
    })
    .unwrap()
});

fn configured(patterns: &[&str]) -> Result<RuleSet, RedactError> {
    let patterns = patterns
        .iter()
        .map(|pattern| (*pattern).to_owned())
        .collect();
    RuleSet::compile(&RedactionConfig {
        patterns: Some(patterns),
        ..RedactionConfig::default()
    })
}

fn redacted(rules: &RuleSet, text: &str) -> String {
    let redacted = rules.redact(text, &mut Findings::default()).unwrap();
    redacted.unwrap_or_else(|| text.to_owned())
}

#[test]
fn clean_text_is_not_touched() {
    let text = "Plain prose, naïve and long enough; see https://example.com:8080/a?b=c.";
    assert_eq!(CREDENTIALS.redact(text, &mut Findings::default()), Ok(None));
}

#[test]
fn several_findings_are_replaced_and_counted() {
    let key = concat!("AK", "IAIOSFODNN7EXAMPLE");
    let mut findings = Findings::default();
    let text = format!("é {key}, {key} password=\"geheim-é\" ü");
    let out = CREDENTIALS.redact(&text, &mut findings).unwrap().unwrap();
    assert_eq!(out, "é [REDACTED], [REDACTED] password=\"[REDACTED]\" ü");
    assert_eq!(findings.count(RuleId::BuiltIn("aws-access-key")), 2);
    assert_eq!((findings.total(), findings.iter().count()), (3, 2));
}

#[test]
fn bodies_of_private_keys_go_with_them() {
    let body = "MIIEpAIBAAKCAQEA7bq98k8rRrYhFfJ0vZ8yYkQ1Zl7mY0bS3Q3l0yG7eX1m2b3c\n".repeat(20);
    let text =
        format!("key:\n-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\nend");
    assert_eq!(redacted(&CREDENTIALS, &text), "key:\n[REDACTED]\nend");
    let cut_off = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}");
    assert_eq!(redacted(&CREDENTIALS, &cut_off).trim_end(), "[REDACTED]");
}

#[test]
fn secret_in_the_context_of_another_goes_too() {
    let key = concat!("AK", "IAIOSFODNN7EXAMPLE");
    let text = format!("postgres://{key}:s3cr3t-pw@db/");
    assert_eq!(
        redacted(&CREDENTIALS, &text),
        "postgres://[REDACTED]:[REDACTED]@db/"
    );
}

#[test]
fn name_of_a_secret_after_another_name_is_no_value() {
    for (text, redacted_text) in [
        (
            "token\n\"password\": \"correct horse\"",
            "token\n\"password\": \"[REDACTED]\"",
        ),
        (
            "token \"password\": \"correct horse\"",
            "token \"password\": \"[REDACTED]\"",
        ),
        ("token 'password'", "token '[REDACTED]'"),
        (
            "secret\n'aws_secret_access_key': 'correct horse'",
            "secret\n'aws_secret_access_key': '[REDACTED]'",
        ),
    ] {
        assert_eq!(redacted(&CREDENTIALS, text), redacted_text);
    }
}

#[test]
fn secret_that_begins_in_another_goes_whole() {
    let key = "MC4CAQAwBQYDK2VwBCIEIHKduF4SD0DcJG6Ob3Tg0G7KbTdsUqFyfqTaA3sr2dwp";
    let block = format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----");
    for (text, redacted_text) in [
        (
            format!("jwt_secret: \"{block}\""),
            "jwt_secret: \"[REDACTED]\"",
        ),
        (
            "token \"a password\": \"correct horse\"".to_owned(),
            "token \"[REDACTED]\": \"[REDACTED]\"",
        ),
        (
            format!(
                "{} password=\"correct horse\"",
                concat!("AK", "IAIOSFODNN7EXAMPLE")
            ),
            "[REDACTED] password=\"[REDACTED]\"",
        ),
    ] {
        assert_eq!(redacted(&CREDENTIALS, &text), redacted_text);
    }
    assert_eq!(
        redacted(&PII, "to jane@a.example@b.example,"),
        "to [REDACTED],"
    );
}

#[test]
fn key_block_without_an_end_hides_no_other_secret() {
    let line = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";
    let block = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{line}\n");
    for (text, redacted_text) in [
        (
            concat!(
                "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/",
                "bPxRfiCYEXAMPLEKEY"
            ),
            "[REDACTED]\nAWS_SECRET_ACCESS_KEY=[REDACTED]",
        ),
        ("password\n\"correct horse\"", "[REDACTED]\n\"[REDACTED]\""),
    ] {
        assert_eq!(
            redacted(&CREDENTIALS, &(block.clone() + text)),
            redacted_text
        );
    }
}

#[test]
fn every_built_in_rule_proves_itself() {
    assert_eq!(CREDENTIALS.prove(), Ok(()));
    assert_eq!(PII.prove(), Ok(()));
}

#[test]
fn configured_patterns_replace_the_preset() {
    let rules = configured(&["cat", r"(?<=id )\d+"]).unwrap();
    let key = concat!("AK", "IAIOSFODNN7EXAMPLE");
    assert_eq!(
        redacted(&rules, &format!("cat {key} id 17, 18")),
        format!("[REDACTED] {key} id [REDACTED], 18")
    );
}

#[test]
fn configured_patterns_know_unicode() {
    let rules = configured(&["naïve", r"\bÄ\w+"]).unwrap();
    assert_eq!(
        redacted(&rules, "é naïve Äpfel ü"),
        "é [REDACTED] [REDACTED] ü"
    );
    assert_eq!(
        redacted(&configured(&["."]).unwrap(), "éü"),
        "[REDACTED][REDACTED]"
    );
}

#[test]
fn no_patterns_find_nothing() {
    let rules = configured(&[]).unwrap();
    assert!(rules.is_empty());
    assert_eq!(redacted(&rules, "anything"), "anything");
}

#[test]
fn bad_patterns_are_refused_with_their_index() {
    for (pattern, what) in [
        ("(", "paren"),
        ("a**b)", ""),
        ("[z-a]", ""),
        ("x*", "empty text"),
        (r"\8", ""),
    ] {
        let Err(RedactError::Pattern { index: 1, problem }) = configured(&["fine", pattern]) else {
            panic!("{pattern} was taken");
        };
        assert!(problem.what.contains(what), "{}", problem.what);
    }
}

#[test]
fn a_pattern_that_runs_away_is_an_error_and_no_pass() {
    let rules = configured(&[r"(?:x+x+)+(?<!xx)y"]).unwrap();
    let text = format!("{}y", "x".repeat(60));
    let result = rules.redact(&text, &mut Findings::default());
    assert_eq!(result, Err(RedactError::GaveUp { configured: true }));
}

#[test]
fn label_is_configurable_and_may_be_empty() {
    let config = RedactionConfig {
        label: String::new(),
        ..RedactionConfig::default()
    };
    let rules = RuleSet::compile(&config).unwrap();
    assert_eq!(
        redacted(&rules, concat!("a AK", "IAIOSFODNN7EXAMPLE b")),
        "a  b"
    );
}

#[test]
fn disabled_rules_are_not_even_compiled() {
    let config = RedactionConfig {
        enabled: false,
        patterns: Some(vec!["(".into()]),
        ..RedactionConfig::default()
    };
    assert!(RuleSet::compile(&config).unwrap().is_empty());
}

#[test]
fn bytes_around_a_secret_need_not_be_text() {
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend_from_slice(concat!("AK", "IAIOSFODNN7EXAMPLE").as_bytes());
    bytes.push(0x80);
    let out = CREDENTIALS
        .redact_bytes(&bytes, &mut Findings::default())
        .unwrap()
        .unwrap();
    assert_eq!(
        out,
        [b"\xff\xfe".as_slice(), b"[REDACTED]", b"\x80"].concat()
    );
}

/// Text in which findings, almost-findings and other characters meet.
fn text() -> impl Strategy<Value = String> {
    let examples: Vec<&str> = [Preset::Credentials, Preset::Pii]
        .iter()
        .flat_map(|preset| rules::preset(*preset))
        .flat_map(|rule| [rule.example.0, rule.near_miss, rule.example.1])
        .collect();
    let piece = prop_oneof![
        3 => proptest::sample::select(examples).prop_map(str::to_owned),
        1 => proptest::sample::select(vec![
            "\n", " ", "\"", "'", "é", "token=", "password: \"", "-----BEGIN PRIVATE KEY-----", "@", "eyJ",
            "-----END", "\\n", "://", ":", "sk-", "+1",
        ]).prop_map(str::to_owned),
        1 => "[ -~é]{0,12}",
    ];
    proptest::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_stays_is_the_text_between_findings(text in text()) {
        for rules in [&*CREDENTIALS, &*PII] {
            let found = rules.find(&text).unwrap();
            let mut end = 0;
            for finding in &found {
                prop_assert!(finding.range.start >= end && finding.range.end > finding.range.start);
                prop_assert!(text.is_char_boundary(finding.range.start) && text.is_char_boundary(finding.range.end));
                end = finding.range.end;
            }
            prop_assert!(end <= text.len());
            let redacted = rules.redact(&text, &mut Findings::default()).unwrap();
            prop_assert_eq!(redacted.is_none(), found.is_empty());
        }
    }

    #[test]
    fn a_secret_is_found_whatever_stands_around_it(before in "[ -~é\n]{0,40}", after in "[ -~é\n]{0,40}") {
        for secret in [concat!("gh", "p_aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2"), concat!("AK", "IAIOSFODNN7EXAMPLE")] {
            let out = redacted(&CREDENTIALS, &format!("{before}{secret}{after}"));
            prop_assert!(!out.contains(secret));
        }
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    let hostile: [(&str, &RuleSet); 16] = [
        ("-----BEGIN PRIVATE KEY-----", &CREDENTIALS),
        (
            concat!("-----BEGIN PRIVATE KEY-----AK", "IAIOSFODNN7EXAMPLE "),
            &CREDENTIALS,
        ),
        (concat!("eyJAK", "IAIOSFODNN7EXAMPLE"), &CREDENTIALS),
        (concat!("://a:AK", "IAIOSFODNN7EXAMPLE"), &CREDENTIALS),
        ("token=\"%", &CREDENTIALS),
        ("token \"password", &CREDENTIALS),
        ("token \"password\": ", &CREDENTIALS),
        ("token=\"-----BEGIN PRIVATE KEY-----\n", &CREDENTIALS),
        ("aws_session_token=", &CREDENTIALS),
        ("aws_session_token=$", &CREDENTIALS),
        (concat!("AK", "IA"), &CREDENTIALS),
        ("a", &CREDENTIALS),
        ("123-45-6789-", &PII),
        ("4111 1111 1111 1112 ", &PII),
        ("a.b@c.", &PII),
        ("a@b.cd@", &PII),
    ];
    for (piece, rules) in hostile {
        let once = |text: &str| {
            let start = std::time::Instant::now();
            rules.find(text).unwrap();
            start.elapsed()
        };
        // The best of several, since other tests run meanwhile.
        let cost = |bytes: usize| {
            let text = piece.repeat(bytes / piece.len());
            (0..4).map(|_| once(&text)).min().unwrap()
        };
        let (small, large) = (cost(50_000), cost(400_000));
        // Eight times the text; sixty-four times would be quadratic.
        assert!(
            large < small * 32 + std::time::Duration::from_millis(20),
            "{piece}: {small:?} {large:?}"
        );
    }
}
