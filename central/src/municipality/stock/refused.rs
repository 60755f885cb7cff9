//! Why nothing was written, and the next step, in both languages.
//!
//! Must not: hold what was typed.

use axum::http::StatusCode;
use vsys::{kinds::KindError, ledger::LedgerError, product::PassError, transfer::TransferError};

use crate::console::language::Language;

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    StaleForm,
    Unknown,
    Code,
    Name,
    Product,
    Lot,
    Amount,
    NoRule,
    Moment,
    InTheFuture,
    Reason,
    Position,
    Date,
    NothingChosen,
    Elsewhere,
    Ledger(LedgerError),
    Kind(KindError),
    Transfer(TransferError),
    Pass(PassError),
    NoKind,
    NoPartner,
    NoParent,
    SamePerson,
    Overtaken,
    Label,
    NotYours,
}

impl Refused {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::StaleForm | Self::SamePerson | Self::NotYours => StatusCode::FORBIDDEN,
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::Elsewhere | Self::Ledger(_) | Self::Kind(_) | Self::Transfer(_) | Self::Overtaken => {
                StatusCode::CONFLICT
            }
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    pub(super) fn sentence(self, language: Language) -> &'static str {
        let (japanese, english) = self.sentences();
        match language {
            Language::Japanese => japanese,
            Language::English => english,
        }
    }

    fn sentences(self) -> (&'static str, &'static str) {
        match self {
            Self::StaleForm => (
                "画面が古くなっていました。内容を確かめて、もう一度操作してください。",
                "The page was out of date. Look again and repeat.",
            ),
            Self::Unknown => {
                ("見つかりませんでした。番号を確かめてください。", "It was not found. Check the number.")
            }
            Self::NoParent => (
                "この施設が受け取った移送に、その移送伝票番号はありません。10桁の番号を確かめてください。",
                "The facility received nothing by a slip of that number. Check its ten digits.",
            ),
            Self::Code => (
                "施設コードは数字10桁です。入力し直してください。",
                "A facility code has ten digits. Type it again.",
            ),
            Self::Name => (
                "施設名は1〜60文字の1行で入力してください。",
                "The name is one line of 1 to 60 characters. Type it again.",
            ),
            Self::Product => (
                "製品名は1〜40文字の1行で入力してください。",
                "The product is one line of 1 to 40 characters. Type it again.",
            ),
            Self::Lot => (
                "ロット番号は英数字とハイフンで20文字までです。入力し直してください。",
                "A lot has letters, digits and hyphens, 20 at most. Type it again.",
            ),
            Self::Amount => (
                "数は0以上の整数で、どちらかは1以上を入力してください。",
                "Amounts are whole numbers from 0, and one of them at least 1. Type them again.",
            ),
            Self::NoRule => (
                "この製品の「1バイアルあたりの回数」が登録されていません。回数も入力してください。",
                "Doses a vial are not known for this product. Enter the doses as well.",
            ),
            Self::Moment => (
                "日時を読めません。年月日と時刻を選び直してください。",
                "The time cannot be read. Choose day and time again.",
            ),
            Self::InTheFuture => (
                "これから先の日時は入力できません。日時を確かめてください。",
                "It lies in the future. Check day and time.",
            ),
            Self::Reason => (
                "理由を1〜200文字の1行で入力してください。人の名前は書かないでください。",
                "Give the reason in one line of 1 to 200 characters, and nobody's name.",
            ),
            Self::Position => (
                "緯度と経度は「35.681236, 139.767125」のように入力するか、空欄にしてください。",
                "Type latitude and longitude like 35.681236, 139.767125, or leave them out.",
            ),
            Self::Date => {
                ("日付を読めません。選び直してください。", "The day cannot be read. Choose it again.")
            }
            Self::NothingChosen => (
                "選ばれていない項目があります。選んでから、もう一度操作してください。",
                "Something is not chosen. Choose it and repeat.",
            ),
            Self::Elsewhere => (
                "このコードは、ほかの市区町村の施設として登録されています。コードを確かめてください。",
                "This code is registered by another municipality. Check the code.",
            ),
            Self::Ledger(error) => ledger(error),
            Self::Kind(KindError::BeforeItsDecision) => (
                "適用開始は、今より前にできません。日時を選び直してください。",
                "A kind cannot come into force before now. Choose another time.",
            ),
            Self::Kind(KindError::OutOfOrder) => (
                "ほかの変更が先に行われました。履歴を確かめて、もう一度操作してください。",
                "Another change came first. Look at the kinds and repeat.",
            ),
            Self::Transfer(TransferError::Amount) => (
                "数が計画や移送中の数に合いません。数を確かめてください。",
                "The amount does not fit what was planned or is on its way. Check it.",
            ),
            Self::Transfer(TransferError::NotNow(_)) => (
                "この移送は今、その操作ができる状態ではありません。今の状態を表示しています。",
                "The transfer is not at that point. How it stands now is shown.",
            ),
            Self::Transfer(TransferError::NotTheirs) => {
                ("この移送の承認は、あなたの役割ではできません。", "Your role cannot approve this transfer.")
            }
            Self::Pass(error) => pass(error),
            Self::NoKind => (
                "渡す施設か受け取る施設の型が、この製品について決まっていません。先に型を決めてください。",
                "One of the two facilities has no kind for this product. Set it first.",
            ),
            Self::NoPartner => (
                "受け取る施設のコードが登録されていません。コードを確かめてください。",
                "No facility has the receiving code. Check it.",
            ),
            Self::SamePerson => (
                "計画した人とは別の人(承認者)が承認してください。",
                "Another person than the one who planned has to approve.",
            ),
            Self::Overtaken => (
                "ほかの操作が先に行われていました。今の状態を確かめてください。",
                "Something else was done first. Look at how it stands now.",
            ),
            Self::Label => (
                "運搬者・容器番号・温度ロガー番号は60文字までの1行です。運搬者は必ず入力してください。",
                "Carrier, container and logger are one line of at most 60 characters; the carrier is needed.",
            ),
            Self::NotYours => {
                ("この操作は、相手の市区町村が行います。", "This is for the other municipality to do.")
            }
        }
    }
}

fn ledger(error: LedgerError) -> (&'static str, &'static str) {
    match error {
        LedgerError::MoreThanOnHand => (
            "在庫がその数より少ないため、入力できません。今の在庫を確かめてください。実際の数が違うときは、先に棚卸しを入力してください。",
            "There is less in stock. Check what is there; if the books are wrong, enter a count first.",
        ),
        LedgerError::MoreThanInTransit => (
            "移送中の数がその数より少ないため、入力できません。数を確かめてください。",
            "There is less on its way. Check the amount.",
        ),
        LedgerError::MoreThanGiven => (
            "接種済みの数がその数より少ないため、入力できません。",
            "Fewer doses were given. Check the amount.",
        ),
        LedgerError::MoreThanShortfall => (
            "不足がその数より少ないため、入力できません。数を確かめてください。",
            "The shortfall is smaller. Check the amount.",
        ),
        LedgerError::NotWhatLeft => (
            "送った製品・ロットと受け取った内容が違います。移送の内容を確かめてください。",
            "What arrives is not what left. Check the transfer.",
        ),
        LedgerError::Amount => Refused::Amount.sentences(),
        LedgerError::NotFrozen => {
            ("解凍できるのは冷凍の在庫だけです。", "Only what is frozen can be thawed.")
        }
    }
}

fn pass(error: PassError) -> (&'static str, &'static str) {
    match error {
        PassError::NotBetween { .. } => (
            "この製品の規則では、この型の施設の間で移送できません。型か相手の施設を確かめてください。",
            "The product's rule does not allow a transfer between these kinds. Check kinds and partner.",
        ),
        PassError::NotAgain => (
            "この製品の規則では、移送で受け取ったものを、さらに移送できません。",
            "The product's rule does not allow what was received to be passed on again.",
        ),
        PassError::NotWhole(_) => (
            "この製品の規則で決められた最小の単位の倍数で入力してください。",
            "Enter a multiple of the smallest unit that the product's rule names.",
        ),
        PassError::ToItself => (
            "同じ施設には移送できません。受け取る施設を選び直してください。",
            "A facility cannot transfer to itself. Choose another.",
        ),
    }
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}
