//! A cycle through its steps.

use std::collections::BTreeMap;

use super::*;
use crate::stock::allocating::{
    figures::{KeptOrder, OrderLine},
    lines::{AllocationLine, lines},
};

const UNTIL: WallTime = WallTime::from_unix_ms(1_000);
const LATER: WallTime = WallTime::from_unix_ms(2_000);

fn party(code: &str) -> Party {
    Party { municipality: code.parse().unwrap(), facility: None }
}

fn by() -> OfficerName {
    "nation-1".parse().unwrap()
}

fn reason() -> Reason {
    "離島のため".parse().unwrap()
}

fn kept() -> KeptCycle {
    let supply = Supply { boxes: 10, doses_per_box: 1_170, by_population_percent: 80 };
    let opened = Opened { product: "見本一号".parse().unwrap(), supply, orders_until: UNTIL };
    KeptCycle { number: 1, opened, by: by(), at: WallTime::from_unix_ms(0), steps: Vec::new() }
}

fn figures() -> Figures {
    let order = |code: &str| KeptOrder {
        municipality: code.parse().unwrap(),
        number: 1,
        line: OrderLine { facility: None, boxes: 10, people: Some(10_000) },
        by: by(),
        at: WallTime::from_unix_ms(0),
    };
    Figures {
        orders: vec![order("131016"), order("131130")],
        populations: BTreeMap::new(),
        booked: BTreeMap::new(),
    }
}

fn take(kept: &mut KeptCycle, step: CycleStep) {
    kept.steps.push(KeptCycleStep { step, by: by(), at: LATER });
}

fn moved(from: Option<Party>, to: Option<Party>, boxes: u64) -> CycleAct {
    CycleAct::Move { from, to, boxes, reason: reason() }
}

#[test]
fn a_cycle_goes_from_orders_to_its_publication_and_no_further() {
    let (one, two) = (party("131016"), party("131130"));
    let mut kept = kept();
    assert_eq!((kept.stage(UNTIL), kept.stage(LATER)), (CycleStage::Ordering, CycleStage::ToCompute));
    assert_eq!(kept.computed(&figures(), UNTIL), Err(CycleRefused::StillOrdering));
    assert_eq!(kept.computed(&Figures::default(), LATER), Err(CycleRefused::NobodyOrdered));
    assert_eq!(kept.judged(&CycleAct::Publish, Vec::new(), &by(), LATER), Err(CycleRefused::NotComputed));
    let (step, shares) = kept.computed(&figures(), LATER).unwrap();
    assert_eq!(step, CycleStep::Computed { parties: 2, left: 0 });
    take(&mut kept, step);
    assert_eq!((kept.stage(LATER), kept.computation()), (CycleStage::Draft, Some(1)));

    let judged = |kept: &KeptCycle, act: CycleAct| kept.judged(&act, shares.clone(), &by(), LATER);
    assert_eq!(judged(&kept, CycleAct::Undo), Err(CycleRefused::NothingToUndo));
    let too_many = Err(CycleRefused::Rule(CycleError::MoreThanSupply));
    assert_eq!(judged(&kept, moved(None, Some(two), 1)), too_many, "there is nothing left");
    assert_eq!(judged(&kept, moved(Some(one), Some(one), 1)), Err(CycleRefused::Rule(CycleError::Nothing)));
    let step = judged(&kept, moved(Some(one), Some(two), 3)).unwrap();
    take(&mut kept, step);
    assert_eq!(kept.stage(LATER), CycleStage::Adjusted);
    let said = |kept: &KeptCycle| lines(kept, &shares).iter().map(AllocationLine::boxes).collect::<Vec<_>>();
    assert_eq!(said(&kept), [2, 8]);
    assert_eq!(kept.folded(shares.clone()).unwrap().boxes().into_values().collect::<Vec<_>>(), [2, 8]);
    let step = judged(&kept, CycleAct::Undo).unwrap();
    take(&mut kept, step);
    assert_eq!((kept.stage(LATER), said(&kept)), (CycleStage::Draft, vec![5, 5]));

    let step = judged(&kept, CycleAct::Publish).unwrap();
    take(&mut kept, step);
    assert_eq!(kept.stage(UNTIL), CycleStage::Published);
    let published = Err(CycleRefused::Rule(CycleError::Published));
    for act in [moved(Some(one), Some(two), 1), CycleAct::Undo, CycleAct::Publish] {
        assert_eq!(judged(&kept, act), published);
    }
    assert_eq!(judged(&kept, CycleAct::CallOff { reason: reason() }), published);
    assert!(kept.computed(&figures(), LATER).is_err());
}

#[test]
fn computed_again_nothing_of_what_was_moved_before_holds() {
    let (one, two) = (party("131016"), party("131130"));
    let mut kept = kept();
    let (step, shares) = kept.computed(&figures(), LATER).unwrap();
    take(&mut kept, step);
    let step = kept.judged(&moved(Some(one), Some(two), 3), shares, &by(), LATER).unwrap();
    take(&mut kept, step);
    let (step, shares) = kept.computed(&figures(), LATER).unwrap();
    take(&mut kept, step);
    assert_eq!((kept.computation(), kept.moves().len()), (Some(3), 0));
    assert_eq!(kept.judged(&CycleAct::Undo, shares, &by(), LATER), Err(CycleRefused::NothingToUndo));
    take(&mut kept, CycleStep::CalledOff { reason: reason() });
    assert_eq!(kept.stage(LATER), CycleStage::CalledOff);
    assert_eq!(kept.computed(&figures(), LATER), Err(CycleRefused::CalledOff));
}

#[test]
fn another_supply_or_deadline_lets_orders_in_again_and_what_was_computed_no_longer_holds() {
    let mut kept = kept();
    let (step, shares) = kept.computed(&figures(), LATER).unwrap();
    take(&mut kept, step);
    let revised = |kept: &KeptCycle, boxes, orders_until, now| {
        kept.judged(&CycleAct::Revise { boxes, orders_until, reason: reason() }, shares.clone(), &by(), now)
    };
    assert_eq!(revised(&kept, 10, UNTIL, LATER), Err(CycleRefused::NothingRevised));
    assert_eq!(revised(&kept, 10, LATER, LATER), Err(CycleRefused::DeadlineOver));
    assert!(matches!(revised(&kept, 0, UNTIL, LATER), Err(CycleRefused::Compute(_))));
    let step = revised(&kept, 12, UNTIL, LATER).unwrap();
    take(&mut kept, step);
    assert_eq!(
        (kept.stage(LATER), kept.computation(), kept.supply().boxes),
        (CycleStage::ToCompute, None, 12)
    );
    assert_eq!(kept.judged(&CycleAct::Publish, Vec::new(), &by(), LATER), Err(CycleRefused::NotComputed));
    let until = LATER.plus_ms(1);
    let step = revised(&kept, 12, until, LATER).unwrap();
    take(&mut kept, step);
    assert_eq!((kept.stage(LATER), kept.orders_until()), (CycleStage::Ordering, until));
    assert_eq!(kept.computed(&figures(), LATER), Err(CycleRefused::StillOrdering));
    let (step, shares) = kept.computed(&figures(), until.plus_ms(1)).unwrap();
    assert_eq!(shares.iter().map(Share::boxes).sum::<u64>(), 12);
    take(&mut kept, step);
    assert_eq!(kept.computation(), Some(4));
}

#[test]
fn a_step_is_written_as_it_is_read() {
    let steps = [
        CycleStep::Computed { parties: 2, left: 0 },
        CycleStep::Moved { from: Some(party("131016")), to: None, boxes: 1, reason: reason() },
        CycleStep::Undone {},
        CycleStep::Published {},
        CycleStep::Revised { boxes: 9, orders_until: UNTIL, reason: reason() },
        CycleStep::CalledOff { reason: reason() },
    ];
    for step in steps {
        let json = serde_json::to_value(&step).unwrap();
        assert_eq!(json["what"], step.word());
        assert_eq!(serde_json::from_value::<CycleStep>(json).unwrap(), step);
    }
}
