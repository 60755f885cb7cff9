//! The last vials of a facility, wanted by 64 transfers at once.
//!
//! Must not: pass where a vial is lost, or where one left that was not there.

use std::time::Instant;

use central::{
    audit::{Act, StockAct},
    stock::{checking, folded::KeptStep},
    storage::{KeptFacility, LineAdded, NewPlan, NewStep, Planned, Registered, StepTaken, Storage},
};
use futures_util::future::join_all;
use record::{MunicipalityCode, WallTime, day::FacilityCode};
use vsys::{
    Amount, Event, Facility, Line, StockKey, Storage as Kept, TransferId,
    ledger::{Account, LedgerError},
    transfer::{FREEZER, Handover, Plan, Receipt, State, Step},
};

use crate::{fill::connect, report::Report};

const CLIENTS: u64 = 64;
const VIALS: u64 = 40;
const NOW: WallTime = WallTime::from_unix_ms(1_637_550_000_000);
const BY: &str = "staff-1";
const OWN: &str = "131130";

fn municipality() -> MunicipalityCode {
    OWN.parse().unwrap()
}

fn place(number: u32) -> FacilityCode {
    format!("99{number:08}").parse().unwrap()
}

fn key() -> StockKey {
    let (product, lot) = ("見本最後号".parse().unwrap(), "SAMPLE-LAST".parse().unwrap());
    StockKey { facility: place(1), product, lot, storage: Kept::Frozen }
}

fn noted() -> central::storage::NewLine {
    let act = Act::StockRecorded { facility: place(1), what: StockAct::Delivered };
    act.line(municipality(), BY, NOW)
}

fn plan(number: u64) -> Plan {
    let mut id = [0xEE; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    let StockKey { product, lot, storage, .. } = key();
    Plan {
        id: TransferId::from_bytes(id),
        from: (place(1), municipality()),
        to: (place(2), municipality()),
        product,
        lot,
        storage,
        amount: Amount::of_vials(1, 6),
        parent: None,
    }
}

async fn take(storage: &dyn Storage, plan: &Plan, seen: u32, step: Step) -> StepTaken {
    let taken = KeptStep { step, by: BY.parse().unwrap(), at: NOW };
    let new = NewStep { from: plan.from.1, id: plan.id, seen, taken, noted: Some(noted()) };
    storage.step_transfer(new).await.unwrap()
}

fn sent() -> Step {
    Step::Sent(Handover {
        at: NOW,
        amount: Amount::of_vials(1, 6),
        cold_chain: FREEZER,
        thawed_at: None,
        good_until: NOW.plus_ms(30 * 86_400_000),
        container: None,
        logger: None,
        carrier: "見本運送".parse().unwrap(),
        by: BY.parse().unwrap(),
    })
}

fn received() -> Step {
    let amount = Amount::of_vials(1, 6);
    Step::Received(Receipt {
        at: NOW.plus_ms(3_600_000),
        amount,
        storage: Kept::Frozen,
        by: BY.parse().unwrap(),
    })
}

/// Two facilities, and vials at the first.
async fn ready(storage: &dyn Storage) {
    for number in [1, 2] {
        let facility = Facility {
            code: place(number),
            name: "見本診療所".parse().unwrap(),
            municipality: municipality(),
            freezer_vials: 1_000,
            doses_per_day: 300,
            position: None,
        };
        let kept = KeptFacility { facility, books_begin_on: "2021-11-01".parse().unwrap() };
        assert_eq!(storage.register_facility(kept, noted()).await.unwrap(), Registered::New);
    }
    let event = Event::Delivered { amount: Amount::of_vials(VIALS, 6) };
    let line = Line { key: key(), event, at: NOW, by: BY.parse().unwrap(), reason: None };
    let added = storage.add_stock_line(municipality(), line, NOW, noted()).await.unwrap();
    assert!(matches!(added, LineAdded::Added(_)), "{added:?}");
}

pub(crate) async fn row(storage: &dyn Storage, url: &str, report: &mut Report) {
    ready(storage).await;
    let plans: Vec<Plan> = (1..=CLIENTS).map(plan).collect();
    for plan in &plans {
        let new = NewPlan { plan: plan.clone(), by: BY.parse().unwrap(), at: NOW, noted: noted() };
        assert_eq!(storage.plan_transfer(new).await.unwrap(), Planned::Planned);
        for (seen, approver) in (0..).zip(plan.approvers()) {
            let taken = take(storage, plan, seen, Step::Approved(approver)).await;
            assert!(matches!(taken, StepTaken::Taken(_)), "{taken:?}");
        }
    }
    let approved = plans.first().map_or(0, |plan| plan.approvers().len() as u32);
    let began = Instant::now();
    let all = join_all(plans.iter().map(|plan| take(storage, plan, approved, sent()))).await;
    let seconds = began.elapsed().as_secs_f64();
    let count = |wanted: &StepTaken| all.iter().filter(|taken| *taken == wanted).count() as u64;
    let left = count(&StepTaken::Taken(State::Sent));
    let refused = count(&StepTaken::NotInTheBooks(LedgerError::MoreThanOnHand));
    let leaving = plans.iter().zip(&all).filter(|(_, taken)| matches!(taken, StepTaken::Taken(_)));
    join_all(leaving.map(|(plan, _)| take(storage, plan, approved + 1, received()))).await;
    let on_hand = async |number| {
        let at = Some(place(number));
        let balances = storage.balances(municipality(), at).await.unwrap();
        let on_hand = balances.into_iter().find(|(account, _)| matches!(account, Account::OnHand(_)));
        on_hand.map_or(0, |(_, balance)| balance.vials)
    };
    let (from, to) = (on_hand(1).await, on_hand(2).await);
    let checked = checking::check(&mut *storage.snapshot().await.unwrap()).await.unwrap();
    let holds = (left, refused, from, to) == (VIALS, CLIENTS - VIALS, 0, VIALS as i64) && checked.is_good();
    let (sql_left, sql_seconds) = in_sql(url).await;
    report.row(
        &format!("{CLIENTS} transfers at once for the last {VIALS} vials: sent, refused; left there, arrived; seconds"),
        format!("{left}, {refused}; {from}, {to}; {seconds:.2}"),
        "never below zero, none lost",
        format!("{sql_left} sent in {sql_seconds:.2}, one row alone"),
        holds,
    );
}

/// One row that 64 connections count down at once.
async fn in_sql(url: &str) -> (u64, f64) {
    let client = connect(url).await;
    let table = format!("CREATE TABLE floor (vials bigint NOT NULL); INSERT INTO floor VALUES ({VIALS})");
    client.batch_execute(&table).await.unwrap();
    let clients = join_all((0..CLIENTS).map(|_| connect(url))).await;
    let began = Instant::now();
    let take = clients
        .iter()
        .map(|client| client.execute("UPDATE floor SET vials = vials - 1 WHERE vials > 0", &[]));
    let left = join_all(take).await.into_iter().map(Result::unwrap).sum();
    let seconds = began.elapsed().as_secs_f64();
    client.batch_execute("DROP TABLE floor").await.unwrap();
    (left, seconds)
}
