use super::*;
use crate::scan::classes::Runs;
use crate::scan::probe::Probe;
use crate::table::credentials;

const LINE: &str = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";

fn probe() -> Probe {
    Probe::new(build, credentials::generic())
}

fn begin(label: &str) -> String {
    format!("-----{} {label}-----", "BEGIN")
}

fn end(label: &str) -> String {
    format!("-----{} {label}-----", "END")
}

/// A block whose lines are kept apart by `between`.
fn block(label: &str, between: &str) -> String {
    let lines = [
        begin(label),
        LINE.into(),
        LINE.into(),
        "QyNTUx=".into(),
        end(label),
    ];
    lines.join(between)
}

fn putty() -> String {
    format!(
        "{}User-Key-File-2: ssh-rsa\r\nEncryption: none\r\nComment: me\r\nPublic-Lines: 2\r\n{LINE}\r\n{LINE}\r\n\
         Private-Lines: 1\r\n{LINE}\r\nPrivate-MAC: 0123456789abcdef0123456789abcdef01234567",
        "PuTTY-"
    )
}

fn blocks() -> Vec<String> {
    let encrypted = format!(
        "{}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n{LINE}\n{LINE}\n{}",
        begin("RSA PRIVATE KEY"),
        end("RSA PRIVATE KEY")
    );
    let pgp = format!(
        "{}\nVersion: GnuPG v2\nComment: made up\n\n{LINE}\n{LINE}\n=aB1c\n{}",
        begin("PGP PRIVATE KEY BLOCK"),
        end("PGP PRIVATE KEY BLOCK")
    );
    let ssh2 = format!(
        "---- {} SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \n{LINE}\n---- {} SSH2 ENCRYPTED PRIVATE KEY ----",
        "BEGIN", "END"
    );
    let joined = format!(
        "{}\\n\" +\n    \"{LINE}\\n\" +\n    \"{LINE}\\n\" +\n    \"QyNTUx=\\n\" +\n    \"{}",
        begin("PRIVATE KEY"),
        end("PRIVATE KEY")
    );
    vec![
        block("PRIVATE KEY", "\n"),
        block("RSA PRIVATE KEY", "\r\n"),
        block("EC PRIVATE KEY", "\\n"),
        block("OPENSSH PRIVATE KEY", "\\\\n"),
        block("ENCRYPTED PRIVATE KEY", " "),
        block("DSA PRIVATE KEY", "\n    "),
        block("PRIVATE KEY", "\n> "),
        block("PRIVATE KEY", "\n+"),
        block("PRIVATE KEY", "\n-"),
        encrypted.clone(),
        encrypted.replace('\n', "\\n"),
        encrypted.replace('\n', " "),
        pgp,
        ssh2,
        joined,
        putty(),
        putty().replace("\r\n", "\\r\\n"),
    ]
}

#[test]
fn whole_blocks_are_found_with_their_bodies() {
    for block in blocks() {
        for text in [
            block.clone(),
            format!("key: \"{block}\", more-text"),
            format!("  {block}\nMore."),
        ] {
            assert_eq!(probe().found(&text), [&block], "{text}");
        }
    }
}

#[test]
fn block_that_was_cut_off_goes_as_far_as_it_looks_like_one() {
    let cut = format!("{}\n{LINE}\n{LINE}", begin("PRIVATE KEY"));
    for after in [
        "",
        "\nThen some prose follows.",
        "\nAWS_SECRET_ACCESS_KEY=x",
        "\npassword: x",
        "\", more",
        "...\nmore",
        "\naverylongnamewithoutanybreak_in=x",
        "\n0123456789abcdef0123456789abcdef:x",
    ] {
        assert_eq!(probe().found(&format!("{cut}{after}")), [&cut], "{after}");
    }
    let short = format!("{cut}\nQyNTUx=");
    assert_eq!(probe().found(&format!("{short}\nThen more.")), [&short]);
}

#[test]
fn public_keys_and_first_lines_alone_stay() {
    let first = begin("PRIVATE KEY");
    for text in [
        block("PUBLIC KEY", "\n"),
        block("CERTIFICATE", "\n"),
        block("PGP PUBLIC KEY BLOCK", "\n"),
        format!("{first} is the first line of a key file, as everybody knows"),
        format!("{first}\n<your key here>\n{}", end("PRIVATE KEY")),
        format!("{first}\nMIIEpAIBAAKCAQEA...\n{}", end("PRIVATE KEY")),
        first.clone(),
    ] {
        assert_eq!(probe().found(&text), [""; 0], "{text}");
    }
}

#[test]
fn prose_after_a_first_line_is_not_held() {
    let text = format!("{} is the first line", begin("PRIVATE KEY"));
    assert_eq!(probe().holds(&text), None);
    let text = format!("{}\n{LINE}", begin("PRIVATE KEY"));
    assert_eq!(probe().holds(&text), Some(0));
}

#[test]
fn two_blocks_are_two_findings() {
    let one = block("PRIVATE KEY", "\n");
    let both = format!("{one}\n{one}");
    assert_eq!(probe().found(&both), [&one, &one]);
}

#[test]
fn answers_on_prefixes_never_contradict() {
    for block in blocks() {
        probe().check_prefixes(&format!("x {block}\", \"more-of-it\": 1"));
    }
    let cut = format!(
        "{}\n{LINE}\n{LINE}\nThen some prose, and more.",
        begin("PRIVATE KEY")
    );
    probe().check_prefixes(&cut);
}

#[test]
fn long_block_is_walked_once_however_it_comes() {
    let mut classes = Classes::default();
    let rows: Vec<_> = (0..).zip(credentials::generic()).collect();
    let family = build(&rows, &mut classes).unwrap();
    let body = format!("{LINE}\n").repeat(1000);
    let text = format!(
        "{}\n{body}{}",
        begin("RSA PRIVATE KEY"),
        end("RSA PRIVATE KEY")
    );
    let mut runs = Runs::default();
    let mut found = Vec::new();
    for len in PEM.len()..=text.len() {
        let mut looks = Looks::default();
        let mut view = View {
            text: &text.as_bytes()[..len],
            complete: len == text.len(),
            classes: &classes,
            runs: &mut runs,
        };
        family.look(0, 0, &mut view, &mut looks);
        assert_eq!(looks.open.is_some(), len < text.len());
        found = looks.found;
    }
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, 0..text.len());
}
