//! `docs/formats.md`: the tables that this test makes, compared with what stands there.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use nenya_wire::ApiFormat;

use crate::golden;
use crate::outcome::{Outcome, reply_outcome, request_outcome};

const HEAD: &str = "\
# Formats

What happens to a request when the client speaks one API and the provider another, and to the reply on its way back.
Between equal formats nothing happens: the bytes pass, and only the model's name and what the redactor takes out are changed.

The body of a conversion says all of it, or its notes do, or it is refused: a test changes each leaf of each document below and looks.
What may go without a word (constants, sums of counts, echoes of the request) is listed with reasons in `actors/wire/tests/matrix/exempt.rs`.
A stream says what the whole reply says, and notes what the whole reply notes: for clients of openai-chat, openai-responses, anthropic and cohere in a comment before its final event (`: nenya-notes: citations.id`), which their SDKs skip; for all clients in the request's line of the log (`notes`).
Streams are looked at like documents: a test changes each leaf of each event of each golden stream and takes it away, takes each event away and doubles it, and wants another event, another note or an error for it.
What of a stream may go without a word (padding, numbers of events, what a later event says again) is listed with reasons in `actors/wire/tests/matrix/exempt_stream.rs`.
In equal formats nothing of a stream is left out but what a provider sends behind the final event.

- **kept**: all of it reaches the other side, under its name there.
- **noted**: the fields named have no place there and cannot change what the answer means; they are left out, and the answer's header `x-nenya-notes` names them. Where `formats.strict` or `agents.<name>.strict_formats` is true, such a request is refused instead.
- **refused**: the field named has no place there and would change the answer; the client gets 400 `unsupported_by_provider` with the field in `param`, unless another target of the agent can say it. A reply that is refused is an error to the client: the provider said that it failed, or made what cannot be read.

Each row is a case of the golden files in `actors/wire/tests/golden`, whose README lists the documents and their dates.
This page is made by a test; `NENYA_WRITE=1 cargo test -p nenya-wire --test matrix` writes it anew.
";

pub(crate) fn check() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats.md");
    let wanted = page();
    if std::env::var_os("NENYA_WRITE").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == wanted,
        "docs/formats.md is not what happens; see its last line of the head"
    );
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    for format in ApiFormat::ALL {
        table(
            &mut page,
            "Requests of clients that speak",
            format,
            golden::requests(format),
            request_outcome,
        );
    }
    for format in ApiFormat::ALL {
        table(
            &mut page,
            "Replies of providers that speak",
            format,
            golden::replies(format),
            reply_outcome,
        );
    }
    page
}

fn table(
    page: &mut String,
    title: &str,
    from: ApiFormat,
    cases: Vec<(String, serde_json::Value)>,
    outcome: fn(&serde_json::Value, ApiFormat, ApiFormat) -> Outcome,
) {
    let others: Vec<ApiFormat> = ApiFormat::ALL
        .into_iter()
        .filter(|to| *to != from)
        .collect();
    writeln!(page, "\n## {title} {from}\n").unwrap();
    let (mut rows, mut kept) = (String::new(), Vec::new());
    for (case, document) in cases {
        let cells: Vec<String> = others
            .iter()
            .map(|to| cell(&outcome(&document, from, *to)))
            .collect();
        if cells.iter().all(|cell| cell == KEPT) {
            kept.push(case);
        } else {
            writeln!(rows, "| {case} |{}", cells.concat()).unwrap();
        }
    }
    if !kept.is_empty() {
        writeln!(page, "Kept by all: {}.\n", kept.join(", ")).unwrap();
    }
    let heads: Vec<String> = others.iter().map(|to| format!(" {to} |")).collect();
    writeln!(page, "| case |{}", heads.concat()).unwrap();
    writeln!(page, "|---|{}", "---|".repeat(others.len())).unwrap();
    page.push_str(&rows);
}

const KEPT: &str = " kept |";

fn cell(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Told { notes, .. } if notes.is_empty() => KEPT.to_owned(),
        Outcome::Told { notes, .. } => format!(" noted: `{}` |", notes.join("`, `")),
        Outcome::Refused(place) => format!(" refused: `{place}` |"),
    }
}
