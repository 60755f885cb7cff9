//! Places and links: repetition, gaps, forks, breaks.
//!
//! Must not: care what the entries say.

use record::{Epoch, Outcome, Position, ReviewReason, bytes::Link, outcome::LaterReason};

use super::{
    entries::EntryMaker,
    sample::{NOON, enrolled, enrolled_as, review},
};
use crate::{
    fleet::{Missing, timeline::Arrival},
    intake::{ChainedEntry, Content, ReadEntry, read},
    storage::Storage,
};

const DELIVERED: Outcome = Outcome::Delivered;

pub(crate) async fn a_repeated_batch_changes_nothing(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut entries = tablet.vaccinations(4);
    entries[1] = b"{}".to_vec();
    let chain = tablet.chain(&entries);
    let first = tablet.send(storage, &chain).await;
    let (kept, row) = (tablet.kept(storage).await, tablet.row(storage).await);
    assert_eq!(kept.len(), 4);
    for _ in 0..3 {
        assert_eq!(tablet.send(storage, &chain).await, first);
    }
    assert_eq!(tablet.kept(storage).await, kept);
    assert_eq!(tablet.row(storage).await, row);
}

pub(crate) async fn a_partly_repeated_batch_adds_the_rest(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let chain = tablet.chain(&tablet.vaccinations(6));
    tablet.send(storage, &chain[..4]).await;
    assert_eq!(tablet.send(storage, &chain[2..]).await, vec![DELIVERED; 4]);
    let kept = tablet.kept(storage).await;
    assert_eq!(kept.iter().map(|(place, ..)| *place).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert_eq!((tablet.row(storage).await.stored(), tablet.row(storage).await.missing()), (6, 0));
}

pub(crate) async fn a_gap_shows_and_closes(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let chain = tablet.chain(&tablet.vaccinations(10));
    let some: Vec<_> = [0, 1, 3, 7, 8, 9].iter().map(|index| chain[*index].clone()).collect();
    assert_eq!(tablet.send(storage, &some).await, vec![DELIVERED; 6]);
    let missing = |most| storage.missing(tablet.tablet_id, Epoch::FIRST, most);
    let (three, five_to_seven) = (Missing { first: 3, last: 3 }, Missing { first: 5, last: 7 });
    assert_eq!(missing(9).await.unwrap(), [three, five_to_seven]);
    assert_eq!(missing(1).await.unwrap(), [three]);
    assert_eq!(tablet.row(storage).await.missing(), 4);
    assert_eq!(tablet.send(storage, &chain[2..7]).await, vec![DELIVERED; 5]);
    assert_eq!(missing(9).await.unwrap(), []);
    assert_eq!(tablet.row(storage).await.missing(), 0);
    // A gap at the very beginning is one as well.
    let other = enrolled_as(storage, "131130-0018").await;
    let chain = other.chain(&other.vaccinations(3));
    other.send(storage, &chain[2..]).await;
    let missing = storage.missing(other.tablet_id, Epoch::FIRST, 9).await.unwrap();
    assert_eq!(missing, [Missing { first: 1, last: 2 }]);
}

pub(crate) async fn entries_that_were_not_sent_yet_are_no_gap(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let chain = tablet.chain(&tablet.vaccinations(4));
    let mut batch = tablet.batch(&chain[..3]);
    batch.last_position = Position::new(214).unwrap();
    storage.keep(batch).await.unwrap();
    let row = tablet.row(storage).await;
    assert_eq!((row.missing(), row.on_their_way()), (0, 211));
    // A later batch that knows less does not make the tablet forget what it said.
    tablet.send(storage, &chain[3..]).await;
    assert_eq!(tablet.row(storage).await.on_their_way(), 210);
}

pub(crate) async fn a_fork_is_kept_on_both_sides(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let entries = tablet.vaccinations(8);
    let chain = tablet.chain(&entries[..4]);
    tablet.send(storage, &chain).await;
    // A backup of after the second entry was restored, and other entries followed.
    let restored = [&entries[..2], &entries[4..]].concat();
    let forked = tablet.chain(&restored);
    let outcomes = tablet.send(storage, &forked[2..]).await;
    let taken = review(ReviewReason::PositionTaken);
    assert_eq!(outcomes, [taken.clone(), taken, DELIVERED, DELIVERED]);
    assert_eq!(tablet.send(storage, &forked[2..]).await, outcomes, "and so again");
    let kept = tablet.kept(storage).await;
    assert_eq!(kept.iter().map(|(place, ..)| *place).collect::<Vec<_>>(), [1, 2, 3, 3, 4, 4, 5, 6]);
    let row = tablet.row(storage).await;
    assert_eq!((row.stored(), row.missing(), row.needs_review()), (6, 0, 2));
}

pub(crate) async fn an_entry_that_does_not_follow_needs_review(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let entries = tablet.vaccinations(6);
    let chain = tablet.chain(&entries);
    tablet.send(storage, &chain[..3]).await;
    // The third entry was altered on the tablet: everything after it links to what was never sent.
    let mut altered = entries.clone();
    altered[2] = tablet.maker().vaccination().to_bytes();
    let tampered = tablet.chain(&altered);
    let outcomes = tablet.send(storage, &tampered[3..]).await;
    assert_eq!(outcomes, [review(ReviewReason::ChainBroken), DELIVERED, DELIVERED]);
    assert_eq!(tablet.row(storage).await.needs_review(), 1);
}

pub(crate) async fn an_entry_that_comes_late_must_meet_its_neighbours(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let entries = tablet.vaccinations(5);
    let chain = tablet.chain(&entries);
    let gap: Vec<_> = [0, 1, 3, 4].iter().map(|index| chain[*index].clone()).collect();
    assert_eq!(tablet.send(storage, &gap).await, vec![DELIVERED; 4]);
    let mut altered = entries.clone();
    altered[2] = tablet.maker().vaccination().to_bytes();
    let other = tablet.chain(&altered);
    assert_eq!(tablet.send(storage, &other[2..3]).await, [review(ReviewReason::ChainBroken)]);
    assert_eq!(tablet.send(storage, &chain[2..3]).await, [review(ReviewReason::PositionTaken)]);
    assert_eq!(tablet.kept(storage).await.len(), 6, "both are kept");
}

pub(crate) async fn an_epoch_begins_with_the_tablets_own_key(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut chain = tablet.chain(&tablet.vaccinations(1));
    let right = chain[0].clone();
    let previous = Link([3; 32]);
    let link = seal::chain::link(&previous, right.position, &right.hash);
    chain[0].previous = previous;
    chain[0].link = link;
    assert_eq!(tablet.send(storage, &chain).await, [review(ReviewReason::ChainBroken)]);

    // A second database begins at 1 again, with a beginning of its own.
    let second = Epoch::FIRST.next();
    let entries = tablet.vaccinations(3);
    let mut batch = tablet.batch(&tablet.chain_in(second, &entries[1..]));
    batch.epoch = second;
    assert_eq!(storage.keep(batch).await.unwrap(), vec![DELIVERED; 2]);
    let mut batch = tablet.batch(&tablet.chain(&entries[2..]));
    batch.epoch = second.next();
    assert_eq!(storage.keep(batch).await.unwrap(), [review(ReviewReason::ChainBroken)]);
    assert_eq!(tablet.row(storage).await.epochs.len(), 3);
}

pub(crate) async fn a_kind_of_tomorrow_comes_later(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = EntryMaker::new(tablet.tablet_id.municipality(), 5);
    let text = String::from_utf8(maker.vaccination().to_bytes()).unwrap();
    let newer = text.replace("\"kind\":\"vaccination\"", "\"kind\":\"stock_move\"").into_bytes();
    let entries = tablet.vaccinations(2);
    let chain = tablet.chain(&[entries[0].clone(), newer, entries[1].clone()]);
    let later = Outcome::Later(LaterReason::UnknownKind);
    let outcomes = tablet.send(storage, &chain).await;
    assert_eq!(outcomes, [DELIVERED, later.clone(), DELIVERED]);
    assert_eq!(tablet.kept(storage).await.len(), 2, "it is not kept yet");
    assert_eq!(tablet.row(storage).await.missing(), 1, "and shows as missing until it is");
    assert_eq!(tablet.send(storage, &chain[1..2]).await, [later]);
    // The central of tomorrow reads the same bytes.
    let mut known = chain[1].clone();
    let said = maker.vaccination();
    known.content = Content::Known(Box::new(said));
    assert_eq!(tablet.send(storage, &[known]).await, [DELIVERED]);
    assert_eq!(tablet.row(storage).await.missing(), 0);
    let version = text.replace("\"version\":1", "\"version\":2").into_bytes();
    let chained = ChainedEntry { bytes: version, ..chained_like(&chain[0]) };
    assert!(matches!(read(chained).content, Content::Newer));
}

fn chained_like(entry: &crate::intake::ReadEntry) -> ChainedEntry {
    ChainedEntry {
        position: entry.position,
        hash: entry.hash,
        previous: entry.previous,
        link: entry.link,
        bytes: entry.bytes.clone(),
    }
}

pub(crate) async fn arrivals_are_runs_of_places_in_the_order_they_came(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut entries = tablet.vaccinations(9);
    entries[4] = b"{}".to_vec();
    let chain = tablet.chain(&entries);
    let came = async |minutes: i64, entries: &[ReadEntry]| {
        let mut batch = tablet.batch(entries);
        batch.received_at = NOON.plus_ms(minutes * 60_000);
        storage.keep(batch).await.unwrap();
    };
    came(1, &[&chain[..2], &chain[4..6]].concat()).await;
    came(2, &chain[2..4]).await;
    came(3, &chain[2..4]).await; // nothing new
    // Another entry for a place that is taken is no further place.
    entries[7..].reverse();
    let fork = tablet.chain(&entries);
    came(4, &[&chain[6..8], &fork[8..]].concat()).await;
    came(4, &fork[7..8]).await;
    let arrival = |minutes: i64, first, last, needs_review| Arrival {
        received_at: NOON.plus_ms(minutes * 60_000),
        epoch: Epoch::FIRST,
        first,
        last,
        needs_review,
    };
    let arrivals = storage.arrivals(tablet.tablet_id).await.unwrap();
    assert_eq!(arrivals[..3], [arrival(1, 1, 2, 0), arrival(1, 5, 6, 1), arrival(2, 3, 4, 0)]);
    let last = arrivals[3];
    assert_eq!((arrivals.len(), last.first, last.last), (4, 7, 9));
    assert!(last.needs_review >= 1, "what claims a taken place needs a person");
    let other = enrolled_as(storage, "131130-0018").await;
    assert_eq!(storage.arrivals(other.tablet_id).await.unwrap(), []);
}
