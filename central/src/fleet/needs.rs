//! What a tablet needs, and which tablets need help first. Pure.
//!
//! Must not: say it in words; `console` does.

use std::cmp::Reverse;

use record::{WallTime, wire::heartbeat::Release};

use super::{
    EnrolledTablet, TabletState, TabletStatus,
    heartbeat::{HeadCheck, KeptHeartbeat},
};

/// Nothing heard for this long is said, unless somebody asks for another length of time.
pub const SILENT_AFTER_MS: i64 = 24 * 3_600_000;
/// A tablet's clock is said to be wrong from here on; signatures allow five times as much.
pub const CLOCK_WRONG_FROM_MS: i64 = 60_000;
/// Less free space than this is said, in MiB; the tablet's self-test says it from there as well.
pub const LITTLE_MIB: u64 = 512;

/// Why a tablet stands where it stands on the page; the first needs help most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// 鎖の不一致: the tablet's chain is not the one that arrived.
    ChainDiffers,
    /// 欠番: entries are missing that others came after.
    MissingEntries,
    /// 要確認: entries wait for a person.
    Review,
    /// 連絡なし: nothing heard for a while.
    Silent,
    /// 空き容量不足: less than [`LITTLE_MIB`] free.
    LowStorage,
    /// 時計のずれ: its clock is off by [`CLOCK_WRONG_FROM_MS`] or more.
    ClockOff,
    /// 旧バージョン: an older program than the central's own.
    OldVersion,
    /// 登録待ち: invited, never heard.
    Invited,
    /// 正常.
    Nothing,
}

impl Need {
    /// All, in order.
    pub const ALL: [Self; 9] = [
        Self::ChainDiffers,
        Self::MissingEntries,
        Self::Review,
        Self::Silent,
        Self::LowStorage,
        Self::ClockOff,
        Self::OldVersion,
        Self::Invited,
        Self::Nothing,
    ];

    /// As in the address of a page.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ChainDiffers => "chain",
            Self::MissingEntries => "missing",
            Self::Review => "review",
            Self::Silent => "silent",
            Self::LowStorage => "storage",
            Self::ClockOff => "clock",
            Self::OldVersion => "version",
            Self::Invited => "invited",
            Self::Nothing => "nothing",
        }
    }
    /// From its code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|need| need.code() == code)
    }
    /// Whether somebody has to do something.
    #[must_use]
    pub fn asks_for_help(self) -> bool {
        !matches!(self, Self::Invited | Self::Nothing)
    }
}

/// What tablets are measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The central's clock.
    pub now: WallTime,
    /// Nothing heard for this long is silence, in milliseconds.
    pub silent_after_ms: i64,
}

impl Measure {
    /// Silent after [`SILENT_AFTER_MS`].
    #[must_use]
    pub fn at(now: WallTime) -> Self {
        Self { now, silent_after_ms: SILENT_AFTER_MS }
    }
}

/// All that one tablet needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs(u16);

impl Needs {
    fn of(has: impl Fn(Need) -> bool) -> Self {
        let bits = Need::ALL.into_iter().filter(|need| has(*need)).fold(0, |bits, need| bits | bit(need));
        Self(if bits == 0 { bit(Need::Nothing) } else { bits })
    }
    /// Whether it is among them.
    #[must_use]
    pub fn has(self, need: Need) -> bool {
        self.0 & bit(need) != 0
    }
    /// The one that comes first.
    #[must_use]
    pub fn first(self) -> Need {
        self.all().next().unwrap_or(Need::Nothing)
    }
    /// All, in order.
    pub fn all(self) -> impl Iterator<Item = Need> {
        Need::ALL.into_iter().filter(move |need| self.has(*need))
    }
}

fn bit(need: Need) -> u16 {
    1 << need as u16
}

impl TabletStatus {
    /// What it needs.
    #[must_use]
    pub fn needs(&self, measure: Measure) -> Needs {
        match &self.state {
            TabletState::Invited { .. } => Needs(bit(Need::Invited)),
            TabletState::Enrolled(tablet) => Needs::of(|need| tablet.has(need, measure)),
        }
    }

    fn last_heard(&self) -> WallTime {
        match &self.state {
            TabletState::Invited { invited_at } => *invited_at,
            TabletState::Enrolled(tablet) => tablet.last_contact_at,
        }
    }
}

impl EnrolledTablet {
    fn has(&self, need: Need, measure: Measure) -> bool {
        match need {
            Need::LowStorage if self.replaced.is_some() => false,
            Need::ChainDiffers | Need::LowStorage => {
                self.heartbeat.as_ref().is_some_and(|beat| beat.tells_of(need))
            }
            Need::MissingEntries => self.missing() > 0,
            Need::Review => self.needs_review() > 0,
            // It is not expected to work any more.
            Need::Silent | Need::ClockOff | Need::OldVersion if self.replaced.is_some() => false,
            Need::Silent => measure.now.ms_since(self.last_contact_at) >= measure.silent_after_ms,
            Need::ClockOff => self.clock_offset_ms().is_some_and(is_off),
            Need::OldVersion => is_old(self.program.as_str()),
            Need::Invited | Need::Nothing => false,
        }
    }
}

impl KeptHeartbeat {
    /// Whether a need shows by this heartbeat alone.
    pub(super) fn tells_of(&self, need: Need) -> bool {
        match need {
            Need::ChainDiffers => self.head == HeadCheck::Other,
            Need::LowStorage => self.free_mib.is_some_and(|free| free.range_mib().1 < LITTLE_MIB),
            Need::ClockOff => is_off(self.clock_offset_s.ms()),
            _ => false,
        }
    }
}

fn is_off(offset_ms: i64) -> bool {
    offset_ms.saturating_abs() >= CLOCK_WRONG_FROM_MS
}

/// Older than this very program: both are released together.
fn is_old(program: &str) -> bool {
    const OURS: &str = env!("CARGO_PKG_VERSION");
    program != OURS && Release::of_version(program) < Release::of_version(OURS)
}

/// Where a tablet stands in the list: who needs help first stands first; among those with the same need, who was silent
/// longest – but where nothing is needed, who was heard last.
#[must_use]
pub(super) fn rank(tablet: &TabletStatus, needs: Needs) -> impl Ord + use<> {
    let (need, heard) = (needs.first(), tablet.last_heard().unix_ms());
    let waits_longest = if need == Need::Nothing { Reverse(heard) } else { Reverse(heard.saturating_neg()) };
    (need, waits_longest, tablet.tablet_id)
}

#[cfg(test)]
mod tests {
    use record::wire::heartbeat::{ClockOffset, FreeSpace};

    use super::*;
    use crate::{
        fleet::{EpochStatus, sample::*},
        storage::ReplacedBy,
    };

    fn needs(change: impl FnOnce(&mut EnrolledTablet)) -> Vec<Need> {
        let mut status = tablet(1, 0, vec![epoch(1, 9, 9, 9)]);
        change(enrolled(&mut status));
        status.needs(Measure::at(NOW)).all().collect()
    }

    #[test]
    fn every_need_has_its_reason_and_its_code() {
        assert_eq!(needs(|_| {}), [Need::Nothing]);
        let beat_with = |change: fn(&mut KeptHeartbeat)| {
            needs(|tablet| {
                let mut told = beat();
                change(&mut told);
                tablet.heartbeat = Some(told);
            })
        };
        assert_eq!(beat_with(|beat| beat.head = HeadCheck::Other), [Need::ChainDiffers]);
        assert_eq!(beat_with(|beat| beat.head = HeadCheck::NotHeld), [Need::Nothing]);
        assert_eq!(beat_with(|beat| beat.clock_offset_s = ClockOffset::of_ms(-60_000)), [Need::ClockOff]);
        assert_eq!(beat_with(|beat| beat.clock_offset_s = ClockOffset::of_ms(59_000)), [Need::Nothing]);
        let free = |mib: u64| Some(FreeSpace::of_bytes(mib << 20));
        assert_eq!(
            beat_with(|beat| beat.free_mib = Some(FreeSpace::of_bytes(511 << 20))),
            [Need::LowStorage]
        );
        assert_eq!(
            needs(|tablet| tablet.heartbeat = Some(KeptHeartbeat { free_mib: free(512), ..beat() })),
            [Need::Nothing]
        );
        assert_eq!(needs(|tablet| tablet.program = "0.0.9".parse().unwrap()), [Need::OldVersion]);
        assert_eq!(needs(|tablet| tablet.program = "99.0.0".parse().unwrap()), [Need::Nothing]);
        assert_eq!(needs(|tablet| tablet.epochs[0].stored = 8), [Need::MissingEntries]);
        let silent = |tablet: &mut EnrolledTablet| tablet.last_contact_at = NOW.plus_ms(-SILENT_AFTER_MS);
        assert_eq!(needs(silent), [Need::Silent]);
        for need in Need::ALL {
            assert_eq!(Need::of_code(need.code()), Some(need));
        }
        assert_eq!(Need::of_code("nobody"), None);
    }

    #[test]
    fn a_replaced_tablet_is_asked_for_what_it_holds_and_for_nothing_else() {
        let replaced = |change: fn(&mut EnrolledTablet)| {
            needs(|tablet| {
                tablet.last_contact_at = NOW.plus_ms(-9 * SILENT_AFTER_MS);
                tablet.program = "0.0.9".parse().unwrap();
                let free_mib = Some(FreeSpace::of_bytes(9 << 20));
                let clock_offset_s = ClockOffset::of_ms(90_000);
                tablet.heartbeat = Some(KeptHeartbeat { free_mib, clock_offset_s, ..beat() });
                let at = NOW.plus_ms(-HOUR_MS);
                tablet.replaced = Some(ReplacedBy { tablet_id: "131130-0900".parse().unwrap(), at });
                change(tablet);
            })
        };
        assert_eq!(replaced(|_| {}), [Need::Nothing]);
        assert_eq!(replaced(|tablet| tablet.epochs = vec![epoch(1, 9, 7, 7)]), [Need::MissingEntries]);
        let declared = |tablet: &mut EnrolledTablet| {
            tablet.epochs = vec![EpochStatus { lost: 2, ..epoch(1, 9, 7, 7) }];
        };
        assert_eq!(replaced(declared), [Need::Nothing]);
    }

    #[test]
    fn a_tablet_may_need_several_things_and_the_gravest_is_first() {
        let several = needs(|tablet| {
            tablet.epochs[0] = EpochStatus { needs_review: 1, ..epoch(1, 9, 9, 8) };
            tablet.program = "0.0.1".parse().unwrap();
        });
        assert_eq!(several, [Need::MissingEntries, Need::Review, Need::OldVersion]);
    }
}
