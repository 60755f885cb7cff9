//! An account of the ledger as the columns that keep it, and back.
//!
//! Must not: change what a word means once it was written.

use vsys::{
    StockKey, Storage, TransferId,
    ledger::{Account, End, Origin},
};

/// Column `account`.
pub(crate) fn word(account: &Account) -> &'static str {
    match account {
        Account::From(Origin::Delivered, _) => "delivered",
        Account::From(Origin::Gained, _) => "gained",
        Account::From(Origin::Shortfall, _) => "shortfall",
        Account::From(Origin::Received, _) => "received",
        Account::OnHand(_) => "on_hand",
        Account::InTransit(..) => "in_transit",
        Account::Gone(End::Given, _) => "given",
        Account::Gone(End::Discarded, _) => "discarded",
        Account::Gone(End::HandedOver, _) => "handed_over",
    }
}

/// Column `transfer`: empty but for what is in transit.
pub(crate) fn transfer(account: &Account) -> Vec<u8> {
    match account {
        Account::InTransit(transfer, _) => transfer.as_bytes().to_vec(),
        Account::From(..) | Account::OnHand(_) | Account::Gone(..) => Vec::new(),
    }
}

/// Column `storage`.
pub(crate) fn storage_word(storage: Storage) -> &'static str {
    match storage {
        Storage::Frozen => "frozen",
        Storage::Thawed => "thawed",
    }
}

/// From column `storage`.
pub(crate) fn storage(word: &str) -> Option<Storage> {
    [Storage::Frozen, Storage::Thawed].into_iter().find(|storage| storage_word(*storage) == word)
}

/// The account of these columns; none where they name none.
pub(crate) fn account(word: &str, transfer: &[u8], key: StockKey) -> Option<Account> {
    Some(match (word, transfer) {
        ("delivered", []) => Account::From(Origin::Delivered, key),
        ("gained", []) => Account::From(Origin::Gained, key),
        ("shortfall", []) => Account::From(Origin::Shortfall, key),
        ("received", []) => Account::From(Origin::Received, key),
        ("on_hand", []) => Account::OnHand(key),
        ("in_transit", id) => Account::InTransit(TransferId::from_bytes(id.try_into().ok()?), key),
        ("given", []) => Account::Gone(End::Given, key),
        ("discarded", []) => Account::Gone(End::Discarded, key),
        ("handed_over", []) => Account::Gone(End::HandedOver, key),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_is_read_back_from_its_columns() {
        let key = StockKey {
            facility: "1311300001".parse().unwrap(),
            product: "見本一号".parse().unwrap(),
            lot: "SAMPLE-1".parse().unwrap(),
            storage: Storage::Frozen,
        };
        let origins = [Origin::Delivered, Origin::Gained, Origin::Shortfall, Origin::Received];
        let ends = [End::Given, End::Discarded, End::HandedOver];
        let id = TransferId::from_bytes([7; 16]);
        let others = [Account::OnHand(key.clone()), Account::InTransit(id, key.clone())];
        let all = origins
            .map(|origin| Account::From(origin, key.clone()))
            .into_iter()
            .chain(ends.map(|end| Account::Gone(end, key.clone())))
            .chain(others);
        for one in all {
            assert_eq!(account(word(&one), &transfer(&one), key.clone()), Some(one));
        }
        assert_eq!(account("on_hand", &[7; 16], key.clone()), None);
        assert_eq!(account("in_transit", &[7; 15], key), None);
    }
}
