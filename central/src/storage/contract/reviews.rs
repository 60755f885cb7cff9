//! 判断: what contradicts waits for a person; what was decided holds, is never overwritten, and locks the dose.
//!
//! Must not: know how a page asks for it.

use record::{
    Entry, EntryId, MunicipalityCode, Outcome, ReviewReason,
    bytes::EntryHash,
    reference::{Settlement, settled},
};
use seal::chain::entry_hash;

use super::{
    doses::{key_of, standing},
    entries::{EntryMaker, day, day_with_lot, vaccination_in},
    reference::{known, refresh, whole},
    sample::{NOON, Tablet, enrolled, enrolled_as, review},
};
use crate::{
    case::{Case, Choice, Decided, NewDecision},
    roles::Role,
    storage::{Account, Added, Credential, Derivation, Storage},
};

const DELIVERED: Outcome = Outcome::Delivered;

fn shibuya() -> MunicipalityCode {
    "131130".parse().unwrap()
}
fn hash_of(entry: &Entry) -> EntryHash {
    entry_hash(&entry.to_bytes())
}
fn checked() -> Outcome {
    review(ReviewReason::CheckedRecord)
}
fn contradicts() -> Outcome {
    review(ReviewReason::OtherContentForSameDose)
}

/// Who decides.
async fn person(storage: &dyn Storage) {
    let (name, role) = ("staff-1".parse().unwrap(), Role::MunicipalityStaff(shibuya()));
    let account = Account { name, role, credential: Credential::Password(String::new()), created_at: NOON };
    assert_eq!(storage.add_account(account).await.unwrap(), Added::Added);
}

async fn case_of(storage: &dyn Storage, entry_id: EntryId) -> Case {
    let mut cases = storage.cases_of_entry(shibuya(), entry_id).await.unwrap();
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

fn decision(case: &Case, stands: Option<&Entry>) -> NewDecision {
    NewDecision {
        dose: (case.coupon, case.dose),
        seen: case.seen(),
        stands: stands.map(hash_of),
        reason: "紙を見て確かめた".parse().unwrap(),
        decided_by: "staff-1".parse().unwrap(),
        decided_at: NOON.plus_ms(60_000),
    }
}

async fn decide(storage: &dyn Storage, entry: &Entry, stands: Option<&Entry>) -> Decided {
    let case = case_of(storage, entry.entry_id).await;
    storage.decide(decision(&case, stands)).await.unwrap()
}

async fn open_count(storage: &dyn Storage) -> usize {
    storage.open_cases(shibuya(), 100).await.unwrap().len()
}

/// A tablet that told one dose in two ways: the one that stands, the one that waits.
struct Conflict {
    tablet: Tablet,
    maker: EntryMaker,
    first: Entry,
    other: Entry,
    sent: Vec<Entry>,
}

impl Conflict {
    async fn new(storage: &dyn Storage) -> Self {
        person(storage).await;
        let tablet = enrolled(storage).await;
        let mut maker = tablet.maker();
        let coupon = "211311300000004711".parse().unwrap();
        let first = maker.vaccination_of(coupon, day());
        let other = maker.vaccination_of(coupon, day_with_lot("FJ7489"));
        let sent = vec![first.clone(), other.clone()];
        let outcomes = tablet.send(storage, &tablet.chain_of(&sent)).await;
        assert_eq!(outcomes, [DELIVERED, contradicts()]);
        Self { tablet, maker, first, other, sent }
    }

    /// Sends one more entry.
    async fn send(&mut self, storage: &dyn Storage, entry: &Entry) -> Outcome {
        self.sent.push(entry.clone());
        let chain = self.tablet.chain_of(&self.sent);
        self.tablet.send(storage, &chain[self.sent.len() - 1..]).await.remove(0)
    }

    /// Another content for the same dose.
    fn with_lot(&mut self, lot: &str) -> Entry {
        self.maker.vaccination_of(self.first.content.coupon().unwrap(), day_with_lot(lot))
    }
}

pub(crate) async fn what_contradicts_is_a_case_with_both_sides(storage: &dyn Storage) {
    let mut conflict = Conflict::new(storage).await;
    let third = conflict.with_lot("FK0108");
    assert_eq!(conflict.send(storage, &third).await, contradicts());
    let rows = storage.open_cases(shibuya(), 100).await.unwrap();
    assert_eq!(rows.len(), 1, "one dose is one case");
    assert_eq!((rows[0].coupon, rows[0].waiting, rows[0].at), (key_of(&conflict.first), 2, NOON));
    let case = case_of(storage, rows[0].entry_id).await;
    let told: Vec<_> = case.candidates.iter().map(|one| (&one.entry, one.stands, one.waits)).collect();
    assert_eq!(told.len(), 3);
    for expected in [(&conflict.first, true, false), (&conflict.other, false, true), (&third, false, true)] {
        assert!(told.contains(&expected));
    }
    assert!(case.decisions.is_empty() && case.is_open());
    assert!(case.candidates.iter().all(|one| one.tablet_id == conflict.tablet.tablet_id));
    // Another municipality sees nothing of it.
    let chiyoda = "131016".parse().unwrap();
    assert_eq!(storage.open_cases(chiyoda, 100).await.unwrap(), []);
    assert!(storage.cases_of_entry(chiyoda, third.entry_id).await.unwrap().is_empty());
    assert!(storage.cases_of_entry(shibuya(), conflict.first.entry_id).await.unwrap().is_empty());
}

pub(crate) async fn a_case_belongs_to_the_municipality_that_issued_the_coupon(storage: &dyn Storage) {
    let conflict = Conflict::new(storage).await;
    let elsewhere = enrolled_as(storage, "131016-0001").await;
    let mut maker = elsewhere.maker();
    let entry = maker.vaccination_of(conflict.first.content.coupon().unwrap(), day_with_lot("FK0108"));
    let outcomes = elsewhere.send(storage, &elsewhere.chain_of(std::slice::from_ref(&entry))).await;
    assert_eq!(outcomes, [contradicts()]);
    assert_eq!(storage.open_cases("131016".parse().unwrap(), 100).await.unwrap(), []);
    assert_eq!(case_of(storage, entry.entry_id).await.candidates.len(), 3);
}

pub(crate) async fn what_was_decided_stands_and_nothing_is_overwritten(storage: &dyn Storage) {
    let Conflict { tablet, first, other, .. } = Conflict::new(storage).await;
    assert_eq!(tablet.row(storage).await.needs_review(), 1);
    let before = tablet.kept(storage).await;
    assert_eq!(decide(storage, &other, Some(&other)).await, Decided::Kept { number: 1 });
    assert_eq!(standing(storage, &first).await, [other.entry_id]);
    let doses = storage.standing_doses(key_of(&first)).await.unwrap();
    assert_eq!(doses[0].vaccination, vaccination_in(&other));
    assert_eq!(tablet.kept(storage).await, before, "every entry and what was said of it is as it was");
    assert_eq!(tablet.row(storage).await.needs_review(), 0);
    assert_eq!(open_count(storage).await, 0);

    let decided = storage.decided_cases(shibuya(), 100).await.unwrap();
    assert_eq!((decided.len(), decided[0].waiting, decided[0].at), (1, 0, NOON.plus_ms(60_000)));
    let case = case_of(storage, decided[0].entry_id).await;
    let last = case.decisions.last().unwrap();
    assert_eq!((last.reason.as_str(), last.decided_by.as_str()), ("紙を見て確かめた", "staff-1"));
    assert_eq!((last.replaces(), last.stands.map(|stands| stands.hash)), (None, Some(hash_of(&other))));
}

pub(crate) async fn it_may_be_decided_that_nothing_stands(storage: &dyn Storage) {
    let conflict = Conflict::new(storage).await;
    assert_eq!(decide(storage, &conflict.other, None).await, Decided::Kept { number: 1 });
    assert_eq!(standing(storage, &conflict.first).await, []);
}

pub(crate) async fn a_later_decision_replaces_the_one_before_and_names_it(storage: &dyn Storage) {
    let Conflict { first, other, .. } = Conflict::new(storage).await;
    assert_eq!(decide(storage, &other, Some(&other)).await, Decided::Kept { number: 1 });
    assert_eq!(decide(storage, &other, Some(&first)).await, Decided::Kept { number: 2 });
    assert_eq!(standing(storage, &first).await, [first.entry_id]);
    let case = case_of(storage, other.entry_id).await;
    let told: Vec<_> = case.decisions.iter().map(|one| (one.number, one.replaces())).collect();
    assert_eq!(told, [(1, None), (2, Some(1))], "the earlier one is still there");
}

pub(crate) async fn of_two_who_decide_at_once_one_is_told(storage: &dyn Storage) {
    let Conflict { first, other, .. } = Conflict::new(storage).await;
    let case = case_of(storage, other.entry_id).await;
    let (one, two) = (decision(&case, Some(&first)), decision(&case, Some(&other)));
    let (one, two) = futures_util::join!(storage.decide(one), storage.decide(two));
    let mut told = [one.unwrap(), two.unwrap()];
    told.sort_by_key(|told| *told == Decided::Overtaken);
    assert_eq!(told, [Decided::Kept { number: 1 }, Decided::Overtaken]);
    assert_eq!(case_of(storage, other.entry_id).await.decisions.len(), 1);
}

pub(crate) async fn a_decision_is_only_for_what_was_seen(storage: &dyn Storage) {
    let mut conflict = Conflict::new(storage).await;
    let case = case_of(storage, conflict.other.entry_id).await;
    let third = conflict.with_lot("FK0108");
    conflict.send(storage, &third).await;
    let seen_before = decision(&case, Some(&conflict.first));
    assert_eq!(storage.decide(seen_before).await.unwrap(), Decided::Overtaken);
    let now = case_of(storage, conflict.other.entry_id).await;
    let unknown = NewDecision { stands: Some(EntryHash([9; 32])), ..decision(&now, None) };
    assert_eq!(storage.decide(unknown).await.unwrap(), Decided::CannotStand);
    let elsewhere = key_of(&conflict.maker.vaccination_of("211311300000004712".parse().unwrap(), day()));
    let of_another = NewDecision { dose: (elsewhere, now.dose), ..decision(&now, None) };
    assert_eq!(storage.decide(of_another).await.unwrap(), Decided::NoCase);
    assert_eq!(open_count(storage).await, 1);
}

pub(crate) async fn what_staff_settle_themselves_needs_no_decision(storage: &dyn Storage) {
    let mut conflict = Conflict::new(storage).await;
    let cancelled = conflict.maker.cancellation(conflict.other.entry_id);
    assert_eq!(conflict.send(storage, &cancelled).await, DELIVERED);
    assert_eq!(open_count(storage).await, 0);
    assert_eq!(standing(storage, &conflict.first).await, [conflict.first.entry_id]);
}

pub(crate) async fn a_checked_dose_is_locked(storage: &dyn Storage) {
    let mut conflict = Conflict::new(storage).await;
    let (first, other) = (conflict.first.clone(), conflict.other.clone());
    decide(storage, &other, Some(&first)).await;
    // What tells the same, or takes back what does not stand, agrees with the decision.
    let coupon = first.content.coupon().unwrap();
    let same = conflict.maker.vaccination_of(coupon, day());
    let loser = conflict.maker.cancellation(other.entry_id);
    let twin = conflict.maker.cancellation(same.entry_id);
    for agrees in [&same, &loser, &twin] {
        assert_eq!(conflict.send(storage, agrees).await, DELIVERED);
    }
    assert_eq!((standing(storage, &first).await, open_count(storage).await), (vec![first.entry_id], 0));

    // Anything else waits for a person, and changes nothing until then.
    let mut right = vaccination_in(&first);
    right.day = day_with_lot("FK0108");
    let otherwise = conflict.with_lot("FL1839");
    let correction = conflict.maker.correction(first.entry_id, right);
    let cancellation = conflict.maker.cancellation(first.entry_id);
    for (count, waits) in (1..).zip([&otherwise, &correction, &cancellation]) {
        assert_eq!(conflict.send(storage, waits).await, checked());
        assert_eq!(standing(storage, &first).await, [first.entry_id]);
        let rows = storage.open_cases(shibuya(), 100).await.unwrap();
        assert_eq!((rows.len(), rows[0].waiting), (1, count), "a new case of the same dose");
    }
    assert_eq!(conflict.tablet.row(storage).await.needs_review(), 3);
    assert!(storage.decided_cases(shibuya(), 100).await.unwrap().is_empty(), "it is open again");

    let case = case_of(storage, correction.entry_id).await;
    let choice = |entry: &Entry| case.candidates.iter().find(|one| one.entry == *entry).map(|one| one.choice);
    assert_eq!(choice(&correction), Some(Choice::Possible));
    assert_eq!(choice(&cancellation), Some(Choice::NothingOfThisDose));
    assert_eq!(choice(&other), None, "it was taken back");
    assert_eq!(decide(storage, &correction, Some(&cancellation)).await, Decided::CannotStand);
    assert_eq!(decide(storage, &correction, Some(&correction)).await, Decided::Kept { number: 2 });
    assert_eq!(standing(storage, &first).await, [correction.entry_id]);
    assert_eq!((open_count(storage).await, conflict.tablet.row(storage).await.needs_review()), (0, 0));
}

pub(crate) async fn a_checked_dose_is_locked_within_a_batch_and_against_other_tablets(storage: &dyn Storage) {
    let conflict = Conflict::new(storage).await;
    decide(storage, &conflict.other, None).await;
    let two = enrolled_as(storage, "131130-0018").await;
    let mut maker = two.maker();
    let coupon = conflict.first.content.coupon().unwrap();
    let again = maker.vaccination_of(coupon, day());
    let cancelled = maker.cancellation(again.entry_id);
    let of_another_person = maker.vaccination_of("211311300000004712".parse().unwrap(), day());
    let mut moved = vaccination_in(&of_another_person);
    moved.coupon = coupon;
    let moved = maker.correction(of_another_person.entry_id, moved);
    let chain = two.chain_of(&[again, cancelled, of_another_person.clone(), moved]);
    let outcomes = two.send(storage, &chain).await;
    assert_eq!(outcomes, [checked(), DELIVERED, DELIVERED, checked()]);
    assert_eq!(two.send(storage, &chain).await, outcomes, "and so again");
    assert_eq!(standing(storage, &conflict.first).await, []);
    assert_eq!(standing(storage, &of_another_person).await, [of_another_person.entry_id]);
}

pub(crate) async fn a_correction_from_one_dose_to_another_waits_until_the_first_is_free(
    storage: &dyn Storage,
) {
    let mut conflict = Conflict::new(storage).await;
    let (first, other) = (conflict.first.clone(), conflict.other.clone());
    decide(storage, &other, Some(&first)).await;
    // The number was wrong: it was another person's dose, of which nothing is recorded.
    let mut right = vaccination_in(&first);
    right.coupon = "211311300000004712".parse().unwrap();
    let moved = conflict.maker.correction(first.entry_id, right);
    assert_eq!(conflict.send(storage, &moved).await, checked());
    let cases = storage.cases_of_entry(shibuya(), moved.entry_id).await.unwrap();
    let choices = |case: &Case| {
        let find = case.candidates.iter().find(|one| one.entry == moved);
        find.map(|one| one.choice)
    };
    let [here, there] = &cases[..] else { panic!("both doses are looked at") };
    assert_eq!(
        (choices(here), choices(there)),
        (Some(Choice::NothingOfThisDose), Some(Choice::StandsElsewhere))
    );
    assert_eq!(storage.decide(decision(there, Some(&moved))).await.unwrap(), Decided::CannotStand);

    assert_eq!(storage.decide(decision(here, None)).await.unwrap(), Decided::Kept { number: 2 });
    assert_eq!(conflict.tablet.row(storage).await.needs_review(), 1, "half of it is decided");
    let cases = storage.cases_of_entry(shibuya(), moved.entry_id).await.unwrap();
    assert_eq!(choices(&cases[1]), Some(Choice::Possible));
    assert_eq!(storage.decide(decision(&cases[1], Some(&moved))).await.unwrap(), Decided::Kept { number: 1 });
    assert_eq!(standing(storage, &first).await, []);
    assert_eq!(standing(storage, &moved).await, [moved.entry_id]);
    assert_eq!((open_count(storage).await, conflict.tablet.row(storage).await.needs_review()), (0, 0));
}

/// What may be done with that entry, in that case.
fn choice(case: &Case, entry: &Entry) -> Option<Choice> {
    case.candidates.iter().find(|one| one.entry == *entry).map(|one| one.choice)
}

/// The cases that an entry is in: where it leads from, where it leads to.
async fn here_and_there(storage: &dyn Storage, entry: &Entry, first: &Entry) -> (Case, Case) {
    let cases = storage.cases_of_entry(shibuya(), entry.entry_id).await.unwrap();
    let (here, there): (Vec<Case>, Vec<Case>) =
        cases.into_iter().partition(|case| case.coupon == key_of(first));
    (here.into_iter().next().unwrap(), there.into_iter().next().unwrap())
}

/// Whether the register is what follows from the entries.
async fn follows(storage: &dyn Storage) -> bool {
    let derived = storage.derive(Derivation::Compare).await.unwrap();
    derived.before == derived.after
}

pub(crate) async fn of_an_entry_and_its_correction_only_one_may_stand(storage: &dyn Storage) {
    let mut conflict = Conflict::new(storage).await;
    let (first, other) = (conflict.first.clone(), conflict.other.clone());
    decide(storage, &other, Some(&first)).await;
    let mut right = vaccination_in(&first);
    right.coupon = "211311300000004712".parse().unwrap();
    let moved = conflict.maker.correction(first.entry_id, right);
    conflict.send(storage, &moved).await;
    let (here, _) = here_and_there(storage, &moved, &first).await;
    storage.decide(decision(&here, None)).await.unwrap();
    let (_, there) = here_and_there(storage, &moved, &first).await;
    storage.decide(decision(&there, Some(&moved))).await.unwrap();

    // Whoever looks at the first dose again cannot let the person have both.
    let (here, there) = here_and_there(storage, &moved, &first).await;
    assert_eq!(
        (choice(&here, &first), choice(&here, &other)),
        (Some(Choice::StandsElsewhere), Some(Choice::Possible))
    );
    assert_eq!(storage.decide(decision(&here, Some(&first))).await.unwrap(), Decided::CannotStand);
    assert_eq!(
        (standing(storage, &first).await, standing(storage, &moved).await),
        (vec![], vec![moved.entry_id])
    );

    storage.decide(decision(&there, None)).await.unwrap();
    let (here, _) = here_and_there(storage, &moved, &first).await;
    assert_eq!(storage.decide(decision(&here, Some(&first))).await.unwrap(), Decided::Kept { number: 3 });
    assert_eq!(
        (standing(storage, &first).await, standing(storage, &moved).await),
        (vec![first.entry_id], vec![])
    );
}

pub(crate) async fn a_change_of_a_correction_that_waits_leads_back_to_the_first(storage: &dyn Storage) {
    person(storage).await;
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let (first, theirs) = (maker.vaccination(), maker.vaccination());
    let mut wrong = vaccination_in(&theirs);
    wrong.day = day_with_lot("FJ7489");
    // The number that a hurried hand puts right is another person's, and then it is taken back altogether.
    let moved = maker.correction(first.entry_id, wrong.clone());
    wrong.day = day_with_lot("FK0108");
    let again = maker.correction(moved.entry_id, wrong);
    let taken_back = maker.cancellation(again.entry_id);
    let chain =
        tablet.chain_of(&[first.clone(), theirs.clone(), moved.clone(), again.clone(), taken_back.clone()]);
    let waits = review(ReviewReason::ChangesUndeliveredChange);
    let expected = [DELIVERED, DELIVERED, contradicts(), waits.clone(), waits];
    let mut outcomes = tablet.send(storage, &chain[..3]).await;
    outcomes.extend(tablet.send(storage, &chain[3..]).await);
    assert_eq!(outcomes, expected);
    assert_eq!(standing(storage, &first).await, [first.entry_id]);
    assert_eq!(standing(storage, &theirs).await, [theirs.entry_id]);
    assert_eq!(tablet.row(storage).await.needs_review(), 3);
    assert!(follows(storage).await);

    // Each of them is in the case of the dose that it leads back to, so that a person settles all with two decisions.
    for entry in [&moved, &again, &taken_back] {
        let (here, there) = here_and_there(storage, entry, &first).await;
        assert_eq!((here.candidates.len(), there.candidates.len()), (4, 4));
        assert_eq!(choice(&there, &moved), Some(Choice::StandsElsewhere));
    }
    let (here, there) = here_and_there(storage, &taken_back, &first).await;
    storage.decide(decision(&here, None)).await.unwrap();
    storage.decide(decision(&there, Some(&theirs))).await.unwrap();
    assert_eq!(standing(storage, &first).await, []);
    assert_eq!(standing(storage, &theirs).await, [theirs.entry_id]);
    assert_eq!((open_count(storage).await, tablet.row(storage).await.needs_review()), (0, 0));
    assert!(follows(storage).await);
}

pub(crate) async fn of_two_corrections_of_one_entry_only_one_may_stand(storage: &dyn Storage) {
    person(storage).await;
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let (first, theirs) = (maker.vaccination(), maker.vaccination());
    let mut wrong = vaccination_in(&theirs);
    wrong.day = day_with_lot("FJ7489");
    let waits = maker.correction(first.entry_id, wrong);
    let mut right = vaccination_in(&first);
    right.coupon = "211311300000004712".parse().unwrap();
    let stands = maker.correction(first.entry_id, right);
    let chain = tablet.chain_of(&[first.clone(), theirs.clone(), waits.clone(), stands.clone()]);
    assert_eq!(tablet.send(storage, &chain).await, [DELIVERED, DELIVERED, contradicts(), DELIVERED]);
    let (_, there) = here_and_there(storage, &waits, &first).await;
    assert_eq!(choice(&there, &waits), Some(Choice::StandsElsewhere));
    assert_eq!(storage.decide(decision(&there, Some(&waits))).await.unwrap(), Decided::CannotStand);
    assert_eq!(storage.decide(decision(&there, Some(&theirs))).await.unwrap(), Decided::Kept { number: 1 });
    assert_eq!(
        (standing(storage, &first).await, standing(storage, &stands).await),
        (vec![], vec![stands.entry_id])
    );
    assert!(follows(storage).await);
}

pub(crate) async fn other_doses_of_the_coupon_are_not_locked(storage: &dyn Storage) {
    let mut conflict = Conflict::new(storage).await;
    decide(storage, &conflict.other.clone(), None).await;
    let mut second = day();
    second.dose = "2".parse().unwrap();
    let coupon = conflict.first.content.coupon().unwrap();
    let second = conflict.maker.vaccination_of(coupon, second);
    assert_eq!(conflict.send(storage, &second).await, DELIVERED);
    assert_eq!(standing(storage, &conflict.first).await, [second.entry_id]);
    let cancelled = conflict.maker.cancellation(second.entry_id);
    assert_eq!(conflict.send(storage, &cancelled).await, DELIVERED);
}

pub(crate) async fn what_was_decided_is_told_to_the_tablets(storage: &dyn Storage) {
    let conflict = Conflict::new(storage).await;
    let (tablet, other) = (&conflict.tablet, conflict.other.clone());
    refresh(storage).await;
    let before = known(storage, tablet, shibuya()).await;
    assert_eq!(before.len(), 1, "what stands meanwhile");
    let told = async || {
        let part = storage.told(tablet.tablet_id).await.unwrap().settled?;
        settled(&whole(storage, tablet.tablet_id, part.digest).await.unwrap()).ok()
    };
    assert_eq!(told().await, None);
    for (number, stands, settlement) in
        [(1, Some(&other), Settlement::Counts), (2, None, Settlement::DoesNotCount)]
    {
        assert_eq!(decide(storage, &other, stands).await, Decided::Kept { number });
        let told = told().await.unwrap();
        assert_eq!(told.len(), 1, "of the entry that needed review, and once");
        assert_eq!((told[0].hash, told[0].settlement), (hash_of(&other), settlement));
        assert_eq!((told[0].epoch.number(), told[0].position.number()), (1, 2));
    }
    refresh(storage).await;
    assert_eq!(
        known(storage, tablet, shibuya()).await.len(),
        0,
        "nothing stands, and no tablet is told of it"
    );
    let third = case_of(storage, other.entry_id).await;
    storage.decide(decision(&third, Some(&other))).await.unwrap();
    refresh(storage).await;
    let after = known(storage, tablet, shibuya()).await;
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}
