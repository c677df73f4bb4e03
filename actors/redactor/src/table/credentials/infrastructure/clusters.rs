//! Clusters, containers, infrastructure as code.

use crate::table::credentials::harmless;
use crate::table::credentials::rows::{assigned, example, token, token_anywhere};
use crate::table::row::Rule;

pub(crate) const RULES: &[Rule] = &[
    assigned(
        "kubernetes-bootstrap-token",
        "Kubernetes bootstrap token",
        "kubernetes.io, authenticating with bootstrap tokens, read 22 Nov 2026",
        &["token"],
        r"[0-9a-z]{6}\.[0-9a-z]{16}",
        &[
            example!("kubeadm join 10.0.0.2:6443 --token " ["lsnpxs.z3sj", "flu53f3s2kkc"] ""),
            example!("token: \"" ["uif3h0.6qx3", "9h5n284qhhg0"] "\""),
        ],
        &[
            "--token abcdef.0123456789abcdef",
            "token: module.functionnamehere",
        ],
    )
    .floor(3.0)
    .checked(harmless::is_mixed),
    assigned(
        "kubernetes-client-key",
        "client key in a kubeconfig",
        "kubernetes.io, kubeconfig files; not confirmed",
        &["client_key_data"],
        "LS0tLS1CRUdJTi[0-9A-Za-z+/]{100,}={0,2}",
        &[example!(
            "client-key-data: "
            [
                "LS0tLS1CRUdJTivcVwM51BIcHqwrbj9yTt67LXjeUA8MPV1F0a0TVyCS6oK6mnbvzgaaMd",
                "MOm7vzlRWSCV+MsjYc2wxdzJZDvR7DgVe99GC7EWhY6GEra4x4mLy+cu5X0C7j2zseI/al",
                "Dqbvyh/OtHvqvLfjP9",
                "42MWWVdYpVnExlistn7zWEIiLc4in+/UUX5d2jOu8P1GcvW7aRuGuI4TXHj2aF1kiXvyk9",
                "d5RTtZOM8Wj3VEx0YddmHwMq0f3z4+JE6eFxb86sdIBiMrvuha8J/hSfs7wzwHNSRiijkW",
                "kHhSMEnlIUQ7uk5z==",
            ]
            ""
        )],
        &[
            "client-key-data: <base64>",
            concat!(
                "certificate-authority-data: LS",
                "0tLS1CRUdJTibD78iDTb2FW4QO/1DUk2zakFYSC6+7qb55eb7u6+J7hFYAn/yvqyB1g7ws",
                "LO2k8Foi9OYOMEz7mbNBO8Cl8VHO2G3xNFYwevHTNITTuYKuutkCpi+RzmM+Tk",
            ),
        ],
    )
    .floor(3.5),
    token_anywhere(
        "openshift-token",
        "OpenShift OAuth token",
        "docs.openshift.com, OAuth access tokens; not confirmed",
        "sha256~[0-9A-Za-z_-]{36,}",
        &[example!(
            "oc login --token="
            ["sh", "a256~6PDgHC8FC_EDGWwVshXwYyUHsFoTq8No9xSR7YtPqfp"]
            ""
        )],
        &[
            "sha256~token",
            concat!(
                "sha256:48",
                "0259f2c9363a347b2b7b28e637a4e5e93efef123b3a2fbcb2c84feddb44604"
            ),
        ],
    )
    .floor(3.5),
    token(
        "rancher-token",
        "Rancher API token",
        "ranchermanager.docs.rancher.com, API keys; not confirmed",
        "token-[0-9a-z]{5}:[0-9a-z]{45,}",
        &[example![
            "to",
            "ken-ibjfr:td8srnjlt7tpxtbqv4lntq7k7ksaosatuphmrp916dvw6qlomprmab"
        ]],
        &["token-based:authentication", "token-c1o8h:qpr0oxtfovrk"],
    )
    .floor(3.5),
    token_anywhere(
        "docker-swarm-join-token",
        "Docker Swarm join token",
        "docs.docker.com, join nodes to a swarm, read 22 Nov 2026",
        "SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{21,}",
        &[example!(
            "docker swarm join --token "
            [
                "SW",
                "MTKN-1-t96fi3czsfa35nqeeurwrqvtner6l8ihj62jzagp02wyngxgcw-7hxg52efxorq",
                "61m5tpi4dyxw1",
            ]
            " 10.0.0.2:2377"
        )],
        &["SWMTKN-1-<token>", "SWMTKN-1-d9bqzudeofp4"],
    )
    .floor(3.5),
    token(
        "k3s-token",
        "K3s cluster token",
        "docs.k3s.io, k3s token, read 22 Nov 2026",
        "K10[0-9a-f]{64}::[a-z]+:[0-9A-Za-z.]{16,}",
        &[example!(
            "K3S_TOKEN="
            [
                "K1",
                "0d294519a4a5e1681368d22b54db8130df348d54dac41217772673958275fe6e7::ser",
                "ver:26f83b96b59f61bf80365a669aef4840",
            ]
            ""
        )],
        &[
            "K10::server:token",
            concat!(
                "K1",
                "07aea36b1d3e42c0cc48625a847b1ce88f4ddbece53883e411ec8f5367485935c"
            ),
        ],
    )
    .floor(3.5),
    token(
        "portainer-token",
        "Portainer access token",
        "docs.portainer.io, API access; not confirmed",
        "ptr_[0-9A-Za-z+/]{43}=",
        &[example!("X-API-Key: " ["pt", "r_4O/uNVq9f2XRxbNjRN7fyBZIc4VD83ZFC2k03GdDHPK="] "")],
        &[
            concat!("pt", "r_to_the_first_element_of_the_longest_list="),
            "ptr_DzSUIIup7Fh3=",
        ],
    )
    .floor(3.9),
    token_anywhere(
        "terraform-token",
        "Terraform Cloud or Vagrant Cloud token, second part",
        "developer.hashicorp.com/terraform, API tokens; not confirmed",
        r"\.atlasv1\.(?<secret>[0-9A-Za-z_=-]{60,})",
        &[example!(
            "Kq7vZt2mXw9LbR.atlasv1."
            ["wjYY31-z5RjgI9qkXTzTLiR1BQjupe5Vl", "ZNyX4lpAuIt_Xl1XsFJU3NWwAFk2_6l3SZ"]
            ""
        )],
        &["credentials.atlasv1.token", ".atlasv1.Vd8cBeA3hQcP"],
    )
    .floor(3.5),
    assigned(
        "terraform-whole-token",
        "Terraform Cloud or Vagrant Cloud token",
        "developer.hashicorp.com/terraform, API tokens; not confirmed",
        &["token", "terraform", "vagrant_cloud"],
        r"[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=-]{60,}",
        &[
            example!(
                "TFE_TOKEN="
                [
                    "d6C1cQvmWupDUx.atlasv1.Zyf634dwWjxPr3sNj8MsyJ",
                    "tjzP2dFkswiED_okA1eEGeL5HLKmWmOJYW8Ay2FEImonY",
                ]
                ""
            ),
            example!(
                "token = \""
                [
                    "eaaTmBt4s9g6bz.atlasv1.riXiW-kfpd1dEkc7QYpILg",
                    "5oTtWeNdDvCoIg8fVizkvbTIosYfuzRZUPFvvrbXdbnKX",
                ]
                "\""
            ),
        ],
        &[
            concat!(
                "TFE_TOKEN=xxxxxxxxxxxxxx.atlasv1.xx",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
            "token = \"app.atlasv1.token\"",
        ],
    )
    .floor(3.5),
    token(
        "pulumi-token",
        "Pulumi access token",
        "pulumi.com/docs, access tokens; not confirmed",
        "pul-[0-9a-f]{34,}",
        &[example!["pu", "l-a85ce35fe4c6dec157946600769621f242fa6b0e"]],
        &[
            "pul-token",
            "pul-ceae596f1dac",
            concat!("pu", "pul-786181cfaa96ca9aa1ae0e0a6f22a592b1c35dbb"),
        ],
    )
    .floor(3.0),
];
