//! Which action a finding gets.
//!
//! Owns the operator's rows and what they come to for each agent and direction: one action per
//! rule, worked out once when the rules are compiled.

use std::collections::HashMap;
use std::sync::Arc;

use crate::scan::secret_assignment;
use crate::scan::sink::Replaces;
use crate::table::row::{Action, Class};

/// Which way a text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the client to a provider.
    Request,
    /// From a provider to the client.
    Reply,
}

impl Direction {
    /// The name in the configuration and in logs.
    pub fn label(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Reply => "reply",
        }
    }
}

/// A row of `bouncer.actions`; what it leaves open fits everything, but commands only if it names
/// their rule or class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionRow {
    /// The rule's id.
    pub rule: Option<String>,
    /// The rule's class.
    pub class: Option<Class>,
    /// The agent that is asked.
    pub agent: Option<String>,
    /// Which way the text goes.
    pub direction: Option<Direction>,
    /// What is done.
    pub action: Action,
}

impl ActionRow {
    fn fits(&self, id: &str, class: Class, agent: Option<&str>, direction: Direction) -> bool {
        self.rule.as_deref().is_none_or(|rule| rule == id)
            && self.class.is_none_or(|wanted| wanted == class)
            && self
                .agent
                .as_deref()
                .is_none_or(|wanted| Some(wanted) == agent)
            && self.direction.is_none_or(|wanted| wanted == direction)
            && (class != Class::Kill || self.means_commands())
    }

    /// Whether it speaks of commands. A row about everything means secrets and people: it must
    /// not let a command pass that nobody thought of.
    fn means_commands(&self) -> bool {
        self.rule.is_some() || self.class.is_some()
    }
}

/// The actions of one agent and direction, by the number of the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ActionTable {
    actions: Vec<Action>,
    replaces: Replaces,
}

impl ActionTable {
    fn new(actions: Vec<Action>, rules: &[Choice<'_>]) -> Self {
        // One more than there are rules: stand-ins.
        let changes = |rule: u16| actions.get(usize::from(rule)) != Some(&Action::Observe);
        let replaces = Replaces::those(actions.len() + 1, changes);
        let (general, strictest) = general(&actions, rules);
        let is_as_strict = |rule: u16| actions.get(usize::from(rule)) >= Some(&strictest);
        let replaces = replaces.yielding(&general, actions.len(), is_as_strict);
        Self { actions, replaces }
    }

    /// Which rules replace what they find.
    pub(crate) fn replaces(&self) -> &Replaces {
        &self.replaces
    }

    /// What is done about findings of this rule.
    pub(crate) fn of(&self, rule: u16) -> Action {
        self.actions
            .get(usize::from(rule))
            .copied()
            .unwrap_or(Action::Redact)
    }

    /// Whether any rule puts placeholders.
    pub(crate) fn has_placeholders(&self) -> bool {
        self.actions.contains(&Action::Placeholder)
    }

    /// The action for a stretch that several rules found: the strictest of theirs.
    pub(crate) fn strictest(&self, rules: &[u16]) -> Action {
        let actions = rules.iter().map(|rule| self.of(*rule));
        actions.max().unwrap_or(Action::Redact)
    }
}

/// The actions for every agent, in one direction.
#[derive(Debug, Clone)]
pub(crate) struct Actions {
    everybody: Arc<ActionTable>,
    agents: HashMap<String, Arc<ActionTable>>,
}

/// What the choice of an action needs to know of a rule.
pub(crate) struct Choice<'r> {
    pub(crate) id: &'r str,
    pub(crate) class: Class,
    pub(crate) default: Action,
}

impl Actions {
    /// Works the rows out for these rules, which are in the order of their numbers.
    pub(crate) fn work_out(rows: &[ActionRow], rules: &[Choice<'_>], direction: Direction) -> Self {
        let table = |agent: Option<&str>| {
            let actions = rules
                .iter()
                .map(|rule| choose(rows, rule, agent, direction));
            Arc::new(ActionTable::new(actions.collect(), rules))
        };
        let named = rows.iter().filter_map(|row| row.agent.as_deref());
        Self {
            everybody: table(None),
            agents: named
                .map(|agent| (agent.to_owned(), table(Some(agent))))
                .collect(),
        }
    }

    /// The actions for requests to this agent; `None` for a model that was asked by its own name.
    pub(crate) fn table(&self, agent: Option<&str>) -> &Arc<ActionTable> {
        agent
            .and_then(|agent| self.agents.get(agent))
            .unwrap_or(&self.everybody)
    }
}

/// The rules that say less than others, and the strictest thing that they do.
fn general(actions: &[Action], rules: &[Choice<'_>]) -> (Vec<u16>, Action) {
    let numbered = (0_u16..).zip(rules.iter().zip(actions));
    let general = numbered.filter(|(_, (rule, action))| {
        secret_assignment::is_general(rule.id) && **action != Action::Observe
    });
    let mut strictest = Action::Observe;
    let numbers = general.map(|(number, (_, action))| {
        strictest = strictest.max(*action);
        number
    });
    (numbers.collect(), strictest)
}

fn choose(
    rows: &[ActionRow],
    rule: &Choice<'_>,
    agent: Option<&str>,
    direction: Direction,
) -> Action {
    let row = rows
        .iter()
        .rfind(|row| row.fits(rule.id, rule.class, agent, direction));
    match (row.map_or(rule.default, |row| row.action), direction) {
        // Nobody would put the value back: the reply is on its last way.
        (Action::Placeholder, Direction::Reply) => Action::Redact,
        (action, _) => action,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [Choice<'static>; 2] = [
        Choice {
            id: "aws-access-key-id",
            class: Class::Credential,
            default: Action::Redact,
        },
        Choice {
            id: "email",
            class: Class::Pii,
            default: Action::Redact,
        },
    ];

    fn row(action: Action) -> ActionRow {
        ActionRow {
            rule: None,
            class: None,
            agent: None,
            direction: None,
            action,
        }
    }

    #[test]
    fn the_last_row_that_fits_decides() {
        let rows = [
            row(Action::Observe),
            ActionRow {
                class: Some(Class::Pii),
                ..row(Action::Mask)
            },
        ];
        let actions = Actions::work_out(&rows, &RULES, Direction::Request);
        let table = actions.table(None);
        assert_eq!((table.of(0), table.of(1)), (Action::Observe, Action::Mask));
    }

    #[test]
    fn a_name_yields_to_a_format_that_does_nothing_milder() {
        let rule = |id, default| Choice {
            id,
            class: Class::Credential,
            default,
        };
        let table = |named, format| {
            let rules = [rule("assigned-secret", named), rule("github-token", format)];
            let actions = Actions::work_out(&[], &rules, Direction::Request);
            let replaces = actions.table(None).replaces().clone();
            (replaces.yields(0), replaces.covers(1))
        };
        assert_eq!(table(Action::Redact, Action::Redact), (true, true));
        assert_eq!(table(Action::Redact, Action::Block), (true, true));
        assert_eq!(table(Action::Redact, Action::Mask), (true, false));
        assert_eq!(table(Action::Redact, Action::Observe), (true, false));
        assert!(!table(Action::Observe, Action::Redact).0);
    }

    #[test]
    fn a_row_about_everything_leaves_commands_alone() {
        let of = |rows: &[ActionRow]| {
            let command = Choice {
                id: "kill-format",
                class: Class::Kill,
                default: Action::Block,
            };
            let actions = Actions::work_out(rows, &[command], Direction::Reply);
            actions.table(None).of(0)
        };
        assert_eq!(of(&[row(Action::Mask)]), Action::Block);
        let named = ActionRow {
            class: Some(Class::Kill),
            ..row(Action::Observe)
        };
        assert_eq!(of(&[named]), Action::Observe);
    }

    #[test]
    fn an_agent_may_have_its_own() {
        let rows = [ActionRow {
            agent: Some("support".to_owned()),
            ..row(Action::Placeholder)
        }];
        let actions = Actions::work_out(&rows, &RULES, Direction::Request);
        assert!(actions.table(Some("support")).has_placeholders());
        assert!(!actions.table(Some("other")).has_placeholders());
        assert!(!actions.table(None).has_placeholders());
    }

    #[test]
    fn replies_get_no_placeholders() {
        let actions = Actions::work_out(&[row(Action::Placeholder)], &RULES, Direction::Reply);
        assert_eq!(actions.table(None).of(0), Action::Redact);
    }

    #[test]
    fn what_several_rules_found_gets_the_strictest_action() {
        let rows = [ActionRow {
            rule: Some("email".to_owned()),
            ..row(Action::Block)
        }];
        let actions = Actions::work_out(&rows, &RULES, Direction::Request);
        assert_eq!(actions.table(None).strictest(&[0, 1]), Action::Block);
    }
}
