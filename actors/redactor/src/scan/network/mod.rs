//! The families of addresses of machines: IP, version 4 and 6, and hardware.
//!
//! Owns: where such an address stands. Which addresses are worth a finding (public ones, private
//! ones, none) the rows say by their checks in `reach.rs`. Of an address with a port or a prefix
//! length only the address is found.
//!
//! Never does: names of hosts, identities of devices (IMEI).
//!
//! Read next: `v4.rs`, `v6.rs`, `mac.rs` (how each is written).

mod mac;
pub(crate) mod reach;
mod v4;
mod v6;

use std::ops::Range;

use super::classes::Classes;
use super::family::{Family, Looks, RuleNumber, Trigger, TriggerText};
use super::view::View;
use crate::table::row::{Check, How, Rule, Special};

const AT_NUMBER: u16 = 0;
const AT_COLON: u16 = 1;
const AT_GROUP: u16 = 2;

/// What stands at a place.
#[derive(Debug, PartialEq, Eq)]
enum Read {
    /// An address.
    Address(Range<usize>),
    /// Perhaps one that begins here.
    Open(usize),
    /// None.
    No,
}

/// Rules of one kind of address, each with its choice of them.
#[derive(Debug, Default)]
struct Members(Vec<(RuleNumber, Option<Check>)>);

/// See the module.
#[derive(Debug)]
struct Network {
    v4: Members,
    v6: Members,
    mac: Members,
}

/// The family of the rows that are addresses of machines.
pub(crate) fn build(
    rows: &[(RuleNumber, &'static Rule)],
    _classes: &mut Classes,
) -> Option<Box<dyn Family>> {
    let of_kind = |is_kind: fn(&Special) -> bool| {
        let own = rows.iter().filter(|(_, row)| match &row.how {
            How::Special(special) => is_kind(special),
            _ => false,
        });
        Members(own.map(|(rule, row)| (*rule, row.check)).collect())
    };
    let family = Network {
        v4: of_kind(|special| matches!(special, Special::Ipv4)),
        v6: of_kind(|special| matches!(special, Special::Ipv6)),
        mac: of_kind(|special| matches!(special, Special::Mac)),
    };
    let is_empty = [&family.v4, &family.v6, &family.mac]
        .iter()
        .all(|members| members.0.is_empty());
    (!is_empty).then(|| Box::new(family) as Box<dyn Family>)
}

impl Family for Network {
    fn triggers(&self) -> Vec<Trigger> {
        let trigger = |what, payload| Trigger {
            what,
            payload,
            is_replaced: true,
        };
        vec![
            trigger(TriggerText::DottedNumber, AT_NUMBER),
            trigger(TriggerText::HexColon, AT_COLON),
            trigger(TriggerText::HexGroup, AT_GROUP),
        ]
    }

    fn look(&self, at: usize, payload: u16, view: &mut View<'_>, looks: &mut Looks) {
        match payload {
            AT_NUMBER => self.v4.report(v4::read(at, view), view, looks),
            AT_GROUP => self.mac.report(mac::read_at_digit(at, view), view, looks),
            _ => {
                self.v6.report(v6::read(at, view), view, looks);
                self.mac
                    .report(mac::read_with_colons(at, view), view, looks);
            }
        }
    }

    /// The beginning of a hardware address that has no digit at the beginning of a group yet.
    fn tail(&self, view: &mut View<'_>) -> Option<usize> {
        if self.mac.0.is_empty() {
            None
        } else {
            mac::tail(view)
        }
    }
}

impl Members {
    #[inline]
    fn report(&self, read: Read, view: &View<'_>, looks: &mut Looks) {
        match read {
            Read::No => {}
            Read::Open(holds) if !self.0.is_empty() => looks.open(holds, holds),
            Read::Open(_) => {}
            Read::Address(range) => self.found(range, view, looks),
        }
    }

    fn found(&self, range: Range<usize>, view: &View<'_>, looks: &mut Looks) {
        let address = view.text.get(range.clone()).unwrap_or_default();
        for (rule, check) in &self.0 {
            if check.is_none_or(|Check(is_meant)| is_meant(address)) {
                looks.found(*rule, range.clone());
            }
        }
    }
}
