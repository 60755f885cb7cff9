//! Traces as a collector receives them: what each says, that a request never waits for them, and that the last are sent.
//!
//! Must not: look for canaries; `canary` does, in everything that is let out.

use std::collections::BTreeSet;

use super::{
    collector::{Collector, attribute},
    process::{Server, path, run, said, spec, tablet_of},
};

fn central(collector: &str) -> (tempfile::TempDir, String, String) {
    let files = tempfile::tempdir().unwrap();
    let data = files.path().join("central");
    said(&run(&["init", "--data", path(&data), "--host", "127.0.0.1"], ""));
    std::fs::write(data.join("central.toml"), format!("[opentelemetry]\nendpoint = \"{collector}\"\n"))
        .unwrap();
    let (spec_path, bundle) = (files.path().join("spec.json"), files.path().join("17.bundle"));
    std::fs::write(&spec_path, spec("https://127.0.0.1:8443")).unwrap();
    let data = data.display().to_string();
    let made = said(&run(
        &["bundle", "make", "--data", &data, "--spec", path(&spec_path), "--out", path(&bundle)],
        "",
    ));
    (files, data, made)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_lies_inside_its_request_and_the_last_are_sent_when_it_stops() {
    let collector = Collector::start().await;
    let (files, data, made) = central(&collector.url);
    let mut server = Server::start(&data, "127.0.0.1:0");
    let (mut tablet, _) =
        tablet_of(&made, &std::fs::read(files.path().join("17.bundle")).unwrap(), &server.url);
    assert_eq!(tablet.enrol().await.status(), 200);
    tablet.record_day(30);
    tablet.send(&tablet.entries).await.unwrap();
    let refused = tablet.post("/v1/batches", "application/json", b"{}".to_vec()).await.unwrap();
    assert!(refused.status().is_client_error());
    let (code, _) = server.signal("-TERM");
    assert_eq!(code, Some(0));

    let spans = collector.spans();
    let named = |name: &str| spans.iter().filter(|span| span.name == name).collect::<Vec<_>>();
    let batches = named("POST /v1/batches");
    let statuses: Vec<_> =
        batches.iter().filter_map(|span| attribute(span, "http.response.status_code")).collect();
    assert_eq!(statuses, ["200".to_owned(), refused.status().as_str().to_owned()]);
    let kept = named("keep batch");
    assert_eq!(kept.len(), 1);
    assert_eq!((&kept[0].parent_span_id, &kept[0].trace_id), (&batches[0].span_id, &batches[0].trace_id));
    assert_eq!(attribute(kept[0], "vrs.entries").as_deref(), Some("30"));
    assert!(kept[0].start_time_unix_nano >= batches[0].start_time_unix_nano);
    assert!(batches[0].end_time_unix_nano >= kept[0].end_time_unix_nano);
    assert_ne!(batches[0].trace_id, batches[1].trace_id, "each request is a trace of its own");
    // Nothing but what is named once, here and there.
    let keys: BTreeSet<_> =
        spans.iter().flat_map(|span| &span.attributes).map(|attribute| attribute.key.as_str()).collect();
    let known = ["http.request.method", "http.response.status_code", "http.route", "vrs.entries"];
    assert_eq!(keys, BTreeSet::from(known));
    assert!(spans.iter().all(|span| span.events.is_empty() && span.links.is_empty()));
    let text = collector.text();
    assert!(text.contains("service.name") && text.contains("vrs-central"));
    for told in ["131130", "17号機", "127.0.0.1"] {
        assert!(!text.contains(told), "{told} was sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_gone_holds_nothing_up() {
    let (files, data, made) = central("http://127.0.0.1:9");
    let mut server = Server::start(&data, "127.0.0.1:0");
    let (mut tablet, _) =
        tablet_of(&made, &std::fs::read(files.path().join("17.bundle")).unwrap(), &server.url);
    assert_eq!(tablet.enrol().await.status(), 200);
    tablet.record_day(3);
    tablet.send(&tablet.entries).await.unwrap();
    assert_eq!(server.signal("-TERM").0, Some(0), "and it stops in an orderly way");
}
