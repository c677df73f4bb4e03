//! Keys with anything before and behind their lines.

#![allow(clippy::string_slice, reason = "tests cut texts at boundaries")]

use super::*;
use crate::scan::compiled::Compiled;
use crate::scan::probe::Probe;
use crate::scan::sink::{Replaces, Sink, Stop};
use crate::scan::stream::{TextStream, scan_whole};
use crate::table::credentials;

/// Three full lines of a body, and the last one.
const BODY: [&str; 4] = [
    "MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAK6AUMYjX9zH6mQw",
    "f+kLn6nBDdPAudtEKrmbnV+YUrdg/AX/hiGetXFXjfCCutFpARUuqoe+SunY3Ecv",
    "A+FVULYwVeITN4pqRIktTdQo3BTxxnDNwtY842ZP5YqXyxumfBWR2/d/zxW/oadD",
    "tv3UteWsg9mkNbl9RxBvW0e4l42JAgMBAAE=",
];

fn probe() -> Probe {
    Probe::new(build, credentials::generic())
}

fn begin() -> String {
    ["-----BEGIN RSA PRIV", "ATE KEY-----"].concat()
}

fn end() -> String {
    ["-----END RSA PRIV", "ATE KEY-----"].concat()
}

/// The lines of a key.
fn key() -> Vec<String> {
    let body = BODY.iter().map(|line| (*line).to_owned());
    [begin()].into_iter().chain(body).chain([end()]).collect()
}

type Written = fn(usize, &str) -> String;

/// Ways to write the line with a number; each has its break.
const LINES: &[(&str, Written)] = &[
    ("a read tool", |n, line| format!("{n:6}→{line}\n")),
    ("cat -n", |n, line| format!("{n:6}\t{line}\n")),
    ("nl with a blank", |n, line| format!("{n:4} {line}\n")),
    ("a number and a colon", |n, line| format!("{n}: {line}\n")),
    ("a number and a stroke", |n, line| {
        format!("{n:3} | {line}\n")
    }),
    ("L1", |n, line| format!("L{n}: {line}\n")),
    ("grep -n", |n, line| format!("etc/server.pem:{n}:{line}\n")),
    ("grep -r", |_, line| {
        format!("keys/srv/tls/Server1/private_key:{line}\n")
    }),
    ("a long path", |_, line| {
        format!("/etc/keys/Srv1x/Tls2y/Zone3q/Ab4c/5d6E/Key.pem:{line}\n")
    }),
    ("grep -C", |n, line| format!("k.pem-{n}-{line}\n")),
    ("docker logs", |n, line| {
        format!("2026-01-01T00:00:0{n}.123456789Z {line}\n")
    }),
    ("syslog", |n, line| {
        format!("Nov 22 23:55:{n:02} web-1 app[4711]: {line}\n")
    }),
    ("compose", |_, line| format!("web-1  | {line}\n")),
    ("kubectl logs", |n, line| {
        format!(
            "[pod/my-app-5d4f8c7b9-x2x4z/app] 2026-01-01T00:00:0{n}.000000000Z stderr F {line}\n"
        )
    }),
    ("a log driver", |n, line| {
        format!(
            "{{\"log\":\"{line}\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:0{n}.1Z\"}}\n"
        )
    }),
    ("a box", |_, line| format!("│ {line:64} │\n")),
    ("a box of ASCII", |_, line| format!("| {line:64} |\n")),
    ("C", |_, line| format!("// {line}\n")),
    ("SQL", |_, line| format!("-- {line}\n")),
    ("assembly", |_, line| format!("; {line}\n")),
    ("TeX", |_, line| format!("% {line}\n")),
    ("batch", |_, line| format!("REM {line}\r\n")),
    ("colours", |_, line| format!("\x1b[32m{line}\x1b[0m\n")),
    ("a coloured diff", |_, line| {
        format!("\x1b[32m+\x1b[m\x1b[32m{line}\x1b[m\n")
    }),
    ("a diff that adds", |_, line| format!("+{line}\n")),
    ("a diff that removes", |_, line| format!("-{line}\n")),
    ("a numbered diff", |n, line| format!("{n:4}   + {line}\n")),
    ("echo", |_, line| format!("echo \"{line}\" >> k\n")),
    ("puts", |_, line| format!("f.puts \"{line}\"\n")),
    ("append", |_, line| format!("sb.append(\"{line}\\n\");\n")),
    ("Basic", |_, line| format!("\"{line}\" & vbCrLf & _\n")),
    ("PHP", |_, line| format!("'{line}' .\n")),
    ("assignments", |n, line| format!("line{n}={line}\n")),
    ("cat -A", |_, line| format!("{line}$\n")),
    ("cat -A with returns", |_, line| format!("{line}^M$\n")),
    ("paragraphs", |_, line| format!("<p>{line}</p>\n")),
    ("<br>", |_, line| format!("{line}<br>")),
    ("<br/> and a break", |_, line| format!("{line}<br/>\n")),
    ("&#10;", |_, line| format!("{line}&#10;")),
    ("HTML", |_, line| {
        format!(
            "{}&#xA;",
            line.replace('+', "&#43;")
                .replace('/', "&#x2F;")
                .replace('=', "&#61;")
        )
    }),
    ("%0A", |_, line| format!("{line}%0A")),
    ("a URL", |_, line| {
        format!("{}%0D%0A", encoded(line).replace(' ', "%20"))
    }),
    ("a form", |_, line| {
        format!("{}%0A", encoded(line).replace(' ', "+"))
    }),
    ("JSON", |_, line| {
        let line = line.replace('+', "\\u002B").replace('/', "\\/");
        format!("{}\\u000a", line.replace('=', "\\u003d"))
    }),
    ("U+2028", |_, line| format!("{line}\u{2028}")),
    ("a vertical tab", |_, line| format!("{line}\x0b")),
    ("a form feed", |_, line| format!("{line}\x0c")),
    ("commas", |_, line| format!("{line},\n")),
    ("semicolons", |_, line| format!("{line};")),
    ("blanks that do not break", |_, line| {
        format!("\u{a0}\u{a0}{line}\n")
    }),
];

fn encoded(line: &str) -> String {
    line.replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

fn written(lines: &[String], write: Written) -> String {
    let numbered = lines.iter().enumerate();
    numbered
        .map(|(number, line)| write(number + 8, line))
        .collect()
}

/// The first or last line as such a way writes it.
fn armour(line: &str, write: Written) -> String {
    let text = write(8, line);
    let start = text.find("-----BEGIN").or(text.find("-----END")).unwrap();
    text[start..=text.rfind("-----").unwrap() + 4].to_owned()
}

fn texts() -> Vec<(String, String)> {
    let text = |(name, write): &(&str, Written)| {
        let text = format!("A key:\n{}and more.", written(&key(), *write));
        ((*name).to_owned(), text)
    };
    let mut texts: Vec<_> = LINES.iter().map(text).collect();
    for gap in [
        "...",
        "[... 8 lines omitted ...]",
        "…",
        "<snip>",
        "# and so on",
    ] {
        let mut lines = key();
        lines[2] = gap.into();
        texts.push((gap.into(), format!("{}\n", lines.join("\n"))));
        texts.push((format!("numbered {gap}"), written(&lines, LINES[0].1)));
    }
    let small = key()
        .join("\n")
        .replace("BEGIN RSA PRIVATE KEY", "begin rsa private key");
    texts.push(("a small first line".into(), small));
    let four = key()
        .join("\n")
        .replace("-----BEGIN RSA", "---- BEGIN")
        .replace("KEY-----", "KEY----");
    texts.push(("four dashes".into(), four));
    texts
}

#[test]
fn keys_are_found_whole_whatever_stands_around_their_lines() {
    for (name, write) in LINES {
        let text = written(&key(), *write);
        let (first, last) = (armour(&begin(), *write), armour(&end(), *write));
        let found = probe().found(&text).join("#");
        assert!(
            found.starts_with(&first) && found.ends_with(&last),
            "{name}: {found}"
        );
    }
}

#[test]
fn of_keys_in_odd_lines_nothing_is_left() {
    for (name, text) in texts() {
        let found = probe().found(&text).concat();
        assert_eq!(probe().found(&text).len(), 1, "{name}: {text}");
        assert!(found.to_ascii_lowercase().starts_with("----"), "{name}");
        assert!(
            found.ends_with("KEY-----") || found.ends_with("KEY----"),
            "{name}: {found}"
        );
    }
}

#[test]
fn answers_on_prefixes_of_odd_lines_never_contradict() {
    for (_, text) in texts() {
        probe().check_prefixes(&text);
    }
    for text in cut_off() {
        probe().check_prefixes(&format!("{text}\nand more of other things, {BODY:?}"));
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Out(String);

impl Sink for Out {
    fn keep(&mut self, text: &str) -> Result<(), Stop> {
        self.0.push_str(text);
        Ok(())
    }

    fn found(&mut self, rules: &[RuleNumber], text: &str) -> Result<(), Stop> {
        self.0.push_str(&format!("{{{rules:?} {}}}", text.len()));
        Ok(())
    }

    fn observed(&mut self, _rule: RuleNumber, _range: std::ops::Range<usize>) {}
}

#[test]
fn odd_lines_come_out_as_of_the_whole_text_wherever_it_is_cut() {
    let rows: Vec<&'static Rule> = credentials::generic().iter().collect();
    let set = Compiled::new(&rows, Vec::new()).unwrap();
    let all = Replaces::those(rows.len(), |_| true);
    let whole = texts().into_iter().map(|(_, text)| text);
    for text in whole.chain(cut_off()) {
        let mut expected = Out::default();
        scan_whole(&set, &all, &text, &mut expected).unwrap();
        assert!(!expected.0.contains("MIICdwIB"), "{}", expected.0);
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let (mut out, mut stream) = (Out::default(), TextStream::default());
            stream.push(&set, &all, &text[..at], &mut out).unwrap();
            stream.push(&set, &all, &text[at..], &mut out).unwrap();
            stream.finish(&set, &all, &mut out).unwrap();
            assert_eq!(out, expected, "cut at {at}: {text}");
        }
        let (mut out, mut stream) = (Out::default(), TextStream::default());
        for character in text.split_inclusive(|_: char| true) {
            stream.push(&set, &all, character, &mut out).unwrap();
        }
        stream.finish(&set, &all, &mut out).unwrap();
        assert_eq!(out, expected, "{text}");
    }
}

/// Keys without their last lines.
fn cut_off() -> Vec<String> {
    let lines = key();
    let ways = LINES.iter().map(|(_, write)| *write);
    let cut = |write: Written| written(&lines[..4], write);
    ways.map(cut).collect()
}

#[test]
fn keys_in_odd_lines_that_are_cut_off_go_as_far_as_their_lines() {
    let last_of = |write: Written| {
        let last = write(8, BODY[2]);
        let start = last.find("A").unwrap();
        let length = last.rfind("oadD").unwrap() + 4 - start;
        last[start..start + length].to_owned()
    };
    for (name, write) in LINES {
        let cut = written(&key()[..4], *write);
        for after in [
            String::new(),
            write(12, "Then prose follows, and more of it."),
        ] {
            let text = format!("{cut}{after}");
            let found = probe().found(&text).concat();
            assert!(found.ends_with(&last_of(*write)), "{name}: {found}");
        }
    }
}

#[test]
fn the_last_line_of_a_key_that_is_cut_off_goes_too() {
    for (name, write) in LINES {
        let text = written(&key()[..5], *write);
        let found = probe().found(&text).concat();
        assert!(
            !text.replace(&found, "").contains("NBl9Rx"),
            "{name}: {text}"
        );
        assert!(found.contains("vW0e4l42JAg"), "{name}: {found}");
    }
}

#[test]
fn a_key_that_is_cut_off_swallows_nothing_far_behind_it() {
    let cut = written(&key()[..4], LINES[0].1);
    let prose = "and this is a sentence like any other. ".repeat(8);
    let found_of = |after: &str| probe().found(&format!("{cut}{after}")).concat();
    let expected = found_of("");
    for after in [
        format!("{prose}{}", end()),
        format!("{prose}{}", BODY[1]),
        "commit 0123456789abcdef0123456789abcdef01234567, see src/scan/armour/lines.rs".to_owned(),
        format!(
            "{}{}",
            "-----BEGIN ", "CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----"
        ),
    ] {
        assert_eq!(found_of(&after), expected, "{after}");
    }
}

#[test]
fn two_keys_in_odd_lines_are_two_findings() {
    for (name, write) in LINES {
        let one = written(&key(), *write);
        assert_eq!(probe().found(&format!("{one}{one}")).len(), 2, "{name}");
        let cut = written(&key()[..4], *write);
        assert_eq!(probe().found(&format!("{cut}{one}")).len(), 2, "{name}");
    }
}

#[test]
fn numbered_files_of_other_tools_are_found_whole() {
    let pgp = [
        ["-----BEGIN PGP PRIV", "ATE KEY BLOCK-----"].concat(),
        "Version: GnuPG v2".into(),
        "Comment: made up".into(),
        String::new(),
        BODY[1].into(),
        BODY[2].into(),
        BODY[3].into(),
        "=aB1c".into(),
        ["-----END PGP PRIV", "ATE KEY BLOCK-----"].concat(),
    ];
    let putty = [
        ["PuTTY-User-Key-", "File-3: ssh-rsa"].concat(),
        "Encryption: none".into(),
        "Comment: me".into(),
        "Public-Lines: 2".into(),
        BODY[1].into(),
        BODY[3].into(),
        "Private-Lines: 2".into(),
        BODY[2].into(),
        BODY[3].into(),
        "Private-MAC: 0123456789abcdef0123456789abcdef".into(),
    ];
    let mut encrypted = key();
    encrypted.insert(1, "Proc-Type: 4,ENCRYPTED".into());
    encrypted.insert(
        2,
        "DEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF".into(),
    );
    encrypted.insert(3, String::new());
    for lines in [pgp.as_slice(), &putty, &encrypted] {
        for (name, write) in LINES.iter().take(15) {
            let text = written(lines, *write);
            let found = probe().found(&text).join("#");
            let last = lines.last().unwrap();
            assert!(
                found.ends_with(last) && found.starts_with(&lines[0]),
                "{name}: {found}"
            );
        }
        probe().check_prefixes(&written(lines, LINES[0].1));
    }
}

#[test]
fn documents_about_keys_stay() {
    let (begin, end) = (begin(), end());
    for text in [
        format!("     1→{begin}\n     2→<your key here>\n     3→{end}\n"),
        format!("     1→{begin}\n     2→MIIEpAIBAAKCAQEA...\n     3→{end}\n"),
        format!("It begins with `{begin}` and ends with `{end}`; base64 stands between."),
        format!("A line {begin}, some lines of base64, and at last {end}."),
        format!(
            "if (!pem.startsWith(\"{begin}\")) {{\n  return importPkcs8PrivateKeyFromPemString(pem);\n}}"
        ),
        format!(
            "const head = \"{begin}\";\nconst body = base64ToArrayBuffer(arrayBufferToBase64Text);"
        ),
        format!("{begin}$\nsha256: {}\n", "0123456789abcdef".repeat(4)),
        format!(
            "a/b.rs:1:{begin}\nsrc/main/java/com/example/security/keys/ReadPrivateKeyFromFile.java:1:{begin}"
        ),
        format!("{begin}\n     2→Proc-Type: 4,ENCRYPTED\n     3→and so on\n{end}"),
    ] {
        assert_eq!(probe().found(&text), [""; 0], "{text}");
    }
    let public = key().join("\n").replace("RSA PRIVATE", "PUBLIC");
    let lines: Vec<String> = public.lines().map(str::to_owned).collect();
    for (_, write) in LINES {
        assert_eq!(probe().found(&written(&lines, *write)), [""; 0]);
    }
}

#[test]
fn prose_behind_a_first_line_is_held_for_a_few_lines_at_most() {
    let prose = "\nis what it begins with, and then come lines of base64. ".repeat(5);
    let text = format!("{}{prose}", begin());
    assert_eq!(probe().holds(&text), None);
    assert_eq!(probe().holds(&format!("{}\n    2→", begin())), Some(0));
    assert_eq!(probe().holds(&format!("{}$", begin())), Some(0));
}

#[test]
fn hostile_texts_are_read_in_time_that_grows_with_them() {
    let first = begin();
    let line = format!("    1→{}\n", BODY[0]);
    for piece in [
        "-----BEGIN ".to_owned(),
        first.clone(),
        format!("{first}\n    1→"),
        format!("{first}\n{line}"),
        line,
        "    1→".to_owned(),
        "-".to_owned(),
        "Comment: ".to_owned(),
        format!("{}..", BODY[0]),
        "aB3dE5gH7jK9mN1pQ3sT5vW7yZ. ".to_owned(),
    ] {
        let text = format!("{first}\n{}", piece.repeat(200_000 / piece.len()));
        assert_eq!(visits(&text), Vec::<usize>::new(), "{piece}");
    }
}

/// Looks whose finding goes into the next one.
fn visits(text: &str) -> Vec<usize> {
    let ranges = probe().ranges(text);
    let pairs = ranges.iter().zip(ranges.iter().skip(1));
    pairs
        .filter(|(one, next)| one.1.end > next.1.start)
        .map(|(one, _)| one.1.end)
        .collect()
}
