//! Tablets: invitation, enrolment, where they stand.
//!
//! Must not: send entries for their own sake; `chains` and the others do.

use super::sample::{NOON, Tablet, enrolled, status};
use crate::{
    fleet::{EpochStatus, TabletState},
    storage::{Enrolment, EnrolmentVerdict, Storage, contract::entries::MORNING},
};
use record::{Epoch, Position, bytes::PublicKey, wire::batch::SetAsideEpoch};

const FIRST: EnrolmentVerdict = EnrolmentVerdict::Enrolled { enrolled_at: MORNING };

pub(crate) async fn a_tablet_enrols_once_and_its_number_stays_with_its_key(storage: &dyn Storage) {
    let tablet = Tablet::new("131130-0017");
    assert_eq!(storage.device(tablet.tablet_id).await.unwrap(), None);
    storage.invite(tablet.invitation(1)).await.unwrap();
    assert_eq!(storage.device(tablet.tablet_id).await.unwrap(), None);
    assert_eq!(storage.enrol(tablet.enrolment(1)).await.unwrap(), FIRST);
    assert_eq!(
        storage.device(tablet.tablet_id).await.unwrap().map(|device| device.key),
        Some(tablet.device_key)
    );
    let again = Enrolment { at: NOON, ..tablet.enrolment(1) };
    assert_eq!(storage.enrol(again).await.unwrap(), FIRST, "the same answer as before");
    let thief = Enrolment { device_key: PublicKey([9; 32]), ..tablet.enrolment(1) };
    assert_eq!(storage.enrol(thief.clone()).await.unwrap(), EnrolmentVerdict::Refused);
    // Not even a further bundle gives the number to another device; the same device may bring its token.
    storage.invite(tablet.invitation(2)).await.unwrap();
    let thief = Enrolment { token_digest: [2; 32], ..thief };
    assert_eq!(storage.enrol(thief).await.unwrap(), EnrolmentVerdict::Refused);
    assert_eq!(storage.enrol(tablet.enrolment(2)).await.unwrap(), FIRST);
    assert_eq!(
        storage.device(tablet.tablet_id).await.unwrap().map(|device| device.key),
        Some(tablet.device_key)
    );
}

pub(crate) async fn a_token_lets_in_its_own_tablet_and_in_time_only(storage: &dyn Storage) {
    let (one, two) = (Tablet::new("131130-0017"), Tablet::new("131130-0018"));
    storage.invite(one.invitation(1)).await.unwrap();
    storage.invite(two.invitation(2)).await.unwrap();
    for (tablet, token) in [(&one, 2), (&one, 3), (&two, 1)] {
        assert_eq!(storage.enrol(tablet.enrolment(token)).await.unwrap(), EnrolmentVerdict::Refused);
    }
    let expires_at = one.invitation(1).expires_at;
    let late = Enrolment { at: expires_at, ..one.enrolment(1) };
    assert_eq!(storage.enrol(late).await.unwrap(), EnrolmentVerdict::Refused);
    let just = Enrolment { at: expires_at.plus_ms(-1), ..one.enrolment(1) };
    let enrolled = EnrolmentVerdict::Enrolled { enrolled_at: just.at };
    assert_eq!(storage.enrol(just.clone()).await.unwrap(), enrolled);
    let repeated_late = Enrolment { at: expires_at.plus_ms(1), ..just };
    assert_eq!(storage.enrol(repeated_late).await.unwrap(), enrolled, "a lost reply can be asked for again");
}

pub(crate) async fn the_fleet_shows_where_each_tablet_stands(storage: &dyn Storage) {
    assert_eq!(storage.fleet().await.unwrap(), []);
    let waiting = Tablet::new("131130-0018");
    storage.invite(waiting.invitation(2)).await.unwrap();
    let tablet = enrolled(storage).await;
    let row = tablet.row(storage).await;
    assert_eq!((row.enrolled_at, row.last_contact_at, row.epochs.len()), (MORNING, MORNING, 0));

    let chain = tablet.chain(&tablet.vaccinations(5));
    let mut batch = tablet.batch(&chain);
    batch.last_position = Position::new(9).unwrap();
    batch.clock_offset_ms = -12;
    batch.program = "0.2.0".parse().unwrap();
    storage.keep(batch).await.unwrap();
    let row = tablet.row(storage).await;
    assert_eq!((row.last_contact_at, row.program.as_str()), (NOON, "0.2.0"));
    let expected = EpochStatus {
        epoch: Epoch::FIRST,
        last_position: 9,
        highest_position: 5,
        stored: 5,
        lost: 0,
        needs_review: 0,
        clock_offset_ms: -12,
        last_batch_at: NOON,
    };
    assert_eq!(row.epochs, [expected]);
    let waiting = status(storage, waiting.tablet_id).await;
    assert!(matches!(waiting.state, TabletState::Invited { .. }));
    let order: Vec<u32> = storage.fleet().await.unwrap().iter().map(|row| row.tablet_id.number()).collect();
    assert_eq!(order, [17, 18]);
}

pub(crate) async fn a_database_that_was_set_aside_leaves_its_gap_in_sight(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let chain = tablet.chain(&tablet.vaccinations(5));
    tablet.send(storage, &chain).await;
    let lost = SetAsideEpoch { epoch: Epoch::FIRST, last_position: Position::new(8).unwrap() };
    let never_came = SetAsideEpoch { epoch: Epoch::FIRST.next(), last_position: Position::new(2).unwrap() };
    let mut batch = tablet.batch(&chain[..1]);
    batch.epoch = Epoch::FIRST.next().next();
    batch.set_aside = vec![lost, never_came];
    storage.keep(batch).await.unwrap();
    let row = tablet.row(storage).await;
    let epochs: Vec<_> =
        row.epochs.iter().map(|epoch| (epoch.last_position, epoch.highest_position)).collect();
    assert_eq!(epochs, [(8, 5), (2, 0), (1, 1)]);
}

pub(crate) async fn a_bundle_made_again_keeps_the_tablet(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    tablet.send(storage, &tablet.chain(&tablet.vaccinations(2))).await;
    let mut again = tablet.invitation(2);
    again.name = "新しい名前".parse().unwrap();
    storage.invite(again).await.unwrap();
    let row = status(storage, tablet.tablet_id).await;
    assert_eq!(row.name.as_str(), "新しい名前");
    assert_eq!(tablet.row(storage).await.stored(), 2);
}

pub(crate) async fn one_tablet_is_as_its_row_says(storage: &dyn Storage) {
    let (invited, tablet) = (Tablet::new("131130-0018"), enrolled(storage).await);
    storage.invite(invited.invitation(2)).await.unwrap();
    let mut entries = tablet.vaccinations(3);
    entries[1] = b"x".to_vec();
    tablet.send(storage, &tablet.chain(&entries)).await;
    for tablet_id in [tablet.tablet_id, invited.tablet_id] {
        let one = storage.tablet(tablet_id).await.unwrap().unwrap();
        assert_eq!(one, status(storage, tablet_id).await);
    }
    assert_eq!(tablet.row(storage).await.needs_review(), 1);
    assert_eq!(storage.tablet(Tablet::new("131130-0019").tablet_id).await.unwrap(), None);
}
