//! Where sites, texts, pictures and maps come from.

use crate::table::credentials::looks::is_mixed_case;
use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "contentful",
        "Contentful token of a user",
        "contentful.com/developers/docs; not confirmed",
        "CFPAT-[A-Za-z0-9_-]{43}",
        &[example![
            "CFP",
            "AT-rr5zbeJFIpXIS3lyU9NP2_ZR6Sv3TxDqE61aEqV0hHW"
        ]],
        &[
            "CFPAT-your-key-here",
            concat!("xCFPAT", "-rr5zbeJFIpXIS3lyU9NP2_ZR6Sv3TxDqE61aEqV0hHW"),
        ],
    )
    .floor(4.0),
    assigned(
        "contentful-delivery",
        "Contentful token of a space",
        "contentful.com/developers/docs; not confirmed",
        &[
            "contentful_access_token",
            "contentful_delivery",
            "contentful_preview",
            "contentful_token",
            "contentful_management",
        ],
        "[A-Za-z0-9_-]{43}",
        &[example!(
            "CONTENTFUL_ACCESS_TOKEN=" [
                "5z_",
                "mzQNNVXX5Ha3a-Pw5Mtga0FxAWYpkk3cHZye4n1p",
            ] ""
        )],
        &[
            "CONTENTFUL_ACCESS_TOKEN=your-key-here",
            concat!("checks", "um: 5z_mzQNNVXX5Ha3a-Pw5Mtga0FxAWYpkk3cHZye4n1p"),
        ],
    )
    .floor(4.0),
    assigned(
        "sanity",
        "Sanity token",
        "sanity.io/docs; not confirmed",
        &["sanity"],
        "sk[A-Za-z0-9]{80,}",
        &[example!(
            "SANITY_API_TOKEN=" [
                "skT",
                "oqE00qLIFC4Mtn59YXBCaiRTuhyk8ig2RuhR1zbxZKZTGmJFAT43QRYJ06E2mGWgROnncqOb",
                "RgJUnZaKKvOdLSSbX15wDEWdEK3SIgzAtucnCEt1Z38rnZ7I9nKxssV9pMt8PgY5CS5P1aXG",
                "nXTT2FK5pIK1GaJE4rge8uuL1xSIBbXMg",
            ] ""
        )],
        &[
            "SANITY_API_TOKEN=your-key-here",
            concat!(
                "checksum: skToqE00qLIFC4Mtn59YXBCaiRTuhyk8ig2RuhR1zbxZKZTGmJFAT43QRYJ06E",
                "2mGWgROnncqObRgJUnZaKKvOdLSSbX15wDEWdEK3SIgzAtucnCEt1Z38rnZ7I9nKxssV9pMt",
                "8PgY5CS5P1aXGnXTT2FK5pIK1GaJE4rge8uuL1xSIBbXMg"
            ),
        ],
    )
    .floor(4.0),
    assigned(
        "algolia",
        "Algolia key of an administrator",
        "algolia.com/doc; not confirmed",
        &[
            "algolia_admin",
            "algolia_api_key",
            "algolia_write",
            "algolia_key",
        ],
        "[0-9a-f]{32}",
        &[example!("ALGOLIA_ADMIN_KEY=" ["9ba", "f597f688c7ccce25e4b4f07b3c687"] "")],
        &[
            "ALGOLIA_ADMIN_KEY=your-key-here",
            concat!("checks", "um: 9baf597f688c7ccce25e4b4f07b3c687"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "mapbox",
        "Mapbox secret token",
        "docs.mapbox.com/api/accounts/tokens, read 22 Nov 2026",
        r"sk\.eyJ[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,}",
        &[example![
            "sk.",
            "eyJI1pW283ZgrQ1uhiInaccLCQeo194ThXhtzfSHJf9vYiJzP4uhAojplpc2XCrvjq22ULEj",
            "WDdzSo1QIwF.ggDh_vZipg8J7gHpNT8DX2",
        ]],
        &[
            "sk.your-token",
            concat!(
                "pk.eyJkSWvwRrwmzTRHJ71nnr0xFmSD03K6nRuIOohdJLg2x38IP7t7uRh6l8icozrhuSqpp",
                "DAKtEEbfhSYURF.O1qLzqhpSusTsCmGCgioqv"
            ),
        ],
    )
    .floor(4.0),
    token_anywhere(
        "mapbox-temporary",
        "Mapbox temporary token",
        "docs.mapbox.com/api/accounts/tokens, read 22 Nov 2026",
        r"tk\.eyJ[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{20,}",
        &[example![
            "tk.",
            "eyJJmhP1ar4YtnSFyThQtbZMExSDN1RjtVBrErjV3NLzAXoX7Sn1MTvaIu66WtQmpvOkl8m1",
            "iKNrndxWByG.wq-RhTyd_JCg2HgZ1KZWBM",
        ]],
        &["tk.eyJyour-key-here", "tk.eyJshort1"],
    )
    .floor(4.0),
    assigned(
        "webflow",
        "Webflow API token",
        "developers.webflow.com; not confirmed",
        &[
            "webflow_api",
            "webflow_token",
            "webflow_site_token",
            "webflow_secret",
        ],
        "[0-9a-f]{64}",
        &[example!(
            "WEBFLOW_API_TOKEN=" [
                "479",
                "0a869e8de645e090f0f3f6bed5fef09da98ad4e51b230dd20b775f29acb1e",
            ] ""
        )],
        &[
            "WEBFLOW_API_TOKEN=your-key-here",
            concat!(
                "checks",
                "um: 4790a869e8de645e090f0f3f6bed5fef09da98ad4e51b230dd20b775f29acb1e"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "ghost",
        "Ghost key of an administrator",
        "docs.ghost.org/admin-api; not confirmed",
        &["ghost_admin_api_key", "ghost_admin_key", "ghost_api_key"],
        "[0-9a-f]{24}:[0-9a-f]{64}",
        &[example!(
            "GHOST_ADMIN_API_KEY=" [
                "3e9",
                "3490522f6e6f3164f81be:e05b0feb003fa4cb2af507fbed60dcd2a97825502c5486bfb0",
                "5e0ac2ba1a6802",
            ] ""
        )],
        &[
            "GHOST_ADMIN_API_KEY=your-key-here",
            concat!(
                "checksum: 3e93490522f6e6f3164f81be:e05b0feb003fa4cb2af507fbed60dcd2a9782",
                "5502c5486bfb05e0ac2ba1a6802"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "squarespace",
        "Squarespace API key",
        "developers.squarespace.com; not confirmed",
        &["squarespace_api", "squarespace_key"],
        uuid!(),
        &[example!("SQUARESPACE_API_KEY=" ["4a8", "1d8e4-e9e1-40a4-a769-b73bb644f970"] "")],
        &[
            "SQUARESPACE_API_KEY=your-key-here",
            concat!("checks", "um: 4a81d8e4-e9e1-40a4-a769-b73bb644f970"),
        ],
    ),
    token_anywhere(
        "cloudinary",
        "Cloudinary address with its secret",
        "cloudinary.com/documentation; not confirmed",
        "cloudinary://[0-9]{10,}:(?<secret>[A-Za-z0-9_-]{20,})",
        &[example!(
            "CLOUDINARY_URL=cloudinary://415554760691212:" [
                "CP5",
                "u99shu5ucMfEg5hGyBZSmyDr",
            ] "@demo"
        )],
        &["cloudinary://123456789012345:API_SECRET@demo"],
    )
    .floor(3.5),
    assigned(
        "cloudinary-secret",
        "Cloudinary secret",
        "cloudinary.com/documentation; not confirmed",
        &["cloudinary_api_secret", "cloudinary_secret"],
        "[A-Za-z0-9_-]{27}",
        &[example!("CLOUDINARY_API_SECRET=" ["8Zf", "XwiHMIwFzWJWIWHDs-uVj1Di"] "")],
        &[
            "CLOUDINARY_API_SECRET=your-key-here",
            "checksum: 8ZfXwiHMIwFzWJWIWHDs-uVj1Di",
        ],
    )
    .floor(3.5),
    assigned(
        "imagekit",
        "ImageKit private key",
        "imagekit.io/docs; not confirmed",
        &["imagekit"],
        "private_[A-Za-z0-9+/]{24,}={0,2}",
        &[example!("IMAGEKIT_PRIVATE_KEY=" ["pri", "vate_Ceo/B2o+NYP3FtqIbcEMRt2Gpo4="] "")],
        &[
            "IMAGEKIT_PRIVATE_KEY=your-key-here",
            "checksum: private_Ceo/B2o+NYP3FtqIbcEMRt2Gpo4=",
        ],
    )
    .floor(3.8),
    assigned(
        "unsplash",
        "Unsplash secret",
        "unsplash.com/documentation; not confirmed",
        &[
            "unsplash_secret",
            "unsplash_access_key",
            "unsplash_api_key",
            "pexels_api_key",
        ],
        "[A-Za-z0-9_-]{43,56}",
        &[example!(
            "UNSPLASH_ACCESS_KEY=" [
                "xnn",
                "MO1Lj5G24CGHyc1HWATokH47WX-1L2CqS1cRK2e6",
            ] ""
        )],
        &[
            "UNSPLASH_ACCESS_KEY=your-key-here",
            concat!("checks", "um: xnnMO1Lj5G24CGHyc1HWATokH47WX-1L2CqS1cRK2e6"),
        ],
    )
    .floor(4.0),
    token(
        "adobe",
        "Adobe secret of an app",
        "developer.adobe.com; not confirmed",
        "p8e-[A-Za-z0-9_-]{32}",
        &[example!["p8e", "-jQYENoqPNWzNiOriMpfNnhJDuSS8JqJu"]],
        &[
            "p8e-your-secret",
            concat!("xp8e-3", "PBhYrbNiopvWlAmYjfhtbXvTtiidHgA"),
        ],
    )
    .floor(4.0),
    assigned(
        "lokalise",
        "Lokalise API token",
        "developers.lokalise.com; not confirmed",
        &["lokalise_api", "lokalise_token"],
        "[0-9a-f]{40}",
        &[example!("LOKALISE_API_TOKEN=" ["ded", "c70628c2f2e82a42afb66c34e853048b7baff"] "")],
        &[
            "LOKALISE_API_TOKEN=your-key-here",
            concat!("checks", "um: dedc70628c2f2e82a42afb66c34e853048b7baff"),
        ],
    )
    .floor(3.0),
    assigned(
        "crowdin",
        "Crowdin access token",
        "support.crowdin.com; not confirmed",
        &[
            "crowdin_token",
            "crowdin_personal_token",
            "crowdin_api_token",
            "crowdin_api_key",
        ],
        "[0-9a-f]{80}",
        &[example!(
            "CROWDIN_PERSONAL_TOKEN=" [
                "fa5",
                "409fc14fef4f51a7e8a978c1fc7478c8960c203d5ab6cac2b0c34402337c307e9ce5a156",
                "5067a",
            ] ""
        )],
        &[
            "CROWDIN_PERSONAL_TOKEN=your-key-here",
            concat!(
                "checksum: fa5409fc14fef4f51a7e8a978c1fc7478c8960c203d5ab6cac2b0c34402337",
                "c307e9ce5a1565067a"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "rapidapi",
        "RapidAPI key",
        "docs.rapidapi.com; not confirmed",
        &["rapidapi_key", "x_rapidapi_key", "rapid_api_key"],
        "[A-Za-z0-9]{50}",
        &[example!(
            "X-RapidAPI-Key: " [
                "c21",
                "1af882amsha4bea09e74467efp1b1463jsn09308b9dccc0",
            ] ""
        )],
        &[
            "X-RapidAPI-Key=your-key-here",
            concat!(
                "checks",
                "um: c211af882amsha4bea09e74467efp1b1463jsn09308b9dccc0"
            ),
        ],
    )
    .floor(3.3),
    assigned(
        "open-weather",
        "OpenWeather, NewsAPI or Giphy key",
        "openweathermap.org/appid; newsapi.org/docs; not confirmed",
        &[
            "openweather_api_key",
            "openweathermap_api_key",
            "openweather_key",
            "owm_api_key",
            "newsapi_key",
            "news_api_key",
            "giphy_api_key",
        ],
        "[A-Za-z0-9]{32}",
        &[example!("OPENWEATHER_API_KEY=" ["93f", "470494761fa49d7ae8038dab0dee8"] "")],
        &[
            "OPENWEATHER_API_KEY=your-key-here",
            concat!("checks", "um: 93f470494761fa49d7ae8038dab0dee8"),
        ],
    )
    .floor(3.0),
    assigned(
        "maxmind",
        "MaxMind licence key",
        "dev.maxmind.com; not confirmed",
        &["maxmind", "geoip"],
        "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk",
        &[example!("MAXMIND_LICENSE_KEY=" ["2Yh", "PsI_G6Hfyy7RGpO5L5RGzZbULC8vVJsEt_mmk"] "")],
        &[
            "MAXMIND_LICENSE_KEY=your-key-here",
            concat!("checks", "um: 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"),
        ],
    )
    .floor(3.8),
    assigned(
        "etherscan",
        "Etherscan key, or one of its sisters",
        "docs.etherscan.io; not confirmed",
        &[
            "etherscan",
            "bscscan",
            "polygonscan",
            "arbiscan",
            "basescan",
        ],
        "[A-Z0-9]{34}",
        &[example!("ETHERSCAN_API_KEY=" ["XL5", "LYSJ64DFAO0HP7UHAESFB24VFN53YKC"] "")],
        &[
            "ETHERSCAN_API_KEY=your-key-here",
            concat!("checks", "um: XL5LYSJ64DFAO0HP7UHAESFB24VFN53YKC"),
        ],
    )
    .floor(3.5),
    token_anywhere(
        "infura-url",
        "Infura address with its key",
        "docs.metamask.io, Infura; not confirmed",
        r"infura\.io/(?:ws/)?v3/(?<secret>[0-9a-f]{32})",
        &[
            example!("https://mainnet.infura.io/v3/" ["5d3", "38f784642b2fc5f0525415a91ede7"] ""),
            example!("wss://mainnet.infura.io/ws/v3/" ["5b3", "167d9d0ba512f069e469ec1aa9638"] ""),
        ],
        &["https://mainnet.infura.io/v3/YOUR-PROJECT-ID"],
    )
    .floor(3.0),
    assigned(
        "infura",
        "Infura key or secret",
        "docs.metamask.io, Infura; not confirmed",
        &[
            "infura_api",
            "infura_key",
            "infura_project",
            "infura_secret",
            "infura_id",
        ],
        "[A-Za-z0-9+/]{32,}",
        &[example!("INFURA_PROJECT_SECRET=" ["3fd", "49553543ef7bbcd48264f3fe64d82"] "")],
        &[
            "INFURA_PROJECT_SECRET=your-key-here",
            concat!("checks", "um: 3fd49553543ef7bbcd48264f3fe64d82"),
        ],
    )
    .floor(3.0),
    token_anywhere(
        "alchemy-url",
        "Alchemy address with its key",
        "alchemy.com/docs; not confirmed",
        r"g\.alchemy\.com/v2/(?<secret>[A-Za-z0-9_-]{20,})",
        &[example!(
            "https://eth-mainnet.g.alchemy.com/v2/" [
                "7BN",
                "lI5DtBoLpQBwvtpShm5HKjW3pQ2oE",
            ] ""
        )],
        &["https://eth-mainnet.g.alchemy.com/v2/your-api-key-goes-here"],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    assigned(
        "alchemy",
        "Alchemy API key",
        "alchemy.com/docs; not confirmed",
        &["alchemy_api_key", "alchemy_key", "alchemy_token"],
        "[A-Za-z0-9_-]{20,}",
        &[example!("ALCHEMY_API_KEY=" ["a6t", "eOUYFrl1TG-DxkhkgwguzsF9qZ3gx"] "")],
        &[
            "ALCHEMY_API_KEY=your-key-here",
            concat!("checks", "um: a6teOUYFrl1TG-DxkhkgwguzsF9qZ3gx"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "adafruit",
        "Adafruit IO key",
        "io.adafruit.com/api/docs; not confirmed",
        "aio_[A-Za-z0-9]{28}",
        &[example!["aio", "_2WVGQUL2nqNA34lXqwcv6TaFuU1K"]],
        &[
            "aio_pika_connection",
            concat!("xaio_C", "EhIJll4hV7mSK6D4oBAdsqMCtq4"),
        ],
    )
    .floor(3.8),
];
