//! タブレットの状況: where each tablet stands. Pure.
//!
//! Must not: hold anything of a person; only numbers, times and what people call a tablet.

pub mod heartbeat;
pub mod hours;
pub mod needs;
pub mod question;
pub mod timeline;

use record::{Epoch, TabletId, WallTime, bundle::TabletName};

use crate::storage::{ProgramVersion, ReplacedBy};
use heartbeat::KeptHeartbeat;

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
    /// Its latest heartbeat; none before the first.
    pub heartbeat: Option<KeptHeartbeat>,
    /// What took its place; it may still bring what it holds.
    pub replaced: Option<ReplacedBy>,
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
    /// How many positions somebody declared lost that have not come.
    pub lost: u64,
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
    /// Missing positions. What the newest epoch has not sent yet is not missing, unless another tablet took this one's
    /// place; an older epoch sends no more. What was declared lost is not waited for.
    #[must_use]
    pub fn missing(&self) -> u64 {
        let of = |epoch: &EpochStatus| {
            let expected = if self.has_ended(epoch) { self.given_out(epoch) } else { epoch.highest_position };
            expected.saturating_sub(epoch.stored).saturating_sub(epoch.lost)
        };
        self.epochs.iter().map(of).fold(0, u64::saturating_add)
    }
    /// Positions declared lost that have not come.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.epochs.iter().map(|epoch| epoch.lost).sum()
    }
    fn has_ended(&self, epoch: &EpochStatus) -> bool {
        self.replaced.is_some() || self.epochs.last().is_some_and(|newest| newest.epoch > epoch.epoch)
    }
    /// The last position that a database is known to have given out.
    fn given_out(&self, epoch: &EpochStatus) -> u64 {
        let beat = self.heartbeat.as_ref().filter(|beat| beat.epoch == epoch.epoch);
        epoch.last_position.max(beat.map_or(0, KeptHeartbeat::position))
    }
    /// Entries the newest epoch has given out and not sent yet, as of its last batch or heartbeat.
    #[must_use]
    pub fn on_their_way(&self) -> u64 {
        let beat = self.heartbeat.as_ref();
        let Some(newest) = self.epochs.last() else { return beat.map_or(0, KeptHeartbeat::position) };
        if self.replaced.is_some() {
            return 0; // it is missing
        }
        self.given_out(newest).saturating_sub(newest.highest_position)
    }
    /// The missing end of an epoch that sends no more; what is missing before it is asked of the storage.
    #[must_use]
    pub fn missing_end(&self, epoch: &EpochStatus) -> Option<Missing> {
        let last = self.given_out(epoch);
        (self.has_ended(epoch) && last > epoch.highest_position)
            .then_some(Missing { first: epoch.highest_position.saturating_add(1), last })
    }
    /// How far the central's clock is ahead of the tablet's, as it said last; none before it said anything.
    #[must_use]
    pub fn clock_offset_ms(&self) -> Option<i64> {
        let batch = self.epochs.last().map(|epoch| (epoch.last_batch_at, epoch.clock_offset_ms));
        let beat = self.heartbeat.as_ref().map(|beat| (beat.received_at, beat.clock_offset_s.ms()));
        batch.into_iter().chain(beat).max_by_key(|(said_at, _)| *said_at).map(|(_, offset_ms)| offset_ms)
    }
}

#[cfg(test)]
pub(crate) mod sample {
    //! Tablets as they may stand, for the tests of this room.

    use record::wire::heartbeat::{ClockOffset, Count, Release};

    use super::{heartbeat::HeadCheck, *};

    pub(crate) const NOW: WallTime = WallTime::from_unix_ms(1_637_545_200_000);
    pub(crate) const HOUR_MS: i64 = 3_600_000;

    pub(crate) fn epoch(number: u32, last: u64, highest: u64, stored: u64) -> EpochStatus {
        EpochStatus {
            epoch: Epoch::new(number).unwrap(),
            last_position: last,
            highest_position: highest,
            stored,
            lost: 0,
            needs_review: 0,
            clock_offset_ms: 0,
            last_batch_at: NOW,
        }
    }

    pub(crate) fn tablet(number: u32, silent_ms: i64, epochs: Vec<EpochStatus>) -> TabletStatus {
        TabletStatus {
            tablet_id: TabletId::new("131130".parse().unwrap(), number).unwrap(),
            name: "見本".parse().unwrap(),
            state: TabletState::Enrolled(EnrolledTablet {
                enrolled_at: NOW.plus_ms(-90 * 24 * HOUR_MS),
                last_contact_at: NOW.plus_ms(-silent_ms),
                program: env!("CARGO_PKG_VERSION").parse().unwrap(),
                epochs,
                heartbeat: None,
                replaced: None,
            }),
        }
    }

    pub(crate) fn beat() -> KeptHeartbeat {
        KeptHeartbeat {
            received_at: NOW,
            epoch: Epoch::FIRST,
            position: Count::default(),
            head: HeadCheck::NotHeld,
            pending: Count::default(),
            delivered: Count::default(),
            needs_review: Count::default(),
            set_aside: Count::default(),
            clock_offset_s: ClockOffset::default(),
            release: Release::of_version(env!("CARGO_PKG_VERSION")),
            free_mib: None,
        }
    }

    pub(crate) fn enrolled(status: &mut TabletStatus) -> &mut EnrolledTablet {
        match &mut status.state {
            TabletState::Enrolled(tablet) => tablet,
            TabletState::Invited { .. } => panic!("not enrolled"),
        }
    }
}

#[cfg(test)]
mod tests {
    use record::wire::heartbeat::Count;

    use super::{sample::*, *};

    #[test]
    fn what_is_on_its_way_is_not_missing_unless_its_database_is_gone() {
        let mut alive = tablet(1, 0, vec![epoch(1, 500, 200, 200)]);
        let alive = enrolled(&mut alive);
        assert_eq!((alive.missing(), alive.on_their_way()), (0, 300));
        let mut hole = tablet(1, 0, vec![epoch(1, 214, 214, 213)]);
        assert_eq!(enrolled(&mut hole).missing(), 1);
        let mut replaced = tablet(1, 0, vec![epoch(1, 500, 200, 199), epoch(2, 7, 5, 5)]);
        let replaced = enrolled(&mut replaced);
        assert_eq!((replaced.missing(), replaced.on_their_way()), (301, 2));
        let end = replaced.missing_end(&replaced.epochs[0]);
        assert_eq!(end, Some(Missing { first: 201, last: 500 }));
        assert_eq!(replaced.missing_end(&replaced.epochs[1]), None);
    }

    #[test]
    fn a_heartbeat_tells_of_entries_no_batch_has_told_of() {
        let mut status = tablet(1, 0, vec![]);
        let heard = enrolled(&mut status);
        heard.heartbeat = Some(KeptHeartbeat { position: Count::of(12), ..beat() });
        assert_eq!(heard.on_their_way(), 12, "before the first batch");
        heard.epochs = vec![epoch(1, 10, 10, 10)];
        assert_eq!((heard.on_their_way(), heard.missing()), (2, 0));
        heard.epochs = vec![epoch(1, 10, 10, 10), epoch(2, 5, 4, 4)];
        assert_eq!(heard.on_their_way(), 1, "the heartbeat is of the database before");
    }

    #[test]
    fn the_clock_is_as_the_tablet_said_last() {
        let mut status = tablet(1, 0, vec![EpochStatus { clock_offset_ms: 90_000, ..epoch(1, 1, 1, 1) }]);
        let heard = enrolled(&mut status);
        assert_eq!(heard.clock_offset_ms(), Some(90_000));
        heard.heartbeat = Some(KeptHeartbeat { received_at: NOW.plus_ms(-1), ..beat() });
        assert_eq!(heard.clock_offset_ms(), Some(90_000), "the batch came later");
        heard.heartbeat = Some(KeptHeartbeat { received_at: NOW.plus_ms(1), ..beat() });
        assert_eq!(heard.clock_offset_ms(), Some(0));
    }
}
