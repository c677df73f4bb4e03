//! Folded texts, and the way back.

use proptest::prelude::*;

use super::*;

fn far(text: &str) -> Option<Folded> {
    fold(text, false, Reading::Far)
}

fn back(text: &str, part: &str) -> String {
    let folded = far(text).expect("it is odd");
    let at = folded.text().find(part).expect("it is there");
    let range = folded.back(&(at..at + part.len()));
    text.get(range).expect("whole characters").to_owned()
}

#[test]
fn places_lead_back_to_all_of_the_odd_characters_between() {
    let text = "x \u{200b}t\u{200b}o\u{ad}k\u{2011}\u{ff11}\u{200b} y";
    assert_eq!(back(text, "tok-1"), "t\u{200b}o\u{ad}k\u{2011}\u{ff11}");
    assert_eq!(back(text, "-"), "\u{2011}");
    assert_eq!(back(text, " y"), " y");
    assert_eq!(back("x\u{200b}a", "a"), "a");
}

fn pushed(places: &mut Places, text: &str, left: Left) -> String {
    let odds: Vec<Odd> = Odds::new(text, left, false).collect();
    places.push(text, 0, &odds, Reading::Far);
    spelt(text, 0, &odds, Reading::Far)
}

#[test]
fn what_nobody_sees_is_known_with_what_stands_before_it() {
    let mut places = Places::default();
    pushed(&mut places, "ab\u{200b}", Left::Other);
    assert_eq!((places.known_to(1), places.known_to(2)), (1, 5));
    pushed(&mut places, "c", Left::Letter);
    assert_eq!((places.known_to(2), places.known_to(3)), (5, 6));
    assert_eq!(places.lost(), 3);
}

fn texts() -> impl Strategy<Value = String> {
    let letters = vec![
        "a",
        "\u{200b}",
        "\u{a0}",
        "\u{e9}",
        "\u{ff11}",
        "\u{1f600}",
        "\u{2013}",
        "\u{430}",
        "\u{44f}",
        "\u{301}",
        "\u{e0041}",
        "\u{1d400}",
    ];
    let letters = proptest::sample::select(letters);
    proptest::collection::vec(letters, 1..12).prop_map(|letters| letters.concat())
}

proptest! {
    #[test]
    fn every_place_leads_back_to_whole_characters_in_order(text in texts()) {
        let Some(folded) = far(&text) else { return Ok(()) };
        let mut before = 0;
        for (at, letter) in folded.text().char_indices() {
            let range = folded.back(&(at..at + letter.len_utf8()));
            prop_assert!(range.start >= before && text.get(range.clone()).is_some());
            let whole = text.get(range.clone()).map(|part| part.chars().count());
            prop_assert_eq!(whole, Some(1));
            before = range.end;
        }
    }

    #[test]
    fn pieces_lead_to_where_the_whole_leads(text in texts(), cut in 0_usize..40, forgotten in 0_usize..20) {
        let Some(folded) = far(&text) else { return Ok(()) };
        let (head, tail) = text.split_at(text.floor_char_boundary(cut));
        let odds: Vec<Odd> = Odds::new(&text, Left::Other, false).collect();
        let (first, second) = odds.split_at(odds.partition_point(|odd| odd.at < head.len()));
        let mut places = Places::default();
        places.push(head, 0, first, Reading::Far);
        places.push(tail, head.len(), second, Reading::Far);
        let out = spelt(head, 0, first, Reading::Far) + &spelt(tail, head.len(), second, Reading::Far);
        prop_assert_eq!(&out, folded.text());
        prop_assert_eq!(&places, &folded.places);
        places.forget_before(forgotten);
        for at in forgotten..out.len() {
            prop_assert_eq!(places.back(&(at..at + 1)), folded.back(&(at..at + 1)));
            prop_assert_eq!(places.known_to(at), folded.places.known_to(at));
        }
        prop_assert_eq!(places.known_to(out.len()), text.len());
    }
}

#[test]
fn escapes_of_ascii_are_read_as_what_they_stand_for() {
    let text = r#"{"a":"\u0041KIA\u002b\u00e9\u0007\u00"}"#;
    let read = unescaped(text).expect("it has escapes");
    assert_eq!(read.text(), r#"{"a":"AKIA+\u00e9\u0007\u00"}"#);
    let at = read.text().find("AKIA+").expect("it is there");
    assert_eq!(text.get(read.back(&(at..at + 5))), Some(r"\u0041KIA\u002b"));
    assert_eq!(unescaped(r"\u00e9 \n"), None);
}
