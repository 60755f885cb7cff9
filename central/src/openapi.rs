//! The tablets' API as an OpenAPI document, made from the handlers and the wire types, and a page that shows it.
//!
//! Must not: describe anything by hand that the code says; what a field means is its own documentation.

use axum::{Json, http::header, response::IntoResponse};
use utoipa::OpenApi;

use crate::{
    health,
    tablets::{batches, clock, enrolment, heartbeats, reference},
};

/// Where the document lies.
pub(crate) const PATH: &str = "/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Central VRS",
        description = "What tablets ask of the central. Signatures, batches and receipts are explained in docs/protocol.md."
    ),
    tags(
        (name = "tablets", description = "Every request but the clock's is signed by the tablet's key."),
        (name = "operations", description = "For whoever keeps the central running.")
    ),
    paths(
        batches::receive,
        enrolment::enrol,
        heartbeats::receive,
        clock::tell,
        reference::manifest,
        reference::part,
        health::is_alive,
        health::is_ready
    )
)]
struct Document;

/// The document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The document as JSON.
pub(crate) async fn tell() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-cache")], Json(document()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::{self, Listed};

    #[test]
    fn every_route_of_tablets_and_machines_is_described_and_no_other() {
        let document = document();
        let mut described: Vec<&str> = document.paths.paths.keys().map(String::as_str).collect();
        let is_for_machines = |route: &&Listed| route.path.starts_with("/v1/") || route.path.ends_with('z');
        let routes = routes::all();
        let mut known: Vec<&str> = routes.iter().filter(is_for_machines).map(|route| route.path).collect();
        described.sort_unstable();
        known.sort_unstable();
        assert_eq!(described, known);
    }

    #[test]
    fn what_is_described_changes_only_on_purpose() {
        insta::assert_json_snapshot!(document(), { ".info.version" => "[version]" });
    }
}
