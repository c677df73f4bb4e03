//! Private keys outside of armour: of wallets, tunnels, clusters and one-time passwords.

use crate::table::credentials::looks::{
    is_base58check, is_bech32, is_not_printed, is_private_armour,
};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "pem-in-base64",
        "private key in PEM armour, encoded once more",
        "RFC 7468 section 2; RFC 4648 section 4; not confirmed",
        "LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,}={0,2}",
        &[
            example![
                "LS0",
                "tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpLeC93N1hNdEVZRHEwM1NVVm0veWpieEl",
                "jT1BJK2lYMndybzFFOXB0R3ZPZzBrbDJscHA1ZHc4eFhRSEpkSmIwS3gvdzdYTXRFWURxMDN",
                "TVVZtL3lqYnhJY09QSStpWDJ3cm8xRTlwdEd2T2cwa2wybHBwNWR3OHhYUUhKZEpiMAo",
            ],
            example!(
                "key: " [
                    "LS0",
                    "tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCkJJdThteFByS1l2NnI1RDdyazF5SFFLMzB",
                    "YOFU4ZUljRDVRRHdsdWtoVWwwMkxoTG41M21OQnJLUlJnSGtkM2hCSXU4bXhQcktZdjZyNUQ",
                    "3cmsxeUhRSzMwWDhVOGVJY0Q1UUR3bHVraFVsMDJMaExuNTNtTkJyS1JSZ0hrZDNoCg=",
                ] "\n"
            ),
        ],
        &[
            concat!(
                "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmRqSEd2am0rYkNrODRpSTlYTldhb2k2YWsv",
                "K3dFZjFGcGp5QzJIQWwxdFhoRENSWGdFK3FvM09QTTQxNTZS"
            ),
            "LS0tLS1CRUdJTiBD",
        ],
    )
    .floor(3.5)
    .checked(is_private_armour),
    token_anywhere(
        "otpauth",
        "secret for one-time passwords",
        "draft-linuxgemini-otpauth-uri; docs.yubico.com, URI string format, read 22 Nov 2026",
        r#"otpauth://(?:totp|hotp)/[^\s?"\'<>]*\?(?:[a-r][^\s&"\'<>]*&)*secret=(?<secret>[A-Za-z2-7]{16,})"#,
        &[
            example!(
                "otpauth://totp/ACME:ann?secret=" [
                    "5QN",
                    "X7MXWQCTJAHNU62QK6TAYZ4ULMSIC",
                ] "&issuer=ACME"
            ),
            example!(
                "otpauth://totp/ann?issuer=ACME&digits=6&secret=" [
                    "M6C",
                    "QIMCWM2S73ZV33ZE5HYNQX6",
                ] ""
            ),
        ],
        &[
            concat!(
                "otpaut",
                "h://totp/Example:alice@google.com?secret=JBSWY3DPEHPK3PXP&issuer=Example"
            ),
            "otpauth://totp/x?secret=SECRET",
        ],
    )
    .floor(3.3)
    .checked(is_not_printed),
    assigned(
        "bitcoin-wif",
        "Bitcoin private key for import",
        "learnblockchain.cn/article/8675, after en.bitcoin.it/wiki/Wallet_import_format, read 22 Nov 2026",
        &["private_key", "priv_key", "wif", "bitcoin", "wallet"],
        "[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}",
        &[
            example!(
                "BTC_PRIVATE_KEY=" [
                    "KxJ",
                    "SCt6wnHjqmRs5hC6QHoJqcvmSZ3ruLLXutNH6dqoByEEu7pDC",
                ] ""
            ),
            example!(
                r#"wif: ""# [
                    "5JE",
                    "pMRYhJ7182aV7n8C3XTi9RPDuqeMyorwWTmsmQ3SbzJajrgL",
                ] r#"""#
            ),
        ],
        &[concat!("BTC_PR", "IVATE_KEY=KxJSCt6wnHjqmRs5hC6QHoJqcvmSZ3ruLLXutNH6dqoByEEu7pDa")],
    )
    .checked(is_base58check),
    token(
        "extended-private-key",
        "extended private key of a wallet",
        "BIP 32; SLIP 132; not confirmed",
        "(?:xprv|yprv|zprv|tprv)[1-9A-HJ-NP-Za-km-z]{100,112}",
        &[
            example![
                "xpr",
                "v9y3Xp5quYRTpSpFmg9iNbjkY69tcXu8Fb74MKSUEJEUaVThdjLhFPASCApRvWrioRnoXu4f",
                "nSXkn4gtMJk52aPqNAF42ALMfWegtFyordw1",
            ],
            example!(
                "seed -> " [
                    "zpr",
                    "vAe153eutLFtVPuhCHmwcCYWgjMouEnFzHs7jF3nuTqpmWrkqtyu4V7pN5nb4NMGSWn5x1o8",
                    "d5WYMYWojYUmdauYGLTmhfMv99ivFA6oH7cJ",
                ] ""
            ),
        ],
        &[
            concat!(
                "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJx",
                "WUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
            ),
            "xprv-docs",
        ],
    )
    .checked(is_base58check),
    token(
        "tezos-key",
        "Tezos secret key",
        "tezos.gitlab.io; not confirmed",
        "edsk[1-9A-HJ-NP-Za-km-z]{50,95}",
        &[example!["eds", "k3g6a7qUJLV5VV6F6m55xfqjnrYC4T18B8oWTXYFutEWAeuXanY"]],
        &[
            "edsk-key",
            concat!("edsk3g", "6a7qUJLV5VV6F6m55xfqjnrYC4T18B8oWTXYFutEWAeuXana"),
        ],
    )
    .checked(is_base58check),
    token(
        "nostr-key",
        "Nostr private key",
        "github.com/nostr-protocol/nips, NIP-19; not confirmed",
        "nsec1[02-9ac-hj-np-z]{58}",
        &[example!["nse", "c14ulamce8xfr2vzwzv7lmnme90jyqhnr0lgzjsldgcwa7sm9747ns4dwhcy"]],
        &[
            "nsec1key",
            concat!("nsec14", "ulamce8xfr2vzwzv7lmnme90jyqhnr0lgzjsldgcwa7sm9747ns4dwhcq"),
        ],
    )
    .checked(is_bech32),
    assigned(
        "ethereum-key",
        "private key of an Ethereum account",
        "ethereum.org/developers/docs/accounts; not confirmed",
        &["private_key", "priv_key", "wallet_key", "deployer_key", "signer_key", "eth_key"],
        "0x[0-9a-fA-F]{64}",
        &[
            example!(
                "PRIVATE_KEY=" [
                    "0x7",
                    "51c78dd2c65f25aab697938f0e91e70a2f3e485995804547efe37ddc55e5b47",
                ] ""
            ),
            example!(
                r#"deployerKey: ""# [
                    "0x6",
                    "8f130613f3e259615781ce5bdbbaf49c37463ad149efa3172f8b503b5d7f3f9",
                ] r#"""#
            ),
        ],
        &[
            "PRIVATE_KEY=0xyour-private-key",
            concat!(
                "txHash",
                " = 0xdb115ae02c64c726a7766bd14dff1d0fd20248d74df642fb86c9955c118768d4"
            ),
        ],
    )
    .floor(3.0)
    .checked(is_not_printed),
    assigned(
        "hexadecimal-private-key",
        "private key of 32 bytes in hexadecimal",
        "SEC 1 section 2.3.7; not confirmed",
        &["private_key", "priv_key", "wallet_key", "deployer_key", "signer_key"],
        "[0-9a-fA-F]{64}",
        &[example!(
            "WALLET_PRIVATE_KEY=" [
                "ff9",
                "c7c83cb9caf00da03717888e8da38b9925b6e533a4ba7fc47652478197c45",
            ] ""
        )],
        &[concat!(
            "sha256",
            " = 3129c2cfa7954bca64e4834ee6a9ba2b21e533a0ef53c68f61f30243bcf6d1d9"
        )],
    )
    .floor(3.0)
    .checked(is_not_printed),
    assigned(
        "solana-key",
        "Solana key pair in base 58",
        "solana.com/docs; not confirmed",
        &["private_key", "priv_key", "secret_key", "solana_key", "solana_secret", "keypair"],
        "[1-9A-HJ-NP-Za-km-z]{86,88}",
        &[example!(
            "SOLANA_PRIVATE_KEY=" [
                "Qa5",
                "u599THzSfBTJdEaS5FCjZp9yUScNzLE5CjcMYC3Htx9wUqngPWNbyh3SN1N3xGL1xBimTZkK",
                "LxRvjwTFnk9bo",
            ] ""
        )],
        &[concat!(
            "signature = dm9uhJ45WcbwkpR9FuLzg7CxnVLm5m5ZyoqEdSpXFVshNHF99EZwropoUxm2",
            "DgQkXUQ1pqnShQ5thfhRpv4ZwgJd"
        )],
    )
    .floor(4.0),
];
