//! The corpus on disk: a text file for each item, and one line of `manifest.jsonl` for each.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::piece::{Class, Label, Piece};
use super::{Half, Item};

const MANIFEST: &str = "manifest.jsonl";

/// Writes all items below `folder`, in place of a corpus that is there.
///
/// # Errors
/// A folder that holds something else, and what the disk says.
pub fn write(folder: &Path, items: &[Item]) -> io::Result<()> {
    let refuse = folder.exists()
        && !folder.join(MANIFEST).exists()
        && fs::read_dir(folder)?.next().is_some();
    if refuse {
        return Err(io::Error::other("is there, and is no corpus"));
    }
    for half in Half::BOTH {
        fs::remove_dir_all(folder.join(half.name())).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
    }
    let mut manifest = String::new();
    for item in items {
        let path = folder.join(&item.path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, &item.piece.text)?;
        manifest.push_str(&line(item).to_string());
        manifest.push('\n');
    }
    fs::create_dir_all(folder)?;
    fs::write(folder.join(MANIFEST), manifest)
}

fn line(item: &Item) -> Value {
    let label = |label: &Label| json!({"start": label.start, "end": label.end, "class": label.class.name(), "kind": label.kind});
    let negatives: BTreeSet<&str> = item.piece.negatives.iter().map(String::as_str).collect();
    json!({
        "path": item.path,
        "kind": item.kind,
        "split": item.half.name(),
        "labels": item.piece.labels.iter().map(label).collect::<Vec<_>>(),
        "negatives": negatives,
    })
}

/// Reads a corpus that was written before.
///
/// # Errors
/// What is no corpus, and what the disk says.
pub fn read(folder: &Path) -> io::Result<Vec<Item>> {
    let manifest = fs::read_to_string(folder.join(MANIFEST))?;
    manifest.lines().map(|line| item(folder, line)).collect()
}

fn item(folder: &Path, line: &str) -> io::Result<Item> {
    let value: Value = serde_json::from_str(line)?;
    let text = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let path = text("path");
    let half = Half::named(&text("split")).ok_or_else(|| io::Error::other("no such half"))?;
    let labels = value
        .get("labels")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let negatives = value
        .get("negatives")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let piece = Piece {
        text: fs::read_to_string(folder.join(&path))?,
        labels: labels.filter_map(read_label).collect(),
        negatives: negatives
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    };
    Ok(Item {
        kind: text("kind"),
        path,
        half,
        piece,
    })
}

fn read_label(value: &Value) -> Option<Label> {
    let number = |name: &str| usize::try_from(value.get(name)?.as_u64()?).ok();
    let class = Class::named(value.get("class")?.as_str()?)?;
    let kind = value.get("kind")?.as_str()?.to_owned();
    Some(Label {
        start: number("start")?,
        end: number("end")?,
        class,
        kind,
    })
}

/// How much there is of what, in one line.
pub fn summary(items: &[Item]) -> String {
    let of = |class: Class| {
        let labels = items
            .iter()
            .flat_map(|item| &item.piece.labels)
            .filter(|label| label.class == class);
        let kinds: BTreeSet<&str> = labels.clone().map(|label| label.kind.as_str()).collect();
        format!(
            "{} {} of {} kinds",
            labels.count(),
            class.name(),
            kinds.len()
        )
    };
    let negatives: usize = items.iter().map(|item| item.piece.negatives.len()).sum();
    let bytes: usize = items.iter().map(|item| item.piece.text.len()).sum();
    format!(
        "{} files, {bytes} bytes, {}, {}, {} either, {negatives} negatives",
        items.len(),
        of(Class::Credential),
        of(Class::Pii),
        items
            .iter()
            .flat_map(|item| &item.piece.labels)
            .filter(|label| label.class == Class::Either)
            .count()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let items = super::super::generate(3, Half::Tune, 40);
        write(folder.path(), &items).unwrap();
        let back = read(folder.path()).unwrap();
        assert_eq!(back.len(), items.len());
        for (one, other) in back.iter().zip(&items) {
            assert_eq!(
                (&one.path, &one.piece.text, &one.piece.labels),
                (&other.path, &other.piece.text, &other.piece.labels)
            );
        }
    }

    #[test]
    fn a_folder_of_something_else_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.txt"), "mine").unwrap();
        assert!(write(folder.path(), &[]).is_err());
        assert!(folder.path().join("mine.txt").exists());
    }
}
