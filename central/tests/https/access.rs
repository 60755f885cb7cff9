//! 役割: every route of the central, tried by every role and by nobody.
//!
//! Must not: take what the routes say for granted; who may see what is written down here a second time.

use std::collections::BTreeSet;

use central::{
    roles::{Role, RoleKind},
    routes::{self, Who},
};
use reqwest::StatusCode;

use super::{central, central_process::CentralProcess, visitor::Visitor};

/// What an ask comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gets {
    /// As far as the handler.
    In,
    /// 403, with a sentence.
    NotAllowed,
    /// Sent to sign in.
    SignIn,
    /// Sent on, because the second factor is done already.
    Onwards,
}

const S: RoleKind = RoleKind::Support;
const M: RoleKind = RoleKind::MunicipalityStaff;
const A: RoleKind = RoleKind::MunicipalityApprover;
const N: RoleKind = RoleKind::NationalAdministrator;

/// Who of those that are signed in gets in; `None` where nobody needs to be.
type Allowed = Option<&'static [RoleKind]>;

const ROUTES: &[(&str, &str, Allowed)] = &[
    ("POST", "/v1/batches", None),
    ("POST", "/v1/enrolment", None),
    ("POST", "/v1/heartbeats", None),
    ("GET", "/v1/clock", None),
    ("GET", "/v1/reference", None),
    ("GET", "/v1/reference/{digest}", None),
    ("GET", "/healthz", None),
    ("GET", "/readyz", None),
    ("GET", "/assets/{name}", None),
    ("GET", "/openapi", None),
    ("GET", "/openapi.json", None),
    ("GET", "/console/sign-in", None),
    ("POST", "/console/sign-in", None),
    ("GET", "/console/provider", None),
    ("GET", "/console/provider/return", None),
    ("GET", "/console/second-factor", Some(&[])),
    ("POST", "/console/second-factor", Some(&[])),
    ("GET", "/console/code", Some(&[])),
    ("POST", "/console/code", Some(&[])),
    ("GET", "/", Some(&[S, M, A, N])),
    ("POST", "/console/sign-out", Some(&[S, M, A, N])),
    ("GET", "/console/fleet", Some(&[S, N])),
    ("GET", "/console/fleet/rows", Some(&[S, N])),
    ("GET", "/console/tablets/{tablet_id}", Some(&[S, N])),
    ("GET", "/console/tablets/{tablet_id}/now", Some(&[S, N])),
    ("GET", "/console/charts", Some(&[S, N])),
    ("GET", "/console/charts/now", Some(&[S, N])),
    ("GET", "/console/events", Some(&[S, N])),
    ("GET", "/console/accounts", Some(&[N])),
    ("POST", "/console/accounts", Some(&[N])),
    ("POST", "/console/accounts/disable", Some(&[N])),
    ("POST", "/console/accounts/reset", Some(&[N])),
    ("GET", "/municipality/reviews", Some(&[M, A])),
    ("GET", "/municipality/reviews/{entry_id}", Some(&[M, A])),
    ("POST", "/municipality/reviews/{entry_id}", Some(&[M, A])),
    ("GET", "/municipality/media", Some(&[M, A])),
    ("GET", "/municipality/media/ledger", Some(&[M, A])),
    ("GET", "/municipality/media/open-data", Some(&[M, A])),
    ("POST", "/municipality/media/open-data", Some(&[M, A])),
    ("GET", "/municipality/media/open-data/file", Some(&[M, A])),
    ("GET", "/municipality/media/open-data/progress", Some(&[M, A])),
    ("GET", "/municipality/media/ask", Some(&[M, A])),
    ("POST", "/municipality/media/ask", Some(&[M, A])),
    ("GET", "/municipality/media/bring", Some(&[M, A])),
    ("POST", "/municipality/media/bring", Some(&[M, A])),
    ("GET", "/municipality/media/cards", Some(&[M, A])),
    ("POST", "/municipality/media/cards", Some(&[M, A])),
    ("POST", "/municipality/media/cards/withdraw", Some(&[M, A])),
    ("GET", "/municipality/media/cards/central", Some(&[M, A])),
    ("GET", "/municipality/media/files/{envelope_id}", Some(&[M, A])),
    ("POST", "/municipality/media/files/{envelope_id}", Some(&[M, A])),
    ("GET", "/municipality/media/files/{envelope_id}/progress", Some(&[M, A])),
    ("GET", "/municipality/media/files/{envelope_id}/sheet", Some(&[M, A])),
    ("POST", "/municipality/media/files/{envelope_id}/decide", Some(&[A])),
    ("POST", "/municipality/media/files/{envelope_id}/file", Some(&[M, A])),
    ("GET", "/municipality/media/files/{envelope_id}/receipt", Some(&[M, A])),
    ("POST", "/municipality/media/files/{envelope_id}/receipt", Some(&[M, A])),
    ("GET", "/municipality/people", Some(&[M, A])),
    ("POST", "/municipality/people", Some(&[M, A])),
    ("GET", "/municipality/people/{person}", Some(&[M, A])),
    ("GET", "/municipality/people/{person}/look-up", Some(&[M, A])),
    ("POST", "/municipality/people/{person}/look-up", Some(&[M, A])),
    ("GET", "/municipality/entries", Some(&[M, A])),
    ("POST", "/municipality/entries", Some(&[M, A])),
    ("GET", "/municipality/look-ups", Some(&[M, A])),
    ("GET", "/municipality/look-ups/received", Some(&[M, A])),
    ("GET", "/municipality/audit", Some(&[M, A])),
    ("GET", "/municipality/tablets", Some(&[M, A])),
    ("GET", "/municipality/tablets/{tablet_id}", Some(&[M, A])),
    ("POST", "/municipality/tablets/{tablet_id}", Some(&[M, A])),
    ("GET", "/municipality/boxes", Some(&[M, A])),
    ("GET", "/municipality/boxes/new", Some(&[M, A])),
    ("POST", "/municipality/boxes", Some(&[M, A])),
    ("GET", "/municipality/boxes/{issued_at}/file", Some(&[M, A])),
    ("POST", "/municipality/boxes/{issued_at}", Some(&[M, A])),
    ("GET", "/municipality/stock", Some(&[M, A])),
    ("POST", "/municipality/stock", Some(&[M, A])),
    ("GET", "/municipality/stock/facilities/{code}", Some(&[M, A])),
    ("POST", "/municipality/stock/facilities/{code}", Some(&[M, A])),
    ("GET", "/municipality/stock/lot", Some(&[M, A])),
    ("POST", "/municipality/stock/lot/recipients", Some(&[M, A])),
    ("GET", "/municipality/stock/closings", Some(&[M, A])),
    ("GET", "/municipality/stock/wastage", Some(&[M, A])),
    ("GET", "/municipality/stock/facilities/{code}/charts", Some(&[M, A])),
    ("GET", "/municipality/stock/transfers", Some(&[M, A])),
    ("POST", "/municipality/stock/transfers", Some(&[M, A])),
    ("GET", "/municipality/stock/transfers/new", Some(&[M, A])),
    ("GET", "/municipality/stock/transfers/{from}/{id}", Some(&[M, A])),
    ("POST", "/municipality/stock/transfers/{from}/{id}", Some(&[M, A])),
    ("POST", "/municipality/stock/transfers/{from}/{id}/approve", Some(&[A])),
    ("GET", "/municipality/stock/bookings", Some(&[M, A])),
    ("POST", "/municipality/stock/bookings", Some(&[M, A])),
    ("POST", "/municipality/stock/bookings/lot", Some(&[M, A])),
    ("GET", "/municipality/stock/proposals", Some(&[M, A])),
    ("GET", "/console/proposals", Some(&[N])),
    ("GET", "/console/transfers", Some(&[N])),
    ("POST", "/console/transfers", Some(&[N])),
    ("GET", "/console/allocation", Some(&[N])),
    ("POST", "/console/allocation", Some(&[N])),
    ("POST", "/console/allocation/populations", Some(&[N])),
    ("GET", "/console/allocation/{cycle}", Some(&[N])),
    ("POST", "/console/allocation/{cycle}", Some(&[N])),
    ("GET", "/console/allocation/{cycle}/file", Some(&[N])),
    ("GET", "/municipality/stock/allocation", Some(&[M, A])),
    ("GET", "/municipality/stock/allocation/{cycle}", Some(&[M, A])),
    ("POST", "/municipality/stock/allocation/{cycle}", Some(&[M, A])),
    ("POST", "/municipality/stock/allocation/{cycle}/file", Some(&[M, A])),
];

/// A path that matches the pattern.
fn path_of(pattern: &str) -> String {
    pattern
        .replace("{name}", "unknown.js")
        .replace("{issued_at}", "1637545200000")
        .replace("{entry_id}", &"a".repeat(32))
        .replace("{person}", &"a".repeat(32))
        .replace("{tablet_id}", "131130-0017")
        .replace("{envelope_id}", &"0".repeat(32))
        .replace("{code}", "1311300001")
        .replace("{from}", "131130")
        .replace("{cycle}", "1")
        .replace("{id}", &"0".repeat(32))
        .replace("{digest}", &"A".repeat(43))
}

async fn signed_in(central: &CentralProcess, kind: RoleKind) -> Visitor {
    let municipality = matches!(kind, M | A).then(|| "131130".parse().unwrap());
    let name = kind.to_string().replace('_', "-");
    let password = central.add_account_as(&name, Role::new(kind, municipality).unwrap());
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    visitor.sign_in(&name, &password).await;
    visitor
}

/// Asks without a form's word, so that nothing changes, and says how far that went. An event stream is not read.
async fn ask(visitor: &Visitor, origin: &str, method: &str, path: &str) -> Gets {
    let request = visitor.request(method.parse().unwrap(), path).header("origin", origin);
    let answer = request.send().await.unwrap();
    let location = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
    let is_page = answer.headers().get("content-type").is_some_and(|kind| kind == "text/html; charset=utf-8");
    match (answer.status(), location.as_deref()) {
        (StatusCode::SEE_OTHER, Some("/console/sign-in")) => Gets::SignIn,
        (StatusCode::SEE_OTHER, Some("/")) => Gets::Onwards,
        (StatusCode::FORBIDDEN, _) if is_page && path != "/console/sign-in" => {
            let body = answer.text().await.unwrap();
            assert!(body.contains("役割では、この画面を表示できません"), "{method} {path}: {body}");
            Gets::NotAllowed
        }
        _ => Gets::In,
    }
}

#[test]
fn every_route_is_tried() {
    let listed: BTreeSet<_> = routes::all().iter().map(|route| (route.method, route.path)).collect();
    let tried: BTreeSet<_> = ROUTES.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(listed, tried);
    for route in routes::all() {
        let tablets = route.path.starts_with("/v1/") && route.path != "/v1/clock";
        assert_eq!(route.who == Who::Tablet, tablets, "{}", route.path);
    }
}

#[tokio::test]
async fn every_role_gets_in_where_it_may_and_nowhere_else() {
    let (central, _) = central();
    let origin = central.url();
    for kind in RoleKind::ALL {
        let visitor = signed_in(&central, kind).await;
        for (method, pattern, allowed) in ROUTES {
            let expected = match allowed {
                None => Gets::In,
                Some([]) => Gets::Onwards,
                Some(kinds) if kinds.contains(&kind) => Gets::In,
                Some(_) => Gets::NotAllowed,
            };
            let got = ask(&visitor, &origin, method, &path_of(pattern)).await;
            assert_eq!(got, expected, "{kind}: {method} {pattern}");
        }
    }
}

#[tokio::test]
async fn nobody_gets_in_where_somebody_must_be_signed_in() {
    let (central, _) = central();
    let stranger = Visitor::new(&central.route().authority_pem, central.url());
    for (method, pattern, allowed) in ROUTES {
        let expected = if allowed.is_none() { Gets::In } else { Gets::SignIn };
        assert_eq!(
            ask(&stranger, &central.url(), method, &path_of(pattern)).await,
            expected,
            "{method} {pattern}"
        );
    }
}

#[tokio::test]
async fn a_password_alone_opens_nothing() {
    let (central, _) = central();
    let (password, mut visitor) =
        (central.add_account("support-1"), Visitor::new(&central.route().authority_pem, central.url()));
    for (owed, other) in
        [("/console/second-factor", "/console/code"), ("/console/code", "/console/second-factor")]
    {
        let page = visitor.enter_password("support-1", &password).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, owed));
        for (method, pattern, allowed) in ROUTES {
            let Some([_, ..]) = allowed else { continue };
            let request = visitor.request(method.parse().unwrap(), &path_of(pattern));
            let answer = request.header("origin", central.url()).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{method} {pattern}");
            assert_eq!(answer.headers()["location"], owed, "{method} {pattern}");
        }
        assert_eq!(visitor.get(owed).await.status, StatusCode::OK);
        assert_eq!(visitor.get(other).await.header("location"), owed, "the other step is not open");
        if owed == "/console/second-factor" {
            visitor.set_up("support-1").await;
            visitor.cookies.clear();
        }
    }
}
