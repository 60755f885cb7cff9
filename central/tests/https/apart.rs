//! 市区町村の分離: whatever of one municipality's an officer of another puts into any route, nothing of it comes back.
//!
//! Must not: name a route; all of them are asked, those to come as well.

use std::collections::{BTreeMap, BTreeSet};

use central::{
    audit::Act,
    roles::{Role, RoleKind},
    routes::{self, Who},
    stock::allocating::{cycle::Opened, figures::OrderLine, step::CycleAct},
    storage::{
        CycleStepped, KEPT, KeptFacility, LineQuestion, NewCycle, NewCycleStep, NewOrders, NewPlan,
        OrdersPlaced, Value,
    },
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use record::MunicipalityCode;
use reqwest::{Method, StatusCode};
use vsys::{
    Amount, Event, Facility, StockKey,
    allocation::{Party, Supply},
    transfer::Plan,
};

use super::{
    central,
    central_process::CentralProcess,
    entries::{day, day_with_lot},
    look_ups::{HERE, THERE, officer_of, people},
    people_files::Sample,
    visitor::{Page, Visitor},
};

const OWN: &str = "131130";
const OTHERS: &str = "131016";

/// The other municipality's, and never part of what is sent: wherever one of these comes back, something leaked.
const CANARIES: [&str; 12] = [
    "金糸雀 住民子",
    "カナリア ジュウミンコ",
    "金糸雀町九丁目",
    "金糸雀会場",
    "金糸雀 医師子",
    "KANARIA-1",
    "KANARIA-2",
    "kanaria-officer",
    "金糸雀診療所",
    "2,718",
    "3,141",
    "金糸雀の配分",
];
/// A facility of each, a lot that only theirs has 2,718 vials of, and a transfer between two facilities of theirs.
const THEIR_FACILITY: &str = "1310100001";
const OWN_FACILITY: &str = "1311300001";
const THEIR_LOT: &str = "LOT-1016";
const THEIR_TRANSFER: &str = "0123456789abcdef0123456789abcdef";
/// Lots of doses, which one look-up may tell where everything that it needs is there.
const TOLD_IN_LOOK_UPS: [&str; 2] = ["KANARIA-1", "KANARIA-2"];

fn canary() -> Sample<'static> {
    let (name, kana, address) = (CANARIES[0], CANARIES[1], CANARIES[2]);
    Sample { address_number: "KANARIA-ATENA", name, kana, address, ..THERE }
}

/// Everything that the other municipality's officers would put into an address or a form.
struct Pool {
    values: Vec<String>,
    /// What fits a field or a part of an address, so that forms get as far as they can.
    fitting: BTreeMap<&'static str, Vec<String>>,
    names: Vec<String>,
}

async fn fill(central: &CentralProcess) -> Pool {
    people(central, OWN, vec![HERE]);
    people(central, OTHERS, vec![canary()]);
    let mut tablet = central.enrolled_tablet("131016-0001").await;
    central.enrolled_tablet("131016-0900").await;
    central.enrolled_tablet("131130-0017").await;
    let coupon = format!("21131016{}", THERE.coupon).parse().unwrap();
    let mut entry_ids = Vec::new();
    for lot in TOLD_IN_LOOK_UPS {
        let mut today = if lot == TOLD_IN_LOOK_UPS[0] { day() } else { day_with_lot("FK0108") };
        today.site.name = CANARIES[3].parse().unwrap();
        today.physician = CANARIES[4].parse().unwrap();
        today.lot = lot.parse().unwrap();
        let entry = tablet.maker.vaccination_of(coupon, today);
        entry_ids.push(entry.entry_id.to_string());
        tablet.record(entry.to_bytes());
    }
    tablet.send(&tablet.entries).await.unwrap();
    stock(central).await;
    allocation(central).await;
    // Their own officer looks at everything once, so that there are lines of it.
    let mut theirs = officer_of(central, "kanaria-officer", OTHERS).await;
    let word = theirs.get("/municipality/people").await.word();
    let fields = [("word", word.as_str()), ("by", "coupon"), ("coupon", THERE.coupon)];
    let place = theirs.post("/municipality/people", &fields).await.header("location").to_owned();
    assert!(theirs.get(&place).await.body.contains(CANARIES[0]), "the canaries are alive");
    let stock = theirs.get(&format!("/municipality/stock/facilities/{THEIR_FACILITY}")).await.body;
    assert!(stock.contains(CANARIES[8]) && stock.contains(CANARIES[9]), "those of stock too");
    let transfer = theirs.get(&format!("/municipality/stock/transfers/{OTHERS}/{THEIR_TRANSFER}")).await;
    assert!(transfer.body.contains(CANARIES[8]));
    let allotted = theirs.get("/municipality/stock/allocation/1").await.body;
    assert!(allotted.contains(CANARIES[10]) && allotted.contains(CANARIES[11]), "{allotted}");
    let case = theirs.get(&format!("/municipality/reviews/{}", entry_ids[1])).await;
    for (name, value) in fields_of(&case.body) {
        if name == "stands" || name == "seen" {
            entry_ids.push(value);
        }
    }
    let person = place.rsplit('/').next().unwrap().to_owned();
    let fitting = fitting(&entry_ids, &person);
    let mut values = entry_ids;
    values.extend(
        ["131016-0001", "131016-0900", OTHERS, "131016 東京都千代田区", "1", "2", "none"].map(str::to_owned),
    );
    values.extend([THERE.coupon, "KANARIA-ATENA", "19500401", "1950-04-01"].map(str::to_owned));
    values.push(coupon.to_string());
    values.push(person);
    values.extend(fitting.values().flatten().cloned());
    Pool { values, fitting, names: Vec::new() }
}

/// Orders of both in a cycle that is published, in which theirs was moved by hand, and one that takes orders.
async fn allocation(central: &CentralProcess) {
    let (storage, until) = (central.storage(), super::NOON.plus_ms(1));
    let by = || "kanaria".parse().unwrap();
    for boxes in [9_000, 10] {
        let supply = Supply { boxes, doses_per_box: 6, by_population_percent: 80 };
        let orders_until = if boxes == 10 { until.plus_ms(86_400_000) } else { until };
        let opened = Opened { product: "コミナティ筋注".parse().unwrap(), supply, orders_until };
        let cycle = storage.open_cycle(NewCycle { opened, by: by(), at: super::NOON }).await.unwrap();
        for (owner, boxes) in [(OTHERS, 3_141), (OWN, 5)] {
            let municipality: MunicipalityCode = owner.parse().unwrap();
            let noted = Act::Ordered { cycle, lines: 1 }.line(municipality, "staff-1", super::NOON);
            let lines = vec![OrderLine { facility: None, boxes, people: Some(9_000) }];
            let new = NewOrders { cycle, municipality, lines, by: by(), at: super::NOON, noted };
            assert_eq!(storage.place_orders(new).await.unwrap(), OrdersPlaced::Placed);
        }
    }
    let theirs = Some(Party { municipality: OTHERS.parse().unwrap(), facility: None });
    let reason = CANARIES[11].parse().unwrap();
    let away = CycleAct::Move { from: theirs, to: None, boxes: 1, reason };
    for (seen, act) in (0..).zip([CycleAct::Compute, away, CycleAct::Publish]) {
        let step = NewCycleStep { cycle: 1, seen, act, by: by(), at: until.plus_ms(1) };
        assert_eq!(storage.step_cycle(step).await.unwrap(), CycleStepped::Taken);
    }
}

/// Facilities and stock of both, and what the other moves within itself.
async fn stock(central: &CentralProcess) {
    let storage = central.storage();
    let noted = |owner: &str| Act::PersonShown.line(owner.parse().unwrap(), "staff-1", super::NOON);
    let second = "1310100002";
    for (owner, code) in [(OTHERS, THEIR_FACILITY), (OTHERS, second), (OWN, OWN_FACILITY)] {
        let name = if owner == OTHERS { CANARIES[8] } else { "見本診療所" };
        let facility = Facility {
            code: code.parse().unwrap(),
            name: name.parse().unwrap(),
            municipality: owner.parse().unwrap(),
            freezer_vials: 9,
            doses_per_day: 9,
            position: None,
        };
        let kept = KeptFacility { facility, books_begin_on: "2021-11-22".parse().unwrap() };
        storage.register_facility(kept, noted(owner)).await.unwrap();
    }
    let key = StockKey {
        facility: THEIR_FACILITY.parse().unwrap(),
        product: "コミナティ筋注".parse().unwrap(),
        lot: THEIR_LOT.parse().unwrap(),
        storage: vsys::Storage::Frozen,
    };
    let (amount, by) = (Amount::of_vials(2_718, 6), "kanaria".parse().unwrap());
    let event = Event::Delivered { amount };
    let line = vsys::Line { key: key.clone(), event, at: super::NOON, by, reason: None };
    let owner: MunicipalityCode = OTHERS.parse().unwrap();
    storage.add_stock_line(owner, line, super::NOON, noted(OTHERS)).await.unwrap();
    let plan = Plan {
        id: THEIR_TRANSFER.parse().unwrap(),
        from: (key.facility, owner),
        to: (second.parse().unwrap(), owner),
        product: key.product,
        lot: key.lot,
        storage: key.storage,
        amount: Amount::of_vials(1, 6),
        parent: None,
    };
    let by = "kanaria".parse().unwrap();
    storage.plan_transfer(NewPlan { plan, by, at: super::NOON, noted: noted(OTHERS) }).await.unwrap();
}

fn fitting(entry_ids: &[String], person: &str) -> BTreeMap<&'static str, Vec<String>> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    BTreeMap::from([
        ("entry_id", entry_ids.to_vec()),
        ("stands", entry_ids.to_vec()),
        ("seen", entry_ids.to_vec()),
        ("person", words(&[person])),
        ("tablet_id", words(&["131016-0001", "131016-0900", "131130-0017"])),
        ("spare", words(&["131016-0900"])),
        ("coupon", words(&[THERE.coupon])),
        ("address_number", words(&["KANARIA-ATENA"])),
        ("born_on", words(&["1950-04-01"])),
        ("by", words(&["coupon", "address_number", "name", "personal_number", "name_and_birth"])),
        ("of", words(&[OTHERS, "people", "look_ups", ""])),
        ("purpose", words(&["before_vaccination", "moved_in"])),
        ("consent", words(&["obtained", "hard"])),
        ("why", words(&["urgent", ""])),
        ("document", words(&["", "3健第1号"])),
        ("what", words(&["revoke", "replace", "lost", "delivered", "counted", "send", "receive"])),
        ("code", words(&[THEIR_FACILITY, OWN_FACILITY])),
        ("from", words(&[OTHERS, THEIR_FACILITY, OWN_FACILITY])),
        ("to", words(&[OWN_FACILITY])),
        ("id", words(&[THEIR_TRANSFER])),
        ("product", words(&["コミナティ筋注"])),
        ("lot", words(&[THEIR_LOT])),
        ("cycle", words(&["1", "2"])),
        ("boxes", words(&["1"])),
        ("people", words(&["9"])),
        ("facility", words(&["", THEIR_FACILITY, OWN_FACILITY])),
        ("storage", words(&["frozen", "thawed"])),
        ("vials", words(&["1"])),
        ("doses", words(&["6", ""])),
        ("reason", words(&["見本の理由"])),
        ("before", words(&["", "1000"])),
        ("account", words(&["", "kanaria"])),
        ("lang", words(&["ja", "en"])),
    ])
}

/// Names and values of the fields of a page's forms.
fn fields_of(body: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let (_, after) = tag.split_once(&format!("{name}=\""))?;
        Some(after.split_once('"')?.0.to_owned())
    };
    let tags = body
        .split('<')
        .filter(|tag| ["input ", "select ", "textarea "].iter().any(|kind| tag.starts_with(kind)));
    tags.filter_map(|tag| Some((attribute(tag, " name")?, attribute(tag, " value").unwrap_or_default())))
        .collect()
}

/// What the other municipality keeps, but for the lines of look-ups it received.
async fn kept(central: &CentralProcess) -> Vec<String> {
    let storage = central.storage();
    let mut rows = Vec::new();
    let mut snapshot = storage.snapshot().await.unwrap();
    for table in KEPT.iter().filter(|table| table.name != "audit") {
        for row in snapshot.page(table, Vec::new(), 10_000).await.unwrap() {
            // What an officer writes of their own may hold any text, the other's code too.
            let is_own = row.first() == Some(&Value::Text(OWN.to_owned()));
            if !is_own && row.contains(&Value::Text(OTHERS.to_owned())) {
                rows.push(format!("{} {row:?}", table.name));
            }
        }
    }
    rows
}

async fn look_ups_received(central: &CentralProcess) -> usize {
    let municipality: MunicipalityCode = OTHERS.parse().unwrap();
    let kinds = vec!["was_looked_up"];
    let asked = LineQuestion { municipality, kinds, account: None, person: None, before: None, most: 10_000 };
    central.storage().lines(asked).await.unwrap().len()
}

struct Officer {
    visitor: Visitor,
    word: String,
    own_person: String,
    ground: String,
}

async fn officer(central: &CentralProcess, kind: RoleKind) -> Officer {
    let (name, municipality) = (kind.to_string().replace('_', "-"), OWN.parse().unwrap());
    let password = central.add_account_as(&name, Role::new(kind, Some(municipality)).unwrap());
    let mut visitor = Visitor::new(&central.route().authority_pem, central.url());
    visitor.sign_in(&name, &password).await;
    let word = visitor.get("/municipality/people").await.word();
    let fields = [("word", word.as_str()), ("by", "coupon"), ("coupon", HERE.coupon)];
    let place = visitor.post("/municipality/people", &fields).await.header("location").to_owned();
    let form = visitor.get(&format!("{place}/look-up")).await;
    let ground = fields_of(&form.body).into_iter().find(|(name, _)| name == "ground").unwrap().1;
    Officer { visitor, word, own_person: place.rsplit('/').next().unwrap().to_owned(), ground }
}

/// Fills the parts in braces.
fn path_of(pattern: &str, mut value: impl FnMut(&str) -> String) -> String {
    let mut path = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        path.push_str(before);
        path.push_str(&encoded(&value(name)));
        rest = after;
    }
    path + rest
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn leaks(page: &Page) -> Vec<&'static str> {
    let headers = format!("{:?}", page.headers);
    CANARIES.into_iter().filter(|one| page.body.contains(one) || headers.contains(one)).collect()
}

/// Asks each route `TIMES` times as each of a municipality's roles.
const TIMES: usize = 24;

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_reaches_nothing_of_another_municipality_by_any_route() {
    let (central, _clock) = central();
    let mut pool = fill(&central).await;
    let before = kept(&central).await;
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for kind in [RoleKind::MunicipalityStaff, RoleKind::MunicipalityApprover] {
        let mut officer = officer(&central, kind).await;
        pool.values.push(officer.own_person.clone());
        pool.fitting.entry("person").or_default().push(officer.own_person.clone());
        // Names of fields: whatever stands in the forms of these pages, own and others' ids in their addresses.
        let mut names: BTreeSet<String> =
            ["person", "before", "of", "account", "lang", "municipality", "text", "search"]
                .map(str::to_owned)
                .into();
        for route in routes::all().iter().filter(|route| route.method == "GET" && is_asked(route.who)) {
            for value in [officer.own_person.clone(), "131130-0017".to_owned()] {
                let page = officer.visitor.get(&path_of(route.path, |_| value.clone())).await;
                names.extend(fields_of(&page.body).into_iter().map(|(name, _)| name));
            }
        }
        pool.names = names.into_iter().filter(|name| name != "word" && name != "ground").collect();
        for route in routes::all().into_iter().filter(|route| is_asked(route.who)) {
            for _ in 0..TIMES {
                let received = look_ups_received(&central).await;
                let mut draw = |name: &str| pool.draw(&mut runner, name);
                let path = path_of(route.path, &mut draw);
                let given: Vec<(String, String)> =
                    pool.names.iter().map(|name| (name.clone(), draw(name))).collect();
                let page = ask(&mut officer, route.method, &path, &given).await;
                let leaked = leaks(&page);
                if page.status == StatusCode::OK {
                    reached.insert(route.path);
                }
                if leaked.is_empty() {
                    continue;
                }
                let is_told = leaked.iter().all(|one| TOLD_IN_LOOK_UPS.contains(one))
                    && route.path.ends_with("/look-up")
                    && look_ups_received(&central).await == received + 1;
                assert!(is_told, "{kind} {} {path} {given:?}: {leaked:?}", route.method);
            }
        }
    }
    assert_eq!(kept(&central).await, before, "nothing of it was changed");
    // The test is no walk past closed doors.
    for path in ["/municipality/audit", "/municipality/entries", "/municipality/people/{person}"]
        .into_iter()
        .chain(["/municipality/stock", "/municipality/stock/lot", "/municipality/stock/facilities/{code}"])
        .chain(["/municipality/stock/bookings", "/municipality/stock/proposals"])
        .chain(["/municipality/stock/allocation", "/municipality/stock/allocation/{cycle}"])
    {
        assert!(reached.contains(path), "{reached:?}");
    }
}

/// An event stream does not end; the national roles' pages are held by `access`.
fn is_asked(who: Who) -> bool {
    match who {
        Who::Roles(kinds) => {
            kinds.contains(&RoleKind::MunicipalityStaff) || kinds.contains(&RoleKind::MunicipalityApprover)
        }
        Who::Anybody | Who::Tablet => true,
        Who::HalfSignedIn => false,
    }
}

impl Pool {
    /// Mostly what fits, so that more than one field is right at once.
    fn draw(&self, runner: &mut TestRunner, name: &str) -> String {
        let fits = self.fitting.get(name).filter(|_| drawn(runner, 0..8_u8) > 0);
        drawn(runner, proptest::sample::select(fits.unwrap_or(&self.values).clone()))
    }
}

fn drawn<T: std::fmt::Debug>(runner: &mut TestRunner, strategy: impl Strategy<Value = T>) -> T {
    strategy.new_tree(runner).unwrap().current()
}

async fn ask(officer: &mut Officer, method: &str, path: &str, given: &[(String, String)]) -> Page {
    if path == "/console/sign-out" || path == "/console/sign-in" {
        // Would end the session; neither shows anything of a municipality.
        return officer.visitor.get("/console/sign-in").await;
    }
    if method == "GET" {
        let query: Vec<String> =
            given.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = officer.visitor.request(Method::GET, &format!("{path}?{}", query.join("&")));
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        return Page {
            status,
            headers,
            body: String::from_utf8_lossy(&answer.bytes().await.unwrap()).into(),
        };
    }
    let mut fields = vec![("word", officer.word.as_str()), ("ground", officer.ground.as_str())];
    fields.extend(given.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    officer.visitor.post(path, &fields).await
}
