//! What is sent down: who is told what, that versions rise, and that lists say which doses stand.
//!
//! Must not: test how a tablet takes it in; `sync` and `store` do.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use record::{
    DoseNumber, Entry, Epoch, MunicipalityCode, Position, TabletId,
    bytes::{CouponHash, EntryHash, PartDigest},
    reference::{SettledEntry, Settlement, doses::DoseChanges, settled},
};
use seal::{coupon::CouponMaster, reference::part_digest};

use super::{
    entries::{MORNING, day},
    sample::{NOON, Tablet, enrolled, enrolled_as},
};
use crate::{
    reference,
    storage::{ComparedLists, Publication, PublicationKind, Storage, Told},
};

pub(crate) fn master() -> Arc<CouponMaster> {
    Arc::new(CouponMaster::from_bytes([5; 32]))
}

fn city() -> MunicipalityCode {
    "131130".parse().unwrap()
}

fn publication(kind: PublicationKind, municipality: Option<MunicipalityCode>, bytes: &[u8]) -> Publication {
    Publication { kind, municipality, bytes: bytes.to_vec(), at: NOON }
}

pub(super) async fn whole(storage: &dyn Storage, tablet_id: TabletId, digest: PartDigest) -> Option<Vec<u8>> {
    let piece = storage.piece(tablet_id, digest, 0, u64::MAX).await.unwrap()?;
    assert_eq!(piece.size, piece.bytes.len() as u64);
    assert_eq!(part_digest(&piece.bytes), digest);
    Some(piece.bytes)
}

/// Gathers and lists all there is; how many lists that made.
pub(super) async fn refresh(storage: &dyn Storage) -> usize {
    while storage.gather_doses(master(), 7).await.unwrap() > 0 {}
    let mut lists = 0;
    while storage.list_doses(NOON).await.unwrap().is_some() {
        lists += 1;
    }
    lists
}

/// Which doses a tablet knows of that municipality after taking in all lists in order.
pub(super) async fn known(
    storage: &dyn Storage,
    tablet: &Tablet,
    municipality: MunicipalityCode,
) -> BTreeMap<(CouponHash, DoseNumber), String> {
    let told = storage.told(tablet.tablet_id).await.unwrap();
    let mut known = BTreeMap::new();
    let Some(chain) = told.doses.iter().find(|chain| chain.municipality == municipality) else {
        return known;
    };
    for list in &chain.lists {
        let bytes = whole(storage, tablet.tablet_id, list.digest).await.unwrap();
        assert_eq!(list.size, bytes.len() as u64);
        let changes = DoseChanges::read(&bytes).unwrap();
        assert_eq!(changes.municipality, municipality);
        for dose in changes.holds {
            let maker = dose.manufacturer.map(|maker| maker.to_string()).unwrap_or_default();
            known.insert((dose.coupon, dose.dose), format!("{} {maker}", dose.given_on));
        }
        for gone in changes.gone {
            assert!(known.remove(&gone).is_some(), "only what was told is taken away");
        }
    }
    known
}

fn key_of(entry: &Entry) -> (CouponHash, DoseNumber) {
    let vaccination = entry.content.vaccination().unwrap();
    let (municipality, number) = (vaccination.coupon.municipality(), vaccination.coupon.number());
    (master().key(municipality).hash(municipality, number), vaccination.day.dose)
}

pub(crate) async fn what_is_published_is_told_to_whom_it_concerns(storage: &dyn Storage) {
    let (one, other) = (Tablet::new("131130-0017"), Tablet::new("131016-0001"));
    assert_eq!(storage.told(one.tablet_id).await.unwrap(), Told::default());
    let (lots, rules) = (PublicationKind::Lots, PublicationKind::Rules);
    storage.publish(publication(lots, None, b"lots of all")).await.unwrap();
    storage.publish(publication(rules, None, b"rules of all")).await.unwrap();
    storage.publish(publication(lots, Some(city()), b"lots of one")).await.unwrap();
    storage.publish(publication(rules, Some(city()), b"rules of one")).await.unwrap();
    storage.publish(publication(lots, None, b"newer lots of all")).await.unwrap();
    let told = |tablet: &Tablet| storage.told(tablet.tablet_id);
    let (mine, theirs) = (told(&one).await.unwrap(), told(&other).await.unwrap());
    let read = |part: Option<record::wire::reference::Part>, tablet: &Tablet| {
        let tablet_id = tablet.tablet_id;
        async move { whole(storage, tablet_id, part.unwrap().digest).await.unwrap() }
    };
    assert_eq!(read(mine.lots, &one).await, b"newer lots of all");
    assert_eq!(read(mine.received, &one).await, b"lots of one");
    assert_eq!(read(mine.rules, &one).await, b"rules of one");
    assert_eq!(read(theirs.rules, &other).await, b"rules of all");
    assert_eq!(theirs.received, None);
    let not_theirs = mine.received.unwrap().digest;
    assert_eq!(whole(storage, other.tablet_id, not_theirs).await, None);
    let published = storage.publications().await.unwrap();
    assert_eq!(published.len(), 5, "what was published before is still known");
    assert_eq!((published[2].kind, published[2].municipality), (lots, Some(city())));
    assert_eq!(published[4].part, mine.lots.unwrap());
}

pub(crate) async fn a_version_never_goes_back_and_rises_with_every_change(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut versions = Vec::new();
    let early = Publication { at: MORNING, ..publication(PublicationKind::Lots, None, b"early") };
    for publication in [publication(PublicationKind::Lots, None, b"lots"), early] {
        let version = storage.publish(publication).await.unwrap();
        assert_eq!(storage.told(tablet.tablet_id).await.unwrap().version, Some(version));
        versions.push(version);
    }
    let told = async || storage.told(tablet.tablet_id).await.unwrap().version.unwrap();
    let other: MunicipalityCode = "131016".parse().unwrap();
    storage.let_know(tablet.tablet_id, [other].into(), NOON).await.unwrap();
    versions.push(told().await);
    storage.let_know(tablet.tablet_id, [other].into(), NOON).await.unwrap();
    assert_eq!(told().await, versions[2], "nothing changed");
    storage.let_know(tablet.tablet_id, [].into(), NOON).await.unwrap();
    versions.push(told().await);
    tablet.send(storage, &tablet.chain(&tablet.vaccinations(1))).await;
    refresh(storage).await;
    versions.push(told().await);
    assert!(versions.is_sorted_by(|one, next| one < next), "{versions:?}");
}

pub(crate) async fn doses_that_stand_are_listed_once_and_then_only_what_changed(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let entries = tablet.vaccinations(30);
    let chain = tablet.chain(&entries);
    tablet.send(storage, &chain[..20]).await;
    assert_eq!(refresh(storage).await, 1);
    assert_eq!(refresh(storage).await, 0, "nothing came since");
    let entries: Vec<Entry> = entries.iter().map(|bytes| Entry::from_bytes(bytes).unwrap()).collect();
    let first = known(storage, &tablet, city()).await;
    assert_eq!(first.len(), 20);
    assert_eq!(first[&key_of(&entries[0])], "2021-11-22 ファイザー");
    tablet.send(storage, &chain[20..]).await;
    assert_eq!(refresh(storage).await, 1);
    assert_eq!(known(storage, &tablet, city()).await.len(), 30);
    let lists = storage.told(tablet.tablet_id).await.unwrap().doses.remove(0).lists;
    assert_eq!(lists.len(), 2);
    assert!(lists[1].size < lists[0].size, "{lists:?}");
    // A batch that comes again brings nothing new.
    tablet.send(storage, &chain).await;
    assert_eq!(refresh(storage).await, 0);
}

pub(crate) async fn what_no_longer_stands_is_taken_away(storage: &dyn Storage) {
    let (tablet, other) = (enrolled(storage).await, enrolled_as(storage, "131130-0018").await);
    let mut maker = tablet.maker();
    let coupon = |number: u64| format!("21131130{number:010}").parse().unwrap();
    let first = maker.vaccination_of(coupon(1), day());
    let second = maker.vaccination_of(coupon(2), day());
    let third = maker.vaccination_of(coupon(3), day());
    let cancelled = maker.cancellation(first.entry_id);
    let mut right = super::entries::vaccination_in(&second);
    right.coupon = coupon(4);
    let corrected = maker.correction(second.entry_id, right);
    let screened = maker.screened_only();
    let of = [first.clone(), second.clone(), third.clone(), cancelled, corrected.clone(), screened];
    let chain = tablet.chain_of(&of);
    tablet.send(storage, &chain[..3]).await;
    refresh(storage).await;
    assert_eq!(known(storage, &other, city()).await.len(), 3);
    tablet.send(storage, &chain[3..]).await;
    assert_eq!(refresh(storage).await, 1);
    let left: Vec<_> = known(storage, &other, city()).await.into_keys().collect();
    let (wrong, right) = (key_of(&second), {
        let line: record::OcrLine = coupon(4);
        (master().key(city()).hash(city(), line.number()), key_of(&second).1)
    });
    assert!(left.contains(&key_of(&third)) && left.contains(&right) && !left.contains(&wrong));
    assert_eq!(left.len(), 2, "of the first dose nothing is left");
    // It is given again, and told again.
    let mut again = other.maker();
    let again = again.vaccination_of(coupon(1), day());
    other.send(storage, &other.chain_of(&[again])).await;
    refresh(storage).await;
    assert!(known(storage, &tablet, city()).await.contains_key(&key_of(&first)));
}

pub(crate) async fn lists_go_to_tablets_that_were_let_know_and_to_no_other(storage: &dyn Storage) {
    let (tablet, other) = (enrolled(storage).await, enrolled_as(storage, "131016-0001").await);
    tablet.send(storage, &tablet.chain(&tablet.vaccinations(3))).await;
    refresh(storage).await;
    let list = storage.told(tablet.tablet_id).await.unwrap().doses[0].lists[0];
    assert_eq!(known(storage, &other, city()).await.len(), 0);
    assert_eq!(whole(storage, other.tablet_id, list.digest).await, None, "not even by its name");
    storage.let_know(other.tablet_id, [city()].into(), NOON).await.unwrap();
    assert_eq!(known(storage, &other, city()).await.len(), 3);
    storage.let_know(other.tablet_id, [].into(), NOON).await.unwrap();
    assert_eq!(whole(storage, other.tablet_id, list.digest).await, None);
}

pub(crate) async fn under_another_secret_everything_is_listed_anew(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    tablet.send(storage, &tablet.chain(&tablet.vaccinations(9))).await;
    assert!(!storage.is_hashed().await.unwrap(), "nothing was hashed yet");
    refresh(storage).await;
    assert!(storage.is_hashed().await.unwrap());
    let before = known(storage, &tablet, city()).await;
    let version = storage.told(tablet.tablet_id).await.unwrap().version;
    let other = Arc::new(CouponMaster::from_bytes([6; 32]));
    while storage.gather_doses(Arc::clone(&other), 100).await.unwrap() > 0 {}
    while storage.list_doses(NOON).await.unwrap().is_some() {}
    let after = known(storage, &tablet, city()).await;
    assert_eq!(after.len(), before.len());
    assert!(after.keys().all(|dose| !before.contains_key(dose)), "no hash of the old secret is left");
    assert!(storage.told(tablet.tablet_id).await.unwrap().version > version);
}

pub(crate) async fn lists_follow_from_the_register_whatever_came_and_was_decided(storage: &dyn Storage) {
    let compare = async || storage.compare_doses(master()).await.unwrap();
    let empty = ComparedLists { doses: 0, unlike: BTreeSet::new() };
    assert_eq!(compare().await, empty);
    super::archive::eventful(storage).await;
    let before_listing = compare().await;
    assert!(before_listing.doses > 30 && before_listing.unlike.is_empty(), "{before_listing:?}");
    assert!(!storage.is_hashed().await.unwrap(), "comparing leaves nothing");
    refresh(storage).await;
    assert_eq!(compare().await, before_listing);
    // Something more came: it waits to be listed, which is no fault.
    let tablet = enrolled_as(storage, "131130-0033").await;
    tablet.send(storage, &tablet.chain(&tablet.vaccinations(3))).await;
    let more = compare().await;
    assert_eq!((more.doses, more.unlike.len()), (before_listing.doses + 3, 0));
    assert_eq!(refresh(storage).await, 1);
}

/// What can become of the lists of a database, as SQL that every kind understands.
pub(crate) const HARMS: [&str; 6] = [
    "DELETE FROM dose_lists",
    "DELETE FROM dose_pieces",
    "UPDATE dose_lists SET digest = (SELECT hash FROM entries ORDER BY position LIMIT 1)",
    "DELETE FROM told_doses",
    "UPDATE told_doses SET given_on = '2021-11-20'",
    "UPDATE told_doses SET given_on = NULL, manufacturer = NULL",
];

/// Run by each implementation: only it can do harm to its own tables.
pub(crate) async fn lists_that_were_harmed_are_found_and_made_anew(
    storage: &dyn Storage,
    harm: impl AsyncFn(&'static str),
) {
    let (tablet, other) = (enrolled(storage).await, enrolled_as(storage, "131016-0001").await);
    tablet.send(storage, &tablet.chain(&tablet.vaccinations(9))).await;
    refresh(storage).await;
    let before = known(storage, &tablet, city()).await;
    let found = async || reference::compare(storage, &master()).await.unwrap();
    let rebuilt = async || reference::rebuild(storage, &master(), NOON).await.unwrap();
    for sql in HARMS {
        harm(sql).await;
        let unlike = BTreeSet::from([city()]);
        assert_eq!(found().await, Some(ComparedLists { doses: 9, unlike: unlike.clone() }), "{sql}");
        assert_eq!(found().await.unwrap().unlike, unlike, "comparing mends nothing");
        assert_eq!(rebuilt().await.unwrap().unlike, unlike, "{sql}");
        assert_eq!(found().await.unwrap().unlike, BTreeSet::new(), "{sql}");
        assert_eq!(known(storage, &tablet, city()).await, before, "{sql}");
    }
    let version = storage.told(tablet.tablet_id).await.unwrap().version;
    assert_eq!(rebuilt().await.unwrap().unlike, BTreeSet::new());
    let told = storage.told(tablet.tablet_id).await.unwrap();
    assert_eq!(told.version, version, "what is right is not sent again");
    assert_eq!(storage.told(other.tablet_id).await.unwrap().doses, []);
}

pub(crate) async fn many_lists_become_one_that_says_the_same(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let chain = tablet.chain(&tablet.vaccinations(302));
    let mut lists = 0;
    let mut last = None;
    for entry in chain {
        last = storage
            .told(tablet.tablet_id)
            .await
            .unwrap()
            .doses
            .pop()
            .and_then(|chain| chain.lists.last().copied());
        tablet.send(storage, &[entry]).await;
        while storage.gather_doses(master(), 100).await.unwrap() > 0 {}
        storage.list_doses(NOON).await.unwrap();
        lists = storage.told(tablet.tablet_id).await.unwrap().doses[0].lists.len();
    }
    assert_eq!(lists, 302, "while something waits no time is lost with it");
    assert!(last.is_some());
    let before = known(storage, &tablet, city()).await;
    let told = storage.told(tablet.tablet_id).await.unwrap();
    assert_eq!(refresh(storage).await, 1);
    let folded = storage.told(tablet.tablet_id).await.unwrap();
    assert_eq!(folded.doses[0].lists.len(), 1);
    assert_eq!(folded.doses[0].same_as, told.doses[0].lists.last().map(|list| list.digest));
    assert!(folded.version > told.version);
    assert_eq!(known(storage, &tablet, city()).await, before);
}

pub(crate) async fn what_was_decided_is_told_to_the_tablet_that_made_the_entry(storage: &dyn Storage) {
    let (tablet, other) = (enrolled(storage).await, enrolled_as(storage, "131130-0018").await);
    let told = |settlement| SettledEntry {
        epoch: Epoch::FIRST,
        position: Position::FIRST,
        hash: EntryHash([4; 32]),
        settlement,
        settled_at: NOON,
    };
    storage.tell_settled(tablet.tablet_id, told(Settlement::Counts), NOON).await.unwrap();
    let before = storage.told(tablet.tablet_id).await.unwrap().settled.unwrap();
    storage.tell_settled(tablet.tablet_id, told(Settlement::DoesNotCount), NOON).await.unwrap();
    let part = storage.told(tablet.tablet_id).await.unwrap().settled.unwrap();
    assert!(part.version > before.version);
    let bytes = whole(storage, tablet.tablet_id, part.digest).await.unwrap();
    assert_eq!(settled(&bytes).unwrap(), [told(Settlement::DoesNotCount)]);
    assert_eq!(storage.told(other.tablet_id).await.unwrap().settled, None);
    assert_eq!(whole(storage, other.tablet_id, part.digest).await, None);
}

pub(crate) async fn a_part_is_given_in_any_pieces(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let entries = tablet.vaccinations(200);
    tablet.send(storage, &tablet.chain(&entries)).await;
    refresh(storage).await;
    storage.publish(publication(PublicationKind::Lots, None, &[7; 1000])).await.unwrap();
    let told = storage.told(tablet.tablet_id).await.unwrap();
    for part in [told.doses[0].lists[0], told.lots.unwrap()] {
        let whole = whole(storage, tablet.tablet_id, part.digest).await.unwrap();
        let piece =
            async |first, most| storage.piece(tablet.tablet_id, part.digest, first, most).await.unwrap();
        let mut together = Vec::new();
        while let Some(piece) = piece(together.len() as u64, 333).await {
            assert_eq!(piece.size, part.size);
            together.extend(piece.bytes);
        }
        assert_eq!(together, whole);
        assert_eq!(piece(part.size, 1).await, None);
    }
    let unknown = PartDigest([0; 32]);
    assert_eq!(storage.piece(tablet.tablet_id, unknown, 0, 9).await.unwrap(), None);
}
