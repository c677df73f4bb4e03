//! A provider's URL is read twice, by the configuration and by the provider: to the same effect.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nenya::config::ChatUrl;
use provider::UpstreamUrl;

fuzz_target!(|text: &str| {
    let served: Option<UpstreamUrl> = text.parse().ok();
    assert!(
        served.is_none()
            || !text
                .split(['/', '?'])
                .nth(2)
                .unwrap_or_default()
                .contains('@')
    );
    let Ok(configured) = text.parse::<ChatUrl>() else {
        return;
    };
    let served = served.expect("what the configuration takes can be called");
    assert_eq!(configured.host().to_string(), served.host());
    assert_eq!(configured.port(), served.port());
    assert_eq!(configured.encrypted(), served.is_tls());
    assert_eq!(configured.path(), served.path());
});
