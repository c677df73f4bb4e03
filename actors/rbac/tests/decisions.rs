//! The policy's decisions as tables: each role, each class of route, each method, both ways.
#![expect(
    clippy::unwrap_used,
    reason = "a test whose setting cannot be built has failed"
)]

use nenya_rbac::{
    Denial, DenialReason, EndpointProblem, Permit, Policy, RbacError, RoleName, RouteClass, Subject,
};
use proptest::prelude::*;

const NOW: u64 = 1_767_225_600;

fn subject(id: &str, roles: &[RoleName]) -> Subject {
    Subject {
        id: id.to_owned(),
        name: format!("name of {id}"),
        roles: roles.to_vec(),
        allowed_agents: Vec::new(),
        allowed_endpoints: Vec::new(),
        enabled: true,
        expires_at: None,
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn limited_to_agents(role: RoleName, agents: &[&str]) -> Subject {
    Subject {
        allowed_agents: strings(agents),
        ..subject("k", &[role])
    }
}

fn limited_to_endpoints(role: RoleName, endpoints: &[&str]) -> Subject {
    Subject {
        allowed_endpoints: strings(endpoints),
        ..subject("k", &[role])
    }
}

fn policy(subject: Subject) -> Policy {
    Policy::new(vec![subject]).unwrap()
}

fn entry(policy: &Policy, method: &str, path: &str, class: RouteClass) -> Option<DenialReason> {
    policy
        .enter("k", method, path, class, NOW)
        .err()
        .map(|denial| denial.reason)
}

fn served(policy: &Policy, class: RouteClass, model: &str) -> Result<Permit, Denial> {
    let route = policy.enter("k", "POST", "/v1/chat/completions", class, NOW)?;
    policy.use_model(route, model)
}

fn reason(served: Result<Permit, Denial>) -> Option<DenialReason> {
    served.err().map(|denial| denial.reason)
}

#[test]
fn each_role_may_use_exactly_its_routes_by_every_method() {
    use RoleName::{Admin, ReadOnly, User};
    use RouteClass::{Admin as Operator, Model, Proxy, Public};
    const LOOKING: &[&str] = &["GET", "HEAD"];
    const ALL: &[&str] = &[
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get", "QUERY",
    ];
    let table: [(&[RoleName], RouteClass, &[&str]); 24] = [
        (&[Admin], Public, ALL),
        (&[Admin], Model, ALL),
        (&[Admin], Proxy, ALL),
        (&[Admin], Operator, ALL),
        (&[User], Public, ALL),
        (&[User], Model, ALL),
        (&[User], Proxy, ALL),
        (&[User], Operator, &[]),
        (&[ReadOnly], Public, LOOKING),
        (&[ReadOnly], Model, &[]),
        (&[ReadOnly], Proxy, &[]),
        (&[ReadOnly], Operator, &[]),
        (&[User, ReadOnly], Public, LOOKING),
        (&[User, ReadOnly], Model, &[]),
        (&[User, ReadOnly], Proxy, &[]),
        (&[User, ReadOnly], Operator, &[]),
        (&[ReadOnly, Admin], Public, ALL),
        (&[ReadOnly, Admin], Model, ALL),
        (&[ReadOnly, Admin], Proxy, ALL),
        (&[ReadOnly, Admin], Operator, ALL),
        (&[User, User], Public, ALL),
        (&[User, User], Model, ALL),
        (&[User, User], Proxy, ALL),
        (&[User, User], Operator, &[]),
    ];
    for (roles, class, allowed) in table {
        let policy = policy(subject("k", roles));
        for method in ALL {
            let expected = (!allowed.contains(method)).then_some(DenialReason::Role);
            assert_eq!(
                entry(&policy, method, "/some/path", class),
                expected,
                "{roles:?} {class:?} {method}"
            );
        }
    }
}

#[test]
fn listed_endpoints_are_the_only_ones_and_overrule_read_only() {
    for role in [RoleName::User, RoleName::ReadOnly] {
        let policy = policy(limited_to_endpoints(
            role,
            &[
                "POST /v1/chat/completions",
                "GET /v1/files/{}",
                "ANY /x",
                "POST /proxy/openai/*",
            ],
        ));
        for class in [RouteClass::Public, RouteClass::Model, RouteClass::Proxy] {
            for (method, path) in [
                ("POST", "/v1/chat/completions"),
                ("GET", "/v1/files/abc"),
                ("POST", "/proxy/openai/v1/embeddings"),
            ] {
                assert_eq!(entry(&policy, method, path, class), None, "{role} {path}");
            }
            for (method, path) in [
                ("GET", "/v1/chat/completions"),
                ("GET", "/v1/models"),
                ("HEAD", "/v1/files/abc"),
                ("GET", "/v1/files/abc/content"),
                ("GET", "/x"),
                ("POST", "/v1/chat/completions/"),
                ("POST", "/v1//chat/completions"),
                ("POST", "/V1/chat/completions"),
                ("POST", "/proxy/openai"),
                ("POST", "/proxy/openai/../anthropic/v1/messages"),
                ("POST", "/proxy/openai/%2e%2e/anthropic/v1/messages"),
                ("POST", "/proxy/openai%2fx"),
            ] {
                let refused = Some(DenialReason::Endpoint);
                assert_eq!(
                    entry(&policy, method, path, class),
                    refused,
                    "{role} {method} {path}"
                );
            }
        }
    }
}

#[test]
fn wildcard_over_everything_does_not_open_the_operators_routes() {
    for role in [RoleName::User, RoleName::ReadOnly] {
        let policy = policy(limited_to_endpoints(role, &["GET /*", "GET /statsz"]));
        let refused = Some(DenialReason::Role);
        assert_eq!(entry(&policy, "GET", "/statsz", RouteClass::Admin), refused);
        assert_eq!(entry(&policy, "GET", "/anything", RouteClass::Public), None);
    }
}

#[test]
fn admin_is_bound_by_no_list() {
    let policy = policy(Subject {
        allowed_agents: strings(&["only"]),
        allowed_endpoints: strings(&["GET /v1/models"]),
        ..subject("k", &[RoleName::Admin])
    });
    for class in RouteClass::ALL {
        assert_eq!(entry(&policy, "DELETE", "/whatever/../else", class), None);
    }
    assert_eq!(reason(served(&policy, RouteClass::Model, "another")), None);
    assert_eq!(reason(served(&policy, RouteClass::Proxy, "another")), None);
}

#[test]
fn reasons_are_given_in_their_order() {
    let mut worst = Subject {
        roles: vec![RoleName::ReadOnly],
        allowed_agents: strings(&["mine"]),
        allowed_endpoints: strings(&["GET /v1/models"]),
        enabled: false,
        expires_at: Some(NOW),
        ..subject("k", &[])
    };
    let chat =
        |subject: &Subject| reason(served(&policy(subject.clone()), RouteClass::Model, "other"));
    assert_eq!(chat(&worst), Some(DenialReason::Disabled));
    worst.enabled = true;
    assert_eq!(chat(&worst), Some(DenialReason::Expired));
    worst.expires_at = None;
    assert_eq!(chat(&worst), Some(DenialReason::Endpoint));
    worst.allowed_endpoints.clear();
    assert_eq!(chat(&worst), Some(DenialReason::Role));
    worst.roles = vec![RoleName::User];
    assert_eq!(chat(&worst), Some(DenialReason::Agent));
    worst.allowed_agents = strings(&["other"]);
    assert_eq!(chat(&worst), None);
}

#[test]
fn disabled_and_expired_bind_admins_as_well() {
    let admin = subject("k", &[RoleName::Admin]);
    let disabled = policy(Subject {
        enabled: false,
        ..admin.clone()
    });
    let expired = policy(Subject {
        expires_at: Some(NOW),
        ..admin.clone()
    });
    let valid = policy(Subject {
        expires_at: Some(NOW + 1),
        ..admin
    });
    for class in RouteClass::ALL {
        assert_eq!(
            entry(&disabled, "GET", "/", class),
            Some(DenialReason::Disabled)
        );
        assert_eq!(
            entry(&expired, "GET", "/", class),
            Some(DenialReason::Expired)
        );
        assert_eq!(entry(&valid, "GET", "/", class), None);
    }
}

#[test]
fn unknown_key_may_do_nothing() {
    let policy = policy(subject("k", &[RoleName::Admin]));
    let denial = policy
        .enter("other", "GET", "/v1/models", RouteClass::Public, NOW)
        .unwrap_err();
    assert_eq!(denial.reason, DenialReason::Disabled);
    assert!(Policy::default().is_empty());
}

#[test]
fn key_limited_to_agents_may_use_those_and_nothing_like_them() {
    for role in [RoleName::User, RoleName::ReadOnly] {
        let mut limited = limited_to_agents(role, &["allowed"]);
        limited.allowed_endpoints = strings(&["POST /v1/chat/completions"]);
        let policy = policy(limited);
        for class in [RouteClass::Model, RouteClass::Proxy] {
            let permit = served(&policy, class, "allowed").unwrap();
            assert_eq!((permit.subject_id(), permit.model()), ("k", "allowed"));
            assert_eq!(permit.subject_name(), "name of k");
            for other in [
                "secret",
                "",
                "Allowed",
                "ALLOWED",
                " allowed",
                "allowed ",
                "allowed\0",
                "allowed/x",
                "x/allowed",
                "allowe",
                "allowedd",
                "*",
                "аllowed",
            ] {
                let refused = Some(DenialReason::Agent);
                assert_eq!(reason(served(&policy, class, other)), refused, "{other:?}");
            }
        }
    }
}

#[test]
fn raw_model_name_is_refused_unless_it_is_listed() {
    let policy = policy(limited_to_agents(
        RoleName::User,
        &["coder", "openai/gpt-x"],
    ));
    assert_eq!(
        reason(served(&policy, RouteClass::Model, "gpt-x")),
        Some(DenialReason::Agent)
    );
    assert_eq!(
        reason(served(&policy, RouteClass::Model, "openai/gpt-x")),
        None
    );
}

#[test]
fn listing_shows_a_limited_key_only_its_agents() {
    let policy = policy(limited_to_agents(RoleName::ReadOnly, &["mine"]));
    let route = policy
        .enter("k", "GET", "/v1/models", RouteClass::Public, NOW)
        .unwrap();
    assert!(policy.may_see(&route, "mine"));
    assert!(!policy.may_see(&route, "other"));
    assert!(!Policy::default().may_see(&route, "mine"));
}

#[test]
fn no_model_may_be_used_on_a_public_route() {
    let policy = policy(subject("k", &[RoleName::User]));
    for class in [RouteClass::Public, RouteClass::Admin] {
        let served = served(&policy, class, "any");
        assert_eq!(reason(served), Some(DenialReason::Role));
    }
}

#[test]
fn proxy_without_a_model_needs_leave_for_all_models() {
    let free = policy(subject("k", &[RoleName::User]));
    let route = free
        .enter("k", "GET", "/proxy/openai/v1/files", RouteClass::Proxy, NOW)
        .unwrap();
    assert!(route.covers_all_models());
    assert_eq!(free.use_no_model(route).unwrap().class(), RouteClass::Proxy);

    let limited = policy(limited_to_agents(RoleName::User, &["mine"]));
    let route = limited
        .enter("k", "GET", "/proxy/openai/v1/files", RouteClass::Proxy, NOW)
        .unwrap();
    assert!(!route.covers_all_models());
    assert_eq!(
        limited.use_no_model(route).unwrap_err().reason,
        DenialReason::Agent
    );
}

#[test]
fn read_only_key_reads_nothing_through_the_proxy() {
    let policy = policy(subject("k", &[RoleName::ReadOnly]));
    for method in ["GET", "HEAD"] {
        let refused = Some(DenialReason::Role);
        assert_eq!(
            entry(&policy, method, "/proxy/openai/v1/files", RouteClass::Proxy),
            refused
        );
    }
}

#[test]
fn model_is_judged_by_the_policy_in_force_when_it_is_used() {
    let before = policy(subject("k", &[RoleName::User]));
    let enter = || {
        before
            .enter("k", "POST", "/v1/chat/completions", RouteClass::Model, NOW)
            .unwrap()
    };
    let limited = policy(limited_to_agents(RoleName::User, &["mine"]));
    assert_eq!(
        limited.use_model(enter(), "other").unwrap_err().reason,
        DenialReason::Agent
    );
    let disabled = policy(Subject {
        enabled: false,
        ..subject("k", &[RoleName::User])
    });
    assert_eq!(
        disabled.use_model(enter(), "mine").unwrap_err().reason,
        DenialReason::Disabled
    );
    let gone = Policy::default().use_model(enter(), "mine").unwrap_err();
    assert_eq!(
        (gone.reason, gone.subject_name.as_str()),
        (DenialReason::Disabled, "name of k")
    );
    assert_eq!(
        Policy::default().use_no_model(enter()).unwrap_err().reason,
        DenialReason::Disabled
    );
}

#[test]
fn policy_that_would_not_do_what_it_says_is_refused() {
    let twice = Policy::new(vec![
        subject("k", &[RoleName::User]),
        subject("k", &[RoleName::Admin]),
    ]);
    assert_eq!(
        twice.unwrap_err(),
        RbacError::DuplicateSubject {
            subject: "k".to_owned()
        }
    );
    let nobody = Policy::new(vec![subject("k", &[])]);
    assert_eq!(
        nobody.unwrap_err(),
        RbacError::NoRole {
            subject: "k".to_owned()
        }
    );
    let bad = Policy::new(vec![limited_to_endpoints(
        RoleName::User,
        &["GET /v1/files*"],
    )]);
    let error = bad.unwrap_err();
    assert!(matches!(
        error,
        RbacError::BadEndpoint {
            problem: EndpointProblem::BadWildcard,
            ..
        }
    ));
    assert!(error.to_string().contains("`GET /v1/files*`"), "{error}");
}

#[test]
fn denial_names_the_key_and_nothing_of_the_request() {
    let policy = policy(limited_to_agents(RoleName::User, &["mine"]));
    let denial = served(&policy, RouteClass::Model, "marked-model").unwrap_err();
    assert_eq!(
        (denial.subject_id.as_str(), denial.subject_name.as_str()),
        ("k", "name of k")
    );
    assert!(!format!("{denial} {denial:?}").contains("marked-model"));
}

#[test]
fn labels_are_those_of_the_metric() {
    let labels = DenialReason::ALL.map(DenialReason::label);
    assert_eq!(labels, ["disabled", "expired", "endpoint", "role", "agent"]);
}

fn any_role() -> impl Strategy<Value = Vec<RoleName>> {
    let not_admin = prop_oneof![Just(RoleName::User), Just(RoleName::ReadOnly)];
    prop::collection::vec(not_admin, 1..3)
}

fn any_class() -> impl Strategy<Value = RouteClass> {
    prop::sample::select(RouteClass::ALL.to_vec())
}

proptest! {
    /// Whatever else a key may do, a name that is not on its list never gets a permit.
    #[test]
    fn key_with_allowed_agents_never_gets_a_permit_for_another_name(
        roles in any_role(),
        agents in prop::collection::vec("[a-c]{1,3}", 1..4),
        endpoints in prop::collection::vec(
            prop::sample::select(vec!["POST /*", "GET /v1/{}", "POST /v1/chat/completions"]), 0..3),
        class in any_class(),
        method in prop::sample::select(vec!["GET", "POST", "HEAD"]),
        path in "/v1/[a-z/]{0,12}",
        name in "[a-cA-C ]{0,4}",
    ) {
        let policy = policy(Subject {
            roles,
            allowed_agents: agents.clone(),
            allowed_endpoints: strings(&endpoints),
            ..subject("k", &[])
        });
        if let Ok(route) = policy.enter("k", method, &path, class, NOW) {
            prop_assert_eq!(policy.may_see(&route, &name), agents.contains(&name));
            if let Ok(permit) = policy.use_model(route, &name) {
                prop_assert!(agents.contains(&name));
                prop_assert_eq!(permit.model(), name);
                prop_assert!(matches!(class, RouteClass::Model | RouteClass::Proxy));
            }
        }
        let route = policy.enter("k", method, &path, class, NOW);
        prop_assert!(route.and_then(|route| policy.use_no_model(route)).is_err());
    }

    /// Nobody but an admin enters the operator's routes, whatever lists there are.
    #[test]
    fn operators_routes_are_for_admins_only(
        roles in any_role(),
        path in "/[a-z]{0,6}",
        method in "[A-Z]{3,6}",
    ) {
        let listed = vec![format!("{method} {path}"), format!("{method} /*")];
        let policy = policy(Subject { roles, allowed_endpoints: listed, ..subject("k", &[]) });
        prop_assert!(entry(&policy, &method, &path, RouteClass::Admin).is_some());
    }
}
