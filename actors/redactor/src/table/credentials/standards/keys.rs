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
                "tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpRNytQbExxbDBhaFBNMDY4eEJDSHVOWk1",
                "hUm9YN2R1VTlreWtoTUtoZFVqalVocWplc1FEMEdrcm5hMlREUUVUUTcrUGxMcWwwYWhQTTA",
                "2OHhCQ0h1TlpNYVJvWDdkdVU5a3lraE1LaGRVampVaHFqZXNRRDBHa3JuYTJURFFFVAo",
            ],
            example!(
                "key: " [
                    "LS0",
                    "tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCjNnSVlyZDRrVVA1VmxTQ1ZNWGR2UFAvZ3c",
                    "5a0VSK2xBU0lCUWd2K0lVWDVKWHlJNHFvQ1BpdktkMTYwZGpXcEszZ0lZcmQ0a1VQNVZsU0N",
                    "WTVhkdlBQL2d3OWtFUitsQVNJQlFnditJVVg1Slh5STRxb0NQaXZLZDE2MGRqV3BLCg=",
                ] "\n"
            ),
        ],
        &[
            concat!(
                "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCm14VDBIR2RPampOemVNNHpuQkRwSVV2NGlX",
                "clllVkNxWFN0RytqallCQlRUUStWMVJSanRQNE5lc2ZZUk11"
            ),
            "LS0tLS1CRUdJTiBD",
        ],
    )
    .floor(3.5)
    .checked(is_private_armour),
    assigned(
        "kubeconfig-key",
        "key of a user of Kubernetes",
        "kubernetes.io/docs, kubeconfig v1; not confirmed",
        &["client_key_data"],
        "[A-Za-z0-9+/]{100,}={0,2}",
        &[example!(
            "client-key-data: " [
                "LS0",
                "tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQZOf0QRC36hA1ztGFHq9e5xGfFiEbrWtHX",
                "3crBmfOk9bYCqwcIXHugTDyZBkgyN6imKwiZtOq8b09koJ0g3nMK1A7ruUofbCAXOB7WTKUn",
                "coDF9uY8krDX0fjvXONFFE4qlbSpPK8JOqQ==",
            ] ""
        )],
        &[
            "client-key-data=your-key-here",
            concat!(
                "checksum: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQZOf0QRC36hA1ztGFHq9e",
                "5xGfFiEbrWtHX3crBmfOk9bYCqwcIXHugTDyZBkgyN6imKwiZtOq8b09koJ0g3nMK1A7ruUo",
                "fbCAXOB7WTKUncoDF9uY8krDX0fjvXONFFE4qlbSpPK8JOqQ=="
            ),
        ],
    )
    .floor(3.5),
    assigned(
        "wireguard",
        "WireGuard private or shared key",
        "wireguard.com; wg(8); not confirmed",
        &["private_key", "preshared_key", "wg_private", "wireguard"],
        "[A-Za-z0-9+/]{43}=",
        &[
            example!("PrivateKey = " ["g6m", "XooAb95URND2vK5Noagl1w4033IleQuf5PWueUZS="] ""),
            example!("PresharedKey = " ["AX8", "FXNHatM87nBEdXhhMRkFCHr5cEy4QXs53+ZnGLCM="] ""),
        ],
        &[
            "PublicKey = X1qSxkWer7tye+xCGLnEfwLUEJEF+7NJ5taulvH06OC=",
            "PrivateKey = your-key",
        ],
    )
    .floor(4.0)
    .checked(is_not_printed),
    token_anywhere(
        "otpauth",
        "secret for one-time passwords",
        "draft-linuxgemini-otpauth-uri; docs.yubico.com, URI string format, read 22 Nov 2026",
        r#"otpauth://(?:totp|hotp)/[^\s?"\'<>]*\?(?:[a-r][^\s&"\'<>]*&)*secret=(?<secret>[A-Za-z2-7]{16,})"#,
        &[
            example!(
                "otpauth://totp/ACME:ann?secret=" [
                    "M46",
                    "DY5OBMLTHEA66TWP53ZWVLRXNTYVM",
                ] "&issuer=ACME"
            ),
            example!(
                "otpauth://totp/ann?issuer=ACME&digits=6&secret=" [
                    "WYS",
                    "MGPQMBKZSIAJ3SRJP4QJ4ML",
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
                    "Kxp",
                    "MSKxqG2nZCrpYmmmn2g87NNFB4rpiUGEYWGKmste7qB8e19Nj",
                ] ""
            ),
            example!(
                r#"wif: ""# [
                    "5JH",
                    "aGGYpT45ib5gsH2CTYb4ZzSb2qUFg9xgL8yQ7jUYv7uUeZ2q",
                ] r#"""#
            ),
        ],
        &[concat!("BTC_PR", "IVATE_KEY=KxpMSKxqG2nZCrpYmmmn2g87NNFB4rpiUGEYWGKmste7qB8e19Na")],
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
                "v9zX2YioezxuNtvEbNrJ3jDq5SY4t5y4zMnuUwnjgqK9Yag2te1qk5Ju3ysoF9weaXT7i9oR",
                "H1aXRq1ZutbkSfuY5VMzaTzBRXbEDfRo93k2",
            ],
            example!(
                "seed -> " [
                    "zpr",
                    "vAcUcvkDUjM5nUdSAAfHiXUdwMCK6uEVQwWriM12zPFd6JxcLMUgXtWejDeYAajx5oWMBdvZ",
                    "4w9kd6nSpt6atcuYfzFhSYD1PVfefbb9yvRH",
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
        &[example!["eds", "k2y1QmX3x7qqVYZh9yKdioiBWvXrpN4YSw5oKXS4g2J8ckhy7vp"]],
        &[
            "edsk-key",
            concat!("edsk2y", "1QmX3x7qqVYZh9yKdioiBWvXrpN4YSw5oKXS4g2J8ckhy7va"),
        ],
    )
    .checked(is_base58check),
    token(
        "nostr-key",
        "Nostr private key",
        "github.com/nostr-protocol/nips, NIP-19; not confirmed",
        "nsec1[02-9ac-hj-np-z]{58}",
        &[example!["nse", "c13vqkd6fd9p4yn77ptl3v2yy9rwzatm4a37qcyw0v6fwszh36w0aszjek03"]],
        &[
            "nsec1key",
            concat!("nsec13", "vqkd6fd9p4yn77ptl3v2yy9rwzatm4a37qcyw0v6fwszh36w0aszjek0q"),
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
                    "0xe",
                    "014cace96e0e353be11c2ac8c83bfcfe0b1be689dddfe25b5c2870a970b409f",
                ] ""
            ),
            example!(
                r#"deployerKey: ""# [
                    "0xb",
                    "f21af6f3844c1140b092966617112862045f5b78d09fe4c96416c23eda65531",
                ] r#"""#
            ),
        ],
        &[
            "PRIVATE_KEY=0xyour-private-key",
            concat!(
                "txHash",
                " = 0x259b7259c132a72c98de3f56942ac868378466dbf979d42d52b873f8ee17f561"
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
                "0b1",
                "f84cf39e0c92cfe70de9bd9f55ab9bb9a9f5d3d55a00d57400c3b41d01517",
            ] ""
        )],
        &[concat!(
            "sha256",
            " = ffefa823dfa149b6ae0fb8aada70f7063bef201bb5577c450e887ec03520dd5e"
        )],
    )
    .floor(3.0)
    .checked(is_not_printed),
    assigned(
        "solana-key",
        "Solana key pair in base 58",
        "solana.com/docs; not confirmed",
        &["private_key", "priv_key", "secret_key", "solana", "keypair"],
        "[1-9A-HJ-NP-Za-km-z]{86,88}",
        &[example!(
            "SOLANA_PRIVATE_KEY=" [
                "XZT",
                "njbC3sp59dY6ydAMsfxsfLAZen7C5J8t6c57FKbWoGAEKNGTPunrGV9iEHdhXzi8DXYLx6bc",
                "8c6hUb1s2F1TC",
            ] ""
        )],
        &[concat!(
            "signature = nRL7AGLujBxfcjZNQzhYnbCgdUFgvVJN8LPp5Hh6K4NciUf16oSnZRYXNJDF",
            "jSknZa7EPunXQtfpqVA4S2pfaF7b"
        )],
    )
    .floor(4.0),
];
