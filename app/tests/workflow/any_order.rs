//! From any state and in any order of events: nothing is kept that was not settled, nothing is shown with another
//! frame's crop, and no state is a dead end.

use std::{collections::HashSet, sync::Arc};

use app::{
    camera::CameraState,
    messages::{KeepProblem, UnlockProblem},
    workflow::{
        Event, Phase, Press,
        day::Field,
        event::{Place, Seen},
        open::Page,
        scan::Card,
        unlock::{Locked, Purpose},
    },
};
use proptest::prelude::*;
use record::{EntryContent, WallTime, WitnessSet, entry::Corrected};
use scanner::{Cause, Verdict};
use store::{ListFilter, StoreError};

use crate::hands::*;

/// Something that can happen, in a form that proptest can draw.
#[derive(Debug, Clone)]
enum Act {
    Press(u8, usize),
    Accepted(bool),
    Disputed(bool),
    Gone,
    InView(u32),
    Foreign,
    LookedUp(bool),
    LookUpFailed,
    Kept(bool),
    Unlocked(bool),
    Camera(bool),
    Listed,
    Digits,
    Scanned(bool),
    DayCounted,
    Recalled(bool),
    Tick,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0_u8..40, 0_usize..6).prop_map(|(press, index)| Act::Press(press, index)),
        2 => any::<bool>().prop_map(Act::Accepted),
        2 => any::<bool>().prop_map(Act::Disputed),
        1 => Just(Act::Gone),
        1 => (1_u32..200).prop_map(Act::InView),
        1 => Just(Act::Foreign),
        3 => any::<bool>().prop_map(Act::LookedUp),
        1 => Just(Act::LookUpFailed),
        3 => any::<bool>().prop_map(Act::Kept),
        2 => any::<bool>().prop_map(Act::Unlocked),
        1 => any::<bool>().prop_map(Act::Camera),
        1 => Just(Act::Listed),
        2 => Just(Act::Digits),
        1 => any::<bool>().prop_map(Act::Scanned),
        1 => Just(Act::DayCounted),
        1 => any::<bool>().prop_map(Act::Recalled),
        1 => Just(Act::Tick),
    ]
}

fn press(which: u8, index: usize) -> Press {
    match which {
        0 => Press::SwitchLanguage,
        1 => Press::CloseNotice,
        2 => Press::Go(
            [Place::Scan, Place::Records, Place::Closing, Place::Sending, Place::About, Place::Stock]
                [index % 6],
        ),
        3 => Press::Lock,
        4 => Press::Back,
        5 => Press::LookAgain,
        6 => Press::ChooseBundle(index),
        7 => Press::ApplyBundle,
        8 => Press::Configure,
        9 => Press::ChooseStaff(index),
        10 => Press::Digit(char::from(b'0' + index as u8)),
        11 => Press::TakeBack,
        12 | 13 => Press::Done,
        14 => Press::OpenField(Field::ALL[index % 6]),
        15 => Press::Choose(index),
        16 | 17 => Press::Record,
        18 => Press::Discard,
        19 => Press::Settle,
        20 => Press::Keypad,
        21 => Press::ChangeDay,
        22 => Press::SwitchMode,
        23 | 24 => Press::Tick(index),
        25 => Press::Filter(ListFilter::All),
        26 => Press::SetAside,
        27 => Press::TakeBackRecord,
        28 => Press::Search,
        29 => Press::OpenRow(index),
        30 => Press::SelfTest,
        31 => Press::Train,
        32 => Press::ChooseCamera(index),
        33 => Press::Configure,
        34 => Press::AddLot,
        35 => Press::Help,
        36 => Press::HelpWith(index),
        37 | 38 => Press::CloseHelp,
        _ => Press::Reason(index),
    }
}

fn happen(hands: &mut Hands, act: Act) {
    let number = |first: bool| if first { LINE } else { OTHER_LINE };
    match act {
        Act::Press(which, index) => hands.press(press(which, index)),
        Act::Accepted(first) => hands.accepted(number(first)),
        Act::Disputed(one) => hands.disputed(LINE, if one { Cause::OneWitness } else { Cause::Disagreement }),
        Act::Gone => hands.gone(),
        Act::InView(frames) => {
            let capture = hands.capture();
            hands.tell(Event::Seen(Seen { verdict: Verdict::Something { capture, frames }, crop: None }))
        }
        Act::Foreign => {
            let capture = hands.capture();
            hands.tell(Event::Seen(Seen { verdict: Verdict::ForeignQr { capture }, crop: None }))
        }
        Act::LookedUp(first) => {
            hands.tell(Event::LookedUp { line: number(first).parse().unwrap(), earlier: Vec::new() })
        }
        Act::LookUpFailed => hands.tell(Event::LookUpFailed(KeepProblem::Store(StoreError::Row))),
        Act::Kept(true) if hands.to_keep().is_some() => {
            hands.kept();
            hands
        }
        Act::Kept(_) => hands.tell(Event::Kept(Err(KeepProblem::Store(StoreError::Full)))),
        Act::Unlocked(right) => {
            let permits = |locked: &Locked| matches!(locked.purpose, Purpose::Configure(_));
            if matches!(&hands.state.phase, Phase::Locked(locked) if permits(locked)) {
                hands.tell(Event::Permitted(if right { Ok(()) } else { Err(UnlockProblem::UnknownStaff) }))
            } else if matches!(&hands.state.phase, Phase::Locked(locked) if !locked.opening) {
                if right {
                    hands.unlock(Some(day()));
                    return;
                }
                hands.tell(Event::Unlocked(Err(UnlockProblem::WrongPin { wait_ms: 0 })))
            } else {
                hands
            }
        }
        Act::Camera(works) => {
            hands.tell(Event::Camera(if works { CameraState::Running } else { CameraState::NotAnswering }))
        }
        Act::Listed => hands.tell(Event::Listed { filter: ListFilter::All, offset: 0, rows: Vec::new() }),
        Act::Digits => hands.type_number(LINE),
        Act::Scanned(first) => hands.tell(Event::Typed(format!("A{}B", &number(first)[8..]))),
        Act::DayCounted => hands.tell(Event::DayCounted { day: day().vaccinated_on, entries: Vec::new() }),
        Act::Recalled(is_recalled) => recall(hands, is_recalled),
        Act::Tick => hands.tell(Event::Tick),
    };
}

/// The central tells that the day's lot is recalled, or that it is not.
fn recall(hands: &mut Hands, is_recalled: bool) -> &mut Hands {
    let mut profile = profile();
    profile.keeps_stock = true;
    profile.vaccines[0].lots[0].recalled_at = is_recalled.then(|| WallTime::from_unix_ms(0));
    hands.tell(Event::ProfileChanged(Arc::new(profile)))
}

/// Notes the number that stands whole on the keypad: what the person typed is a number that somebody saw.
fn note_typed(hands: &Hands, typed: &mut HashSet<String>) {
    if let Phase::Open(open) = &hands.state.phase
        && let Page::Keypad(keypad) = &open.page
        && keypad.typed.len() == LINE.len()
    {
        typed.insert(keypad.typed.clone());
    }
}

/// What was asked to be kept rests on two witnesses or the person for every digit, by its very type; here: that it
/// is one of the papers that were ever shown or a number that was typed whole, and of the day that was set.
fn check_kept(hands: &Hands, typed: &HashSet<String>) -> Result<(), TestCaseError> {
    let Some(content) = hands.to_keep() else { return Ok(()) };
    prop_assert!(hands.state.help.is_none(), "nobody sees what is kept");
    let (coupon, witnessed) = match &content {
        EntryContent::Vaccination(vaccination)
        | EntryContent::Correction(record::entry::Correction {
            corrected: Corrected::Vaccination(vaccination),
            ..
        }) => (vaccination.coupon, vaccination.witnessed),
        _ => return Ok(()),
    };
    let shown = [LINE, OTHER_LINE, "231311300000123450"];
    let coupon = coupon.to_string();
    prop_assert!(shown.contains(&coupon.as_str()) || typed.contains(&coupon), "a number nobody saw");
    prop_assert!(witnessed.sets().iter().all(|set: &WitnessSet| set.is_settled()));
    prop_assert!(matches!(hands.state.phase, Phase::Open(_)), "only while somebody works");
    Ok(())
}

/// The card and the comparison show only their own frame.
fn check_shown(hands: &Hands) -> Result<(), TestCaseError> {
    let Phase::Open(open) = &hands.state.phase else { return Ok(()) };
    let pair = match (&open.page, &open.scan.card) {
        (Page::Scan, Card::Checking(found) | Card::Ready(found) | Card::Keeping(found)) => {
            found.crop.as_ref().map(|crop| (crop.capture(), found.capture))
        }
        (Page::Scan, Card::Done(done) | Card::TakingBack(done) | Card::TakenBack(done)) => {
            done.found.crop.as_ref().map(|crop| (crop.capture(), done.found.capture))
        }
        (Page::Scan, Card::ForPerson(disputed)) => {
            disputed.crop.as_ref().map(|crop| (crop.capture(), disputed.dispute.capture))
        }
        _ => None,
    };
    if let Some((crop, own)) = pair {
        prop_assert_eq!(crop, own);
    }
    Ok(())
}

/// From wherever it is, the tablet can be brought to scan a paper and keep it.
fn check_no_dead_end(hands: &mut Hands) -> Result<(), TestCaseError> {
    hands.press(Press::CloseHelp);
    recall(hands, false);
    // A request under way is answered in the end.
    hands.tell(Event::Kept(Err(KeepProblem::Store(StoreError::Full))));
    hands.tell(Event::BundleApplied(Err(app::messages::SetupProblem::Expired)));
    hands.tell(Event::Unlocked(Err(UnlockProblem::UnknownStaff)));
    for _ in 0..4 {
        match &hands.state.phase {
            Phase::Open(_) => break,
            Phase::Locked(locked) if matches!(locked.purpose, Purpose::Configure(_)) => {
                hands.press(Press::Back);
            }
            Phase::Locked(_) => {
                hands.unlock(Some(day()));
            }
            Phase::Setup(_) => {
                hands.press(Press::Back);
            }
        }
    }
    hands.press(Press::Go(Place::Scan));
    if matches!(hands.open().page, Page::Day(_)) {
        hands
            .choose(Field::Physician, 0)
            .choose(Field::Vaccine, 0)
            .choose(Field::Lot, 0)
            .choose(Field::Dose, 1);
        hands.press(Press::Done);
    }
    hands.accepted(LINE).nothing_earlier();
    if hands.to_keep().is_none() {
        hands.press(Press::Record);
    }
    prop_assert!(hands.to_keep().is_some(), "{:?}", hands.state);
    Ok(())
}

/// The answer about an earlier paper comes while a typed number waits to be compared.
#[test]
fn a_typed_number_waits_for_its_comparison_whatever_else_is_answered() {
    for answered in [true, false] {
        let mut hands = Hands::scanning();
        let typed = [Act::Digits, Act::Press(12, 0)];
        for act in [[Act::Press(20, 0)].as_slice(), &typed, &typed, &[Act::LookedUp(answered)]].concat() {
            happen(&mut hands, act);
        }
        assert!(hands.to_keep().is_none(), "nobody has said that it is right");
        assert!(matches!(hands.open().page, Page::Confirm(_)));
    }
}

/// The answer about one paper comes when the next lies there.
#[test]
fn an_answer_about_an_earlier_paper_says_nothing_about_the_next() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).gone().accepted(OTHER_LINE);
    happen(&mut hands, Act::LookedUp(true));
    assert!(matches!(hands.open().scan.card, Card::Checking(_)), "the next is still asked about");
    happen(&mut hands, Act::LookedUp(false));
    assert!(matches!(hands.open().scan.card, Card::Ready(_)));
    happen(&mut hands, Act::LookedUp(true));
    assert!(matches!(hands.open().scan.card, Card::Ready(_)), "a late answer takes nothing away");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn whatever_happens_nothing_unsettled_is_kept_and_work_can_go_on(acts in proptest::collection::vec(act(), 0..60)) {
        let mut hands = Hands::scanning();
        let mut typed = HashSet::new();
        let mut is_recalled = false;
        for act in acts {
            if let Act::Recalled(now) = act {
                is_recalled = now;
            }
            happen(&mut hands, act);
            note_typed(&hands, &mut typed);
            check_kept(&hands, &typed)?;
            if let Some(EntryContent::Vaccination(shot)) = hands.to_keep() {
                prop_assert!(!is_recalled || shot.day.lot != day().lot, "a recalled lot");
            }
            check_shown(&hands)?;
        }
        check_no_dead_end(&mut hands)?;
    }
}
