//! The golden documents of a format, by case.

use std::fs;
use std::path::Path;

use nenya_wire::ApiFormat;
use serde_json::Value;

fn files(format: ApiFormat, ending: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format.label());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some(case) = name.strip_suffix(ending) else {
            continue;
        };
        let document = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        found.push((case.to_owned(), document));
    }
    assert!(!found.is_empty(), "{format} has no *{ending}");
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Requests for completions. What only counts tokens has another shape.
pub(crate) fn requests(format: ApiFormat) -> Vec<(String, Value)> {
    let mut all = files(format, ".request.json");
    all.retain(|(case, _)| case != "count-tokens");
    all
}

/// Whole replies of a model that are no errors.
pub(crate) fn replies(format: ApiFormat) -> Vec<(String, Value)> {
    let mut all = files(format, ".response.json");
    let other = ["count-tokens", "tags", "show"];
    all.retain(|(case, _)| !other.contains(&case.as_str()) && !case.starts_with("error-"));
    all
}
