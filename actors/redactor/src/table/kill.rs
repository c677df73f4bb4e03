//! Commands that must not be run: the kill patterns.
//!
//! Owns rows only. They are expressions for `scan/patterns` with ASCII letters, and no rows for
//! the gate: a command has blanks, options and paths of any length in it.
//!
//! Forces: a reply that explains `reboot` must not be ended, and a reply that runs it must. So a
//! command counts where a shell would take it for one, with an argument that does the harm; a
//! bare word only at the beginning of a line, after `;`, `&`, `|`, in backquotes or brackets, or
//! behind `sudo`, and with nothing but its own options after it. What is replaced or blocked begins
//! at the command, or at the character that makes it one.
//!
//! A text that quotes a whole command line is stopped too; nobody can tell it from one that
//! is about to be run.

use super::row::{Action, Class};

/// A command that must not be run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KillRule {
    /// Name in configuration, metrics, logs and documentation; never changes.
    pub(crate) id: &'static str,
    /// What it does, for people.
    pub(crate) what: &'static str,
    /// How it is found, with ASCII letters.
    pub(crate) pattern: &'static str,
    /// Texts with the command in them.
    pub(crate) examples: &'static [&'static str],
    /// Texts that look like it and must stay.
    pub(crate) near_misses: &'static [&'static str],
}

impl KillRule {
    /// The class of all of them.
    pub(crate) const CLASS: Class = Class::Kill;
    /// What is done about them unless the configuration says otherwise.
    pub(crate) const ACTION: Action = Action::Block;
}

/// Options before a subcommand: `--profile x`, `-n=y`.
macro_rules! options {
    () => {
        r"(?:[ \t]+--?[A-Za-z][A-Za-z-]*(?:[ =][!-%'-:<-{}~]+)?)*"
    };
}

/// The end of a command without further arguments, or with options.
macro_rules! end {
    () => {
        "[ \\t]*(?:(?m:$)|[;&|)`\"'\\r\\\\]|[ \\t]-)"
    };
}

/// Where a bare word is a command.
macro_rules! start {
    () => {
        "(?:(?:(?m:^)[ \\t]*(?:[$#][ \\t]+)?|[;&|(`][ \\t]*)(?:sudo[ \\t]+(?:-[A-Za-z]+[ \\t]+)*)?|\\bsudo[ \\t]+(?:-[A-Za-z]+[ \\t]+)*)(?:/(?:usr/)?s?bin/)?"
    };
}

/// The rules, in the order of their numbers.
pub(crate) const KILL: [KillRule; 11] = [
    KillRule {
        id: "kill-rm-recursive",
        what: "removal of the root, of a top folder, of the home folder or of everything here",
        pattern: concat!(
            r"\brm(?:[ \t]+--?[A-Za-z][A-Za-z-]*)*[ \t]+-(?:[A-Za-z]*[rR][A-Za-z]*|-recursive)(?:[ \t]+--?[A-Za-z-]*)*",
            r#"[ \t]+["']?(?:/(?:\*|(?:bin|boot|dev|etc|home|lib|lib64|opt|proc|root|sbin|srv|sys|usr|var)(?:/\*?)?)?|~/?\*?|\$(?:HOME|\{HOME\})/?\*?|(?:\./)?\*)"#,
            r#"["']?(?:(?m:$)|[ \t\r;&|)`"'\\])"#
        ),
        examples: &[
            "rm -rf /",
            "sudo rm -r --no-preserve-root / ",
            "cd /srv && rm -fr *",
            "rm -rf /*; echo done",
            r#"{"command": "rm -Rf ~/"}"#,
            "rm --recursive --force \"$HOME\"",
            "`rm -rf /etc`",
        ],
        near_misses: &[
            "rm -rf ./build",
            "rm -rf target/*",
            "rm -rf /var/lib/app/cache",
            concat!("rm -rf /ho", "me/me/project/node_modules"),
            "rm -f /tmp/*",
            "rm -r build dist",
            "the alarm -r / switch",
            "rm -rf is dangerous",
        ],
    },
    KillRule {
        id: "kill-chmod-777",
        what: "access for everybody to files",
        pattern: concat!(
            r"\bchmod(?:",
            r#"(?:[ \t]+-[A-Za-z]+)*[ \t]+(?:-[A-Za-z]*R[A-Za-z]*|--recursive)(?:[ \t]+-[A-Za-z]+)*[ \t]+(?:0?777|a[+=]rwx|ugo[+=]rwx)[ \t]+["'!-~]"#,
            r#"|[ \t]+(?:0?777|a[+=]rwx|ugo[+=]rwx)[ \t]+(?:-R\b|["']?[/~.$*]|[A-Za-z0-9_-]+[./][A-Za-z0-9_/]))"#
        ),
        examples: &[
            "chmod 777 /etc/passwd",
            "chmod -R 777 www",
            "chmod --recursive a+rwx /srv",
            "sudo chmod 0777 \"$dir\"",
            "chmod 777 notes.txt",
        ],
        near_misses: &[
            "chmod 755 /usr/local/bin/tool",
            "chmod 777 is a bad idea",
            "mode 777",
            "chmod 7770 x",
            "chmod -R 750 /srv",
        ],
    },
    KillRule {
        id: "kill-mkfs",
        what: "a new file system on a device",
        pattern: r#"\bmkfs(?:\.[a-z0-9]+)?(?:[ \t]+-[A-Za-z-]+(?:[ \t=]+[A-Za-z0-9_,.:^=]+)?)*[ \t]+["']?/dev/[A-Za-z]"#,
        examples: &[
            "mkfs.ext4 /dev/sda1",
            "mkfs -t xfs /dev/nvme0n1",
            "sudo mkfs.btrfs -f -L data /dev/vdb",
        ],
        near_misses: &[
            "mkfs.ext4 makes a file system",
            "mkfs.ext4 disk.img",
            "see mkfs(8) and /dev/sda",
        ],
    },
    KillRule {
        id: "kill-terraform-destroy",
        what: "removal of all that Terraform, OpenTofu or Terragrunt manages",
        pattern: concat!(
            r"\b(?:terraform|tofu|terragrunt)(?:[ \t]+run-all)?",
            options!(),
            r"[ \t]+(?:run-all[ \t]+)?(?:destroy|apply",
            options!(),
            r"[ \t]+--?destroy)",
            end!()
        ),
        examples: &[
            "terraform destroy -auto-approve",
            "terraform -chdir=prod destroy",
            "terragrunt run-all destroy",
            "cd infra && tofu destroy && cd ..",
            "terraform apply -auto-approve -destroy",
        ],
        near_misses: &[
            "terraform destroy removes everything that it made",
            "terraform plan",
            "terraform apply -auto-approve",
            "terraform destroyed the budget",
            "terraform state rm x",
        ],
    },
    KillRule {
        id: "kill-s3-remove-bucket",
        what: "removal of a bucket with all that is in it",
        pattern: concat!(
            r"\baws",
            options!(),
            r"[ \t]+s3[ \t]+rb(?:[ \t]+[!-%'-:<-{}~]+)*[ \t]+--force\b"
        ),
        examples: &[
            "aws s3 rb s3://prod-data --force",
            "aws --profile prod s3 rb --force s3://x",
        ],
        near_misses: &[
            "aws s3 rb s3://empty-bucket",
            "aws s3 rm s3://b/k",
            "aws s3 rb s3://b; git push --force",
        ],
    },
    KillRule {
        id: "kill-ec2-terminate",
        what: "the end of machines in the cloud",
        pattern: concat!(
            r"\baws",
            options!(),
            r"[ \t]+ec2",
            options!(),
            r#"[ \t]+terminate-instances[ \t\\\r\n]+(?:--?[A-Za-z]|["'$])"#
        ),
        examples: &[
            "aws ec2 terminate-instances --instance-ids i-0abc",
            "aws --region eu-west-1 ec2 terminate-instances \\\n  --instance-ids $ID",
        ],
        near_misses: &[
            "aws ec2 terminate-instances is final",
            "aws ec2 stop-instances --instance-ids i-0abc",
            "the API call terminate-instances --x",
        ],
    },
    KillRule {
        id: "kill-kubectl-delete",
        what: "removal of a namespace, of volumes or of definitions from a cluster",
        pattern: concat!(
            r"\bkubectl",
            options!(),
            r"[ \t]+delete",
            options!(),
            r"[ \t]+(?:namespaces?|ns|pvc?|persistentvolume(?:claim)?s?|crds?|customresourcedefinitions?(?:\.[a-z.]+)?)",
            r#"[ \t/]+["']?(?:--?[A-Za-z]|[$<{]|[a-z0-9][a-z0-9.-]*["']?"#,
            end!(),
            ")"
        ),
        examples: &[
            "kubectl delete namespace prod",
            "kubectl --context prod delete ns/prod --wait",
            "kubectl delete pvc --all",
            "kubectl delete crd certificates.cert-manager.io;",
            r#"{"cmd":"kubectl -n db delete pv $PV"}"#,
        ],
        near_misses: &[
            "kubectl delete pod web-0",
            "kubectl get ns prod",
            "kubectl delete namespace commands are final",
            "kubectl describe pvc data",
        ],
    },
    KillRule {
        id: "kill-helm-uninstall",
        what: "removal of a release from a cluster",
        pattern: concat!(
            r"\bhelm",
            options!(),
            r#"[ \t]+(?:uninstall|delete)(?:[ \t]+["']?(?:--?[A-Za-z]|[$<{]|[a-z0-9][a-z0-9.-]*["']?"#,
            end!(),
            "))"
        ),
        examples: &[
            "helm uninstall ingress",
            "helm -n prod delete db --no-hooks",
            "helm uninstall $RELEASE",
            "helm uninstall --namespace prod db",
        ],
        near_misses: &[
            "helm upgrade --install db ./chart",
            "helm uninstall removes the release",
            "take the helm and delete it",
        ],
    },
    KillRule {
        id: "kill-sql-drop",
        what: "removal of a table, a schema or a database, or of all rows",
        pattern: concat!(
            r"(?i)\b(?:drop[ \t\r\n]+(?:table|database|schema)(?:[ \t]+if[ \t]+exists)?|truncate[ \t]+table)",
            r#"[ \t\r\n]+["`\[]?[A-Za-z_][A-Za-z0-9_$."`\]\[-]*[ \t]*(?:(?m:$)|[;,'"\\\r]|[ \t](?:cascade|restrict)\b)"#
        ),
        examples: &[
            "DROP TABLE users;",
            "drop database if exists prod",
            "psql -c 'DROP SCHEMA public CASCADE'",
            "TRUNCATE TABLE audit.log;",
            "drop table `a`, `b`;",
        ],
        near_misses: &[
            "drop table names from the list",
            "DROP INDEX users_by_name;",
            "the schema must drop table-level locks first",
            "truncate the text",
            "DELETE FROM users WHERE id = 1;",
        ],
    },
    KillRule {
        id: "kill-power-off",
        what: "the end, or a restart, of the machine",
        pattern: concat!(
            start!(),
            r"(?:systemctl[ \t]+)?(?:shutdown|reboot|poweroff|halt)",
            "(?:[ \\t]+(?:-[A-Za-z-]+|now|\\+[0-9]+|[0-9]{1,2}:[0-9]{2}))*[ \\t]*(?:(?m:$)|[;&|)`\"'\\r\\\\])"
        ),
        examples: &[
            "shutdown -h now",
            "sudo reboot",
            "make install && reboot",
            "run `poweroff`",
            "$ halt -p",
            "systemctl reboot",
            "ssh host 'sudo /sbin/shutdown -r +5'",
            "a; shutdown now",
        ],
        near_misses: &[
            "the system will shutdown",
            "shutdown hooks run first",
            "reboot the machine and try again",
            "a graceful shutdown",
            "server.shutdown();",
            "halt and catch fire",
        ],
    },
    KillRule {
        id: "kill-init-0",
        what: "the run level that ends or restarts the machine",
        pattern: concat!(start!(), r"(?:tel)?init[ \t]+[06]", end!()),
        examples: &["init 0", "sudo init 6", "sync; telinit 0"],
        near_misses: &[
            "init 0 is a run level",
            "git init",
            "let x = init 0.5",
            "call init 0 times",
        ],
    },
];

#[cfg(test)]
#[expect(
    clippy::string_slice,
    reason = "a place that is no boundary fails the test, as it must"
)]
mod tests {
    use super::*;
    use crate::scan::patterns::{Letters, PatternSet, Progress};

    fn set() -> PatternSet {
        let patterns: Vec<&str> = KILL.iter().map(|rule| rule.pattern).collect();
        PatternSet::compile(&patterns, Letters::Ascii).unwrap()
    }

    fn found(set: &PatternSet, text: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        set.find(text, &mut Progress::default(), true, &mut found)
            .unwrap();
        found.into_iter().map(|(rule, _)| KILL[rule].id).collect()
    }

    #[test]
    fn every_rule_finds_its_examples_and_leaves_its_near_misses() {
        let set = set();
        let mut wrong = Vec::new();
        for rule in KILL {
            for example in rule.examples {
                let sentence = format!("Here it is:\n{example}\nand more");
                for text in [*example, sentence.as_str()] {
                    if found(&set, text) != [rule.id] {
                        wrong.push(format!("{}: {text:?}: {:?}", rule.id, found(&set, text)));
                    }
                }
            }
            for near in rule.near_misses {
                if !found(&set, near).is_empty() {
                    wrong.push(format!("{} in {near:?}: {:?}", rule.id, found(&set, near)));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn ids_say_what_class_they_are_of_and_are_unique() {
        for (at, rule) in KILL.iter().enumerate() {
            assert!(rule.id.starts_with("kill-"), "{}", rule.id);
            assert!(!rule.what.is_empty());
            assert!(KILL[..at].iter().all(|other| other.id != rule.id));
        }
    }

    #[test]
    fn commands_in_chunks_are_found_at_every_cut() {
        let set = set();
        for example in KILL.iter().flat_map(|rule| rule.examples) {
            for cut in 1..example.len() {
                let mut progress = Progress::default();
                let mut findings = Vec::new();
                set.find(&example[..cut], &mut progress, false, &mut findings)
                    .unwrap();
                set.find(example, &mut progress, true, &mut findings)
                    .unwrap();
                assert_eq!(findings.len(), 1, "{example:?} at {cut}");
            }
        }
    }

    #[test]
    fn prose_waits_for_no_command() {
        let set = set();
        let prose = "For all of them, the term helped; a charm that is rather dark and warm. ";
        let mut held = Vec::new();
        for end in 1..prose.len() {
            let hold = set
                .find(
                    &prose[..end],
                    &mut Progress::default(),
                    false,
                    &mut Vec::new(),
                )
                .unwrap();
            // At the beginning of a word there is no telling.
            let word = prose[..end].rfind(' ').map_or(0, |at| at + 1);
            if hold < word {
                held.push(&prose[hold..end]);
            }
        }
        assert!(held.iter().all(|held| held.starts_with(';')), "{held:?}");
    }
}
