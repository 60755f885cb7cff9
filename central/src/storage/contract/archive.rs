//! The register follows from the entries, and every row can be carried away.
//!
//! Must not: know how rows are kept; that each kind of storage gives the same is the point.

use record::{Outcome, ReviewReason};
use seal::totp::Step;

use super::{
    doses::standing,
    entries::{day, day_on, day_with_lot, vaccination_in},
    sample::{enrolled, enrolled_as, review},
};
use crate::{
    archive,
    case::{Decided, NewDecision},
    roles::Role,
    storage::{
        Account, AccountName, Accounts as _, Closings as _, Credential, Cycles as _, DERIVED, Derivation,
        FreshFactor, Identity, KEPT, Register as _, Reviews as _, Stock as _, Storage, Tablets as _,
        sqlite::SqliteStorage,
    },
};

/// Something of everything: two municipalities, a correction, a cancellation, conflicts, a fork, what is no entry.
pub(crate) async fn eventful(storage: &dyn Storage) {
    let (one, two) = (enrolled(storage).await, enrolled_as(storage, "131016-0002").await);
    storage.invite(super::sample::Tablet::new("131016-0003").invitation(3)).await.unwrap();
    let mut maker = one.maker();
    let coupon = maker.coupon();
    let (first, conflict) =
        (maker.vaccination_of(coupon, day()), maker.vaccination_of(coupon, day_with_lot("FJ7489")));
    let mut right = vaccination_in(&first);
    right.day = day_with_lot("FK0108");
    let correction = maker.correction(first.entry_id, right);
    let future = maker.vaccination_of(maker_coupon(&mut one.maker()), day_on("2022-11-22".parse().unwrap()));
    let taken_back = maker.vaccination();
    let cancellation = maker.cancellation(taken_back.entry_id);
    let mut entries: Vec<Vec<u8>> = [first, conflict, correction, future, taken_back, cancellation]
        .iter()
        .map(record::Entry::to_bytes)
        .collect();
    entries.push(b"no entry".to_vec());
    entries.extend(one.maker().day_of(30));
    let chain = one.chain(&entries);
    let outcomes = one.send(storage, &chain).await;
    assert!(outcomes.contains(&review(ReviewReason::OtherContentForSameDose)));
    assert!(outcomes.contains(&review(ReviewReason::Malformed)));
    let fork = one.chain(&one.vaccinations(3));
    assert!(one.send(storage, &fork).await.iter().all(|outcome| *outcome != Outcome::Delivered));
    two.send(storage, &two.chain(&two.vaccinations(5))).await;
    let (support, officer) = (Role::Support, Role::MunicipalityStaff("131130".parse().unwrap()));
    let bound = Identity { issuer: "https://id.example".to_owned(), subject: "sub-1".parse().unwrap() };
    let credentials = [Credential::Password("not a hash".to_owned()), Credential::Identity(bound)];
    for ((name, role), credential) in
        [("support-1", support), ("officer-1", officer)].into_iter().zip(credentials)
    {
        let (name, created_at): (AccountName, _) = (name.parse().unwrap(), super::entries::MORNING);
        let account = Account { name: name.clone(), role, credential, created_at };
        storage.add_account(account).await.unwrap();
        let (sealed_secret, step) = (vec![7; 48], Step::from_number(9));
        let factor = FreshFactor { sealed_secret, step, recovery: vec![[1; 32], [2; 32]], at: created_at };
        storage.set_second_factor(name.clone(), factor).await.unwrap();
        storage.use_recovery_code(name, [2; 32], created_at).await.unwrap();
    }
    storage.disable_account("support-1".parse().unwrap(), super::entries::MORNING).await.unwrap();
    decided(storage, &one).await;
    storage.keep_people_secret(super::people::shibuya(), vec![5; 60], super::entries::MORNING).await.unwrap();
    super::people::effective(
        storage,
        (2..9).map(|at| super::people::row(at, at as u32, at as u32, 1)).collect(),
    )
    .await;
    super::people::effective(storage, vec![super::people::row(2, 3, 30, 2)]).await;
    super::media::three_lines(storage).await;
    super::transfers::something_on_its_way(storage).await;
}

/// Two doses of which a person decided, and what came after.
async fn decided(storage: &dyn Storage, tablet: &super::sample::Tablet) {
    let mut maker = super::entries::EntryMaker::new(tablet.tablet_id.municipality(), 77);
    let other = enrolled_as(storage, "131130-0018").await;
    let mut sent = Vec::new();
    for number in ["0000999001", "0000999002"] {
        let coupon = format!("21131130{number}").parse().unwrap();
        sent.push(maker.vaccination_of(coupon, day()));
        sent.push(maker.vaccination_of(coupon, day_with_lot("FJ7489")));
    }
    other.send(storage, &other.chain_of(&sent)).await;
    for (disputing, stands) in [(&sent[1], Some(&sent[1])), (&sent[3], None)] {
        let cases = storage.cases_of_entry("131130".parse().unwrap(), disputing.entry_id).await.unwrap();
        let decision = NewDecision {
            dose: (cases[0].coupon, cases[0].dose),
            seen: cases[0].seen(),
            stands: stands.map(|entry| seal::chain::entry_hash(&entry.to_bytes())),
            reason: "見本の理由".parse().unwrap(),
            decided_by: "officer-1".parse().unwrap(),
            decided_at: super::sample::NOON,
        };
        assert!(matches!(storage.decide(decision).await.unwrap(), Decided::Kept { number: 1 }));
    }
    let mut right = vaccination_in(&sent[1]);
    right.coupon = "211311300000999003".parse().unwrap();
    sent.push(maker.correction(sent[1].entry_id, right));
    let outcomes = other.send(storage, &other.chain_of(&sent)[4..]).await;
    assert_eq!(outcomes, [review(ReviewReason::CheckedRecord)]);
}

fn maker_coupon(maker: &mut super::entries::EntryMaker) -> record::OcrLine {
    maker.vaccination();
    maker.coupon()
}

pub(crate) async fn the_register_follows_from_the_entries(storage: &dyn Storage) {
    eventful(storage).await;
    let compared = storage.derive(Derivation::Compare).await.unwrap();
    assert_eq!(compared.before, compared.after);
    assert!(compared.after.doses > 30 && compared.after.changes == 2, "{:?}", compared.after);
    let kept = storage.derive(Derivation::Keep).await.unwrap();
    assert_eq!(kept.after, compared.before);
}

pub(crate) async fn what_came_later_counts_after_deriving_as_before(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let mut maker = tablet.maker();
    let first = maker.vaccination();
    let cancellation = maker.cancellation(first.entry_id);
    let again = maker.vaccination_of(vaccination_in(&first).coupon, day_with_lot("FK0108"));
    let chain = tablet.chain_of(&[first.clone(), cancellation, again.clone()]);
    tablet.send(storage, &chain[..1]).await;
    storage.derive(Derivation::Keep).await.unwrap();
    assert_eq!(tablet.send(storage, &chain[1..]).await, vec![Outcome::Delivered; 2]);
    assert_eq!(standing(storage, &first).await, [again.entry_id]);
}

pub(crate) async fn every_row_can_be_carried_to_an_empty_register(storage: &dyn Storage) {
    eventful(storage).await;
    let cycle = super::cycles::published(storage).await;
    super::closings::something_closed(storage).await;
    let files = tempfile::tempdir().unwrap();
    let other = SqliteStorage::open(&files.path().join("register.sqlite")).unwrap();
    let copied = archive::copy(storage, &other, &mut |_, _| {}).await.unwrap();
    let entries = copied.rows.iter().find(|(table, _)| *table == "entries").unwrap();
    assert_eq!(entries.1, 52);
    assert_eq!(storage.fleet().await.unwrap(), other.fleet().await.unwrap());
    let shibuya = "131130".parse().unwrap();
    let (open, decided) = (storage.open_cases(shibuya, 9).await, storage.decided_cases(shibuya, 9).await);
    assert_eq!(open.as_ref().unwrap().len(), 3);
    assert_eq!(
        (&open, &decided),
        (&other.open_cases(shibuya, 9).await, &other.decided_cases(shibuya, 9).await)
    );
    let accounts = |kept: Vec<crate::storage::KeptAccount>| -> Vec<String> {
        kept.iter().map(crate::accounts::line).collect()
    };
    assert_eq!(accounts(storage.accounts().await.unwrap()), accounts(other.accounts().await.unwrap()));
    let (kept, carried) = (all_lines(storage).await, all_lines(&other).await);
    assert!(kept == carried && !kept.is_empty());
    for status in storage.fleet().await.unwrap() {
        let kept = storage.kept(status.tablet_id, record::Epoch::FIRST).await.unwrap();
        assert_eq!(kept, other.kept(status.tablet_id, record::Epoch::FIRST).await.unwrap());
    }
    let stock = storage.balances(shibuya, None).await.unwrap();
    assert!(stock.len() > 5 && stock == other.balances(shibuya, None).await.unwrap());
    let checked = super::stock::checked(&other).await;
    assert!(checked.is_good() && checked.lines > 2, "{checked:?}");
    assert_eq!(storage.cycle(cycle).await.unwrap(), other.cycle(cycle).await.unwrap());
    let shares = storage.shares(cycle, 1, None).await.unwrap();
    assert!(!shares.is_empty() && shares == other.shares(cycle, 1, None).await.unwrap());
    assert_eq!(storage.orders(cycle, None).await.unwrap(), other.orders(cycle, None).await.unwrap());
    assert_eq!(storage.populations(None).await.unwrap(), other.populations(None).await.unwrap());
    let on = day().vaccinated_on;
    let days = crate::storage::Days { first: on, last: on };
    let closings = storage.closings(shibuya, None, days).await.unwrap();
    assert!(closings.len() == 2 && closings == other.closings(shibuya, None, days).await.unwrap());
    // What of them is in the books is carried too: nothing is taken twice there.
    crate::stock::taking_in::take_in_closings(&other, super::sample::NOON).await.unwrap();
    assert_eq!(stock, other.balances(shibuya, None).await.unwrap());
    let again = archive::copy(storage, &other, &mut |_, _| {}).await;
    assert!(matches!(again.err(), Some(archive::ArchiveError::NotEmpty)));
}

async fn all_lines(storage: &dyn Storage) -> Vec<crate::storage::Line> {
    let municipality = "131130".parse().unwrap();
    let (kinds, account, person, before, most) = (Vec::new(), None, None, None, 100);
    let asked = crate::storage::LineQuestion { municipality, kinds, account, person, before, most };
    storage.lines(asked).await.unwrap()
}

pub(crate) async fn a_snapshot_does_not_see_what_comes_later(storage: &dyn Storage) {
    let tablet = enrolled(storage).await;
    let chain = tablet.chain(&tablet.vaccinations(4));
    tablet.send(storage, &chain[..2]).await;
    let mut snapshot = storage.snapshot().await.unwrap();
    let entries = KEPT.iter().find(|table| table.name == "entries").unwrap();
    // Where a snapshot begins only with its first question, that question is asked before the others come.
    assert_eq!(snapshot.page(entries, Vec::new(), 10).await.unwrap().len(), 2);
    tablet.send(storage, &chain[2..]).await;
    assert_eq!(snapshot.page(entries, Vec::new(), 10).await.unwrap().len(), 2);
    assert_eq!(tablet.kept(storage).await.len(), 4);
}

pub(crate) async fn pages_follow_each_other_without_a_gap(storage: &dyn Storage) {
    eventful(storage).await;
    let mut snapshot = storage.snapshot().await.unwrap();
    for table in KEPT.iter().chain(DERIVED) {
        let whole = snapshot.page(table, Vec::new(), 1_000).await.unwrap();
        let (mut pieces, mut after) = (Vec::new(), Vec::new());
        loop {
            let page = snapshot.page(table, after, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            after = table.key_of(last);
            pieces.extend(page);
        }
        assert_eq!(pieces, whole, "{}", table.name);
    }
}
