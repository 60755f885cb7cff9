//! 配布: revoked bundles, replaced tablets, what is declared lost.
//!
//! Must not: know how a page or a command asks for it.

use record::{Epoch, Outcome, Position, ReviewReason};

use super::{
    entries::{MORNING, day_on},
    sample::{NOON, Tablet, enrolled, enrolled_as, review, status},
};
use crate::{
    fleet::{Missing, TabletState},
    roles::Role,
    storage::{
        Account, Credential, Enrolment, EnrolmentVerdict, Loss, ReplaceVerdict, ReplacedBy, Replacement,
        Said, Storage,
    },
};

pub(super) async fn said(storage: &dyn Storage) -> Said {
    let name: crate::storage::AccountName = "staff-1".parse().unwrap();
    let role = Role::MunicipalityStaff("131130".parse().unwrap());
    let account = Account {
        name: name.clone(),
        role,
        credential: Credential::Password(String::new()),
        created_at: MORNING,
    };
    storage.add_account(account).await.unwrap();
    Said { by: name, reason: "落として画面が割れた".parse().unwrap(), at: NOON }
}

async fn replace(storage: &dyn Storage, replaced: &Tablet, by: &Tablet) -> ReplaceVerdict {
    let said = said(storage).await;
    let replacement = Replacement { replaced: replaced.tablet_id, by: by.tablet_id, said };
    storage.replace(replacement).await.unwrap()
}

async fn spare(storage: &dyn Storage, tablet_id: &str) -> Tablet {
    let spare = Tablet::new(tablet_id);
    storage.invite(spare.invitation(9)).await.unwrap();
    spare
}

pub(crate) async fn a_revoked_bundle_lets_nobody_in_for_the_first_time(storage: &dyn Storage) {
    let (tablet, other) = (Tablet::new("131130-0017"), Tablet::new("131130-0018"));
    for (tablet, token) in [(&tablet, 1), (&tablet, 2), (&other, 3)] {
        storage.invite(tablet.invitation(token)).await.unwrap();
    }
    let said = Said { at: MORNING, ..said(storage).await };
    assert_eq!(storage.revoke_bundles(tablet.tablet_id, said.clone()).await.unwrap(), 2);
    assert_eq!(storage.revoke_bundles(tablet.tablet_id, said.clone()).await.unwrap(), 0, "once");
    let bundles = storage.bundles(tablet.tablet_id).await.unwrap();
    assert_eq!(bundles.len(), 2);
    assert!(bundles.iter().all(|bundle| bundle.revoked == Some(said.clone())));
    for token in [1, 2] {
        assert_eq!(storage.enrol(tablet.enrolment(token)).await.unwrap(), EnrolmentVerdict::Refused);
    }
    // Another tablet's, and one that is made afterwards, are as good as before.
    assert_eq!(storage.bundles(other.tablet_id).await.unwrap()[0].revoked, None);
    let in_now = EnrolmentVerdict::Enrolled { enrolled_at: MORNING };
    assert_eq!(storage.enrol(other.enrolment(3)).await.unwrap(), in_now);
    storage.invite(tablet.invitation(4)).await.unwrap();
    assert_eq!(storage.enrol(tablet.enrolment(4)).await.unwrap(), in_now);
    // Who is in stays in, and may ask again for an answer that was lost.
    storage.revoke_bundles(tablet.tablet_id, said).await.unwrap();
    let again = Enrolment { at: NOON, ..tablet.enrolment(4) };
    assert_eq!(storage.enrol(again).await.unwrap(), in_now);
}

pub(crate) async fn a_tablet_is_replaced_once_and_told(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let (first, second) = (spare(storage, "131130-0900").await, spare(storage, "131130-0901").await);
    let before = storage.told(tablet.tablet_id).await.unwrap();
    assert_eq!(before.replaced, None);
    assert_eq!(replace(storage, &tablet, &first).await, ReplaceVerdict::Replaced);
    let replaced = ReplacedBy { tablet_id: first.tablet_id, at: NOON };
    let told = storage.told(tablet.tablet_id).await.unwrap();
    assert_eq!(told.replaced, Some(replaced));
    assert!(told.version > before.version, "a tablet looks at what has a higher version");
    assert_eq!(storage.told(first.tablet_id).await.unwrap().replaced, None);
    assert_eq!(replace(storage, &tablet, &second).await, ReplaceVerdict::Already(replaced));
    assert_eq!(tablet.row(storage).await.replaced, Some(replaced));
    let device = storage.device(tablet.tablet_id).await.unwrap().unwrap();
    assert_eq!((device.key, device.replaced_at), (tablet.device_key, Some(NOON)));
    assert!(matches!(status(storage, first.tablet_id).await.state, TabletState::Invited { .. }));
}

pub(crate) async fn a_spare_is_of_the_same_municipality_and_not_replaced_itself(storage: &dyn Storage) {
    let (tablet, other) = (enrolled(storage).await, enrolled_as(storage, "131130-0018").await);
    let elsewhere = enrolled_as(storage, "131016-0001").await;
    let (unknown, invited) = (Tablet::new("131130-0555"), spare(storage, "131130-0900").await);
    for (replaced, by) in
        [(&tablet, &tablet), (&tablet, &elsewhere), (&tablet, &unknown), (&invited, &tablet)]
    {
        assert_eq!(replace(storage, replaced, by).await, ReplaceVerdict::Impossible);
    }
    assert_eq!(replace(storage, &tablet, &other).await, ReplaceVerdict::Replaced);
    assert_eq!(replace(storage, &other, &tablet).await, ReplaceVerdict::Impossible, "in a circle");
}

pub(crate) async fn what_a_replaced_tablet_holds_is_missing_until_it_comes_or_is_declared_lost(
    storage: &dyn Storage,
) {
    let tablet = enrolled(storage).await;
    let spare = spare(storage, "131130-0900").await;
    let chain = tablet.chain(&tablet.vaccinations(9));
    let mut batch = tablet.batch(&chain[..4]);
    batch.last_position = Position::new(9).unwrap();
    storage.keep(batch).await.unwrap();
    let row = tablet.row(storage).await;
    assert_eq!((row.missing(), row.on_their_way()), (0, 5), "it will send them");
    replace(storage, &tablet, &spare).await;
    let row = tablet.row(storage).await;
    assert_eq!((row.missing(), row.on_their_way(), row.lost()), (5, 0, 0));
    let end = row.missing_end(&row.epochs[0]).unwrap();
    assert_eq!(end, Missing { first: 5, last: 9 });

    let said = said(storage).await;
    let declare = async |first, last| {
        let runs = vec![(Epoch::FIRST, Missing { first, last })];
        storage.declare_lost(Loss { tablet_id: tablet.tablet_id, runs, said: said.clone() }).await.unwrap();
        let row = tablet.row(storage).await;
        (row.missing(), row.lost())
    };
    assert_eq!(declare(5, 7).await, (2, 3));
    assert_eq!(declare(5, 7).await, (2, 3), "said twice");
    assert_eq!(declare(6, 9).await, (0, 5), "said again in part");
    // What was given up for lost and comes all the same counts.
    assert_eq!(tablet.send(storage, &chain[4..6]).await, vec![Outcome::Delivered; 2]);
    let row = tablet.row(storage).await;
    assert_eq!((row.stored(), row.missing(), row.lost()), (6, 0, 3));
    let one = storage.tablet(tablet.tablet_id).await.unwrap().unwrap();
    assert_eq!(one, status(storage, tablet.tablet_id).await);
}

pub(crate) async fn what_a_replaced_tablet_records_later_needs_review(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let (until, after) = (maker.coupon(), maker.coupon());
    let that_day = maker.vaccination_of(until, day_on("2021-11-22".parse().unwrap()));
    let next_day = maker.vaccination_of(after, day_on("2021-11-23".parse().unwrap()));
    let mut batch = tablet.batch(&tablet.chain_of(&[that_day, next_day]));
    batch.replaced_at = Some(NOON);
    batch.received_at = NOON.plus_ms(2 * 86_400_000);
    let outcomes = storage.keep(batch).await.unwrap();
    assert_eq!(outcomes, [Outcome::Delivered, review(ReviewReason::ReplacedTablet)]);
}
