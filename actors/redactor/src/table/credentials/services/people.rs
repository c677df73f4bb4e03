//! Who signs in, who buys, who visits: identity, customers, analytics, errors.

use crate::table::credentials::looks::{has_digit, is_mixed_case};
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "okta",
        "Okta API token in a header",
        "developer.okta.com/docs/guides/create-an-api-token, read 22 Nov 2026",
        "SSWS (?<secret>00[A-Za-z0-9_-]{40})",
        &[example!("Authorization: SSWS " ["00a", "D4wjQtuqvd9Y8QX3ofol96axj-7PrPU8KAZilZw"] "")],
        &["Authorization: SSWS 00your-token", "SSWS token"],
    )
    .floor(3.8),
    assigned(
        "okta-token",
        "Okta API token",
        "developer.okta.com/docs/guides/create-an-api-token, read 22 Nov 2026",
        &["okta_api_token", "okta_token", "okta_api_key"],
        "00[A-Za-z0-9_-]{40}",
        &[example!("OKTA_API_TOKEN=" ["003", "lmXm32xAkbekkGHKveA_AkV1jYxN6agjnOm-Bsk"] "")],
        &[
            "OKTA_API_TOKEN=your-key-here",
            concat!("checks", "um: 003lmXm32xAkbekkGHKveA_AkV1jYxN6agjnOm-Bsk"),
        ],
    )
    .floor(3.8),
    assigned(
        "okta-secret",
        "Okta secret of an app",
        "developer.okta.com/docs; not confirmed",
        &["okta_client_secret", "okta_secret"],
        "[A-Za-z0-9_-]{40,64}",
        &[example!(
            "OKTA_CLIENT_SECRET=" [
                "pZ5",
                "v7rwohNDfuJdTX21Bfc-E3lwo8D40OwKBmYgZVathCOteZzIRAxjb0Un-iV1C",
            ] ""
        )],
        &[
            "OKTA_CLIENT_SECRET=your-key-here",
            concat!(
                "checks",
                "um: pZ5v7rwohNDfuJdTX21Bfc-E3lwo8D40OwKBmYgZVathCOteZzIRAxjb0Un-iV1C"
            ),
        ],
    )
    .floor(3.8),
    assigned(
        "auth0",
        "Auth0 secret of an app",
        "auth0.com/docs; not confirmed",
        &["auth0_client_secret", "auth0_secret", "auth0_mgmt_secret"],
        "[A-Za-z0-9_-]{32,}",
        &[example!(
            "AUTH0_CLIENT_SECRET=" [
                "fVa",
                "i9FHBWd4rJd6atxEcwmp8QPfTtBSqNjIbSsZtpVUT8iVd0cmcM9GGz_5utI3e",
            ] ""
        )],
        &[
            "AUTH0_CLIENT_SECRET=your-key-here",
            concat!(
                "checks",
                "um: fVai9FHBWd4rJd6atxEcwmp8QPfTtBSqNjIbSsZtpVUT8iVd0cmcM9GGz_5utI3e"
            ),
        ],
    )
    .floor(3.8)
    .checked(has_digit),
    token(
        "workos",
        "WorkOS API key",
        "workos.com/docs; not confirmed",
        "sk_(?:live|test)_a2V5X[A-Za-z0-9+/=,]{20,}",
        &[example![
            "sk_",
            "test_a2V5XzAx4Y2J3eGisn6yDLvt6ik7zy7wv3JNRC4Xe9EbyvYt,WrSX39XacGvGTTx97Q",
            "8eG7UqC",
        ]],
        &[
            "sk_test_a2V5Xshort",
            concat!(
                "ask_te",
                "st_a2V5XzAx4QNwsBQPzP10wEz6loygm7oietKkVehFZPXDmGC5"
            ),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "stytch",
        "Stytch secret",
        "stytch.com/docs; not confirmed",
        "secret-(?:live|test)-[A-Za-z0-9_=-]{30,}",
        &[example![
            "sec",
            "ret-live-ugtnSgV9WPKqI2OLKwMMLVn_9SejQYui6Ilm"
        ]],
        &[concat!("secret", "-test-your-secret-goes-here-please-now")],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "hubspot",
        "HubSpot token of a private app",
        "developers.hubspot.com/docs; not confirmed",
        concat!("pat-(?:na|eu|ap)[0-9]-", uuid!()),
        &[
            example!["pat", "-na1-e1b5ab0c-a492-4c9a-a4e1-ea224dcf14a9"],
            example!["pat", "-eu1-5c8ab1b9-223c-4ea6-a339-099cf3b99ac2"],
        ],
        &[
            "pat-na1-token",
            concat!("spat-n", "a1-58fca1e2-73b7-4c08-ae1c-ac6d1b08a526"),
        ],
    )
    .floor(2.8),
    assigned(
        "hubspot-legacy",
        "HubSpot API key, the older form",
        "developers.hubspot.com/docs; not confirmed",
        &["hubspot_api_key", "hapikey"],
        uuid!(),
        &[example!("HUBSPOT_API_KEY=" ["843", "025e8-e76e-4d21-ae32-d063d0de84db"] "")],
        &[
            "HUBSPOT_API_KEY=your-key-here",
            concat!("checks", "um: 843025e8-e76e-4d21-ae32-d063d0de84db"),
        ],
    ),
    token(
        "salesforce",
        "Salesforce session or access token",
        "developer.salesforce.com/docs; not confirmed",
        "00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,}",
        &[example![
            "00D",
            "P9dEBKWjPwbp!AQWYEEQdWtd4e9ZS3Mn1KjzEMFPMk1ExXTMzTFSNt6XOWhqFtnpTRl9gSmN",
            "dg3denmw2cIxLYoOZr161fx8Z5SKsqK",
        ]],
        &[
            "00D000000000001!AQ",
            concat!(
                "x00DK7z57hq0xTgA!AQb1PybFtU9l53LTjBOpAChxH6w7znKfIr0fhjKZBrKvbACwHgKgxqH",
                "ggrIoDaDN0C1F5dOMDUtoibaNzMF7Kt6FjMxA"
            ),
        ],
    )
    .floor(4.0),
    assigned(
        "salesforce-secret",
        "Salesforce secret of an app",
        "help.salesforce.com; not confirmed",
        &[
            "salesforce_client_secret",
            "salesforce_consumer",
            "sfdc_client_secret",
            "sf_client_secret",
        ],
        "[0-9A-F]{64}",
        &[example!(
            "SALESFORCE_CLIENT_SECRET=" [
                "EE1",
                "598255210DCCFABFCAE71D109814E4C7A1A3DE234A0C6BBE2780C6F027ACB",
            ] ""
        )],
        &[
            "SALESFORCE_CLIENT_SECRET=your-key-here",
            concat!(
                "checks",
                "um: EE1598255210DCCFABFCAE71D109814E4C7A1A3DE234A0C6BBE2780C6F027ACB"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "zendesk",
        "Zendesk API token",
        "developer.zendesk.com; not confirmed",
        &["zendesk"],
        "[A-Za-z0-9]{40}",
        &[example!("ZENDESK_API_TOKEN=" ["1Dn", "U9Sx1UvuTGPyC965Xl6feTPw9p6wM7MEFUGLY"] "")],
        &[
            "ZENDESK_API_TOKEN=your-key-here",
            concat!("checks", "um: 1DnU9Sx1UvuTGPyC965Xl6feTPw9p6wM7MEFUGLY"),
        ],
    )
    .floor(3.8),
    assigned(
        "freshdesk",
        "Freshdesk API key",
        "developers.freshdesk.com; not confirmed",
        &["freshdesk", "freshservice"],
        "[A-Za-z0-9]{18,20}",
        &[example!("FRESHDESK_API_KEY=" ["utF", "4ShtqfMsFtAnM4P3O"] "")],
        &[
            "FRESHDESK_API_KEY=your-key-here",
            "checksum: utF4ShtqfMsFtAnM4P3O",
        ],
    )
    .floor(3.3)
    .checked(is_mixed_case),
    assigned(
        "segment",
        "Segment write key",
        "segment.com/docs; not confirmed",
        &["segment_write_key", "segment_key", "segment_api_token"],
        "[A-Za-z0-9]{32}",
        &[example!("SEGMENT_WRITE_KEY=" ["p3s", "F2kKmY7GYHnLTi5zybzR83ANgFkgp"] "")],
        &[
            "SEGMENT_WRITE_KEY=your-key-here",
            concat!("checks", "um: p3sF2kKmY7GYHnLTi5zybzR83ANgFkgp"),
        ],
    )
    .floor(3.5),
    assigned(
        "amplitude",
        "Amplitude key or secret",
        "amplitude.com/docs; not confirmed",
        &["amplitude"],
        "[0-9a-f]{32}",
        &[example!("AMPLITUDE_SECRET_KEY=" ["01f", "2c19535a5d168f8234232d9e39fa4"] "")],
        &[
            "AMPLITUDE_SECRET_KEY=your-key-here",
            concat!("checks", "um: 01f2c19535a5d168f8234232d9e39fa4"),
        ],
    )
    .floor(3.0),
    assigned(
        "mixpanel",
        "Mixpanel secret or token",
        "developer.mixpanel.com; not confirmed",
        &["mixpanel"],
        "[0-9a-f]{32}",
        &[example!("MIXPANEL_API_SECRET=" ["651", "596fc1af41b774c7f3362b41df2f8"] "")],
        &[
            "MIXPANEL_API_SECRET=your-key-here",
            concat!("checks", "um: 651596fc1af41b774c7f3362b41df2f8"),
        ],
    )
    .floor(3.0),
    token(
        "posthog",
        "PostHog personal key",
        "mintlify.com/PostHog/posthog/api/authentication, read 22 Nov 2026",
        "ph(?:x|s)_[A-Za-z0-9]{40,}",
        &[
            example!["phx", "_4TNhsWPrjLuOpXtWzDBbByvzbuA8aKLmVxPNauMmqpg"],
            example!["phs", "_FI7ZHWz0v4muqxc2fWlarAZtqiwzWGsK1f9geB0tsBJ"],
        ],
        &[
            "phx_your_key",
            concat!("phc_9B", "XyBGlEtQE0l3fHDYlcbTyyMgIveI4k5VmlnomxN5l"),
            concat!("xphx_L", "wwdTWweIAUYmPU2eY0u8qx1fxn3r57ZQmOLggWl3aO"),
        ],
    )
    .floor(4.0),
    assigned(
        "rollbar",
        "Rollbar access token",
        "docs.rollbar.com; not confirmed",
        &["rollbar"],
        "[0-9a-f]{32}",
        &[example!("ROLLBAR_ACCESS_TOKEN=" ["401", "a4309aa606aa6f700a7aea6e83c51"] "")],
        &[
            "ROLLBAR_ACCESS_TOKEN=your-key-here",
            concat!("checks", "um: 401a4309aa606aa6f700a7aea6e83c51"),
        ],
    )
    .floor(3.0),
    assigned(
        "bugsnag",
        "Bugsnag API key",
        "docs.bugsnag.com; not confirmed",
        &["bugsnag"],
        "[0-9a-f]{32}",
        &[example!("BUGSNAG_API_KEY=" ["91f", "9ccb720a113a46325802af2095baf"] "")],
        &[
            "BUGSNAG_API_KEY=your-key-here",
            concat!("checks", "um: 91f9ccb720a113a46325802af2095baf"),
        ],
    )
    .floor(3.0),
    token(
        "honeybadger",
        "Honeybadger API key",
        "docs.honeybadger.io; not confirmed",
        "hbp_[A-Za-z0-9]{36}",
        &[example!["hbp", "_oQ5dfLb8QKCQhcYqM1TQAxkemXsVKxqLGtYR"]],
        &[
            "hbp_key",
            concat!("xhbp_9", "a8d0V0k166cTeYjXLPDHAERBdWUmtt462qc"),
        ],
    )
    .floor(3.8),
    assigned(
        "beamer",
        "Beamer API key",
        "getbeamer.com/api; not confirmed",
        &["beamer"],
        "b_[A-Za-z0-9_=-]{40,}",
        &[example!("BEAMER_API_KEY=" ["b_A", "rAULPmFo-lvYFKzp24Dw13-rVaOI0zJ_glHrvxEawJ="] "")],
        &[
            "BEAMER_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: b_ArAULPmFo-lvYFKzp24Dw13-rVaOI0zJ_glHrvxEawJ="
            ),
        ],
    )
    .floor(3.8),
    token(
        "statsig",
        "Statsig secret key",
        "docs.statsig.com; not confirmed",
        "secret-[A-Za-z0-9]{40,}",
        &[example![
            "sec",
            "ret-hnI56gvnZ2BpFnfjZGLDgv40SX1DB7ZX1boPncpRupd"
        ]],
        &[
            "secret-santa",
            "secret-your-key",
            concat!("xsecre", "t-QgrWVfbeCLKc4d4tFA8rKXJS3KBEop6fVRNSfz10D2I"),
        ],
    )
    .floor(4.0),
    assigned(
        "virustotal",
        "VirusTotal, AbuseIPDB or urlscan key",
        "docs.virustotal.com; not confirmed",
        &["virustotal", "vt_api_key", "abuseipdb"],
        "[0-9a-f]{64,80}",
        &[example!(
            "VIRUSTOTAL_API_KEY=" [
                "170",
                "fac23ebf9f35755ef7934fc801b9575229cfe7e7ebcb064562ba61c735ec5",
            ] ""
        )],
        &[
            "VIRUSTOTAL_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 170fac23ebf9f35755ef7934fc801b9575229cfe7e7ebcb064562ba61c735ec5"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "shodan",
        "Shodan key",
        "developer.shodan.io; not confirmed",
        &["shodan"],
        "[A-Za-z0-9]{32}",
        &[example!("SHODAN_API_KEY=" ["ViE", "fX5mBwLpI8DJIO6PuPDRhu7HI5VSO"] "")],
        &[
            "SHODAN_API_KEY=your-key-here",
            concat!("checks", "um: ViEfX5mBwLpI8DJIO6PuPDRhu7HI5VSO"),
        ],
    )
    .floor(3.5),
];
