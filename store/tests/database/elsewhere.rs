//! Doses of other tablets: held by keyed hash, replaced as a whole, and never told of a dose that this tablet has itself.

use record::{
    EntryContent,
    elsewhere::DoseElsewhere,
    entry::{Cancellation, ChangeReason},
    rules::EarlierDose,
};
use seal::coupon::CouponKey;
use store::{Store, StoreError};

use crate::support::*;

fn key() -> CouponKey {
    CouponKey::from_bytes([7; 32])
}

fn dose(number: u64, dose: &str) -> DoseElsewhere {
    DoseElsewhere {
        coupon: key().hash("131016".parse().unwrap(), format!("{number:010}").parse().unwrap()),
        dose: dose.parse().unwrap(),
        given_on: "2021-06-01".parse().unwrap(),
        manufacturer: Some("ファイザー".parse().unwrap()),
    }
}

fn found(store: &Store, number: u64) -> Vec<EarlierDose> {
    store.earlier_doses("131016".parse().unwrap(), format!("{number:010}").parse().unwrap()).unwrap()
}

#[test]
fn a_dose_of_another_tablet_is_found_by_its_coupon_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    assert!(found(&store, 5).is_empty(), "nothing was told yet");
    assert_eq!(store.replace_doses_elsewhere(&key(), [dose(5, "1"), dose(5, "2"), dose(6, "1")]).unwrap(), 3);
    let doses = found(&store, 5);
    assert_eq!(doses.iter().map(|dose| dose.dose.unwrap().number()).collect::<Vec<_>>(), [1, 2]);
    assert!(doses.iter().all(|dose| dose.recorded_at.is_none()));
    assert!(found(&store, 7).is_empty());
    drop(store);
    assert_eq!(found(&open(folder.path()), 6).len(), 1, "it is there after a restart");
}

#[test]
fn they_are_replaced_as_a_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.replace_doses_elsewhere(&key(), [dose(5, "1")]).unwrap();
    let twice = store.replace_doses_elsewhere(&key(), [dose(6, "1"), dose(6, "1")]);
    assert_eq!(twice, Err(StoreError::Row));
    assert_eq!((found(&store, 5).len(), found(&store, 6).len()), (1, 0), "as before");
    store.replace_doses_elsewhere(&key(), [dose(6, "1")]).unwrap();
    assert_eq!((found(&store, 5).len(), found(&store, 6).len()), (0, 1));
}

#[test]
fn of_a_dose_that_this_tablet_recorded_only_its_own_entry_counts_even_when_it_was_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.append(&entry(5, EntryContent::Vaccination(vaccination(5))), moment(5)).unwrap();
    store.replace_doses_elsewhere(&key(), [dose(5, "2"), dose(5, "3")]).unwrap();
    let here: Vec<bool> = found(&store, 5).iter().map(|dose| dose.recorded_at.is_some()).collect();
    assert_eq!(here, [true, false], "dose 3 here, dose 2 elsewhere");
    let cancels = Cancellation { cancels: id(5), reason: ChangeReason::NotVaccinated };
    store.append(&entry(6, EntryContent::Cancellation(cancels)), moment(6)).unwrap();
    let left: Vec<u8> = found(&store, 5).iter().map(|dose| dose.dose.unwrap().number()).collect();
    assert_eq!(left, [2], "the central has not heard of the cancellation yet");
}
