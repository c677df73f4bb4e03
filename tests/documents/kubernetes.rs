//! `kubernetes.yaml`: each manifest by its kind and name, and the configuration in it.

use nenya::config::{Environment, Loaded, from_text};

use crate::tree;

const FILE: &str = "deploy/kubernetes.yaml";

/// One manifest without comments.
fn manifest(kind: &str, name: &str) -> String {
    let text = tree::read(FILE);
    let without = |part: &str| {
        let lines = part
            .lines()
            .filter(|line| !line.trim_start().starts_with("# "));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let mut found = text.split("\n---\n").map(without).filter(|part| {
        part.contains(&format!("\nkind: {kind}\n")) && part.contains(&format!("\n  name: {name}\n"))
    });
    found
        .next()
        .unwrap_or_else(|| panic!("{FILE} has no {kind} `{name}`"))
}

fn deployment() -> String {
    manifest("Deployment", "nenya")
}

fn says(manifest: &str, line: &str) -> bool {
    manifest
        .lines()
        .any(|found| found.trim().trim_start_matches("- ") == line)
}

/// The text below `key: |`, without its indentation.
fn block(manifest: &str, key: &str) -> String {
    let mut lines = manifest
        .lines()
        .skip_while(|line| line.trim() != format!("{key}: |"));
    let depth = lines
        .next()
        .unwrap()
        .chars()
        .take_while(|c| *c == ' ')
        .count();
    let inside = lines.take_while(|line| line.chars().take_while(|c| *c == ' ').count() > depth);
    inside
        .map(|line| format!("{}\n", line.trim_start()))
        .collect()
}

fn configuration() -> Loaded {
    let text = block(&manifest("ConfigMap", "nenya-config"), "config.json");
    from_text("config.json", &text, &Environment::default()).unwrap()
}

#[test]
fn the_pod_fits_the_restricted_standard() {
    let deployment = deployment();
    for line in [
        "runAsNonRoot: true",
        "runAsUser: 65532",
        "runAsGroup: 65532",
        "seccompProfile: { type: RuntimeDefault }",
        "allowPrivilegeEscalation: false",
        "privileged: false",
        "readOnlyRootFilesystem: true",
        "capabilities: { drop: [\"ALL\"] }",
        "automountServiceAccountToken: false",
    ] {
        assert!(says(&deployment, line), "{line}");
    }
    for wrong in [
        "hostNetwork",
        "hostPID",
        "hostIPC",
        "hostPath",
        "hostPort",
        "privileged: true",
        "Unconfined",
        "add:",
    ] {
        assert!(!deployment.contains(wrong), "{wrong}");
    }
}

#[test]
fn secrets_are_mounted_where_the_program_is_told_to_look_and_only_its_group_can_read_them() {
    let deployment = deployment();
    let place = vault::SourceSearch::default().run_secrets;
    let place = place.to_str().unwrap();
    assert!(deployment.contains(&format!(
        "- name: NENYA_SECRETS_DIR\n              value: {place}\n"
    )));
    assert!(says(
        &deployment,
        &format!("{{ name: secrets, mountPath: {place}, readOnly: true }}")
    ));
    assert!(says(
        &deployment,
        "secret: { secretName: nenya-secrets, defaultMode: 0440 }"
    ));
    assert!(says(&deployment, "fsGroup: 65532"));
}

#[test]
fn the_secret_has_no_token_that_somebody_could_forget_to_change() {
    let secret = manifest("Secret", "nenya-secrets");
    assert_eq!(
        block(&secret, "01-client.json"),
        "{\"client_token\": \"\"}\n"
    );
    assert_eq!(
        block(&secret, "02-providers.json"),
        "{\"provider_keys\": {}}\n"
    );
}

#[test]
fn the_configuration_in_the_map_loads_without_a_warning() {
    let loaded = configuration();
    assert_eq!(loaded.warnings, Vec::<String>::new());
    assert!(loaded.config.server.behind_proxy);
    assert!(says(
        &deployment(),
        "{ name: config, mountPath: /etc/nenya, readOnly: true }"
    ));
}

#[test]
fn ports_are_those_of_the_configuration() {
    let server = configuration().config.server;
    let public = server.listen_addr.socket_addr();
    let admin = server.admin_listen.unwrap().socket_addr();
    assert!(public.ip().is_unspecified() && admin.ip().is_unspecified());
    let deployment = deployment();
    assert!(says(
        &deployment,
        &format!("{{ name: http, containerPort: {} }}", public.port())
    ));
    assert!(says(
        &deployment,
        &format!("{{ name: admin, containerPort: {} }}", admin.port())
    ));
    let ingress = manifest("NetworkPolicy", "nenya-from-ingress");
    assert!(says(
        &ingress,
        &format!("{{ protocol: TCP, port: {} }}", public.port())
    ));
    let monitoring = manifest("NetworkPolicy", "nenya-from-monitoring");
    assert!(says(
        &monitoring,
        &format!("{{ protocol: TCP, port: {} }}", admin.port())
    ));
    assert!(
        !manifest("Service", "nenya").contains("admin"),
        "the admin port has no service"
    );
}

#[test]
fn all_three_probes_ask_a_route_that_is_open_on_the_admin_port() {
    let deployment = deployment();
    let probe = "httpGet: { path: /healthz, port: admin }";
    for name in ["startupProbe", "readinessProbe", "livenessProbe"] {
        assert!(
            deployment.contains(&format!("{name}:\n            {probe}\n")),
            "{name}"
        );
    }
    let routes = tree::rows(&tree::read("docs/routes.md"));
    let row = routes.iter().find(|row| row[0] == "`/healthz`").unwrap();
    assert_eq!(row[3], "open");
}

#[test]
fn everything_is_denied_before_anything_is_allowed() {
    let denied = manifest("NetworkPolicy", "nenya-default-deny");
    assert!(says(&denied, "policyTypes: [Ingress, Egress]"));
    assert!(!denied.contains("ingress:") && !denied.contains("egress:"));
}

#[test]
fn it_reaches_names_and_public_addresses_on_443_and_nothing_else() {
    let egress = manifest("NetworkPolicy", "nenya-to-providers");
    let ports: Vec<&str> = egress
        .lines()
        .filter(|line| line.contains("port:"))
        .map(str::trim)
        .collect();
    assert_eq!(
        ports,
        [
            "- { protocol: UDP, port: 53 }",
            "- { protocol: TCP, port: 53 }",
            "- { protocol: TCP, port: 443 }"
        ]
    );
    for private in [
        "169.254.0.0/16",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
        "fe80::/10",
    ] {
        assert!(egress.contains(private), "{private}");
    }
}

#[test]
fn every_policy_and_the_service_select_the_pods() {
    let label = "app.kubernetes.io/name: nenya";
    assert!(deployment().contains(&format!("labels: {{ {label} }}\n    spec:")));
    assert!(says(
        &manifest("Service", "nenya"),
        &format!("selector: {{ {label} }}")
    ));
    for policy in [
        "nenya-default-deny",
        "nenya-to-providers",
        "nenya-from-ingress",
        "nenya-from-monitoring",
    ] {
        let policy = manifest("NetworkPolicy", policy);
        assert!(policy.contains(&format!("podSelector:\n    matchLabels: {{ {label} }}\n")));
    }
}

#[test]
fn the_pod_is_given_longer_to_stop_than_the_gateway_takes() {
    let deployment = deployment();
    let grace = deployment
        .split("terminationGracePeriodSeconds: ")
        .nth(1)
        .unwrap();
    let grace: u64 = grace.lines().next().unwrap().parse().unwrap();
    assert!(
        grace
            > configuration()
                .config
                .server
                .shutdown_timeout
                .get()
                .as_secs()
    );
}
