//! Keys of those who make models.
//!
//! Many of them write `sk-` and a run of letters and digits; the rows of that kind say whose.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "openai-project",
        "OpenAI key of a project, a service account or an administrator",
        "developers.openai.com/api/docs/guides/api-keys; not confirmed",
        "sk-(?:proj|svcacct|service|admin|None)-[A-Za-z0-9_-]{40,}",
        &[
            example![
                "sk-",
                "proj-EXehXcv3__DUMZH8KRrYV3CJC_BZHhm5S6xxMYHxq2B5kRP0r6UV1cZB3urJ1mKpWx-",
                "KA7EvZtT3BlbkFJxr9Pko2JjCKlpXFB7BSv0hD9Oi22Jc8FQF6cA1EZeXrddMgg1mhzLaPI8",
                "9Aay6Sa7XXhV6L9uf",
            ],
            example!(
                "OPENAI_ADMIN_KEY=" [
                    "sk-",
                    "admin-9D8DXa-RAnfBmKOO5KMOZPI-oVpbR2CDjlt1BC5Gco7fcopoFShyAO9H5sT3BlbkFJ",
                    "LwzcZjS6dDb1qrWMYJc_fwFp64OJxA-6EgQaISMKsvrBsD37GL4JayTZwk",
                ] " # rotate"
            ),
            example!(
                r#"{"key":""# [
                    "sk-",
                    "svcacct-Jrj_L-21Dikr4w7T2iuSzSuY9Ui2NICGDmbn7db9nTle7Rt--dF85e4oo8VYFlMf",
                    "aKQzYUit8pT3BlbkFJxbkcM5yeDswqoiAvYxGJ9Bgi4ycOAw3sI7qijLYLsGhkcfSVOnh_LG",
                    "u48qclNx-QTLH9c0pqbU",
                ] r#""}"#
            ),
        ],
        &[
            "sk-proj-your-key-here",
            concat!(
                "sk-pro",
                "j-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
            "disk-proj-2026",
        ],
    )
    .floor(4.0),
    token(
        "openai-user",
        "OpenAI key of a user, the older form",
        "developers.openai.com/api/docs/guides/api-keys; not confirmed",
        "sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}",
        &[
            example!["sk-", "35qP3kGpsGpL2Yfx1DxOT3BlbkFJZpl9CmOrkDtQiKoyCvEU"],
            example!("Bearer " ["sk-", "9259XxebXDCchuV0DuNkT3BlbkFJixRz91tzLXiYrokk4zpa"] ""),
        ],
        &[
            "sk-T3BlbkFJ",
            concat!("task-o", "HULAfjWPRSAqyCOz17IT3BlbkFJVT7YyVNjZ96WnyroyBJg"),
        ],
    )
    .floor(4.0),
    token(
        "openai-session",
        "OpenAI session key",
        "platform.openai.com, the dashboard; not confirmed",
        "sess-[A-Za-z0-9]{40}",
        &[example![
            "ses",
            "s-vHOXPQnbGi9gKVHijEUfw80MecQept5afS7bvMp3"
        ]],
        &[
            "sess-your-session-key",
            concat!("xsess-", "q7p59zTs7fpjHNUsYPCeHlKQxaFvAtz44ql6SwpU"),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "anthropic",
        "Anthropic API key",
        "platform.claude.com/docs, get an API key, read 22 Nov 2026",
        "sk-ant-api[0-9]{2}-[A-Za-z0-9_-]{40,}",
        &[
            example![
                "sk-",
                "ant-api03-slf6OZoA-ePIzhtoNK8QcV88xVzvLgkGoy6_LmMrBwuEsC3tkOBvuO2LhkTU9x",
                "ZrPKyw7zsJXSAs655mGj4N_MCnlEEpXAA",
            ],
            example!(
                "ANTHROPIC_API_KEY=" [
                    "sk-",
                    "ant-api03-hqUsGaClEKL3RwoFLbfTFoLiMQCxukSW08H6FB5D2MQT9XzW_T-oJ6PmPSQpSE",
                    "IlcnoEmx_gwsmr_mYVJ_6WSpC9GYXDcAA",
                ] "\n"
            ),
        ],
        &[
            "sk-ant-api03-...",
            "sk-ant-api03-your-key-here",
            concat!(
                "sk-ant",
                "-api03-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "anthropic-admin",
        "Anthropic key of an administrator",
        "platform.claude.com/docs, Admin API; not confirmed",
        "sk-ant-admin[0-9]{2}-[A-Za-z0-9_-]{40,}",
        &[example![
            "sk-",
            "ant-admin01-g4BAXl_L0bkXmCCqrsvG1utdWt2kLkW8ymfi34Dcntk7OmAODTJZwDY3FhoM",
            "4d9bvWTcEMqDWJ9wBztdiD8XXfDgulkDlAA",
        ]],
        &["sk-ant-adminyour-key-here", "sk-ant-adminshort1"],
    )
    .floor(4.0),
    token_anywhere(
        "anthropic-oauth",
        "Anthropic access or refresh token of a subscription",
        "platform.claude.com/docs; not confirmed",
        "sk-ant-o(?:at|rt)[0-9]{2}-[A-Za-z0-9_-]{40,}",
        &[
            example![
                "sk-",
                "ant-oat01-6WKkrnwGOl9guXCYJmdQFTvffexLPuWmLPP-JkOTRGUrSIR5WZ8FOI5pGe-Vz3",
                "GlX2dCQaCMRY_hV5tcJMl11bxefDClLAA",
            ],
            example!(
                r#""refreshToken":""# [
                    "sk-",
                    "ant-ort01-idotBDyrbI3x_00iGocCyp_y0rY3APZyqIKPHts4IZ3FCtDWTO12V-NB_VbOm7",
                    "03B9vTEyhwK-YwBJ_LSDr4tKp7iCjK4AA",
                ] r#"""#
            ),
        ],
        &["sk-ant-oat01-your-token-here"],
    )
    .floor(4.0),
    token_anywhere(
        "anthropic-session",
        "Anthropic session key of the web application",
        "claude.ai; not confirmed",
        "sk-ant-sid[0-9]{2}-[A-Za-z0-9_-]{40,}",
        &[example!(
            "sessionKey=" [
                "sk-",
                "ant-sid01-aWUK0iHby-3WQkTvojS0g8feoB-2WrqTtkBlTkPzk0ApyPnRMG501aYpUDOo9M",
                "IFJj0yAprvUol-vqTD6Fsd7Q-12DGvhAA",
            ] "; Path=/"
        )],
        &["sk-ant-sid01-short1"],
    )
    .floor(4.0),
    token(
        "groq",
        "Groq API key",
        "ngrok.com/docs/ai-gateway/providers/groq (not the vendor), read 22 Nov 2026",
        "gsk_[A-Za-z0-9]{44,}",
        &[example![
            "gsk",
            "_nOmRntnkEGdC1NxSBHfFJEhnRVX7Ocnjo7ZVqT4BKMGOxSWXaC3b"
        ]],
        &[
            "gsk_your_key_here",
            "gsk_test",
            concat!(
                "xgsk_u",
                "G2TfVORol4arT9Dzh4j3gdrHHZbTS01ksbOQsITjqEoMnW3E47f"
            ),
        ],
    )
    .floor(4.0),
    token(
        "xai",
        "xAI API key",
        "docs.x.ai; not confirmed",
        "xai-[A-Za-z0-9_]{60,}",
        &[example![
            "xai",
            "-9LgzI4tzuJokxPXSUUMRtrpKnrxr8JE12AbbYTDBA34apmYz0cDYPxkKEzI6kStgrlJ3bJX",
            "j0OqwLvul",
        ]],
        &["xai-grok-4", "xai-your-key-here"],
    )
    .floor(4.0),
    token_anywhere(
        "perplexity",
        "Perplexity API key",
        "docs.perplexity.ai; not confirmed",
        "pplx-[A-Za-z0-9]{40,}",
        &[
            example!["ppl", "x-X9LjDi8vZ1GUZIRsDzmYGgCjQpyxVCyLdNuRVfkhGjHqf2Fd"],
            example!(
                r#"PERPLEXITY_API_KEY=""# [
                    "ppl",
                    "x-dcad932c3d9ee0cb65854572ab1368915817d3ff75fb091173b05d84",
                ] r#"""#
            ),
        ],
        &["pplx-70b-online", "pplx-your-key-here"],
    )
    .floor(3.0),
    assigned(
        "mistral",
        "Mistral API key",
        "docs.mistral.ai; not confirmed",
        &["mistral_api_key", "mistral_key", "mistral_token"],
        "[A-Za-z0-9]{32}",
        &[
            example!("MISTRAL_API_KEY=" ["O9u", "dlGYBbTwPTa32B3HhFOjLnHiPWkuG"] ""),
            example!(r#"mistralApiKey: ""# ["cx2", "vXly5DGCPfMAGwlLoZVPYY7Lrq7pN"] r#"""#),
        ],
        &[
            "MISTRAL_API_KEY=your-key-here",
            concat!("checks", "um: O9udlGYBbTwPTa32B3HhFOjLnHiPWkuG"),
        ],
    )
    .floor(3.5),
    assigned(
        "cohere",
        "Cohere API key",
        "docs.cohere.com; not confirmed",
        &["cohere_api_key", "cohere_key", "cohere_token", "co_api_key"],
        "[A-Za-z0-9]{40}",
        &[
            example!(
                r#"COHERE_API_KEY=""# [
                    "HoC",
                    "3O9A9qoOSxWbVtjcwWQD8lBr7xud1GnSwKwkH",
                ] r#"""#
            ),
            example!("CO_API_KEY=" ["r8C", "ili8pjmooX22LbYi878UXJsDCTb7T7aLCgkoc"] ""),
        ],
        &[
            "COHERE_API_KEY=your-key-here",
            concat!("checks", "um: HoC3O9A9qoOSxWbVtjcwWQD8lBr7xud1GnSwKwkH"),
        ],
    )
    .floor(3.5),
    token(
        "deepseek",
        "key of DeepSeek, of DashScope or of another that writes 32 characters",
        "api-docs.deepseek.com; help.aliyun.com, Model Studio; not confirmed",
        "sk-[A-Za-z0-9]{32}",
        &[
            example!["sk-", "4e162da7c711946545126ee1e17f6383"],
            example!("DASHSCOPE_API_KEY=" ["sk-", "b579a563326573537cae9ebf29d1b9e1"] ""),
        ],
        &[
            concat!("task-e", "b43553e8747dd04215e2965767aa1e3"),
            concat!("sk-xxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "sk-fading-circle sk-learn",
        ],
    )
    .floor(3.0)
    .checked(has_digit),
    token(
        "sk-key",
        "key of Moonshot, of Stability, of SiliconFlow or of another that writes more",
        "platform.moonshot.ai; platform.stability.ai; docs.siliconflow.cn; not confirmed",
        "sk-[A-Za-z0-9]{33,}",
        &[
            example!["sk-", "1j0Peq7MPBh8uhp8lBW9mQlDIS87puhewBBFCmCV6Zir62zE"],
            example!(
                "STABILITY_API_KEY=" [
                    "sk-",
                    "YCc73KfMrwFpg3AzIQ8O4qvGSxRBcMODeoPJ8inZWqkCwmf6",
                ] ""
            ),
            example!["sk-", "gph6gdgbdtbkrr6a8lx2ty20vhgy6c6nyu5xf91t2orcnwjr"],
        ],
        &[
            concat!("task-E", "Wk6TDw5uqR0ncBoZHx7K1kuYwFs6S2Ym96ziT73noWa2YWq"),
            concat!("sk-xxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "sk-learn",
        ],
    )
    .floor(3.3)
    .checked(has_digit),
    token_anywhere(
        "kimi",
        "Kimi key for coding tools",
        "platform.moonshot.ai; not confirmed",
        "sk-kimi-[A-Za-z0-9]{40,}",
        &[example![
            "sk-",
            "kimi-uSlQ7DSAoTBwHhxjAbOZnI9whiDqcy3WuBvMO9hcAKRJiKdTih4PzudGTmCU8xf4",
        ]],
        &["sk-kimi-your-key", "sk-kimi-k2-instruct"],
    )
    .floor(4.0),
    assigned(
        "zhipu",
        "Zhipu key: number and secret",
        "docs.bigmodel.cn; not confirmed",
        &["zhipu", "glm_api_key", "bigmodel", "zai_api_key"],
        r"[0-9a-f]{32}\.[A-Za-z0-9]{16}",
        &[
            example!(
                "ZHIPUAI_API_KEY=" [
                    "33c",
                    "d7997c576ac8bc0d9c8ac575566ab.NpH37PChEWNnqoVd",
                ] ""
            ),
            example!("ZAI_API_KEY: " ["964", "0380c0ab16760b9d08ce1d5dad84b.kv7xVmFLi8fqCpBV"] ""),
        ],
        &[
            "ZHIPUAI_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 33cd7997c576ac8bc0d9c8ac575566ab.NpH37PChEWNnqoVd"
            ),
        ],
    )
    .floor(3.5),
    token(
        "minimax",
        "MiniMax key",
        "platform.minimax.io; not confirmed",
        "sk-(?:api|cp)-[A-Za-z0-9_-]{40,}",
        &[example![
            "sk-",
            "api-hZJFVabXdhG0Fnxqmjt_-FgHaceriYIPzd3N-Fkuoo59fMwsgeo4BQAADGQLIglhOqdc",
            "ZVY-ZbXrvUrLPE2UeYtucrrDu-_ZRZFKq4yIwYAcfV",
        ]],
        &["sk-api-your-key-here", "sk-cp-short"],
    )
    .floor(4.0),
    assigned(
        "minimax-token",
        "MiniMax key, the older form",
        "platform.minimax.io; not confirmed",
        &["minimax_api_key", "minimax_key"],
        "[A-Za-z0-9._-]{60,}",
        &[example!(
            "MINIMAX_API_KEY=" [
                "Mdh",
                "wTZ26-P2VsB3qfuNiQ01tElxhfrAZhs0F4qquphGGBAGkjHPbDmYujKg9Z6Un94zSiKwa_sm",
                "jlzcFGbhT74bXUr",
            ] ""
        )],
        &[
            "MINIMAX_API_KEY=your-key-here",
            concat!(
                "checksum: MdhwTZ26-P2VsB3qfuNiQ01tElxhfrAZhs0F4qquphGGBAGkjHPbDmYujKg9Z6",
                "Un94zSiKwa_smjlzcFGbhT74bXUr"
            ),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "nvidia",
        "NVIDIA API key",
        "docs.api.nvidia.com; not confirmed",
        "nvapi-[A-Za-z0-9_-]{40,}",
        &[example![
            "nva",
            "pi-EUxEOnl0uOKFcMNCG3kQSDU7sWTDwTV6Psk7_Vmwpjel339hTTfcVJDd-uLEgcz6"
        ]],
        &["nvapi-your-key-here", "nvapi-short1"],
    )
    .floor(4.0),
    token(
        "cerebras",
        "Cerebras API key",
        "inference-docs.cerebras.ai; not confirmed",
        "csk-[a-z0-9]{40,}",
        &[example![
            "csk",
            "-eemw76c685xfm114770ahptz3hh91wqppd6646ob240si5b9"
        ]],
        &[
            "csk-demo",
            concat!("desk-8", "f8v0ospv0p80fmori6a5yxsgcjpcobz061kes6bdb48umkt"),
        ],
    )
    .floor(3.5),
    assigned(
        "sambanova",
        "SambaNova API key",
        "docs.sambanova.ai; not confirmed",
        &["sambanova_api_key", "sambanova_key"],
        uuid!(),
        &[example!(r#"SAMBANOVA_API_KEY=""# ["ff5", "94954-0531-4216-a13d-8ba3816b4baa"] r#"""#)],
        &[
            "SAMBANOVA_API_KEY=your-key-here",
            concat!("checks", "um: ff594954-0531-4216-a13d-8ba3816b4baa"),
        ],
    ),
    assigned(
        "ai21",
        "AI21 API key",
        "docs.ai21.com; not confirmed",
        &["ai21_api_key", "ai21_key"],
        "[A-Za-z0-9]{32}",
        &[example!("AI21_API_KEY=" ["zHc", "THVnjddBev6KDDT6tpwl6CGkYAtiW"] "")],
        &[
            "AI21_API_KEY=your-key-here",
            concat!("checks", "um: zHcTHVnjddBev6KDDT6tpwl6CGkYAtiW"),
        ],
    )
    .floor(3.5),
    token(
        "upstage",
        "Upstage API key",
        "console.upstage.ai; not confirmed",
        "up_[A-Za-z0-9]{29}",
        &[example!["up_", "ove5MQ1emfCwJIf4S9Sn2u0SwN2eu"]],
        &[
            "up_your_key_here",
            concat!("group_", "ggp0MKHFHTrTBTjTl7h2olq34mkJU"),
        ],
    )
    .floor(3.6)
    .checked(is_mixed_case),
    assigned(
        "reka",
        "Reka API key",
        "docs.reka.ai; not confirmed",
        &["reka_api_key"],
        "[0-9a-f]{64}",
        &[example!(
            "REKA_API_KEY=" [
                "ad7",
                "ef18634778b0443b40aed52295abb46e07a428bfa80e1ba8d9713f381edda",
            ] ""
        )],
        &[
            "REKA_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: ad7ef18634778b0443b40aed52295abb46e07a428bfa80e1ba8d9713f381edda"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "writer",
        "Writer API key",
        "dev.writer.com; not confirmed",
        &["writer_api_key"],
        "[A-Za-z0-9]{32,}",
        &[example!("WRITER_API_KEY=" ["wHv", "vLwAUMgK4zaZRDxUubLJ3bIZsTgDj"] "")],
        &[
            "WRITER_API_KEY=your-key-here",
            concat!("checks", "um: wHvvLwAUMgK4zaZRDxUubLJ3bIZsTgDj"),
        ],
    )
    .floor(3.5),
    assigned(
        "aleph-alpha",
        "Aleph Alpha token",
        "docs.aleph-alpha.com; not confirmed",
        &["aleph_alpha", "aa_token"],
        "[A-Za-z0-9._-]{60,}",
        &[example!(
            "ALEPH_ALPHA_KEY=" [
                "UiJ",
                "6sUCFD7uo-KChkGMxqKHAVZ7PKgRKEsHyIweJOJXpSyRofsO4xTd_CFGtf3tufcYXdyuglzM",
                "Csin5",
            ] ""
        )],
        &[
            "ALEPH_ALPHA_KEY=your-key-here",
            concat!(
                "checksum: UiJ6sUCFD7uo-KChkGMxqKHAVZ7PKgRKEsHyIweJOJXpSyRofsO4xTd_CFGtf3",
                "tufcYXdyuglzMCsin5"
            ),
        ],
    )
    .floor(4.0),
];
