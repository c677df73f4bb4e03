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
            "AT-cMfEg5hGyBZSmyDr8ZfXwiHMIwFzWJWIWHDs-uVj1Di"
        ]],
        &[
            "CFPAT-your-key-here",
            concat!("xCFPAT", "-cMfEg5hGyBZSmyDr8ZfXwiHMIwFzWJWIWHDs-uVj1Di"),
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
                "Ceo",
                "_B2o-NYP3FtqIbcEMRt2Gpo4xnnMO1Lj5G24CGHy",
            ] ""
        )],
        &[
            "CONTENTFUL_ACCESS_TOKEN=your-key-here",
            concat!("checks", "um: Ceo_B2o-NYP3FtqIbcEMRt2Gpo4xnnMO1Lj5G24CGHy"),
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
                "skb",
                "0GAMqHQVyQn4wh18K91fNP8qCDy4Z7yFAsBXoiw2AObJvNK2sB9cJD8evzpHXS2tNhiJutym",
                "LteMuiIHeXthRctg2d7KrZokwwIXEr44VirkA0CBzoM8aZZmer6zf8EeD1re1vRPi5euL0JF",
                "xZnmNy6hiDq4lgP3QRGa5P0jrxT556M4S",
            ] ""
        )],
        &[
            "SANITY_API_TOKEN=your-key-here",
            concat!(
                "checksum: skb0GAMqHQVyQn4wh18K91fNP8qCDy4Z7yFAsBXoiw2AObJvNK2sB9cJD8evzp",
                "HXS2tNhiJutymLteMuiIHeXthRctg2d7KrZokwwIXEr44VirkA0CBzoM8aZZmer6zf8EeD1r",
                "e1vRPi5euL0JFxZnmNy6hiDq4lgP3QRGa5P0jrxT556M4S"
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
        &[example!("ALGOLIA_ADMIN_KEY=" ["7ba", "fffa5409fc14fef4f51a7e8a978c1"] "")],
        &[
            "ALGOLIA_ADMIN_KEY=your-key-here",
            concat!("checks", "um: 7bafffa5409fc14fef4f51a7e8a978c1"),
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
            "eyJSMF4ypjoUTqKyr1T3smazeaQhBV7UkLZvK8xmYzv4z9fZwKayhKjLU2GOjQI01WWbf82H",
            "hIOgpyh4bH3.C6LW4uQgxyxaBERYkfeP9J",
        ]],
        &[
            "sk.your-token",
            concat!(
                "pk.eyJ6eQOKteCuyBfbmFOcvs5Y4jldOrUZ6PEmTl0FJkHz9CPbNG2vkKEXHaVivXYA70NOM",
                "oraR3VYuEFwr0d.mGRwr0Xo4ElZPwi2ebD8YR"
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
            "eyJ43q5ISH9NfuvWjwD8ua7PsDoUiiKL2mI5oNDEwcWQTjmgbthSa2rwtBy9zybsITgVXEM1",
            "7ioaVWLHMis.tEAf9PrL2CQ6HdpI2QVa14",
        ]],
        &["tk.eyJyour-key-here", "tk.eyJshort1"],
    )
    .floor(4.0),
    assigned(
        "webflow",
        "Webflow API token",
        "developers.webflow.com; not confirmed",
        &["webflow"],
        "[0-9a-f]{64}",
        &[example!(
            "WEBFLOW_API_TOKEN=" [
                "e83",
                "92cc7c0ea9f9b5f5c94f1207d37a302920efa26fec515d338f784642b2fc5",
            ] ""
        )],
        &[
            "WEBFLOW_API_TOKEN=your-key-here",
            concat!(
                "checks",
                "um: e8392cc7c0ea9f9b5f5c94f1207d37a302920efa26fec515d338f784642b2fc5"
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
                "f05",
                "25415a91ede75b3167d9d:0ba512f069e469ec1aa96383fd49553543ef7bbcd48264f3fe",
                "64d82e6928e746",
            ] ""
        )],
        &[
            "GHOST_ADMIN_API_KEY=your-key-here",
            concat!(
                "checksum: f0525415a91ede75b3167d9d:0ba512f069e469ec1aa96383fd49553543ef7",
                "bbcd48264f3fe64d82e6928e746"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "squarespace",
        "Squarespace API key",
        "developers.squarespace.com; not confirmed",
        &["squarespace"],
        uuid!(),
        &[example!("SQUARESPACE_API_KEY=" ["393", "a6554-3b13-4e89-a2cd-3ad370e41abc"] "")],
        &[
            "SQUARESPACE_API_KEY=your-key-here",
            concat!("checks", "um: 393a6554-3b13-4e89-a2cd-3ad370e41abc"),
        ],
    ),
    token_anywhere(
        "cloudinary",
        "Cloudinary address with its secret",
        "cloudinary.com/documentation; not confirmed",
        "cloudinary://[0-9]{10,}:(?<secret>[A-Za-z0-9_-]{20,})",
        &[example!(
            "CLOUDINARY_URL=cloudinary://321654739821010:" [
                "wgu",
                "zsF9qZ3gxBG1xGSeRb_PVs7a",
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
        &[example!("CLOUDINARY_API_SECRET=" ["t8b", "Z6IWqQHt0nd9qbgBnEv3C9Lp"] "")],
        &[
            "CLOUDINARY_API_SECRET=your-key-here",
            "checksum: t8bZ6IWqQHt0nd9qbgBnEv3C9Lp",
        ],
    )
    .floor(3.5),
    assigned(
        "imagekit",
        "ImageKit private key",
        "imagekit.io/docs; not confirmed",
        &["imagekit"],
        "private_[A-Za-z0-9+/]{24,}={0,2}",
        &[example!("IMAGEKIT_PRIVATE_KEY=" ["pri", "vate_iXR3ZPeJGFmDpClrPeilFgthJ3o="] "")],
        &[
            "IMAGEKIT_PRIVATE_KEY=your-key-here",
            concat!("checks", "um: private_iXR3ZPeJGFmDpClrPeilFgthJ3o="),
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
                "RSZ",
                "ycimFIChy0EeX7YnhfuT_LTzT66Huz9tXXCCJR7I",
            ] ""
        )],
        &[
            "UNSPLASH_ACCESS_KEY=your-key-here",
            concat!("checks", "um: RSZycimFIChy0EeX7YnhfuT_LTzT66Huz9tXXCCJR7I"),
        ],
    )
    .floor(4.0),
    token(
        "adobe",
        "Adobe secret of an app",
        "developer.adobe.com; not confirmed",
        "p8e-[A-Za-z0-9_-]{32}",
        &[example!["p8e", "-3kAgv8LGZDDEbt7ArAXsGQ9knfVHoHAL"]],
        &[
            "p8e-your-secret",
            concat!("xp8e-q", "v837avqlLedbMjCldP6vSNlBUc5PkW8"),
        ],
    )
    .floor(4.0),
    assigned(
        "lokalise",
        "Lokalise API token",
        "developers.lokalise.com; not confirmed",
        &["lokalise"],
        "[0-9a-f]{40}",
        &[example!("LOKALISE_API_TOKEN=" ["cda", "17a05d92e8b1d6e2b9eafd09c4a465f11023f"] "")],
        &[
            "LOKALISE_API_TOKEN=your-key-here",
            concat!("checks", "um: cda17a05d92e8b1d6e2b9eafd09c4a465f11023f"),
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
                "22a",
                "d005e7c5f012e975e076776188e0227ec4bfb129acd830c76297e44f90eca5fc9c334ac4",
                "08d91",
            ] ""
        )],
        &[
            "CROWDIN_PERSONAL_TOKEN=your-key-here",
            concat!(
                "checksum: 22ad005e7c5f012e975e076776188e0227ec4bfb129acd830c76297e44f90e",
                "ca5fc9c334ac408d91"
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
                "c96",
                "325ba7bmshadde1345e7cded8p1a1977jsne4665e4bf14e",
            ] ""
        )],
        &[
            "X-RapidAPI-Key=your-key-here",
            concat!(
                "checks",
                "um: c96325ba7bmshadde1345e7cded8p1a1977jsne4665e4bf14e"
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
        &[example!("OPENWEATHER_API_KEY=" ["c5f", "4e1104adc13a4bd1c7e571303c3d8"] "")],
        &[
            "OPENWEATHER_API_KEY=your-key-here",
            concat!("checks", "um: c5f4e1104adc13a4bd1c7e571303c3d8"),
        ],
    )
    .floor(3.0),
    assigned(
        "maxmind",
        "MaxMind licence key",
        "dev.maxmind.com; not confirmed",
        &["maxmind", "geoip"],
        "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk",
        &[example!("MAXMIND_LICENSE_KEY=" ["Zem", "JyN_akQ2MwWXwrJg7S1zevgMFgHvjmedX_mmk"] "")],
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
        &[example!("ETHERSCAN_API_KEY=" ["IJK", "BU7FBCHUTE1KMKEV25VEIXBWJG9SYIX"] "")],
        &[
            "ETHERSCAN_API_KEY=your-key-here",
            concat!("checks", "um: IJKBU7FBCHUTE1KMKEV25VEIXBWJG9SYIX"),
        ],
    )
    .floor(3.5),
    token_anywhere(
        "infura-url",
        "Infura address with its key",
        "docs.metamask.io, Infura; not confirmed",
        r"infura\.io/(?:ws/)?v3/(?<secret>[0-9a-f]{32})",
        &[
            example!("https://mainnet.infura.io/v3/" ["d24", "f9cd2ae06021c67059c118696e369"] ""),
            example!("wss://mainnet.infura.io/ws/v3/" ["293", "51c39ea803990671ddba8c50fe1ea"] ""),
        ],
        &["https://mainnet.infura.io/v3/YOUR-PROJECT-ID"],
    )
    .floor(3.0),
    assigned(
        "infura",
        "Infura key or secret",
        "docs.metamask.io, Infura; not confirmed",
        &["infura"],
        "[A-Za-z0-9+/]{32,}",
        &[example!("INFURA_PROJECT_SECRET=" ["4ca", "d9c95c3804fb045e4c3d47eca1533"] "")],
        &[
            "INFURA_PROJECT_SECRET=your-key-here",
            concat!("checks", "um: 4cad9c95c3804fb045e4c3d47eca1533"),
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
                "fnt",
                "fJq0J85D2XlcJFnwWEsgJkmv828Aj",
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
        &[example!("ALCHEMY_API_KEY=" ["nO5", "3T6KTOsqkFvjKoPwit_p4kxXLPSLe"] "")],
        &[
            "ALCHEMY_API_KEY=your-key-here",
            concat!("checks", "um: nO53T6KTOsqkFvjKoPwit_p4kxXLPSLe"),
        ],
    )
    .floor(3.8)
    .checked(is_mixed_case),
    token(
        "adafruit",
        "Adafruit IO key",
        "io.adafruit.com/api/docs; not confirmed",
        "aio_[A-Za-z0-9]{28}",
        &[example!["aio", "_p6RPoI8MMZQGks5bpA9sGSEGI2vC"]],
        &[
            "aio_pika_connection",
            concat!("xaio_h", "YTDzzK1dTYiU7U0C15jyykZrQ1q"),
        ],
    )
    .floor(3.8),
];
