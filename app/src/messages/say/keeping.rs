//! Keeping entries: the database, and numbers that are none.
//!
//! Must not: leave open whether something was recorded.

use record::OcrLineError;
use store::StoreError;

use super::{
    super::{KeepProblem, NumberProblem, Said},
    Pair, person, stopped,
};
use crate::display::Language;

pub(super) fn keep(problem: &KeepProblem) -> Pair {
    match problem {
        KeepProblem::Store(error) => store(error),
        KeepProblem::Randomness => stopped(
            ("記録できませんでした。記録番号を作れません。", "端末を再起動して、もう一度記録してください。"),
            (
                "It was not recorded: no number could be made for it.",
                "Restart the tablet and record it again.",
            ),
        ),
        KeepProblem::Locked => person(
            ("端末がロックされたため、記録していません。", "ロックを解除して、もう一度記録してください。"),
            ("The tablet was locked, so it was not recorded.", "Unlock it and record again."),
        ),
    }
}

pub(super) fn store(error: &StoreError) -> Pair {
    match error {
        StoreError::Full => stopped(
            (
                "保存する場所がいっぱいで、記録できませんでした。これまでの記録は残っています。",
                "端末をネットワークにつなぎ、支援窓口へ知らせてください。それまでは紙を取っておいてください。",
            ),
            (
                "There is no room left: it was not recorded. All earlier records are safe.",
                "Connect the tablet to the network and tell the support desk. Keep the papers until then.",
            ),
        ),
        StoreError::OtherMunicipality | StoreError::SameIdOtherContent | StoreError::ForeignReceipt => {
            stopped(
                (
                    "記録できませんでした。この端末の記録と合いません。",
                    "紙を取っておき、支援窓口へ知らせてください。",
                ),
                (
                    "It was not recorded: it does not fit this tablet's records.",
                    "Keep the paper and tell the support desk.",
                ),
            )
        }
        StoreError::UnknownEntry => person(
            ("その記録はこの端末にありません。", "記録した端末で訂正してください。"),
            ("That record is not on this tablet.", "Correct it on the tablet that recorded it."),
        ),
        StoreError::AlreadyChanged => person(
            ("その記録は、すでに訂正済みか取消済みです。", "一覧で新しい記録を開いてください。"),
            ("That record was corrected or cancelled already.", "Open the newer one in the list."),
        ),
        StoreError::Database(_) | StoreError::Row => stopped(
            (
                "記録できませんでした。端末の保存に問題があります。これまでの記録は残っています。",
                "端末を再起動してください。直らないときは、紙を取っておき、支援窓口へ知らせてください。",
            ),
            (
                "It was not recorded: the tablet has trouble saving. All earlier records are safe.",
                "Restart the tablet. If that does not help, keep the papers and tell the support desk.",
            ),
        ),
    }
}

/// Why digits are no number.
#[must_use]
pub fn number(problem: NumberProblem, language: Language) -> Said {
    number_pair(problem).in_language(language)
}

pub(super) fn number_pair(problem: NumberProblem) -> Pair {
    match problem {
        NumberProblem::Line(OcrLineError::MunicipalityCheckDigit) | NumberProblem::UnknownMunicipality => {
            stopped(
                (
                    "この市町村コードは実在しません。",
                    "6桁を紙と比べてください。紙も同じなら記録せず、責任者に知らせてください。",
                ),
                (
                    "This municipality code does not exist.",
                    "Compare the six digits with the paper. If it says the same, do not record it: tell the person in charge.",
                ),
            )
        }
        NumberProblem::Line(OcrLineError::DoseZero) => stopped(
            (
                "回数が0の接種券はありません。",
                "2桁目を紙と比べてください。紙も同じなら記録せず、責任者に知らせてください。",
            ),
            (
                "There is no coupon for dose 0.",
                "Compare the second digit with the paper. If it says the same, do not record it: tell the person in charge.",
            ),
        ),
        NumberProblem::Line(OcrLineError::Length { .. } | OcrLineError::NotADigit { .. }) => stopped(
            ("番号は18桁の数字です。", "接種券のいちばん下の18桁を入れてください。"),
            ("A number has 18 digits.", "Type the 18 digits at the foot of the coupon."),
        ),
    }
}
