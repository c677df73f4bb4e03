//! Other clouds, by region and size.

use crate::table::credentials::rows::{assigned, example, token, token_anywhere, uuid};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    token(
        "alibaba-access-key-id",
        "Alibaba Cloud AccessKey id",
        "help.aliyun.com, AccessKey pair; not confirmed",
        "LTAI[0-9A-Za-z]{12,}",
        &[
            example!["LT", "AI5trbPPG6FPhv3PplAfbh"],
            example!["LT", "AIIwiJfESvOa61"],
        ],
        &["LTAI_ACCESS_KEY", "LTAIshort", "xLTAI5t4q29ECd40JmkfddDo4"],
    )
    .floor(2.8),
    assigned(
        "alibaba-access-key-secret",
        "Alibaba Cloud AccessKey secret",
        "help.aliyun.com, AccessKey pair; not confirmed",
        &[
            "access_key_secret",
            "aliyun_secret",
            "alibaba_secret",
            "aliyun_access_key",
            "oss_secret",
        ],
        "[0-9A-Za-z]{30}",
        &[
            example!("ALIBABA_CLOUD_ACCESS_KEY_SECRET=" ["zC9BqCHNWFXMr7F", "8nJKw9aW0AmZPQZ"] ""),
            example!("accessKeySecret: \"" ["B0P17dfUGYEThfp", "jj7vV3u8YeExMut"] "\""),
        ],
        &[
            concat!("AL", "IBABA_CLOUD_ACCESS_KEY_SECRET=<secret>"),
            "aliyun_region: cn-hangzhou",
        ],
    )
    .floor(3.5),
    token(
        "alibaba-sts-key-id",
        "Alibaba Cloud key id of a session",
        "help.aliyun.com, AssumeRole; not confirmed",
        r"STS\.N[0-9A-Za-z]{20,}",
        &[example!["ST", "S.NUF7E9alRs3b9VcosFvDW4y4i"]],
        &["STS.NotSupported", "AWSSTS.NMN5MY9hDbvrvw9iVwQHJTb2"],
    )
    .floor(3.0),
    token(
        "tencent-secret-id",
        "Tencent Cloud SecretId",
        "cloud.tencent.com, CAM API keys; not confirmed",
        "AKID[0-9A-Za-z]{32,}",
        &[example!["AK", "IDCcUsE4MWSlIXVk9AtdAMY4nCweC39Lvu"]],
        &[
            "AKID_PREFIX",
            "AKID3X5vcL8eW2hm",
            concat!("XA", "KID98BsLGyuqZ6ahEIhb2kdYCPUuGYjx4Hl"),
        ],
    )
    .floor(3.0),
    assigned(
        "tencent-secret-key",
        "Tencent Cloud SecretKey",
        "cloud.tencent.com, CAM API keys; not confirmed",
        &[
            "tencentcloud_secret",
            "tencent_secret",
            "qcloud_secret",
            "cos_secret",
        ],
        "[0-9A-Za-z]{32}",
        &[example!("TENCENTCLOUD_SECRET_KEY=" ["8gWI8s0q1ePiQEie", "akmdBZ5mcEG6V57d"] "")],
        &[
            concat!("TE", "NCENTCLOUD_REGION=ap-guangzhou"),
            concat!("TE", "NCENTCLOUD_SECRET_KEY=your_secret_key"),
        ],
    )
    .floor(3.8),
    assigned(
        "huawei-secret-key",
        "Huawei Cloud secret access key",
        "support.huaweicloud.com, access keys; not confirmed",
        &[
            "huaweicloud_secret",
            "huawei_secret",
            "hw_secret",
            "huaweicloud_sk",
        ],
        "[0-9A-Za-z]{40}",
        &[example!("HW_SECRET_KEY=\"" ["4IWuehEUnfS2Ek5MJ4hG", "UuqGS8Yt6h7FzQlFpm1v"] "\"")],
        &[
            concat!("HU", "AWEICLOUD_REGION=eu-west-101"),
            "HW_SECRET_KEY=secret",
        ],
    )
    .floor(3.8),
    token(
        "volcengine-access-key-id",
        "Volcengine access key id",
        "volcengine.com/docs, access keys; not confirmed",
        "AKLT[0-9A-Za-z_-]{40,}",
        &[example![
            "AK",
            "LTlvKwgT6A77Fost4y9RFWZoHjscPM6XFBtGI774LmIBN"
        ]],
        &["AKLT_KEY", "AKLToP40ytZn6rOZ"],
    )
    .floor(3.0),
    assigned(
        "volcengine-secret-key",
        "Volcengine secret access key",
        "volcengine.com/docs, access keys; not confirmed",
        &["volc_secret", "volcengine_secret", "volc_sk"],
        "[0-9A-Za-z+/]{54,}={1,2}",
        &[example!(
            "VOLC_SECRETKEY="
            ["wkD/eIQzOzhbH3UbqL+fwXt3VEtugc", "r/ygkHd86uT9Rrvbj9UPafRf/xcf=="]
            ""
        )],
        &["VOLC_REGION=cn-beijing", "VOLC_SECRETKEY=secret=="],
    )
    .floor(3.5),
    token(
        "baidu-access-key-id",
        "Baidu AI Cloud access key id",
        "cloud.baidu.com/doc, access keys; not confirmed",
        "ALTAK[0-9A-Za-z]{21}",
        &[example!["AL", "TAK95qHPo4AgxrXsPkEvAB5d"]],
        &["ALTAK_ID", "SALTAKjOMbcV76jRQXIns802O2z"],
    )
    .floor(3.0),
    token_anywhere(
        "baidu-api-key",
        "Baidu AI Cloud API key",
        "cloud.baidu.com/doc, API keys; not confirmed",
        "bce-v3/ALTAK-[0-9A-Za-z]{21}/[0-9a-f]{34,}",
        &[example![
            "bc",
            "e-v3/ALTAK-k26uOT039oRH5ufvJiBJT/dd2d9e0707b6afcdc68255d2484b255e19b3c",
            "92e",
        ]],
        &[
            "bce-v3/ALTAK-id/secret",
            concat!("bc", "e-v3/ALTAK-XASMIPF9gOBXMl9FM0Oeu/"),
        ],
    )
    .floor(3.0),
    token(
        "yandex-api-key",
        "Yandex Cloud API key",
        "gitlab.com/gitlab-org/gitlab issue 353039, patterns from Yandex, read 22 Nov 2026",
        "AQVN[0-9A-Za-z_-]{35,}",
        &[example!["AQ", "VNgx8qc3ogzsnOeAI6LU8Kc7Om9FLpGIpPBMyW"]],
        &["AQVN...", "AQVN3oO5T4uXcI"],
    )
    .floor(3.0),
    token(
        "yandex-iam-token",
        "Yandex Cloud IAM token",
        "gitlab.com/gitlab-org/gitlab issue 353039, patterns from Yandex, read 22 Nov 2026",
        r"t1\.[0-9A-Za-z_-]{20,}={0,2}\.[0-9A-Za-z_-]{86}={0,2}",
        &[example![
            "t1",
            ".zDOK_HDaXqtDtsO_bgTDsVqVr-zh2pp-dxJl56LoxTP1XPpzEdL3uGBlmzORvi0RsgpFc",
            "fgsOuIaP1-8BmlUo0sJ6-1Zb8JFfKAlxKNsYX8IJdN-hihLB1rW.SaZug0iLynqn3FpadU",
            "0x-AonHRoLMAvTl_qi29TBif7PIgkmffY1YyCJpLH6p4sLxv49fWHpu9FmuxJrQWYUuv==",
        ]],
        &[
            "t1.micro and t1.small",
            "t1.BhCmxAfOcR4l7xL36FWN.4KnCmJxjRzvUJAhLiK42",
        ],
    )
    .floor(3.5),
    token(
        "yandex-iam-cookie",
        "Yandex Cloud IAM cookie",
        "gitlab.com/gitlab-org/gitlab issue 353039, patterns from Yandex, read 22 Nov 2026",
        r"c1\.[0-9A-Za-z_-]{20,}={0,2}\.[0-9A-Za-z_-]{86}={0,2}",
        &[example![
            "c1",
            ".AwCIkIW35ITUkNkTuarqUqGdMbUVyPvfaMJFj7YkALzqUYCUJZLeRRc2TQpNPtF58zm9E",
            "56CdD-06mel==.7txMQgL7-XD6XWoLJN8q3jdYc5n7ec2DwvU_GVydt2MvOe2QSAiaQOme",
            "lnQboMeRWO5VzvnBgQaNmHLKbqII7j==",
        ]],
        &["c1.xlarge", "c1.pyhrG7S1QnXFOutnuYmi.RF9qhRq0CsehiYMaRVRZ"],
    )
    .floor(3.5),
    token(
        "yandex-oauth-token",
        "Yandex OAuth token",
        "yandex.cloud/docs/iam, OAuth token; not confirmed",
        "y0_[0-9A-Za-z_-]{50,}",
        &[example![
            "y0",
            "_AgAAAAF5XdQpkcAlu31pbRxv70LZC0hargXYzp50StMrh49Cs64NMGZr"
        ]],
        &["y0_min = 3", "y0_JyCI3sC96Yy9"],
    )
    .floor(3.0),
    assigned(
        "yandex-static-key",
        "Yandex Cloud static secret key",
        "yandex.cloud/docs/iam, static access keys; not confirmed",
        &["yandex", "yc_secret", "secret_key", "secret_access"],
        "YC[0-9A-Za-z_-]{38}",
        &[example!("YC_SECRET_KEY=" ["YC6Iqa0sDLu6XZcMclws", "9xVTFD35Vei9GCWPjVPw"] "")],
        &[
            concat!("YC", "_FOLDER_ID=b1germyoso46mzdgbmch"),
            "secret_key: YCshort",
        ],
    )
    .floor(3.5),
    assigned(
        "ibm-cloud-api-key",
        "IBM Cloud API key",
        "cloud.ibm.com/docs, managing user API keys; not confirmed",
        &[
            "ibmcloud_api",
            "ibm_cloud_api",
            "ibm_api",
            "ic_api_key",
            "bluemix_api",
            "watson_api",
            "watsonx_api",
        ],
        "[0-9A-Za-z_-]{44}",
        &[
            example!("IBMCLOUD_API_KEY=" ["1QjBydR5ZFPrwfDeJbS7Rf", "sgoYY6cANn07lE7qOJDkJO"] ""),
            example!(
                "\"watsonx_apikey\": \""
                ["eTReVz6O7LCg1SQkQGY7oM", "WsuQSh-XGBGo2PvLnWhzbi"]
                "\""
            ),
        ],
        &["IBMCLOUD_REGION=eu-de", "IC_API_KEY=changeme"],
    )
    .floor(3.8),
    assigned(
        "oracle-customer-secret-key",
        "Oracle Cloud customer secret key",
        "docs.oracle.com, managing user credentials; not confirmed",
        &["oci_secret", "customer_secret_key", "oracle_secret"],
        "[0-9A-Za-z+/]{43}=",
        &[example!("OCI_SECRET_KEY=" ["mNA7kca5E6exHRFje3xm6c", "/GGAmLfhxKEVaKItUnJU4="] "")],
        &[
            "OCI_SECRET_OCID=ocid1.vaultsecret.oc1",
            "oci_secret_key = \"...\"",
        ],
    )
    .floor(3.5),
    token(
        "scaleway-access-key",
        "Scaleway access key",
        "scaleway.com/docs, API keys; not confirmed",
        "SCW[0-9A-Z]{17}",
        &[example!["SC", "W9YAWTLKGUJS5VQY60"]],
        &[
            "SCW_DEFAULT_REGION",
            "SCW3T5UPGD8YB",
            "ASCWHR5DHZC4PHWZNIP0E",
        ],
    )
    .floor(2.8),
    assigned(
        "scaleway-secret-key",
        "Scaleway secret key",
        "scaleway.com/docs, API keys; not confirmed",
        &[
            "scw_secret",
            "scaleway_secret",
            "scaleway_api",
            "scaleway_key",
            "scaleway_token",
            "x_auth_token",
        ],
        uuid!(),
        &[example!("SCW_SECRET_KEY=" ["55946a20-5dbf-5453", "-2795-92344d301db9"] "")],
        &[
            concat!(
                "SC",
                "W_DEFAULT_PROJECT_ID=ec798c67-fc93-51df-3492-864af7c52fff"
            ),
            concat!("SC", "W_SECRET_KEY=11111111-1111-1111-1111-111111111111"),
            concat!(
                "SC",
                "ALEWAY_PROJECT_ID=7b1f0c2e-94d3-4a6b-8e15-c0d92f7a3b64"
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "hetzner-api-token",
        "Hetzner Cloud API token",
        "docs.hetzner.cloud, authentication; not confirmed",
        &[
            "hcloud_token",
            "hetzner_token",
            "hetzner_api",
            "hetzner_cloud_token",
        ],
        "[0-9A-Za-z]{64}",
        &[example!(
            "HCLOUD_TOKEN="
            ["JDK7BzsWdQAXjoXbRqlpQY6ySDmmkJiw", "axSNSu0aI7YBFnLQrOC3d2rmCZ5yIzfT"]
            ""
        )],
        &["HCLOUD_CONTEXT=ledger", "HCLOUD_TOKEN=<token>"],
    )
    .floor(4.0),
    assigned(
        "linode-token",
        "Linode personal access token",
        "techdocs.akamai.com/linode-api, personal access tokens; not confirmed",
        &["linode_token", "linode_cli_token", "linode_api"],
        "[0-9a-f]{64}",
        &[example!(
            "LINODE_CLI_TOKEN="
            ["6a5ece9868e4ab00c099d78fd6d1b34b", "9f49d91c5748966e91d6239f3e7864c5"]
            ""
        )],
        &[
            "LINODE_REGION=eu-central",
            "linode_image_digest=sha256",
            concat!(
                "LI",
                "NODE_IMAGE_DIGEST=9d4e7a01c3b85f26e0917d4c8ba3f2560e7b91d84cfa2365b07e",
                "18d9c4f3a652",
            ),
        ],
    )
    .floor(3.0),
    assigned(
        "vultr-api-key",
        "Vultr API key",
        "vultr.com/api, authentication; not confirmed",
        &["vultr_api", "vultr_key"],
        "[0-9A-Z]{36}",
        &[example!("VULTR_API_KEY=" ["1YSECFW38U92T5M6C7", "FBB0XJ4D9AO9P8C0ZL"] "")],
        &["VULTR_REGION=ams", "VULTR_API_KEY=YOUR_KEY"],
    )
    .floor(3.5),
    assigned(
        "ovh-secret",
        "OVHcloud application secret or consumer key",
        "help.ovhcloud.com, first steps with the API; not confirmed",
        &["ovh_application_secret", "ovh_consumer_key", "ovh_secret"],
        "[0-9a-zA-Z]{32}",
        &[
            example!("OVH_APPLICATION_SECRET=" ["ofUJt5KZINl1b0ZE", "ivVwkirfqs3r9JLk"] ""),
            example!("OVH_CONSUMER_KEY=" ["4897e5aea0998710", "7efb13e075db2043"] ""),
        ],
        &["OVH_ENDPOINT=ovh-eu", "OVH_CONSUMER_KEY=key"],
    )
    .floor(3.0),
    token(
        "exoscale-api-key",
        "Exoscale API key",
        "community.exoscale.com, API keys; not confirmed",
        "EXO[0-9a-f]{24}",
        &[example!["EX", "O4a16ce8b70c60a1058f2edad"]],
        &["EXO_KEY", "EXOdus", "EXO848b8aad2c"],
    )
    .floor(2.8),
    assigned(
        "exoscale-api-secret",
        "Exoscale API secret",
        "community.exoscale.com, API keys; not confirmed",
        &["exoscale_api_secret", "exoscale_secret"],
        "[0-9A-Za-z_-]{43}",
        &[example!(
            "EXOSCALE_API_SECRET="
            ["rp4zmpgTUOFlNOQhsk2JC", "QIqZ-A3fkI6kGFKSWy2x50"]
            ""
        )],
        &["EXOSCALE_ZONE=ch-gva-2", "EXOSCALE_API_SECRET=secret"],
    )
    .floor(3.8),
    token(
        "upcloud-api-token",
        "UpCloud API token",
        "developers.upcloud.com, authentication; not confirmed",
        "ucat_[0-9A-Za-z]{22,}",
        &[example!["uc", "at_3YSYUTF171ZHDPN7EJ755BJRFP"]],
        &[
            "ucat_token",
            "ucat_HW0WR4IW",
            concat!("du", "cat_LRCQ910BUJ4609B0EHVP1E4RPO"),
        ],
    )
    .floor(3.0),
    token(
        "scalingo-api-token",
        "Scalingo API token",
        "developers.scalingo.com, authentication; not confirmed",
        "tk-us-[0-9A-Za-z_-]{48,}",
        &[example![
            "tk",
            "-us-7dH8d4iKols_qPQFmxkYQ8oVLYfCgN0gbxJ67bdbOAd8FaB7"
        ]],
        &["tk-us-token", "tk-us-1lTpjKBC"],
    )
    .floor(3.0),
];
