//! What a tool missed and reported in error, for those who tune rules. Only for the half `tune`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use corpus::{Class, Item};

use super::score::{Finding, Place, score};

/// How much of the text before and after a place is shown.
const AROUND: usize = 40;

/// All misses by kind, all false alarms by rule, each with the first few places.
pub(super) fn text(items: &[Item], findings: &[Finding]) -> String {
    let mut text = String::new();
    for class in Class::SCORED {
        let (_, missed, alarms) = score(items, findings, class);
        let kind = |(file, place): &Place| {
            let labels = items.get(*file).map(|item| item.piece.labels.iter());
            let label = labels
                .into_iter()
                .flatten()
                .find(|label| label.start == place.start);
            label.map_or_else(String::new, |label| label.kind.clone())
        };
        let rule = |(file, place): &Place| {
            let here = |finding: &&Finding| {
                finding.file == *file
                    && finding
                        .places
                        .first()
                        .is_some_and(|first| first.start == place.start)
            };
            findings
                .iter()
                .find(here)
                .map_or_else(String::new, |finding| finding.rule.clone())
        };
        grouped(
            &mut text,
            &format!("missed, {}", class.name()),
            items,
            &missed,
            kind,
        );
        grouped(
            &mut text,
            &format!("false alarms, {}", class.name()),
            items,
            &alarms,
            rule,
        );
    }
    text
}

fn grouped(
    text: &mut String,
    title: &str,
    items: &[Item],
    places: &[Place],
    name: impl Fn(&Place) -> String,
) {
    let mut groups: BTreeMap<String, Vec<&Place>> = BTreeMap::new();
    for place in places {
        groups.entry(name(place)).or_default().push(place);
    }
    writeln!(text, "{title}: {}", places.len()).ok();
    for (name, places) in groups {
        writeln!(text, "  {name}: {}", places.len()).ok();
        for (file, place) in places.iter().take(3) {
            if let Some(item) = items.get(*file) {
                writeln!(
                    text,
                    "    {} {place:?} {}",
                    item.path,
                    around(&item.piece.text, place.start, place.end)
                )
                .ok();
            }
        }
    }
}

fn around(text: &str, start: usize, end: usize) -> String {
    let start = text.floor_char_boundary(start.saturating_sub(AROUND));
    let end = text.ceil_char_boundary((end + AROUND / 2).min(start + 4 * AROUND));
    text.get(start..end)
        .unwrap_or_default()
        .escape_debug()
        .to_string()
}
