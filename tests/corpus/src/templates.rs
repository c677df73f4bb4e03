//! The texts around secrets: one file of templates for each half.
//!
//! A template begins with `=== NAME FILE`, and ends where the next one begins. Names of chats
//! begin with `chat`.

use super::Half;

const TUNE: [&str; 2] = [
    include_str!("templates/tune.txt"),
    include_str!("templates/tune-chat.txt"),
];
const HELD_OUT: [&str; 2] = [
    include_str!("templates/held-out.txt"),
    include_str!("templates/held-out-chat.txt"),
];

/// One template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) name: &'static str,
    /// What the file is called; scanners look at names too.
    pub(super) file: &'static str,
    pub(super) body: &'static str,
}

impl Template {
    pub(super) fn is_chat(&self) -> bool {
        self.name.starts_with("chat")
    }
}

/// The templates of a half.
pub(super) fn of(half: Half) -> Vec<Template> {
    let texts = match half {
        Half::Tune => TUNE,
        Half::HeldOut => HELD_OUT,
    };
    texts
        .iter()
        .flat_map(|text| text.split("=== ").skip(1))
        .filter_map(read)
        .collect()
}

fn read(text: &'static str) -> Option<Template> {
    let (head, body) = text.split_once('\n')?;
    let (name, file) = head.split_once(' ')?;
    Some(Template { name, file, body })
}
