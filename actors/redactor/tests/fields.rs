//! Queries, and forms that are spelt like them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use bytes::Bytes;
use nenya_redactor::{
    Action, ActionRow, Passed, PlaceholderLimits, Preset, RedactError, RedactionConfig,
    RedactorHandle, RuleSet, Who,
};
use wire::JsonLimits;

/// Made up, of the form of an access key id.
const KEY: &str = concat!("AK", "IAZ7QX2MPL4TRJWKD5");
const ANN: Who<'static> = Who {
    key_id: "ann",
    agent: None,
};

fn redactor(config: &RedactionConfig) -> RedactorHandle {
    RedactorHandle::detached(RuleSet::compile(config).unwrap())
}

#[actix_rt::test]
async fn queries_are_decoded_judged_and_spelt_again() {
    let redactor = redactor(&RedactionConfig::default());
    let escaped = KEY.replace('K', "%4b");
    let query = format!("after=file-1&q=use+{escaped}+now&{KEY}&limit=%32");
    let clean = redactor.redact_query(query, ANN).await.unwrap();
    let expected = "after=file-1&q=use%20%5BREDACTED%5D%20now&%5BREDACTED%5D&limit=%32";
    assert_eq!(clean.get(), expected);
    let places: Vec<_> = clean
        .findings()
        .places()
        .iter()
        .map(|at| &at.place)
        .collect();
    assert_eq!(places, ["query.q", "query."]);
    let plain = "after=file-1&order=desc&include[]=a+b%20c";
    let clean = redactor.redact_query(plain.to_owned(), ANN).await.unwrap();
    assert_eq!(clean.get(), plain);
}

async fn fields(redactor: &RedactorHandle, body: &str) -> Result<String, RedactError> {
    let body = Bytes::from(body.to_owned());
    let clean = redactor
        .redact_fields(body, &JsonLimits::default(), ANN)
        .await?;
    Ok(String::from_utf8(clean.into_inner().to_vec()).unwrap())
}

#[actix_rt::test]
async fn forms_that_are_spelt_like_queries_are_judged_like_them() {
    let redactor = redactor(&RedactionConfig::default());
    let (value, label) = (concat!("qX7pL2", "vR9sT4wZ"), "%5BREDACTED%5D");
    let escaped = KEY.replace('K', "%4b");
    for (sent, expected) in [
        (
            format!("To=%2B49&Body=use+{escaped}+now%21&n=%32"),
            format!("To=%2B49&Body=use%20{label}%20now%21&n=%32"),
        ),
        (
            format!("password={value}&other={value}&{KEY}"),
            format!("password={label}&other={value}&{label}"),
        ),
        (
            format!(
                "payload=%7B%22text%22%3A%22{}%22%7D",
                KEY.replace('K', "%5Cu004b")
            ),
            format!("payload=%7B%22text%22%3A%22{label}%22%7D"),
        ),
        (
            format!("payload=%7B%22password%22%3A+%22{value}%22%7D"),
            format!("payload=%7B%22password%22%3A%20%22{label}%22%7D"),
        ),
        (
            format!("password=%22{value}%22"),
            format!("password={label}"),
        ),
        (
            format!("x={}%E2%80%8B{}", &KEY[..9], &KEY[9..]),
            format!("x={label}"),
        ),
        (
            "a=%7Bno+json&b&=c&&d=%ff".to_owned(),
            "a=%7Bno+json&b&=c&&d=%ff".to_owned(),
        ),
    ] {
        assert_eq!(fields(&redactor, &sent).await.unwrap(), expected, "{sent}");
    }
    let hidden = fields(&redactor, "a=%7Bno+json+%5Cu0041").await;
    assert!(matches!(hidden, Err(RedactError::Json(_))), "{hidden:?}");
}

#[actix_rt::test]
async fn bytes_of_a_form_that_are_no_text_hide_nothing() {
    let redactor = redactor(&RedactionConfig::default());
    let body = [b"a=\xff&b=\xff+", KEY.as_bytes()].concat();
    let clean = redactor
        .redact_fields(body.into(), &JsonLimits::default(), ANN)
        .await
        .unwrap();
    let clean = String::from_utf8_lossy(clean.get()).into_owned();
    assert!(
        clean.ends_with("%20%5BREDACTED%5D") && clean.starts_with("a="),
        "{clean}"
    );
}

#[actix_rt::test]
async fn stand_ins_of_both_become_values_again() {
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
        // Nothing is kept for later.
        placeholders: PlaceholderLimits {
            bytes: 0,
            ..PlaceholderLimits::default()
        },
        ..RedactionConfig::default()
    });
    let pairs = format!("to={}&x=1", mail.replace('@', "%40"));
    let query = redactor.redact_query(pairs.clone(), ANN).await.unwrap();
    let stand_in = query.get().strip_prefix("to=").unwrap();
    let stand_in = stand_in.strip_suffix("&x=1").unwrap();
    assert!(stand_in.starts_with("NENYA_EMAIL_"), "{stand_in}");
    let limits = JsonLimits::default();
    let form = redactor.redact_fields(pairs.into(), &limits, ANN).await;
    let form = form.unwrap();
    assert_eq!(form.get(), query.get());

    let nothing = redactor.redact_text(Bytes::new(), ANN).await.unwrap();
    let mut knowing = nothing.reply().unwrap();
    knowing.learn(&query);
    for mut reply in [form.reply().unwrap(), knowing] {
        let Passed::All(bytes) = reply.text(format!("sent to {stand_in}.").as_bytes()) else {
            panic!("it ends")
        };
        let rest = reply.finish().unwrap();
        let came = [bytes, rest].concat();
        assert_eq!(came, format!("sent to {mail}.").as_bytes());
    }
}
