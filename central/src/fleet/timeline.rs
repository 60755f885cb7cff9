//! 経過: what happened to one tablet, from what was kept anyway. Pure.
//!
//! Must not: know what an entry says; places, counts and times only.

use std::collections::BTreeMap;

use record::{Epoch, WallTime};

use super::{Missing, TabletState, TabletStatus, heartbeat::KeptHeartbeat, hours::Hour, needs::Need};

/// A run of positions that came with one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// When the batch came.
    pub received_at: WallTime,
    /// Of which database.
    pub epoch: Epoch,
    /// The first position.
    pub first: u64,
    /// The last; all between came with it.
    pub last: u64,
    /// How many of them needed a person when they came.
    pub needs_review: u64,
}

/// Something that happened, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    /// When, by the central's clock.
    pub at: WallTime,
    /// What.
    pub what: Happening,
}

/// What can happen to a tablet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// Its first bundle was made.
    Invited,
    /// It made its key known.
    Enrolled,
    /// A further database began.
    DatabaseBegan(Epoch),
    /// Work as usual: entries came and it told how it stands, within one hour and with nothing else between.
    Contacts(Contacts),
    /// So many entries that came need a person.
    NeedsReview(u64),
    /// Entries came after some that had not.
    GapOpened(Epoch, Missing),
    /// Some of those came.
    GapClosed(Epoch, Missing),
    /// From a heartbeat on it was so.
    Began(Need),
    /// From a heartbeat on it was so no more.
    Ended(Need),
}

/// What came in one go or in several of one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contacts {
    /// The first of them.
    pub since: WallTime,
    /// How many places came.
    pub entries: u64,
    /// 送信待ち, as the tablet said last among them; none where it did not say.
    pub pending: Option<u64>,
}

/// All that is known of a tablet, newest first. `arrivals` and `heartbeats` rise by time; arrivals of one batch by place.
#[must_use]
pub fn timeline(status: &TabletStatus, arrivals: &[Arrival], heartbeats: &[KeptHeartbeat]) -> Vec<Happened> {
    let mut all = Vec::new();
    match &status.state {
        TabletState::Invited { invited_at } => {
            all.push(Happened { at: *invited_at, what: Happening::Invited })
        }
        TabletState::Enrolled(tablet) => {
            all.push(Happened { at: tablet.enrolled_at, what: Happening::Enrolled });
        }
    }
    of_batches(arrivals, &mut all);
    of_heartbeats(heartbeats, &mut all);
    all.sort_by_key(|happened| happened.at); // stable: what one batch did stays in order
    let mut all = joined(all);
    all.reverse();
    all
}

/// Positions of one database that had not come when later ones had.
#[derive(Default)]
struct Places {
    highest: u64,
    open: BTreeMap<u64, u64>,
}

fn of_batches(arrivals: &[Arrival], all: &mut Vec<Happened>) {
    let mut databases: BTreeMap<Epoch, Places> = BTreeMap::new();
    for batch in arrivals.chunk_by(|one, next| one.received_at == next.received_at) {
        let Some(at) = batch.first().map(|arrival| arrival.received_at) else { continue };
        let mut tell = |what| all.push(Happened { at, what });
        let mut gaps = Vec::new();
        for arrival in batch {
            if arrival.epoch > Epoch::FIRST && !databases.contains_key(&arrival.epoch) {
                tell(Happening::DatabaseBegan(arrival.epoch));
            }
            let places = databases.entry(arrival.epoch).or_default();
            gaps.extend(places.take_in(arrival));
        }
        let entries = batch.iter().map(|arrival| arrival.last - arrival.first + 1).sum();
        tell(Happening::Contacts(Contacts { since: at, entries, pending: None }));
        let needs_review = batch.iter().map(|arrival| arrival.needs_review).sum();
        if needs_review > 0 {
            tell(Happening::NeedsReview(needs_review));
        }
        gaps.into_iter().for_each(tell);
    }
}

impl Places {
    fn take_in(&mut self, arrival: &Arrival) -> Vec<Happening> {
        let mut told = Vec::new();
        let filled: Vec<(u64, u64)> = self
            .open
            .range(..=arrival.last)
            .filter(|(_, last)| **last >= arrival.first)
            .map(|(first, last)| (*first, *last))
            .collect();
        for (first, last) in filled {
            self.open.remove(&first);
            let came = Missing { first: first.max(arrival.first), last: last.min(arrival.last) };
            if first < came.first {
                self.open.insert(first, came.first - 1);
            }
            if came.last < last {
                self.open.insert(came.last + 1, last);
            }
            told.push(Happening::GapClosed(arrival.epoch, came));
        }
        if arrival.first > self.highest.saturating_add(1) {
            let missing = Missing { first: self.highest + 1, last: arrival.first - 1 };
            self.open.insert(missing.first, missing.last);
            told.push(Happening::GapOpened(arrival.epoch, missing));
        }
        self.highest = self.highest.max(arrival.last);
        told
    }
}

fn of_heartbeats(heartbeats: &[KeptHeartbeat], all: &mut Vec<Happened>) {
    let mut had = [false; 3];
    for beat in heartbeats {
        let at = beat.received_at;
        for (need, had) in [Need::ChainDiffers, Need::ClockOff, Need::LowStorage].into_iter().zip(&mut had) {
            let has = beat.tells_of(need);
            if has != *had {
                let what = if has { Happening::Began(need) } else { Happening::Ended(need) };
                all.push(Happened { at, what });
            }
            *had = has;
        }
        let pending = Some(u64::from(beat.pending.get()));
        all.push(Happened { at, what: Happening::Contacts(Contacts { since: at, entries: 0, pending }) });
    }
}

/// Contacts of one hour between which nothing else happened become one.
fn joined(all: Vec<Happened>) -> Vec<Happened> {
    let mut out: Vec<Happened> = Vec::with_capacity(all.len());
    for next in all {
        if let Some(last) = out.last_mut()
            && let Happening::Contacts(before) = last.what
            && let Happening::Contacts(after) = next.what
            && Hour::of(before.since) == Hour::of(after.since)
        {
            let entries = before.entries.saturating_add(after.entries);
            let contacts = Contacts { entries, pending: after.pending.or(before.pending), ..before };
            *last = Happened { at: next.at, what: Happening::Contacts(contacts) };
        } else {
            out.push(next);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use record::wire::heartbeat::{ClockOffset, Count};

    use super::*;
    use crate::fleet::sample::*;

    const MINUTE_MS: i64 = 60_000;

    fn at(minutes: i64) -> WallTime {
        NOW.plus_ms(minutes * MINUTE_MS)
    }
    fn came(minutes: i64, first: u64, last: u64) -> Arrival {
        Arrival { received_at: at(minutes), epoch: Epoch::FIRST, first, last, needs_review: 0 }
    }
    fn told(arrivals: &[Arrival], heartbeats: &[KeptHeartbeat]) -> Vec<(i64, Happening)> {
        let all = timeline(&tablet(1, 0, vec![]), arrivals, heartbeats);
        let minutes = |time: WallTime| time.ms_since(NOW) / MINUTE_MS;
        let mut all: Vec<_> = all.into_iter().map(|happened| (minutes(happened.at), happened.what)).collect();
        assert_eq!(all.pop().map(|(_, what)| what), Some(Happening::Enrolled), "the oldest stands last");
        all
    }
    fn gap(first: u64, last: u64) -> Missing {
        Missing { first, last }
    }
    fn batch(minutes: i64, entries: u64) -> Happening {
        Happening::Contacts(Contacts { since: at(minutes), entries, pending: None })
    }

    #[test]
    fn a_gap_opens_when_later_entries_come_and_closes_as_it_is_filled() {
        let epoch = Epoch::FIRST;
        let arrivals = [came(1, 1, 10), came(2, 14, 20), came(3, 12, 12), came(4, 11, 13), came(5, 21, 22)];
        assert_eq!(
            told(&arrivals, &[]),
            [
                (5, batch(5, 2)),
                (4, Happening::GapClosed(epoch, gap(13, 13))),
                (4, Happening::GapClosed(epoch, gap(11, 11))),
                (4, batch(4, 3)),
                (3, Happening::GapClosed(epoch, gap(12, 12))),
                (3, batch(3, 1)),
                (2, Happening::GapOpened(epoch, gap(11, 13))),
                (2, batch(1, 17)),
            ]
        );
    }

    #[test]
    fn a_batch_of_two_runs_is_one_batch_with_a_gap_inside() {
        let mut arrivals = [came(1, 1, 3), came(1, 5, 6)];
        arrivals[1].needs_review = 2;
        assert_eq!(
            told(&arrivals, &[]),
            [
                (1, Happening::GapOpened(Epoch::FIRST, gap(4, 4))),
                (1, Happening::NeedsReview(2)),
                (1, batch(1, 5)),
            ]
        );
    }

    #[test]
    fn each_database_has_its_own_places() {
        let second = Arrival { epoch: Epoch::FIRST.next(), ..came(2, 1, 4) };
        assert_eq!(
            told(&[came(1, 1, 10), second], &[]),
            [(2, batch(2, 4)), (2, Happening::DatabaseBegan(second.epoch)), (1, batch(1, 10)),]
        );
    }

    #[test]
    fn contacts_of_an_hour_are_one_line_and_what_changed_is_another() {
        let beat = |minutes, pending, offset_ms| KeptHeartbeat {
            received_at: at(minutes),
            pending: Count::of(pending),
            clock_offset_s: ClockOffset::of_ms(offset_ms),
            ..beat()
        };
        // The hour begins 20 minutes after the first of these.
        let heartbeats = [beat(0, 5, 0), beat(15, 3, 0), beat(30, 1, 0), beat(45, 0, 90_000), beat(60, 0, 0)];
        let row = |since, entries, pending| {
            Happening::Contacts(Contacts { since: at(since), entries, pending: Some(pending) })
        };
        assert_eq!(
            told(&[came(10, 1, 2), came(35, 3, 6)], &heartbeats),
            [
                (60, row(60, 0, 0)),
                (60, Happening::Ended(Need::ClockOff)),
                (45, row(45, 0, 0)),
                (45, Happening::Began(Need::ClockOff)),
                (35, row(30, 4, 1)),
                (15, row(0, 2, 3)),
            ]
        );
    }
}
