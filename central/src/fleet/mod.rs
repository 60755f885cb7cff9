//! タブレットの状況: where each tablet stands and which of them needs help first. Pure.
//!
//! Must not: hold anything of a person; only numbers, times and what people call a tablet.

use std::cmp::Reverse;

use record::{Epoch, TabletId, WallTime, bundle::TabletName};

use crate::storage::ProgramVersion;

/// Nothing heard for this long is said on the page.
pub const SILENT_AFTER_MS: i64 = 24 * 3_600_000;

/// A tablet that was invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabletStatus {
    /// Its number.
    pub tablet_id: TabletId,
    /// What people call it.
    pub name: TabletName,
    /// How far it has come.
    pub state: TabletState,
}

/// How far a tablet has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TabletState {
    /// A bundle was made; nothing was heard yet.
    Invited {
        /// When the first bundle was made.
        invited_at: WallTime,
    },
    /// It has made its key known.
    Enrolled(EnrolledTablet),
}

/// What is known of an enrolled tablet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolledTablet {
    /// Since when.
    pub enrolled_at: WallTime,
    /// When it was last heard.
    pub last_contact_at: WallTime,
    /// Version of its program.
    pub program: ProgramVersion,
    /// Its databases, first to last; none before the first batch.
    pub epochs: Vec<EpochStatus>,
}

/// One of a tablet's databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochStatus {
    /// Which.
    pub epoch: Epoch,
    /// The last position it said it has given out.
    pub last_position: u64,
    /// The highest position kept here.
    pub highest_position: u64,
    /// How many positions are kept here.
    pub stored: u64,
    /// How many entries wait for a person.
    pub needs_review: u64,
    /// How far the central's clock is ahead of the tablet's, in milliseconds.
    pub clock_offset_ms: i64,
    /// When its last batch came.
    pub last_batch_at: WallTime,
}

/// 欠番: a run of positions that are missing, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}

/// Why a tablet stands where it stands on the page; the first needs help most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// 欠番: entries are missing that others came after.
    MissingEntries,
    /// 要確認: entries wait for a person.
    Review,
    /// 連絡なし: nothing heard for [`SILENT_AFTER_MS`].
    Silent,
    /// 登録待ち: invited, never heard.
    Invited,
    /// 正常.
    Nothing,
}

/// How many tablets stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// All of them.
    pub tablets: usize,
    /// With missing entries.
    pub missing: usize,
    /// With entries that wait for a person, missing ones or not.
    pub review: usize,
    /// Enrolled and silent.
    pub silent: usize,
    /// Kept entries of all tablets.
    pub stored: u64,
}

impl EnrolledTablet {
    /// Positions kept, of all epochs.
    #[must_use]
    pub fn stored(&self) -> u64 {
        self.epochs.iter().map(|epoch| epoch.stored).sum()
    }
    /// Entries that wait for a person.
    #[must_use]
    pub fn needs_review(&self) -> u64 {
        self.epochs.iter().map(|epoch| epoch.needs_review).sum()
    }
    /// Missing positions. What the newest epoch has not sent yet is not missing; an older epoch sends no more.
    #[must_use]
    pub fn missing(&self) -> u64 {
        let ended = self.epochs.len().saturating_sub(1);
        let of = |(index, epoch): (usize, &EpochStatus)| {
            let expected = if index < ended { epoch.last_position } else { epoch.highest_position };
            expected.saturating_sub(epoch.stored)
        };
        self.epochs.iter().enumerate().map(of).fold(0, u64::saturating_add)
    }
    /// Entries the newest epoch has given out and not sent yet, as of its last batch.
    #[must_use]
    pub fn on_their_way(&self) -> u64 {
        self.epochs.last().map_or(0, |epoch| epoch.last_position.saturating_sub(epoch.highest_position))
    }
    /// The missing end of an epoch that sends no more; what is missing before it is asked of the storage.
    #[must_use]
    pub fn missing_end(&self, epoch: &EpochStatus) -> Option<Missing> {
        let ended = self.epochs.last().is_some_and(|newest| newest.epoch > epoch.epoch);
        (ended && epoch.last_position > epoch.highest_position)
            .then_some(Missing { first: epoch.highest_position.saturating_add(1), last: epoch.last_position })
    }
    /// How far the central's clock is ahead of the tablet's; none before the first batch.
    #[must_use]
    pub fn clock_offset_ms(&self) -> Option<i64> {
        self.epochs.last().map(|epoch| epoch.clock_offset_ms)
    }
}

impl TabletStatus {
    /// What it needs first.
    #[must_use]
    pub fn need(&self, now: WallTime) -> Need {
        match &self.state {
            TabletState::Invited { .. } => Need::Invited,
            TabletState::Enrolled(tablet) if tablet.missing() > 0 => Need::MissingEntries,
            TabletState::Enrolled(tablet) if tablet.needs_review() > 0 => Need::Review,
            TabletState::Enrolled(tablet) if is_silent(tablet, now) => Need::Silent,
            TabletState::Enrolled(_) => Need::Nothing,
        }
    }

    fn last_heard(&self) -> WallTime {
        match &self.state {
            TabletState::Invited { invited_at } => *invited_at,
            TabletState::Enrolled(tablet) => tablet.last_contact_at,
        }
    }
}

fn is_silent(tablet: &EnrolledTablet, now: WallTime) -> bool {
    now.ms_since(tablet.last_contact_at) >= SILENT_AFTER_MS
}

/// Who needs help first stands first; among those with the same need, who was silent longest – but where nothing
/// is needed, who was heard last.
pub fn sort_by_need(fleet: &mut [TabletStatus], now: WallTime) {
    fleet.sort_by_cached_key(|tablet| {
        let need = tablet.need(now);
        let heard = tablet.last_heard().unix_ms();
        let waits_longest =
            if need == Need::Nothing { Reverse(heard) } else { Reverse(heard.saturating_neg()) };
        (need, waits_longest, tablet.tablet_id)
    });
}

/// The totals of the page's head.
#[must_use]
pub fn totals(fleet: &[TabletStatus], now: WallTime) -> Totals {
    let mut totals = Totals { tablets: fleet.len(), ..Totals::default() };
    for tablet in fleet {
        let TabletState::Enrolled(tablet) = &tablet.state else { continue };
        totals.missing += usize::from(tablet.missing() > 0);
        totals.review += usize::from(tablet.needs_review() > 0);
        totals.silent += usize::from(is_silent(tablet, now));
        totals.stored += tablet.stored();
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_000);

    fn epoch(number: u32, last: u64, highest: u64, stored: u64) -> EpochStatus {
        EpochStatus {
            epoch: Epoch::new(number).unwrap(),
            last_position: last,
            highest_position: highest,
            stored,
            needs_review: 0,
            clock_offset_ms: 0,
            last_batch_at: NOW,
        }
    }
    fn tablet(number: u32, silent_ms: i64, epochs: Vec<EpochStatus>) -> TabletStatus {
        TabletStatus {
            tablet_id: TabletId::new("131130".parse().unwrap(), number).unwrap(),
            name: "見本".parse().unwrap(),
            state: TabletState::Enrolled(EnrolledTablet {
                enrolled_at: NOW.plus_ms(-90 * SILENT_AFTER_MS),
                last_contact_at: NOW.plus_ms(-silent_ms),
                program: "0.1.0".parse().unwrap(),
                epochs,
            }),
        }
    }
    fn enrolled(status: &TabletStatus) -> &EnrolledTablet {
        match &status.state {
            TabletState::Enrolled(tablet) => tablet,
            TabletState::Invited { .. } => panic!("not enrolled"),
        }
    }

    #[test]
    fn what_is_on_its_way_is_not_missing_unless_its_database_is_gone() {
        let alive = tablet(1, 0, vec![epoch(1, 500, 200, 200)]);
        assert_eq!((enrolled(&alive).missing(), enrolled(&alive).on_their_way()), (0, 300));
        let hole = tablet(1, 0, vec![epoch(1, 214, 214, 213)]);
        assert_eq!(enrolled(&hole).missing(), 1);
        let replaced = tablet(1, 0, vec![epoch(1, 500, 200, 199), epoch(2, 7, 5, 5)]);
        assert_eq!((enrolled(&replaced).missing(), enrolled(&replaced).on_their_way()), (301, 2));
        let end = enrolled(&replaced).missing_end(&enrolled(&replaced).epochs[0]);
        assert_eq!(end, Some(Missing { first: 201, last: 500 }));
        assert_eq!(enrolled(&replaced).missing_end(&enrolled(&replaced).epochs[1]), None);
    }

    #[test]
    fn who_needs_help_most_stands_first() {
        let review = vec![EpochStatus { needs_review: 2, ..epoch(1, 9, 9, 9) }];
        let fine = || vec![epoch(1, 9, 9, 9)];
        let mut fleet = vec![
            tablet(1, 60_000, fine()),
            tablet(2, 1_000, fine()),
            tablet(3, SILENT_AFTER_MS, fine()),
            tablet(4, 3 * SILENT_AFTER_MS, fine()),
            tablet(5, 0, review),
            tablet(6, 0, vec![epoch(1, 9, 9, 8)]),
            TabletStatus { state: TabletState::Invited { invited_at: NOW }, ..tablet(7, 0, vec![]) },
        ];
        assert_eq!(
            totals(&fleet, NOW),
            Totals { tablets: 7, missing: 1, review: 1, silent: 2, stored: 9 * 5 + 8 }
        );
        sort_by_need(&mut fleet, NOW);
        let order: Vec<u32> = fleet.iter().map(|tablet| tablet.tablet_id.number()).collect();
        assert_eq!(order, [6, 5, 4, 3, 7, 2, 1]);
    }
}
