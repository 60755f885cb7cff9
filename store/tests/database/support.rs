//! Entries, receipts and a database to keep them in, for the tests of this room.

use record::{
    Entry, EntryContent, EntryId, Moment, Outcome, Position, WallTime,
    bundle::ReceiptKey,
    bytes::Link,
    draft::Stamp,
    entry::{Cancellation, ChangeReason, Corrected, Correction, Vaccination},
    wire::receipt::{ReceiptItem, ReceiptList},
};
use seal::{
    chain::entry_hash,
    device::SigningKey,
    receipt::{VerifiedReceipt, sign, verify},
    vault::StoreKey,
};
use store::{Opened, Owner, PendingEntry, Store};

pub(crate) fn moment(step: u64) -> Moment {
    Moment { wall: WallTime::from_unix_ms(1_637_545_200_000 + step as i64 * 1000), monotonic_ms: step * 1000 }
}

pub(crate) fn key() -> StoreKey {
    StoreKey::from_bytes([42; 32])
}

pub(crate) fn owner() -> Owner {
    Owner {
        tablet_id: "131130-0017".parse().unwrap(),
        device_key: SigningKey::from_seed([1; 32]).unwrap().public(),
    }
}

pub(crate) fn open(folder: &std::path::Path) -> Store {
    let Opened { store, set_aside } = Store::open(folder, &key(), owner(), moment(0)).unwrap();
    assert_eq!(set_aside, None);
    store
}

pub(crate) fn vaccination(number: u64) -> Vaccination {
    Vaccination {
        coupon: format!("23131016{number:010}").parse().unwrap(),
        witnessed: "8EQ,10NQ".parse().unwrap(),
        day: serde_json::from_value(serde_json::json!({
            "vaccinated_on": "2021-11-22",
            "site": {"facility_code": "1311399999", "name": "見本市民体育館"},
            "physician": "見本 太郎",
            "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
            "lot": "FF3620", "dose": "3",
        }))
        .unwrap(),
        despite: Default::default(),
    }
}

pub(crate) fn id(number: u64) -> EntryId {
    EntryId::from_bytes(u128::from(number).to_be_bytes())
}

pub(crate) fn entry(number: u64, content: EntryContent) -> Entry {
    Stamp {
        entry_id: id(number),
        municipality: "131130".parse().unwrap(),
        staff_id: "staff-01".parse().unwrap(),
        moment: moment(number),
    }
    .entry(content)
}

pub(crate) fn shot(number: u64) -> Entry {
    entry(number, EntryContent::Vaccination(vaccination(number)))
}

pub(crate) fn correction(number: u64, of: u64) -> Entry {
    let corrected = Corrected::Vaccination(vaccination(number));
    entry(
        number,
        EntryContent::Correction(Correction {
            replaces: id(of),
            reason: ChangeReason::WrongNumber,
            corrected,
        }),
    )
}

pub(crate) fn cancellation(number: u64, of: u64) -> Entry {
    let cancellation = Cancellation { cancels: id(of), reason: ChangeReason::NotVaccinated };
    entry(number, EntryContent::Cancellation(cancellation))
}

pub(crate) fn receipt_keys() -> Vec<ReceiptKey> {
    let key = SigningKey::from_seed([2; 32]).unwrap().public();
    vec![ReceiptKey { key_id: "receipt-1".to_owned(), key }]
}

/// What the central would answer to these entries.
pub(crate) fn receipt(pending: &[PendingEntry], outcome: impl Fn(Position) -> Outcome) -> VerifiedReceipt {
    let items = pending.iter().map(|entry| ReceiptItem {
        position: entry.position,
        hash: entry_hash(&entry.bytes),
        outcome: outcome(entry.position),
    });
    let list = ReceiptList {
        tablet_id: owner().tablet_id,
        epoch: pending[0].epoch,
        received_at: WallTime::from_unix_ms(1_637_549_999_000),
        key_id: "receipt-1".to_owned(),
        items: items.collect(),
    };
    let answer = sign(&SigningKey::from_seed([2; 32]).unwrap(), &list);
    verify(list, &answer, &receipt_keys()).unwrap()
}

/// The chain as a stranger would recompute it from what is kept.
pub(crate) fn recomputed_head(pending: &[PendingEntry], start: Link) -> Link {
    pending.iter().fold(start, |previous, entry| {
        assert_eq!(entry.previous, previous, "position {:?}", entry.position);
        let link = seal::chain::link(&previous, entry.position, &entry_hash(&entry.bytes));
        assert_eq!(entry.link, link);
        link
    })
}
