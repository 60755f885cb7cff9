//! 移送: planned, approved on every side, sent, received or disputed, and what each step moves in two books.
//!
//! Must not: know how a page or a command asks for it.

use record::{WallTime, day::FacilityCode};
use vsys::{
    Amount, Event, FacilityKind, Storage as Kept, TransferId,
    ledger::{Account, End, LedgerError},
    transfer::{Approver, FREEZER, Handover, Plan, Receipt, State, Step, TransferError},
};

use super::{
    entries::day,
    sample::NOON,
    stock::{OTHER, OWN, balance, checked, delivered, key, noted, on_hand, registered, site},
};
use crate::{
    stock::folded::KeptStep,
    storage::{KindChanged, NewKind, NewPlan, NewStep, Place, Planned, StepTaken, Storage, Which},
};

fn second() -> FacilityCode {
    "1310100002".parse().unwrap()
}

pub(crate) fn plan(number: u8, from: Place, to: Place, vials: u64) -> Plan {
    let stock = key(from.facility, Kept::Frozen);
    Plan {
        id: TransferId::from_bytes([number; 16]),
        from: (from.facility, from.municipality),
        to: (to.facility, to.municipality),
        product: stock.product,
        lot: stock.lot,
        storage: Kept::Frozen,
        amount: Amount::of_vials(vials, 6),
        parent: None,
    }
}

async fn planned(storage: &dyn Storage, plan: &Plan) -> Planned {
    let noted = noted(&plan.from.1.to_string());
    let new = NewPlan { plan: plan.clone(), by: "staff-1".parse().unwrap(), at: NOON, noted };
    storage.plan_transfer(new).await.unwrap()
}

async fn take(storage: &dyn Storage, plan: &Plan, seen: u32, step: Step) -> StepTaken {
    let taken = KeptStep { step, by: "staff-1".parse().unwrap(), at: NOON };
    let new = NewStep { from: plan.from.1, id: plan.id, seen, taken, noted: Some(noted(OWN)) };
    storage.step_transfer(new).await.unwrap()
}

fn sent(vials: u64) -> Step {
    Step::Sent(Handover {
        at: NOON,
        amount: Amount::of_vials(vials, 6),
        cold_chain: FREEZER,
        thawed_at: None,
        good_until: NOON.plus_ms(30 * 86_400_000),
        container: Some("箱-1".parse().unwrap()),
        logger: Some("L-1".parse().unwrap()),
        carrier: "見本運送".parse().unwrap(),
        by: "staff-1".parse().unwrap(),
    })
}

fn received(vials: u64) -> Step {
    let (at, by) = (NOON.plus_ms(3_600_000), "staff-2".parse().unwrap());
    Step::Received(Receipt { at, amount: Amount::of_vials(vials, 6), storage: Kept::Frozen, by })
}

/// Approved by everybody who must; how many steps that took.
pub(crate) async fn approved(storage: &dyn Storage, plan: &Plan) -> u32 {
    assert_eq!(planned(storage, plan).await, Planned::Planned);
    let mut seen = 0;
    for approver in plan.approvers() {
        let taken = take(storage, plan, seen, Step::Approved(approver)).await;
        assert!(matches!(taken, StepTaken::Taken(_)), "{taken:?}");
        seen += 1;
    }
    seen
}

/// Facilities with their kinds, a product's rule, doses in the books, and a transfer that has left.
pub(crate) async fn something_on_its_way(storage: &dyn Storage) {
    let from = registered(storage, site(), OWN).await;
    let to = registered(storage, second(), OTHER).await;
    let product = day().vaccine.product;
    let new = NewKind {
        product: product.clone(),
        kind: FacilityKind::Core,
        effective_from: None,
        decided_at: NOON,
        by: "staff-1".parse().unwrap(),
        reason: "見本の理由".parse().unwrap(),
    };
    storage.change_kind(from, new, noted(OWN)).await.unwrap();
    let packaging = vsys::Packaging { doses_per_vial: 6, vials_per_tray: 195, vials_per_box: 195 };
    storage.publish_product_rule(vsys::ProductRule::open(product, packaging), NOON).await.unwrap();
    delivered(storage, from, Kept::Frozen, 5).await;
    let plan = plan(1, from, to, 2);
    let seen = approved(storage, &plan).await;
    assert_eq!(take(storage, &plan, seen, sent(2)).await, StepTaken::Taken(State::Sent));
    storage.look_at_all_doses().await.unwrap();
    while storage.take_in_doses(100, NOON).await.unwrap() > 0 {}
}

pub(crate) async fn a_transfer_moves_stock_from_one_municipality_to_another(storage: &dyn Storage) {
    let from = registered(storage, site(), OWN).await;
    let to = registered(storage, second(), OTHER).await;
    delivered(storage, from, Kept::Frozen, 5).await;
    let plan = plan(1, from, to, 4);
    assert_eq!(plan.approvers().len(), 2, "one prefecture, both municipalities in it");
    let nowhere = Plan { to: (second(), from.municipality), ..plan.clone() };
    assert_eq!(planned(storage, &nowhere).await, Planned::NoFacility);
    assert_eq!(planned(storage, &plan).await, Planned::Planned);
    assert_eq!(storage.transfers_to_approve(9).await.unwrap().len(), 1);
    for (seen, approver) in
        [Approver::Municipality(from.municipality), Approver::Prefecture(13)].into_iter().enumerate()
    {
        let taken = take(storage, &plan, seen as u32, Step::Approved(approver)).await;
        assert!(matches!(taken, StepTaken::Taken(_)), "{taken:?}");
    }
    assert_eq!(storage.transfers_to_approve(9).await.unwrap(), []);
    assert_eq!(take(storage, &plan, 2, sent(4)).await, StepTaken::Taken(State::Sent));
    assert_eq!(on_hand(storage, from, Kept::Frozen).await, Amount::of_vials(1, 6));
    let on_its_way = Account::InTransit(plan.id, plan.sent());
    assert_eq!(balance(storage, from, &on_its_way).await.amount(), Amount::of_vials(4, 6));
    for municipality in [from.municipality, to.municipality] {
        let open = storage.transfers(municipality, Which::Open, None, 9).await.unwrap();
        assert_eq!(open.len(), 1, "both sides find it");
        assert_eq!(open[0].transfer.state, State::Sent);
    }
    assert!(checked(storage).await.is_good(), "on its way it is somewhere");
    assert_eq!(take(storage, &plan, 3, received(4)).await, StepTaken::Taken(State::Closed));
    assert_eq!(on_hand(storage, to, Kept::Frozen).await, Amount::of_vials(4, 6));
    let handed_over = Account::Gone(End::HandedOver, plan.sent());
    assert_eq!(balance(storage, from, &handed_over).await.amount(), Amount::of_vials(4, 6));
    let kept = storage.transfer(from.municipality, plan.id).await.unwrap().unwrap();
    assert_eq!((kept.steps.len(), kept.transfer.plan), (4, plan.clone()));
    assert_eq!(storage.transfer(to.municipality, plan.id).await.unwrap(), None, "it belongs to who gives");
    let ended = storage.transfers(to.municipality, Which::Ended, None, 9).await.unwrap();
    assert_eq!(
        (ended.len(), storage.transfers(to.municipality, Which::Open, None, 9).await.unwrap().len()),
        (1, 0)
    );
    let checked = checked(storage).await;
    assert!(checked.is_good() && checked.lines == 3, "{checked:?}");
    let third = "131024".parse().unwrap();
    assert_eq!(storage.transfers(third, Which::Ended, None, 9).await.unwrap(), []);
}

pub(crate) async fn a_step_is_for_what_was_seen_and_moves_all_or_nothing(storage: &dyn Storage) {
    let from = registered(storage, site(), OWN).await;
    let to = registered(storage, second(), OWN).await;
    delivered(storage, from, Kept::Frozen, 5).await;
    // All want the same five vials; each transfer wants three.
    let plans: Vec<Plan> = (1..=64).map(|number| plan(number, from, to, 3)).collect();
    for plan in &plans {
        approved(storage, plan).await;
    }
    let all = futures_util::future::join_all(plans.iter().map(|plan| take(storage, plan, 1, sent(3)))).await;
    let count = |wanted: StepTaken| all.iter().filter(|taken| **taken == wanted).count();
    assert_eq!(count(StepTaken::Taken(State::Sent)), 1);
    assert_eq!(count(StepTaken::NotInTheBooks(LedgerError::MoreThanOnHand)), 63);
    assert_eq!(on_hand(storage, from, Kept::Frozen).await, Amount::of_vials(2, 6));
    let winner = all.iter().position(|taken| *taken == StepTaken::Taken(State::Sent)).unwrap();
    let (sent_one, loser) = (&plans[winner], &plans[usize::from(winner == 0)]);
    assert_eq!(take(storage, sent_one, 1, received(3)).await, StepTaken::Overtaken);
    let not_now = StepTaken::Refused(TransferError::NotNow(State::Approved));
    assert_eq!(take(storage, loser, 1, received(3)).await, not_now);
    let unknown = Plan { id: TransferId::from_bytes([99; 16]), ..loser.clone() };
    assert_eq!(take(storage, &unknown, 0, received(3)).await, StepTaken::Unknown);
    // Two receive at once: one is told that the other was first.
    let (one, two) = futures_util::future::join(
        take(storage, sent_one, 2, received(3)),
        take(storage, sent_one, 2, received(3)),
    )
    .await;
    let mut both = [one, two];
    both.sort_by_key(|taken| *taken == StepTaken::Overtaken);
    assert_eq!(both, [StepTaken::Taken(State::Closed), StepTaken::Overtaken]);
    assert_eq!(on_hand(storage, to, Kept::Frozen).await, Amount::of_vials(3, 6));
    assert!(checked(storage).await.is_good());
}

pub(crate) async fn what_arrived_otherwise_is_disputed_until_a_person_says_why(storage: &dyn Storage) {
    let from = registered(storage, site(), OWN).await;
    let to = registered(storage, second(), OWN).await;
    delivered(storage, from, Kept::Frozen, 5).await;
    let plan = plan(1, from, to, 5);
    let seen = approved(storage, &plan).await;
    take(storage, &plan, seen, sent(5)).await;
    assert_eq!(take(storage, &plan, seen + 1, received(3)).await, StepTaken::Taken(State::Disputed));
    let returned = Step::Returned { amount: Amount::of_vials(1, 6) };
    assert_eq!(take(storage, &plan, seen + 2, returned).await, StepTaken::Taken(State::Disputed));
    let lost = |vials| Step::DeclaredLost {
        amount: Amount::of_vials(vials, 6),
        reason: "運搬中に破損".parse().unwrap(),
    };
    let too_many = StepTaken::Refused(TransferError::Amount);
    assert_eq!(take(storage, &plan, seen + 3, lost(2)).await, too_many);
    assert_eq!(take(storage, &plan, seen + 3, lost(1)).await, StepTaken::Taken(State::Closed));
    assert_eq!(on_hand(storage, from, Kept::Frozen).await, Amount::of_vials(1, 6));
    let lines = storage.stock_lines(from, None, 9).await.unwrap();
    assert_eq!(lines[0].line.reason, Some("運搬中に破損".parse().unwrap()));
    assert!(matches!(lines[0].line.event, Event::LostInTransit { .. }));
    assert!(checked(storage).await.is_good());
}

/// The governors' second case: 基本型 X becomes 連携型 while supply is scarce and receives from Y; with stock on hand it
/// becomes 基本型 again and takes direct delivery. No row from before either change reads differently.
pub(crate) async fn a_core_facility_that_was_lent_becomes_core_again_with_stock_on_hand(
    storage: &dyn Storage,
) {
    let x = registered(storage, site(), OWN).await;
    let y = registered(storage, second(), OTHER).await;
    let hour = |hours: i64| NOON.plus_ms(hours * 3_600_000);
    let product = day().vaccine.product;
    let become_ = async |place: Place, kind, decided_at: WallTime| {
        let new = NewKind {
            product: product.clone(),
            kind,
            effective_from: None,
            decided_at,
            by: "staff-1".parse().unwrap(),
            reason: "供給の見込み".parse().unwrap(),
        };
        let changed = storage.change_kind(place, new, noted(OWN)).await.unwrap();
        assert_eq!(changed, KindChanged::Changed);
    };
    become_(x, FacilityKind::Core, hour(0)).await;
    become_(y, FacilityKind::Core, hour(0)).await;
    delivered(storage, x, Kept::Frozen, 1).await;
    delivered(storage, y, Kept::Frozen, 10).await;
    let (lines_before, kind_before) = (
        storage.stock_lines(x, None, 9).await.unwrap(),
        storage.kinds(x).await.unwrap().kind_at(&product, hour(0)),
    );
    // Supply is scarce: X is lent out as 連携型, with stock on hand, and receives from Y.
    become_(x, FacilityKind::Linked, hour(1)).await;
    let plan = plan(1, y, x, 4);
    let seen = approved(storage, &plan).await;
    take(storage, &plan, seen, sent(4)).await;
    assert_eq!(take(storage, &plan, seen + 1, received(4)).await, StepTaken::Taken(State::Closed));
    assert_eq!(on_hand(storage, x, Kept::Frozen).await, Amount::of_vials(5, 6));
    // Supply is plentiful: with stock on hand it becomes 基本型 again and takes direct delivery.
    become_(x, FacilityKind::Core, hour(2)).await;
    delivered(storage, x, Kept::Frozen, 195).await;
    assert_eq!(on_hand(storage, x, Kept::Frozen).await, Amount::of_vials(200, 6));
    let lines = storage.stock_lines(x, None, 9).await.unwrap();
    assert_eq!(lines[lines.len() - lines_before.len()..], lines_before[..]);
    let kinds = storage.kinds(x).await.unwrap();
    assert_eq!(kinds.kind_at(&product, hour(0)), kind_before);
    let over_time = [0, 1, 2].map(|hours| kinds.kind_at(&product, hour(hours)));
    assert_eq!(over_time, [FacilityKind::Core, FacilityKind::Linked, FacilityKind::Core].map(Some));
    assert!(checked(storage).await.is_good());
}
