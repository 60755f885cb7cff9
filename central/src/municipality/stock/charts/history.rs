//! A facility's lines folded into days: what was there as each ended, and what came and went. Pure.
//!
//! Must not: know words, or what a line moves.

use std::collections::BTreeMap;

use record::CalendarDate;
use vsys::{
    Book, Storage,
    ledger::{Account, End, LedgerError, Origin, Posting},
};

use super::span;
use crate::storage::{Days, KeptLine};

/// One day, in doses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) on: CalendarDate,
    /// As the day ended, by what had been written down by then.
    pub(super) frozen: u64,
    pub(super) thawed: u64,
    /// By the day on which it happened.
    pub(super) delivered: u64,
    pub(super) received: u64,
    pub(super) given: u64,
    pub(super) sent: u64,
    pub(super) discarded: u64,
}

/// What a day's lines moved; below zero where more was taken back than happened.
#[derive(Default, Clone, Copy)]
struct Flow {
    delivered: i64,
    received: i64,
    given: i64,
    sent: i64,
    discarded: i64,
}

/// Lines on their way into days.
pub(super) struct History {
    days: Days,
    book: Book,
    there: [i64; 2],
    ended: BTreeMap<CalendarDate, [i64; 2]>,
    flows: BTreeMap<CalendarDate, Flow>,
}

impl History {
    /// Of these days.
    pub(super) fn of(days: Days) -> Self {
        Self { days, book: Book::default(), there: [0; 2], ended: BTreeMap::new(), flows: BTreeMap::new() }
    }

    /// Takes the next line in.
    ///
    /// # Errors
    /// [`LedgerError`] where it does not follow from those before it.
    pub(super) fn take(&mut self, kept: &KeptLine) -> Result<(), LedgerError> {
        let moved = self.book.add_by_facility(&kept.line)?;
        let happened = CalendarDate::in_japan(kept.line.at);
        let flow = happened.ok().map(|on| self.flows.entry(on).or_default());
        if let Some(flow) = flow {
            moved.iter().for_each(|posting| flow.take(posting));
        }
        for posting in &moved {
            let doses = signed(posting.amount.doses);
            if let Account::OnHand(key) = &posting.from {
                self.there[place(key.storage)] -= doses;
            }
            if let Account::OnHand(key) = &posting.to {
                self.there[place(key.storage)] += doses;
            }
        }
        if let Ok(on) = CalendarDate::in_japan(kept.recorded_at) {
            // Clocks of several servers may differ: a day that has ended stays so.
            let on = self.ended.last_key_value().map_or(on, |(last, _)| on.max(*last));
            self.ended.insert(on, self.there);
        }
        Ok(())
    }

    /// Each of the days.
    pub(super) fn days(&self) -> Vec<Day> {
        let counted = |doses: i64| u64::try_from(doses).unwrap_or(0);
        let day = |on| {
            let there = self.ended.range(..=on).next_back().map_or([0; 2], |(_, there)| *there);
            let flow = self.flows.get(&on).copied().unwrap_or_default();
            Day {
                on,
                frozen: counted(there[place(Storage::Frozen)]),
                thawed: counted(there[place(Storage::Thawed)]),
                delivered: counted(flow.delivered),
                received: counted(flow.received),
                given: counted(flow.given),
                sent: counted(flow.sent),
                discarded: counted(flow.discarded),
            }
        };
        span::each(self.days).map(day).collect()
    }
}

impl Flow {
    fn take(&mut self, Posting { from, to, amount }: &Posting) {
        let doses = signed(amount.doses);
        match (from, to) {
            (Account::From(Origin::Delivered | Origin::Gained, _), Account::OnHand(_)) => {
                self.delivered += doses
            }
            (Account::OnHand(_), Account::From(Origin::Delivered | Origin::Gained, _)) => {
                self.delivered -= doses
            }
            (Account::From(Origin::Received, _) | Account::InTransit(..), Account::OnHand(_)) => {
                self.received += doses;
            }
            (Account::OnHand(_), Account::InTransit(..)) => self.sent += doses,
            (_, Account::Gone(End::Given, _)) => self.given += doses,
            (Account::Gone(End::Given, _), _) => self.given -= doses,
            (_, Account::Gone(End::Discarded, _)) => self.discarded += doses,
            (Account::Gone(End::Discarded, _), _) => self.discarded -= doses,
            _ => {}
        }
    }
}

fn place(storage: Storage) -> usize {
    match storage {
        Storage::Frozen => 0,
        Storage::Thawed => 1,
    }
}

fn signed(doses: u64) -> i64 {
    i64::try_from(doses).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use record::WallTime;
    use vsys::{Amount, Event, Line, StockKey, ledger::DiscardReason};

    use super::*;

    /// 2021-11-22 10:40 in Japan.
    const MORNING: WallTime = WallTime::from_unix_ms(1_637_545_200_000);
    const DAY_MS: i64 = 86_400_000;

    fn kept(number: u64, happened: i64, recorded: i64, storage: Storage, event: Event) -> KeptLine {
        let key = StockKey {
            facility: "1311300001".parse().unwrap(),
            product: "見本一号".parse().unwrap(),
            lot: "SAMPLE-1".parse().unwrap(),
            storage,
        };
        let at = MORNING.plus_ms(happened * DAY_MS);
        let line = Line { key, event, at, by: "officer-1".parse().unwrap(), reason: None };
        KeptLine { number, line, recorded_at: MORNING.plus_ms(recorded * DAY_MS) }
    }

    #[test]
    fn each_day_shows_what_was_there_as_it_ended_and_what_happened_on_it() {
        let today = CalendarDate::in_japan(MORNING).unwrap();
        let days = Days { first: today.plus_days(-2).unwrap(), last: today };
        let mut history = History::of(days);
        let vials = |vials| Amount::of_vials(vials, 6);
        let discarded = Event::Discarded { amount: vials(1), reason: DiscardReason::Broken };
        let lines = [
            kept(1, -9, -9, Storage::Frozen, Event::Delivered { amount: vials(5) }),
            kept(2, -1, -1, Storage::Frozen, Event::Thawed { amount: vials(2) }),
            // Given the day before, and known only today.
            kept(3, -1, 0, Storage::Thawed, Event::Given { doses: 4 }),
            kept(4, 0, 0, Storage::Thawed, Event::NoLongerGiven { doses: 1 }),
            kept(5, 0, 0, Storage::Thawed, discarded),
        ];
        for line in &lines {
            history.take(line).unwrap();
        }
        let found = history.days();
        let there: Vec<_> = found.iter().map(|day| (day.frozen, day.thawed)).collect();
        assert_eq!(there, [(30, 0), (18, 12), (18, 3)]);
        let flows: Vec<_> = found.iter().map(|day| (day.delivered, day.given, day.discarded)).collect();
        assert_eq!(flows, [(0, 0, 0), (0, 4, 0), (0, 0, 6)]);
        assert!(history.take(&kept(6, 0, 0, Storage::Thawed, Event::Thawed { amount: vials(1) })).is_err());
    }
}
