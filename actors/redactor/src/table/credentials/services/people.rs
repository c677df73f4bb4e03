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
        &[example!("Authorization: SSWS " ["00V", "s7at8bZ6IWqQHt0nd9qbgBnEv3C9LpiXR3ZPeJG"] "")],
        &["Authorization: SSWS 00your-token", "SSWS token"],
    )
    .floor(3.8),
    assigned(
        "okta-token",
        "Okta API token",
        "developer.okta.com/docs/guides/create-an-api-token, read 22 Nov 2026",
        &["okta_api_token", "okta_token", "okta_api_key"],
        "00[A-Za-z0-9_-]{40}",
        &[example!("OKTA_API_TOKEN=" ["00F", "mDpClrPeilFgthJ3oRSZycimFIChy0EeX7Ynhfu"] "")],
        &[
            "OKTA_API_TOKEN=your-key-here",
            concat!("checks", "um: 00FmDpClrPeilFgthJ3oRSZycimFIChy0EeX7Ynhfu"),
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
                "T_L",
                "TzT66Huz9tXXCCJR7I3kAgv8LGZDDEbt7ArAXsGQ9knfVHoHALZ2OfDRcw0Kl",
            ] ""
        )],
        &[
            "OKTA_CLIENT_SECRET=your-key-here",
            concat!(
                "checks",
                "um: T_LTzT66Huz9tXXCCJR7I3kAgv8LGZDDEbt7ArAXsGQ9knfVHoHALZ2OfDRcw0Kl"
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
                "5JV",
                "f2A4iTN4R-3cLWtOqyw9ehako-ljO2dau4EYx8bek7LFw7dCBCFzhJI7ajjF6",
            ] ""
        )],
        &[
            "AUTH0_CLIENT_SECRET=your-key-here",
            concat!(
                "checks",
                "um: 5JVf2A4iTN4R-3cLWtOqyw9ehako-ljO2dau4EYx8bek7LFw7dCBCFzhJI7ajjF6"
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
            "test_a2V5XzAxOEsbCyOuVkYFy5Q4PtyZghivz06N0ZiarTJ6BUR4,t9d6y1RSRYtm89Jhel",
            "6xvowvS",
        ]],
        &[
            "sk_test_a2V5Xshort",
            concat!(
                "ask_te",
                "st_a2V5XzAxhf1REp9Fa2lxT6cNuk0zRdZtdiPz0gGvPdp5qDjl"
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
            "ret-live-326entv4DY041IOeMFC5tABw6sT8ft4Xu8q4"
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
            example!["pat", "-na1-1104adc1-3a4b-4d1c-a7e5-71303c3d826c"],
            example!["pat", "-eu1-05bb83c2-a3f3-4a46-a214-450a2013a92d"],
        ],
        &[
            "pat-na1-token",
            concat!("spat-n", "a1-f06236f8-a1c6-441b-ad81-1a59d95c9f86"),
        ],
    )
    .floor(2.8),
    assigned(
        "hubspot-legacy",
        "HubSpot API key, the older form",
        "developers.hubspot.com/docs; not confirmed",
        &["hubspot_api_key", "hapikey"],
        uuid!(),
        &[example!("HUBSPOT_API_KEY=" ["565", "2aefa-24b0-4b43-a9c4-bd24f9cd2ae0"] "")],
        &[
            "HUBSPOT_API_KEY=your-key-here",
            concat!("checks", "um: 5652aefa-24b0-4b43-a9c4-bd24f9cd2ae0"),
        ],
    ),
    token(
        "salesforce",
        "Salesforce session or access token",
        "developer.salesforce.com/docs; not confirmed",
        "00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,}",
        &[example![
            "00D",
            "OmbQfdMyMmp0!AQaltG8X6NzdGc13qMnsR9nNDhSnt8etgkQJcVyZ2gs8DIvqUaVgsXtRbPm",
            "ZI3ocB3PXTBZRxu9XGJ9rykbFC5cD49",
        ]],
        &[
            "00D000000000001!AQ",
            concat!(
                "x00Dh0dWN6TtjcGY!AQL5daKPUy34qlLQv6pF1UucHxvEdogobvepNxG0Y2bWQ5E5xb5JMUQ",
                "8Wq0wAIR2Axvq9ubXPt0NgA9qzw7hK21EYj2p"
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
                "A4C",
                "AD9C95C3804FB045E4C3D47ECA1533134184D8FE7DC208735C7418235FDF6",
            ] ""
        )],
        &[
            "SALESFORCE_CLIENT_SECRET=your-key-here",
            concat!(
                "checks",
                "um: A4CAD9C95C3804FB045E4C3D47ECA1533134184D8FE7DC208735C7418235FDF6"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "zendesk",
        "Zendesk API token",
        "developer.zendesk.com; not confirmed",
        &["zendesk_api", "zendesk_token"],
        "[A-Za-z0-9]{40}",
        &[example!("ZENDESK_API_TOKEN=" ["W5e", "YONguCNBw9D7JQ7NXswZu4jif2pJkeshKuHV7"] "")],
        &[
            "ZENDESK_API_TOKEN=your-key-here",
            concat!("checks", "um: W5eYONguCNBw9D7JQ7NXswZu4jif2pJkeshKuHV7"),
        ],
    )
    .floor(3.8),
    assigned(
        "freshdesk",
        "Freshdesk API key",
        "developers.freshdesk.com; not confirmed",
        &["freshdesk_api", "freshdesk_key", "freshservice_api"],
        "[A-Za-z0-9]{18,20}",
        &[example!("FRESHDESK_API_KEY=" ["lKe", "jFNUhCfl2ysu7wGON"] "")],
        &[
            "FRESHDESK_API_KEY=your-key-here",
            "checksum: lKejFNUhCfl2ysu7wGON",
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
        &[example!("SEGMENT_WRITE_KEY=" ["scp", "6RPoI8MMZQGks5bpA9sGSEGI2vChB"] "")],
        &[
            "SEGMENT_WRITE_KEY=your-key-here",
            concat!("checks", "um: scp6RPoI8MMZQGks5bpA9sGSEGI2vChB"),
        ],
    )
    .floor(3.5),
    assigned(
        "amplitude",
        "Amplitude key or secret",
        "amplitude.com/docs; not confirmed",
        &["amplitude_api", "amplitude_secret", "amplitude_key"],
        "[0-9a-f]{32}",
        &[example!("AMPLITUDE_SECRET_KEY=" ["157", "cc8314433e1f4c6d334c0df9185af"] "")],
        &[
            "AMPLITUDE_SECRET_KEY=your-key-here",
            concat!("checks", "um: 157cc8314433e1f4c6d334c0df9185af"),
        ],
    )
    .floor(3.0),
    assigned(
        "mixpanel",
        "Mixpanel secret or token",
        "developer.mixpanel.com; not confirmed",
        &[
            "mixpanel_api",
            "mixpanel_secret",
            "mixpanel_token",
            "mixpanel_project_token",
        ],
        "[0-9a-f]{32}",
        &[example!("MIXPANEL_API_SECRET=" ["f15", "54f07e52a45450fcfacd3132fe052"] "")],
        &[
            "MIXPANEL_API_SECRET=your-key-here",
            concat!("checks", "um: f1554f07e52a45450fcfacd3132fe052"),
        ],
    )
    .floor(3.0),
    token(
        "posthog",
        "PostHog personal key",
        "mintlify.com/PostHog/posthog/api/authentication, read 22 Nov 2026",
        "ph(?:x|s)_[A-Za-z0-9]{40,}",
        &[
            example!["phx", "_FMIDJuiuxQJETs7nzMefzlBQfgyU6X7gB4BlnfL8a1c"],
            example!["phs", "_f43fq5qJs4kcnF9UnfxA68eYzlUtD6adHMePgugFNP4"],
        ],
        &[
            "phx_your_key",
            concat!("phc_K6", "Nie86UtFHoBEMazzRJJsSA9lVrfZP67NPApyjinjp"),
            concat!("xphx_c", "5naWB3mSS34WrriLrseBMcQLuNDP6iIp7aIzG7DvJa"),
        ],
    )
    .floor(4.0),
    token(
        "honeybadger",
        "Honeybadger API key",
        "docs.honeybadger.io; not confirmed",
        "hbp_[A-Za-z0-9]{36}",
        &[example!["hbp", "_1nOjV87YfhzCkDiJl4Uh6dtoQ0ckrbIMN23w"]],
        &[
            "hbp_key",
            concat!("xhbp_o", "iNHflWbjcpDLUAgUKhtvscbp3WxQCxDSNzl"),
        ],
    )
    .floor(3.8),
    assigned(
        "beamer",
        "Beamer API key",
        "getbeamer.com/api; not confirmed",
        &["beamer"],
        "b_[A-Za-z0-9_=-]{40,}",
        &[example!("BEAMER_API_KEY=" ["b_X", "21Bfc-E3lwo8D40OwKBmYgZVathCOteZzIRAxjb0Un="] "")],
        &[
            "BEAMER_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: b_X21Bfc-E3lwo8D40OwKBmYgZVathCOteZzIRAxjb0Un="
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
            "ret-FexT8G9QAoRcxa0NeELpqnybGCUZ7ir8WZbRDa6jlYp"
        ]],
        &[
            "secret-santa",
            "secret-your-key",
            concat!("xsecre", "t-VWY6EkdXV4eJWtAanpMBXOhd4qKK7EN2xEK9WQHVmNH"),
        ],
    )
    .floor(4.0),
    assigned(
        "virustotal",
        "VirusTotal, AbuseIPDB or urlscan key",
        "docs.virustotal.com; not confirmed",
        &[
            "virustotal_api",
            "vt_api_key",
            "abuseipdb_api",
            "abuseipdb_key",
        ],
        "[0-9a-f]{64,80}",
        &[example!(
            "VIRUSTOTAL_API_KEY=" [
                "053",
                "3faa1b46b49280b4c43bbbf2b0d0309f886fe548d199276e0152816bbc70e",
            ] ""
        )],
        &[
            "VIRUSTOTAL_API_KEY=your-key-here",
            concat!(
                "checks",
                "um: 0533faa1b46b49280b4c43bbbf2b0d0309f886fe548d199276e0152816bbc70e"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "shodan",
        "Shodan key",
        "developer.shodan.io; not confirmed",
        &["shodan_api", "shodan_key"],
        "[A-Za-z0-9]{32}",
        &[example!("SHODAN_API_KEY=" ["hX6", "DvnZSs5UauotYnXnjHgMfU4ZAcm74"] "")],
        &[
            "SHODAN_API_KEY=your-key-here",
            concat!("checks", "um: hX6DvnZSs5UauotYnXnjHgMfU4ZAcm74"),
        ],
    )
    .floor(3.5),
];
