//! Databases, warehouses, pipelines of data.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "databricks-token",
        "Databricks personal access token",
        "docs.databricks.com, authentication; not confirmed",
        "dapi[0-9a-f]{32}",
        &[
            example!["da", "pi0a3cbb6ed788aeb307d5201686a5f603"],
            example!("DATABRICKS_TOKEN=" ["da", "pid4aa674a61339d4551c15085c176f7ae"] "-2"),
        ],
        &[
            concat!("da", "pi1234567890abcdef1234567890abcdef"),
            "dapi-docs",
            concat!("ad", "api40a5f55a3597df99fa08c5ba04b15ca9"),
        ],
    )
    .floor(3.0),
    token(
        "databricks-oauth-secret",
        "Databricks OAuth secret of a service principal",
        "docs.databricks.com, authentication; not confirmed",
        "dose[0-9a-f]{32}",
        &[example!["do", "sea679ee507992c5148ef9342b77108f85"]],
        &[
            "dose of caffeine",
            "dosef60d67b1",
            concat!("ov", "erdose891d74712aa63c6297e14f273b485211"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "planetscale-token",
        "PlanetScale service token",
        "planetscale.com/docs, service tokens; not confirmed",
        "pscale_tkn_[0-9A-Za-z_-]{32,}",
        &[example![
            "ps",
            "cale_tkn_ygUBigL2beKNXjimh5-A1ljzypz5EY93YJFc_-wF2Zd"
        ]],
        &[
            concat!("ps", "cale_tkn_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "pscale_tkn_name",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "planetscale-password",
        "PlanetScale password",
        "planetscale.com/docs, service tokens; not confirmed",
        "pscale_pw_[0-9A-Za-z_-]{32,}",
        &[example![
            "ps",
            "cale_pw_9AHwT8nkFagNKLD_Wbt5JQJs2qooFaI-gdU4ulzMOWH"
        ]],
        &[
            concat!("ps", "cale_pw_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "pscale_pw_name",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "planetscale-oauth-token",
        "PlanetScale OAuth token",
        "planetscale.com/docs, service tokens; not confirmed",
        "pscale_oauth_[0-9A-Za-z_-]{32,}",
        &[example![
            "ps",
            "cale_oauth_mA2FdjZ9odGXMTdkE8JeAWX8MprqOTaNUX3dtTsJu4Y"
        ]],
        &[
            concat!("ps", "cale_oauth_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "pscale_oauth_name",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "supabase-secret-key",
        "Supabase secret API key",
        "supabase.com/docs, understanding API keys, read 22 Nov 2026",
        "sb_secret_[0-9A-Za-z_-]{22,}",
        &[example!["sb", "_secret_ASIwNSqeXvLb5rdbLo2u0C_dQY75UJ3"]],
        &[
            concat!("sb", "_secret_xxxxxxxxxxxxxxxxxxxxxxxx"),
            "sb_secret_key",
        ],
    )
    .floor(3.0),
    token(
        "supabase-token",
        "Supabase personal access token",
        "supabase.com/docs, personal access tokens; not confirmed",
        "sbp_[0-9a-z_]{40,}",
        &[example!["sb", "p_a544f7edb1ca128e302ec075f893096c7fe89dc5"]],
        &[
            "sbp_enabled",
            "sbp_e6ecb9efbe3f",
            concat!("us", "bp_68768e151d558f50d87121fa00216f981c3dc584"),
        ],
    )
    .floor(3.0),
    token(
        "neon-api-key",
        "Neon API key",
        "neon.com/docs, API keys; not confirmed",
        "napi_[0-9a-z]{54,}",
        &[example![
            "na",
            "pi_7y4fetjt3xzcu4ytgjh4875onaf0orxmaw4isoltv35ufsif0adut0347lnoqktz"
        ]],
        &[
            "napi_status",
            "napi_get_value_string_utf8",
            "napi_6tavhy3bkx4f",
        ],
    )
    .floor(3.0),
    token_anywhere(
        "mongodb-atlas-secret",
        "MongoDB Atlas service account secret",
        "mongodb.com/docs/atlas, service accounts; not confirmed",
        "mdb_sa_sk_[0-9A-Za-z_-]{34,}",
        &[example![
            "md",
            "b_sa_sk_ykhMKhdUjjUhqjesQD0Gkrna2TDQETTOhVW53rVw"
        ]],
        &[
            "mdb_sa_sk_secret",
            concat!("md", "b_sa_id_b6f7aa6f3fb9f0ce96d90b6a"),
        ],
    )
    .floor(3.0),
    assigned(
        "mongodb-atlas-private-key",
        "MongoDB Atlas private API key",
        "mongodb.com/docs/atlas, API keys; not confirmed",
        &["atlas_private", "mongodb_atlas_private"],
        uuid!(),
        &[example!("MONGODB_ATLAS_PRIVATE_KEY=" ["90687e68-61bd-c630", "-13f0-b453cca80fd1"] "")],
        &[
            concat!("MO", "NGODB_ATLAS_PROJECT_ID=8c40e2baeb2b7b9c05aaf15f"),
            "ATLAS_PRIVATE_KEY=key",
        ],
    )
    .floor(3.0),
    assigned(
        "upstash-token",
        "Upstash REST token",
        "upstash.com/docs, REST API; not confirmed",
        &["upstash"],
        "A[0-9A-Za-z_-]{40,}={0,2}",
        &[example!(
            "UPSTASH_REDIS_REST_TOKEN=\""
            ["AXkER-lASIBQgv-IUX5JXyI4qoCPivKd", "160djWpKmxT0HGdOjjNzeM4znBDpIU=="]
            "\""
        )],
        &[
            concat!("UP", "STASH_REDIS_REST_URL=https://eu1-ledger.upstash.io"),
            concat!("UP", "STASH_REDIS_REST_TOKEN=token"),
        ],
    )
    .floor(3.5),
    token_anywhere(
        "elastic-service-token",
        "Elasticsearch service account token",
        "elastic.co/docs, service accounts; not confirmed",
        "AAEAAWVsYXN0aWM[0-9A-Za-z+/_-]{20,}={0,2}",
        &[example![
            "AA",
            "EAAWVsYXN0aWMv4iWrYeVCqXStG-jjYBBTTQ-V1RRjtP4NesfYRMuosk5o1YM_GjUl-r8c",
            "IMf",
        ]],
        &["AAEAAWVsYXN0aWM...", "AAEAAWVsYXN0aWMrBmfOk9b"],
    )
    .floor(3.0),
    token(
        "elastic-cloud-key",
        "Elastic Cloud API key",
        "elastic.co/docs, Elastic Cloud API keys; not confirmed",
        "essu_[0-9A-Za-z+/]{40,}={0,2}",
        &[example![
            "es",
            "su_4GSfPm7W2vnXqzSrMHdvCmB1JOCkc502BeC6+PuI7ltQ//8GwcFGg6mXooAb95URND2",
            "vK5Noagl1w403=",
        ]],
        &["essu_key", "essu_BrfcvkcCY520"],
    )
    .floor(3.5),
    assigned(
        "elastic-api-key",
        "Elasticsearch API key",
        "elastic.co/docs, create API key; not confirmed",
        &["elastic_api", "es_api_key", "elasticsearch_api"],
        "[0-9A-Za-z+/_-]{58,60}={0,2}",
        &[
            example!(
                "ELASTIC_API_KEY="
                ["PWueUZSAX8FXNHatM87nBEdXhhMRkF", "CHr5cEy4QXs53+ZnGLCMz59hX6Ddyw"]
                ""
            ),
            example!(
                "ES_API_KEY="
                ["Mojb88MTF72ZTQwJUBNWQyTWLymFHy", "duYKrbs3KJtF5Gs5yw5bgrZRW6Kz=="]
                ""
            ),
        ],
        &["ELASTIC_CLOUD_REGION=eu", "ELASTIC_API_KEY=key"],
    )
    .floor(3.8),
    assigned(
        "confluent-secret",
        "Confluent Cloud API secret",
        "docs.confluent.io, API keys; not confirmed",
        &[
            "confluent",
            "kafka_secret",
            "kafka_api_secret",
            "sasl_password",
        ],
        "[0-9A-Za-z+/]{64}",
        &[example!(
            "CONFLUENT_CLOUD_API_SECRET="
            ["6d4nxoU5hhYkOXHWIpV+W85aShU4yHK1", "1187iwSuXiGFbOMDcSqdM9T9khR+z8mH"]
            ""
        )],
        &[
            concat!("CO", "NFLUENT_CLOUD_API_KEY=IJYDCIB9WBTFSNN9"),
            concat!("CO", "NFLUENT_CLOUD_API_SECRET=secret"),
        ],
    )
    .floor(3.9),
    token(
        "dbt-token",
        "dbt Cloud service token",
        "docs.getdbt.com, service account tokens; not confirmed",
        "dbtc_[0-9A-Za-z_-]{40,}",
        &[example![
            "db",
            "tc_oK4dXMiZ-4Cb35NU0M_vuOUKSUNOK_u3p2wuRad3uDrcdZoS"
        ]],
        &["dbtc_token", "dbtc_i4SdAZbQckKd"],
    )
    .floor(3.0),
    token(
        "dbt-personal-token",
        "dbt Cloud personal access token",
        "docs.getdbt.com, user tokens; not confirmed",
        "dbtu_[0-9A-Za-z_-]{40,}",
        &[example![
            "db",
            "tu_C91xeiq_ltOMsnxjJokimCK7FsBKQF1SE5rBG9py8_Nkok3a"
        ]],
        &["dbtu_token", "dbtu_YboaAlT9ytg8"],
    )
    .floor(3.0),
    token(
        "prefect-api-key",
        "Prefect API key",
        "docs.prefect.io, API keys; not confirmed",
        "pnu_[0-9A-Za-z]{30,}",
        &[example!["pn", "u_jpt0Qk3MJQGvx5OFTIlNKBoN1CrvhtwVeq9O"]],
        &["pnu_key", "pnu_TGHgnw90TExZ"],
    )
    .floor(3.0),
    token(
        "prefect-service-key",
        "Prefect service account API key",
        "docs.prefect.io, service accounts; not confirmed",
        "pnb_[0-9A-Za-z]{30,}",
        &[example!["pn", "b_MVWCj6dz6bVMHogINo3n06awKyaU96pVS167"]],
        &["pnb_key", "pnb_AH3x7fJh9wtS"],
    )
    .floor(3.0),
    token(
        "clickhouse-cloud-secret",
        "ClickHouse Cloud API secret key",
        "clickhouse.com/docs/cloud, API keys; not confirmed",
        "4b1d[0-9A-Za-z]{38}",
        &[example!["4b", "1dbDFzQWRoyLSQXWk4v5tJp1Z7Ty7pH5CPvCAaJs"]],
        &[
            concat!("4b", "1d3dfebd3f97922671754aea071c6a337df549"),
            "4b1d-75fa72c9",
        ],
    )
    .floor(3.5),
    token_anywhere(
        "aiven-service-password",
        "Aiven service password",
        "aiven.io/docs; not confirmed",
        "AVNS_[0-9A-Za-z_-]{19}",
        &[example!["AV", "NS_FxbTdtGFfGz2Cxyd452"]],
        &["AVNS_PASSWORD", "AVNS_ED6CI0"],
    )
    .floor(3.0),
    token_anywhere(
        "cockroach-api-key",
        "CockroachDB Cloud API key",
        "cockroachlabs.com/docs, API access; not confirmed",
        "CCDB1_[0-9A-Za-z]{22}_[0-9A-Za-z]{34,}",
        &[example![
            "CC",
            "DB1_dH2aIa4vaBWmpQ1c2dHy7F_WfmukySzwwhaDBa5OWOJucrFTIFp70XacCP6CJ9c"
        ]],
        &["CCDB1_key", concat!("CC", "DB1_HHUhupNcyAOgUy3ISofKX5_")],
    )
    .floor(3.5),
    token(
        "xata-api-key",
        "Xata API key",
        "xata.io/docs, API keys; not confirmed",
        "xau_[0-9A-Za-z]{25,}",
        &[example!["xa", "u_rwEC3hrJt33d7ls83L5jb3yppUZMytMr7"]],
        &[
            "xau_key",
            "xau_pseuDvDv",
            concat!("ta", "xau_2U6er4jxg2xidF5qaFYAPMwEespwKrLzc"),
        ],
    )
    .floor(3.0),
    assigned(
        "influxdb-token",
        "InfluxDB API token",
        "docs.influxdata.com, API tokens; not confirmed",
        &["influx"],
        "[0-9A-Za-z_-]{86}==",
        &[example!(
            "INFLUX_TOKEN="
            [
                "GuFxmGnM5cnXVdHM6RvsAlLHfSBbtH4M1E9y1UtSBxDc",
                "Msxg5L5_2piDicfi07VfOHePJPUUZUzq0L1uJuc0kS==",
            ]
            ""
        )],
        &["INFLUX_ORG=ledger", "INFLUX_TOKEN=token=="],
    )
    .floor(3.9),
];
