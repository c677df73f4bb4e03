//! The texts: clean ones of several kinds, one full of secrets, and hostile ones.

use crate::table::row::Rule;

/// Texts in which there is nothing to find, each of 100 KB and more.
pub(crate) fn clean() -> Vec<(&'static str, String)> {
    let prose = concat!(
        include_str!("../../../../docs/operations.md"),
        include_str!("../../../../docs/threat-model.md"),
        include_str!("../../../../docs/architecture.md"),
    );
    let license = include_str!("../../../../LICENSE");
    let code = concat!(
        include_str!("../../src/pool.rs"),
        include_str!("../../src/scan/scanner.rs"),
        include_str!("../../../../src/http/refusals.rs"),
    );
    let unicode =
        "Größere Texte über Äpfel, naïve Ideen und 日本語 ohne Geheimnisse. ".repeat(1500);
    vec![
        ("prose", prose.repeat(6)),
        ("license", license.repeat(12)),
        ("code", code.repeat(6)),
        ("json", (0..600).map(json_item).collect()),
        ("logs", (0..1000).map(log_line).collect()),
        ("unicode", unicode),
        ("french", of_words(FRENCH)),
        ("chinese", of_words(CHINESE)),
        ("russian", of_words(RUSSIAN)),
        ("dates", DATES.repeat(1200)),
    ]
}

/// With blanks that do not break.
const FRENCH: &str = "Vraiment\u{202f}? Oui\u{a0}: «\u{a0}bien sûr\u{a0}», dit-il en riant\u{202f}! Et alors, \
                      où étiez-vous quand le gardien a fermé la grille du jardin\u{202f}? Personne n’a vu \
                      passer les enfants\u{a0}; la voisine, elle, dormait déjà. ";
/// With marks and brackets of full width.
const CHINESE: &str = "我们今天去公园，好吗？ 好的！ 那么（如果下雨）怎么办：回家。 \
                       老师说，这本书很有意思，学生们都喜欢读；可是图书馆里只有两本！ ";
const RUSSIAN: &str = "Съешь же ещё этих мягких французских булок — «да», выпей чаю, и всё. \
                       Вчера мы с братом были в городе, а оттуда на поезде вернулись домой. ";
/// Of which each is read twice.
const DATES: &str =
    "From 2010\u{2013}2013 it was so, and on pages 5\u{2013}7 the reader finds why that is. ";

/// More than 100 KB of these words, in another order each time.
fn of_words(prose: &str) -> String {
    let words: Vec<&str> = prose.split_inclusive(' ').collect();
    let mut dice = Dice(7);
    let mut text = String::new();
    while text.len() < 120_000 {
        text.push_str(words.get(dice.below(words.len())).unwrap_or(&" "));
    }
    text
}

fn json_item(n: usize) -> String {
    let day = n % 28 + 1;
    format!(
        concat!(
            "  {{\n    \"id\": {n},\n    \"name\": \"item {n}\",\n    \"price\": {n}.25,\n",
            "    \"created_at\": \"2026-11-{day:02}T10:00:00Z\",\n    \"active\": true,\n",
            "    \"tags\": [\"alpha\", \"beta\"], \"parent\": null,\n",
            "    \"about\": \"A short text about things that nobody hides\"\n  }},\n",
        ),
        n = n,
        day = day
    )
}

fn log_line(n: usize) -> String {
    format!(
        concat!(
            "2026-11-22T09:{:02}:{:02}.{:03}Z INFO  gateway::http request finished ",
            "method=POST path=/v1/chat/completions status=200 duration_ms={} id={:08x}\n",
        ),
        n / 60 % 60,
        n % 60,
        n,
        n * 7,
        n * 999_983
    )
}

/// The first example of every row, one a line.
pub(crate) fn dense(rows: &[&'static Rule]) -> String {
    let examples = rows.iter().filter_map(|row| row.examples.first());
    let lines: String = examples.map(|(text, _)| format!("{text}\n")).collect();
    lines.repeat(4)
}

/// Texts with as many secrets as real ones have: files of variables, and a log that tells too much.
pub(crate) fn telling() -> Vec<(&'static str, String)> {
    let mut dice = Dice(1);
    let variables = (0..300).map(|_| variables(&mut dice)).collect();
    let mut line = |n: usize| match n % 4 {
        0 => format!(
            "{} authorization=\"Bearer {}\"\n",
            log_line(n).trim_end(),
            dice.some(48)
        ),
        _ => log_line(n),
    };
    let log = (0..1000).map(&mut line).collect();
    vec![("variables", variables), ("telling log", log)]
}

pub(crate) fn variables(dice: &mut Dice) -> String {
    let mut some = |len| dice.some(len);
    format!(
        concat!(
            "APP_NAME=shop\nAPP_ENV=production\nAPP_URL=https://shop.example\nLOG_LEVEL=info\n",
            "DB_HOST=db.shop.example\nDB_PORT=5432\nDB_USER=shop\nDB_PASSWORD={}\n",
            "REDIS_URL=redis://:{}@cache.shop.example:6379/0\nJWT_SECRET={}\n",
            "AWS_REGION=eu-central-1\nAWS_SECRET_ACCESS_KEY={}\nSMTP_PASSWORD=\"{}\"\n",
            "GITHUB_TOKEN=gh",
            "p_{}\nMAX_TOKENS=4096\nFEATURE_SEARCH=true\n\n",
        ),
        some(20),
        some(16),
        some(43),
        some(40),
        some(18),
        some(36),
    )
}

/// Letters and digits that nobody foresees, the same in each run.
pub(crate) struct Dice(pub(crate) u32);

impl Dice {
    fn some(&mut self, len: usize) -> String {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..len).map(|_| self.of(alphabet)).collect()
    }

    /// One of these bytes, which are ASCII.
    pub(crate) fn of(&mut self, alphabet: &[u8]) -> char {
        let place = self.below(alphabet.len());
        alphabet.get(place).map_or('A', |byte| char::from(*byte))
    }

    /// A number below this one, which is less than 65,536.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) as usize % most
    }
}

type Make = Box<dyn Fn(usize) -> String>;

/// Texts of almost-matches, by name; each makes one of so many bytes.
pub(crate) fn hostile() -> Vec<(&'static str, Make)> {
    let pieces = [
        "a",
        "eyJ",
        "-----BEGIN ",
        "password=",
        "password='",
        "\"'",
        "@",
        "a@",
        "a.b@c.",
        "1",
        "1 ",
        "fax 1 1 1 ",
        "://u:p@",
        "sk-",
        "AKIA",
        "key: ",
        "use as ",
        "0x",
        "+",
        "AA11",
        "a:",
        "::",
        "10.",
        "c-",
        "Authorization: ",
        "authorization:",
        "authorization:token",
        "Authorization:Bearer=",
        "SharedAccessKey=",
        "X-Amz-Security-Token=",
        "X-Amz-Signature=",
        ":_auth=",
        "CNP=",
        "NIE='",
        "$6$/",
    ];
    let repeated = pieces.into_iter().map(|piece| {
        let make: Make = Box::new(move |size| piece.repeat(size / piece.len()));
        (piece, make)
    });
    let base64: Make = Box::new(|size| {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            alphabet
                .get((state >> 26) as usize)
                .map_or('A', |byte| char::from(*byte))
        };
        (0..size).map(|_| next()).collect()
    });
    repeated.chain([("base64", base64)]).collect()
}
