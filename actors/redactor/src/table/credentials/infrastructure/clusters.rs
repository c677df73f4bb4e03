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
            example!("kubeadm join 10.0.0.2:6443 --token " ["s672lg.ykvp", "5fnjfwv6lpu5"] ""),
            example!("token: \"" ["v4ps4g.3qv8", "j5dq24jg6diy"] "\""),
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
                "LS0tLS1CRUdJTiEEDLp9KwbXIvZ5Yi5hDLvRmgaMvyaWvPZR+TQU/IbKRc8CL019nDQgkc",
                "e/22DtEJaEYFxKAFULZ6LtkxP/7l7L4vvePrk6p0GU7o/B49Hppm0vcVwM51BIcHqwrbj9",
                "yTt67LXjeUA8MPV1F0",
                "a0TVyCS6oK6mnbvzgaaMdMOm7vzlRWSCV+MsjYc2wxdzJZDvR7DgVe99GC7EWhY6GEra4x",
                "4mLy+cu5X0C7j2zseI/alDqbvyh/OtHvqvLfjP942MWWVdYpVnExlistn7zWEIiLc4in+/",
                "UUX5d2jOu8P1GcvW==",
            ]
            ""
        )],
        &[
            "client-key-data: <base64>",
            concat!(
                "certificate-authority-data: LS",
                "0tLS1CRUdJTi7aRuGuI4TXHj2aF1kiXvyk9d5RTtZOM8Wj3VEx0YddmHwMq0f3z4+JE6eF",
                "xb86sdIBiMrvuha8J/hSfs7wzwHNSRiijkWkHhSMEnlIUQ7uk5zbD78iDTb2FW",
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
            ["sh", "a256~4QO_1DUk2zakFYSC6-7qb55eb7u6-J7hFYAn_yvqyB1"]
            ""
        )],
        &[
            "sha256~token",
            concat!(
                "sha256:1e",
                "549ad2f732faca976e3096af72fb8ad8d597c5158b98bb5c95542732fa639f"
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
            "ken-wf3uo:d9qo4po57poqylxjdyl69zmxqjphwi4th94lwv3zjuic6h6jqaflt9"
        ]],
        &["token-based:authentication", "token-5e9ys:g8m6huhipwew"],
    )
    .floor(3.5),
    token_anywhere(
        "docker-swarm-join-token",
        "Docker Swarm join token",
        "docs.docker.com, swarm mode; not confirmed",
        "SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{21,}",
        &[example!(
            "docker swarm join --token "
            [
                "SW",
                "MTKN-1-o9xer3n6goui2k3sh725275cehx6hu6e85xzxezqi530199wji-mb8iibjfrtd8",
                "srnjlt7tpxtbq",
            ]
            " 10.0.0.2:2377"
        )],
        &["SWMTKN-1-<token>", "SWMTKN-1-v4lntq7k7ksa"],
    )
    .floor(3.5),
    token(
        "k3s-token",
        "K3s cluster token",
        "docs.k3s.io, token; not confirmed",
        "K10[0-9a-f]{64}::[a-z]+:[0-9A-Za-z.]{16,}",
        &[example!(
            "K3S_TOKEN="
            [
                "K1",
                "07909a73687d1ab8576786001d73878d7b927a85924e1c920ef6822a8b88a9628::ser",
                "ver:5434e4c037debc63b31b3b3fe22b788d",
            ]
            ""
        )],
        &[
            "K10::server:token",
            concat!(
                "K1",
                "06f974f1cbbd108ca12727fd294519a4a5e1681368d22b54db8130df348d54dac"
            ),
        ],
    )
    .floor(3.5),
    token(
        "portainer-token",
        "Portainer access token",
        "docs.portainer.io, API access; not confirmed",
        "ptr_[0-9A-Za-z+/]{43}=",
        &[example!("X-API-Key: " ["pt", "r_sgieDCEkyDoMuIjDv86y7FlB/GnVKySvL+AhU8Hdpyw="] "")],
        &[
            concat!("pt", "r_to_the_first_element_of_the_longest_list="),
            "ptr_v70KmnQWs1SP=",
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
            ["O49sIsdDQ7RmyVf0n6tkZbYWtJAjxOHtF", "UhX5HG_s20U5W7voJHp7rfe7XI9wozFrHx"]
            ""
        )],
        &["credentials.atlasv1.token", ".atlasv1.MtTHh6lU44yL"],
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
                    "CuGSGFktx5TiZE.atlasv1.f2XRxbNjRN7fyBZIc4VD83",
                    "ZFC2k03GdDHPK6YOF_owjYY31-z5RjgI9qkXTzTLiR1BQ",
                ]
                ""
            ),
            example!(
                "token = \""
                [
                    "PVek9PNhL7NRT5.atlasv1.e5VlZNyX4lpAuIt_Xl1XsF",
                    "JU3NWwAFk2_6l3SZge2j0oeyQKHQQD7pXMoh5fQzOE6UZ",
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
        &[example!["pu", "l-61ede05c25a4d492f9468426ad07245277f326d1"]],
        &[
            "pul-token",
            "pul-7819e8993c3a",
            concat!("pu", "pul-8ccf66d778333c2006d9930c42c2cf2130d0720e"),
        ],
    )
    .floor(3.0),
];
