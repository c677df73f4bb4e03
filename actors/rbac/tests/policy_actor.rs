//! The policy's owner through its messages, under supervision.
#![expect(
    clippy::unwrap_used,
    reason = "a test whose setting cannot be built has failed"
)]

use std::sync::Arc;
use std::time::Duration;

use nenya_rbac::{
    Authorize, DenialReason, Policy, RbacHandle, ReloadPolicy, RoleName, RouteClass, Subject,
};
use runtime::{
    AskError, ChildSpec, Clock, ClockHand, Misbehaviour, Overseer, TellError, Thaw, Tree,
};

const DEADLINE: Duration = Duration::from_secs(5);

fn policy(agents: &[&str], expires_at: Option<u64>) -> Arc<Policy> {
    let subject = Subject {
        id: "marked-id".to_owned(),
        name: "marked-name".to_owned(),
        roles: vec![RoleName::User],
        allowed_agents: agents.iter().map(|agent| (*agent).to_owned()).collect(),
        allowed_endpoints: Vec::new(),
        enabled: true,
        expires_at,
    };
    Arc::new(Policy::new(vec![subject]).unwrap())
}

async fn started(mailbox: usize, policy: Arc<Policy>) -> (Overseer, RbacHandle, ClockHand) {
    let (clock, hand) = Clock::manual();
    let mut tree = Tree::new(clock);
    let spec = ChildSpec::new("rbac-policy").mailbox(mailbox);
    let rbac = RbacHandle::declare(&mut tree, spec, policy);
    (tree.start(|_event| {}).await.unwrap(), rbac, hand)
}

fn chat_with(agent_or_model: &str) -> Authorize {
    Authorize {
        subject_id: "marked-id".to_owned(),
        method: "POST".to_owned(),
        path: "/v1/chat/completions".to_owned(),
        class: RouteClass::Model,
        agent_or_model: agent_or_model.to_owned(),
    }
}

async fn denied(rbac: &RbacHandle, model: &str) -> Option<DenialReason> {
    let answer = rbac.handle().ask(chat_with(model), DEADLINE).await.unwrap();
    answer.err().map(|denial| denial.reason)
}

#[actix_rt::test]
async fn policy_answers_and_a_reload_changes_the_answer() {
    let (tree, rbac, _hand) = started(8, policy(&["mine"], None)).await;
    assert_eq!(denied(&rbac, "mine").await, None);
    assert_eq!(denied(&rbac, "other").await, Some(DenialReason::Agent));
    assert_eq!(rbac.reload(policy(&["other"], None)).await, Ok(1));
    assert_eq!(denied(&rbac, "mine").await, Some(DenialReason::Agent));
    assert_eq!(denied(&rbac, "other").await, None);
    tree.stop().await;
}

#[actix_rt::test]
async fn snapshot_is_that_of_the_last_reload() {
    let (tree, rbac, _hand) = started(8, policy(&["mine"], None)).await;
    rbac.reload(policy(&["other"], None)).await.unwrap();
    let snapshot = rbac.policy().load();
    let path = "/v1/chat/completions";
    let route = snapshot
        .enter("marked-id", "POST", path, RouteClass::Model, 0)
        .unwrap();
    assert!(snapshot.use_model(route, "other").is_ok());
    tree.stop().await;
}

#[actix_rt::test]
async fn key_expires_by_the_clock_of_the_tree() {
    let (clock, _hand) = Clock::manual();
    let end = clock.unix().as_secs() + 60;
    let (tree, rbac, hand) = started(8, policy(&[], Some(end))).await;
    assert_eq!(denied(&rbac, "any").await, None);
    hand.advance(Duration::from_secs(60));
    assert_eq!(denied(&rbac, "any").await, Some(DenialReason::Expired));
    tree.stop().await;
}

#[actix_rt::test]
async fn full_mailbox_refuses_a_reload_and_the_old_policy_stays() {
    let (tree, rbac, _hand) = started(1, policy(&["mine"], None)).await;
    let thaw = Thaw::after(DEADLINE);
    assert!(rbac.handle().misbehave(Misbehaviour::Freeze {
        until: thaw.clone()
    }));
    assert_eq!(
        rbac.handle().tell(ReloadPolicy(policy(&["other"], None))),
        Ok(())
    );
    assert_eq!(
        rbac.reload(policy(&["third"], None)).await,
        Err(AskError::Full)
    );
    assert_eq!(rbac.handle().tell(chat_with("mine")), Err(TellError::Full));
    let snapshot = rbac.policy().load_full();
    let path = "/v1/chat/completions";
    let route = snapshot
        .enter("marked-id", "POST", path, RouteClass::Model, 0)
        .unwrap();
    assert!(snapshot.may_see(&route, "mine"));
    thaw.thaw();
    tree.stop().await;
}

#[actix_rt::test]
async fn late_answer_is_told_as_late() {
    let (tree, rbac, _hand) = started(8, policy(&[], None)).await;
    let thaw = Thaw::after(DEADLINE);
    assert!(rbac.handle().misbehave(Misbehaviour::Freeze {
        until: thaw.clone()
    }));
    let answer = rbac
        .handle()
        .ask(chat_with("any"), Duration::from_millis(10))
        .await;
    assert_eq!(answer.err(), Some(AskError::Late));
    thaw.thaw();
    assert_eq!(denied(&rbac, "any").await, None);
    tree.stop().await;
}

#[actix_rt::test]
async fn owner_rebuilt_after_a_panic_goes_on_with_the_last_policy() {
    let (tree, rbac, _hand) = started(8, policy(&["mine"], None)).await;
    rbac.reload(policy(&["other"], None)).await.unwrap();
    assert!(rbac.handle().misbehave(Misbehaviour::Panic));
    assert_eq!(denied(&rbac, "other").await, None);
    assert_eq!(denied(&rbac, "mine").await, Some(DenialReason::Agent));
    assert_eq!(rbac.handle().counters().panics, 1);
    tree.stop().await;
}

#[actix_rt::test]
async fn observable_state_counts_and_names_nobody() {
    let (tree, rbac, _hand) = started(8, policy(&["marked-agent"], None)).await;
    rbac.reload(policy(&["marked-agent"], None)).await.unwrap();
    let states = tree.observe(DEADLINE).await;
    let state = states.get("rbac-policy").unwrap();
    assert_eq!(
        state,
        &serde_json::json!({"subjects": 1, "enabled": 1, "reloads": 1})
    );
    assert!(!state.to_string().contains("marked"));
    tree.stop().await;
}

#[actix_rt::test]
async fn owner_that_never_ran_leaves_its_first_policy_readable() {
    let rbac = RbacHandle::detached(policy(&["mine"], None));
    assert_eq!(rbac.reload(policy(&[], None)).await, Err(AskError::Closed));
    assert_eq!(rbac.policy().load().len(), 1);
}
