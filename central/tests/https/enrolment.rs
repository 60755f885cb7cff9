//! A tablet's first contact.

use record::{
    bytes::PublicKey,
    wire::{
        content_type,
        enrolment::{EnrolmentAnswer, EnrolmentRequest, EnrolmentToken},
        path,
        problem::{Problem, ProblemCode},
    },
};
use seal::device::SigningKey;

use super::{NOON, central};

async fn code(answer: reqwest::Response) -> (u16, ProblemCode) {
    let status = answer.status().as_u16();
    (status, serde_json::from_slice::<Problem>(&answer.bytes().await.unwrap()).unwrap().code)
}

async fn answer(answer: reqwest::Response) -> EnrolmentAnswer {
    assert_eq!(answer.status(), 200);
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn the_first_key_under_a_token_stays_the_tablets() {
    let (central, clock) = central();
    let mut tablet = central.invited_tablet("131130-0017");
    assert_eq!(answer(tablet.enrol().await).await, EnrolmentAnswer { enrolled_at: NOON });
    // The reply was lost; an hour later the tablet asks again.
    clock.put(NOON.plus_ms(3_600_000));
    tablet.now = clock.now();
    assert_eq!(answer(tablet.enrol().await).await, EnrolmentAnswer { enrolled_at: NOON });
    // Somebody who has copied the bundle.
    let right_key = std::mem::replace(&mut tablet.key, SigningKey::from_seed([9; 32]).unwrap());
    assert_eq!(code(tablet.enrol().await).await, (401, ProblemCode::TokenRefused));
    tablet.record_day(1);
    assert_eq!(tablet.send(&tablet.entries).await.err(), Some((401, ProblemCode::BadSignature)));
    tablet.key = right_key;
    assert_eq!(answer(tablet.enrol().await).await, EnrolmentAnswer { enrolled_at: NOON });
}

#[tokio::test]
async fn a_wrong_token_or_anothers_lets_nobody_in() {
    let (central, _) = central();
    let (one, two) = (central.invited_tablet("131130-0017"), central.invited_tablet("131130-0018"));
    let made_up: EnrolmentToken = "A".repeat(43).parse().unwrap();
    for token in [&made_up, &two.token] {
        assert_eq!(code(one.enrol_with(token).await).await, (401, ProblemCode::TokenRefused));
    }
    assert_eq!(two.enrol().await.status(), 200);
    // A used token of its own is no way in for another either.
    assert_eq!(code(one.enrol_with(&two.token).await).await, (401, ProblemCode::TokenRefused));
    assert_eq!(one.enrol().await.status(), 200);
}

#[tokio::test]
async fn a_key_is_enrolled_by_its_holder_only() {
    let (central, _) = central();
    let tablet = central.invited_tablet("131130-0017");
    let request = EnrolmentRequest {
        tablet_id: tablet.tablet_id,
        token: tablet.token.clone(),
        device_key: PublicKey([7; 32]),
        program: "0.1.0".to_owned(),
    };
    let body = serde_json::to_vec(&request).unwrap();
    let refused = tablet.post(path::ENROLMENT, content_type::JSON, body).await.unwrap();
    assert_eq!(code(refused).await, (401, ProblemCode::BadSignature));
    // Signed by a key of its own, but for another tablet than it says it is.
    let other = EnrolmentRequest {
        tablet_id: "131130-0018".parse().unwrap(),
        device_key: tablet.key.public(),
        ..request
    };
    let body = serde_json::to_vec(&other).unwrap();
    let refused = tablet.post(path::ENROLMENT, content_type::JSON, body).await.unwrap();
    assert_eq!(code(refused).await, (401, ProblemCode::BadSignature));
}

#[tokio::test]
async fn what_is_no_enrolment_is_malformed() {
    let (central, _) = central();
    let tablet = central.invited_tablet("131130-0017");
    let good = serde_json::to_vec(&EnrolmentRequest {
        tablet_id: tablet.tablet_id,
        token: tablet.token.clone(),
        device_key: tablet.key.public(),
        program: "見本 太郎".to_owned(),
    })
    .unwrap();
    let malformed = (400, ProblemCode::Malformed);
    for (content_type, body) in [
        (content_type::JSON, good.clone()), // a program's version cannot be somebody's name
        (content_type::JSON, b"{}".to_vec()),
        (content_type::JSON, Vec::new()),
        (content_type::BATCH, good),
    ] {
        let refused = tablet.post(path::ENROLMENT, content_type, body).await.unwrap();
        assert_eq!(code(refused).await, malformed);
    }
    let too_large = vec![b' '; 64 << 10];
    let refused = tablet.post(path::ENROLMENT, content_type::JSON, too_large).await.unwrap();
    assert_eq!(code(refused).await, (413, ProblemCode::TooLarge));
}
