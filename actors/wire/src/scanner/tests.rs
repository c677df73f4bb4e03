use super::*;

/// Counts values, and refuses nothing.
#[derive(Default)]
struct Count {
    values: usize,
    texts: Vec<String>,
}

impl<'a> Listener<'a> for Count {
    type Context = ();

    fn root(&mut self) {}

    fn member(&mut self, (): (), _key: &Text<'a>) -> Result<(), WireError> {
        Ok(())
    }

    fn value(&mut self, (): (), value: Value<'a>) -> Result<(), WireError> {
        self.values += 1;
        if let Value::Text(text) = value {
            assert_eq!(text.decoded_len(), text.decoded().len());
            self.texts.push(text.decoded().into_owned());
        }
        Ok(())
    }
}

fn scanned(body: &[u8]) -> Result<Count, WireError> {
    let mut count = Count::default();
    scan(body, &JsonLimits::default(), &mut count).map(|()| count)
}

fn path_of(body: &str) -> String {
    match scanned(body.as_bytes()) {
        Err(WireError::DuplicateKey { path }) => path.to_string(),
        Err(other) => other.to_string(),
        Ok(_) => "fine".to_owned(),
    }
}

#[test]
fn values_are_told_in_order() {
    let count =
        scanned(r#" { "a" : [ "x" , 1 , true , null , { } , [ ] ] , "b" : "y" } "#.as_bytes())
            .unwrap();
    assert_eq!(
        (count.values, count.texts),
        (9, vec!["x".to_owned(), "y".to_owned()])
    );
}

#[test]
fn errors_name_line_and_column() {
    let error = scanned(b"{\n  \"a\": tru\n}").err().unwrap();
    assert_eq!(
        error,
        WireError::Syntax {
            line: 2,
            column: 8,
            expected: "a value"
        }
    );
}

#[test]
fn what_the_grammar_forbids_is_refused() {
    for body in [
        "",
        " ",
        "{",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "tru",
        "nul",
        "nulll",
        "\"\\x\"",
        "\"\\u12\"",
        "\"a",
        "\"\n\"",
        "1 2",
        "[]]",
        "{}}",
        "[}",
        "{]",
        "'a'",
        "NaN",
        "\u{feff}1",
        "[1 2]",
        "{\"a\" 1}",
        "\"\u{0}\"",
        "\u{c}1",
    ] {
        assert!(
            matches!(scanned(body.as_bytes()), Err(WireError::Syntax { .. })),
            "{body:?}"
        );
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_anywhere() {
    assert_eq!(
        scanned(b"[\"\xff\"]").err(),
        Some(WireError::NotUtf8 { at: 2 })
    );
    assert_eq!(
        scanned(b"[\"\xed\xa0\x80\"]").err(),
        Some(WireError::NotUtf8 { at: 2 })
    );
}

#[test]
fn ten_thousand_brackets_are_too_deep() {
    assert_eq!(
        scanned(&[b'['; 10_000]).err(),
        Some(WireError::TooDeep { limit: 128 })
    );
    let just_right = ["[".repeat(128), "]".repeat(128)].concat();
    assert_eq!(scanned(just_right.as_bytes()).unwrap().values, 128);
    assert!(scanned(format!("[{just_right}]").as_bytes()).is_err());
}

#[test]
fn too_many_values_are_refused() {
    let limits = JsonLimits {
        max_depth: 2,
        max_values: 4,
    };
    let mut count = Count::default();
    assert_eq!(scan(b"[1,2,3]", &limits, &mut count), Ok(()));
    let refused = scan(b"[1,2,3,4]", &limits, &mut count);
    assert_eq!(refused, Err(WireError::TooManyValues { limit: 4 }));
}

#[test]
fn duplicate_keys_are_refused_at_every_level() {
    assert_eq!(path_of(r#"{"a":1,"a":2}"#), "a");
    assert_eq!(
        path_of(r#"{"m":[{"r":1},{"r":1,"c":[{"x":1,"x":1}]}]}"#),
        "m[1].c[0].x"
    );
    assert_eq!(path_of(r#"[{"a":1},{"a":1}]"#), "fine");
    assert_eq!(path_of(r#"{"a":{"a":{"a":1}}}"#), "fine");
}

#[test]
fn escaped_spellings_of_a_key_are_the_same_key() {
    assert_eq!(path_of(r#"{"model":1,"\u006dodel":2}"#), "model");
    assert_eq!(path_of(r#"{"\ud83d\ude00":1,"😀":2}"#), "?");
    assert_eq!(path_of(r#"{"\ud83d":1,"\ud83e":2}"#), "fine");
    assert_eq!(path_of(r#"{"a\/b":1,"a/b":2}"#), "?");
}

#[test]
fn wide_objects_stay_fast_and_exact() {
    let members: Vec<_> = (0..100_000)
        .map(|number| format!("\"k{number}\":0"))
        .collect();
    let body = format!("{{{}}}", members.join(","));
    assert_eq!(scanned(body.as_bytes()).unwrap().values, 100_001);
    let doubled = format!("{{{},\"k77\":0}}", members.join(","));
    assert_eq!(path_of(&doubled), "k77");
}
