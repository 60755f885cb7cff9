//! A tablet whose clock is wrong by years still delivers.

use record::{
    bytes::Nonce,
    wire::{clock::ClockAnswer, path, problem::ProblemCode},
};

use super::{NOON, central};

const YEAR_MS: i64 = 365 * 86_400_000;

#[tokio::test]
async fn a_tablet_learns_the_time_and_delivers() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(3);
    for wrong_by in [-301_000, 301_000 + 300_000, 10 * YEAR_MS, -10 * YEAR_MS] {
        tablet.now = NOON.plus_ms(wrong_by);
        let refused = tablet.send(&tablet.entries).await.err();
        assert_eq!(refused, Some((401, ProblemCode::ClockOutsideWindow)), "{wrong_by}");
    }
    let nonce = Nonce([7; 16]);
    let url = format!("{}{}?nonce={nonce}", central.url(), path::CLOCK);
    let answer = tablet.client().get(url).send().await.unwrap().bytes().await.unwrap();
    let answer: ClockAnswer = serde_json::from_slice(&answer).unwrap();
    let keys: Vec<_> = central.route().receipt_keys.iter().map(|key| key.key).collect();
    tablet.now = seal::clock::verify(&answer, &nonce, &keys).unwrap();
    assert_eq!(tablet.now, NOON);
    assert!(tablet.send(&tablet.entries).await.is_ok());
}

#[tokio::test]
async fn a_question_needs_a_nonce() {
    let (central, _) = central();
    let client = super::protocol_tablet::client(&central.route().authority_pem);
    for query in ["", "?nonce=", "?nonce=AAAA", "?other=BQUFBQUFBQUFBQUFBQUFBQ"] {
        let answer = client.get(format!("{}{}{query}", central.url(), path::CLOCK)).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(answer.bytes().await.unwrap(), r#"{"code":"malformed"}"#);
    }
}
