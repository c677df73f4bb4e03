//! Metrics, logs, traces.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    assigned(
        "datadog-api-key",
        "Datadog API key",
        "docs.datadoghq.com, API and application keys; not confirmed",
        &["datadog_api", "dd_api_key", "datadog_key"],
        "[0-9a-f]{32}",
        &[
            example!("DD_API_KEY=" ["a5f871686f1ab2b9", "07398b2f9e5a125a"] ""),
            example!("DD-API-KEY: " ["6ea2c3b4a96358f5", "9638029dd5c6c6b1"] ""),
        ],
        &[
            concat!("DD", "_TRACE_ID=f89653593e89ea257051ab03ea26059e"),
            "DD_API_KEY=key",
        ],
    )
    .floor(3.0),
    assigned(
        "datadog-application-key",
        "Datadog application key",
        "docs.datadoghq.com, API and application keys; not confirmed",
        &["dd_app", "datadog_app", "dd_application_key"],
        "[0-9a-f]{40}",
        &[example!("DD_APP_KEY=" ["26106a2526a7fe7aca06", "364e1662cf475173798b"] "")],
        &[
            concat!(
                "DD",
                "_GIT_COMMIT_SHA=331e90395dc32bab06a9e4b5adb8fe11d41616a8"
            ),
            "DD_APP_KEY=key",
        ],
    )
    .floor(3.0),
    token(
        "newrelic-user-key",
        "New Relic user key",
        "docs.newrelic.com, New Relic API keys; not confirmed",
        "NRAK-[0-9A-Z]{22,}",
        &[example!["NR", "AK-JA0CU7T8L8BXS8E8QD6JCCOMM6V"]],
        &["NRAK-KEY", concat!("NR", "AK-XXXXXXXXXXXXXXXXXXXXXXXXXXX")],
    )
    .floor(3.0),
    token(
        "newrelic-insert-key",
        "New Relic insert key",
        "docs.newrelic.com, New Relic API keys; not confirmed",
        "NRII-[0-9A-Za-z_-]{32,}",
        &[example!["NR", "II-mQY44NlONMMH4M2hmfpTnOS9XVxRkr1V"]],
        &["NRII-key", "NRII-BZOIK3YZ"],
    )
    .floor(3.0),
    token(
        "newrelic-query-key",
        "New Relic query key",
        "docs.newrelic.com, New Relic API keys; not confirmed",
        "NRIQ-[0-9A-Za-z_-]{32,}",
        &[example!["NR", "IQ-SSqogBfVG5JyjjFL1n4NUeKHAY3jMWne"]],
        &["NRIQ-key", "NRIQ-JSEPq7W1"],
    )
    .floor(3.0),
    token(
        "newrelic-browser-key",
        "New Relic browser key",
        "docs.newrelic.com, New Relic API keys; not confirmed",
        "NRJS-[0-9a-f]{19}",
        &[example!["NR", "JS-5776a2939c0090f18d7"]],
        &["NRJS-key", "NRJS-38a574cf"],
    )
    .floor(2.8),
    token(
        "newrelic-admin-key",
        "New Relic admin key",
        "docs.newrelic.com, New Relic API keys; not confirmed",
        "NRAA-[0-9a-f]{22,}",
        &[example!["NR", "AA-0d79e18306f2ba3e278983af081"]],
        &["NRAA-key", "NRAA-9ac5b413"],
    )
    .floor(2.8),
    assigned(
        "newrelic-license-key",
        "New Relic license key",
        "newrelic.com/blog, managing keys with NerdGraph: 40 characters, read 22 Nov 2026",
        &["new_relic", "license_key", "newrelic"],
        "[0-9a-f]{32,36}[A-Z]{4,8}",
        &[
            example!("NEW_RELIC_LICENSE_KEY=" ["5c9514748747854238be", "79d72a91d096186bNRAL"] ""),
            example!("license_key: " ["873d8bd2febf8d06259d", "16b48264e806FFFFNRAL"] ""),
        ],
        &[
            "NEW_RELIC_APP_NAME=ledger",
            "license_key: MIT OR Apache-2.0",
        ],
    )
    .floor(3.0),
    token(
        "grafana-service-account-token",
        "Grafana service account token",
        "grafana.com/docs, service accounts; not confirmed",
        "glsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}",
        &[example![
            "gl",
            "sa_bOF2s1t0se823NYfVquB5ll59CnRgrhQ_8de61a97"
        ]],
        &[
            "glsa_token",
            concat!("gl", "sa_5UA69sQx5Jm2J6BGQ77eQSZEilCeGH1q"),
            concat!("ag", "lsa_u2Wfgzg6qznrf7nWQVaTiQPtudI2soaV_4c0379a1"),
        ],
    )
    .floor(3.0),
    token(
        "grafana-cloud-token",
        "Grafana Cloud access policy token",
        "grafana.com/docs/grafana-cloud, access policies; not confirmed",
        "glc_[0-9A-Za-z+/]{32,}={0,3}",
        &[example![
            "gl",
            "c_eyJNC+WdIvsPGeVX7CqbGVlm+kXOzyLaztKNkx+4bhZkuWwSOQmqymrQDD746ndCwWwi",
            "CFEoZTKAMwHx4/TdoxTJzEdCVJn8c4QtSzPwLakSWWqvp1OUJm/lBLm==",
        ]],
        &["glc_stack", "glc_ygG6hDvfiGHI"],
    )
    .floor(3.5),
    token_anywhere(
        "grafana-api-key",
        "Grafana API key",
        "grafana.com/docs, API keys; not confirmed",
        "eyJrIjoi[0-9A-Za-z+/]{60,}={0,2}",
        &[example![
            "ey",
            "JrIjoijCAMmQ2A72sdZlLFvWrU9vbKx/w7XMtEYDq03SUVm/yjbxIcOPI+iX2wro1E9ptG",
            "vOg0kl2lpp5dw8xX==",
        ]],
        &["eyJrIjoi...", "eyJrIjoiYiJ9"],
    )
    .floor(3.5),
    token(
        "honeycomb-ingest-key",
        "Honeycomb ingest key",
        "docs.honeycomb.io, API keys; not confirmed",
        "hcaik_[0-9a-z]{49,}",
        &[example![
            "hc",
            "aik_01v7q9rbra0nrk47gluiszk3i28o39if0mqvs10y4x4cr8bo92volfkfdx"
        ]],
        &["hcaik_key", "hcaik_f081sds9g21g"],
    )
    .floor(3.0),
    token(
        "honeycomb-management-key",
        "Honeycomb management key",
        "docs.honeycomb.io, API keys; not confirmed",
        "hcamk_[0-9a-z]{49,}",
        &[example![
            "hc",
            "amk_01tnisvvdqfb19dbeqqke6g5aof42er4ytya6he3af55lp9c06phemo1qn"
        ]],
        &["hcamk_key", "hcamk_f07jydoov6y6"],
    )
    .floor(3.0),
    assigned(
        "honeycomb-key-older",
        "Honeycomb key without prefix",
        "docs.honeycomb.io, API keys; not confirmed",
        &[
            "honeycomb_api",
            "honeycomb_key",
            "x_honeycomb_team",
            "honeycomb_write",
        ],
        "[0-9A-Za-z]{22,32}",
        &[
            example!("x-honeycomb-team: " ["UIX0HdpF7Qi", "hBOVV3uIuHt"] ""),
            example!("HONEYCOMB_API_KEY=" ["edeeafbe86bf6bb8", "194036afd85f90cc"] ""),
        ],
        &[
            concat!("HO", "NEYCOMB_DATASET=production"),
            "HONEYCOMB_API_KEY=key",
        ],
    )
    .floor(3.0),
    token(
        "dynatrace-token",
        "Dynatrace access token",
        "docs.dynatrace.com, tokens and authentication; not confirmed for this prefix",
        r"dt0c01\.[0-9A-Z]{24}\.[0-9A-Z]{54,}",
        &[example![
            "dt",
            "0c01.4ULMSICM6CQIMCWM2S73ZV33.ZE5HYNQX6OLDYPQ33FYMK7FLVUXNTPTHQ6B5TC5O",
            "AVF6H5IRKSTLQAIKIO565GO2",
        ]],
        &["dt0c01.3YKK4KWIPNQ7DHBNCH7G4EKT", "dt0c01.PUBLIC.SECRET"],
    )
    .floor(3.5),
    token(
        "dynatrace-scim-token",
        "Dynatrace API token for SCIM",
        "docs.dynatrace.com, tokens and authentication, read 22 Nov 2026",
        r"dt0s01\.[0-9A-Z]{24}\.[0-9A-Z]{54,}",
        &[example![
            "dt",
            "0s01.NCLORDZ5LX3XWU6ISZHOJMGV.2DIS57VHDPF6QXLAHXL3P6G6S77SZPYQHYWSYV6A",
            "A2VBGOCPQQR4R3VGQWTTFLXN",
        ]],
        &["dt0s01.4LHGUJWVO7ZIONLEIPRCSPZI", "dt0s01.PUBLIC.SECRET"],
    )
    .floor(3.5),
    token(
        "dynatrace-oauth-secret",
        "Dynatrace OAuth client secret",
        "docs.dynatrace.com, tokens and authentication; not confirmed for this prefix",
        r"dt0s02\.[0-9A-Z]{24}\.[0-9A-Z]{54,}",
        &[example![
            "dt",
            "0s02.KXEEII2QZK2RNZEOLI3ZVTNE.LU7LCQI3W5VCZVAVCPTAK2STY2OIIRDE5YIOTGL4",
            "TEENZ6O4VQOIIN3BMX63XAZX",
        ]],
        &["dt0s02.EYDR7EILRORSXVLKUNSES66P", "dt0s02.PUBLIC.SECRET"],
    )
    .floor(3.5),
    token(
        "dynatrace-platform-token",
        "Dynatrace platform token",
        "docs.dynatrace.com, tokens and authentication; not confirmed for this prefix",
        r"dt0s16\.[0-9A-Z]{24}\.[0-9A-Z]{54,}",
        &[example![
            "dt",
            "0s16.PO2FJ2QY4ZYJNYROY3GERWUC.HCXXDUZ3JTZ6FUQPZSFPJS4ELXA7V2TZQLWPBYUE",
            "5O7ECJY4CZITJGMYGLNU3AO6",
        ]],
        &["dt0s16.I6CUFOLAR5ZHJGDRBKSBSJQ6", "dt0s16.PUBLIC.SECRET"],
    )
    .floor(3.5),
    assigned(
        "splunk-token",
        "Splunk HTTP event collector token",
        "docs.splunk.com, HTTP event collector; not confirmed",
        &["splunk_token", "splunk_hec", "hec_token"],
        uuid!(),
        &[example!("SPLUNK_HEC_TOKEN=" ["76f232ef-48e8-7919", "-8361-c9e2fe814da5"] "")],
        &["SPLUNK_INDEX=main", "SPLUNK_HEC_TOKEN=token"],
    )
    .floor(3.0),
    token_anywhere(
        "splunk-header",
        "Splunk token in a header",
        "docs.splunk.com, HTTP event collector; not confirmed",
        concat!("Splunk (?<secret>", uuid!(), ")"),
        &[example!("Authorization: Splunk " ["f714eb43-553e-8747", "-dd04-215e2965767a"] "")],
        &["Splunk Enterprise 9.4", "Splunk <token>"],
    )
    .floor(3.0),
    assigned(
        "pagerduty-api-key",
        "PagerDuty API key",
        "developer.pagerduty.com, authentication; not confirmed",
        &["pagerduty", "pd_token", "pd_api"],
        r"u\+[0-9A-Za-z_+-]{18}",
        &[
            example!("PAGERDUTY_TOKEN=" ["u+vd8ChhSJ", "wwyFx4Oswv"] ""),
            example!("pd_api_key: \"" ["u+kT8038F1", "N5A2fNvviK"] "\""),
        ],
        &["PAGERDUTY_SERVICE=PABC123", "pd_token=u+0041"],
    )
    .floor(3.0),
    assigned(
        "pagerduty-routing-key",
        "PagerDuty integration key",
        "developer.pagerduty.com, Events API; not confirmed",
        &["routing_key", "pagerduty_key", "pagerduty_integration"],
        "[0-9a-f]{32}",
        &[example!("\"routing_key\": \"" ["be1abaf3f5eba861", "d7b5abf96c467086"] "\"")],
        &[
            concat!("\"dedup_key\": \"2f", "858b4da724f7819c7bc5bc78f64e31\""),
            "routing_key = \"orders.created\"",
        ],
    )
    .floor(3.0),
    assigned(
        "opsgenie-key",
        "Opsgenie API key",
        "docs.opsgenie.com, API key management; not confirmed",
        &["opsgenie", "genie_key"],
        uuid!(),
        &[example!("OPSGENIE_API_KEY=" ["e3e3df12-42ad-797a", "-d7d2-67840fcb9314"] "")],
        &["OPSGENIE_TEAM=ledger", "OPSGENIE_API_KEY=key"],
    )
    .floor(3.0),
    token_anywhere(
        "opsgenie-header",
        "Opsgenie key in a header",
        "docs.opsgenie.com, authentication; not confirmed",
        concat!("GenieKey (?<secret>", uuid!(), ")"),
        &[example!("Authorization: GenieKey " ["7170cdd5-2901-0fa6", "-5934-48b2de4e7b33"] "")],
        &["GenieKey <key>", "GenieKey authentication"],
    )
    .floor(3.0),
    assigned(
        "sumologic-access-key",
        "Sumo Logic access key",
        "help.sumologic.com, access keys; not confirmed",
        &["sumo"],
        "[0-9A-Za-z]{64}",
        &[example!(
            "SUMO_ACCESS_KEY="
            ["p0MKHFHTrTBTjTl7h2olq34mkJUPdkaY", "0N7bwoDwCxjEhISzVmNqIomKZnGTNl7C"]
            ""
        )],
        &[
            concat!("SU", "MO_ACCESS_ID=sud5CdgWKv8uvb"),
            "SUMO_ACCESS_KEY=key",
        ],
    )
    .floor(3.9),
    token(
        "axiom-api-token",
        "Axiom API token",
        "axiom.co/docs, tokens; not confirmed",
        concat!("xaat-", uuid!()),
        &[example!["xa", "at-505274a5-da92-762d-3476-2700747c80ea"]],
        &[
            "xaat-token",
            concat!("xa", "at-00000000-0000-0000-0000-000000000000"),
        ],
    )
    .floor(3.0),
    token(
        "axiom-personal-token",
        "Axiom personal token",
        "axiom.co/docs, tokens; not confirmed",
        concat!("xapt-", uuid!()),
        &[example!["xa", "pt-c0b6cae3-a7fc-c5e5-c4e3-5bea571dea22"]],
        &[
            "xapt-token",
            concat!("xa", "pt-00000000-0000-0000-0000-000000000000"),
        ],
    )
    .floor(3.0),
    token(
        "launchdarkly-sdk-key",
        "LaunchDarkly SDK key",
        "launchdarkly.com/docs, keys; not confirmed",
        concat!("sdk-", uuid!()),
        &[example!["sd", "k-042ec35d-7c06-400d-4759-34a20fdcbaeb"]],
        &[
            "sdk-version-3",
            concat!("sd", "k-00000000-0000-0000-0000-000000000000"),
            concat!("as", "dk-65d7612a-8b95-47ca-ebf0-0f45ba99acc2"),
        ],
    )
    .floor(3.0),
    token(
        "launchdarkly-api-token",
        "LaunchDarkly access token",
        "launchdarkly.com/docs, API access tokens; not confirmed",
        concat!("api-", uuid!()),
        &[example!["ap", "i-edc534ee-995a-9361-f495-439241197464"]],
        &[
            "api-gateway-7",
            concat!("ap", "i-00000000-0000-0000-0000-000000000000"),
        ],
    )
    .floor(3.0),
];
