//! Every route of the central, grouped by who calls.
//!
//! Must not: do anything but name a handler.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use record::wire::path;

use crate::{
    authority,
    console::{api_page, assets, charts_page, events, fleet_page, forms, headers, sign_in, tablet_page},
    health, limits, openapi, request_log,
    state::Central,
    tablets::{batches, clock, enrolment, heartbeats, reference},
};

/// The most bytes of a JSON request, and of a form.
const MOST_SMALL_BODY_BYTES: usize = 16 * 1024;

/// The whole program, as a router.
pub(crate) fn router(central: Central) -> Router {
    let tablets = Router::new()
        .route(path::BATCHES, post(batches::receive).layer(DefaultBodyLimit::max(batches::MOST_BODY_BYTES)))
        .route(path::ENROLMENT, post(enrolment::enrol))
        .route(path::HEARTBEATS, post(heartbeats::receive))
        .route(path::CLOCK, get(clock::tell))
        .route(path::REFERENCE, get(reference::manifest))
        .route(&format!("{}/{{digest}}", path::REFERENCE), get(reference::part));

    let console = Router::new()
        .route("/", get(sign_in::front))
        .route("/console/sign-in", get(sign_in::form).post(sign_in::enter))
        .route("/console/sign-out", post(sign_in::leave))
        .route("/console/fleet", get(fleet_page::show))
        .route("/console/fleet/rows", get(fleet_page::show_rows))
        .route("/console/tablets/{tablet_id}", get(tablet_page::show))
        .route("/console/tablets/{tablet_id}/now", get(tablet_page::show_now))
        .route("/console/charts", get(charts_page::show))
        .route("/console/events", get(events::open))
        .route("/assets/{name}", get(assets::send))
        .route("/openapi", get(api_page::show))
        .route(openapi::PATH, get(openapi::tell))
        .layer(from_fn(forms::only_our_origin))
        .layer(from_fn(headers::add));

    let anybody =
        Router::new().route("/healthz", get(health::is_alive)).route("/readyz", get(health::is_ready));

    Router::new()
        .merge(tablets)
        .merge(console)
        .layer(from_fn_with_state(central.clone(), authority::only_our_names))
        .layer(from_fn_with_state(central.clone(), limits::hold_to))
        .merge(anybody)
        .layer(DefaultBodyLimit::max(MOST_SMALL_BODY_BYTES))
        .layer(from_fn(request_log::note))
        .with_state(central)
}
