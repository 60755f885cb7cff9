//! Every route of the central, grouped by who calls, each with who may ask for it.
//!
//! Must not: do anything but name a handler and who may call it. The guard in `console::guard` holds that.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    middleware::{from_fn, from_fn_with_state},
    routing::{self, MethodRouter},
};
use record::wire::path;

pub use crate::console::guard::Who;
use crate::{
    authority,
    console::{
        accounts_page, api_page, assets, charts_page, code, events, fleet_page, forms,
        guard::{self, Guard},
        headers, provider, set_up, sign_in, tablet_page,
    },
    health, limits,
    municipality::{
        self, media, review, reviews,
        stock::{self, allocation},
    },
    openapi,
    provider::RETURN,
    request_log,
    roles::RoleKind::{self, MunicipalityApprover, MunicipalityStaff, NationalAdministrator, Support},
    state::Central,
    tablets::{batches, clock, enrolment, heartbeats, reference},
};

/// The most bytes of a JSON request, and of a form.
const MOST_SMALL_BODY_BYTES: usize = 16 * 1024;

/// The most bytes of the form for bundles: some hundred staff, and lots as many.
const MOST_BOX_FORM_BYTES: usize = 128 * 1024;

/// `path::REFERENCE`, and the name of a part.
const REFERENCE_PART: &str = "/v1/reference/{digest}";

/// Whoever is signed in.
const EVERYBODY: Who = Who::Roles(&RoleKind::ALL);
/// Those who keep the tablets running; nothing they see is of a person.
const OPERATIONS: Who = Who::Roles(&[Support, NationalAdministrator]);
/// Those who keep the accounts.
const ADMINISTRATION: Who = Who::Roles(&[NationalAdministrator]);
/// Those of one municipality, for what belongs to it.
const MUNICIPALITY: Who = Who::Roles(&[MunicipalityStaff, MunicipalityApprover]);
/// Those of one municipality who allow what another asked for.
const APPROVAL: Who = Who::Roles(&[MunicipalityApprover]);

/// The tablets' own protocol.
fn tablets() -> Vec<Route> {
    vec![
        post(path::BATCHES, Who::Tablet, batches::receive).up_to(batches::MOST_BODY_BYTES),
        post(path::ENROLMENT, Who::Tablet, enrolment::enrol),
        post(path::HEARTBEATS, Who::Tablet, heartbeats::receive),
        get(path::CLOCK, Who::Anybody, clock::tell),
        get(path::REFERENCE, Who::Tablet, reference::manifest),
        get(REFERENCE_PART, Who::Tablet, reference::part),
    ]
}

/// What browsers ask for.
fn console() -> Vec<Route> {
    vec![
        get("/", EVERYBODY, sign_in::front),
        get("/assets/{name}", Who::Anybody, assets::send),
        // What the tablets' protocol is, for developers.
        get("/openapi", Who::Anybody, api_page::show),
        get(openapi::PATH, Who::Anybody, openapi::tell),
        // Signing in, in two steps, and out. The first may be the identity provider's.
        get("/console/sign-in", Who::Anybody, sign_in::form),
        post("/console/sign-in", Who::Anybody, sign_in::enter),
        get("/console/provider", Who::Anybody, provider::leave),
        get(RETURN, Who::Anybody, provider::come_back),
        get(guard::SET_UP, Who::HalfSignedIn, set_up::form),
        post(guard::SET_UP, Who::HalfSignedIn, set_up::enter),
        get(guard::CODE, Who::HalfSignedIn, code::form),
        post(guard::CODE, Who::HalfSignedIn, code::enter),
        post("/console/sign-out", EVERYBODY, sign_in::leave),
        // The tablets; nothing of a person.
        get("/console/fleet", OPERATIONS, fleet_page::show),
        get("/console/fleet/rows", OPERATIONS, fleet_page::show_rows),
        get("/console/tablets/{tablet_id}", OPERATIONS, tablet_page::show),
        get("/console/tablets/{tablet_id}/now", OPERATIONS, tablet_page::show_now),
        get("/console/charts", OPERATIONS, charts_page::show),
        get("/console/charts/now", OPERATIONS, charts_page::show_now),
        get("/console/events", OPERATIONS, events::open),
        // Who may sign in.
        get("/console/accounts", ADMINISTRATION, accounts_page::show),
        post("/console/accounts", ADMINISTRATION, accounts_page::add),
        post("/console/accounts/disable", ADMINISTRATION, accounts_page::disable),
        post("/console/accounts/reset", ADMINISTRATION, accounts_page::reset),
        // Transfers of stock between municipalities, which the prefectures approve; nothing of a person.
        get("/console/transfers", ADMINISTRATION, stock::prefecture_page::show),
        post("/console/transfers", ADMINISTRATION, stock::prefecture_page::approve),
        get("/console/proposals", ADMINISTRATION, stock::proposals::prefecture::show),
        // Cycles of allocation; nothing of a person.
        get("/console/allocation", ADMINISTRATION, allocation::cycles_page::show),
        post("/console/allocation", ADMINISTRATION, allocation::opening::open),
        post("/console/allocation/populations", ADMINISTRATION, allocation::opening::bring_populations)
            .up_to(allocation::MOST_FILE_BYTES),
        get("/console/allocation/{cycle}", ADMINISTRATION, allocation::cycle_page::show),
        post("/console/allocation/{cycle}", ADMINISTRATION, allocation::act),
        get("/console/allocation/{cycle}/file", ADMINISTRATION, allocation::result_file::download),
        // What contradicts, for the municipality that issued the coupon.
        get("/municipality/reviews", MUNICIPALITY, reviews::show),
        get("/municipality/reviews/{entry_id}", MUNICIPALITY, review::show),
        post("/municipality/reviews/{entry_id}", MUNICIPALITY, review::decide),
        // What leaves and comes in sealed files, and their ledger; nothing of a person in the clear.
        get("/municipality/media", MUNICIPALITY, media::files_page::show),
        get("/municipality/media/ledger", MUNICIPALITY, media::ledger_page::show),
        get("/municipality/media/open-data", MUNICIPALITY, media::open_data::show),
        post("/municipality/media/open-data", MUNICIPALITY, media::open_data::act),
        get("/municipality/media/open-data/file", MUNICIPALITY, media::open_data::file),
        get("/municipality/media/open-data/progress", MUNICIPALITY, media::progress::of_open_data),
        get("/municipality/media/ask", MUNICIPALITY, media::ask_page::form),
        post("/municipality/media/ask", MUNICIPALITY, media::ask_page::enter),
        get("/municipality/media/bring", MUNICIPALITY, media::bring_page::form),
        post("/municipality/media/bring", MUNICIPALITY, media::bring_page::enter)
            .up_to(media::MOST_SEALED_FILE_BYTES),
        get("/municipality/media/cards", MUNICIPALITY, media::cards_page::show),
        post("/municipality/media/cards", MUNICIPALITY, media::cards_page::enter)
            .up_to(media::MOST_SMALL_FILE_BYTES),
        post("/municipality/media/cards/withdraw", MUNICIPALITY, media::cards_page::withdraw),
        get("/municipality/media/cards/central", MUNICIPALITY, media::cards_page::central_card),
        get("/municipality/media/files/{envelope_id}", MUNICIPALITY, media::file_page::show),
        post("/municipality/media/files/{envelope_id}", MUNICIPALITY, media::acting::act),
        get("/municipality/media/files/{envelope_id}/progress", MUNICIPALITY, media::progress::of_file),
        get("/municipality/media/files/{envelope_id}/sheet", MUNICIPALITY, media::sheet::show),
        post("/municipality/media/files/{envelope_id}/decide", APPROVAL, media::acting::decide),
        post("/municipality/media/files/{envelope_id}/file", MUNICIPALITY, media::acting::download),
        get("/municipality/media/files/{envelope_id}/receipt", MUNICIPALITY, media::receipts::receipt),
        post("/municipality/media/files/{envelope_id}/receipt", MUNICIPALITY, media::receipts::take_receipt)
            .up_to(media::MOST_SMALL_FILE_BYTES),
        // Its people and what is recorded of them; each look stands in the audit.
        get("/municipality/people", MUNICIPALITY, municipality::people::show),
        post("/municipality/people", MUNICIPALITY, municipality::people::search),
        get("/municipality/people/{person}", MUNICIPALITY, municipality::person::show),
        get("/municipality/people/{person}/look-up", MUNICIPALITY, municipality::look_up::form),
        post("/municipality/people/{person}/look-up", MUNICIPALITY, municipality::look_up::ask),
        get("/municipality/entries", MUNICIPALITY, municipality::entries_page::form),
        post("/municipality/entries", MUNICIPALITY, municipality::entries_page::show),
        // Who looked into whom, and all that was done.
        get("/municipality/look-ups", MUNICIPALITY, municipality::look_ups_page::made),
        get("/municipality/look-ups/received", MUNICIPALITY, municipality::look_ups_page::received),
        get("/municipality/audit", MUNICIPALITY, municipality::audit_page::show),
        // Its tablets, and what is done when one breaks; nothing of a person.
        get("/municipality/tablets", MUNICIPALITY, municipality::tablets::show),
        get("/municipality/tablets/{tablet_id}", MUNICIPALITY, municipality::tablet::show),
        // What sets tablets up: made, handed out, ended.
        get("/municipality/boxes", MUNICIPALITY, municipality::boxes::show),
        get("/municipality/boxes/new", MUNICIPALITY, municipality::box_making::form),
        post("/municipality/boxes", MUNICIPALITY, municipality::box_making::make).up_to(MOST_BOX_FORM_BYTES),
        get("/municipality/boxes/{issued_at}/file", MUNICIPALITY, municipality::boxes::file),
        post("/municipality/boxes/{issued_at}", MUNICIPALITY, municipality::boxes::revoke),
        post("/municipality/tablets/{tablet_id}", MUNICIPALITY, municipality::tablet::act),
        // Its facilities, what vaccine they have, and what was written of it; nothing of a person.
        get("/municipality/stock", MUNICIPALITY, stock::list_page::show),
        post("/municipality/stock", MUNICIPALITY, stock::list_page::register),
        get("/municipality/stock/facilities/{code}", MUNICIPALITY, stock::show),
        post("/municipality/stock/facilities/{code}", MUNICIPALITY, stock::acting::act),
        get("/municipality/stock/lot", MUNICIPALITY, stock::lot_page::show),
        get("/municipality/stock/bookings", MUNICIPALITY, stock::proposals::bookings_page::show),
        post("/municipality/stock/bookings", MUNICIPALITY, stock::proposals::bookings_page::enter),
        post("/municipality/stock/bookings/lot", MUNICIPALITY, stock::proposals::bookings_page::date_lot),
        get("/municipality/stock/proposals", MUNICIPALITY, stock::proposals::page::show),
        // Who received a lot, by coupon; each look stands in the audit.
        post("/municipality/stock/lot/recipients", MUNICIPALITY, stock::recall::recipients::show),
        get("/municipality/stock/closings", MUNICIPALITY, stock::closing::show),
        get("/municipality/stock/wastage", MUNICIPALITY, stock::wastage::show),
        get("/municipality/stock/facilities/{code}/charts", MUNICIPALITY, stock::charts::show),
        get("/municipality/stock/transfers", MUNICIPALITY, stock::transfers_page::show),
        post("/municipality/stock/transfers", MUNICIPALITY, stock::planning::plan),
        get("/municipality/stock/transfers/new", MUNICIPALITY, stock::planning::form),
        get("/municipality/stock/transfers/{from}/{id}", MUNICIPALITY, stock::transfer_page::show),
        post("/municipality/stock/transfers/{from}/{id}", MUNICIPALITY, stock::transfer_acting::act),
        post("/municipality/stock/transfers/{from}/{id}/approve", APPROVAL, stock::transfer_acting::approve),
        // What it orders of the state, and what it gets; nothing of a person.
        get("/municipality/stock/allocation", MUNICIPALITY, allocation::orders_page::show),
        get("/municipality/stock/allocation/{cycle}", MUNICIPALITY, allocation::own_page::show),
        post("/municipality/stock/allocation/{cycle}", MUNICIPALITY, allocation::ordering::order),
        post(
            "/municipality/stock/allocation/{cycle}/file",
            MUNICIPALITY,
            allocation::ordering::order_by_file,
        )
        .up_to(allocation::MOST_FILE_BYTES),
    ]
}

/// What machines ask for.
fn machines() -> Vec<Route> {
    vec![get("/healthz", Who::Anybody, health::is_alive), get("/readyz", Who::Anybody, health::is_ready)]
}

/// One way in.
struct Route {
    method: &'static str,
    path: &'static str,
    who: Who,
    handler: MethodRouter<Central>,
}

/// A route and who may ask for it, for the test that tries each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// As it is matched.
    pub path: &'static str,
    /// Who may ask for it.
    pub who: Who,
}

/// Every route.
#[must_use]
pub fn all() -> Vec<Listed> {
    let listed = |Route { method, path, who, .. }| Listed { method, path, who };
    tablets().into_iter().chain(console()).chain(machines()).map(listed).collect()
}

fn get<H: Handler<T, Central>, T: 'static>(path: &'static str, who: Who, handler: H) -> Route {
    Route { method: "GET", path, who, handler: routing::get(handler) }
}

fn post<H: Handler<T, Central>, T: 'static>(path: &'static str, who: Who, handler: H) -> Route {
    Route { method: "POST", path, who, handler: routing::post(handler) }
}

impl Route {
    /// Takes bodies of that many bytes.
    fn up_to(self, bytes: usize) -> Self {
        Self { handler: self.handler.layer(DefaultBodyLimit::max(bytes)), ..self }
    }
}

fn joined(routes: Vec<Route>, central: &Central) -> Router<Central> {
    routes.into_iter().fold(Router::new(), |router, route| {
        let handler = match route.who {
            // A tablet's handler checks the signature over the body, which nothing in front of it has read.
            Who::Anybody | Who::Tablet => route.handler,
            who => {
                let guard = Guard { central: central.clone(), who };
                route.handler.layer(from_fn_with_state(guard, guard::hold))
            }
        };
        router.route(route.path, handler)
    })
}

/// The whole program, as a router.
pub(crate) fn router(central: Central) -> Router {
    let console =
        joined(console(), &central).layer(from_fn(forms::only_our_origin)).layer(from_fn(headers::add));
    Router::new()
        .merge(joined(tablets(), &central))
        .merge(console)
        .layer(from_fn_with_state(central.clone(), authority::only_our_names))
        .layer(from_fn_with_state(central.clone(), limits::hold_to))
        .merge(joined(machines(), &central))
        .layer(DefaultBodyLimit::max(MOST_SMALL_BODY_BYTES))
        .layer(from_fn(request_log::note))
        .with_state(central)
}
