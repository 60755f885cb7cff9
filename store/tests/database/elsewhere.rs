//! Doses of other tablets: held by keyed hash, and never told of a dose that this tablet has itself.

use record::{
    EntryContent,
    entry::{Cancellation, ChangeReason},
    rules::EarlierDose,
};
use store::Store;

use crate::{
    published::{Central, city, coupon_key, dose, number},
    support::*,
};

fn found(store: &Store, coupon: u64) -> Vec<EarlierDose> {
    store.earlier_doses(city(), number(coupon)).unwrap()
}

#[test]
fn a_dose_of_another_tablet_is_found_by_its_coupon_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    assert!(found(&store, 5).is_empty(), "nothing was told yet");
    let mut central = Central::new();
    central.all_doses(&coupon_key(), vec![dose(5, "1"), dose(5, "2"), dose(6, "1")]);
    central.bring(&mut store).unwrap();
    let doses = found(&store, 5);
    assert_eq!(doses.iter().map(|dose| dose.dose.unwrap().number()).collect::<Vec<_>>(), [1, 2]);
    assert!(doses.iter().all(|dose| dose.recorded_at.is_none()));
    assert!(found(&store, 7).is_empty());
    assert!(store.earlier_doses("131130".parse().unwrap(), number(5)).unwrap().is_empty(), "another city's");
    drop(store);
    assert_eq!(found(&open(folder.path()), 6).len(), 1, "it is there after a restart");
}

#[test]
fn of_a_dose_that_this_tablet_recorded_only_its_own_entry_counts_even_when_it_was_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.append(&entry(5, EntryContent::Vaccination(vaccination(5))), moment(5)).unwrap();
    let mut central = Central::new();
    central.all_doses(&coupon_key(), vec![dose(5, "2"), dose(5, "3")]);
    central.bring(&mut store).unwrap();
    let here: Vec<bool> = found(&store, 5).iter().map(|dose| dose.recorded_at.is_some()).collect();
    assert_eq!(here, [true, false], "dose 3 here, dose 2 elsewhere");
    let cancels = Cancellation { cancels: id(5), reason: ChangeReason::NotVaccinated };
    store.append(&entry(6, EntryContent::Cancellation(cancels)), moment(6)).unwrap();
    let left: Vec<u8> = found(&store, 5).iter().map(|dose| dose.dose.unwrap().number()).collect();
    assert_eq!(left, [2], "the central has not heard of the cancellation yet");
}
