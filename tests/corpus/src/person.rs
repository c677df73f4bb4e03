//! Personal data that belongs to nobody, with right check digits.

use super::digits;
use super::random::Random;
use super::words::Words;

/// A maker of one kind of personal data.
pub(super) type Maker = fn(&mut Random) -> String;

/// A national id: its kind, whether only the held-out half has it, the words that stand before
/// it, and how it is made.
pub(super) struct Id {
    pub(super) kind: &'static str,
    pub(super) held_out: bool,
    pub(super) words: &'static [&'static str],
    pub(super) make: Maker,
}

const fn id(kind: &'static str, held_out: bool, words: &'static [&'static str], make: Maker) -> Id {
    Id {
        kind,
        held_out,
        words,
        make,
    }
}

/// National ids besides the US social security number.
pub(super) const IDS: &[Id] = &[
    id("es-dni", false, &["DNI", "NIF"], spanish),
    id(
        "de-steuer-id",
        false,
        &["Steuer-ID", "Steueridentifikationsnummer", "IdNr."],
        german,
    ),
    id(
        "fr-nir",
        false,
        &["NIR", "n° de sécurité sociale", "numéro de sécu"],
        french,
    ),
    id("nl-bsn", false, &["BSN", "burgerservicenummer"], dutch),
    id("pl-pesel", false, &["PESEL", "numer PESEL"], polish),
    id("br-cpf", false, &["CPF", "CPF do titular"], brazilian),
    id(
        "ca-sin",
        false,
        &["SIN", "social insurance number"],
        canadian,
    ),
    id("uk-nhs", false, &["NHS number", "NHS no."], british),
    id(
        "it-codice-fiscale",
        false,
        &["codice fiscale", "CF"],
        italian,
    ),
    id("in-aadhaar", false, &["Aadhaar", "Aadhaar number"], indian),
    id("se-personnummer", false, &["personnummer", "pnr"], swedish),
    id(
        "be-rijksregisternummer",
        true,
        &["rijksregisternummer", "numéro national"],
        belgian,
    ),
    id("fi-hetu", true, &["henkilötunnus", "hetu"], finnish),
    id("pt-nif", true, &["NIF", "contribuinte"], portuguese),
    id("au-tfn", true, &["TFN", "tax file number"], australian),
    id(
        "no-fodselsnummer",
        true,
        &["fødselsnummer", "personnummer"],
        norwegian,
    ),
    id("cl-rut", true, &["RUT", "RUN"], chilean),
    id("es-nie", true, &["NIE"], spanish_foreigner),
];

/// Tries makers of a check digit until one fits.
fn until<T>(random: &mut Random, mut attempt: impl FnMut(&mut Random) -> Option<T>) -> T {
    loop {
        if let Some(made) = attempt(random) {
            return made;
        }
    }
}

/// Year of two digits, month, day.
fn birthday(random: &mut Random) -> [String; 3] {
    [(40, 99), (1, 12), (1, 28)].map(|(least, most)| format!("{:02}", random.between(least, most)))
}

/// Splits a text into groups of letters, joined by `with`.
fn grouped(text: &str, size: usize, with: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters
        .chunks(size.max(1))
        .map(|group| group.iter().collect())
        .collect();
    groups.join(with)
}

fn spanish(random: &mut Random) -> String {
    let number = random.digits(8);
    format!("{number}{}", digits::dni(&number))
}

fn spanish_foreigner(random: &mut Random) -> String {
    let number = format!("{}{}", random.pick(&["X", "Y", "Z"]), random.digits(7));
    format!("{number}{}", digits::dni(&number))
}

/// Ten digits of which exactly one comes twice and one not at all, as the tax office hands out.
fn german(random: &mut Random) -> String {
    let mut pool: Vec<char> = "0123456789".chars().collect();
    let number = until(random, |random| {
        random.shuffle(&mut pool);
        let mut ten: Vec<char> = pool.iter().take(9).copied().collect();
        let twice = ten.get(random.below(9)).copied()?;
        ten.insert(random.below(9), twice);
        (ten.first() != Some(&'0')).then(|| ten.into_iter().collect::<String>())
    });
    let check = digits::steuer_id(&number);
    let whole = format!("{number}{check}");
    if random.once_in(2) {
        whole
    } else {
        spaced(&whole, &[2, 3, 3, 3])
    }
}

/// Groups of these sizes, with blanks between.
fn spaced(text: &str, sizes: &[usize]) -> String {
    let mut letters = text.chars();
    let groups: Vec<String> = sizes
        .iter()
        .map(|size| letters.by_ref().take(*size).collect())
        .collect();
    groups.join(" ")
}

fn french(random: &mut Random) -> String {
    let [year, month, _] = birthday(random);
    let department = random.between(1, 95);
    let sex = random.pick(&["1", "2"]);
    let number = format!(
        "{sex}{year}{month}{department:02}{:03}{:03}",
        random.between(1, 600),
        random.between(1, 400)
    );
    let whole = format!("{number}{:02}", digits::nir(&number));
    if random.once_in(2) {
        whole
    } else {
        spaced(&whole, &[1, 2, 2, 2, 3, 3, 2])
    }
}

fn dutch(random: &mut Random) -> String {
    until(random, |random| {
        let number = random.digits(8);
        digits::bsn(&number).map(|check| format!("{number}{check}"))
    })
}

fn polish(random: &mut Random) -> String {
    let number = birthday(random).concat() + &random.text("0123456789", 4);
    format!("{number}{}", digits::pesel(&number))
}

fn brazilian(random: &mut Random) -> String {
    let number = random.digits(9);
    format!("{}-{}", grouped(&number, 3, "."), digits::cpf(&number))
}

fn canadian(random: &mut Random) -> String {
    let number = random.text("1234567", 1) + &random.text("0123456789", 7);
    let separator = random.pick(&["-", " "]);
    grouped(&format!("{number}{}", digits::luhn(&number)), 3, separator)
}

fn british(random: &mut Random) -> String {
    let whole = until(random, |random| {
        let number = random.text("4679", 1) + &random.text("0123456789", 8);
        digits::nhs(&number).map(|check| format!("{number}{check}"))
    });
    spaced(&whole, &[3, 3, 4])
}

fn italian(random: &mut Random) -> String {
    let name = random.text("BCDFGLMNPRSTVZ", 6);
    let [year, _, day] = birthday(random);
    let month = random.text("ABCDEHLMPRST", 1);
    let town = random.text("ABCDEFGHIL", 1) + &random.text("123456789", 3);
    let number = [name, year, month, day, town].concat();
    format!("{number}{}", digits::codice_fiscale(&number))
}

fn indian(random: &mut Random) -> String {
    let number = random.text("23456789", 1) + &random.text("0123456789", 10);
    grouped(&format!("{number}{}", digits::verhoeff(&number)), 4, " ")
}

fn swedish(random: &mut Random) -> String {
    let (day, serial) = (birthday(random).concat(), random.digits(3));
    format!("{day}-{serial}{}", digits::luhn(&format!("{day}{serial}")))
}

fn belgian(random: &mut Random) -> String {
    let (day, serial) = (birthday(random), format!("{:03}", random.between(1, 997)));
    let check = digits::rijksregister(&format!("{}{serial}", day.concat()), false);
    format!("{}-{serial}.{check:02}", day.join("."))
}

fn finnish(random: &mut Random) -> String {
    let [year, month, day] = birthday(random);
    let serial = random.between(2, 899);
    let check = digits::hetu(&format!("{day}{month}{year}{serial:03}"));
    format!("{day}{month}{year}-{serial:03}{check}")
}

fn portuguese(random: &mut Random) -> String {
    let number = random.text("12", 1) + &random.text("0123456789", 7);
    grouped(&format!("{number}{}", digits::nif(&number)), 3, " ")
}

fn australian(random: &mut Random) -> String {
    let whole = until(random, |random| {
        let number = random.digits(8);
        digits::tfn(&number).map(|check| format!("{number}{check}"))
    });
    grouped(&whole, 3, " ")
}

fn norwegian(random: &mut Random) -> String {
    until(random, |random| {
        let [year, month, day] = birthday(random);
        let number = format!("{day}{month}{year}{:03}", random.between(1, 499));
        digits::fodselsnummer(&number).map(|check| format!("{number}{check}"))
    })
}

fn chilean(random: &mut Random) -> String {
    let number = random.between(5_000_000, 25_999_999).to_string();
    let check = digits::rut(&number);
    let backwards: String = number.chars().rev().collect();
    let dotted: String = grouped(&backwards, 3, ".").chars().rev().collect();
    format!("{dotted}-{check}")
}

pub(super) fn social_security(random: &mut Random) -> String {
    let area = until(random, |random| {
        Some(random.between(1, 899)).filter(|area| *area != 666)
    });
    format!(
        "{area:03}-{:02}-{:04}",
        random.between(1, 99),
        random.between(1, 9999)
    )
}

pub(super) fn card(random: &mut Random) -> String {
    let (start, length) = [("4", 16), ("51", 16), ("55", 16), ("37", 15), ("6011", 16)]
        .get(random.below(5))
        .copied()
        .unwrap_or(("4", 16));
    let rest = random.text("0123456789", length - 1 - start.len());
    let number = format!("{start}{rest}");
    written(random, &format!("{number}{}", digits::luhn(&number)))
}

/// A number of the same look whose last digit is wrong.
pub(super) fn no_card(random: &mut Random) -> String {
    let number = format!("4{}", random.text("0123456789", 14));
    written(
        random,
        &format!("{number}{}", (digits::luhn(&number) + 5) % 10),
    )
}

fn written(random: &mut Random, number: &str) -> String {
    match (number.len(), random.below(3)) {
        (_, 0) => number.to_owned(),
        (15, _) => spaced(number, &[4, 6, 5]),
        (_, 1) => grouped(number, 4, " "),
        _ => grouped(number, 4, "-"),
    }
}

/// Countries of accounts: letters, letters at the start of the account, digits after them.
const ACCOUNTS: [(&str, usize, usize); 10] = [
    ("DE", 0, 18),
    ("GB", 4, 14),
    ("FR", 0, 23),
    ("NL", 4, 10),
    ("ES", 0, 20),
    ("IT", 1, 22),
    ("BE", 0, 12),
    ("CH", 0, 17),
    ("AT", 0, 16),
    ("PL", 0, 24),
];

pub(super) fn iban(random: &mut Random) -> String {
    account(random, 0)
}

/// One whose check digits are off.
pub(super) fn no_iban(random: &mut Random) -> String {
    account(random, 1)
}

fn account(random: &mut Random, off_by: u32) -> String {
    let (country, letters, count) = ACCOUNTS
        .get(random.below(10))
        .copied()
        .unwrap_or(("DE", 0, 18));
    let account = random.text("ABCDEFGHKLMNPRSTUVWZ", letters) + &random.text("0123456789", count);
    // Check digits run from 02 to 98.
    let check = 2 + (digits::iban(country, &account) - 2 + off_by) % 97;
    let whole = format!("{country}{check:02}{account}");
    if random.once_in(2) {
        whole
    } else {
        grouped(&whole, 4, " ")
    }
}

/// An international number as people write it: country, then its parts.
pub(super) fn phone(random: &mut Random) -> String {
    let forms = [
        "+1 (AA0) 2B0-0000",
        "+1-AA0-2B0-0000",
        "+1AA02B00000",
        "+44 20 7A00 0000",
        "+44 7A00 000000",
        "+49 30 A000000",
        "+49 151 A0000000",
        "+49-89-A00000",
        "+33 6 A0 00 00 00",
        "+33 1 4A 00 00 00",
        "+31 6 A0000000",
        "+34 6A0 000 000",
        "+39 06 A000 0000",
        "+46 70 A00 00 00",
        "+41 44 A00 00 00",
        "+48 6A0 000 000",
        "+61 4A0 000 000",
        "+91 9A000 00000",
        "+55 11 9A000-0000",
        "+81 3-A000-0000",
    ];
    let form = random.pick(&forms);
    let digit = |letter: char, random: &mut Random| match letter {
        'A' => random.text("23456789", 1),
        'B' => random.text("1346789", 1),
        '0' => random.text("0123456789", 1),
        other => other.to_string(),
    };
    let country = form.find([' ', '-', 'A']).unwrap_or(0);
    let (code, rest) = form.split_at(country);
    let rest: String = rest.chars().map(|letter| digit(letter, random)).collect();
    format!("{code}{rest}")
}

pub(super) fn mail(random: &mut Random, words: &Words) -> String {
    let (first, last) = (
        random.pick(words.first_names),
        random.pick(words.last_names),
    );
    let domain = random.pick(words.mail_domains);
    let number = random.between(1, 999);
    match random.below(4) {
        0 => format!("{first}.{last}@{domain}"),
        1 => format!("{first}{number}@{domain}"),
        2 => format!(
            "{first}_{last}+{}@{domain}",
            random.pick(&["news", "shop", "billing"])
        ),
        _ => format!(
            "{}.{last}{number}@{domain}",
            first.chars().take(1).collect::<String>()
        ),
    }
}

/// An address that is routed on the public internet.
pub(super) fn address(random: &mut Random) -> String {
    if random.once_in(5) {
        let groups: Vec<String> = (0..6).map(|_| random.hex(4)).collect();
        return format!("2a01:4f8:{}", groups.join(":"));
    }
    let first = until(random, |random| {
        let first = random.between(5, 195);
        let special = [10, 100, 127, 169, 172, 192];
        (!special.contains(&first)).then_some(first)
    });
    let [second, third, last] = [0; 3].map(|_: u8| random.between(1, 254));
    format!("{first}.{second}.{third}.{last}")
}

/// An address that names nobody: private, loopback, documentation.
pub(super) fn local_address(random: &mut Random) -> String {
    let net = random.pick(&["10.0", "192.168", "172.17", "10.244"]);
    format!(
        "{net}.{}.{}",
        random.between(0, 254),
        random.between(1, 254)
    )
}

pub(super) fn hardware_address(random: &mut Random) -> String {
    let maker = random.pick(&["3c:22:fb", "b8:27:eb", "00:1a:2b", "f4:5c:89"]);
    let own: Vec<String> = (0..3).map(|_| random.hex(2)).collect();
    let address = format!("{maker}:{}", own.join(":"));
    match random.below(3) {
        0 => address.to_uppercase().replace(':', "-"),
        1 => address.to_uppercase(),
        _ => address,
    }
}
