//! Characters that nobody sees, or that only look like ASCII, in replies: whole, streamed, and in
//! the arguments of tool calls.

use nenya_redactor::{Passed, RedactionConfig, ReplyRedactor};
use serde_json::json;

use super::formats::{ARGUMENTS, Format, TEXTS};
use super::json_values::whole_arguments;
use super::plain::pieces;
use super::support::{
    ANN, Dice, KEY, all, all_families, ask, everything, message, odd, redactor, reply, stand_ins,
    through, whole_text,
};

const LABEL: &str = "[REDACTED]";

/// Secrets with such characters in them, and only there.
fn hidden() -> Vec<String> {
    let (start, end) = KEY.split_at(7);
    let (card, iban) = ("4929 3176 0842 7355", "DE12 5001 0517 0648 4898 90");
    let wide = card.chars().map(|char| match char {
        '0'..='9' => char::from_u32(u32::from(char) + 0xfee0).unwrap(),
        other => other,
    });
    vec![
        format!("{start}\u{200b}{end}"),
        format!("{start}\u{ad}{}\u{2060}{}", &end[..4], &end[4..]),
        format!(
            "{start}\u{34f}{}\u{61c}{}\u{180e}{}",
            &end[..3],
            &end[3..6],
            &end[6..]
        ),
        format!(
            "{start}\u{e0041}\u{e0042}{}\u{e0101}{}",
            &end[..4],
            &end[4..]
        ),
        marked(KEY),
        alike(KEY),
        KEY.replacen('P', "\u{3a1}", 1),
        bold(KEY),
        circled(KEY),
        card.replace(' ', "\u{3000}"),
        bold(card),
        card.replace(' ', "\u{a0}"),
        card.replace(' ', "\u{2011}"),
        wide.collect(),
        iban.replace(' ', "\u{202f}"),
        "jana.\u{200b}novak@mail.velmora.net".to_owned(),
    ]
}

/// With a combining mark between all letters.
fn marked(text: &str) -> String {
    let letters: Vec<String> = text.chars().map(String::from).collect();
    letters.join("\u{336}")
}

/// With Cyrillic letters, the first one too.
fn alike(text: &str) -> String {
    text.replace('A', "\u{410}").replace('T', "\u{422}")
}

/// In the bold letters of mathematics.
fn bold(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        'A'..='Z' => char::from_u32(u32::from(letter) - 0x41 + 0x1d400).unwrap(),
        '0'..='9' => char::from_u32(u32::from(letter) - 0x30 + 0x1d7ce).unwrap(),
        other => other,
    });
    letters.collect()
}

/// With letters in circles, and raised digits.
fn circled(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        'A'..='Z' => char::from_u32(u32::from(letter) - 0x41 + 0x24b6).unwrap(),
        '4'..='9' => char::from_u32(u32::from(letter) - 0x34 + 0x2074).unwrap(),
        other => other,
    });
    letters.collect()
}

fn streamed(format: &Format, reply: &mut ReplyRedactor, parts: &[&str]) -> String {
    let mut events: Vec<String> = parts.iter().map(|part| (format.piece)(part)).collect();
    events.extend((format.ends)());
    format.read_all(&through(reply, events.iter().map(String::as_str)))
}

#[test]
fn they_hide_no_secret_in_a_reply_wherever_it_is_cut() {
    let redactor = redactor(&everything());
    for secret in hidden() {
        let text =
            |secret: &str| format!("caf\u{e9} \u{2014} it is {secret}, \u{201c}yes\u{201d}\u{a0}!");
        let (text, expected) = (text(&secret), text(LABEL));
        assert_eq!(whole_text(&redactor, &text), expected);
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (head, tail) = text.split_at(cut);
            let format = &TEXTS[cut % TEXTS.len()];
            let out = streamed(format, &mut reply(&redactor), &[head, tail]);
            assert_eq!(out, expected, "{} at {cut}", format.name);
        }
        let out = pieces(&mut reply(&redactor), text.as_bytes().chunks(1));
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}

#[test]
fn nor_in_the_arguments_of_a_call_however_they_are_escaped() {
    let redactor = redactor(&everything());
    let (start, end) = KEY.split_at(7);
    for hidden in [
        format!("{start}\u{200b}{end}"),
        format!("{start}\\u200b{end}"),
        format!("{start}\\u00AD{}\u{2060}{}", &end[..4], &end[4..]),
        marked(KEY),
        alike(KEY),
        KEY.replace('A', "\\u0410"),
        bold(KEY),
        KEY.replace('A', "\\ud835\\udc00"),
        format!("{start}\u{e0041}\\udb40\\udc42{end}"),
    ] {
        let arguments = |secret: &str| {
            format!("{{\"a\\u0062\":\"\\/x\\n{secret}\\u00e9\", \"n\":1.0, \"o\":[\"\\u00A0\"]}}")
        };
        let (arguments, expected) = (arguments(&hidden), arguments(LABEL));
        assert_eq!(whole_arguments(&redactor, &arguments), expected);
        for cut in (0..=arguments.len()).filter(|cut| arguments.is_char_boundary(*cut)) {
            let (head, tail) = arguments.split_at(cut);
            let format = &ARGUMENTS[cut % ARGUMENTS.len()];
            let out = streamed(format, &mut reply(&redactor), &[head, tail]);
            assert_eq!(out, expected, "{} at {cut}", format.name);
        }
    }
}

#[test]
fn a_key_decides_about_a_value_that_has_them() {
    let redactor = redactor(&everything());
    let arguments = "{\"password\":\"correct\u{a0}horse\u{200b} battery\", \"b\":\"x\u{a0}y\"}";
    let expected = "{\"password\":\"[REDACTED]\", \"b\":\"x\u{a0}y\"}";
    assert_eq!(whole_arguments(&redactor, arguments), expected);
    for format in ARGUMENTS {
        let letters: Vec<String> = arguments.chars().map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        let out = streamed(format, &mut reply(&redactor), &letters);
        assert_eq!(out, expected, "{}", format.name);
    }
}

#[test]
fn they_hide_no_command() {
    let redactor = redactor(&RedactionConfig {
        actions: Vec::new(),
        ..all_families()
    });
    for command in ["rm -rf\u{a0}/", "rm \u{2011}rf /", "rm -r\u{200b}f /"] {
        let mut reply = reply(&redactor);
        let text = format!("Now run `{command}` as root.\n");
        let passed = reply.text(text.as_bytes());
        assert!(matches!(passed, Passed::UpTo(_, _)), "{command}");
    }
}

#[test]
fn a_stand_in_with_them_becomes_the_value_again() {
    let redactor = redactor(&stand_ins());
    let mail = "ann.lee@host-example.com";
    let request = ask(&redactor, &message(mail), ANN).unwrap();
    let sent = String::from_utf8(request.get().body().to_vec()).unwrap();
    let at = sent.find("NENYA_EMAIL_").unwrap();
    let stand_in = &sent[at..at + sent[at..].find('"').unwrap()];
    let (head, tail) = stand_in.split_at(9);
    for spelt in [
        format!("{head}\u{200b}{tail}"),
        format!("{head}\u{ad}{}", tail.to_lowercase()),
    ] {
        let mut reply = request.reply().unwrap();
        let text = format!("to\u{a0}{spelt}\u{a0}!");
        let out = pieces(&mut reply, text.as_bytes().chunks(1));
        assert_eq!(
            String::from_utf8(out).unwrap(),
            format!("to\u{a0}{mail}\u{a0}!")
        );
    }
}

#[test]
fn what_looks_like_no_secret_passes_as_it_is() {
    let redactor = redactor(&all_families());
    for text in [
        "По ГОСТ-123 и ГОСТ 123456789, в ТОР10 и СССР1991: USB-порт, SMSка, Wi-Fi, а с API всё так же.",
        "\u{41d}\u{415} 123456 \u{410}\u{412}123456 серия, тел. в офисе, пароль: нет",
        "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t co\u{301} da\u{302}\u{301}u: mo\u{323}\u{302}t, ba\u{309}y",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} ok \u{2764}\u{fe0f} 1\u{fe0f}\u{20e3}2\u{fe0f}\u{20e3}3\u{fe0f}\u{20e3}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} England, #\u{fe0f}\u{20e3}",
        "\u{1d465}\u{b2} + \u{1d466}\u{b2} = \u{1d467}\u{b2}, 10 m\u{b2}, 1\u{ba}, 2\u{aa}, \u{2460}\u{2461}",
        "Ο Νίκος πήγε στο Α3 και στο Β2B, α-Ω 123· ναι",
        "\u{3000}\u{3000}我们去公园，共３個：是（否）！ ＡＢＣ１２３",
        "می\u{200c}خواهم 123، \u{61c}API\u{61c} را بخوانم",
        "हिन्दी में \u{915}\u{94d}\u{200d}\u{937} और ABC १२३, ภาษาไทย 123 ที่นี่, שָׁלוֹם abc",
    ] {
        assert_eq!(whole_text(&redactor, text), text);
        let out = pieces(&mut reply(&redactor), text.as_bytes().chunks(1));
        assert_eq!(String::from_utf8(out).unwrap(), text);
    }
}

/// Words as a provider streams them, of scripts that have no such characters.
#[test]
fn prose_of_other_scripts_is_not_held_back() {
    let redactor = redactor(&all_families());
    for prose in [
        "Съешь же ещё этих мягких французских булок — «да», выпей чаю, и всё. ",
        "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία — και όχι μόνο· «ναι», είπε ο Νίκος. ",
        "דג סקרן שט בים מאוכזב ולפתע מצא חברה. ",
        "いろはにほへと、ちりぬるを。わかよたれそ、つねならむ。 ",
        "키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다. ",
        "Zażółć gęślą jaźń – nie: „tak” — powiedział. ",
    ] {
        let mut reply = reply(&redactor);
        for word in prose.split_inclusive(' ').cycle().take(200) {
            let event = bytes::Bytes::from((TEXTS[0].piece)(word));
            let out = all(reply.events(event.clone()));
            assert!(!reply.holds() && out == event, "{word}");
        }
    }
}

/// As a reader sees it.
fn plain(text: &str) -> String {
    let letters = text.chars().filter_map(|letter| match letter {
        '\u{200c}' | '\u{200d}' | '\u{fe0f}' => None,
        '\u{a0}' | '\u{202f}' => Some(' '),
        '\u{2013}' => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0),
        other => Some(other),
    });
    letters.collect()
}

#[test]
fn prose_with_them_is_held_back_no_more_than_without() {
    let redactor = redactor(&all_families());
    for prose in [
        "Vraiment\u{202f}? Oui\u{a0}: «\u{a0}bien sûr\u{a0}», dit-il\u{202f}! ",
        "我们今天去公园，好吗？ 好的！ 那么（如果下雨）怎么办： 回家。 ",
        "می\u{200c}خواهم کتاب\u{200c}ها را بخوانم. ",
        "Fine \u{2764}\u{fe0f} and good \u{1f469}\u{200d}\u{1f4bb}, 10\u{a0}km away. ",
        "In 2010\u{2013}2013 it was so, pages 5\u{2013}7 say. ",
    ] {
        let (mut odd, mut ascii) = (reply(&redactor), reply(&redactor));
        for word in prose.split_inclusive(' ').cycle().take(200) {
            all(odd.events(bytes::Bytes::from((TEXTS[0].piece)(word))));
            all(ascii.events(bytes::Bytes::from((TEXTS[0].piece)(&plain(word)))));
            assert_eq!(odd.holds(), ascii.holds(), "{word}");
        }
    }
}

#[test]
fn events_without_secrets_pass_byte_for_byte() {
    let redactor = redactor(&everything());
    let mut reply = reply(&redactor);
    let event = json!({"choices": [{"index": 0, "delta": {"content": "a\u{a0}b \u{200b}c. "}}]});
    let event = bytes::Bytes::from(format!("data: {event}\n\n"));
    let out = all(reply.events(event.clone()));
    assert_eq!(out.as_ptr(), event.as_ptr());
}

/// As for texts without them: `REDACTION_CUTS` says how many cuts.
#[test]
fn random_ones_and_random_cuts_give_the_redaction_of_the_whole() {
    let (redactor, mut dice) = (redactor(&all_families()), Dice(6));
    let secrets = hidden().join(" und größer ");
    for _ in 0..60 {
        let text = odd(&secrets, &mut dice);
        let expected = whole_text(&redactor, &text);
        for size in [1, 2, 3, 5, 17] {
            let out = pieces(&mut reply(&redactor), text.as_bytes().chunks(size));
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{size}: {text}");
        }
    }
}
