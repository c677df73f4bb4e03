//! Keys of those who run the models of others, and of this gateway itself.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "nenya",
        "token of a client of this gateway",
        "our own: `nk-` and 48 hexadecimal digits; not confirmed",
        "nk-[0-9a-f]{48}",
        &[
            example!["nk-", "e57e8e8adc3c34879674a12ddbbb7db9fa8d493456225131"],
            example!(
                "Authorization: Bearer " [
                    "nk-",
                    "7f3aadc6549cd85f06e99dcd2d54cf1f87dd87ff79fb3b6e",
                ] ""
            ),
        ],
        &[
            "nk-your-token",
            concat!("link-a", "c0b6cae3a7fcc5e5c4e35bea571dea22042ec35d7c06400"),
            "nk-d475934a20fd",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "openrouter",
        "OpenRouter API key",
        "openrouter.ai/docs/guides/overview/auth/api-keys, read 22 Nov 2026",
        "sk-or-v1-[0-9a-f]{48,}",
        &[example![
            "sk-",
            "or-v1-b67e7d2939b5a32a792c3db66015fb8756f2f8c50f3b21c93fc2b43b2601cce1",
        ]],
        &["sk-or-v1-xxxx", "sk-or-v1-your-key-here"],
    )
    .floor(3.0),
    token(
        "hugging-face",
        "Hugging Face token of a user",
        "huggingface.co/docs/huggingface.js/hub/interfaces/Credentials, read 22 Nov 2026",
        "hf_[A-Za-z0-9]{30,}",
        &[
            example!["hf_", "JuJplAVpwTZIPHWnWfqLdtNAbGTDAUEfTu"],
            example!(r#"login(token=""# ["hf_", "dcH206EJUbJQZ9iUQ5JJDcOrPgmt6mPnha"] r#"")"#),
        ],
        &[
            "hf_hub_download(repo)",
            concat!("hf_xxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            concat!("xhf_LV", "wtlX0jVRXQIpyvCxSREOabMXEGj8kUw7"),
        ],
    )
    .floor(3.8),
    token(
        "hugging-face-organisation",
        "Hugging Face token of an organisation, no longer given out",
        "huggingface.co/docs/hub/security-tokens; not confirmed",
        "api_org_[A-Za-z0-9]{30,}",
        &[example!["api", "_org_jLoxFKdcpmYPdoJDMJTRZAKANOfKCIfgtO"]],
        &[
            "api_org_members",
            concat!("my_api", "_org_cUFjtligHXZXtZfMLjQROcJdtTojWmOQja"),
        ],
    )
    .floor(3.8),
    token(
        "replicate",
        "Replicate API token",
        "replicate.com/docs/topics/security/api-tokens, read 22 Nov 2026",
        "r8_[A-Za-z0-9]{37}",
        &[
            example!["r8_", "nimj3TceN3EtGnPZt7ununpyJE2r71lkFMMB5"],
            example!("REPLICATE_API_TOKEN=" ["r8_", "7J8YD8AcsIWyx5Rx5KtlQeaDaMFmNzNKUsb9R"] ""),
        ],
        &[
            "r8_register",
            concat!("r8_xxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            concat!("xr8_m8", "aYgBjvvmpjuncg1hLXtX0UNAiWlkcQQ7y7d"),
        ],
    )
    .floor(3.8),
    token_anywhere(
        "together",
        "Together API key",
        "docs.together.ai; not confirmed",
        "tgp_v1_[A-Za-z0-9_-]{40,}",
        &[example![
            "tgp",
            "_v1_hh0LOSOwxu3jD3FeCxX9ACuc-J-g7SDHydPw1YnkFgK"
        ]],
        &["tgp_v1_your-key-here", "tgp_v1_short1"],
    )
    .floor(4.0),
    assigned(
        "together-legacy",
        "Together API key, the older form",
        "docs.together.ai; not confirmed",
        &["together_api_key", "together_ai", "togetherai"],
        "[0-9a-f]{64}",
        &[example!(
            "TOGETHER_API_KEY=" [
                "244",
                "06250da7e595d940e790532ad9d7c6c6b54bcb7d7f151b3b7b954d8c040ee",
            ] ""
        )],
        &[
            "TOGETHER_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 24406250da7e595d940e790532ad9d7c6c6b54bcb7d7f151b3b7b954d8c040ee"
            ),
        ],
    )
    .floor(3.0),
    token(
        "fireworks",
        "Fireworks API key",
        "docs.fireworks.ai; not confirmed",
        "fw_[A-Za-z0-9]{20,}",
        &[example!["fw_", "8ASQacClA6YDY1yUVNmMqc99"]],
        &[
            "fw_versionMajor",
            "fw_update_in_progress_now",
            "xfw_EWkkvPhWls55p3BFs5tL6FZv",
        ],
    )
    .floor(3.5)
    .checked(is_mixed_case),
    token(
        "anyscale",
        "Anyscale key",
        "docs.anyscale.com; not confirmed",
        "esecret_[A-Za-z0-9]{20,}",
        &[example![
            "ese",
            "cret_nhRPdy8prTwDNeAuAuFRxcNGpXGol5WlCIXpURis"
        ]],
        &[
            "esecret_your-key-here",
            concat!("xesecr", "et_nhRPdy8prTwDNeAuAuFRxcNGpXGol5WlCIXpURis"),
        ],
    )
    .floor(3.5),
    token(
        "runpod",
        "RunPod API key",
        "docs.runpod.io; not confirmed",
        "rpa_[A-Za-z0-9]{40,}",
        &[example![
            "rpa",
            "_K1HR11OD37VE5OW3NE8HUOQ68IYE5OL44L37d6c6a0py"
        ]],
        &[
            "rpa_your-key-here",
            concat!("xrpa_K", "1HR11OD37VE5OW3NE8HUOQ68IYE5OL44L37d6c6a0py"),
        ],
    )
    .floor(3.8),
    token(
        "modal-token",
        "Modal token, its number",
        "alchemy.run/modal/setup (not the vendor), read 22 Nov 2026",
        "ak-[A-Za-z0-9]{22}",
        &[example!("MODAL_TOKEN_ID=" ["ak-", "1pRXDYxij3h8nk5L9JlQUy"] "")],
        &[
            "ak-47",
            "break-Xck0zGu8HGsvn0M1pMtCK8",
            "ak-Internationalization",
        ],
    )
    .floor(3.5)
    .checked(is_mixed_case),
    token(
        "modal-secret",
        "Modal token, its secret",
        "alchemy.run/modal/setup (not the vendor), read 22 Nov 2026",
        "as-[A-Za-z0-9]{22}",
        &[example!("MODAL_TOKEN_SECRET=" ["as-", "lcr17NkmSszXweCaF7Vydw"] "")],
        &[
            "as-is",
            "has-0dirCMS5EXsKWJUYhiPe3x",
            "as-AbstractFactoryBuilders",
        ],
    )
    .floor(3.5)
    .checked(is_mixed_case),
    token(
        "lambda-cloud",
        "Lambda Cloud API key",
        "docs.lambda.ai; not confirmed",
        r"secret_[a-z0-9-]{1,40}_[0-9a-f]{32}\.[A-Za-z0-9]{32}",
        &[example![
            "sec",
            "ret_build-1_0f62e3b5993aae7805475920f35122ee.wpjEYyj8rYgoGo3mcwZ2rF5UU1L",
            "T1McT",
        ]],
        &["secret_name_of_key", "secret_key_base"],
    )
    .floor(3.8),
    assigned(
        "fal",
        "Fal key: number and secret",
        "docs.fal.ai; not confirmed",
        &["fal_key", "fal_api_key"],
        concat!(uuid!(), ":[0-9a-f]{32}"),
        &[example!(
            r#"FAL_KEY=""# [
                "8fa",
                "cde01-25b5-4366-a44e-ac6671ebef3b:ded35459047217f453446aa70198755c",
            ] r#"""#
        )],
        &[
            "FAL_KEY=your-key-here",
            concat!(
                "checks",
                "um: 8facde01-25b5-4366-a44e-ac6671ebef3b:ded35459047217f453446aa70198755c"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "baseten",
        "Baseten API key",
        "docs.baseten.co; not confirmed",
        &["baseten"],
        r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}",
        &[example!("BASETEN_API_KEY=" ["6KB", "JlLbl.7cQLZScCIjngATHs5UFDZWoPH2HfqYQP"] "")],
        &[
            "BASETEN_API_KEY=your-key-here",
            concat!("checks", "um: 6KBJlLbl.7cQLZScCIjngATHs5UFDZWoPH2HfqYQP"),
        ],
    )
    .floor(3.8),
    token(
        "litellm",
        "key that LiteLLM gives out",
        "docs.litellm.ai/docs/proxy/virtual_keys, read 22 Nov 2026",
        "sk-[A-Za-z0-9_-]{22}",
        &[
            example!["sk-", "Ku0S_RSNrxFJuLak8KVK7G"],
            example!("LITELLM_KEY=" ["sk-", "zcaoTpGWGgVFdKVj2hiegY"] ""),
        ],
        &[
            "sk-fading-circle-delay-x",
            "sk-your-litellm-key-12345",
            "task-FflPOAoXBjNC7er8iEnTsJ",
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    assigned(
        "portkey",
        "Portkey API key",
        "portkey.ai/docs; not confirmed",
        &["portkey_api_key", "portkey_key"],
        "[A-Za-z0-9+/_-]{20,}={0,2}",
        &[example!("PORTKEY_API_KEY=" ["uHF", "MyHFfqYe37DM+kmnFWg33W91="] "")],
        &[
            "PORTKEY_API_KEY=your-key-here",
            "checksum: uHFMyHFfqYe37DM+kmnFWg33W91=",
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token_anywhere(
        "helicone",
        "Helicone API key",
        "docs.helicone.ai; not confirmed",
        "sk-helicone-[a-z0-9-]{20,}",
        &[example!["sk-", "helicone-djbyh1c-004fle5-xdlzf0t-6uqtnkx"]],
        &[concat!("sk-hel", "icone-your-key-here-please-now")],
    )
    .floor(3.0)
    .checked(has_digit),
    assigned(
        "clarifai",
        "Clarifai token",
        "docs.clarifai.com; not confirmed",
        &["clarifai_pat", "clarifai_api_key", "clarifai_key"],
        "[0-9a-f]{32}",
        &[example!("CLARIFAI_PAT=" ["a5e", "396a9d70aa5d98c7976d7539f5ae2"] "")],
        &[
            "CLARIFAI_PAT=your-key-here",
            concat!("checks", "um: a5e396a9d70aa5d98c7976d7539f5ae2"),
        ],
    )
    .floor(3.0),
    token(
        "cursor",
        "Cursor API key",
        "cursor.com/docs; not confirmed",
        "key_[0-9a-f]{64}",
        &[example!(
            "CURSOR_API_KEY=" [
                "key",
                "_d7c9cb4d3906f4017a3ce24a7a6e1c52af08f21cb56e01a1634f8e57870b4af9",
            ] ""
        )],
        &[
            "key_08f10be5269a",
            concat!(
                "my_key",
                "_c836d702cf308c9b027f816ccf9344ab09bcd04b485ec6b859b41c590e40093d"
            ),
        ],
    )
    .floor(3.0),
    token(
        "browserbase",
        "Browserbase API key",
        "docs.browserbase.com; not confirmed",
        "bb_live_[A-Za-z0-9_-]{20,}",
        &[example!["bb_", "live_HcNHyzJz7uK1x5IjGFsf3BXeQww"]],
        &[
            "bb_live_your-key-here-please",
            concat!("xbb_li", "ve_Z7czuJO4dfrUGCSShOG05bf2Czb"),
        ],
    )
    .floor(3.5)
    .checked(is_mixed_case),
    assigned(
        "novita",
        "Novita API key",
        "novita.ai/docs; not confirmed",
        &["novita_api_key", "novita_key"],
        "sk_[A-Za-z0-9_-]{40,}",
        &[example!("NOVITA_API_KEY=" ["sk_", "Zg16xBj3z1jqqSojWPNl-oEcLNESxfkwShYDBcVYFYt"] "")],
        &[
            "NOVITA_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: sk_Zg16xBj3z1jqqSojWPNl-oEcLNESxfkwShYDBcVYFYt"
            ),
        ],
    )
    .floor(4.0),
];
