//! 在庫 as a file: what each facility has of each lot.
//!
//! Must not: say anything that its accounts do not.

use std::{collections::BTreeMap, io::Write};

use vsys::{
    Amount, Balance, StockKey,
    ledger::{Account, End, Origin},
};

use super::rows::{FileForm, Named, write as write_rows};
use crate::{csv::writer::WriteError, stock::accounts};

/// The columns: vials and doses of each sum.
const COLUMNS: [Named; 14] = [
    Named("施設コード", "facility_code", true),
    Named("製品名", "product", true),
    Named("ロット番号", "lot", true),
    Named("保管", "storage", true),
    Named("在庫バイアル数", "on_hand_vials", true),
    Named("在庫回数", "on_hand_doses", true),
    Named("移送中バイアル数", "in_transit_vials", true),
    Named("移送中回数", "in_transit_doses", true),
    Named("不足バイアル数", "shortfall_vials", true),
    Named("不足回数", "shortfall_doses", true),
    Named("接種済みバイアル数", "given_vials", true),
    Named("接種済み回数", "given_doses", true),
    Named("廃棄バイアル数", "discarded_vials", true),
    Named("廃棄回数", "discarded_doses", true),
];

/// Writes what stands in these accounts.
///
/// # Errors
/// [`WriteError`].
pub fn write(out: impl Write, form: FileForm, accounts: &[(Account, Balance)]) -> Result<(), WriteError> {
    let mut sums: BTreeMap<&StockKey, [Amount; 5]> = BTreeMap::new();
    for (account, balance) in accounts {
        let place = match account {
            Account::OnHand(_) => 0,
            Account::InTransit(..) => 1,
            Account::From(Origin::Shortfall, _) => 2,
            Account::Gone(End::Given, _) => 3,
            Account::Gone(End::Discarded, _) => 4,
            Account::From(..) | Account::Gone(End::HandedOver, _) => continue,
        };
        let sum = &mut sums.entry(account.key()).or_default()[place];
        let more = balance.amount();
        *sum = Amount { vials: sum.vials + more.vials, doses: sum.doses + more.doses };
    }
    let row = |(key, sums): (&StockKey, [Amount; 5])| {
        let mut row = vec![
            key.facility.to_string(),
            key.product.to_string(),
            key.lot.to_string(),
            accounts::storage_word(key.storage).to_owned(),
        ];
        row.extend(sums.iter().flat_map(|sum| [sum.vials.to_string(), sum.doses.to_string()]));
        row
    };
    write_rows(out, form, &COLUMNS, sums.into_iter().map(row))
}
