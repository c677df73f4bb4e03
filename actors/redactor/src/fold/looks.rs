//! What characters beyond ASCII look like.
//!
//! Owns the facts, one character at a time; which of them count where is said in `odds.rs`.
//!
//! # Source
//! Unicode 17.0.0 (July 2025): `DerivedCoreProperties.txt` (default-ignorable code points),
//! `Blocks.txt` (combining marks), `UnicodeData.txt` (decompositions to one ASCII character),
//! `confusables.txt` of Unicode Technical Standard 39 (letters of other scripts).

use std::sync::LazyLock;

/// What a character looks like to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Like itself, and like nothing else.
    Itself,
    /// Like nothing.
    Nothing,
    /// Like nothing, or like a part of what it stands behind; of scripts or blocks that prose in
    /// ASCII never has.
    RareNothing,
    /// Like this ASCII character.
    Ascii(u8),
    /// A letter of another script that looks like this ASCII letter or digit.
    Alike(u8),
    /// Another letter of those scripts.
    Script,
    /// A Latin letter beyond ASCII.
    Latin,
}

/// What this character looks like.
pub(super) fn look(letter: char) -> Look {
    match letter {
        '\0'..='\u{9f}' | '\u{3001}'..='\u{d7ff}' => Look::Itself,
        '\u{ff01}'..='\u{ff5e}' => moved(letter, 0xff01, b'!'),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Look::Ascii(b' ')
        }
        '\u{2010}'..='\u{2013}' | '\u{2212}' => Look::Ascii(b'-'),
        '\u{2014}'..='\u{201f}' | '\u{20a0}'..='\u{20cf}' => Look::Itself,
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Look::Latin,
        '\u{37e}' => Look::Ascii(b';'),
        '\u{370}'..='\u{589}' => of_scripts(letter),
        '\u{1d400}'..='\u{1d7ff}' => of_mathematics(letter),
        _ => nothing(letter).unwrap_or_else(|| compatible(letter)),
    }
}

fn nothing(letter: char) -> Option<Look> {
    match letter {
        '\u{ad}'
        | '\u{300}'..='\u{36f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Some(Look::Nothing),
        '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' => Some(Look::RareNothing),
        _ => None,
    }
}

/// Greek, Coptic, Cyrillic and Armenian. A capital that the source compares with `l`, as it does
/// with `I`, is `I`.
fn of_scripts(letter: char) -> Look {
    if matches!(letter, '\u{483}'..='\u{489}') {
        return Look::RareNothing;
    }
    found(&ALIKE, letter).map_or(Look::Script, Look::Alike)
}

/// Alphabets of capital and small letters, one after the other, and digits. Some letters are
/// missing and stand elsewhere, in [`COMPATIBLE`].
fn of_mathematics(letter: char) -> Look {
    let (alphabets, digits) = (0x1d400, 0x1d7ce);
    match u32::from(letter) {
        at @ 0x1d7ce.. => ascii(b'0', (at - digits) % 10),
        at @ ..0x1d6a4 => match (at - alphabets) % 52 {
            capital @ ..26 => ascii(b'A', capital),
            small => ascii(b'a', small - 26),
        },
        _ => Look::Itself,
    }
}

/// What decomposes to one ASCII character.
fn compatible(letter: char) -> Look {
    match letter {
        '\u{2080}'..='\u{2089}' => moved(letter, 0x2080, b'0'),
        '\u{2460}'..='\u{2468}' => moved(letter, 0x2460, b'1'),
        '\u{24b6}'..='\u{24cf}' => moved(letter, 0x24b6, b'A'),
        '\u{24d0}'..='\u{24e9}' => moved(letter, 0x24d0, b'a'),
        '\u{1ccd6}'..='\u{1ccef}' => moved(letter, 0x1ccd6, b'A'),
        '\u{1ccf0}'..='\u{1ccf9}' => moved(letter, 0x1ccf0, b'0'),
        '\u{1f130}'..='\u{1f149}' => moved(letter, 0x1f130, b'A'),
        '\u{1fbf0}'..='\u{1fbf9}' => moved(letter, 0x1fbf0, b'0'),
        // Where the others are: most characters are asked for no further.
        '\u{aa}'
        | '\u{b2}'..='\u{ba}'
        | '\u{2b0}'..='\u{2e3}'
        | '\u{1d2c}'..='\u{1dbb}'
        | '\u{2024}'
        | '\u{2070}'..='\u{217f}'
        | '\u{24ea}'
        | '\u{2c7c}'..='\u{2c7d}'
        | '\u{fb29}'..='\u{fe6b}'
        | '\u{107a5}'
        | '\u{1f12b}'..='\u{1f12c}' => found(&COMPATIBLE, letter).map_or(Look::Itself, Look::Ascii),
        _ => Look::Itself,
    }
}

/// A letter of a row of them in the order of ASCII, whose first one is `first`.
fn moved(letter: char, first: u32, ascii_first: u8) -> Look {
    ascii(ascii_first, u32::from(letter).saturating_sub(first))
}

fn ascii(first: u8, further: u32) -> Look {
    let further = u8::try_from(further).unwrap_or_default();
    Look::Ascii(first.saturating_add(further))
}

/// Characters with what they look like, by character.
type Table = LazyLock<Vec<(char, u8)>>;

fn table(pairs: &[&str]) -> Vec<(char, u8)> {
    let mut table = Vec::new();
    for pairs in pairs {
        let mut letters = pairs.chars();
        while let (Some(letter), Some(ascii)) = (letters.next(), letters.next()) {
            table.extend(u8::try_from(ascii).map(|ascii| (letter, ascii)));
        }
    }
    table.sort_unstable();
    table
}

fn found(table: &Table, letter: char) -> Option<u8> {
    let at = table.binary_search_by_key(&letter, |(known, _)| *known);
    table.get(at.ok()?).map(|(_, ascii)| *ascii)
}

/// Each character and what it looks like: Greek and Coptic, Cyrillic, Armenian.
static ALIKE: Table = LazyLock::new(|| {
    table(&[
        "ͺiͿJΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaγyιiνvοoρpσoυuϒYϜFϨ2Ϭ6ϭoϱpϲcϳjϸpϹCϺM",
        "ЅSІIЈJАAВBЕEЗ3КKМMНHОOРPСCТTУYХXЬbаaб6гrеeоoрpсcуyхxшwѕsіiјjѡwѴVѵvҮYүyһhҽeӀIӏlӠ3",
        "ԁdԌGԛqԜWԝwՍUՏSՕOաwգqզqհhոnռnսuցgւiքfօo",
    ])
});

/// Each character and what it looks like: raised and lowered ones, variants of letters, Roman
/// numerals, signs for vertical lines and small ones. Rows are in [`compatible`].
static COMPATIBLE: Table = LazyLock::new(|| {
    table(&[
        "ªaºo²2³3¹1ʰhʲjʳrʷwʸyˡlˢsˣxᴬAᴮBᴰDᴱEᴳGᴴHᴵIᴶJᴷKᴸLᴹMᴺNᴼOᴾPᴿRᵀTᵁUᵂW",
        "ᵃaᵇbᵈdᵉeᵍgᵏkᵐmᵒoᵖpᵗtᵘuᵛvᵢiᵣrᵤuᵥvᶜcᶠfᶻz․.⁰0ⁱi⁴4⁵5⁶6⁷7⁸8⁹9⁺+⁼=⁽(⁾)ⁿn₊+₌=₍(₎)",
        "ₐaₑeₒoₓxₕhₖkₗlₘmₙnₚpₛsₜtℂCℊgℋHℌHℍHℎhℐIℑIℒLℓlℕNℙPℚQℛRℜRℝRℤZℨZ\u{212a}KℬBℭCℯeℰEℱFℳMℴoℹi",
        "ⅅDⅆdⅇeⅈiⅉjⅠIⅤVⅩXⅬLⅭCⅮDⅯMⅰiⅴvⅹxⅼlⅽcⅾdⅿm⓪0ⱼjⱽV﬩+︐,︓:︔;︕!︖?︳_︴_︵(︶)︷{︸}﹇[﹈]",
        "﹍_﹎_﹏_﹐,﹒.﹔;﹕:﹖?﹗!﹙(﹚)﹛{﹜}﹟#﹠&﹡*﹢+﹣-﹤<﹥>﹦=﹨\\﹩$﹪%﹫@\u{107a5}q\u{1f12b}C\u{1f12c}R",
    ])
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unicode_says_is_known() {
        for (letters, look) in [
            (
                "\u{1d5d4}\u{1d434}\u{24b6}\u{1f130}\u{ff21}\u{1d2c}\u{1ccd6}",
                Look::Ascii(b'A'),
            ),
            ("\u{1d56b}\u{24e9}\u{1dbb}\u{ff5a}", Look::Ascii(b'z')),
            (
                "\u{1d7d5}\u{1d7ff}\u{2079}\u{2468}\u{1fbf9}",
                Look::Ascii(b'9'),
            ),
            ("\u{430}\u{3b1}", Look::Alike(b'a')),
            ("\u{406}\u{399}\u{4c0}", Look::Alike(b'I')),
            ("\u{42f}\u{3a9}\u{531}\u{44f}", Look::Script),
            (
                "\u{34f}\u{301}\u{20e3}\u{fe0f}\u{e0041}\u{e0101}",
                Look::Nothing,
            ),
            ("\u{61c}\u{180e}\u{483}\u{1dc4}", Look::RareNothing),
            ("\u{a0}\u{3000}\u{202f}", Look::Ascii(b' ')),
            (
                "az09 \u{2014}\u{201c}\u{ab}\u{4e2d}\u{1f600}\u{e01}\u{939}",
                Look::Itself,
            ),
            ("\u{e9}\u{1ebf}\u{142}", Look::Latin),
        ] {
            for letter in letters.chars() {
                let is_digit = letter == '\u{1d7d5}';
                let look = if is_digit { Look::Ascii(b'7') } else { look };
                assert_eq!(super::look(letter), look, "{:x}", u32::from(letter));
            }
        }
    }

    #[test]
    fn tables_have_whole_pairs() {
        assert_eq!((ALIKE.len(), COMPATIBLE.len()), (94, 171));
        assert!(COMPATIBLE.iter().all(|(letter, _)| !letter.is_ascii()));
    }
}
