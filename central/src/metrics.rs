//! 計測値: counts and times for Prometheus, served apart from everything else.
//!
//! Must not: carry a tablet, a municipality or an address in a label: routes, statuses and outcomes only.

use std::{net::SocketAddr, sync::OnceLock};

use axum::{Router, routing::get};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use record::Outcome;
use tokio::{net::TcpListener, sync::watch};

const REQUESTS: &str = "vrs_requests_total";
const REQUEST_SECONDS: &str = "vrs_request_seconds";
const ENTRIES: &str = "vrs_entries_total";
const BATCHES: &str = "vrs_batches_total";
const HEARTBEATS: &str = "vrs_heartbeats_total";
const ENROLMENTS: &str = "vrs_enrolments_total";
const BUSY: &str = "vrs_storage_busy_total";
const BUILD: &str = "vrs_build_info";
/// Where the times are counted apart, in seconds: from a look-up to a batch that waited.
const BUCKETS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 30.0];

/// One recorder a process; it may be asked for again and again.
static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

fn handle() -> Option<&'static PrometheusHandle> {
    HANDLE.get_or_init(install).as_ref()
}

/// Without a recorder counts go nowhere, which harms nobody; why there is none is logged.
fn install() -> Option<PrometheusHandle> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.to_owned()), &BUCKETS)
        .inspect_err(|error| tracing::error!(%error, "no metrics"))
        .ok()?;
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::error!("no metrics: another recorder is installed");
        return None;
    }
    describe_counter!(REQUESTS, "requests answered, by route, method and status");
    describe_histogram!(REQUEST_SECONDS, "seconds until an answer began, by route");
    describe_counter!(ENTRIES, "entries judged, by outcome");
    describe_counter!(BATCHES, "batches kept");
    describe_counter!(HEARTBEATS, "heartbeats kept");
    describe_counter!(ENROLMENTS, "enrolments, by verdict");
    describe_counter!(BUSY, "requests that were told to come back because too much waits to be written");
    describe_gauge!(BUILD, "1; the program's version is in the label");
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Some(handle)
}

/// A request was answered.
pub(crate) fn request(route: &str, method: &str, status: u16, seconds: f64) {
    // Anybody may send any method; only those there are get a line of their own.
    let method = match method {
        "GET" => "GET",
        "POST" => "POST",
        _ => "other",
    };
    let labels = [("route", route.to_owned()), ("method", method.to_owned()), ("status", status.to_string())];
    counter!(REQUESTS, &labels).increment(1);
    histogram!(REQUEST_SECONDS, "route" => route.to_owned()).record(seconds);
}

/// A batch was kept.
pub(crate) fn batch(outcomes: &[Outcome]) {
    counter!(BATCHES).increment(1);
    for (name, count) in [
        ("delivered", outcomes.iter().filter(|outcome| **outcome == Outcome::Delivered).count()),
        (
            "needs_review",
            outcomes.iter().filter(|outcome| matches!(outcome, Outcome::NeedsReview(_))).count(),
        ),
        ("later", outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Later(_))).count()),
    ] {
        if count > 0 {
            counter!(ENTRIES, "outcome" => name).increment(count as u64);
        }
    }
}

/// A heartbeat was kept.
pub(crate) fn heartbeat() {
    counter!(HEARTBEATS).increment(1);
}

/// A tablet came for the first time, or tried to.
pub(crate) fn enrolment(verdict: &'static str) {
    counter!(ENROLMENTS, "verdict" => verdict).increment(1);
}

/// A request was told to come back.
pub(crate) fn busy() {
    counter!(BUSY).increment(1);
}

/// Serves `/metrics` at that address until `stopping` turns true; where it listens.
///
/// # Errors
/// Where the address cannot be listened at.
pub(crate) async fn serve(
    listen: SocketAddr,
    mut stopping: watch::Receiver<bool>,
) -> std::io::Result<SocketAddr> {
    handle();
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/metrics", get(|| async { handle().map(PrometheusHandle::render).unwrap_or_default() }));
    tokio::spawn(async move {
        let stopped = async move {
            let _ = stopping.wait_for(|stopping| *stopping).await;
        };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "metrics are no longer served");
        }
    });
    Ok(address)
}
