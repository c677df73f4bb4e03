//! Microsoft Azure: keys of accounts and resources, connection strings, tokens of Azure DevOps.

use crate::table::credentials::harmless;
use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token_anywhere(
        "azure-storage-connection-key",
        "key of a storage account in a connection string",
        "learn.microsoft.com/purview, Azure storage account key, read 22 Nov 2026",
        "(?i)AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)",
        &[example!(
            "DefaultEndpointsProtocol=https;AccountName=ledger;AccountKey="
            [
                "aP53xliKvPTVqB6aFOqkJS/QId6fVPI0LDgo8mJe623O",
                "TRQT1nZa6UOddKn7tUiJ6sUCFD7uo+KChkGMxqKHAV==",
            ]
            ";EndpointSuffix=core.windows.net"
        )],
        &[
            "AccountKey=<storage-key>;EndpointSuffix=core.windows.net",
            concat!("Ac", "countKey=Z7PKgRKEsHyIweJOJXpSyRofsO4xTd/CFGtf3tuf=="),
        ],
    )
    .floor(4.0)
    .checked(harmless::is_not_of_an_emulator),
    assigned(
        "azure-storage-key",
        "key of a storage account",
        "learn.microsoft.com/purview, Azure storage account key (generic), read 22 Nov 2026",
        &[
            "storage_key",
            "account_key",
            "storage_account",
            "azure_storage",
        ],
        "[A-Za-z0-9+/]{86}==",
        &[
            example!(
                "AZURE_STORAGE_KEY="
                [
                    "cYXdyuglzMCsin57vD4I4IP3XnYmrIDLyFsRhl03SUSD",
                    "3TN+RH1tNmsxBkixfneD+nPO3ZzxsMW1Ix9bz5LK0X==",
                ]
                ""
            ),
            example!(
                "\"storageAccountKey\": \""
                [
                    "1i1wqZ8e+IC31JD//DL8VmVz4UBD4D3lLpMSxRnjQCNi",
                    "Zm2SyBbhw8SHCvy8l+IYxb8oSjeWKo9XiTrpUkBbfY==",
                ]
                "\""
            ),
        ],
        &[
            "azure_storage_account: ledgerprod",
            concat!(
                "AZ",
                "URE_STORAGE_KEY=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVE",
                "rCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
            ),
        ],
    )
    .floor(4.0)
    .checked(harmless::is_not_of_an_emulator),
    assigned(
        "azure-cosmos-key",
        "key of a Cosmos DB account",
        "learn.microsoft.com/azure/cosmos-db, primary and secondary keys; not confirmed",
        &["cosmos", "documentdb"],
        "[A-Za-z0-9+/]{86}==",
        &[example!(
            "COSMOS_KEY="
            [
                "Y5hOFw1ETBlGhM0d718kOhe8dr6eJmzNzAobtDV/hfFy",
                "hC700l4lmNBrzsei9NANPBPBEW9Jwv/271eKWUUMwi==",
            ]
            ""
        )],
        &["COSMOS_DATABASE=ledger", "cosmos_key = \"<primary key>\""],
    )
    .floor(4.0)
    .checked(harmless::is_not_of_an_emulator),
    token_anywhere(
        "azure-shared-access-key",
        "key in a connection string of Event Hubs, Service Bus, IoT Hub",
        "learn.microsoft.com/azure/event-hubs, get a connection string; not confirmed",
        "(?i)SharedAccessKey=(?<secret>[A-Za-z0-9+/]{42,}={1,2})",
        &[example!(
            "Endpoint=sb://ledger.servicebus.windows.net/;SharedAccessKey="
            ["b7a+yZKchh0LOSOwxu3jD3", "FeCxX9ACuc+J+g7SDHydP="]
            ";EntityPath=in"
        )],
        &[
            "SharedAccessKey=<key>;EntityPath=in",
            concat!("Sh", "aredAccessKeyName=RootManageSharedAccessKey"),
        ],
    )
    .floor(3.5),
    token_anywhere(
        "azure-connection-access-key",
        "key in a connection string of SignalR, Web PubSub, Communication Services",
        "learn.microsoft.com/azure/azure-signalr, connection strings; not confirmed",
        "(?i);AccessKey=(?<secret>[A-Za-z0-9+/]{40,}={0,2})",
        &[example!(
            "Endpoint=https://ledger.service.signalr.net;AccessKey="
            ["w1YnkFgKirqaBjwa1RC7uM", "v2Mrd5EMdumjQ2L2CWBZB="]
            ";Version=1.0;"
        )],
        &[
            "Endpoint=https://ledger.service.signalr.net;AccessKey={key};Version=1.0;",
            ";AccessKey=short;",
        ],
    )
    .floor(3.5),
    token_anywhere(
        "azure-app-configuration-secret",
        "secret in a connection string of App Configuration",
        "learn.microsoft.com/azure/azure-app-configuration; not confirmed",
        ";Secret=(?<secret>[A-Za-z0-9+/]{40,}={0,2})",
        &[example!(
            "Endpoint=https://ledger.azconfig.io;Id=k9-l0-s0:Qm4/Wb7;Secret="
            ["SxqUYSD0F/exeUnSCUNxs2", "GZbra570bf4x16XzGeAph="]
            ""
        )],
        &[";Secret=<secret>", ";Secret=hunter2;"],
    )
    .floor(3.5),
    token(
        "azure-shared-access-signature",
        "signature of a shared access signature",
        "learn.microsoft.com/azure/storage, SAS overview; not confirmed",
        "sig=(?<secret>[A-Za-z0-9%+/]{43,}={0,2})",
        &[
            example!(
                "https://ledger.blob.core.windows.net/in?sv=2024-11-04&se=2026-12-01&sp=r&sig="
                ["y8prTwDNeAuAuFRxcNGp%2BX", "Gol5WlCIXpURiskBVU46W%3D"]
                ""
            ),
            example!("?sr=b&sig=" ["hr9BB2ModD1H4ve8FOow16", "DnZeMIh0uoP2qGN3IiWVL="] ""),
        ],
        &[
            "?sig=<signature>",
            concat!(
                "docs/?or",
                "ig=yeFWo5lEEWRlDH4VdGPc1GOaApy1pRXDYxij3h8nk5L%3D"
            ),
            concat!(
                "?si",
                "g=5c518569cb2e0fc1b0f62e3b5993aae7805475920f35122eeb74fc4837761b8f&t=1",
            ),
        ],
    )
    .floor(3.5)
    .checked(harmless::is_padded),
    assigned(
        "azure-client-secret",
        "secret of an Entra ID application",
        "learn.microsoft.com/entra, application credentials; not confirmed",
        &["secret"],
        "[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,}",
        &[
            example!("AZURE_CLIENT_SECRET=" ["5UU8Q~1LT1McTQWrFvzV", "BCaYceLk3xlgnNTnjQQY"] ""),
            example!("\"clientSecret\": \"" ["0iD8Q~vynLnpdCwDEh", "Y2xL3BNX4DPB3hN37kj"] "\""),
        ],
        &[
            concat!(
                "AZURE_CLIENT_SECRET=xxx8Q~xx",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ),
            "client_secret = \"abc8Q~short\"",
        ],
    ),
    assigned(
        "azure-devops-token",
        "Azure DevOps personal access token",
        "learn.microsoft.com/purview, Azure DevOps personal access token, read 22 Nov 2026",
        &[
            "devops",
            "azdo",
            "ado_pat",
            "vsts",
            "access_token",
            "azure_pat",
        ],
        "[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}",
        &[
            example!(
                "AZURE_DEVOPS_EXT_PAT="
                [
                    "ktbjpSecoFVjlhYjXZiJ2UMOLX82TN5nuvpadItroO",
                    "Slky6KBJlLJQQJ99BKbl7cQLZScCIjngASAZDOATHs",
                ]
                ""
            ),
            example!(
                "\"personalAccessToken\": \""
                [
                    "5UFDZWoPH2HfqYQP3skAwMFvwti7Nlp0GrkGsJaNUO",
                    "fSEsZxsDOqmbIaXXhwh3qySq7RY0dJxHQpAZDOXbs0",
                ]
                "\""
            ),
        ],
        &[
            "AZURE_DEVOPS_EXT_PAT=$(System.AccessToken)",
            concat!(
                "access_token: xe",
                "BdIGW6eKTJcdzTkqpt63mJLSqpJc78SSizHQcBHMDoQ1Yt23LFUfggpZydAZDOTBBI",
            ),
        ],
    )
    .floor(3.5),
    assigned(
        "azure-devops-token-older",
        "Azure DevOps personal access token of before 2024",
        "learn.microsoft.com/azure/devops, use personal access tokens; not confirmed",
        &[
            "azure_devops",
            "devops_pat",
            "ado_pat",
            "vsts",
            "azdo",
            "personal_access_token",
        ],
        "[a-z2-7]{52}",
        &[
            example!(
                "AZURE_DEVOPS_EXT_PAT="
                ["y62djbyh3c226fle7xdlzf2tuq", "tnkxul5gsmvs3oavvl3tryptpn"]
                ""
            ),
            example!(
                "$personalAccessToken = \""
                ["3pkht7lu5e3pztyxi2gtam7iac", "ovhz5fjupvm4dykfu6br6fdywl"]
                "\""
            ),
        ],
        &[
            "azure_devops_org: https://dev.azure.com/ledger",
            concat!("VS", "TS_TOKEN=n5acvdnhj6q5koqoaxiu"),
        ],
    )
    .floor(3.8),
    assigned(
        "azure-resource-key",
        "key of an Azure AI, OpenAI, Search or Maps resource",
        "learn.microsoft.com/azure/ai-services, keys of 84 characters; not confirmed",
        &[
            "api_key",
            "openai_key",
            "access_key",
            "speech_key",
            "search_key",
            "subscription_key",
            "vision_key",
            "azure_key",
            "cognitive",
            "maps_key",
        ],
        "[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}",
        &[
            example!(
                "AZURE_OPENAI_API_KEY="
                [
                    "JWQQX9EtHcNHyzJz7uK1x5IjGFsf3BXeQwwYY8GzdA",
                    "DlYQH1PnKJJQQJ99BKeBmVZAeii98WwhL7Leyu6UX8",
                ]
                ""
            ),
            example!(
                "api-key: "
                [
                    "2NW7JtfFKhpb5st687NpwlUGcfQlwdVzoKnQ0bRUxz",
                    "HpzjYauf4TJQQJ99BLIh88T1m4blmEd6FiZv6UO6CG",
                ]
                ""
            ),
        ],
        &[
            "AZURE_OPENAI_API_KEY=<your-key>",
            concat!("api-key: p5", "jd7gfVDkgk3hlKPG0aJQQJ99pZ4LxY9154"),
        ],
    )
    .floor(3.5),
    assigned(
        "azure-resource-key-older",
        "key of an Azure AI resource of before 2024",
        "learn.microsoft.com/azure/ai-services, authenticate with a key; not confirmed",
        &[
            "azure_openai_api",
            "azure_openai_key",
            "aoai_key",
            "aoai_api",
            "cognitive_services_key",
            "ocp_apim",
            "speech_key",
            "translator_key",
            "vision_key",
            "azure_api_key",
        ],
        "[0-9a-f]{32}",
        &[
            example!("AZURE_OPENAI_API_KEY=" ["af97eab618acb8f4", "11167b90aaaefd20"] ""),
            example!("Ocp-Apim-Subscription-Key: " ["1ab97d7cd47ffcce", "000dcfa393b67e88"] ""),
        ],
        &[
            concat!("AZ", "URE_OPENAI_DEPLOYMENT=gpt-4o"),
            concat!("request_id: 83", "0133f3d19ab2e55023e4899392a44c"),
        ],
    )
    .floor(3.0),
    token(
        "azure-function-key",
        "key of an Azure function in its address",
        "learn.microsoft.com/azure/azure-functions, access keys; not confirmed",
        "code=(?<secret>[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==)",
        &[example!(
            "https://ledger.azurewebsites.net/api/in?code="
            ["ZEEHT9nehnDMuWx4KA5fvRGc9bKz", "iV-t2hlN9ChFcBIbAzFuPDAjyg=="]
            ""
        )],
        &[
            "?code=JyVfuBMIQ0EPY65JfEW6",
            concat!(
                "en",
                "code=NxZTlhQZljfdoQFz5b_32lJ7kLyagdx8zGojdz34TDUzAzFucHXFQQ=="
            ),
        ],
    )
    .floor(3.5),
    assigned(
        "azure-registry-password",
        "password of an Azure container registry",
        "learn.microsoft.com/azure/container-registry, admin account; not confirmed",
        &["acr_pass", "registry_pass", "docker_pass"],
        r"[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9+/]{6}",
        &[example!(
            "ACR_PASSWORD="
            ["HwyyMyCCfT6aK7Bxjd0iT0Xx6C", "7ANKF40LGYQjIP3D+ACRX24vOW"]
            ""
        )],
        &[
            "ACR_PASSWORD=$(az acr credential show)",
            "acr_password: ledger+ACR",
        ],
    )
    .floor(3.5),
    assigned(
        "azure-search-key",
        "admin or query key of Azure AI Search",
        "learn.microsoft.com/azure/search, connect with keys; not confirmed",
        &[
            "search_key",
            "search_api_key",
            "search_admin_key",
            "search_query_key",
            "admin_key",
            "query_key",
        ],
        "[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}",
        &[example!(
            "AZURE_SEARCH_KEY="
            ["XCdzfvhNT2qfcd8LcdUPAW2KAr", "1AAAi4XiATO4k6lrAzSeB2WBcE"]
            ""
        )],
        &[
            concat!("AZ", "URE_SEARCH_INDEX=documents"),
            "search_key: AzSeBrief",
        ],
    )
    .floor(3.5),
    assigned(
        "azure-redis-key",
        "key of an Azure cache for Redis",
        "learn.microsoft.com/azure/azure-cache-for-redis; not confirmed",
        &["password", "redis_key", "cache_key", "redis_access"],
        "[A-Za-z0-9]{33}AzCa[A-P][A-Za-z0-9]{5}=",
        &[
            example!("REDIS_PASSWORD=" ["BgXIoae8meqgzgZn6uST75", "ckIw0AMbqLwAzCaF9shwV="] ""),
            example!(
                "ledger.redis.cache.windows.net:6380,password="
                ["suQRn73fEozImgsz7691Ct", "xfPWtaeE6uLAzCaDHUa9l="]
                ",ssl=True"
            ),
        ],
        &[
            "redis_host = ledger.redis.cache.windows.net",
            "REDIS_PASSWORD=AzCaDemo=",
        ],
    )
    .floor(3.5),
    token_anywhere(
        "azure-publish-password",
        "password in a publish profile of App Service",
        "learn.microsoft.com/azure/app-service, publish profile; not confirmed",
        r#"userPWD="(?<secret>[A-Za-z0-9]{60})""#,
        &[example!(
            "<publishProfile publishMethod=\"MSDeploy\" userPWD=\""
            ["amWavkJRmQVtPAHMtVPVtq3b2jVePS", "iuxvrtJaK6ALNLojS5SL9zwJ9bWDVw"]
            "\" />"
        )],
        &["userPWD=\"[removed]\"", "userPWD=\"$(password)\""],
    )
    .floor(3.5),
];
