//! Ids of items that we make.
//!
//! This API takes ids of at most 64 characters. An id follows from the reply's id or the call's,
//! so it is the same when the same conversation is written again.

/// Longest id that the API takes (OpenAI's refusal of longer ones names the number; read
/// 22 November 2026).
const LONGEST: usize = 64;

/// `prefix` and what `seed` says, in characters that ids are made of.
pub(super) fn derived(prefix: &str, seed: &str) -> String {
    let seed = seed.strip_prefix(prefix).unwrap_or(seed);
    let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
    if prefix.len() + seed.len() <= LONGEST && seed.chars().all(plain) {
        return format!("{prefix}{seed}");
    }
    format!("{prefix}{:016x}{:016x}", hash(seed, 0), hash(seed, 1))
}

/// The id of a call, if it can be used as it is; else one that stands for it.
pub(super) fn of_call(id: &str) -> String {
    if id.len() <= LONGEST {
        id.to_owned()
    } else {
        derived("call_", id)
    }
}

/// FNV-1a over the seed: stable over releases and machines, unlike the hashers of the library.
fn hash(seed: &str, salt: u8) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(salt);
    seed.bytes().fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kept_while_they_fit() {
        assert_eq!(derived("resp_", "resp_1"), "resp_1");
        assert_eq!(derived("fc_", "call_1"), "fc_call_1");
        assert_eq!(of_call("toolu_1"), "toolu_1");
    }

    #[test]
    fn long_ids_become_short_ones_that_differ() {
        let (a, b) = ("a".repeat(65), "a".repeat(66));
        assert_eq!(of_call(&a).len(), 37);
        assert_ne!(of_call(&a), of_call(&b));
        assert_eq!(derived("msg_", "x/ä").len(), 36);
    }
}
