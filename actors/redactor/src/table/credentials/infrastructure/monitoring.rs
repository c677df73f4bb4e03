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
            example!("DD_API_KEY=" ["40d1a950b9281411", "766a6536276b58d8"] ""),
            example!("DD-API-KEY: " ["73d2c44f62d462f8", "5776a2939c0090f1"] ""),
        ],
        &[
            concat!("DD", "_TRACE_ID=8d738a574cf0d79e18306f2ba3e27898"),
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
        &[example!("DD_APP_KEY=" ["3af0819ac5b4135c9514", "748747854238be79d72a"] "")],
        &[
            concat!(
                "DD",
                "_GIT_COMMIT_SHA=91d096186b873d8bd2febf8d06259d16b48264e8"
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
        &[example!["NR", "AK-BMB5STSEFQU1LL2NGRHR172MCUT"]],
        &["NRAK-KEY", concat!("NR", "AK-XXXXXXXXXXXXXXXXXXXXXXXXXXX")],
    )
    .floor(3.0),
    token(
        "newrelic-insert-key",
        "New Relic insert key",
        "docs.newrelic.com, New Relic API keys; not confirmed",
        "NRII-[0-9A-Za-z_-]{32,}",
        &[example!["NR", "II-p5UA69sQx5Jm2J6BGQ77eQSZEilCeGH1"]],
        &["NRII-key", "NRII-qu2Wfgzg"],
    )
    .floor(3.0),
    token(
        "newrelic-query-key",
        "New Relic query key",
        "docs.newrelic.com, New Relic API keys; not confirmed",
        "NRIQ-[0-9A-Za-z_-]{32,}",
        &[example!["NR", "IQ-6qznrf7nWQVaTiQPtudI2soaVHINXjzb"]],
        &["NRIQ-key", "NRIQ-LgpUsvdX"],
    )
    .floor(3.0),
    token(
        "newrelic-browser-key",
        "New Relic browser key",
        "docs.newrelic.com, New Relic API keys; not confirmed",
        "NRJS-[0-9a-f]{19}",
        &[example!["NR", "JS-97fc0854a81bce7408b"]],
        &["NRJS-key", "NRJS-23f2ca66"],
    )
    .floor(2.8),
    token(
        "newrelic-admin-key",
        "New Relic admin key",
        "docs.newrelic.com, New Relic API keys; not confirmed",
        "NRAA-[0-9a-f]{22,}",
        &[example!["NR", "AA-90649925fe01c25c5baa34634a7"]],
        &["NRAA-key", "NRAA-7eee3075"],
    )
    .floor(2.8),
    assigned(
        "newrelic-license-key",
        "New Relic license key",
        "newrelic.com/blog, managing keys with NerdGraph: 40 characters, read 22 Nov 2026",
        &["new_relic", "license_key", "newrelic"],
        "[0-9a-f]{32,36}[A-Z]{4,8}",
        &[
            example!("NEW_RELIC_LICENSE_KEY=" ["c527773cb969585efb03", "5b86707b83f0ea4bNRAL"] ""),
            example!("license_key: " ["6a5902bcc453dab83f26", "93c33ea24276FFFFNRAL"] ""),
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
        "grafana.com/docs/grafana-cloud, Incident API authentication, read 22 Nov 2026",
        "glsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}",
        &[example![
            "gl",
            "sa_tKgv4QBS3nDBjbzfsUpky96iGUxEkas3_5f5ec947"
        ]],
        &[
            "glsa_token",
            concat!("gl", "sa_ZzoiOWAN5XBZwxxgFXm2SeGalrbuuGLN"),
            concat!("ag", "lsa_NrFMe4ZKy4BX3lLX32Z2ihKAHS3pEh4j_85a1d22d"),
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
            "c_eyJlpp5dw8xXQHJdJb0BIu8mxPrKYv6r5D7rk1yHQK30X8U8eIcD5QDwlukhUl02LhLn",
            "53mNBrKRRgHkd3hdjHGvjm+bCk84iI9XNWaoi6ak/+wEf1FpjyC2HAl==",
        ]],
        &["glc_stack", "glc_AH9PjRQKy3do"],
    )
    .floor(3.5),
    token_anywhere(
        "grafana-api-key",
        "Grafana API key",
        "grafana.com/docs, HTTP API authentication, read 22 Nov 2026",
        "eyJrIjoi[0-9A-Za-z+/]{60,}={0,2}",
        &[example![
            "ey",
            "JrIjoiCRXgE+qo3OPM4156R+S6HBU/zUTHfNtapAP81Hv9NbXZ5PxyKrez8fHqzfSy1L+2",
            "YR22Yj7pWBHU9Cxh==",
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
            "aik_01ypq11fymk5f78lvuxntpthq4b3tc3oavf94h3ir9k7stlqa97ikio934"
        ]],
        &["hcaik_key", "hcaik_3go01ykk2kwi"],
    )
    .floor(3.0),
    token(
        "honeycomb-management-key",
        "Honeycomb management key",
        "docs.honeycomb.io, API keys; not confirmed",
        "hcamk_[0-9a-z]{49,}",
        &[example![
            "hc",
            "amk_01pnq5dhb7nch59g2ek6tnclordz3lx17xw6u4i9szhojmg69v0d9is357"
        ]],
        &["hcamk_key", "hcamk_v8hdpf4q686x"],
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
            example!("x-honeycomb-team: " ["lahx6lRBWZL", "pEHTgE4sFNI"] ""),
            example!("HONEYCOMB_API_KEY=" ["f9c7c83cb9caf00d", "a03717888e8da38b"] ""),
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
            "0c01.TTFLXN4LHGUJWVO7ZIONLEIP.RCSPZIKXEEII2QZK2RNZEOLI3ZVTNELU7LCQI3W5",
            "VCZVAVCPTAK2STY2OIIRDE5Y",
        ]],
        &["dt0c01.IOTGL4TEENZ6O4VQOIIN3BMX", "dt0c01.PUBLIC.SECRET"],
    )
    .floor(3.5),
    token(
        "dynatrace-scim-token",
        "Dynatrace API token for SCIM",
        "docs.dynatrace.com, tokens and authentication, read 22 Nov 2026",
        r"dt0s01\.[0-9A-Z]{24}\.[0-9A-Z]{54,}",
        &[example![
            "dt",
            "0s01.63XAZXEYDR7EILRORSXVLKUN.SES66PPO2FJ2QY4ZYJNYROY3GERWUCHCXXDUZ3JT",
            "Z6FUQPZSFPJS4ELXA7V2TZQL",
        ]],
        &["dt0s01.WPBYUE5O7ECJY4CZITJGMYGL", "dt0s01.PUBLIC.SECRET"],
    )
    .floor(3.5),
    token(
        "dynatrace-oauth-secret",
        "Dynatrace OAuth client secret",
        "docs.dynatrace.com, tokens and authentication; not confirmed for this prefix",
        r"dt0s02\.[0-9A-Z]{24}\.[0-9A-Z]{54,}",
        &[example![
            "dt",
            "0s02.NU3AO6I6CUFOLAR5ZHJGDRBK.SBSJQ6ON6FGE56JR5RPSCSQHNDZS5E65QDJ2VL7O",
            "DI4WJHLLH5ROJO33BIFDK4FT",
        ]],
        &["dt0s02.NLONOUVD4HHWWY7XSWVK72FV", "dt0s02.PUBLIC.SECRET"],
    )
    .floor(3.5),
    token(
        "dynatrace-platform-token",
        "Dynatrace platform token",
        "docs.dynatrace.com, tokens and authentication; not confirmed for this prefix",
        r"dt0s16\.[0-9A-Z]{24}\.[0-9A-Z]{54,}",
        &[example![
            "dt",
            "0s16.VIW4DVWV7H6K5WUQNC3OXKUW.7SMZINOAQNE7RLRWJ3UOEI7OQCSZOXYLWYOQ7MJ5",
            "GD5G4H36CFJFV2OSPV2P2FMO",
        ]],
        &["dt0s16.RIA7YXSGCJPCOBZ23KESBDB6", "dt0s16.PUBLIC.SECRET"],
    )
    .floor(3.5),
    assigned(
        "splunk-token",
        "Splunk HTTP event collector token",
        "docs.splunk.com, HTTP event collector; not confirmed",
        &["splunk_token", "splunk_hec", "hec_token"],
        uuid!(),
        &[example!("SPLUNK_HEC_TOKEN=" ["a6593448-b2de-4e7b", "-337f-8d4537586515"] "")],
        &["SPLUNK_INDEX=main", "SPLUNK_HEC_TOKEN=token"],
    )
    .floor(3.0),
    token_anywhere(
        "splunk-header",
        "Splunk token in a header",
        "docs.splunk.com, HTTP event collector; not confirmed",
        concat!("Splunk (?<secret>", uuid!(), ")"),
        &[example!("Authorization: Splunk " ["00b7ebeb-4f3c-6876", "-65e1-e13aaa050527"] "")],
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
            example!("PAGERDUTY_TOKEN=" ["u+OjvlAvse", "2omfB0gPJj"] ""),
            example!("pd_api_key: \"" ["u+PTo5nSfo", "bRGPQaH2Pp"] "\""),
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
        &[example!("\"routing_key\": \"" ["47c80eac0b6cae3a", "7fcc5e5c4e35bea5"] "\"")],
        &[
            concat!("\"dedup_key\": \"71", "dea22042ec35d7c06400d475934a20\""),
            "routing_key = \"orders.created\"",
        ],
    )
    .floor(3.0),
    assigned(
        "opsgenie-key",
        "Opsgenie API key",
        "docs.opsgenie.com, API key management; not confirmed",
        &["opsgenie_api", "opsgenie_key", "genie_key"],
        uuid!(),
        &[example!("OPSGENIE_API_KEY=" ["fdcbaeb6-5d76-12a8", "-b954-7caebf00f45b"] "")],
        &[
            "OPSGENIE_TEAM=ledger",
            "OPSGENIE_API_KEY=key",
            concat!("OP", "SGENIE_TEAM_ID=c4e81f07-2b6d-49a3-9f50-7d1e8ba3c265"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "opsgenie-header",
        "Opsgenie key in a header",
        "docs.opsgenie.com, authentication; not confirmed",
        concat!("GenieKey (?<secret>", uuid!(), ")"),
        &[example!("Authorization: GenieKey " ["a99acc2e-dc53-4ee9", "-95a9-361f49543924"] "")],
        &["GenieKey <key>", "GenieKey authentication"],
    )
    .floor(3.0),
    assigned(
        "sumologic-access-key",
        "Sumo Logic access key",
        "help.sumologic.com, access keys; not confirmed",
        &[
            "sumo_access_key",
            "sumologic_access",
            "sumo_key",
            "sumo_logic_access",
        ],
        "[0-9A-Za-z]{64}",
        &[example!(
            "SUMO_ACCESS_KEY="
            ["QROc3JdtTojWmOQja1WuhzwxmDA7pqr8", "uWCxgPaoAkfbdmrmRulFX3m8aYgBjvvm"]
            ""
        )],
        &[
            concat!("SU", "MO_ACCESS_ID=supjuncg1hLXtX"),
            "SUMO_ACCESS_KEY=key",
        ],
    )
    .floor(3.9),
    token(
        "axiom-api-token",
        "Axiom API token",
        "axiom.co/docs, tokens; not confirmed",
        concat!("xaat-", uuid!()),
        &[example!["xa", "at-d4551c15-085c-176f-7ae4-0a5f55a3597d"]],
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
        &[example!["xa", "pt-f99fa08c-5ba0-4b15-ca9a-679ee507992c"]],
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
        &[example!["sd", "k-5148ef93-42b7-7108-f85f-60d67b1891d7"]],
        &[
            "sdk-version-3",
            concat!("sd", "k-00000000-0000-0000-0000-000000000000"),
            concat!("as", "dk-4712aa63-c629-7e14-f273-b48521161b62"),
        ],
    )
    .floor(3.0),
    token(
        "launchdarkly-api-token",
        "LaunchDarkly access token",
        "launchdarkly.com/docs, API access tokens; not confirmed",
        concat!("api-", uuid!()),
        &[example!["ap", "i-19d0199c-2231-ef6d-2266-36e7cfdc870f"]],
        &[
            "api-gateway-7",
            concat!("ap", "i-00000000-0000-0000-0000-000000000000"),
        ],
    )
    .floor(3.0),
];
