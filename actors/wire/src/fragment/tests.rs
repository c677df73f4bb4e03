use super::*;
use proptest::prelude::*;
use std::convert::Infallible;

/// Writes what it hears: texts are held until they end, then every `KEY` is replaced.
#[derive(Default)]
struct Writer {
    out: String,
    /// Texts as they were read, decoded.
    texts: Vec<String>,
    keys: Vec<String>,
    /// Bytes of text that are held back before any is let go.
    held: String,
    hold: bool,
}

const REPLACEMENT: &str = "<\"\n>";

impl FragmentSink for Writer {
    type Error = Infallible;

    fn raw(&mut self, text: &str) -> Result<(), Infallible> {
        self.out.push_str(text);
        Ok(())
    }

    fn open(&mut self, key: &str) -> Result<(), Infallible> {
        self.texts.push(String::new());
        self.keys.push(key.to_owned());
        Ok(())
    }

    fn text(&mut self, decoded: &str, spelling: &mut Respelling) -> Result<(), Infallible> {
        self.texts.last_mut().unwrap().push_str(decoded);
        if self.hold {
            self.held.push_str(decoded);
        } else {
            spelling.keep(decoded, &mut self.out);
        }
        Ok(())
    }

    fn close(&mut self, spelling: &mut Respelling) -> Result<(), Infallible> {
        let held = std::mem::take(&mut self.held);
        let mut rest = held.as_str();
        while let Some((before, after)) = rest.split_once("KEY") {
            spelling.keep(before, &mut self.out);
            spelling.replace(3, REPLACEMENT, &mut self.out);
            rest = after;
        }
        spelling.keep(rest, &mut self.out);
        Ok(())
    }
}

fn run<'c>(hold: bool, chunks: impl IntoIterator<Item = &'c str>) -> Writer {
    let mut writer = Writer {
        hold,
        ..Writer::default()
    };
    let mut fragment = Fragment::new();
    for chunk in chunks {
        let Ok(()) = fragment.push(chunk, &mut writer);
    }
    let Ok(()) = fragment.finish(&mut writer);
    assert_eq!(fragment.respelling.remembered().0, 0);
    writer
}

fn texts(text: &str) -> Vec<String> {
    run(false, [text]).texts
}

#[test]
fn texts_have_the_keys_that_they_are_values_of() {
    let text =
        r#"{"a":"1","b\u0063\"":["2",["3"],"4"],"d":{"e":["5"],"f":6},"g":[{"h":"7"},"8"]} "9" no"#;
    let keys = ["a", "bc\"", "bc\"", "", "e", "h", "", "", ""];
    for cut in 0..=text.len() {
        let (head, tail) = text.split_at(cut);
        assert_eq!(run(false, [head, tail]).keys, keys, "{cut}");
    }
}

#[test]
fn of_a_long_key_the_end_is_known() {
    let text = format!(r#"{{"{}_password":"x"}}"#, "é".repeat(100));
    let writer = run(false, [text.as_str()]);
    assert!(
        writer
            .keys
            .iter()
            .all(|key| key.ends_with("é_password") && key.len() <= 64)
    );
}

#[test]
fn values_are_texts_and_keys_are_not() {
    assert_eq!(
        texts(
            r#" {"a\"":"x", "b" : ["y",{"c":{}, "d":""}], "e":[[],-1.5e3,true,null,false,"z"]} "#
        ),
        ["x", "y", "", "z"]
    );
    assert_eq!(texts(r#""alone""#), ["alone"]);
}

#[test]
fn documents_may_follow_each_other() {
    assert_eq!(texts(r#"{"a":"x"}{"a":"y"} ["z"]"#), ["x", "y", "z"]);
}

#[test]
fn what_is_no_json_is_plain_text() {
    assert_eq!(texts("rm -rf \"x\\n\""), ["rm -rf \"x\\n\""]);
    assert_eq!(texts("  4111 1111"), ["4111 1111"]);
    assert_eq!(
        texts("*** Begin {\"a\":\"b\"}"),
        ["*** Begin {\"a\":\"b\"}"]
    );
    assert_eq!(texts(""), [""; 0]);
}

#[test]
fn from_where_the_json_is_broken_everything_is_plain() {
    for (text, wanted) in [
        ("{'a':'b'}", vec!["'a':'b'}"]),
        (r#"{"a":"b",c:"d"}"#, vec!["b", r#"c:"d"}"#]),
        (r#"{"a":nullAKIA"#, vec!["AKIA"]),
        (r#"{"a":nuAKIA"#, vec!["AKIA"]),
        (r#"["a"} x"#, vec!["a", "} x"]),
        (r#"{"a":"b"} and more"#, vec!["b", "and more"]),
        (r#"{"a" "b"}"#, vec![r#""b"}"#]),
        (r#"[1,]"#, vec!["]"]),
    ] {
        assert_eq!(texts(text), wanted, "{text}");
        assert_eq!(run(true, [text]).out, text);
    }
}

#[test]
fn escapes_are_decoded_and_come_out_as_they_were() {
    let text = r#"{"a":"\u0041\n\/\"\\ \ud83d\ude00 \u00e9é \u000a"}"#;
    assert_eq!(texts(text), ["A\n/\"\\ 😀 éé \n"]);
    assert_eq!(run(true, [text]).out, text);
    let replaced = run(true, [r#"["\u0041KEY\/KEY\u00e9"]"#]);
    assert_eq!(replaced.out, r#"["\u0041<\"\n>\/<\"\n>\u00e9"]"#);
}

#[test]
fn wrong_escapes_and_raw_line_feeds_stay_in_the_string() {
    let text = "[\"a\nb\\x \\u12 \\ud83d \\ud83d\\n\\ude00\\ud83d\\u0041\",\"next\"]";
    assert_eq!(
        texts(text),
        ["a\nb\\x \\u12 \u{fffd} \u{fffd}\n\u{fffd}\u{fffd}A", "next"]
    );
    assert_eq!(run(true, [text]).out, text);
}

#[test]
fn what_is_cut_off_at_the_end_is_still_read() {
    for (text, wanted) in [
        (r#"{"a":"b"#, "b"),
        (r#"{"a":"b\"#, "b\\"),
        (r#"{"a":"b\u00"#, "b\\u00"),
        (r#"{"a":"b\ud83d"#, "b\u{fffd}"),
        (r#"{"a":"b\ud83d\u"#, "b\u{fffd}\\u"),
    ] {
        assert_eq!(texts(text), [wanted], "{text}");
        assert_eq!(run(true, [text]).out, text);
    }
}

#[test]
fn plain_text_is_replaced_without_escapes() {
    assert_eq!(run(true, ["the KEY \\n"]).out, "the <\"\n> \\n");
}

#[test]
fn nesting_beyond_the_bound_is_plain_text() {
    let deep = "[".repeat(2000) + "\"x\"";
    let writer = run(true, [deep.as_str()]);
    assert_eq!(writer.out, deep);
    assert_eq!(writer.texts.len(), 1);
    let near = "[{\"k\":".repeat(400) + "\"x\"" + &"}]".repeat(400);
    assert_eq!(texts(&near), ["x"]);
}

#[test]
fn nothing_is_remembered_after_a_long_chunk() {
    let mut writer = Writer::default();
    let mut fragment = Fragment::new();
    let chunk = format!("[\"{}", "\\/".repeat(10_000));
    let Ok(()) = fragment.push(&chunk, &mut writer);
    assert!(fragment.respelling.remembered().1 <= 32);
    assert!(size_of::<Fragment>() <= 256);
}

fn piece() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\\"",
        "\\n",
        "\\/",
        "\\u",
        "\\u0041",
        "\\u00e9",
        "\\ud83d",
        "\\ude00",
        "u",
        "0",
        "d8",
        "true",
        "null",
        "nul",
        "-1e5",
        " ",
        "\n",
        "é",
        "😀",
        "KEY",
        "K",
        "EY",
        "\"a\":",
        "{\"a\":\"",
        "\"}",
        "plain words",
        "\u{1}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_cut_reads_and_writes_the_same(
        pieces in proptest::collection::vec(piece(), 0..24),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let text = pieces.concat();
        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut at: Vec<usize> = cuts.iter().map(|cut| bounds[cut.index(bounds.len())]).collect();
        at.extend([0, text.len()]);
        at.sort_unstable();
        let chunks: Vec<&str> = at.windows(2).map(|pair| text.get(pair[0]..pair[1]).unwrap()).collect();
        let whole = run(false, [text.as_str()]);
        let cut = run(false, chunks.iter().copied());
        prop_assert_eq!(&whole.texts, &cut.texts);
        prop_assert_eq!(&whole.out, &text);
        prop_assert_eq!(&cut.out, &text);
        prop_assert_eq!(run(true, [text.as_str()]).out, run(true, chunks.iter().copied()).out);
    }

    #[test]
    fn texts_of_valid_json_are_what_a_parser_reads(values in proptest::collection::vec(any::<String>(), 0..6)) {
        let text = serde_json::json!({ "a": values, "b": { "KEY": values } }).to_string();
        let read = run(true, [text.as_str()]);
        let twice: Vec<_> = values.iter().chain(&values).cloned().collect();
        prop_assert_eq!(read.texts, twice);
        let out: serde_json::Value = serde_json::from_str(&read.out).unwrap();
        let wanted: Vec<_> = values.iter().map(|value| value.replace("KEY", REPLACEMENT)).collect();
        prop_assert_eq!(&out["a"], &serde_json::json!(wanted));
        prop_assert_eq!(&out["b"]["KEY"], &serde_json::json!(wanted));
    }
}
