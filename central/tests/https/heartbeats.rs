//! Heartbeats over the network: who may send one, what is refused, what follows.

use record::{
    bytes::Link,
    wire::{
        content_type,
        heartbeat::{ChainHead, Count, Heartbeat, HeartbeatAnswer},
        path,
    },
};

use super::{NOON, central, protocol_tablet::ProtocolTablet};

async fn refused(tablet: &ProtocolTablet, content_type: &str, body: &[u8]) -> (u16, String) {
    let answer = tablet.post(path::HEARTBEATS, content_type, body.to_vec()).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn problem(status: u16, code: &str) -> (u16, String) {
    (status, format!("{{\"code\":\"{code}\"}}"))
}

#[tokio::test]
async fn a_heartbeat_is_kept_and_answered() {
    let (central, clock) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(3);
    tablet.send(&tablet.entries).await.unwrap();
    clock.put(NOON.plus_ms(60_000));
    let answer = tablet.beat(&tablet.heartbeat()).await;
    assert_eq!(answer.status(), 200);
    let answer: HeartbeatAnswer = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(answer, HeartbeatAnswer { received_at: NOON.plus_ms(60_000) });
    let kept = central.storage().heartbeats(tablet.tablet_id).await.unwrap();
    assert_eq!((kept.len(), kept[0].pending, kept[0].position()), (1, Count::of(3), 3));
}

#[tokio::test]
async fn who_cannot_prove_who_they_are_is_not_heard() {
    let (central, clock) = central();
    let stranger = central.invited_tablet("131130-0018");
    assert_eq!(stranger.beat(&stranger.heartbeat()).await.status(), 401, "never enrolled");
    let tablet = central.enrolled_tablet("131130-0017").await;
    let body = serde_json::to_vec(&tablet.heartbeat()).unwrap();
    let headers = tablet.sign(path::BATCHES, &body);
    let answer = tablet.post_with(path::HEARTBEATS, content_type::JSON, body.clone(), headers).await.unwrap();
    assert_eq!(answer.status(), 401, "signed for another path");
    let headers = tablet.sign(path::HEARTBEATS, &body);
    let mut altered = body.clone();
    altered[20] ^= 1;
    let answer = tablet.post_with(path::HEARTBEATS, content_type::JSON, altered, headers).await.unwrap();
    assert_eq!(answer.status(), 401, "altered on the way");
    clock.put(NOON.plus_ms(3_600_000));
    assert_eq!(refused(&tablet, content_type::JSON, &body).await, problem(401, "clock_outside_window"));
    assert_eq!(central.storage().heartbeats(tablet.tablet_id).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_no_heartbeat_of_this_tablet_is_malformed() {
    let (central, _) = central();
    let tablet = central.enrolled_tablet("131130-0017").await;
    let said = tablet.heartbeat();
    let other = Heartbeat { tablet_id: "131130-0018".parse().unwrap(), ..said };
    let json = |heartbeat: &Heartbeat| serde_json::to_vec(heartbeat).unwrap();
    let malformed = problem(400, "malformed");
    assert_eq!(refused(&tablet, content_type::JSON, &json(&other)).await, malformed);
    assert_eq!(refused(&tablet, content_type::BATCH, &json(&said)).await, malformed);
    assert_eq!(refused(&tablet, content_type::JSON, b"{}").await, malformed);
    assert_eq!(refused(&tablet, content_type::JSON, &vec![b' '; 64 * 1024]).await, problem(413, "too_large"));
    assert_eq!(central.storage().heartbeats(tablet.tablet_id).await.unwrap(), []);
}

#[tokio::test]
async fn a_chain_that_is_not_the_one_received_is_seen_on_the_tablets_page() {
    let (central, _clock, mut visitor) = super::console::signed_in().await;
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(3);
    tablet.send(&tablet.entries).await.unwrap();
    tablet.beat(&tablet.heartbeat()).await;
    let page = visitor.get("/console/tablets/131130-0017/now").await.body;
    assert!(page.contains("受領した記録と一致") && !page.contains("鎖の不一致"), "{page}");
    let head = Some(ChainHead { position: Count::of(2), link: Link([7; 32]) });
    tablet.beat(&Heartbeat { head, ..tablet.heartbeat() }).await;
    let page = visitor.get("/console/tablets/131130-0017/now").await.body;
    for text in ["受領した記録と不一致", "鎖の不一致", "この端末での記録を止め", "「鎖の不一致」になった"]
    {
        assert!(page.contains(text), "{text} in {page}");
    }
}
