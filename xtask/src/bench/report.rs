//! Collects the figures of all rounds and prints them as one Markdown table.

use std::fmt::Write as _;

/// Whose figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The client and the upstream without a gateway between them.
    Direct,
    Nginx,
    Nenya,
    /// The same nenya, which only copies the answer: its `/proxy`.
    Copy,
}

#[derive(Debug)]
struct Line {
    what: String,
    direct: Vec<f64>,
    nginx: Vec<f64>,
    nenya: Vec<f64>,
    copy: Vec<f64>,
}

impl Line {
    fn cells(&self) -> [String; 7] {
        [
            self.what.clone(),
            spread(&self.nenya),
            spread(&self.nginx),
            spread(&ratios(&self.nenya, &self.nginx)),
            spread(&self.copy),
            spread(&ratios(&self.nenya, &self.copy)),
            spread(&self.direct),
        ]
    }
}

/// Round by round.
fn ratios(ones: &[f64], others: &[f64]) -> Vec<f64> {
    let pairs = ones.iter().zip(others);
    pairs.map(|(one, other)| one / other).collect()
}

/// The lines in the order in which they first came up.
#[derive(Debug, Default)]
pub(super) struct Table {
    lines: Vec<Line>,
}

impl Table {
    /// Adds one round's figure. `what` names its unit.
    pub(super) fn note(&mut self, what: &str, subject: Subject, figure: f64) {
        let at = self
            .lines
            .iter()
            .position(|line| line.what == what)
            .unwrap_or_else(|| {
                self.lines.push(Line {
                    what: what.to_owned(),
                    direct: vec![],
                    nginx: vec![],
                    nenya: vec![],
                    copy: vec![],
                });
                self.lines.len() - 1
            });
        let Some(line) = self.lines.get_mut(at) else {
            return;
        };
        match subject {
            Subject::Direct => line.direct.push(figure),
            Subject::Nginx => line.nginx.push(figure),
            Subject::Nenya => line.nenya.push(figure),
            Subject::Copy => line.copy.push(figure),
        }
    }

    /// Medians over the rounds with least and most in brackets; the ratio is taken round by round.
    pub(super) fn render(&self) -> String {
        let heads = [
            "",
            "nenya",
            "nginx",
            "nenya/nginx",
            "plain copy",
            "nenya/plain copy",
            "direct",
        ];
        let mut rows = vec![heads.map(str::to_owned)];
        rows.extend(self.lines.iter().map(Line::cells));
        let widths: Vec<usize> = (0..heads.len())
            .map(|column| {
                rows.iter()
                    .filter_map(|row| row.get(column))
                    .map(|cell| cell.chars().count())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for (number, row) in rows.iter().enumerate() {
            for (cell, width) in row.iter().zip(&widths) {
                write!(text, "| {cell:width$} ").ok();
            }
            text.push_str("|\n");
            if number == 0 {
                widths
                    .iter()
                    .for_each(|width| text.extend(["|", &"-".repeat(width + 2)]));
                text.push_str("|\n");
            }
        }
        text
    }
}

fn spread(figures: &[f64]) -> String {
    let mut ascending = figures.to_vec();
    ascending.sort_by(f64::total_cmp);
    let (Some(least), Some(most)) = (ascending.first(), ascending.last()) else {
        return String::new();
    };
    if ascending.len() == 1 {
        return short(*least);
    }
    format!(
        "{} ({}..{})",
        short(median(&ascending)),
        short(*least),
        short(*most)
    )
}

fn median(ascending: &[f64]) -> f64 {
    let middle = ascending.len() / 2;
    let at = |index: usize| ascending.get(index).copied().unwrap_or(f64::NAN);
    if ascending.len() % 2 == 1 {
        at(middle)
    } else {
        (at(middle - 1) + at(middle)) / 2.0
    }
}

/// Three digits that mean something.
fn short(figure: f64) -> String {
    match figure.abs() {
        size if !size.is_finite() => "?".to_owned(),
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_medians_with_their_spread_and_ratios_are_taken_round_by_round() {
        let mut table = Table::default();
        for (nginx, nenya) in [(10.0, 20.0), (20.0, 30.0), (10.0, 25.0)] {
            table.note("CPU, us", Subject::Nginx, nginx);
            table.note("CPU, us", Subject::Nenya, nenya);
        }
        let text = table.render();
        let row = text.lines().last().unwrap();
        assert!(
            row.contains("25.0 (20.0..30.0)") && row.contains("10.0 (10.0..20.0)"),
            "{text}"
        );
        assert!(row.contains("2.00 (1.50..2.50)"), "{text}");
    }

    #[test]
    fn a_figure_without_another_beside_it_has_no_ratio() {
        let mut table = Table::default();
        table.note("size, MiB", Subject::Nenya, 12.345);
        assert!(
            table
                .render()
                .lines()
                .last()
                .unwrap()
                .split_whitespace()
                .eq([
                    "|", "size,", "MiB", "|", "12.3", "|", "|", "|", "|", "|", "|"
                ])
        );
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(median(&[1.0, 2.0, 4.0, 9.0]), 3.0);
    }
}
