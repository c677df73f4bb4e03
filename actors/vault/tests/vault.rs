//! The vault through its messages, as the program uses it.
#![allow(
    clippy::unwrap_used,
    reason = "a scene that cannot be set up fails the test"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use nenya_vault::{
    AdoptSealed, Authenticate, LeaseKey, ReloadSecrets, RotateKey, Sealed, SecretVault,
    SourceSearch, VaultConfig, VaultError, VaultHandle, Wipe,
};
use runtime::{
    AskError, ChildSpec, Clock, Handles, Message, Misbehaviour, Overseer, TellError, Thaw, Tree,
};
use tempfile::TempDir;

const MAILBOX: usize = 4;
const SOON: Duration = Duration::from_secs(10);
const CLIENT: &[u8] = b"nk-client-mark-0123456789";

/// A running vault over a directory of secrets.
struct Scene {
    directory: TempDir,
    config: VaultConfig,
    vault: VaultHandle,
    overseer: Overseer,
}

fn put(directory: &Path, name: &str, text: &str) {
    let file = directory.join(name);
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
}

fn put_keys(directory: &Path, openai: &str) {
    let text = format!(
        r#"{{"client_token": "nk-client-mark-0123456789",
             "provider_keys": {{"openai": "{openai}", "other": "sk-other-mark"}},
             "api_keys": {{"dev": {{"token": "nk-dev-mark-0123456789", "roles": ["user"]}}}}}}"#
    );
    put(directory, "01.json", &text);
}

impl Scene {
    async fn start() -> Self {
        let directory = TempDir::new().unwrap();
        put_keys(directory.path(), "sk-first-mark");
        let search = SourceSearch {
            secrets_dir: Some(directory.path().to_owned()),
            ..SourceSearch::default()
        };
        let config = VaultConfig {
            search,
            memory_required: true,
        };
        let clock = Clock::system();
        let (first, warnings) = Sealed::load(&config, &clock).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        let mut tree = Tree::new(clock);
        let spec = ChildSpec::new("vault").mailbox(MAILBOX);
        let vault = VaultHandle::declare(&mut tree, spec, config.clone(), first);
        let overseer = tree.start(|_| ()).await.unwrap();
        Self {
            directory,
            config,
            vault,
            overseer,
        }
    }

    async fn ask<M: Message>(&self, message: M) -> M::Reply
    where
        SecretVault: Handles<M>,
    {
        self.vault.handle().ask(message, SOON).await.unwrap()
    }

    async fn leased(&self) -> Option<Vec<u8>> {
        let lease = self
            .ask(LeaseKey {
                provider: "openai".to_owned(),
            })
            .await;
        lease.map(|lease| lease.expose().to_vec())
    }
}

#[actix_rt::test]
async fn tokens_are_known_and_keys_are_lent() {
    let scene = Scene::start().await;
    let known = scene
        .ask(Authenticate::new(b"nk-dev-mark-0123456789".to_vec()))
        .await;
    assert_eq!(known.unwrap().identity().id, "dev");
    assert!(
        scene
            .ask(Authenticate::new(b"nk-wrong-0123456789".to_vec()))
            .await
            .is_none()
    );
    assert_eq!(scene.leased().await.unwrap(), b"sk-first-mark");
    assert!(
        scene
            .ask(LeaseKey {
                provider: "nobody".to_owned()
            })
            .await
            .is_none()
    );
}

#[actix_rt::test]
async fn a_request_authenticates_and_leases_without_asking() {
    let scene = Scene::start().await;
    let before = scene.vault.handle().counters().asked;
    let sealed = scene.vault.sealed();
    assert_eq!(
        sealed.authenticate(CLIENT).unwrap().identity().id,
        "primary"
    );
    assert_eq!(sealed.lease("openai").unwrap().expose(), b"sk-first-mark");
    assert_eq!(scene.vault.handle().counters().asked, before);
}

#[actix_rt::test]
async fn a_reload_swaps_everything_and_leaves_old_leases_alone() {
    let scene = Scene::start().await;
    let old = scene.vault.sealed().lease("openai").unwrap();
    put_keys(scene.directory.path(), "sk-second-mark");
    put(
        scene.directory.path(),
        "02.json",
        r#"{"provider_keys": {"other": "", "new": "k"}}"#,
    );
    let outcome = scene.ask(ReloadSecrets).await.unwrap();
    assert_eq!(outcome.provider_keys.added, ["new"]);
    assert_eq!(outcome.provider_keys.removed, ["other"]);
    assert_eq!(outcome.provider_keys.changed, ["openai"]);
    assert!(outcome.identities.is_empty());
    assert_eq!(scene.leased().await.unwrap(), b"sk-second-mark");
    assert_eq!(old.expose(), b"sk-first-mark");
}

#[actix_rt::test]
async fn a_reload_that_fails_keeps_the_old_secrets_and_says_why() {
    let scene = Scene::start().await;
    put(
        scene.directory.path(),
        "02.json",
        r#"{"provider_keys": {"openai": "sk-mark"},}"#,
    );
    let refused = scene.ask(ReloadSecrets).await.unwrap_err();
    assert!(matches!(refused, VaultError::Syntax { .. }), "{refused}");
    assert_eq!(scene.leased().await.unwrap(), b"sk-first-mark");
    let state = &scene.overseer.observe(SOON).await["vault"];
    assert_eq!(state["reloads_failed"], 1);
    assert!(
        state["last_error"].as_str().unwrap().contains("02.json"),
        "{state}"
    );
    fs::remove_file(scene.directory.path().join("02.json")).unwrap();
    assert!(
        scene
            .ask(ReloadSecrets)
            .await
            .unwrap()
            .provider_keys
            .is_empty()
    );
    assert!(scene.overseer.observe(SOON).await["vault"]["last_error"].is_null());
}

#[actix_rt::test]
async fn a_rotation_says_whether_the_key_is_another_one() {
    let scene = Scene::start().await;
    let rotate = || RotateKey {
        provider: "openai".to_owned(),
    };
    assert!(!scene.ask(rotate()).await.unwrap().changed);
    put_keys(scene.directory.path(), "sk-second-mark");
    assert!(scene.ask(rotate()).await.unwrap().changed);
    assert_eq!(scene.leased().await.unwrap(), b"sk-second-mark");
}

#[actix_rt::test]
async fn a_rotation_without_a_new_key_keeps_the_old_one() {
    let scene = Scene::start().await;
    put_keys(scene.directory.path(), "");
    let refused = scene
        .ask(RotateKey {
            provider: "openai".to_owned(),
        })
        .await
        .unwrap_err();
    assert_eq!(
        refused,
        VaultError::NoSuchKey {
            provider: "openai".to_owned()
        }
    );
    assert_eq!(scene.leased().await.unwrap(), b"sk-first-mark");
}

#[actix_rt::test]
async fn a_vault_that_was_loaded_elsewhere_is_adopted() {
    let scene = Scene::start().await;
    put_keys(scene.directory.path(), "sk-second-mark");
    let (loaded, _) = Sealed::load(&scene.config, &Clock::system()).unwrap();
    scene.ask(AdoptSealed(loaded.into())).await;
    assert_eq!(scene.leased().await.unwrap(), b"sk-second-mark");
}

#[actix_rt::test]
async fn after_a_wipe_nobody_is_known_and_a_running_request_keeps_its_lease() {
    let scene = Scene::start().await;
    let lease = scene.vault.sealed().lease("openai").unwrap();
    scene.ask(Wipe).await;
    assert!(scene.vault.sealed().authenticate(CLIENT).is_none());
    assert_eq!(scene.leased().await, None);
    assert_eq!(lease.expose(), b"sk-first-mark");
}

#[actix_rt::test]
async fn a_vault_that_panicked_is_rebuilt_upon_what_is_published() {
    let scene = Scene::start().await;
    put_keys(scene.directory.path(), "sk-second-mark");
    scene.ask(ReloadSecrets).await.unwrap();
    fs::remove_file(scene.directory.path().join("01.json")).unwrap();
    assert!(scene.vault.handle().misbehave(Misbehaviour::Panic));
    assert_eq!(
        scene.vault.sealed().lease("openai").unwrap().expose(),
        b"sk-second-mark"
    );
    assert_eq!(scene.leased().await.unwrap(), b"sk-second-mark");
    assert_eq!(scene.vault.handle().counters().panics, 1);
}

#[actix_rt::test]
async fn an_ask_past_its_deadline_is_late() {
    let scene = Scene::start().await;
    let until = Thaw::new();
    assert!(scene.vault.handle().misbehave(Misbehaviour::Freeze {
        until: until.clone()
    }));
    let late = scene
        .vault
        .handle()
        .ask(ReloadSecrets, Duration::from_millis(5))
        .await;
    assert_eq!(late.map(drop), Err(AskError::Late));
    // Requests do not notice.
    assert!(scene.vault.sealed().authenticate(CLIENT).is_some());
    until.thaw();
    assert!(scene.ask(ReloadSecrets).await.is_ok());
}

#[actix_rt::test]
async fn a_full_mailbox_refuses_and_counts() {
    let scene = Scene::start().await;
    let until = Thaw::new();
    assert!(scene.vault.handle().misbehave(Misbehaviour::Freeze {
        until: until.clone()
    }));
    for _ in 0..MAILBOX {
        assert_eq!(scene.vault.handle().tell(ReloadSecrets), Ok(()));
    }
    assert_eq!(
        scene.vault.handle().tell(ReloadSecrets),
        Err(TellError::Full)
    );
    assert_eq!(scene.vault.handle().counters().refused, 1);
    until.thaw();
}

#[actix_rt::test]
async fn a_handle_without_a_vault_says_so_and_knows_what_it_was_given() {
    let detached = VaultHandle::detached(Sealed::empty());
    let asked = detached.handle().ask(ReloadSecrets, SOON).await;
    assert_eq!(asked.map(drop), Err(AskError::Closed));
    assert!(detached.sealed().authenticate(CLIENT).is_none());
}

#[actix_rt::test]
async fn what_can_be_observed_holds_no_secret() {
    let scene = Scene::start().await;
    put(
        scene.directory.path(),
        "02.json",
        r#"{"client_token": "nk-mark"}"#,
    );
    let refused = scene.ask(ReloadSecrets).await.unwrap_err();
    let shown = format!(
        "{:?} {:?} {refused} {refused:?} {:?}",
        scene.vault,
        scene.overseer.observe(SOON).await,
        Authenticate::new(CLIENT.to_vec()),
    );
    assert!(!shown.contains("mark"), "{shown}");
    assert!(shown.contains("client_token"), "{shown}");
}
