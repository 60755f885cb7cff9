//! What whoever runs a central relies on: settings, limits, readiness, metrics.
//!
//! Must not: test the console or the tablets' protocol.

use central::{clock::Clock, directory::DataDirectory, server};
use record::wire::problem::{Problem, ProblemCode};
use seal::random::SystemRandom;

use super::{
    process::{path, run},
    protocol_tablet::client,
};

#[tokio::test]
async fn an_address_that_sends_too_much_is_told_to_come_back_and_is_counted() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let files = tempfile::tempdir().unwrap();
    let clock = Clock::system();
    let hosts = ["127.0.0.1".to_owned()];
    let place = files.path().join("central");
    let directory = DataDirectory::create(&place, &hosts, clock.now(), &mut SystemRandom::default()).unwrap();
    let settings = "metrics_listen = \"127.0.0.1:0\"\n[limits]\nrequests_a_second = 1\nburst = 5\n";
    directory.put_settings(settings).unwrap();
    let authority = directory.authority_pem().unwrap();
    let serving = server::start(directory, "127.0.0.1:0".parse().unwrap(), clock).await.unwrap();
    let (client, url) = (client(&authority), serving.url.clone());
    let get = |path: &str| client.get(format!("{url}{path}")).send();

    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(get("/v1/clock?nonce=AAAAAAAAAAAAAAAAAAAAAA").await.unwrap().status().as_u16());
    }
    assert_eq!(statuses[..5], [200; 5]);
    assert!(statuses.contains(&429), "{statuses:?}");
    let refused = get("/v1/clock?nonce=AAAAAAAAAAAAAAAAAAAAAA").await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].as_bytes()), (429, &b"15"[..]));
    let problem: Problem = serde_json::from_slice(&refused.bytes().await.unwrap()).unwrap();
    assert_eq!(problem.code, ProblemCode::Unavailable, "a tablet of yesterday understands it");
    // Whoever watches the server is never held back.
    for _ in 0..20 {
        assert_eq!(get("/readyz").await.unwrap().status(), 204);
        assert_eq!(get("/healthz").await.unwrap().status(), 204);
    }

    let metrics = format!("http://{}/metrics", serving.metrics_address.unwrap());
    let plain = reqwest::Client::builder().no_proxy().build().unwrap();
    let text = plain.get(metrics).send().await.unwrap().text().await.unwrap();
    for line in [
        r#"vrs_requests_total{route="/v1/clock",method="GET",status="200"}"#,
        r#"vrs_requests_total{route="/v1/clock",method="GET",status="429"}"#,
        r#"vrs_request_seconds_bucket{route="/readyz",le="0.001"}"#,
        "vrs_build_info{version=",
    ] {
        assert!(text.contains(line), "{line} is missing in {text}");
    }
    assert!(!text.contains("nonce") && !text.contains("127.0.0.1"), "{text}");
    serving.stop().await.unwrap();
}

#[test]
fn settings_that_cannot_be_used_are_named_with_their_line_and_nothing_is_served() {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central");
    assert!(run(&["init", "--data", path(&data), "--host", "127.0.0.1"], "").status.success());
    for (settings, said) in [
        ("listn = \"127.0.0.1:0\"", "line 1"),
        (
            "listen = \"127.0.0.1:0\"\n[database]\nurl = \"host=192.0.2.1 user=vrs\"\n",
            "needs its authority for TLS",
        ),
        ("", "say where to listen"),
    ] {
        std::fs::write(data.join("central.toml"), settings).unwrap();
        let served = run(&["serve", "--data", path(&data)], "");
        assert_eq!(served.status.code(), Some(1));
        let error = String::from_utf8(served.stderr).unwrap();
        assert!(error.contains(said), "{error}");
    }
}
