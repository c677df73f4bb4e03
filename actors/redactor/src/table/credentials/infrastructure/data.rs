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
            example!["da", "pif57dc0f685bf327019997fc04e8a84d4"],
            example!("DATABRICKS_TOKEN=" ["da", "pi33708f10be5269ac836d702cf308c9b0"] "-2"),
        ],
        &[
            concat!("da", "pi1234567890abcdef1234567890abcdef"),
            "dapi-docs",
            concat!("ad", "api27f816ccf9344ab09bcd04b485ec6b85"),
        ],
    )
    .floor(3.0),
    token(
        "databricks-oauth-secret",
        "Databricks OAuth secret of a service principal",
        "docs.databricks.com, authentication; not confirmed",
        "dose[0-9a-f]{32}",
        &[example!["do", "se9b41c590e40093d5d71a544f7edb1ca1"]],
        &[
            "dose of caffeine",
            "dose28e302ec",
            concat!("ov", "erdose075f893096c7fe89dc5e6ecb9efbe3f6"),
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
            "cale_tkn_HDBI6guh1uvG8xc3JFfle_Radkhy9KIhZo1ZwJrX9lj"
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
            "cale_pw_NtM6UYeO8WNmsp8_CBbl0CIVzbT9rKDxNQ7-PlLql0a"
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
            "cale_oauth_hPM068xBCHuNZMaRoX7duU9kykhMKhdUjjUhqjesQD0"
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
        &[example!["sb", "_secret_Gkrna2TDQETTOhVW53rVwT_53J0nF7o"]],
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
        &[example!["sb", "p_aa6f3fb9f0ce96d90b6a90687e6861bdc63013f0"]],
        &[
            "sbp_enabled",
            "sbp_b453cca80fd1",
            concat!("us", "bp_8c40e2baeb2b7b9c05aaf15f27af26b86a15f8bc"),
        ],
    )
    .floor(3.0),
    token(
        "neon-api-key",
        "Neon API key",
        "neon.com/docs, API keys; not confirmed",
        "napi_[0-9A-Za-z]{54,}",
        &[example![
            "na",
            "pi_726rymr2ihou9eksb030beyh8sglw0qqbueetmct2mgnohrx9k2eyizcxoiywjq5"
        ]],
        &[
            "napi_status",
            "napi_get_value_string_utf8",
            "napi_eez9nnwwv5x0",
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
            "b_sa_sk_RRjtP4NesfYRMuosk5o1YM_GjUl-r8cIMfJ2zluc"
        ]],
        &[
            "mdb_sa_sk_secret",
            concat!("md", "b_sa_id_e8b1a3ecd53c46b49805736d"),
        ],
    )
    .floor(3.0),
    assigned(
        "mongodb-atlas-private-key",
        "MongoDB Atlas private API key",
        "mongodb.com/docs/atlas, API keys; not confirmed",
        &["atlas_private", "mongodb_atlas_private"],
        uuid!(),
        &[example!("MONGODB_ATLAS_PRIVATE_KEY=" ["8a720edd-617e-fa58", "-e24a-fff850781e3c"] "")],
        &[
            concat!("MO", "NGODB_ATLAS_PROJECT_ID=3360feba97d59e93012d5edd"),
            "ATLAS_PRIVATE_KEY=key",
        ],
    )
    .floor(3.0),
    assigned(
        "upstash-token",
        "Upstash REST token",
        "upstash.com/docs, REST API; not confirmed",
        &[
            "upstash_token",
            "upstash_redis",
            "upstash_vector",
            "upstash_rest",
        ],
        "A[0-9A-Za-z_-]{40,}={0,2}",
        &[example!(
            "UPSTASH_REDIS_REST_TOKEN=\""
            ["AX3IleQuf5PWueUZSAX8FXNHatM87nBE", "dXhhMRkFCHr5cEy4QXs53-ZnGLCMz5=="]
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
            "EAAWVsYXN0aWM9hX6DdywMojb88MTF72ZTQwJUBNWQyTWLymFHyduYKrbs3KJtF5Gs5yw5",
            "bgr",
        ]],
        &["AAEAAWVsYXN0aWM...", "AAEAAWVsYXN0aWMzX5vy8DV"],
    )
    .floor(3.0),
    token(
        "elastic-cloud-key",
        "Elastic Cloud API key",
        "elastic.co/docs, Elastic Cloud API keys; not confirmed",
        "essu_[0-9A-Za-z+/]{40,}={0,2}",
        &[example![
            "es",
            "su_Kz6d4nxoU5hhYkOXHWIpV+W85aShU4yHK11187iwSuXiGFbOMDcSqdM9T9khR+z8mHq",
            "sXgercTcNkKAB=",
        ]],
        &["essu_key", "essu_5JTTR9Undocd"],
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
                ["jIBiaqx9vSDH2dL86rXMAsgzWin72R", "ywvphcVe9GqY/oK4dXMiZ+4Cb35NU0"]
                ""
            ),
            example!(
                "ES_API_KEY="
                ["M/vuOUKSUNOK/u3p2wuRad3uDrcdZo", "Sqh1dfvgC91xeiq/ltOMsnxjJoki=="]
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
            "confluent_cloud_api",
            "confluent_secret",
            "confluent_api",
            "kafka_secret",
            "kafka_api_secret",
            "sasl_password",
        ],
        "[0-9A-Za-z+/]{64}",
        &[example!(
            "CONFLUENT_CLOUD_API_SECRET="
            ["8QJyCYnAT9U4tgZcDmDBaTWaE0UloSMd", "7+ZDXvQNFWF4R50bKm1/7U1m+MFMkizF"]
            ""
        )],
        &[
            concat!("CO", "NFLUENT_CLOUD_API_KEY=DOLJV2VAPDZMUGHP"),
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
            "tc_1_vtNDw-RFiWN-UcgN-lZ5VWg874gbbQa3zEfhX_lzOuXYTT"
        ]],
        &["dbtc_token", "dbtc_haDBa5OWOJuc"],
    )
    .floor(3.0),
    token(
        "dbt-personal-token",
        "dbt Cloud personal access token",
        "docs.getdbt.com, user tokens; not confirmed",
        "dbtu_[0-9A-Za-z_-]{40,}",
        &[example![
            "db",
            "tu_J-_Fbe54fpOFeW1nXDkJT95pINhxLtdWEEXMJEKjO7R7RjJt"
        ]],
        &["dbtu_token", "dbtu_xg2xidF5qaFY"],
    )
    .floor(3.0),
    token(
        "prefect-api-key",
        "Prefect API key",
        "docs.prefect.io, API keys; not confirmed",
        "pnu_[0-9A-Za-z]{30,}",
        &[example!["pn", "u_APMwEespwKrLzcRqk5XpPlgqgtCW69NbgyTJ"]],
        &["pnu_key", "pnu_JLQxQbqtDv1Q"],
    )
    .floor(3.0),
    token(
        "prefect-service-key",
        "Prefect service account API key",
        "docs.prefect.io, service accounts; not confirmed",
        "pnb_[0-9A-Za-z]{30,}",
        &[example!["pn", "b_TkG0802j7GnG4fJSR7YQs9QqMTcLw1nXLJLR"]],
        &["pnb_key", "pnb_ajqCZ77tLApE"],
    )
    .floor(3.0),
    token(
        "clickhouse-cloud-secret",
        "ClickHouse Cloud API secret key",
        "clickhouse.com/docs/cloud, API keys; not confirmed",
        "4b1d[0-9A-Za-z]{38}",
        &[example!["4b", "1dmZAM4X8HxS6Wjw3T1nl9o5Gb8OQYtjldCsGCFB"]],
        &[
            concat!("4b", "1d3272012deb1a81a8abbcb64d9d5850d2bbfa"),
            "4b1d-a99fce7b",
        ],
    )
    .floor(3.5),
    token_anywhere(
        "aiven-service-password",
        "Aiven service password",
        "aiven.io/docs; not confirmed",
        "AVNS_[0-9A-Za-z_-]{19}",
        &[example!["AV", "NS_GRbbox0J4gifLNeqiOe"]],
        &["AVNS_PASSWORD", "AVNS_HYFO4z"],
    )
    .floor(3.0),
    token_anywhere(
        "cockroach-api-key",
        "CockroachDB Cloud API key",
        "cockroachlabs.com/docs, API access; not confirmed",
        "CCDB1_[0-9A-Za-z]{22}_[0-9A-Za-z]{34,}",
        &[example![
            "CC",
            "DB1_5HrZ00rHOhdEkMQOJ333Br_z4xx7e8ZkecyOVBKdZHBqQrDc4Zhy6mKkUVDbLmh"
        ]],
        &["CCDB1_key", concat!("CC", "DB1_46HrCcYJ0TBJn1OWtq84RZ_")],
    )
    .floor(3.5),
    token(
        "xata-api-key",
        "Xata API key",
        "xata.io/docs, API keys; not confirmed",
        "xau_[0-9A-Za-z]{25,}",
        &[example!["xa", "u_4kOGu3OJNBFXUZkGxihlhgH8xZquuvzy4"]],
        &[
            "xau_key",
            "xau_W6xv6eF5",
            concat!("ta", "xau_bxd0WL2jh9KnO7ETRAJk8axM4aoKbru7t"),
        ],
    )
    .floor(3.0),
    assigned(
        "influxdb-token",
        "InfluxDB API token",
        "docs.influxdata.com, API tokens; not confirmed",
        &[
            "influx_token",
            "influxdb_token",
            "influxdb_v2",
            "influx_api",
            "influxdb_api",
        ],
        "[0-9A-Za-z_-]{86}==",
        &[example!(
            "INFLUX_TOKEN="
            [
                "5Qy6xS1JP-kCm5uT6I4q7g_579d3sH21ODJgVuXQ_Xmn",
                "ji7bLTv22SpA7CgIh0Gwv9rvjUSlZ5oRv6SrqTbzmh==",
            ]
            ""
        )],
        &["INFLUX_ORG=ledger", "INFLUX_TOKEN=token=="],
    )
    .floor(3.9),
];
