//! The audit: lines in chains of their own, all or none, and never fewer; and what an officer asks of a coupon.
//!
//! Must not: open what is sealed; storage never does.

use std::collections::BTreeSet;

use record::{Epoch, MunicipalityCode, Outcome, WallTime, entry::EntryContent};
use seal::audit::genesis;

use super::{
    boxes::handed,
    entries::{MORNING, day_with_lot, vaccination_in},
    handouts::said,
    people::{effective, row, shibuya},
    sample::{Tablet, enrolled},
};
use crate::{
    audit::{Act, check_chains},
    fleet::Missing,
    lookups::tests::told,
    storage::{
        About, AtMost, CouponKey, Line, LineQuestion, Loss, MediaLine, NewLine, Recorded, ReplaceVerdict,
        Replacement, Said, Storage, unwatched,
    },
};

fn chiyoda() -> MunicipalityCode {
    "131016".parse().unwrap()
}
fn at(minutes: i64) -> WallTime {
    MORNING.plus_ms(minutes * 60_000)
}
fn about(person: u8) -> About {
    About { person: [person; 16], sealed: vec![person; 3] }
}
fn shown(municipality: MunicipalityCode, person: u8, minutes: i64) -> NewLine {
    Act::PersonShown.line_about(municipality, "staff-1", at(minutes), Some(about(person)))
}
fn question(municipality: MunicipalityCode) -> LineQuestion {
    LineQuestion { municipality, kinds: Vec::new(), account: None, person: None, before: None, most: 100 }
}
fn positions(lines: &[Line]) -> Vec<u64> {
    lines.iter().map(|line| line.position).collect()
}

async fn is_good(storage: &dyn Storage) -> bool {
    check_chains(&mut *storage.snapshot().await.unwrap()).await.unwrap().is_good()
}

pub(crate) async fn lines_follow_each_other_in_the_chain_of_their_municipality(storage: &dyn Storage) {
    assert_eq!(storage.last_link(shibuya()).await.unwrap(), None);
    let lines = vec![shown(shibuya(), 1, 0), shown(chiyoda(), 2, 0), shown(shibuya(), 3, 1)];
    assert_eq!(storage.record(lines, None).await.unwrap(), Recorded::Recorded);
    let kept = storage.lines(question(shibuya())).await.unwrap();
    assert_eq!(positions(&kept), [2, 1], "the newest first");
    assert!(kept[0].about == Some(about(3)) && kept[0].at == at(1) && kept[0].account == "staff-1");
    assert_eq!((&*kept[0].kind, Act::read(&kept[0].content)), ("person_shown", Some(Act::PersonShown)));
    assert_eq!(positions(&storage.lines(question(chiyoda())).await.unwrap()), [1]);
    let (place, link) = storage.last_link(shibuya()).await.unwrap().unwrap();
    assert_eq!(place, 2);
    assert_ne!(link, genesis(shibuya()));
    let checked = check_chains(&mut *storage.snapshot().await.unwrap()).await.unwrap();
    assert!(checked.is_good());
    assert_eq!(checked.lines, 3);
    assert!(checked.ends.contains(&("131130".to_owned(), 2, link)), "{:?}", checked.ends);
}

pub(crate) async fn of_many_who_record_at_once_none_is_lost(storage: &dyn Storage) {
    let record = |number: u8| {
        // In either order of the two municipalities: nobody waits for each other in a circle.
        let mut lines = vec![shown(shibuya(), number, 0), shown(chiyoda(), number, 0)];
        if number.is_multiple_of(2) {
            lines.reverse();
        }
        storage.record(lines, None)
    };
    let all = futures_util::future::join_all((0..40).map(record)).await;
    assert!(all.iter().all(|one| *one == Ok(Recorded::Recorded)), "{all:?}");
    for owner in [shibuya(), chiyoda()] {
        let kept = storage.lines(question(owner)).await.unwrap();
        assert_eq!(positions(&kept), (1..=40).rev().collect::<Vec<u64>>());
        let people: BTreeSet<_> = kept.iter().map(|line| line.about.as_ref().unwrap().person).collect();
        assert_eq!(people.len(), 40);
    }
    assert!(is_good(storage).await);
}

/// What the audit says, the newest first: who and what.
async fn told_of(storage: &dyn Storage, municipality: MunicipalityCode) -> Vec<(String, Act)> {
    let kept = storage.lines(question(municipality)).await.unwrap();
    kept.into_iter().map(|line| (line.account, Act::read(&line.content).unwrap())).collect()
}

pub(crate) async fn what_is_handed_out_and_ended_is_told_of_with_it(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let (spare, other) = (Tablet::new("131130-0900"), Tablet::new("131130-0901"));
    let (by, there) = ("staff-1".to_owned(), crate::audit::AT_THE_SERVER.to_owned());
    storage.hand_out(handed(&[&spare, &other], None)).await.unwrap();
    let said = said(storage).await;
    assert_eq!(
        storage.revoke_bundles(other.tablet_id, Said { at: MORNING, ..said.clone() }).await.unwrap(),
        1
    );
    let replacement = Replacement { replaced: tablet.tablet_id, by: spare.tablet_id, said: said.clone() };
    assert_eq!(storage.replace(replacement.clone()).await.unwrap(), ReplaceVerdict::Replaced);
    let runs = vec![(Epoch::FIRST, Missing { first: 1, last: 2 })];
    storage.declare_lost(Loss { tablet_id: tablet.tablet_id, runs, said: said.clone() }).await.unwrap();
    assert_eq!(
        storage.revoke_box(shibuya(), MORNING, Said { at: MORNING, ..said.clone() }).await.unwrap(),
        1
    );
    // What changes nothing, or belongs to another municipality, is not told of.
    assert_eq!(storage.revoke_box(shibuya(), MORNING, said.clone()).await.unwrap(), 0);
    assert_eq!(storage.revoke_box(chiyoda(), MORNING, said.clone()).await.unwrap(), 0);
    assert_eq!(storage.revoke_bundles(other.tablet_id, said.clone()).await.unwrap(), 0);
    assert!(matches!(storage.replace(replacement).await.unwrap(), ReplaceVerdict::Already(_)));
    storage.hand_out(handed(&[&Tablet::new("131130-0902")], None)).await.unwrap_err();
    let tablet = tablet.tablet_id;
    assert_eq!(
        told_of(storage, shibuya()).await,
        [
            (by.clone(), Act::BoxRevoked { box_made_at: MORNING, tablets: 1 }),
            (by.clone(), Act::DeclaredLost { tablet }),
            (by.clone(), Act::TabletReplaced { tablet }),
            (by, Act::BundlesRevoked { tablet: other.tablet_id }),
            (there, Act::BoxMade { box_made_at: MORNING, tablets: 2 }),
        ]
    );
    assert!(told_of(storage, chiyoda()).await.is_empty());
    assert!(is_good(storage).await);
}

pub(crate) async fn a_line_of_the_media_ledger_brings_its_line_of_the_audit_or_neither(
    storage: &dyn Storage,
) {
    let line = |number: u64| MediaLine {
        number,
        about: "card".to_owned(),
        line: format!("{{\"n\":{number}}}"),
        link: record::bytes::Link([number as u8; 32]),
    };
    let audited = |account: &str| Some(Act::KeyCardTaken.line(shibuya(), account, at(0)));
    assert!(storage.add_media_line(shibuya(), line(1), audited("staff-1")).await.unwrap());
    assert!(
        !storage.add_media_line(shibuya(), line(1), audited("staff-2")).await.unwrap(),
        "its number is taken"
    );
    assert!(storage.add_media_line(shibuya(), line(2), None).await.unwrap());
    assert_eq!(told_of(storage, shibuya()).await, [("staff-1".to_owned(), Act::KeyCardTaken)]);
    assert!(is_good(storage).await);
}

pub(crate) async fn what_would_be_too_many_is_not_recorded_anywhere(storage: &dyn Storage) {
    let bound = |since: WallTime| AtMost {
        municipality: shibuya(),
        account: "staff-1".to_owned(),
        kind: "person_shown",
        since,
        most: 2,
    };
    let record = |minutes: i64, since: i64| {
        let lines = vec![shown(shibuya(), 1, minutes), shown(chiyoda(), 1, minutes)];
        storage.record(lines, Some(bound(at(since))))
    };
    assert_eq!(record(1, 0).await.unwrap(), Recorded::Recorded);
    assert_eq!(record(2, 0).await.unwrap(), Recorded::Recorded);
    assert_eq!(record(3, 0).await.unwrap(), Recorded::TooMany);
    for owner in [shibuya(), chiyoda()] {
        assert_eq!(storage.lines(question(owner)).await.unwrap().len(), 2);
    }
    let other = Act::PersonShown.line(shibuya(), "staff-2", at(3));
    storage.record(vec![other], None).await.unwrap();
    assert_eq!(record(4, 0).await.unwrap(), Recorded::TooMany);
    assert_eq!(record(62, 2).await.unwrap(), Recorded::Recorded, "the first is longer ago");
}

pub(crate) async fn lines_are_asked_for_by_conditions_and_in_pages(storage: &dyn Storage) {
    for minutes in 0..6 {
        let person = (minutes % 2) as u8;
        storage.record(vec![shown(shibuya(), person, minutes)], None).await.unwrap();
    }
    let searched = Act::Searched { found: false }.line(shibuya(), "staff-2", at(6));
    storage.record(vec![searched], None).await.unwrap();
    let of = |question: LineQuestion| async { positions(&storage.lines(question).await.unwrap()) };
    let all = || question(shibuya());
    assert_eq!(of(LineQuestion { most: 2, ..all() }).await, [7, 6]);
    assert_eq!(of(LineQuestion { most: 2, before: Some(6), ..all() }).await, [5, 4]);
    assert_eq!(of(LineQuestion { kinds: vec!["searched"], ..all() }).await, [7]);
    assert_eq!(of(LineQuestion { kinds: vec!["searched", "person_shown"], ..all() }).await.len(), 7);
    assert_eq!(of(LineQuestion { account: Some("staff-2".to_owned()), ..all() }).await, [7]);
    let both = LineQuestion { person: Some([1; 16]), kinds: vec!["person_shown"], ..all() };
    assert_eq!(of(both).await, [6, 4, 2]);
    assert!(of(LineQuestion { account: Some("staff-3".to_owned()), ..all() }).await.is_empty());
}

pub(crate) async fn what_is_done_and_its_line_are_one(storage: &dyn Storage) {
    let import = effective(storage, vec![row(2, 1, 1, 1)]).await;
    let undone =
        storage.undo_import(shibuya(), import, "officer-3".to_owned(), at(9), unwatched()).await.unwrap();
    assert_eq!(undone, crate::storage::Undone::Done);
    // What is refused leaves no line.
    let again =
        storage.undo_import(shibuya(), import, "officer-3".to_owned(), at(9), unwatched()).await.unwrap();
    assert_eq!(again, crate::storage::Undone::NotInEffect);
    let kept = storage.lines(question(shibuya())).await.unwrap();
    let said: Vec<_> = kept.iter().map(|line| (line.account.as_str(), Act::read(&line.content))).collect();
    assert_eq!(
        said,
        [
            ("officer-3", Some(Act::ImportUndone { import })),
            ("officer-2", Some(Act::ImportTookEffect { import }))
        ]
    );
    assert!(is_good(storage).await);
}

pub(crate) async fn a_look_up_without_its_other_side_is_found(storage: &dyn Storage) {
    let mut received = told();
    received.municipality = shibuya();
    let (made, received) = (
        Act::LookedUp(told()).line(shibuya(), "staff-1", at(0)),
        Act::WasLookedUp(received).line(chiyoda(), "staff-1", at(0)),
    );
    storage.record(vec![made.clone(), received], None).await.unwrap();
    assert!(is_good(storage).await);
    let mut alone = told();
    alone.look_up = "f".repeat(32);
    storage.record(vec![Act::LookedUp(alone).line(shibuya(), "staff-1", at(1))], None).await.unwrap();
    let checked = check_chains(&mut *storage.snapshot().await.unwrap()).await.unwrap();
    assert_eq!(checked.one_sided, ["municipality 131130 line 2"]);
    assert!(checked.broken.is_empty() && !checked.is_good());
}

pub(crate) async fn the_entries_of_a_coupon_come_with_their_changes(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let (first, beside) = (maker.vaccination(), maker.vaccination());
    let coupon = vaccination_in(&first).coupon;
    let correction = maker.correction(first.entry_id, {
        let mut right = vaccination_in(&first);
        right.day = day_with_lot("FK0108");
        right
    });
    let cancellation = maker.cancellation(correction.entry_id);
    let again = maker.vaccination_of(coupon, day_with_lot("FJ7489"));
    let other = maker.vaccination_of(coupon, day_with_lot("FM3289"));
    let sent = [first, beside, correction, cancellation, again, other];
    let outcomes = tablet.send(storage, &tablet.chain_of(&sent)).await;
    assert!(matches!(outcomes[..], [Outcome::Delivered, .., Outcome::Delivered, Outcome::NeedsReview(_)]));
    let key =
        |coupon: record::OcrLine| CouponKey { municipality: coupon.municipality(), number: coupon.number() };
    let found = storage.entries_of(key(coupon)).await.unwrap();
    let ids: Vec<_> = found.iter().map(|one| one.entry.entry_id).collect();
    let [first, _, correction, cancellation, again, other] = &sent;
    let expected = [first, correction, cancellation, again, other].map(|entry| entry.entry_id);
    assert_eq!(ids, expected);
    assert!(matches!(found[2].entry.content, EntryContent::Cancellation(_)));
    assert_eq!(found[4].outcome, outcomes[5]);
    assert!(found.iter().all(|one| one.tablet_id == tablet.tablet_id));
    let nobodys = CouponKey { municipality: chiyoda(), number: coupon.number() };
    assert!(storage.entries_of(nobodys).await.unwrap().is_empty());
}
