//! A closing and what differs of it, each in one sentence with the next step.
//!
//! Must not: compare.

use record::{WallTime, closing::LotUse};
use vsys::closing::StockDifference;

use super::compared::Difference;
use crate::{
    console::{language::Language, phrases},
    storage::KeptClosing,
};

/// `131130-0017 staff-01 11/28 17:30`.
pub(super) fn tablet(kept: &KeptClosing, now: WallTime) -> String {
    format!("{} {} {}", kept.tablet, kept.by, phrases::at(kept.recorded_at, now))
}

/// One lot as it was closed.
pub(super) fn lot(language: Language, lot: &LotUse) -> String {
    let LotUse { lot, vials, doses_per_vial, discarded, recorded } = lot;
    match language {
        Language::Japanese => {
            format!("{lot}: {vials}バイアル×{doses_per_vial}回、廃棄{discarded}回、接種{recorded}回")
        }
        Language::English => {
            format!("{lot}: {vials} vials × {doses_per_vial} doses, {discarded} discarded, {recorded} given")
        }
    }
}

/// What differs, and what to do.
pub(super) fn difference(language: Language, difference: &Difference) -> String {
    let japanese = language == Language::Japanese;
    match difference {
        Difference::Stock(StockDifference::Doses { lot, closed, books }) if japanese => format!(
            "{lot}: 締めの接種は{closed}回、帳簿の接種は{books}回です。すべての端末の締めと記録が届いているか、会場とロットが正しいかを確かめてください。"
        ),
        Difference::Stock(StockDifference::Doses { lot, closed, books }) => format!(
            "{lot}: {closed} doses given by the closing, {books} in the books. See whether every tablet has closed and sent its records, and whether site and lot are right."
        ),
        Difference::Stock(StockDifference::Vials { lot, closed, books }) if japanese => format!(
            "{lot}: 締めのバイアルは{closed}本、帳簿の開封は{books}本です。5分たっても変わらなければ、端末で締め直してください。"
        ),
        Difference::Stock(StockDifference::Vials { lot, closed, books }) => format!(
            "{lot}: {closed} vials by the closing, {books} opened in the books. If that is still so in five minutes, close the day anew on the tablet."
        ),
        Difference::Stock(StockDifference::Discarded { lot, closed, books }) if japanese => format!(
            "{lot}: 締めの廃棄は{closed}回、帳簿の廃棄は{books}回です。廃棄の二重の入力や、入力漏れがないかを確かめてください。"
        ),
        Difference::Stock(StockDifference::Discarded { lot, closed, books }) => format!(
            "{lot}: {closed} doses discarded by the closing, {books} in the books. See whether something was entered twice, or not at all."
        ),
        Difference::Stock(StockDifference::Shortfall { lot, doses }) if japanese => format!(
            "{lot}: 帳簿にない接種が{doses}回分あります。納入の入力漏れなら、施設の画面の「不足を説明する」に入力してください。"
        ),
        Difference::Stock(StockDifference::Shortfall { lot, doses }) => format!(
            "{lot}: {doses} doses were given that the books do not have. If a delivery was not entered, explain the shortfall on the facility's page."
        ),
        Difference::Stock(StockDifference::NeverCame { lot }) if japanese => format!(
            "{lot}: 納入も受領も入力されていません。納入か受領を入力するか、ロットが誤りなら端末で記録を訂正してください。"
        ),
        Difference::Stock(StockDifference::NeverCame { lot }) => format!(
            "{lot}: neither a delivery nor a transfer of it was entered. Enter it, or correct the records on the tablet if the lot is wrong."
        ),
        Difference::UnknownLot(lot) if japanese => format!(
            "{lot}: この施設の帳簿にないロットです。納入か受領を入力するか、ロット番号が誤りなら端末で締め直してください。"
        ),
        Difference::UnknownLot(lot) => format!(
            "{lot}: this facility's books do not know this lot. Enter a delivery, or close the day anew on the tablet if the number is wrong."
        ),
        Difference::OfTwoProducts(lot) if japanese => format!(
            "{lot}: 2つの製品の帳簿に、同じロット番号があります。誤っている製品の数を、棚卸しで0にしてから、理由を記録してください。"
        ),
        Difference::OfTwoProducts(lot) => format!(
            "{lot}: two products have this lot number in the books. Correct the records of the wrong product, and count its stock as 0 with the reason."
        ),
    }
}
