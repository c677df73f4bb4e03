//! The side-car of one node, as a writer of the format that filled it sees it.
//!
//! Owns where an extra is written back: its field names the way from the node (`thinking.display`
//! stands in the object `thinking`). Called by the writers; a writer of another format gets an
//! empty one, for `convert` decides over foreign extras.

use super::out::Out;
use super::parts::Extra;
use super::raw::Raw;

/// Extras that may be written back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Side<'r, 'a> {
    extras: &'r [Extra<'a>],
}

impl<'r, 'a> Side<'r, 'a> {
    /// The extras if they are of the writer's own format, else none.
    pub(crate) fn of(extras: &'r [Extra<'a>], own: bool) -> Self {
        Self {
            extras: if own { extras } else { &[] },
        }
    }

    /// The value of this field.
    pub(crate) fn get(&self, field: &str) -> Option<Raw<'a>> {
        let found = self.extras.iter().find(|extra| extra.field == field);
        found.map(|extra| extra.raw)
    }

    /// Whether this field, or anything in it, is there.
    pub(crate) fn under(&self, prefix: &str) -> bool {
        self.extras
            .iter()
            .any(|extra| extra.field.starts_with(prefix))
    }

    /// Writes the members of the object that `prefix` names (empty for the node itself, else with
    /// a dot at its end), without those that start with one of `elsewhere`.
    pub(crate) fn write(&self, out: &mut Out, prefix: &str, elsewhere: &[&str]) {
        for extra in self.extras {
            let deeper = elsewhere
                .iter()
                .any(|deeper| extra.field.starts_with(deeper));
            if let (false, Some(name)) = (deeper, extra.field.strip_prefix(prefix)) {
                out.key(name).raw(extra.raw);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::parts::Weight;
    use crate::canonical::raw;

    #[test]
    fn extras_go_back_to_the_object_they_stood_in() {
        let value = raw::parse("1.0").unwrap();
        let extras = ["a", "b.c", "b.d.e"].map(|field| Extra::new(field, value, Weight::Hint));
        let written = |own, prefix: &str, elsewhere: &[&str]| {
            let mut out = Out::default();
            out.open();
            Side::of(&extras, own).write(&mut out, prefix, elsewhere);
            out.close();
            String::from_utf8(out.into_bytes()).unwrap()
        };
        assert_eq!(written(true, "", &["b."]), r#"{"a":1.0}"#);
        assert_eq!(written(true, "b.", &["b.d."]), r#"{"c":1.0}"#);
        assert_eq!(written(true, "b.d.", &[]), r#"{"e":1.0}"#);
        assert_eq!(written(false, "", &[]), "{}");
    }
}
