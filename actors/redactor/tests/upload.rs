//! Forms that pass through the redactor: what leaves, what stays, and what is broken off.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use nenya_redactor::{
    Action, ActionRow, Broken, FilePolicy, FormBody, FormRules, Passed, Preset, RedactionConfig,
    RedactorHandle, RuleSet, Unreadable, UploadError, UploadWatch, Who,
};
use wire::JsonLimits;
use wire::multipart::FormReader;

/// Made up, of the form of an access key id.
const KEY: &str = concat!("AK", "IAZ7QX2MPL4TRJWKD5");
const LABEL: &str = "[REDACTED]";
const ANN: Who<'static> = Who {
    key_id: "ann",
    agent: None,
};

fn rules() -> FormRules {
    FormRules {
        files: FilePolicy::Redact,
        fragment: false,
        model: None,
        json: JsonLimits::default(),
        longest_text: 64 << 10,
    }
}

fn redactor(config: &RedactionConfig) -> RedactorHandle {
    RedactorHandle::detached(RuleSet::compile(config).unwrap())
}

fn field(name: &str, value: &str) -> Vec<u8> {
    format!("--b0\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into()
}

fn file(content: &[u8]) -> Vec<u8> {
    let head = "--b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    [head.as_bytes(), content, b"\r\n"].concat()
}

fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    [&parts.concat()[..], b"--b0--\r\n"].concat()
}

type Came = (Vec<u8>, Option<UploadError>, UploadWatch);

/// Sends a form in pieces of `step` bytes.
async fn pass(redactor: &RedactorHandle, rules: FormRules, form: &[u8], step: usize) -> Came {
    let pieces: Vec<_> = form
        .chunks(step)
        .map(Bytes::copy_from_slice)
        .map(Ok)
        .collect();
    let body = FormBody {
        reader: FormReader::new("multipart/form-data; boundary=b0").unwrap(),
        taken: Vec::new(),
        rest: Box::pin(stream::iter(pieces)),
        length: Some(form.len() as u64),
    };
    let (upload, watch) = redactor.redact_form(body, rules, ANN);
    let mut upload = upload.into_inner();
    let (mut passed, mut error) = (Vec::new(), None);
    while let Some(piece) = upload.next().await {
        match piece {
            Ok(bytes) => passed.extend_from_slice(&bytes),
            Err(refusal) => error = Some(refusal),
        }
    }
    assert_eq!(watch.error(), error);
    assert_eq!(watch.is_whole(), error.is_none());
    (passed, error, watch)
}

async fn passed(parts: &[Vec<u8>]) -> String {
    let redactor = redactor(&RedactionConfig::default());
    let sent = form(parts);
    let (whole, error, _) = pass(&redactor, rules(), &sent, usize::MAX).await;
    assert_eq!(error, None);
    for step in [1, 7, 100] {
        assert_eq!(
            pass(&redactor, rules(), &sent, step).await.0,
            whole,
            "{step}"
        );
    }
    String::from_utf8(whole).unwrap()
}

async fn refused(rules: FormRules, parts: &[Vec<u8>]) -> (Vec<u8>, UploadError) {
    let redactor = redactor(&RedactionConfig::default());
    let (passed, error, _) = pass(&redactor, rules, &form(parts), usize::MAX).await;
    (passed, error.expect("it is refused"))
}

fn of_text(parts: &[Vec<u8>]) -> String {
    String::from_utf8(form(parts)).unwrap()
}

#[actix_rt::test]
async fn secrets_leave_neither_fields_nor_lines_nor_running_text() {
    let escaped = KEY.replace('A', "\\u0041");
    let lines = format!(
        "\u{feff}{{\"a\":\"{KEY}\"}}\r\n\n  {{\"b\":\"use {escaped} now\"}} \n{{\"c\":1.0}}"
    );
    let parts = [
        field("prompt", &format!("use {KEY}")),
        field("config", &format!("{{\"x\":\"{escaped}\"}}")),
        file(lines.as_bytes()),
        file(format!("name,key\nx,{KEY}\n").repeat(500).as_bytes()),
        field("prompt", &format!("and {KEY} behind the file")),
    ];
    let text = passed(&parts).await;
    assert!(
        !text.contains(KEY) && !text.contains(&escaped),
        "{text:.2000}"
    );
    let clean = [
        field("prompt", &format!("use {LABEL}")),
        field("config", &format!("{{\"x\":\"{LABEL}\"}}")),
        file(
            format!(
                "\u{feff}{{\"a\":\"{LABEL}\"}}\r\n\n  {{\"b\":\"use {LABEL} now\"}} \n{{\"c\":1.0}}"
            )
            .as_bytes(),
        ),
        file(format!("name,key\nx,{LABEL}\n").repeat(500).as_bytes()),
        field("prompt", &format!("and {LABEL} behind the file")),
    ];
    assert_eq!(text, of_text(&clean));
}

#[actix_rt::test]
async fn characters_that_nobody_sees_hide_nothing_in_running_text() {
    let (start, end) = KEY.split_at(9);
    let hidden = [
        format!("{start}\u{200b}{end}"),
        format!("{start}{}", end.replace('D', "\u{ff24}")),
    ];
    let text = |secret: &str| format!("name,key\u{a0}\nJos\u{e9},{secret}\n").repeat(300);
    for secret in hidden {
        let sent = passed(&[file(text(&secret).as_bytes())]).await;
        assert_eq!(sent, of_text(&[file(text(LABEL).as_bytes())]));
    }
}

#[actix_rt::test]
async fn a_document_over_several_lines_is_read_as_one() {
    let escaped = KEY.replace('K', "\\u004b");
    let pretty = |secret: &str| format!("{{\n  \"a\": [\n    \"{secret}\"\n  ]\n}}\n");
    let text = passed(&[file(pretty(&escaped).as_bytes())]).await;
    assert_eq!(text, of_text(&[file(pretty(LABEL).as_bytes())]));
}

#[actix_rt::test]
async fn what_has_no_secret_passes_byte_for_byte() {
    let binary: Vec<u8> = (0..=255).cycle().take(50_000).collect();
    let parts = [
        field("model", "whisper-1"),
        file(&[b"\x89PNG\r\n\x1a\n", KEY.as_bytes(), &binary].concat()),
        file(
            "{\"a\" : 1.0e5 ,\"b\":\"\\u00e9\"}\n"
                .repeat(9_000)
                .as_bytes(),
        ),
        file("caf\u{e9}, plain text\r\n".repeat(9_000).as_bytes()),
        file(b"caf\xe9 in latin-1"),
        field("n", ""),
    ];
    let redactor = redactor(&RedactionConfig::default());
    let sent = form(&parts);
    for step in [999, 70_000] {
        let (passed, error, watch) = pass(&redactor, rules(), &sent, step).await;
        assert_eq!(error, None);
        assert!(passed == sent, "step {step}");
        assert!(watch.findings().is_empty());
    }
}

#[actix_rt::test]
async fn findings_are_counted_over_all_parts() {
    let redactor = redactor(&RedactionConfig::default());
    let parts = [
        field("prompt", KEY),
        file(format!("{{\"a\":\"{KEY}\"}}\n").repeat(3).as_bytes()),
        file(format!("x {KEY} y").as_bytes()),
    ];
    let (_, _, watch) = pass(&redactor, rules(), &form(&parts), 50).await;
    assert_eq!(watch.findings().total(), 5);
}

#[actix_rt::test]
async fn another_model_is_written_and_a_second_one_refused() {
    let redactor = redactor(&RedactionConfig::default());
    let rules = FormRules {
        model: Some("whisper-large-v3".to_owned()),
        ..rules()
    };
    let sent = form(&[file(b"\0"), field("model", "voice")]);
    let (passed, error, _) = pass(&redactor, rules.clone(), &sent, 3).await;
    assert_eq!(error, None);
    assert_eq!(
        passed,
        form(&[file(b"\0"), field("model", "whisper-large-v3")])
    );
    for second in [field("model", "b"), field("Model", "b")] {
        let (_, error) = refused(rules.clone(), &[field("model", "a"), second]).await;
        assert!(matches!(error, UploadError::Twice { field } if field == "model"));
    }
}

#[actix_rt::test]
async fn what_cannot_be_checked_is_broken_off_before_it_leaves() {
    let wide: Vec<u8> = KEY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (passed, error) = refused(rules(), &[field("purpose", "batch"), file(&wide)]).await;
    assert!(matches!(
        error,
        UploadError::Unreadable {
            reason: Unreadable::OtherCharset,
            ..
        }
    ));
    assert!(!passed.windows(8).any(|seen| seen == &wide[..8]));

    let fragment = FormRules {
        fragment: true,
        ..rules()
    };
    let (_, error) = refused(fragment.clone(), &[file(b"half a text")]).await;
    assert!(matches!(
        error,
        UploadError::Unreadable {
            reason: Unreadable::Fragment,
            ..
        }
    ));
    let redactor = redactor(&RedactionConfig::default());
    let binary = form(&[file(b"PK\x03\x04")]);
    assert_eq!(pass(&redactor, fragment, &binary, 9).await.1, None);

    let text_only = FormRules {
        files: FilePolicy::TextOnly,
        ..rules()
    };
    let (_, error) = refused(text_only, &[file(b"\x89PNG\r\n")]).await;
    assert!(matches!(
        error,
        UploadError::Unreadable {
            reason: Unreadable::Binary,
            ..
        }
    ));

    let (passed, error) = refused(
        rules(),
        &[file(format!("{{}}\n{{\"a\":\"{KEY}\"\n").as_bytes())],
    )
    .await;
    assert!(
        matches!(error, UploadError::Redact { line: 2, .. }),
        "{error:?}"
    );
    assert!(!String::from_utf8(passed).unwrap().contains(KEY));

    let (_, error) = refused(rules(), &[field("a", &"x".repeat(65 << 10))]).await;
    assert!(matches!(error, UploadError::TooLong { .. }));
    let (_, error) = refused(
        rules(),
        &[file(
            format!("{{\"a\":\"{}", "x".repeat(65 << 10)).as_bytes(),
        )],
    )
    .await;
    assert!(matches!(error, UploadError::TooLong { .. }));
}

#[actix_rt::test]
async fn a_rule_that_blocks_breaks_off_in_the_middle() {
    let block = ActionRow {
        rule: None,
        class: None,
        agent: None,
        direction: None,
        action: Action::Block,
    };
    let redactor = redactor(&RedactionConfig {
        actions: vec![block],
        ..RedactionConfig::default()
    });
    for part in [
        field("prompt", KEY),
        file(format!("{{\"a\":\"{KEY}\"}}").as_bytes()),
        file(format!("see {KEY} there").as_bytes()),
    ] {
        let (passed, error, _) = pass(&redactor, rules(), &form(&[part]), 10).await;
        assert!(
            matches!(error, Some(UploadError::Redact { .. })),
            "{error:?}"
        );
        assert!(!String::from_utf8(passed).unwrap().contains(KEY));
    }
}

#[actix_rt::test]
async fn the_operator_may_let_everything_pass_and_only_then_the_length_is_kept() {
    let wide = [b"\xff\xfe".as_slice(), KEY.as_bytes()].concat();
    let sent = form(&[file(&wide)]);
    let open = FormRules {
        files: FilePolicy::Pass,
        fragment: true,
        ..rules()
    };
    let redactor_on = redactor(&RedactionConfig::default());
    assert_eq!(pass(&redactor_on, open.clone(), &sent, 7).await.0, sent);
    let off = RedactionConfig {
        enabled: false,
        ..RedactionConfig::default()
    };
    let redactor_off = redactor(&off);
    assert_eq!(pass(&redactor_off, rules(), &sent, 7).await.0, sent);
    for (redactor, length) in [(redactor_on, None), (redactor_off, Some(9))] {
        let body = FormBody {
            reader: FormReader::new("multipart/form-data; boundary=b0").unwrap(),
            taken: Vec::new(),
            rest: Box::pin(stream::empty()),
            length: Some(9),
        };
        assert_eq!(
            redactor
                .redact_form(body, open.clone(), ANN)
                .0
                .get()
                .length(),
            length
        );
    }
}

#[actix_rt::test]
async fn a_client_that_breaks_off_breaks_off_the_upload() {
    let redactor = redactor(&RedactionConfig::default());
    let begun = Bytes::from(form(&[field("a", "b")]));
    for rest in [
        vec![Ok(begun.slice(..20)), Err(Broken)],
        vec![Ok(begun.slice(..20))],
    ] {
        let body = FormBody {
            reader: FormReader::new("multipart/form-data; boundary=b0").unwrap(),
            taken: Vec::new(),
            rest: Box::pin(stream::iter(rest)),
            length: None,
        };
        let (upload, watch) = redactor.redact_form(body, rules(), ANN);
        let pieces: Vec<_> = upload.into_inner().collect().await;
        assert!(pieces.last().unwrap().is_err());
        assert!(!watch.is_whole());
    }
}

#[actix_rt::test]
async fn secrets_leave_no_head_of_a_part() {
    let escaped = KEY.replace('A', "%41");
    let head = |lines: &str| -> Vec<u8> {
        format!("--b0\r\nContent-Disposition: form-data; {lines}\r\n\r\nx\r\n").into()
    };
    let text = passed(&[
        head(&format!("name=\"file\"; filename=\"{KEY}.txt\"")),
        head(&format!("name=\"file\"; filename=\"notes {escaped}.txt\"")),
        head(&format!(
            "name=\"file\"; filename=x; filename*=UTF-8''{escaped}.txt"
        )),
        head(&format!("name=\"{KEY}\"; filename=\"a\"; note={KEY}")),
        head(&format!(
            "name=file; filename=a\r\nX-Note: {KEY}\r\nContent-Type: text/plain"
        )),
        head(&format!(
            "name=file; filename=a\r\nContent-Type: text/plain; note={KEY}"
        )),
    ])
    .await;
    assert!(!text.contains(KEY) && !text.contains(&escaped), "{text}");
    assert_eq!(
        text,
        of_text(&[
            head(&format!("name=\"file\"; filename=\"{LABEL}.txt\"")),
            head("name=\"file\"; filename=\"notes%20%5BREDACTED%5D.txt\""),
            head("name=\"file\"; filename=x; filename*=UTF-8''%5BREDACTED%5D.txt"),
            head(&format!(
                "name=\"{LABEL}\"; filename=\"a\"; note=\"{LABEL}\""
            )),
            head("name=file; filename=a\r\nContent-Type: text/plain"),
            head("name=file; filename=a"),
        ])
    );
}

#[actix_rt::test]
async fn a_head_without_a_secret_passes_byte_for_byte() {
    let odd = "--b0\r\ncontent-disposition:form-data ;name=\"timestamp_granularities[]\" ; filename=\"100%25 \\\"a\\\".txt\"; filename*=utf-8'en'a%20b\r\nX-Other : y\r\n\r\nx\r\n";
    let parts = [Vec::from(odd)];
    assert_eq!(passed(&parts).await, of_text(&parts));
}

#[actix_rt::test]
async fn a_length_that_may_not_be_true_any_more_is_left_out() {
    let head = |more: &str, value: &str| -> Vec<u8> {
        format!("--b0\r\ncontent-disposition: form-data; name=prompt{more}\r\n\r\n{value}\r\n")
            .into()
    };
    let sent = head("\r\nContent-Length: 20\r\nX-Other: y", KEY);
    let expected = head("\r\nX-Other: y", LABEL);
    assert_eq!(passed(&[sent]).await, of_text(&[expected]));
}

#[actix_rt::test]
async fn the_name_of_a_field_says_what_its_value_is() {
    let value = concat!("qX7pL2", "vR9sT4wZ");
    let redactor = redactor(&RedactionConfig::default());
    let sent = form(&[field("password", value), field("prompt", value)]);
    let (passed, error, watch) = pass(&redactor, rules(), &sent, 9).await;
    assert_eq!(error, None);
    assert_eq!(
        passed,
        form(&[field("password", LABEL), field("prompt", value)])
    );
    let findings = watch.findings();
    let places: Vec<_> = findings.places().iter().map(|at| &at.place).collect();
    assert_eq!(places, ["password"]);
}

#[actix_rt::test]
async fn stand_ins_of_a_form_become_values_again() {
    let mail = "ann.lee@host-example.com";
    let placeholder = ActionRow {
        rule: None,
        class: None,
        agent: None,
        direction: None,
        action: Action::Placeholder,
    };
    let redactor = redactor(&RedactionConfig {
        presets: vec![Preset::Pii],
        actions: vec![placeholder],
        ..RedactionConfig::default()
    });
    let sent = form(&[field("to", mail), file(format!("to {mail}\n").as_bytes())]);
    let (passed, _, _) = pass(&redactor, rules(), &sent, 7).await;
    assert!(!String::from_utf8_lossy(&passed).contains(mail));
    let nothing = redactor.redact_text(Bytes::new(), ANN).await.unwrap();
    let mut reply = nothing.reply().unwrap();
    let Passed::All(back) = reply.text(&passed) else {
        unreachable!("nothing is blocked")
    };
    let rest = reply.finish().unwrap();
    assert_eq!([back, rest].concat(), sent);
}
