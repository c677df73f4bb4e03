//! The table of a run: printed, kept in `docs/redaction-benchmark.md`, or as JSON.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::process::Command;

use serde_json::{Value, json};

use crate::run::root;
use corpus::{Class, Half, Item};

use super::Cost;
use super::options::Options;
use super::score::{Finding, Score, score};
use super::tools::Tool;

const DOCUMENT: &str = "docs/redaction-benchmark.md";
const BEGIN: &str = "<!-- made by cargo xtask bench-redaction: begin -->";
const END: &str = "<!-- made by cargo xtask bench-redaction: end -->";

/// The figures of one tool for one class in one half.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    tool: Tool,
    half: Half,
    class: Class,
    score: Score,
    cost: Cost,
}

impl Row {
    pub(super) fn of(
        tool: Tool,
        half: Half,
        class: Class,
        items: &[Item],
        findings: &[Finding],
        cost: Cost,
    ) -> Self {
        let (score, ..) = score(items, findings, class);
        Self {
            tool,
            half,
            class,
            score,
            cost,
        }
    }

    /// Bytes in a second of processor time, in millions.
    fn speed(&self) -> f64 {
        let bytes = u32::try_from(self.cost.bytes).map_or(f64::INFINITY, f64::from);
        bytes / 1e6 / self.cost.cpu.as_secs_f64().max(1e-6)
    }
}

/// The table as Markdown.
pub(super) fn render(rows: &[Row], options: &Options, halves: &[Vec<Item>]) -> String {
    let mut text = format!("{}, seed {}, ", today(), options.seed);
    let versions: Vec<String> = options
        .tools
        .iter()
        .map(|tool| format!("{} {}", tool.name(), tool.version()))
        .collect();
    writeln!(text, "{}.", versions.join(", ")).ok();
    for (half, items) in options.halves.iter().zip(halves) {
        writeln!(text, "`{}`: {}.", half.name(), corpus::summary(items)).ok();
    }
    text.push_str("\n| half | class | tool | found | of | recall | precision | F1 | false alarms | label bytes not covered |\n");
    text.push_str("|---|---|---|---|---|---|---|---|---|---|\n");
    for row in rows {
        writeln!(text, "{}", line(row)).ok();
    }
    text.push_str(
        "\n| half | tool | MB per second of CPU time | times as fast as |\n|---|---|---|---|\n",
    );
    for row in rows.iter().filter(|row| row.class == Class::Credential) {
        writeln!(
            text,
            "| {} | {} | {:.2} | {} |",
            row.half.name(),
            row.tool.name(),
            row.speed(),
            ratios(row, rows)
        )
        .ok();
    }
    text
}

fn line(row: &Row) -> String {
    let head = format!(
        "| {} | {} | {} |",
        row.half.name(),
        row.class.name(),
        row.tool.name()
    );
    if !row.tool.claims(row.class) {
        return format!("{head} - | {} | - | - | - | - | - |", row.score.labels);
    }
    let Score {
        labels,
        found,
        alarms,
        leaked,
        leaked_of_found,
    } = row.score;
    let leaked = if row.tool == Tool::Ours {
        format!("{leaked}, of found ones {leaked_of_found}")
    } else {
        "-".to_owned()
    };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    format!(
        "{head} {found} | {labels} | {} | {} | {:.3} | {alarms} | {leaked} |",
        percent(row.score.recall()),
        percent(row.score.precision()),
        row.score.f1()
    )
}

/// How many times as fast as each of the others, in the same half.
fn ratios(row: &Row, rows: &[Row]) -> String {
    let others = rows.iter().filter(|other| {
        other.half == row.half && other.class == row.class && other.tool != row.tool
    });
    let ratios =
        others.map(|other| format!("{} {:.2}", other.tool.name(), row.speed() / other.speed()));
    ratios.collect::<Vec<_>>().join(", ")
}

/// The same figures for programs.
pub(super) fn json(rows: &[Row], options: &Options, halves: &[Vec<Item>]) -> Value {
    let row = |row: &Row| {
        json!({
            "tool": row.tool.name(), "version": row.tool.version(), "split": row.half.name(), "class": row.class.name(),
            "labels": row.score.labels, "found": row.score.found, "false_alarms": row.score.alarms,
            "recall": row.score.recall(), "precision": row.score.precision(), "f1": row.score.f1(),
            "leaked_bytes": row.score.leaked, "leaked_bytes_of_found": row.score.leaked_of_found,
            "mb_per_cpu_second": row.speed(),
        })
    };
    let claimed = rows.iter().filter(|row| row.tool.claims(row.class));
    let rows: Vec<Value> = claimed.map(row).collect();
    let items: Vec<usize> = halves.iter().map(Vec::len).collect();
    json!({"date": today(), "seed": options.seed, "items": items, "rows": rows})
}

/// Puts the table between the marks of the document.
pub(super) fn keep(rows: &[Row], options: &Options, halves: &[Vec<Item>]) -> io::Result<()> {
    let path = root().join(DOCUMENT);
    let table = render(rows, options, halves);
    let text = replaced(&fs::read_to_string(&path)?, &table);
    fs::write(
        path,
        text.ok_or_else(|| io::Error::other(format!("{DOCUMENT} lacks its marks")))?,
    )
}

fn replaced(document: &str, table: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some([before, BEGIN, "\n", table, END, after].concat())
}

fn today() -> String {
    let date = Command::new("date").args(["-u", "+%Y-%m-%d"]).output();
    date.map_or_else(
        |_| String::new(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn row(tool: Tool, class: Class, found: usize, cpu: u64) -> Row {
        let score = Score {
            labels: 10,
            found,
            alarms: 1,
            leaked: 5,
            leaked_of_found: 0,
        };
        let cost = Cost {
            cpu: Duration::from_secs(cpu),
            bytes: 2_000_000,
        };
        Row {
            tool,
            half: Half::Tune,
            class,
            score,
            cost,
        }
    }

    #[test]
    fn a_tool_that_does_not_claim_a_class_gets_no_figures_for_it() {
        assert!(line(&row(Tool::CredSweeper, Class::Pii, 9, 1)).contains("| - | 10 | - | - |"));
        assert!(
            line(&row(Tool::Ours, Class::Pii, 9, 1))
                .contains("| 9 | 10 | 90.0 % | 90.0 % | 0.900 | 1 | 5, of found ones 0 |")
        );
    }

    #[test]
    fn speeds_are_compared_within_a_run() {
        let rows = [
            row(Tool::Ours, Class::Credential, 9, 1),
            row(Tool::CredSweeper, Class::Credential, 9, 4),
        ];
        assert_eq!(ratios(&rows[0], &rows), "credsweeper 4.00");
    }

    #[test]
    fn the_table_goes_between_the_marks_and_the_document_has_them() {
        let document = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let text = replaced(&document, "new\n").unwrap();
        assert_eq!(text, format!("a\n{BEGIN}\nnew\n{END}\nb\n"));
        assert_eq!(replaced("none", "x"), None);
        let real = fs::read_to_string(root().join(DOCUMENT)).unwrap();
        assert!(replaced(&real, "x").is_some());
    }
}
