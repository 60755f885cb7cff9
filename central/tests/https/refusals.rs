//! Requests that are refused as a whole: a status, a short code, and nothing kept.

use record::{
    Epoch,
    wire::{
        batch::{self, MOST_BYTES},
        content_type, path,
        problem::ProblemCode,
    },
};
use seal::request::SignatureHeaders;

use super::{central, central_process::CentralProcess, protocol_tablet::ProtocolTablet};

async fn code(answer: reqwest::Response) -> (u16, String) {
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn problem(status: u16, code: &str) -> (u16, String) {
    (status, format!("{{\"code\":\"{code}\"}}"))
}

async fn post(tablet: &ProtocolTablet, body: Vec<u8>) -> (u16, String) {
    code(tablet.post(path::BATCHES, content_type::BATCH, body).await.unwrap()).await
}

async fn nothing_is_kept(central: &CentralProcess, tablet: &ProtocolTablet) {
    assert_eq!(central.storage().kept(tablet.tablet_id, Epoch::FIRST).await.unwrap(), []);
}

#[tokio::test]
async fn who_cannot_prove_who_they_are_is_refused() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(3);
    let body = tablet.pack(&tablet.header(&tablet.entries), &tablet.entries);
    let good = tablet.sign(path::BATCHES, &body);
    let bad = problem(401, "bad_signature");

    let mut altered = body.clone();
    altered[20] ^= 1;
    let other_path = tablet.sign(path::ENROLMENT, &body);
    let no_signature = SignatureHeaders { signature: String::new(), ..good.clone() };
    let other_signature =
        SignatureHeaders { signature: tablet.sign(path::BATCHES, b"x").signature, ..good.clone() };
    for (body, headers) in [
        (altered, good.clone()),
        (body.clone(), other_path),
        (body.clone(), no_signature),
        (body.clone(), other_signature),
    ] {
        let answer = tablet.post_with(path::BATCHES, content_type::BATCH, body, headers).await.unwrap();
        assert_eq!(code(answer).await, bad);
    }
    // Without any signature at all.
    let url = format!("{}{}", central.url(), path::BATCHES);
    let bare = tablet.client().post(url).header("content-type", content_type::BATCH).body(body);
    assert_eq!(code(bare.send().await.unwrap()).await, bad);
    nothing_is_kept(&central, &tablet).await;
}

#[tokio::test]
async fn a_tablet_that_never_enrolled_is_unknown() {
    let (central, _) = central();
    let mut tablet = central.invited_tablet("131130-0017");
    tablet.record_day(1);
    assert_eq!(tablet.send(&tablet.entries).await.err(), Some((401, ProblemCode::UnknownTablet)));
    assert!(tablet.enrol().await.status().is_success());
    assert!(tablet.send(&tablet.entries).await.is_ok());
}

#[tokio::test]
async fn a_request_for_another_central_is_refused() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(1);
    let body = tablet.pack(&tablet.header(&tablet.entries), &tablet.entries);
    for authority in ["central.example", "central.example:443", "127.0.0.1.example"] {
        let target = seal::request::Target { method: "POST", authority, path: path::BATCHES };
        let headers = seal::request::sign(&tablet.key, tablet.tablet_id, target, &body, tablet.now);
        let request = tablet
            .client()
            .post(format!("{}{}", central.url(), path::BATCHES))
            .header("host", authority)
            .header("content-type", content_type::BATCH)
            .header("content-digest", headers.content_digest)
            .header("signature-input", headers.signature_input)
            .header("signature", headers.signature)
            .body(body.clone());
        assert_eq!(request.send().await.unwrap().status(), 421);
    }
    nothing_is_kept(&central, &tablet).await;
}

#[tokio::test]
async fn a_body_that_is_no_batch_is_malformed_or_too_large() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(201);
    let two = &tablet.entries[..2];
    let malformed = problem(400, "malformed");
    let too_large = problem(413, "too_large");
    let squeeze = |plain: &[u8]| zstd::bulk::compress(plain, 3).unwrap();

    let mut wrong_head = tablet.header(two);
    wrong_head.head = tablet.entries[4].link;
    let mut reordered = two.to_vec();
    reordered.swap(0, 1);
    let mut other_tablet = tablet.header(two);
    other_tablet.tablet_id = "131130-0018".parse().unwrap();
    let mut newer = tablet.header(two);
    newer.version = 2;
    let mut named = tablet.header(two);
    named.program = "見本 太郎".to_owned();
    let whole = tablet.pack(&tablet.header(two), two);
    for (what, body, expected) in [
        ("nothing", Vec::new(), &malformed),
        ("not compressed", batch::encode(&tablet.header(two), [&b"{}"[..]]), &malformed),
        ("cut short", whole[..whole.len() / 2].to_vec(), &malformed),
        ("201 entries", tablet.pack(&tablet.header(&tablet.entries), &tablet.entries), &malformed),
        ("another head", tablet.pack(&wrong_head, two), &malformed),
        ("another order", tablet.pack(&tablet.header(two), &reordered), &malformed),
        ("another tablet", tablet.pack(&other_tablet, two), &malformed),
        ("a newer header", tablet.pack(&newer, two), &malformed),
        ("a name for a version", tablet.pack(&named, two), &malformed),
        ("an empty frame", squeeze(b""), &malformed),
        ("a bomb", squeeze(&vec![b' '; 256 << 20]), &too_large),
        ("a bomb of line breaks", squeeze(&vec![b'\n'; MOST_BYTES + 1]), &too_large),
        ("more than any batch", vec![0; MOST_BYTES + 8192], &too_large),
    ] {
        assert_eq!(&post(&tablet, body).await, expected, "{what}");
    }
    nothing_is_kept(&central, &tablet).await;
    let body = tablet.pack(&tablet.header(two), two);
    let answer = tablet.post(path::BATCHES, content_type::JSON, body).await.unwrap();
    assert_eq!(code(answer).await, malformed, "another content type");
    assert!(tablet.send(two).await.is_ok(), "and a good one is taken after all of that");
}

#[tokio::test]
async fn an_address_that_is_none_of_ours_is_not_found() {
    let (central, _) = central();
    let tablet = central.invited_tablet("131130-0017");
    for (method, path, status) in [
        (reqwest::Method::GET, "/v1/batches", 405),
        (reqwest::Method::POST, "/v1/clock", 405),
        (reqwest::Method::GET, "/v1/unknown", 404),
        (reqwest::Method::GET, "/assets/unknown.js", 404),
        (reqwest::Method::GET, "/healthz", 204),
    ] {
        let answer =
            tablet.client().request(method, format!("{}{path}", central.url())).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
}

#[tokio::test]
async fn where_nothing_can_be_kept_nothing_is_said_to_be() {
    let (central, _) = central();
    let mut tablet = central.enrolled_tablet("131130-0017").await;
    tablet.record_day(2);
    // Another process holds the register's write lock for longer than the server waits.
    let other = rusqlite::Connection::open(central.data().join("register.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answer = tablet
        .post(
            path::BATCHES,
            content_type::BATCH,
            tablet.pack(&tablet.header(&tablet.entries), &tablet.entries),
        )
        .await
        .unwrap();
    assert_eq!(answer.headers()["retry-after"], "15");
    assert_eq!(code(answer).await, problem(503, "unavailable"));
    nothing_is_kept(&central, &tablet).await;
    other.execute_batch("ROLLBACK").unwrap();
    assert!(tablet.send(&tablet.entries).await.is_ok());
}
