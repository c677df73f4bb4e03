//! Providers of models and of agents that are newer, or whose keys have got another form.

use crate::table::credentials::looks::has_digit;
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "friendli",
        "Friendli token",
        "friendli.ai/docs; form in titus of 10 Apr 2026",
        "flp_[0-9A-Za-z]{40,}",
        &[example!(
            "FRIENDLI_TOKEN=" [
                "flp",
                "_vROfnfOSe4XGX3Mc59Xo3nnNOcovObFSHwTxphmWLVr4jh",
            ] ""
        )],
        &["flp_token", concat!("flp_v", "xjGEgVvOT3y")],
    )
    .floor(4.0),
    assigned(
        "ollama",
        "Ollama API key",
        "docs.ollama.com/cloud; form in titus of 10 Apr 2026",
        &["ollama_api_key", "ollama_key", "ollama_token"],
        r"[0-9a-f]{32}\.[0-9A-Za-z_-]{24}",
        &[example!(
            "OLLAMA_API_KEY=" [
                "2c3",
                "db66015fb8756f2f8c50f3b21c93f.n5YEWt3IHXFntuwNAsCZ6ZcD",
            ] ""
        )],
        &[
            "OLLAMA_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: a75d7b62819d0edf2a11f04e18369663.AJl25OXfk9DC3PMyp9DOjdm",
                "j"
            ),
        ],
    )
    .floor(3.8),
    token(
        "devin",
        "Devin API key",
        "docs.devin.ai; form in betterleaks of 23 Jul 2026",
        "apk_[0-9A-Za-z+/_]{80,}={0,2}",
        &[
            example!(
                "DEVIN_API_KEY=" [
                    "apk",
                    "_user_t6rza2ka0noFkci4FG2ToNIMJ3tCEn3eTgNpzT7UNUNPYje2R71LKf",
                    "mmb57j8yd8aCSiwYX5rX5kTLqEAdAmfMnZnkuSB9rlDDaSUlWULLKbptEOgb",
                    "ut1gt4vPzCOsshmL5qhYneq5ni==",
                ] ""
            ),
            example![
                "apk",
                "_NOx1sKB1f6Rf6tuD591dW5OQMBULanjnZtsqG8hFxPDvSpEsIIAys2NEkLx",
                "4mA1a51VnOmu1dKsTKbrT74IByncqPTB6"
            ],
        ],
        &["apk_file_name", concat!("apk_6K", "qGgEwVibSubOu2Y83h")],
    )
    .floor(4.2),
    token(
        "devin-service-user",
        "Devin token of a service user",
        "docs.devin.ai; form in betterleaks of 23 Jul 2026",
        "cog_[a-z2-7]{52}",
        &[example!(
            "DEVIN_TOKEN=" [
                "cog",
                "_nznwlixzwo2p7clcxgwoxtlj3qzaia452ac4l25ymqcnhdyprw5e",
            ] ""
        )],
        &[
            "cog_wheel",
            concat!(
                "incog_",
                "2u2u7xcpoll4pisk3hr33od5ve7ow5nehuoqiye7ol66l5dca2py"
            ),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    token(
        "retell",
        "Retell AI API key",
        "docs.retellai.com; form in titus of 10 Apr 2026",
        "key_[0-9a-f]{28}",
        &[example!("RETELL_API_KEY=" ["key", "_7eb443655c518569cb2e0fc1b0f6"] "")],
        &[
            "key_08f10be5269a",
            concat!("my_key", "_2e3b5993aae7805475920f35122e"),
        ],
    )
    .floor(2.8),
    token(
        "runway",
        "Runway API secret",
        "docs.dev.runwayml.com; form in titus of 10 Apr 2026",
        "key_[0-9a-f]{128}",
        &[example!(
            "RUNWAYML_API_SECRET=" [
                "key",
                "_eb74fc4837761b8f18facde0125b536644eac6671ebef3bded354590472",
                "17f453446aa70198755cd50511e463d9fe72895dbfab945785902f9b9e86",
                "003b38c81",
            ] ""
        )],
        &[
            "key_08f10be5269a",
            concat!(
                "my_key",
                "_b709b2d1211c587968714c1de79f2337c1ddcfd140c3d1ddf252fb15c2d",
                "9a8965ba5e396a9d70aa5d98c7976d7539f5ae2d7c9cb4d3906f4017a3ce",
                "24a7a6e1c"
            ),
        ],
    )
    .floor(3.4),
    token(
        "scale-ai",
        "Scale AI API key",
        "docs.scale.com; form in titus of 10 Apr 2026",
        "live_[0-9a-f]{32}",
        &[example!("SCALE_API_KEY=" ["liv", "e_52af08f21cb56e01a1634f8e57870b4a"] "")],
        &[
            "live_data",
            concat!("alive_", "f91cccab4f92d2bbc1de562d6d244b32"),
        ],
    )
    .floor(2.8)
    .checked(has_digit),
    token(
        "scale-ai-callback",
        "Scale AI key for callbacks",
        "docs.scale.com; form in titus of 10 Apr 2026",
        "live_auth_[0-9a-f]{32}",
        &[example!["liv", "e_auth_ca92f370997b5125b1c760bc7c40a236"]],
        &[
            "live_auth_required",
            concat!("alive_", "auth_056f1f4ae74132e5353507baf97eab61"),
        ],
    )
    .floor(2.8)
    .checked(has_digit),
    token(
        "photoroom",
        "Photoroom API key",
        "docs.photoroom.com; form in trufflehog of 21 Aug 2026",
        "sk_pr_[0-9A-Za-z-]{1,32}_[0-9a-f]{40}",
        &[example!(
            "x-api-key: " [
                "sk_",
                "pr_default_8acb8f411167b90aaaefd201ab97d7cd47ffcce0",
            ] ""
        )],
        &[
            "sk_pr_default_key",
            concat!(
                "task_p",
                "r_default_00dcfa393b67e88830133f3d19ab2e55023e4899"
            ),
        ],
    )
    .floor(3.2),
    token(
        "voiceflow",
        "Voiceflow API key",
        "docs.voiceflow.com; form in kingfisher of 20 Jun 2025",
        r"VF\.(?:DM\.|WS\.)?[0-9a-f]{24}\.[0-9A-Za-z]{16}",
        &[
            example!(
                "VF_API_KEY=" [
                    "VF.",
                    "DM.392a44cc778bf3113795c5e9.N1cCklKViwQBwoe7",
                ] ""
            ),
            example!["VF.", "0962bf4d129f7170680ed4ca.jYvFUbmiq0epy65j"],
        ],
        &["VF.DM.your-key", "VF.WS."],
    )
    .floor(3.5),
    token(
        "coze",
        "Coze personal access token",
        "coze.com/docs; form in titus of 10 Apr 2026",
        "pat_[0-9A-Za-z]{64}",
        &[example!(
            "COZE_API_TOKEN=" [
                "pat",
                "_Few6TyzwLviZWFDVw8g4hg0ZzF6zwp91ECBsH9t7sVyjPM40cAfhr37b1ri",
                "bFRdF",
            ] ""
        )],
        &["pat_token", concat!("pat_Sz", "MAhhDB2Le3MQ1Hkv5m")],
    )
    .floor(4.2)
    .checked(has_digit),
    token(
        "nylas",
        "Nylas API key",
        "developer.nylas.com; form in titus of 10 Apr 2026",
        "nyk_[0-9A-Za-z_]{60,}",
        &[example!(
            "NYLAS_API_KEY=" [
                "nyk",
                "_v0_xEBiM9rwbcWO30X0rMChxfqhWYYmYccFt6Ak7bXJD0It0xX6c7ankf40",
                "lgyqJip3",
            ] ""
        )],
        &["nyk_your_key", "nyk_v0_short"],
    )
    .floor(4.2),
    assigned(
        "sarvam",
        "Sarvam AI or AgentOps key: a UUID",
        "docs.sarvam.ai; docs.agentops.ai; not confirmed",
        &[
            "agentops_api_key",
            "sarvam_api_key",
            "vapi_api_key",
            "vapi_private_key",
        ],
        uuid!(),
        &[example!("AGENTOPS_API_KEY=" ["eae", "1c2a3-8211-11dd-8ddd-44d558d1fd37"] "")],
        &[
            "AGENTOPS_API_KEY=your-key",
            concat!("agento", "ps_session: 026283c3-6a15-bd08-b93b-9a62f7c639ce"),
        ],
    )
    .floor(2.8),
    assigned(
        "deepl",
        "DeepL authentication key",
        "developers.deepl.com, authentication; not confirmed",
        &["deepl_auth_key", "deepl_api_key", "deepl_key"],
        concat!(uuid!(), "(?::fx)?"),
        &[example!("DEEPL_AUTH_KEY=" ["9b2", "902fa-0506-0a56-9d99-80424aba890d:fx"] "")],
        &[
            "DEEPL_AUTH_KEY=your-key",
            concat!("docume", "nt_key 74cb0ebc-dfa0-0db8-214b-33ab16140ce9"),
        ],
    )
    .floor(2.8),
    token_anywhere(
        "deepl-header",
        "DeepL authentication key in its header",
        "developers.deepl.com, authentication; not confirmed",
        concat!("DeepL-Auth-Key (?<secret>", uuid!(), "(?::fx)?)"),
        &[example!(
            "Authorization: DeepL-Auth-Key " [
                "b94",
                "efc3b-2b3c-d54e-e81d-8ad64ef60609",
            ] ""
        )],
        &[
            "Authorization: DeepL-Auth-Key $KEY",
            "DeepL-Auth-Key [yourAuthKey]",
        ],
    )
    .floor(2.8),
    assigned(
        "greptile",
        "Greptile API key",
        "greptile.com/docs; form in betterleaks of 23 Jul 2026",
        &["greptile_api_key", "greptile_token", "greptile_key"],
        "[0-9A-Za-z+/]{48}",
        &[example!(
            "GREPTILE_API_KEY=" [
                "3ae",
                "0Yr64w5ptezwXNBYZAibpjknX7f5BO94XErOdWOsXEn9O",
            ] ""
        )],
        &[
            "GREPTILE_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: ygpSRbngsOXOZHDBiuVUqm205u0MTdGHz8oplhj59GXA0LdS"
            ),
        ],
    )
    .floor(4.2),
    assigned(
        "kagi",
        "Kagi API key",
        "help.kagi.com; form in betterleaks of 23 Jul 2026",
        &["kagi_api_key", "kagi_token", "kagi_key", "kagi_session"],
        r"[0-9A-Za-z_-]{11}\.[0-9A-Za-z_-]{43}",
        &[example!(
            "KAGI_API_KEY=" [
                "CeZ",
                "0FXPxGPi.o0k0y2FcVGiMvsDb2HMrF4y7lNDlfHz5xbqZXzf2bft",
            ] ""
        )],
        &[
            "KAGI_API_KEY=your-key",
            concat!(
                "checks",
                "um: rCHdP7nSjHW.6A6AP27bLFR18JJNhXcAKd2o06XwH8yAtj4XLkpG2hb"
            ),
        ],
    )
    .floor(4.2),
    assigned(
        "dashscope-voice",
        "iFlytek, Baichuan, StepFun or Hunyuan key",
        "platform.stepfun.com; platform.baichuan-ai.com; xfyun.cn; not confirmed",
        &[
            "stepfun_api_key",
            "hunyuan_api_key",
            "hunyuan_secret_key",
            "baichuan_api_key",
            "iflytek_api_key",
            "xfyun_api_key",
        ],
        "[0-9A-Za-z-]{32,72}",
        &[
            example!(
                "STEPFUN_API_KEY=" [
                    "EiI",
                    "3ygg4EeY8JEHblpNBZbuUWRuWc223n3fOpkQWsW9MwnP34sEacz0yvD1tP6E",
                    "U",
                ] ""
            ),
            example!("XFYUN_API_KEY=" ["f0g", "q1a0w6usaqt0u3plko9be0xz22ut6"] ""),
        ],
        &["STEPFUN_API_KEY=your-step-api-key", "STEPFUN_API_KEY=$KEY"],
    )
    .floor(3.2)
    .checked(has_digit),
];
