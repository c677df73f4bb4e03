//! What counts as ASCII, and that no cut changes it.

#![allow(clippy::string_slice, reason = "tests cut texts at boundaries")]

use proptest::prelude::*;

use super::*;
use crate::fold::{Reading, fold};

fn far(text: &str) -> String {
    let folded = fold(text, false, Reading::Far);
    folded.map_or_else(|| text.to_owned(), |folded| folded.text().to_owned())
}

fn near(text: &str) -> String {
    let folded = fold(text, false, Reading::Near);
    folded.map_or_else(|| text.to_owned(), |folded| folded.text().to_owned())
}

#[test]
fn what_looks_like_ascii_is_read_as_ascii() {
    for (text, read) in [
        (
            "a\u{200b}b\u{a0}c\u{2011}\u{ff11}\u{ff0d}\u{2014}\u{e9}\u{feff}",
            "ab c-1-\u{2014}\u{e9}",
        ),
        ("k\u{435}y \u{430}1 \u{420}\u{410}ss", "key a1 PAss"),
        ("k\u{301}e\u{336}y\u{e0041}\u{e0101}\u{34f}\u{61c}1", "key1"),
        (
            "\u{1d400}\u{1d7cf}\u{24d0}\u{b2}\u{1d2c}\u{3000}x",
            "A1a2A x",
        ),
        ("\u{1f130}\u{ff3f}\u{405}\u{399}", "A_SI"),
    ] {
        assert_eq!(far(text), read);
    }
}

#[test]
fn what_nobody_sees_is_read_as_nothing_behind_ascii() {
    for ends in [
        ['\u{200b}', '\u{200f}'],
        ['\u{202a}', '\u{202e}'],
        ['\u{2060}', '\u{206f}'],
        ['\u{300}', '\u{36f}'],
        ['\u{180b}', '\u{180f}'],
        ['\u{fe00}', '\u{fe0f}'],
        ['\u{fff0}', '\u{fffb}'],
        ['\u{e0000}', '\u{e01ef}'],
    ] {
        for hidden in ends[0]..=ends[1] {
            assert_eq!(far(&format!("a{hidden}b")), "ab", "{hidden:?}");
            let other = format!("\u{644}{hidden}\u{644}");
            assert_eq!(far(&other), other, "{hidden:?}");
        }
    }
}

#[test]
fn prose_of_any_script_is_itself() {
    for prose in [
        "caf\u{e9} \u{2014} \u{201c}x\u{201d} e\u{b7}u gro\u{df}er",
        "Съешь ещё «этих» мягких — булок, ГОСТ-123, ОС и Wi-Fi, а с USB-портом",
        "Ξεσκεπάζω την ψυχοφθόρα, ο Νίκος",
        "Այբ ու Բեն",
        "می\u{200c}خواهم کتاب\u{200c}ها",
        "हिन्दी में क्\u{200d}ष",
        "ภาษาไทย ที่นี่",
        "\u{5e9}\u{5b8}\u{5dc}\u{5d5}\u{5b9}\u{5dd}",
        "\u{1f469}\u{200d}\u{1f4bb} \u{2764}\u{fe0f}",
        "Tiếng Việt có dấu",
        "日本語です。",
    ] {
        assert_eq!(far(prose), prose);
    }
}

#[test]
fn blanks_and_marks_of_prose_are_the_same_in_both_readings() {
    for (text, read) in [
        ("Oui\u{a0}: «\u{a0}non\u{202f}»\u{202f}!", "Oui : « non » !"),
        ("去公园，好吗？好：（是）！", "去公园,好吗?好:(是)!"),
        (
            "wort \u{2013} und слово\u{2013}слово",
            "wort - und слово-слово",
        ),
    ] {
        assert_eq!(near(text), read);
        assert_eq!(far(text), read);
    }
}

#[test]
fn what_may_go_on_behind_them_is_read_twice() {
    for text in [
        "4929\u{a0}3176",
        "key\u{2013}then",
        "key\u{ff3f}x",
        "\u{ff11}",
    ] {
        assert_eq!(near(text), text);
        assert_ne!(far(text), text);
    }
}

/// With patterns of an operator the first reading is the text as it is written.
#[test]
fn where_all_characters_mean_something_all_is_read_twice() {
    let text = "да\u{200b}да\u{a0}да，да";
    assert_eq!(fold(text, true, Reading::Near), None);
    let folded = fold(text, true, Reading::Far).map(|folded| folded.text().to_owned());
    assert_eq!(folded.as_deref(), Some("дада да,да"));
}

/// The same, found one character after the other.
fn one_by_one(text: &str, wide: bool) -> Vec<Odd> {
    let mut odds = Odds::new(text, Left::default(), wide);
    let mut found = Vec::new();
    for (at, letter) in text.char_indices() {
        if letter.is_ascii() {
            odds.left = Left::of(letter as u8);
            odds.known = at + 1;
        } else {
            found.extend(odds.judge(at, letter));
            odds.known = at + letter.len_utf8();
        }
    }
    found
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(vec!["a", "1", "_", "-", " ", "K", "plain words "]),
        4 => prop::sample::select(vec![
            "\u{430}", "\u{421}", "\u{44f}", "\u{3bf}", "\u{3c9}", "\u{585}", "\u{e9}", "\u{1ebf}",
            "\u{4e2d}", "\u{644}", "\u{1f600}", "\u{fe0f}", "\u{17f}", "\u{ab}",
            "\u{37a}", "\u{37f}",
        ]),
        4 => prop::sample::select(vec![
            "\u{200b}", "\u{61c}", "\u{301}", "\u{483}", "\u{180b}", "\u{1ab0}",             "\u{115f}", "\u{e0041}", "\u{a0}", "\u{3000}", "\u{2013}", "\u{ff0c}", "\u{ff3f}",
            "\u{ff21}", "\u{1d400}", "\u{1d2c}", "\u{2b0}", "\u{24d0}", "\u{2c7c}", "\u{37e}",
        ]),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn no_place_is_overlooked(text in texts(), filler in 0_usize..3, wide in any::<bool>()) {
        // Longer than a block, with and without words at its end.
        let fillers = ["", "слово ", "слово"];
        let text = [&fillers[filler].repeat(46), text.as_str(), fillers[filler]].concat();
        let found: Vec<Odd> = Odds::new(&text, Left::default(), wide).collect();
        prop_assert_eq!(found, one_by_one(&text, wide));
    }

    #[test]
    fn no_cut_changes_what_is_found(text in texts(), cuts in prop::collection::vec(0_usize..90, 0..9)) {
        let expected: Vec<Odd> = Odds::new(&text, Left::default(), false).collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| text.floor_char_boundary(*cut)).collect();
        cuts.push(text.len());
        cuts.sort_unstable();
        let (mut found, mut start, mut left) = (Vec::new(), 0, Left::default());
        for cut in cuts {
            let piece = &text[start..cut];
            let end = match cut == text.len() {
                true => piece.len(),
                false => undecided(piece, left),
            };
            let mut odds = Odds::new(&piece[..end], left, false);
            for odd in odds.by_ref() {
                found.push(Odd { at: start + odd.at, ..odd });
            }
            left = odds.left();
            start += end;
        }
        prop_assert_eq!(found, expected);
    }
}
