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
            concat!("task_4", "ee0787abe0d9de9a0ca6c5fe5b3ef146d332f18e6677a14"),
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
        &[example!("DEEPGRAM_API_KEY=" ["7b9", "0aaaefd201ab97d7cd47ffcce000dcfa393b6"] "")],
        &[
            "DEEPGRAM_API_KEY=your-key-here",
            concat!("checks", "um: 7b90aaaefd201ab97d7cd47ffcce000dcfa393b6"),
        ],
    )
    .floor(3.0),
    assigned(
        "assemblyai",
        "AssemblyAI API key",
        "assemblyai.com/docs; not confirmed",
        &["assemblyai", "assembly_ai"],
        "[0-9a-f]{32}",
        &[example!("ASSEMBLYAI_API_KEY=" ["7e8", "8830133f3d19ab2e55023e4899392"] "")],
        &[
            "ASSEMBLYAI_API_KEY=your-key-here",
            concat!("checks", "um: 7e88830133f3d19ab2e55023e4899392"),
        ],
    )
    .floor(3.0),
    token(
        "cartesia",
        "Cartesia API key",
        "docs.cartesia.ai; not confirmed",
        "sk_car_[A-Za-z0-9_-]{20,}",
        &[example!["sk_", "car_vjiWzJTzppGqQwE0gMc8dg"]],
        &[
            "sk_car_your-key-here",
            concat!("xsk_ca", "r_vjiWzJTzppGqQwE0gMc8dg"),
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
            "db_v1_DMuWx4KA5fvRGc9bKziV-t2hlN9ChFcBIb71sWQWkP38l8NxZTlhQZljfdoQFz5b_3",
            "2lJ7kLyagdx",
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
            example!("WANDB_API_KEY=" ["f68", "3206deb7b61fbcccee20db414bedf4eae1c2a"] ""),
            example!(
                r#"WANDB_API_KEY=""# [
                    "loc",
                    "al-3821111dd8ddd44d558d1fd37026283c36a15bd0",
                ] r#"""#
            ),
        ],
        &[
            "WANDB_API_KEY=your-key-here",
            concat!("checks", "um: f683206deb7b61fbcccee20db414bedf4eae1c2a"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "langsmith",
        "LangSmith API key",
        "docs.langchain.com/langsmith/create-account-api-key; not confirmed",
        "lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
        &[
            example!["lsv", "2_pt_8b93b9a62f7c639ce9b2902fa05060a5_69d9980424"],
            example!(
                "LANGSMITH_API_KEY=" [
                    "lsv",
                    "2_sk_aba890d74cb0ebcdfa00db8214b33ab1_6140ce9b94",
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
        &[example!["sk-", "lf-efc3b2b3-cd54-4ee8-a1d8-ad64ef60609d"]],
        &[
            "sk-lf-...",
            "sk-lf-your-secret-key-here",
            concat!("pk-lf-", "3590b659-c295-46a4-abe3-1507a6560f9d"),
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
            "k_E0yR6_4W5PTEZWxnbyzaIBPJKNx7F5bo94xeRoDwoSxeN9oYGPsrBNGSoxozhdbIUvuQM",
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
        &[example!("PINECONE_API_KEY=" ["69e", "333b0-5e91-4fc2-ab73-72ea361d3626"] "")],
        &[
            "PINECONE_API_KEY=your-key-here",
            concat!("checks", "um: 69e333b0-5e91-4fc2-ab73-72ea361d3626"),
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
        &[example!(r#"WEAVIATE_API_KEY=""# ["dLF", "hZ5XBQzxZF2BFTRchDp7NsJhw6a6ap27B"] r#"""#)],
        &[
            "WEAVIATE_API_KEY=your-key-here",
            concat!("checks", "um: dLFhZ5XBQzxZF2BFTRchDp7NsJhw6a6ap27B"),
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
                "xlI",
                "ttBU4av6UpbVxm2irj9Xsip3AdZ3PSIS4_DHSSzEi04hFjPl1nG",
            ] ""
        )],
        &[
            "QDRANT_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: xlIttBU4av6UpbVxm2irj9Xsip3AdZ3PSIS4_DHSSzEi04hFjPl1nG"
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
            "BaANwGusQaXqt9AZuDp0l9kPoMJNb8PeAxRz5C9CTX5u"
        ]],
        &[
            "ck-editor",
            concat!("check-", "guwg2jyyo4emdc4M8pe655W9cH3yHhGQHqqi7nljQLqi"),
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
            "MFtfsaCdZ3pm5qb7093umvMIQEuLQt7-gMfEVt2Ivi7"
        ]],
        &[
            "pa-your-voyage-key",
            concat!("spa-oG", "jRinyCz_WCXEqVBhcar35seFkVrqMgN53pJahUfQx"),
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
            "a_3cfcbf1b033a83c9ffc25ffdc5582598ZkRnJhKv2KCTn69P0Su2Kw92fpqm"
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
        "docs.tavily.com; not confirmed",
        "tvly-[A-Za-z0-9-]{24,}",
        &[
            example!["tvl", "y-aIS4qOcUu3ergqpOeEErsLfEE9mqIw2o"],
            example!["tvl", "y-dev-8cnkwUtYlUf08g0mXNzHjPR94FESHpg6"],
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
        &[example!("EXA_API_KEY=" ["a63", "df805-dd5e-4807-a29c-263654c028b4"] "")],
        &[
            "EXA_API_KEY=your-key-here",
            concat!("checks", "um: a63df805-dd5e-4807-a29c-263654c028b4"),
        ],
    ),
    assigned(
        "serper",
        "Serper API key",
        "serper.dev; not confirmed",
        &["serper_api_key", "serper_key"],
        "[0-9a-f]{40}",
        &[example!("SERPER_API_KEY=" ["e14", "45c2360ac8c0db25c2f6d791ec146b573f060"] "")],
        &[
            "SERPER_API_KEY=your-key-here",
            concat!("checks", "um: e1445c2360ac8c0db25c2f6d791ec146b573f060"),
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
                "dff",
                "216088cc482d264e1686311c2356fb820764d282eaa53ebc64f3e0ddb5b9a",
            ] ""
        )],
        &[
            "SERPAPI_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: dff216088cc482d264e1686311c2356fb820764d282eaa53ebc64f3e0ddb5b9a"
            ),
        ],
    )
    .floor(3.0),
    token(
        "firecrawl",
        "Firecrawl API key",
        "docs.firecrawl.dev; not confirmed",
        "fc-[0-9a-f]{32}",
        &[example!["fc-", "cc575fbf5ab8fbf28d73f5da4352d274"]],
        &["fc-YOUR-API-KEY", "fc-cache -fv"],
    )
    .floor(3.0),
    token(
        "brave-search",
        "Brave Search API key",
        "api-dashboard.search.brave.com; not confirmed",
        "BSA[A-Za-z0-9_-]{28}",
        &[example!["BSA", "1P1gKiBhH2Ti8q37K3dLTQDsVhly"]],
        &[
            "BSA-2026-meeting",
            concat!("xBSAkF", "m8wXq2MDwNyAeYg2bq7u7kvoct"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "e2b",
        "E2B API key",
        "e2b.dev/docs; not confirmed",
        "e2b_[0-9a-f]{40}",
        &[example!["e2b", "_db5b4a9772d1b6b54489299f3f6f19ee700b9c70"]],
        &[
            "e2b_code_interpreter",
            concat!("xe2b_e", "6280bb5b1537324a1374c539caeea4555d42cdc"),
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
            "-8SPIEUubMKjGDswr3r6lzsC0tqrddLui5Sw65b9mwnS39598"
        ]],
        &[
            "llx-your-key-here",
            concat!("xllx-8", "SPIEUubMKjGDswr3r6lzsC0tqrddLui5Sw65b9mwnS39598"),
        ],
    )
    .floor(4.0),
    token(
        "mem0",
        "Mem0 API key",
        "docs.mem0.ai; not confirmed",
        "m0-[A-Za-z0-9]{40}",
        &[example!["m0-", "yJZ6ue4pCYmUHdWnxXNWWZA3KzaW0KkHlFEWRCaU"]],
        &[
            "m0-your-api-key",
            concat!("arm0-S", "dNtezWaicxPRZrQyWF7HWHA7N9PllCV1GthBjDH"),
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
            "fy_api_s3AnxI3Rl2mCUDo8hUCVJc2H1FK1ygM7Gvnz"
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
        &[example!("COMET_API_KEY=" ["11V", "yG6Pn8RHV5wy8C72XjSu3v"] "")],
        &[
            "COMET_API_KEY=your-key-here",
            "checksum: 11VyG6Pn8RHV5wy8C72XjSu3v",
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
        &[example!("UNSTRUCTURED_API_KEY=" ["LOw", "u39cVdTbgj8pfvJYHv9OTsz9x7h"] "")],
        &[
            "UNSTRUCTURED_API_KEY=your-key-here",
            concat!("checks", "um: LOwu39cVdTbgj8pfvJYHv9OTsz9x7h"),
        ],
    )
    .floor(3.5),
];
