//! 設定ファイルの箱 and 復旧: handed out whole, revoked as one, seen by their own municipality.
//!
//! Must not: know how a page or a command asks for it.

use record::WallTime;

use super::{
    entries::MORNING,
    handouts::said,
    sample::{NOON, Tablet},
};
use crate::storage::{
    BoxKind, EnrolmentVerdict, HandedOut, Invitation, LineQuestion, Release, Said, Storage,
};

const LATER: WallTime = MORNING.plus_ms(30 * 86_400_000);

pub(super) fn handed(tablets: &[&Tablet], made_by: Option<crate::storage::AccountName>) -> HandedOut {
    let invitations = tablets.iter().zip(1..);
    HandedOut {
        municipality: "131130".parse().unwrap(),
        issued_at: MORNING,
        expires_at: LATER,
        kind: BoxKind::Spares,
        made_by,
        invitations: invitations
            .map(|(tablet, token)| Invitation {
                issued_at: MORNING,
                expires_at: LATER,
                ..tablet.invitation(token)
            })
            .collect(),
        known: ["131130".parse().unwrap()].into(),
        file: b"sealed".to_vec(),
    }
}

pub(crate) async fn a_box_is_handed_out_whole_and_seen_by_its_municipality(storage: &dyn Storage) {
    assert!(!storage.has_boxes().await.unwrap());
    let (one, two) = (Tablet::new("131130-0900"), Tablet::new("131130-0901"));
    let said = said(storage).await;
    storage.hand_out(handed(&[&one, &two], Some(said.by.clone()))).await.unwrap();
    assert!(storage.has_boxes().await.unwrap());
    let (own, other) = ("131130".parse().unwrap(), "131016".parse().unwrap());
    let boxes = storage.boxes(own, 9).await.unwrap();
    assert_eq!(boxes.len(), 1);
    assert_eq!((boxes[0].kind, boxes[0].made_by.clone()), (BoxKind::Spares, Some(said.by)));
    assert_eq!(boxes[0].tablets, [(one.tablet_id, None), (two.tablet_id, None)]);
    assert_eq!((boxes[0].issued_at, boxes[0].expires_at), (MORNING, LATER));
    assert_eq!(storage.box_file(own, MORNING).await.unwrap().as_deref(), Some(&b"sealed"[..]));
    assert_eq!(storage.box_file(own, NOON).await.unwrap(), None);
    assert!(storage.boxes(other, 9).await.unwrap().is_empty());
    assert_eq!(storage.box_file(other, MORNING).await.unwrap(), None);
    let in_now = EnrolmentVerdict::Enrolled { enrolled_at: MORNING };
    assert_eq!(storage.enrol(one.enrolment(1)).await.unwrap(), in_now);
    // Made at the same moment it would be another box under the same name: nothing of it is kept.
    let third = Tablet::new("131130-0902");
    storage.hand_out(handed(&[&third], None)).await.unwrap_err();
    assert!(storage.tablet(third.tablet_id).await.unwrap().is_none());
}

pub(crate) async fn a_revoked_box_lets_no_further_tablet_in(storage: &dyn Storage) {
    let (one, two) = (Tablet::new("131130-0900"), Tablet::new("131130-0901"));
    storage.hand_out(handed(&[&one, &two], None)).await.unwrap();
    storage.enrol(one.enrolment(1)).await.unwrap();
    let (own, other) = ("131130".parse().unwrap(), "131016".parse().unwrap());
    let said = Said { at: MORNING, ..said(storage).await };
    assert_eq!(storage.revoke_box(other, MORNING, said.clone()).await.unwrap(), 0);
    assert_eq!(storage.revoke_box(own, MORNING, said.clone()).await.unwrap(), 2);
    assert_eq!(storage.revoke_box(own, MORNING, said.clone()).await.unwrap(), 0, "once");
    assert_eq!(storage.enrol(two.enrolment(2)).await.unwrap(), EnrolmentVerdict::Refused);
    let boxes = storage.boxes(own, 9).await.unwrap();
    assert!(boxes[0].tablets.iter().all(|(_, revoked)| revoked.as_ref() == Some(&said)));
}

pub(crate) async fn whose_secrets_were_released_stays_written_down(storage: &dyn Storage) {
    let said = said(storage).await;
    let other = crate::storage::Account {
        name: "staff-2".parse().unwrap(),
        role: crate::roles::Role::MunicipalityApprover("131130".parse().unwrap()),
        credential: crate::storage::Credential::Password(String::new()),
        created_at: MORNING,
    };
    storage.add_account(other).await.unwrap();
    let release = |at| Release {
        tablet_id: "131130-0017".parse().unwrap(),
        at,
        asked_by: said.by.clone(),
        allowed_by: "staff-2".parse().unwrap(),
        reason: "暗証番号が分からない".parse().unwrap(),
    };
    for at in [MORNING, NOON] {
        storage.note_release(release(at)).await.unwrap();
    }
    assert_eq!(storage.releases("131130".parse().unwrap()).await.unwrap(), [release(NOON), release(MORNING)]);
    assert!(storage.releases("131016".parse().unwrap()).await.unwrap().is_empty());
    let asked = LineQuestion {
        municipality: "131130".parse().unwrap(),
        kinds: vec!["recovery_released"],
        account: Some("staff-1".to_owned()),
        person: None,
        before: None,
        most: 9,
    };
    assert_eq!(storage.lines(asked).await.unwrap().len(), 2, "each stands in the municipality's audit");
}
