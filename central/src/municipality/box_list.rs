//! How a box that was handed out stands, tablet by tablet.
//!
//! Must not: read anything itself.

use record::{TabletId, WallTime};

use super::{box_words::BoxWords, boxes::address, tablets::Standing};
use crate::{
    console::phrases,
    fleet::{TabletState, TabletStatus},
    storage::{BoxRow, Said},
};

/// A box as it is shown.
pub(super) struct BoxShown {
    pub(super) address: String,
    pub(super) made: String,
    pub(super) until: String,
    pub(super) kind: &'static str,
    pub(super) made_by: String,
    pub(super) tablets: Vec<TabletShown>,
    pub(super) may_revoke: bool,
}

/// A tablet of it.
pub(super) struct TabletShown {
    pub(super) tablet_id: String,
    pub(super) state: Standing,
}

/// The box of that row.
pub(super) fn shown(words: &BoxWords, row: &BoxRow, fleet: &[TabletStatus], now: WallTime) -> BoxShown {
    let mut may_revoke = false;
    let tablets = row.tablets.iter().map(|(tablet_id, revoked)| {
        let state = state(words, row, *tablet_id, revoked.as_ref(), fleet, now);
        may_revoke |= state.word == words.unused;
        TabletShown { tablet_id: tablet_id.to_string(), state }
    });
    let tablets = tablets.collect();
    BoxShown {
        address: address(row.issued_at),
        made: phrases::at(row.issued_at, now),
        until: phrases::at(row.expires_at, now),
        kind: words.kind(row.kind),
        made_by: row
            .made_by
            .as_ref()
            .map_or_else(|| words.by_server.to_owned(), |name| name.as_str().to_owned()),
        tablets,
        may_revoke,
    }
}

fn state(
    words: &BoxWords,
    row: &BoxRow,
    tablet_id: TabletId,
    revoked: Option<&Said>,
    fleet: &[TabletStatus],
    now: WallTime,
) -> Standing {
    let status = fleet.iter().find(|status| status.tablet_id == tablet_id);
    let standing = |mark, word| Standing { mark, word };
    match status.map(|status| &status.state) {
        Some(TabletState::Enrolled(tablet)) if tablet.replaced.is_some() => {
            standing("awaited", words.replaced)
        }
        Some(TabletState::Enrolled(tablet)) if tablet.enrolled_at >= row.issued_at => {
            standing("safe", words.enrolled)
        }
        Some(TabletState::Enrolled(_)) => standing("safe", words.renews),
        _ if revoked.is_some() => standing("stop", words.revoked),
        _ if row.expires_at <= now => standing("awaited", words.expired),
        _ => standing("awaited", words.unused),
    }
}
