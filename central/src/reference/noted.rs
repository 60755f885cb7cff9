//! Which doses are told of a coupon, and what of that has changed. Pure.
//!
//! Must not: hold a coupon's number.

use std::collections::{BTreeMap, BTreeSet};

use record::{
    CalendarDate, Entry, OcrLine,
    day::Manufacturer,
    elsewhere::DoseElsewhere,
    reference::doses::{DoseListHeader, DoseOf},
};
use seal::coupon::CouponMaster;

use crate::storage::{CouponKey, StandingDose, StorageError};

/// What is noted of a dose; none where it is gone.
pub(crate) type Noted = Option<(CalendarDate, Option<Manufacturer>)>;

/// Doses by their coupon's hash.
pub(crate) type NotedDoses = BTreeMap<DoseOf, Noted>;

/// The coupons that an entry speaks of: its own, and that of an entry it changes, which the caller finds.
pub(crate) fn coupons<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> BTreeSet<CouponKey> {
    let key = |line: OcrLine| CouponKey { municipality: line.municipality(), number: line.number() };
    let read = entries.into_iter().filter_map(|bytes| Entry::from_bytes(bytes).ok());
    read.filter_map(|entry| entry.content.coupon()).map(key).collect()
}

/// What is to be noted otherwise, where these doses stand of these coupons.
pub(crate) fn differences(
    master: &CouponMaster,
    stand: &[StandingDose],
    mut noted: NotedDoses,
) -> NotedDoses {
    let mut stands = NotedDoses::new();
    for dose in stand {
        let (coupon, day) = (dose.vaccination.coupon, &dose.vaccination.day);
        let (municipality, number) = (coupon.municipality(), coupon.number());
        let given = (day.vaccinated_on, Some(day.vaccine.manufacturer.clone()));
        let key = (master.key(municipality).hash(municipality, number), day.dose);
        let kept = stands.entry(key).or_insert_with(|| Some(given.clone()));
        // Of two entries that tell the same dose the earlier day counts: nothing is taken for later than it was.
        if kept.as_ref().is_none_or(|kept| given.0 < kept.0) {
            *kept = Some(given);
        }
    }
    let mut differences = NotedDoses::new();
    for (key, given) in stands {
        if noted.remove(&key).as_ref() != Some(&given) {
            differences.insert(key, given);
        }
    }
    // What was noted and does not stand any more.
    differences.extend(noted.into_iter().filter(|(_, given)| given.is_some()).map(|(key, _)| (key, None)));
    differences
}

/// A noted dose as a row of a list.
pub(crate) fn row(
    header: &DoseListHeader,
    (coupon, dose): DoseOf,
    (given_on, manufacturer): (CalendarDate, Option<Manufacturer>),
) -> Result<[u8; 20], StorageError> {
    // A row holds one of 255 makers; a dose of any further one is told without.
    let manufacturer = manufacturer.filter(|maker| header.manufacturers.contains(maker));
    let dose = DoseElsewhere { coupon, dose, given_on, manufacturer };
    header.row(&dose).ok_or(StorageError::Inconsistent("given_on"))
}

#[cfg(test)]
mod tests {
    use record::{EntryId, bytes::CouponHash};

    use super::*;
    use crate::storage::contract::entries::{EntryMaker, day};

    fn dose(number: u64, on: &str) -> StandingDose {
        let coupon = format!("21131130{number:010}").parse().unwrap();
        let mut given = day();
        given.vaccinated_on = on.parse().unwrap();
        let entry = EntryMaker::new("131130".parse().unwrap(), number).vaccination_of(coupon, given);
        let vaccination = entry.content.vaccination().unwrap().clone();
        let recorded_at = entry.recorded_at;
        StandingDose { entry_id: EntryId::from_bytes([number as u8; 16]), recorded_at, vaccination }
    }

    #[test]
    fn only_what_changed_is_noted_and_of_two_days_the_earlier() {
        let master = CouponMaster::from_bytes([1; 32]);
        let first = differences(&master, &[dose(1, "2021-11-22"), dose(1, "2021-11-21")], NotedDoses::new());
        let given = first.values().next().unwrap().as_ref().unwrap();
        assert_eq!((first.len(), given.0.to_string().as_str()), (1, "2021-11-21"));
        assert_eq!(differences(&master, &[dose(1, "2021-11-21")], first.clone()), NotedDoses::new());
        let moved = differences(&master, &[dose(1, "2021-11-20")], first.clone());
        assert_eq!(moved.keys().collect::<Vec<_>>(), first.keys().collect::<Vec<_>>());
        let gone = differences(&master, &[], first.clone());
        assert_eq!(gone.values().collect::<Vec<_>>(), [&None]);
        assert_eq!(differences(&master, &[], gone), NotedDoses::new(), "gone once");
        assert!(first.keys().all(|(hash, _)| *hash != CouponHash([0; 16])));
    }
}
