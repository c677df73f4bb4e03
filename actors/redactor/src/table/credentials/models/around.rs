//! Keys of what stands around models: speech, search, memory, vectors, traces.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "elevenlabs",
        "ElevenLabs API key",
        "elevenlabs.io/docs/api-reference/authentication; not confirmed",
        "sk_[0-9a-f]{48}",
        &[example![
            "sk_",
            "0a236056f1f4ae74132e5353507baf97eab618acb8f41116"
        ]],
        &[
            "sk_your_key",
            concat!("task_7", "121fa00216f981c3dc584cf22949ebc1afc9343ff7602d7"),
        ],
    )
    .floor(3.0),
    assigned(
        "elevenlabs-legacy",
        "ElevenLabs API key, the older form",
        "elevenlabs.io/docs/api-reference/authentication; not confirmed",
        &[
            "xi_api_key",
            "elevenlabs_api",
            "elevenlabs_key",
            "eleven_api_key",
        ],
        "[0-9a-f]{32}",
        &[
            example!("xi-api-key: " ["7b9", "0aaaefd201ab97d7cd47ffcce000d"] ""),
            example!("ELEVENLABS_API_KEY=" ["cfa", "393b67e88830133f3d19ab2e55023"] ""),
        ],
        &[
            "xi-api-key=your-key-here",
            concat!("checks", "um: 7b90aaaefd201ab97d7cd47ffcce000d"),
        ],
    )
    .floor(3.0),
    assigned(
        "deepgram",
        "Deepgram API key",
        "developers.deepgram.com; not confirmed",
        &[
            "deepgram_api_key",
            "deepgram_key",
            "deepgram_token",
            "deepgram_secret",
        ],
        "[0-9a-f]{40}",
        &[example!("DEEPGRAM_API_KEY=" ["e48", "99392a44cc778bf3113795c5e96e15a80f096"] "")],
        &[
            "DEEPGRAM_API_KEY=your-key-here",
            concat!("checks", "um: e4899392a44cc778bf3113795c5e96e15a80f096"),
        ],
    )
    .floor(3.0),
    assigned(
        "assemblyai",
        "AssemblyAI API key",
        "assemblyai.com/docs; not confirmed",
        &["assembly_ai_api", "assembly_ai_key", "aai_api_key"],
        "[0-9a-f]{32}",
        &[example!("ASSEMBLYAI_API_KEY=" ["2bf", "4d129f7170680ed4cac2adf2f95cb"] "")],
        &[
            "ASSEMBLYAI_API_KEY=your-key-here",
            concat!("checks", "um: 2bf4d129f7170680ed4cac2adf2f95cb"),
        ],
    )
    .floor(3.0),
    token(
        "cartesia",
        "Cartesia API key",
        "docs.cartesia.ai; not confirmed",
        "sk_car_[A-Za-z0-9_-]{20,}",
        &[example!["sk_", "car_fdvW8G4HG0zZf6ZWP91ecb"]],
        &[
            "sk_car_your-key-here",
            concat!("xsk_ca", "r_fdvW8G4HG0zZf6ZWP91ecb"),
        ],
    )
    .floor(3.5)
    .checked(is_mixed_case),
    token_anywhere(
        "wandb",
        "Weights & Biases API key",
        "docs.wandb.ai; not confirmed",
        "wandb_v1_[A-Za-z0-9_-]{60,}",
        &[example![
            "wan",
            "db_v1_oQFz5b_32lJ7kLyagdx8zGojdz34TDUze-SXWW45lb2VshrU41_s7R4hYkQpHlegeg",
            "00J101qq1vw",
        ]],
        &["wandb_v1_your-key-here", "wandb_v1_short1"],
    )
    .floor(4.0),
    assigned(
        "wandb-legacy",
        "Weights & Biases API key, the older form",
        "docs.wandb.ai/support, API key must be 40 characters, read 22 Nov 2026",
        &["wandb_api_key", "wandb_key"],
        "(?:local-)?[0-9a-f]{40}",
        &[
            example!("WANDB_API_KEY=" ["8d1", "fd37026283c36a15bd08b93b9a62f7c639ce9"] ""),
            example!(
                r#"WANDB_API_KEY=""# [
                    "loc",
                    "al-b2902fa05060a569d9980424aba890d74cb0ebcd",
                ] r#"""#
            ),
        ],
        &[
            "WANDB_API_KEY=your-key-here",
            concat!("checks", "um: 8d1fd37026283c36a15bd08b93b9a62f7c639ce9"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "langsmith",
        "LangSmith API key",
        "docs.langchain.com/langsmith/create-account-api-key; not confirmed",
        "lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
        &[
            example!["lsv", "2_pt_fa00db8214b33ab16140ce9b94efc3b2_b3cd54ee81"],
            example!(
                "LANGSMITH_API_KEY=" [
                    "lsv",
                    "2_sk_d8ad64ef60609dfcfb60cc0dbf07b27e_b7b2798d7b",
                ] ""
            ),
        ],
        &["lsv2_pt_your-key", "lsv2_sk_..."],
    )
    .floor(3.0),
    token_anywhere(
        "langfuse",
        "Langfuse secret key",
        "langfuse.com/faq/all/lost-secret-key, read 22 Nov 2026",
        concat!("sk-lf-", uuid!()),
        &[example!["sk-", "lf-7c310aa6-9e33-43b0-a5e9-1fc2b7372ea3"]],
        &[
            "sk-lf-...",
            "sk-lf-your-secret-key-here",
            concat!("pk-lf-", "859c90a3-ce05-4bf2-a621-9910b22b1421"),
        ],
    )
    .floor(2.8),
    token_anywhere(
        "pinecone",
        "Pinecone API key",
        "docs.pinecone.io/guides/projects/manage-api-keys; not confirmed",
        "pcsk_[A-Za-z0-9]{4,8}_[A-Za-z0-9]{40,}",
        &[example![
            "pcs",
            "k_ImVSd_B2hmRf4Y7LndLFhZ5XBQzxZF2BFTRchDp7NsJhw6a6ap27Blfr18jjnHxCakD2O",
        ]],
        &["pcsk_your-key-here", "pcsk_short1"],
    )
    .floor(4.0),
    assigned(
        "pinecone-legacy",
        "Pinecone API key, the older form",
        "docs.pinecone.io; not confirmed",
        &["pinecone_api_key", "pinecone_key"],
        uuid!(),
        &[example!("PINECONE_API_KEY=" ["b30", "b53d2-42fc-4423-ad60-cdab8bef78bb"] "")],
        &[
            "PINECONE_API_KEY=your-key-here",
            concat!("checks", "um: b30b53d2-42fc-4423-ad60-cdab8bef78bb"),
        ],
    ),
    assigned(
        "weaviate",
        "Weaviate API key",
        "docs.weaviate.io; not confirmed",
        &[
            "weaviate_api_key",
            "weaviate_key",
            "wcd_api_key",
            "wcs_api_key",
        ],
        "[A-Za-z0-9+/]{32,}={0,2}",
        &[example!(r#"WEAVIATE_API_KEY=""# ["9mW", "Np34SeACZ0YVd1Tp6eu7fKQVAQgqBaANw"] r#"""#)],
        &[
            "WEAVIATE_API_KEY=your-key-here",
            concat!("checks", "um: 9mWNp34SeACZ0YVd1Tp6eu7fKQVAQgqBaANw"),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    assigned(
        "qdrant",
        "Qdrant API key",
        "qdrant.tech/documentation/cloud/authentication; not confirmed",
        &["qdrant_api_key", "qdrant_key"],
        "[A-Za-z0-9_.|-]{40,}",
        &[example!(
            "QDRANT_API_KEY=" [
                "PLa",
                "GM0P6FxvCcj0VZ54OMFtfsaCdZ3pm5qb7093umvMIQEuLQt7-gM",
            ] ""
        )],
        &[
            "QDRANT_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: PLaGM0P6FxvCcj0VZ54OMFtfsaCdZ3pm5qb7093umvMIQEuLQt7-gM"
            ),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "chroma",
        "Chroma Cloud API key",
        "docs.trychroma.com; not confirmed",
        "ck-[A-Za-z0-9]{40,}",
        &[example![
            "ck-",
            "3Ic8UpNx4jH0VUIBGU0GrkeMDQY7hyTENzwGXF9dwQbh"
        ]],
        &[
            "ck-editor",
            concat!("check-", "uWdO2xyUNCK09YUB7NixSlX7Uw53J0nF7oJ7Ru5HumFg"),
        ],
    )
    .floor(4.0),
    token(
        "voyage",
        "Voyage API key",
        "docs.voyageai.com; not confirmed",
        "pa-[A-Za-z0-9_-]{40,}",
        &[example![
            "pa-",
            "pRGnXL9_Zku_-2XxxGluMGZkRnJhKv2KCTn69P0Su2K"
        ]],
        &[
            "pa-your-voyage-key",
            concat!("spa-c_", "3gIYrd4kUP5VlSCVMXdvPP_gw9kER-lASIBQgv-IU"),
            concat!("pa-lis", "t-of-words-that-go-on-and-on-for-a-long-while"),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    token(
        "jina",
        "Jina API key",
        "jina.ai; not confirmed",
        "jina_[A-Za-z0-9_-]{40,}",
        &[example![
            "jin",
            "a_5fd1343081a283872ff892ff68b7165bNxknzZs_9EnRBm0-Ibu21x6IdDiM"
        ]],
        &[
            "jina_embeddings_v3",
            concat!("jina_e", "mbeddings_v2_base_code_with_a_very_long_name"),
        ],
    )
    .floor(4.0)
    .checked(is_mixed_case),
    token_anywhere(
        "tavily",
        "Tavily API key",
        "docs.tavily.com/guides/quickstart, read 22 Nov 2026",
        "tvly-[A-Za-z0-9-]{24,}",
        &[
            example!["tvl", "y-z3emhm1liLMKWWybeQr8wZTiDcj7ikNz"],
            example!["tvl", "y-dev-eg8mbv1R3yrG7LyaAwOI6flYzeEn5PVA"],
        ],
        &[
            "tvly-YOUR_API_KEY",
            concat!("tvly-y", "our-api-key-goes-here-please"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    assigned(
        "exa",
        "Exa API key",
        "docs.exa.ai; not confirmed",
        &["exa_api_key"],
        uuid!(),
        &[example!("EXA_API_KEY=" ["791", "ec146-b573-4f06-a0df-f216088cc482"] "")],
        &[
            "EXA_API_KEY=your-key-here",
            concat!("checks", "um: 791ec146-b573-4f06-a0df-f216088cc482"),
        ],
    ),
    assigned(
        "serper",
        "Serper API key",
        "serper.dev; not confirmed",
        &["serper_api_key", "serper_key"],
        "[0-9a-f]{40}",
        &[example!("SERPER_API_KEY=" ["d26", "4e1686311c2356fb820764d282eaa53ebc64f"] "")],
        &[
            "SERPER_API_KEY=your-key-here",
            concat!("checks", "um: d264e1686311c2356fb820764d282eaa53ebc64f"),
        ],
    )
    .floor(3.0),
    assigned(
        "serpapi",
        "SerpApi key",
        "serpapi.com; not confirmed",
        &["serpapi", "serp_api"],
        "[0-9a-f]{64}",
        &[example!(
            "SERPAPI_API_KEY=" [
                "3e0",
                "ddb5b9acc575fbf5ab8fbf28d73f5da4352d274dad192618db2f4de9d09ba",
            ] ""
        )],
        &[
            "SERPAPI_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 3e0ddb5b9acc575fbf5ab8fbf28d73f5da4352d274dad192618db2f4de9d09ba"
            ),
        ],
    )
    .floor(3.0),
    token(
        "firecrawl",
        "Firecrawl API key",
        "docs.firecrawl.dev/authentication, read 22 Nov 2026",
        "fc-[0-9a-f]{32}",
        &[example!["fc-", "74b126db5b4a9772d1b6b54489299f3f"]],
        &["fc-YOUR-API-KEY", "fc-cache -fv"],
    )
    .floor(3.0),
    token(
        "firecrawl-oauth",
        "Firecrawl access or refresh token of an app",
        "docs.firecrawl.dev/authentication, read 22 Nov 2026",
        "fc(?:o|r)_[A-Za-z0-9_-]{20,}",
        &[
            example!["fco", "_GnFdsC72PCMobax0szpUb8SPIEUubMKjGDswr3r6lzs"],
            example!["fcr", "_C0tqrddLui5Sw65b9mwnS39598yJZ6ue4pCYmUHdWnx"],
        ],
        &[
            concat!("fco_yo", "ur_access_token_goes_here"),
            concat!("xfco_I", "sVKgS5l85Y7w2MA7O2qqbLZueNe6V9tmc0tCm5gnoS"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "brave-search",
        "Brave Search API key",
        "api-dashboard.search.brave.com; not confirmed",
        "BSA[A-Za-z0-9_-]{28}",
        &[example!["BSA", "0Ybvx_95bL1AVwz46Dp4e_WnQAZW"]],
        &[
            "BSA-2026-meeting",
            concat!("xBSAPw", "97jqFeezJYnL3nZw1wvWNFxAO8"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "e2b",
        "E2B API key",
        "npmjs.com/package/e2b, read 22 Nov 2026",
        "e2b_[0-9a-f]{40}",
        &[example!["e2b", "_6bce4aaba1103472aa9cb34b131f0a063cfd8336"]],
        &[
            "e2b_code_interpreter",
            concat!("xe2b_e", "8b1a3ecd53c46b49805736d8a720edd617efa58"),
        ],
    )
    .floor(3.0),
    token(
        "llamacloud",
        "LlamaCloud API key",
        "docs.cloud.llamaindex.ai; not confirmed",
        "llx-[A-Za-z0-9]{40,}",
        &[example![
            "llx",
            "-p6AXGUPaY4oaEhEJSIEULlxVNDDEPJV683E1B1gB7UK5adLY"
        ]],
        &[
            "llx-your-key-here",
            concat!("xllx-p", "6AXGUPaY4oaEhEJSIEULlxVNDDEPJV683E1B1gB7UK5adLY"),
        ],
    )
    .floor(4.0),
    token(
        "mem0",
        "Mem0 API key",
        "docs.mem0.ai; not confirmed",
        "m0-[A-Za-z0-9]{40}",
        &[example!["m0-", "i95l5hrzqCdN7sV06bcYSCQr63dwU31Bb0CxbVuQ"]],
        &[
            "m0-your-api-key",
            concat!("arm0-N", "x7GvItoIBks0RC5TLthadKfAlCABBrfcvkcCY52"),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "apify",
        "Apify API token",
        "docs.apify.com; not confirmed",
        "apify_api_[A-Za-z0-9]{30,}",
        &[example![
            "api",
            "fy_api_tMIadMuFFyeJGFz2b2nuJkpeDDSFCZyyt9S1"
        ]],
        &[
            "apify_api_token",
            concat!("apify_", "api_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
    )
    .floor(3.8),
    assigned(
        "comet",
        "Comet or Opik API key",
        "comet.com/docs; not confirmed",
        &["comet_api_key", "opik_api_key"],
        "[A-Za-z0-9]{25}",
        &[example!("COMET_API_KEY=" ["7rr", "SMuqePCoHxLA69w1t8KYwz"] "")],
        &[
            "COMET_API_KEY=your-key-here",
            "checksum: 7rrSMuqePCoHxLA69w1t8KYwz",
        ],
    )
    .floor(3.5)
    .checked(has_digit),
    assigned(
        "unstructured",
        "Unstructured API key",
        "docs.unstructured.io; not confirmed",
        &["unstructured_api_key"],
        "[A-Za-z0-9]{30,}",
        &[example!("UNSTRUCTURED_API_KEY=" ["ZVH", "vSedCrZrCEWPnb2yKu7kRgayamb"] "")],
        &[
            "UNSTRUCTURED_API_KEY=your-key-here",
            concat!("checks", "um: ZVHvSedCrZrCEWPnb2yKu7kRgayamb"),
        ],
    )
    .floor(3.5),
];
