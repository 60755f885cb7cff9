//! How the fleet stood, hour by hour.
//!
//! Must not: wait; every time is an argument.

use super::{
    heartbeats::said,
    sample::{NOON, enrolled, enrolled_as},
};
use crate::{
    fleet::{
        heartbeat::Heard,
        hours::{HOURS_KEPT, HeardAgo, Hour, HourNoted},
    },
    storage::Storage,
};

const HOUR_MS: i64 = 3_600_000;

pub(crate) async fn an_hour_sums_what_the_tablets_said_last(storage: &dyn Storage) {
    storage.note_hour(NOON).await.unwrap();
    assert_eq!(storage.hours(None, NOON).await.unwrap(), [], "nobody is enrolled");
    let (one, two) = (enrolled(storage).await, enrolled_as(storage, "131130-0018").await);
    one.send(storage, &one.chain(&one.vaccinations(3))).await;
    two.send(storage, &two.chain(&two.vaccinations(4))).await;
    enrolled_as(storage, "131130-0019").await; // last heard in the morning, three hours before
    let heard = |tablet, pending, received_at| Heard { heartbeat: said(tablet, pending), received_at };
    storage.keep_heartbeat(heard(&one, 5, NOON)).await.unwrap();
    storage.note_hour(NOON).await.unwrap();
    let seen = |hour, stored, pending, [within_hour, within_day, longer]: [u64; 3]| HourNoted {
        hour,
        stored,
        pending,
        heard: HeardAgo { within_hour, within_day, longer },
    };
    let noon = seen(Hour::of(NOON), 7, 5, [2, 1, 0]);
    assert_eq!(storage.hours(None, NOON).await.unwrap(), [noon]);
    // Looked at again in the same hour, and in a later one.
    storage.keep_heartbeat(heard(&two, 9, NOON.plus_ms(1))).await.unwrap();
    storage.note_hour(NOON.plus_ms(1)).await.unwrap();
    let noon = HourNoted { pending: 14, ..noon };
    assert_eq!(storage.hours(None, NOON.plus_ms(1)).await.unwrap(), [noon]);
    let later = NOON.plus_ms(22 * HOUR_MS);
    storage.note_hour(later).await.unwrap();
    assert_eq!(storage.hours(None, later).await.unwrap(), [noon, seen(Hour::of(later), 7, 14, [0, 2, 1])]);
}

pub(crate) async fn hours_are_kept_for_two_days_and_asked_by_municipality(storage: &dyn Storage) {
    enrolled_as(storage, "131016-0001").await;
    for hour in 0..HOURS_KEPT + 5 {
        if hour == HOURS_KEPT {
            enrolled(storage).await;
        }
        storage.note_hour(NOON.plus_ms(hour * HOUR_MS)).await.unwrap();
    }
    let now = NOON.plus_ms((HOURS_KEPT + 4) * HOUR_MS);
    let numbers = |hours: Vec<HourNoted>| {
        let back: Vec<i64> = hours.iter().map(|noted| Hour::of(now).number() - noted.hour.number()).collect();
        (back.len() as i64, back.first().copied(), back.last().copied())
    };
    assert_eq!(numbers(storage.hours(None, now).await.unwrap()), (HOURS_KEPT, Some(HOURS_KEPT - 1), Some(0)));
    let of = |code: &str| Some(vec![code.parse().unwrap()]);
    assert_eq!(numbers(storage.hours(of("131130"), now).await.unwrap()), (5, Some(4), Some(0)));
    assert_eq!(storage.hours(Some(Vec::new()), now).await.unwrap(), []);
    let both = Some(vec!["131130".parse().unwrap(), "131016".parse().unwrap()]);
    assert_eq!(storage.hours(both, now).await.unwrap(), storage.hours(None, now).await.unwrap());
    // Long after, what is left in the slots is too old to be shown.
    assert_eq!(storage.hours(None, now.plus_ms(HOURS_KEPT * HOUR_MS)).await.unwrap(), []);
}
