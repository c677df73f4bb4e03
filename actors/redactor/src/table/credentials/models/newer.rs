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
                "_xLv4CXGWxOjXTuoLJb1rhQZAIAiq6cd8asqACcLa6ydy1Y",
            ] ""
        )],
        &["flp_token", concat!("flp_u", "vnMmQC99NHr")],
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
                "1c7",
                "8be2dadafb17755e7495d38dd71ea.E8foOW16dNzEmiH0UOp2Qgn3",
            ] ""
        )],
        &[
            "OLLAMA_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 4c2f75ff5e110d7c7eb443655c518569.ZxWEcAf7vYDWBe1rMn1zEid",
                "G"
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
                    "_user_jWpLTiSHU0V1dPmzQgB8nn9LzJqPLg8Sg8Ei4BeG2LDFlFhinyt8dd",
                    "WPJeyYJ8RyGOgO3MCWz2Rf5uu1lt1mCtqwRfVZvbcAyCElK3XLGNntNJqqy0",
                    "IdVYNlNPDcWdeHy2Xl3bnx4dpb==",
                ] ""
            ),
            example![
                "apk",
                "_3Hn37KJKTBJPsECOfvJLHyJxzIj2umolx82tn5NUVPADiTROosLKY6kbjLl",
                "BL7CqlzsCciJNGathS5ufdzwOph2hFQyq"
            ],
        ],
        &["apk_file_name", concat!("apk_p3", "SKaWmfVWTI7nLP0gRK")],
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
                "_saf6sxs5qmbahwhqyqdxpbsxe3decdzkqptmqpcizc35ot7fggpy",
            ] ""
        )],
        &[
            "cog_wheel",
            concat!(
                "incog_",
                "d33y62djbyh3c226fle7xdlzf2tuqtnkxul5gsmvs3oavvl3tryp"
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
        &[example!("RETELL_API_KEY=" ["key", "_976d7539f5ae2d7c9cb4d3906f40"] "")],
        &[
            "key_08f10be5269a",
            concat!("my_key", "_17a3ce24a7a6e1c52af08f21cb56"),
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
                "_e01a1634f8e57870b4af91cccab4f92d2bbc1de562d6d244b32ca92f370",
                "997b5125b1c760bc7c40a236056f1f4ae74132e5353507baf97eab618acb",
                "8f411167b",
            ] ""
        )],
        &[
            "key_08f10be5269a",
            concat!(
                "my_key",
                "_90aaaefd201ab97d7cd47ffcce000dcfa393b67e88830133f3d19ab2e55",
                "023e4899392a44cc778bf3113795c5e96e15a80f0962bf4d129f7170680e",
                "d4cac2adf"
            ),
        ],
    )
    .floor(3.4),
    token(
        "scale-ai",
        "Scale AI API key",
        "docs.scale.com; form in titus of 10 Apr 2026",
        "live_[0-9a-f]{32}",
        &[example!("SCALE_API_KEY=" ["liv", "e_2f95cb21ac22103a76e0fdd28e296010"] "")],
        &[
            "live_data",
            concat!("alive_", "37026283c36a15bd08b93b9a62f7c639"),
        ],
    )
    .floor(2.8)
    .checked(has_digit),
    token(
        "scale-ai-callback",
        "Scale AI key for callbacks",
        "docs.scale.com; form in titus of 10 Apr 2026",
        "live_auth_[0-9a-f]{32}",
        &[example!["liv", "e_auth_ce9b2902fa05060a569d9980424aba89"]],
        &[
            "live_auth_required",
            concat!("alive_", "auth_0d74cb0ebcdfa00db8214b33ab16140c"),
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
                "pr_default_e9b94efc3b2b3cd54ee81d8ad64ef60609dfcfb6",
            ] ""
        )],
        &[
            "sk_pr_default_key",
            concat!(
                "task_p",
                "r_default_0cc0dbf07b27eb7b2798d7b7c310aa69e333b05e"
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
                    "DM.91fc2b7372ea361d36261f3d.qZXzf2bftrCHdP7n",
                ] ""
            ),
            example!["VF.", "93b007d528446be05eb30b53.2hbEiI3ygg4EeY8J"],
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
                "_EHblpNBZbuUWRuWc223n3fOpkQWsW9MwnP34sEacz0yvD1tP6EU7FkqvaqG",
                "QbAan",
            ] ""
        )],
        &["pat_token", concat!("pat_Wg", "USqAxQT9azUdP0L9Kp")],
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
                "_v0_OmjnB8pEaXrZ5c9ctx5UoTgogP8pJmC06rxJwAO9BZ9ibzmHG5cvIAda",
                "ruewbz2K",
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
            "tripo_api_key",
            "relevance_api_key",
        ],
        uuid!(),
        &[example!("AGENTOPS_API_KEY=" ["359", "8a759-a4ef-1917-b4d8-52e3cfcbf1b0"] "")],
        &[
            "AGENTOPS_API_KEY=your-key",
            concat!("agento", "ps_session: 33a83c9f-fc25-ffdc-5582-598c2a38195d"),
        ],
    )
    .floor(2.8),
    assigned(
        "deepl",
        "DeepL authentication key",
        "developers.deepl.com, authentication; not confirmed",
        &["deepl_auth_key", "deepl_api_key", "deepl_key"],
        concat!(uuid!(), "(?::fx)?"),
        &[example!("DEEPL_AUTH_KEY=" ["97b", "3efad-b5d9-5fd1-3430-81a283872ff8:fx"] "")],
        &[
            "DEEPL_AUTH_KEY=your-key",
            concat!("docume", "nt_key 92ff68b7-165b-9523-6c4f-f73a63df805d"),
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
                "d5e",
                "80729-c263-654c-028b-4e1445c2360a",
            ] ""
        )],
        &[
            "Authorization: DeepL-Auth-Key $KEY",
            "DeepL-Auth-Key [yourAuthKey]",
        ],
    )
    .floor(2.8),
    assigned(
        "dify",
        "Dify API key",
        "docs.dify.ai, API access; not confirmed",
        &[
            "dify_api_key",
            "dify_key",
            "dify_app_key",
            "dify_token",
            "dify_knowledge_key",
        ],
        "(?:app|dataset)-[0-9A-Za-z]{24}",
        &[example!("DIFY_API_KEY=" ["app", "-1r3YRg7lYAaWoi6FLyZEeN5p"] "")],
        &[
            "DIFY_API_KEY=app-key",
            concat!("app-va", "PSDz6pvcYDIhNu4mlW4tiL"),
        ],
    )
    .floor(3.8),
    assigned(
        "greptile",
        "Greptile API key",
        "greptile.com/docs; form in betterleaks of 23 Jul 2026",
        &["greptile_api_key", "greptile_token", "greptile_key"],
        "[0-9A-Za-z+/]{48}",
        &[example!(
            "GREPTILE_API_KEY=" [
                "tOn",
                "H7hke0BnMBtagfeFCvyxNkA0QRg042YxZ9mIsR14FnalF",
            ] ""
        )],
        &[
            "GREPTILE_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: MIp8cDNRMHnCuDYvFvyzpH4KMi9fXRgzEtiygAqONk7I8bFh"
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
                "xgQ",
                "E49mc52V.Uk3LHdz3XZrM33If4o0k5HcAtga4a7jXLy0xXT0UZiY",
            ] ""
        )],
        &[
            "KAGI_API_KEY=your-key",
            concat!(
                "checks",
                "um: K1PLw0zf7Xv.wfs16KoV7tXRpf63yWfv1wiEQikb3PG3p8ifK7yazUJ"
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
            "step_api_key",
            "spark_api_secret",
            "spark_api_key",
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
                    "882",
                    "xHK6FbFOIaUaDri9k2jSwENuDQbhvW0EevswIbdSbyBkSwWyxVOJXD7FMzlb",
                    "W",
                ] ""
            ),
            example!("SPARK_API_SECRET=" ["kwi", "utopf1dwnxliiqs9es7s5h846n5ds"] ""),
        ],
        &["STEPFUN_API_KEY=your-step-api-key", "STEPFUN_API_KEY=$KEY"],
    )
    .floor(3.2)
    .checked(has_digit),
];
