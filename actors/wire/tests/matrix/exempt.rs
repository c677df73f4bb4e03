//! Leaves that may change without a word, each with its reason.

use nenya_wire::ApiFormat;

struct Exempt {
    from: Option<ApiFormat>,
    to: Option<ApiFormat>,
    /// `*` stands for one segment, a trailing `**` for the rest.
    path: &'static str,
}

const fn any(path: &'static str) -> Exempt {
    Exempt {
        from: None,
        to: None,
        path,
    }
}

/// The model is the target's, by the router's choice.
const REQUEST: &[Exempt] = &[any("/model")];

const REPLY: &[Exempt] = &[];

pub(crate) fn request(from: ApiFormat, to: ApiFormat, path: &str) -> bool {
    listed(REQUEST, from, to, path)
}

pub(crate) fn reply(from: ApiFormat, to: ApiFormat, path: &str) -> bool {
    listed(REPLY, from, to, path)
}

fn listed(list: &[Exempt], from: ApiFormat, to: ApiFormat, path: &str) -> bool {
    list.iter().any(|exempt| {
        exempt.from.is_none_or(|only| only == from)
            && exempt.to.is_none_or(|only| only == to)
            && fits(exempt.path, path)
    })
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (Some("**"), Some(_)) | (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}
