//! Amazon: keys of AWS, of Bedrock, of selling partners.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "aws-access-key-id",
        "AWS access key id of a user or an account",
        "docs.aws.amazon.com/STS, GetAccessKeyInfo, read 22 Nov 2026",
        "AKIA[0-9A-Z]{16}",
        &[
            example!["AK", "IAPYCDYBK377OXTZQ6"],
            example!("aws_access_key_id = " ["AK", "IASVIZX3ORO7NZQDG4"] "\nregion"),
        ],
        &[
            "AKIAIOSFODNN7EXAMPLE",
            "AKIA_KEY_PREFIX_LENGTH",
            "XAKIAW5LLTZQLI3N4FVU2",
        ],
    ),
    token(
        "aws-temporary-key-id",
        "AWS access key id of a session",
        "docs.aws.amazon.com/STS, GetAccessKeyInfo, read 22 Nov 2026",
        "ASIA[0-9A-Z]{16}",
        &[
            example!["AS", "IAI5XX2BZN3KIR2GSH"],
            example!("\"AccessKeyId\": \"" ["AS", "IAYL7SN5PKZJLI6UFH"] "\""),
        ],
        &[
            "ASIAPACIFICREGION",
            "ASIA3REOSFHYPN5NWK2",
            "EURASIADO6UE33RB6PVP5BN",
        ],
    ),
    token(
        "aws-bearer-token-id",
        "AWS id of an STS service bearer token",
        "docs.aws.amazon.com/IAM, IAM identifiers; not confirmed there, seen quoted",
        "ABIA[0-9A-Z]{16}",
        &[example!["AB", "IA2PZCYIBBTDD2GDMS"]],
        &["ABIAAUR66NAM5WA5", "ARABIAYYDX5S6KC6O6OYA7"],
    ),
    token(
        "aws-context-credential-id",
        "AWS id of a context-specific credential",
        "docs.aws.amazon.com/IAM, IAM identifiers; not confirmed there, seen quoted",
        "ACCA[0-9A-Z]{16}",
        &[example!["AC", "CAVNGCNGSUU4STUZUR"]],
        &["ACCA7HXHAV3OOEFJ", "MACCA2NO4QBH5CBHHHPWD"],
    ),
    assigned(
        "aws-secret-access-key",
        "AWS secret access key",
        "docs.aws.amazon.com/STS, GetAccessKeyInfo, read 22 Nov 2026",
        &["secret_access_key", "aws_secret", "aws_sk", "amazon_secret"],
        "[A-Za-z0-9+/]{40}",
        &[
            example!("AWS_SECRET_ACCESS_KEY=" ["yAO9H5sLwzcZjS6dDb1q", "rWMYJc/fwFp64OJxA+6E"] ""),
            example!(
                "\"SecretAccessKey\": \""
                ["gQaISMKsvrBsD37GL4Ja", "yTZwkJrj/L+21Dikr4w7"]
                "\""
            ),
            example!("aws_secret_key: '" ["T2iuSzSuY9Ui2NICGDmb", "n7db9nTle7Rt++dF85e4"] "'"),
        ],
        &[
            concat!(
                "aws_secret_access_key = wJ",
                "alrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
            ),
            "AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY}",
            "aws_secret_name: prod/payments/database",
        ],
    )
    .floor(3.5),
    assigned(
        "aws-session-token",
        "AWS session token",
        "docs.aws.amazon.com/STS, temporary credentials; not confirmed",
        &["session_token", "security_token"],
        "[A-Za-z0-9+/]{100,}={0,2}",
        &[
            example!(
                "AWS_SESSION_TOKEN="
                [
                    "oo8VYFlMfaKQzYUit8pxbkcM5yeDswqoiAvYxGJ9Bgi4ycOAw3sI7qijLYLsGhkcfSVOnh",
                    "/LGu48qclNx+QTLH9c0pqbUHuFKElU6VEx4zIv6MqCW5Q8Vid64",
                    "foO7OvqUYNYrICuuZFaRAdrnrt8kSifjFNalcRFslf6OZoA+ePIzhtoNK8QcV88xVzvLgk",
                    "Goy6/LmMrBwuEsC3tkOBvuO2LhkTU9xZrPKyw7zsJXSAs655m==",
                ]
                ""
            ),
            example!(
                "\"SessionToken\": \""
                [
                    "Gj4N/MCnlEEpXhqUsGaClEKL3RwoFLbfTFoLiMQCxukSW08H6FB5D2MQT9XzW/T+oJ6PmP",
                    "SQpSEIlcnoEmx/gwsmr/",
                    "mYVJ/6WSpC9GYXDcg4BAXl/L0bkXmCCqrsvG1utdWt2kLkW8ymfi34Dcntk7OmAODTJZwD",
                    "Y3FhoM4d9bvWTcEMqDWJ",
                ]
                "\""
            ),
        ],
        &[
            "session_token = get_token(user)",
            "AWS_SESSION_TOKEN=<token from sts assume-role>",
        ],
    )
    .floor(4.0),
    token_anywhere(
        "aws-session-token-text",
        "AWS session token, by its beginning",
        "AWS STS; not confirmed",
        "IQoJb3JpZ2luX2Vj[A-Za-z0-9+/]{80,}={0,2}",
        &[example![
            "IQ",
            "oJb3JpZ2luX2Vj9wBztdiD8XXfDgulkDl6WKkrnwGOl9guXCYJmdQFTvffexLPuWmLPP+J",
            "kOTRGUrSIR5WZ8FOI5pGe+Vz3GlX2dCQaCMRY/hV5tcJMl11bxefDClL+AUByzYS1U+vcq",
            "17cNyuZw2XGPcATMTAVnTmZrrkg2wUUPv18/5Q9CwuT5q5OQDaNROHavp6K5i6BVcIAc5L",
            "1Y25=",
        ]],
        &["IQoJb3JpZ2luX2Vj...", "IQoJb3JpZ2luX2VjEXAMPLE"],
    ),
    token_anywhere(
        "aws-session-token-older",
        "AWS session token, by its older beginning",
        "AWS STS; not confirmed",
        "FwoGZXIvYXdz[A-Za-z0-9+/]{80,}={0,2}",
        &[example![
            "Fw",
            "oGZXIvYXdzvm1VfidotBDyrbI3x/00iGocCyp/y0rY3APZyqIKPHts4IZ3FCtDWTO12V+N",
            "B/VbOm703B9vTEyhwK+YwBJ/LSDr4tKp7iCjK4aWUK0iHby+3WQkTvojS0g8feoB+2WrqT",
            "tkBlTkPzk0ApyPnRMG501aYpUDOo9MIFJj0yAprvUol+vqTD6F==",
        ]],
        &[
            "FwoGZXIvYXdz...",
            concat!("Fw", "oGZXIvYXdzsd7Q12DGvhAyANAv8h5U"),
        ],
    ),
    token_anywhere(
        "aws-bedrock-api-key",
        "Amazon Bedrock API key, long-term",
        "docs.aws.amazon.com/bedrock, API keys; not confirmed",
        "ABSKQmVkcm9ja0FQSUtleS[A-Za-z0-9+/]{60,}={0,2}",
        &[example![
            "AB",
            "SKQmVkcm9ja0FQSUtleS3l+8oAfAsCH3Ua5cnZNYOCvVNIEAIUJ91cc720aFzZe7Vv8YuN",
            "nJwctGTROxs7qQK7Zym5sEWU4WhOkvpsGl+g3WP0LnjZn1==",
        ]],
        &["ABSKQmVkcm9ja0FQSUtleS0...", "ABSKQmVkcm9ja0FQSUtleS1xxxx"],
    ),
    token_anywhere(
        "aws-bedrock-short-term-key",
        "Amazon Bedrock API key, short-term",
        "docs.aws.amazon.com/bedrock, API keys; not confirmed",
        "bedrock-api-key-[A-Za-z0-9+/]{80,}={0,2}",
        &[example![
            "be",
            "drock-api-key-L64dWVyxHwrwClOVfnzIKfuHeD1m9/Ew9UcKfhFnVbv3GrPgx3dTb2p/",
            "sAruPfURxW64k0TwDIHEC40HCUdMteT6x2IVPhATSuJ4rwqFtyDDdrL64ca5muCfq5eBj3",
            "PEYFhhLsyurwhlz45f7gD+BnHnUuFKQvzpojzwFoxpCYO4L4S9iK3eVL4hsjH2oOoFw3zw",
            "6EPp=",
        ]],
        &[
            concat!("be", "drock-api-key-rotation-runbook"),
            "the header bedrock-api-key-${KEY}",
        ],
    ),
    assigned(
        "aws-bedrock-bearer-token",
        "Amazon Bedrock API key, by its variable",
        "docs.aws.amazon.com/bedrock, use an API key, read 22 Nov 2026",
        &["bearer_token_bedrock"],
        "[A-Za-z0-9+/_-]{40,}={0,2}",
        &[example!(
            "export AWS_BEARER_TOKEN_BEDROCK="
            [
                "iS23-5y4rIZ84ekIT_Em1YGQU3e7jCqAHv5SzkmE",
                "omgncgMdvJIawU4NW51QpmXfAXP-Vk3M5DIeBStJ",
            ]
            ""
        )],
        &[
            "export AWS_BEARER_TOKEN_BEDROCK=${api-key}",
            "os.environ['AWS_BEARER_TOKEN_BEDROCK']",
        ],
    )
    .floor(3.5),
    token_anywhere(
        "aws-url-signature",
        "signature of a presigned AWS address",
        "docs.aws.amazon.com/IAM, signing requests with query parameters; not confirmed",
        "X-Amz-Signature=(?<secret>[0-9a-f]{64})",
        &[example!(
            "&X-Amz-Signature="
            ["a5ed7db3b4d06b34e81cada31d4143ca", "16eb233cd7997c576ac8bc0d9c8ac575"]
            "&x-id=GetObject"
        )],
        &[
            "&X-Amz-Signature=<signature>",
            concat!("X-", "Amz-Signature=566ab7e3f68719640380c0ab16760b9d"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "aws-url-session-token",
        "session token in a presigned AWS address",
        "docs.aws.amazon.com/IAM, signing requests with query parameters; not confirmed",
        "X-Amz-Security-Token=(?<secret>[A-Za-z0-9%+/]{100,}={0,2})",
        &[example!(
            "?X-Amz-Security-Token="
            [
                "IQoJb3O55bqLyC1cH8J5KG6BlBu0YAqj0xkv7xVmFLi8fqCpBVWdVzrpxYaaJybSNdqNAp",
                "5XZgliSgejGFFWU9pd96T2qaUbciezO",
                "U0IrT3SuSHmSZXNbBS5Q9tMF2MMpfX067khhLZCQEctSl0jdcKh0LCT%2FnUvV4nLPRn1o",
                "q8vTKMSsrW7135d7fdMuibbzPK5V%3D",
            ]
            "&X-Amz-Date="
        )],
        &[
            "?X-Amz-Security-Token=token&",
            "X-Amz-Security-Token: required",
        ],
    )
    .floor(3.5),
    token_anywhere(
        "amazon-mws-token",
        "Amazon MWS auth token",
        "Amazon Marketplace Web Service, developer guide; not confirmed",
        concat!(r"amzn\.mws\.", uuid!()),
        &[example![
            "am",
            "zn.mws.bcfc0c45-b49a-7db1-c450-4475ffcac794"
        ]],
        &[
            "amzn.mws.client.MarketplaceWebService",
            "amzn.mws.e685c601-b901",
        ],
    ),
    token_anywhere(
        "amazon-login-client-secret",
        "Login with Amazon client secret",
        "developer.amazon.com, Login with Amazon; not confirmed",
        r"amzn1\.oa2-cs\.v1\.[0-9a-f]{54,}",
        &[example![
            "am",
            "zn1.oa2-cs.v1.5bcdefadb46d41592add47251146c14d7e4453188668228a073c5291",
            "fceb3fe6",
        ]],
        &[
            concat!(
                "amzn1.application-oa2-client.b2",
                "950f4322607801bee0cb47b57a32d5"
            ),
            "amzn1.oa2-cs.v1.secret",
        ],
    )
    .floor(3.0),
    token(
        "amazon-login-refresh-token",
        "Login with Amazon refresh token",
        "developer.amazon.com, Login with Amazon; not confirmed",
        r"Atzr\|[A-Za-z0-9_-]{80,}",
        &[example![
            "At",
            "zr|OKFcMNCG3kQSDU7sWTDwTV6Psk7_Vmwpjel339hTTfcVJDd-uLEgcz6iizSf_Vkz329",
            "0apEMY7pp2SHFFh9Dc490Lq-d_8xMqLuqdxmhifAhp1HSOmIhBVrVORZeBthh2jR76METw",
            "4u0NqCRiizk5SlAPTiPRVhlg830VQ0CmZ4KyBaVt3mtOXj1OaptdSJP8JQZGU5GzgxW7oz",
            "iLL3x3bhZ_c1nR2F48fGBntFCGSdttmSt",
        ]],
        &["Atzr|...", "Atzr|IQEBLjAsAhRmHjNgHpi0U"],
    ),
];
