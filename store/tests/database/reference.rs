//! Reference data: holds whole from one moment on or not at all, takes no room that entries need, and never goes back.

use record::{
    Outcome, ReviewReason,
    reference::{SettledEntry, Settlement, document, doses::DoseChanges},
    rules::{Check, Rule, RuleTable, Severity},
    wire::reference::{PIECE_BYTES, ReferenceVersion, Replaced},
};
use seal::{chain::entry_hash, coupon::CouponKey};
use store::{Advance, ListFilter, Published, ReferenceError, Room, Store, UploadState};

use crate::{
    published::{Central, city, coupon_key, dose, number},
    support::*,
};

const LOTS: &str = r#"[{"vaccine":{"manufacturer":"ファイザー","product":"コミナティ筋注"},
    "lots":[{"lot":"FF3620","expires_on":"2022-02-28","recalled_at":1637545200000}]}]"#;

fn knows(store: &Store, coupon: u64) -> bool {
    !store.earlier_doses(city(), number(coupon)).unwrap().is_empty()
}

fn stop_wards() -> RuleTable {
    RuleTable(vec![Rule { check: Check::Ward, then: Severity::Block }])
}

/// Lots, rules and doses of so many coupons.
fn central(coupons: u64) -> Central {
    let mut central = Central::new();
    central.manifest.lots = Some(central.part(LOTS.as_bytes().to_vec()));
    central.manifest.rules = Some(central.part(document(&stop_wards())));
    central.all_doses(&coupon_key(), (1..=coupons).map(|coupon| dose(coupon, "1")).collect());
    central
}

#[test]
fn nothing_holds_before_everything_does_at_whatever_step_the_program_ends() {
    let central = central(PIECE_BYTES / 20 + 9_000);
    let manifest = central.signed();
    let folder = tempfile::tempdir().unwrap();
    let mut steps = 0;
    loop {
        // Each step in a program of its own.
        let mut store = open(folder.path());
        let is_whole = store.reference_version().unwrap().is_some();
        let published = store.published().unwrap();
        assert_eq!(knows(&store, 1), is_whole);
        assert_eq!(published.rules.is_some(), is_whole);
        assert_eq!(published.lots.len(), usize::from(is_whole));
        steps += 1;
        match store.advance(&manifest, moment(1)).unwrap() {
            Advance::Holds => break,
            Advance::Again => {}
            Advance::Fetch(wanted) => {
                let first = wanted.first as usize;
                let bytes = &central.bytes[&wanted.part.digest][first..first + wanted.length as usize];
                store.keep_piece(wanted, bytes).unwrap();
                store.keep_piece(wanted, bytes).unwrap(); // an answer that comes twice
            }
        }
    }
    assert!(steps > 8, "{steps} steps");
    let store = open(folder.path());
    assert!(knows(&store, PIECE_BYTES / 20 + 9_000));
    assert_eq!(store.published().unwrap().rules, Some(stop_wards()));
    let counts = store.audit_counts().unwrap();
    assert!(counts.contains(&("reference_applied".to_owned(), 1)), "{counts:?}");
}

#[test]
fn what_is_no_longer_named_no_longer_holds() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let mut central = central(5_000);
    central.bring(&mut store).unwrap();
    central.manifest.doses.clear();
    central.manifest.rules = None;
    central.manifest.version = ReferenceVersion::new(99).unwrap();
    assert_eq!(central.bring(&mut store), Ok(0));
    assert!(!knows(&store, 1));
    let published = store.published().unwrap();
    assert_eq!((published.rules, published.lots.len()), (None, 1), "the lots still do");
    // Nothing of it stays behind: the same doses come in again.
    central.all_doses(&coupon_key(), vec![dose(1, "1")]);
    central.bring(&mut store).unwrap();
    assert!(knows(&store, 1) && !knows(&store, 2));
}

#[test]
fn an_older_version_is_refused_and_the_same_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let mut central = central(3);
    central.bring(&mut store).unwrap();
    assert_eq!(central.bring(&mut store), Ok(0));
    central.manifest.version = ReferenceVersion::new(1).unwrap();
    for part in [&mut central.manifest.lots, &mut central.manifest.rules] {
        *part = None;
    }
    central.manifest.doses.clear();
    assert_eq!(central.bring(&mut store), Err(ReferenceError::Older));
    assert!(knows(&store, 3) && store.published().unwrap().rules.is_some());
}

#[test]
fn another_key_takes_the_place_of_the_first_with_all_its_doses() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let mut central = central(3);
    central.bring(&mut store).unwrap();
    let other = CouponKey::from_bytes([8; 32]);
    let again = |coupon| record::elsewhere::DoseElsewhere {
        coupon: other.hash(city(), number(coupon)),
        ..dose(coupon, "1")
    };
    central.all_doses(&other, vec![again(3), again(4)]);
    central.bring(&mut store).unwrap();
    assert!(knows(&store, 3) && knows(&store, 4) && !knows(&store, 1));
}

#[test]
fn a_part_that_does_not_hold_together_keeps_the_others_out() {
    for (what, wrong) in [
        ("rules", br#"[{"check":"moon_phase","then":"block"}]"#.to_vec()),
        (
            "doses",
            DoseChanges { municipality: "131130".parse().unwrap(), holds: Vec::new(), gone: Vec::new() }
                .to_bytes(),
        ),
        (
            "changes of changes",
            DoseChanges {
                municipality: city(),
                holds: Vec::new(),
                gone: vec![(dose(1, "1").coupon, "1".parse().unwrap())],
            }
            .to_bytes(),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(folder.path());
        let mut central = central(3);
        let part = central.part(wrong);
        match what {
            "rules" => central.manifest.rules = Some(part),
            _ => central.manifest.doses[0].lists = vec![part],
        }
        assert_eq!(central.bring(&mut store), Err(ReferenceError::Part), "{what}");
        assert_eq!(store.published().unwrap(), Published::default(), "{what}");
        assert!(!knows(&store, 1));
    }
}

#[test]
fn other_bytes_than_those_named_are_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let central = central(3);
    let Ok(Advance::Fetch(wanted)) = store.advance(&central.signed(), moment(1)) else { panic!() };
    let mut bytes = central.bytes[&wanted.part.digest].clone();
    bytes[7] ^= 1;
    assert_eq!(store.keep_piece(wanted, &bytes), Err(ReferenceError::Digest));
    assert_eq!(store.keep_piece(wanted, &bytes[1..]), Err(ReferenceError::Digest), "too short");
    central.bring(&mut store).unwrap();
    assert!(knows(&store, 3));
}

#[test]
fn room_for_entries_and_receipts_stays_free() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let room = |free_bytes| Room { folder: folder.path().to_owned(), free_bytes, leaves_bytes: 1_000_000 };
    store.leave_room(room(|_| Ok(1_000_100)));
    let central = central(5_000);
    assert_eq!(central.bring(&mut store), Err(ReferenceError::NoRoom));
    store.append(&shot(1), moment(1)).unwrap();
    assert_eq!(store.published().unwrap(), Published::default());
    store.leave_room(room(|_| Ok(1_000_000 + 4 * 101_000)));
    central.bring(&mut store).unwrap();
    assert!(knows(&store, 5_000));
}

#[test]
fn an_entry_that_a_person_settled_no_longer_needs_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    for each in 1..=3 {
        store.append(&shot(each), moment(each)).unwrap();
    }
    let pending = store.pending(None, 9).unwrap();
    let conflict = Outcome::NeedsReview(ReviewReason::OtherContentForSameDose);
    let outcome = |position: record::Position| match position.number() {
        1 => Outcome::Delivered,
        _ => conflict.clone(),
    };
    let receipt = receipt(&pending, outcome);
    store.keep_receipt(&receipt, moment(4)).unwrap();
    let told = |place: usize, settlement, hash: &[u8]| SettledEntry {
        epoch: pending[place].epoch,
        position: pending[place].position,
        hash: entry_hash(hash),
        settlement,
        settled_at: moment(5).wall,
    };
    let mut central = Central::new();
    let settled = [
        told(0, Settlement::DoesNotCount, &pending[0].bytes),
        told(1, Settlement::Counts, &pending[1].bytes),
        told(2, Settlement::DoesNotCount, b"another entry at its place"),
    ];
    central.manifest.settled = Some(central.part(document(&settled)));
    central.bring(&mut store).unwrap();
    let states = |store: &Store| {
        let mut rows = store.list(ListFilter::All, 0, 9).unwrap();
        rows.sort_by_key(|row| row.position);
        rows.into_iter().map(|row| row.state).collect::<Vec<_>>()
    };
    let needs = UploadState::NeedsReview(ReviewReason::OtherContentForSameDose);
    let expected = [UploadState::Delivered, UploadState::Settled(Settlement::Counts), needs];
    assert_eq!(states(&store), expected, "what a receipt calls delivered stays so");
    let counts = store.counts("").unwrap();
    assert_eq!((counts.entries, counts.delivered, counts.needs_review), (3, 2, 1));
    store.keep_receipt(&receipt, moment(6)).unwrap();
    assert_eq!(states(&store), expected, "an old receipt does not open it again");
}

#[test]
fn a_tablet_that_was_replaced_knows_it_from_the_manifest_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let mut central = Central::new();
    let replaced = Replaced { by: "131130-0900".parse().unwrap(), at: moment(5).wall };
    central.manifest.replaced = Some(replaced);
    central.bring(&mut store).unwrap();
    assert_eq!(store.published().unwrap().replaced, Some(replaced));
    // Beside documents that come later it still stands, and a manifest without it takes it away.
    central.manifest.lots = Some(central.part(LOTS.as_bytes().to_vec()));
    central.bring(&mut store).unwrap();
    let published = store.published().unwrap();
    assert_eq!((published.replaced, published.lots.is_empty()), (Some(replaced), false));
    central.manifest.replaced = None;
    central.manifest.received = Some(central.part(b"[]".to_vec()));
    central.bring(&mut store).unwrap();
    assert_eq!(store.published().unwrap().replaced, None);
}
