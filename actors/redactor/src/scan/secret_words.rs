//! Words for passwords and keys in other languages than English, and short English ones.
//!
//! Owns: the words, each a trigger, and what may stand around them. What follows them is read as
//! after any other name. Never reads a value. Called by: `secret_assignment`.

use super::classes::ALNUM;
use super::plausible::Kind;
use super::secret_names::Around;

/// The words in lower case, as far as they are of ASCII; of others what all letter cases share.
pub(crate) const WORDS: &[(&str, Kind)] = &[
    ("identified by", Kind::Password),
    ("requirepass", Kind::Password),
    ("masterauth", Kind::Password),
    ("bindpw", Kind::Password),
    ("rootpw", Kind::Password),
    ("olcrootpw", Kind::Password),
    ("sshpass", Kind::Password),
    ("mot de passe", Kind::Password),
    ("contraseña", Kind::Password),
    ("contrasena", Kind::Password),
    ("clave", Kind::Password),
    ("senha", Kind::Password),
    ("parola", Kind::Password),
    ("wachtwoord", Kind::Password),
    ("hasło", Kind::Password),
    ("haslo", Kind::Password),
    ("lösenord", Kind::Password),
    ("adgangskode", Kind::Password),
    ("salasana", Kind::Password),
    ("heslo", Kind::Password),
    ("jelszó", Kind::Password),
    ("lozinka", Kind::Password),
    ("şifre", Kind::Password),
    ("mật khẩu", Kind::Password),
    ("kata sandi", Kind::Password),
    ("ароль", Kind::Password),
    ("κωδικός", Kind::Password),
    ("סיסמה", Kind::Password),
    ("كلمة المرور", Kind::Password),
    ("كلمة السر", Kind::Password),
    ("पासवर्ड", Kind::Password),
    ("รหัสผ่าน", Kind::Password),
    ("密码", Kind::Password),
    ("密碼", Kind::Password),
    ("口令", Kind::Password),
    ("パスワード", Kind::Password),
    ("비밀번호", Kind::Password),
    ("비번", Kind::Password),
    ("密钥", Kind::Secret),
    ("密鑰", Kind::Secret),
    ("令牌", Kind::Secret),
    ("апи-ключ", Kind::Secret),
    ("ключ api", Kind::Secret),
    ("api ключ", Kind::Secret),
    ("api-ключ", Kind::Secret),
    ("кретный ключ", Kind::Secret),
    ("токен", Kind::Secret),
    ("apiキー", Kind::Secret),
    ("トークン", Kind::Secret),
    ("シークレットキー", Kind::Secret),
    ("api 키", Kind::Secret),
    ("토큰", Kind::Secret),
    ("sandi", Kind::Password),
    ("geslo", Kind::Password),
    ("šifra", Kind::Password),
    ("api-schlüssel", Kind::Secret),
    ("clé api", Kind::Secret),
    ("clé secrète", Kind::Secret),
    ("jeton", Kind::Secret),
    ("clave api", Kind::Secret),
    ("clave secreta", Kind::Secret),
    ("clave de api", Kind::Secret),
    ("chave de api", Kind::Secret),
    ("chave secreta", Kind::Secret),
    ("chiave api", Kind::Secret),
    ("chiave segreta", Kind::Secret),
    ("api-sleutel", Kind::Secret),
    ("klucz api", Kind::Secret),
    ("api-nyckel", Kind::Secret),
    ("khóa api", Kind::Secret),
    ("kunci api", Kind::Secret),
];

/// Whether a word stands as one: no letter or digit of ASCII goes on with it, but the endings of
/// some languages.
pub(crate) fn stands(word: &str, around: Around<'_>) -> bool {
    let is_ascii = word.bytes().next().is_some_and(|byte| ALNUM.has(byte));
    let begins = around.before.last().is_none_or(|byte| !ALNUM.has(*byte));
    (begins || !is_ascii) && around.after.len() <= MOST_ENDING
}

/// Whether a word stands in files of tools, and in no sentence.
pub(crate) fn is_of_files(word: &str) -> bool {
    const OF_FILES: &[&str] = &[
        "requirepass",
        "masterauth",
        "bindpw",
        "rootpw",
        "olcrootpw",
        "sshpass",
    ];
    OF_FILES.contains(&word)
}

/// Most bytes of an ending.
const MOST_ENDING: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_alone() {
        let around = |before, after| Around { before, after };
        assert!(stands("heslo", around(b"dein ", b"")));
        assert!(!stands("clave", around(b"en", b"")));
        assert!(!stands("heslo", around(b" ", b"_verze")));
    }
}
