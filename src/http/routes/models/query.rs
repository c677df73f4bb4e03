//! The query of a list: how much of it, and from where. Read once for all APIs.

use crate::http::error::{ApiError, ErrorCode};

/// The fields of a query.
#[derive(Debug, Default)]
pub(super) struct Query(Vec<(String, String)>);

/// A part of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'m, T> {
    pub(super) items: &'m [T],
    /// Where the next part begins, if there is one.
    pub(super) next: Option<usize>,
}

impl Query {
    /// Reads a query without its `?`.
    pub(super) fn of(query: &str) -> Result<Self, ApiError> {
        let decoded = |text: &str| {
            let text = text.replace('+', " ");
            let text = percent_encoding::percent_decode_str(&text).decode_utf8();
            let text = text.map_err(|_| ApiError::new(ErrorCode::InvalidPath))?;
            Ok(text.into_owned())
        };
        let fields = query.split('&').filter(|field| !field.is_empty());
        fields
            .map(|field| {
                let (name, value) = field.split_once('=').unwrap_or((field, ""));
                Ok((decoded(name)?, decoded(value)?))
            })
            .collect::<Result<_, ApiError>>()
            .map(Self)
    }

    /// A field that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter().filter(|(known, _)| known == name);
        fields
            .next()
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A number of entries between 1 and 1000.
    pub(super) fn size(&self, name: &'static str, usual: usize) -> Result<usize, ApiError> {
        let Some(text) = self.text(name) else {
            return Ok(usual);
        };
        let size = text.parse().ok();
        size.filter(|size| (1..=1000).contains(size))
            .ok_or_else(|| wrong(name).detail("It must be a number from 1 to 1000."))
    }
}

/// A field of the query is wrong.
pub(super) fn wrong(name: &'static str) -> ApiError {
    ApiError::new(ErrorCode::InvalidField).param(name)
}

/// At most `size` items, beginning with the one at `from`.
pub(super) fn part<T>(items: &[T], from: usize, size: usize) -> Part<'_, T> {
    let end = from.saturating_add(size).min(items.len());
    Part {
        items: items.get(from..end).unwrap_or_default(),
        next: (end < items.len()).then_some(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_and_sizes_are_bounded() {
        let query = Query::of("limit=5&after_id=a%2Fb&x=").unwrap();
        assert_eq!(query.text("after_id"), Some("a/b"));
        assert_eq!(query.text("x"), None);
        assert_eq!(query.size("limit", 20).unwrap(), 5);
        assert_eq!(query.size("pageSize", 20).unwrap(), 20);
        for bad in ["limit=0", "limit=1001", "limit=x", "limit=-1"] {
            assert!(Query::of(bad).unwrap().size("limit", 20).is_err(), "{bad}");
        }
        assert!(Query::of("a=%FF").is_err());
    }

    #[test]
    fn the_last_part_has_no_next_one() {
        let items = [1, 2, 3];
        assert_eq!(part(&items, 0, 2).next, Some(2));
        assert_eq!(
            part(&items, 2, 2),
            Part {
                items: &[3],
                next: None
            }
        );
        assert_eq!(
            part(&items, 9, 2),
            Part {
                items: &[],
                next: None
            }
        );
    }
}
