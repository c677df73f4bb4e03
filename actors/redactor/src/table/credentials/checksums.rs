//! Checksums that vendors have in their credentials and describe exactly.
//!
//! Owns: second looks of rows. A vendor that only says that there is a checksum (GitHub, npm,
//! Cloudflare) has none here: a wrong guess about how it is made would let every real token pass.

use super::harmless;

/// Whether the last eight characters are the checksum of everything before them.
///
/// # Source
/// packagist.com/docs, Composer authentication, "How to calculate the checksum": CRC-32 of prefix
/// and random part, in hexadecimal, padded to eight characters; read 22 Nov 2026.
pub(crate) fn is_packagist(found: &[u8]) -> bool {
    let Some((token, checksum)) = found.split_last_chunk::<8>() else {
        return false;
    };
    format!("{:08x}", crc32(token)).as_bytes() == checksum && harmless::is_not_made_up(found)
}

/// CRC-32 as in ISO 3309 and zlib.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            let divided = sum >> 1;
            if sum & 1 == 1 {
                divided ^ 0xEDB8_8320
            } else {
                divided
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn one_wrong_character_fails_the_checksum() {
        let random = "9f8e2a7c41d05b63";
        let token = |random: &str| {
            let token = format!("packagist_ort_{random}");
            format!("{token}{:08x}", crc32(token.as_bytes()))
        };
        let good = token(random);
        assert!(is_packagist(good.as_bytes()));
        assert!(!is_packagist(good.replacen('9', "8", 1).as_bytes()));
        assert!(!is_packagist(b"short"));
    }
}
