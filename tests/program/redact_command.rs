//! `nenya redact`: what the rules find, where, and the text without it.

use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::harness::planted::{AWS, GITHUB, MAIL};
use crate::harness::{Dummy, Setup};

fn setup() -> Setup {
    let setup = Setup::new(&Dummy::start());
    setup.write();
    setup
}

/// Runs it with something on standard input.
fn redact(setup: &Setup, arguments: &[&str], input: &[u8]) -> Output {
    let all = [&["redact"], arguments].concat();
    let mut command = setup.command(&all);
    let piped = || Stdio::piped();
    let command = command.stdin(piped()).stdout(piped()).stderr(piped());
    let mut process = command.spawn().unwrap();
    // It may refuse its arguments before it has read.
    process.stdin.take().unwrap().write_all(input).ok();
    process.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text() -> String {
    format!("first line\nkey: {AWS}\n  and {GITHUB}, {MAIL}\n")
}

#[test]
fn standard_input_comes_out_clean_with_a_report_beside_it() {
    let setup = setup();
    let output = redact(&setup, &[], text().as_bytes());
    assert!(output.status.success(), "{output:?}");
    let clean = format!("first line\nkey: [REDACTED]\n  and [REDACTED], {MAIL}\n");
    assert_eq!(out(&output), clean);
    let report = told(&output);
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0], "-:2:6: aws-access-key-id, 20 bytes: redact");
    assert!(lines[1].starts_with("-:3:7: github-"), "{lines:?}");
    assert!(!report.contains(AWS) && !report.contains(GITHUB));
}

#[test]
fn presets_of_the_command_line_go_before_the_configuration() {
    let setup = setup();
    let all = redact(&setup, &["--preset", "credentials,pii"], text().as_bytes());
    assert!(!out(&all).contains(MAIL), "{all:?}");
    let people = redact(&setup, &["--preset", "pii"], text().as_bytes());
    assert!(out(&people).contains(AWS) && !out(&people).contains(MAIL));
    let unknown = redact(&setup, &["--preset", "everything"], b"");
    assert_eq!(unknown.status.code(), Some(2), "{unknown:?}");
    assert!(told(&unknown).contains("credentials"), "{unknown:?}");
}

#[test]
fn the_rules_are_those_of_the_configuration() {
    let setup = Setup::new(&Dummy::start())
        .config("/bouncer/redact_preset", json!("pii"))
        .config("/bouncer/redaction_label", json!("<gone>"));
    setup.write();
    let output = redact(&setup, &["-config", "config.json"], text().as_bytes());
    assert!(out(&output).ends_with(", <gone>\n"), "{output:?}");
    assert!(out(&output).contains(AWS), "{output:?}");
}

#[test]
fn findings_as_json_are_one_line_for_each_file() {
    let setup = setup();
    std::fs::write(setup.folder().join("a.txt"), text()).unwrap();
    std::fs::write(setup.folder().join("b.txt"), "nothing\n").unwrap();
    let output = redact(&setup, &["--format", "json", "a.txt", "b.txt"], b"");
    assert!(output.status.success(), "{output:?}");
    let lines: Vec<Value> = out(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[0]["file"], &lines[1]["file"]),
        (&json!("a.txt"), &json!("b.txt"))
    );
    assert_eq!(lines[1]["findings"], json!([]));
    let first = &lines[0]["findings"][0];
    let start = text().find(AWS).unwrap();
    let expected = json!({"rule": "aws-access-key-id", "class": "credential",
        "start": start, "end": start + AWS.len(), "action": "redact"});
    assert_eq!(*first, expected);
    assert!(told(&output).is_empty() && !out(&output).contains(AWS));
}

#[test]
fn an_explanation_says_what_the_rule_is_and_where_it_is_from() {
    let output = redact(&setup(), &["--explain"], AWS.as_bytes());
    let report = told(&output);
    assert!(report.contains("AWS access key id"), "{report}");
    assert!(report.contains("source: "), "{report}");
    let output = redact(&setup(), &["--explain", "--format", "json"], AWS.as_bytes());
    let line: Value = serde_json::from_str(&out(&output)).unwrap();
    let finding = &line["findings"][0];
    let what = finding["what"].as_str();
    assert!(what.is_some_and(|what| report.contains(what)), "{finding}");
    assert!(finding["source"].is_string(), "{finding}");
}

#[test]
fn a_check_tells_by_its_exit_code() {
    let setup = setup();
    let code = |arguments: &[&str], input: &[u8]| redact(&setup, arguments, input).status.code();
    assert_eq!(code(&["--check"], b"nothing"), Some(0));
    assert_eq!(code(&["--check"], AWS.as_bytes()), Some(1));
    assert_eq!(code(&["--check", "no-such-file"], b""), Some(2));
    assert_eq!(code(&[], AWS.as_bytes()), Some(0));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = redact(&setup(), &["no-such-file"], b"");
    assert!(!output.status.success());
    assert!(told(&output).contains("no-such-file: "), "{output:?}");
}

#[test]
fn bytes_that_are_no_text_survive() {
    let setup = setup();
    let mut input = b"\xff\x00\xfe ".to_vec();
    input.extend_from_slice(AWS.as_bytes());
    input.extend_from_slice(b" \xc3\x28\xf0\x9f");
    let output = redact(&setup, &[], &input);
    assert_eq!(output.stdout, b"\xff\x00\xfe [REDACTED] \xc3\x28\xf0\x9f");
    assert!(told(&output).starts_with("-:1:5: "), "{output:?}");
}

#[test]
fn a_hyphen_is_standard_input() {
    let setup = setup();
    std::fs::write(setup.folder().join("a.txt"), "nothing\n").unwrap();
    let output = redact(&setup, &["a.txt", "-"], text().as_bytes());
    assert!(output.status.success(), "{output:?}");
    assert!(out(&output).starts_with("nothing\nfirst line\nkey: [REDACTED]\n"));
    assert!(told(&output).starts_with("-:2:6: "), "{output:?}");
}

#[test]
fn text_that_is_not_utf_8_is_refused_by_name() {
    let setup = setup();
    let text = text();
    let units = || text.encode_utf16();
    let codes = || text.chars().map(u32::from);
    let wide: [Vec<u8>; 5] = [
        units().flat_map(u16::to_le_bytes).collect(),
        units().flat_map(u16::to_be_bytes).collect(),
        codes().flat_map(u32::to_le_bytes).collect(),
        codes().flat_map(u32::to_be_bytes).collect(),
        std::iter::once(0xfeff)
            .chain(units())
            .flat_map(u16::to_le_bytes)
            .collect(),
    ];
    for bytes in wide {
        std::fs::write(setup.folder().join("wide.txt"), &bytes).unwrap();
        for arguments in [&["--check", "wide.txt"][..], &["wide.txt"]] {
            let output = redact(&setup, arguments, b"");
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            assert!(
                told(&output).contains("wide.txt: this is UTF-16"),
                "{output:?}"
            );
            assert!(output.stdout.is_empty(), "{output:?}");
        }
        let output = redact(&setup, &["--check"], &bytes);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}

#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let setup = setup();
    for text in ["no end of line", "a line\n"] {
        std::fs::write(setup.folder().join("a.txt"), text).unwrap();
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut command = setup.command(&["redact", "a.txt"]);
        let output = command
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{text:?}: {output:?}");
        assert!(told(&output).contains("standard output: "), "{output:?}");
    }
}

#[test]
fn a_bad_configuration_is_refused_as_at_a_start() {
    let setup = Setup::new(&Dummy::start()).config("/bouncer/redact_patterns", json!(["("]));
    setup.write();
    let output = redact(&setup, &["-config", "config.json"], b"text");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(
        told(&output).contains("bouncer.redact_patterns"),
        "{output:?}"
    );
    assert!(output.stdout.is_empty());
}
