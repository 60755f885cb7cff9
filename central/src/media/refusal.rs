//! Why a sealed file, a card or a receipt was not taken, or could not be made: fixed words, each with its sentence and the next
//! step in two languages.
//!
//! Must not: hold anything out of a file.

use seal::envelope::Refusal;
use serde::{Deserialize, Serialize};

use crate::csv::faults::Sentence;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident: $japanese:literal, $english:literal;)*) => {
        /// Why.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What it is, and the next step.
            #[must_use]
            pub fn words(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($japanese, $english),)* }
            }
        }
    };
}

reasons! {
    /// Not a sealed file, card or receipt.
    OtherKind: "この種類のファイルではありません。封緘ファイル(.vrsenv)、鍵カード(.vrscard)、受領書(.vrsreceipt)のうち、この画面で使うものを選んでください。CSVファイルは、先に vrs-envelope で封緘します。",
        "It is a file of another kind. Choose the sealed file (.vrsenv), the key card (.vrscard) or the receipt (.vrsreceipt) that this page asks for. A CSV file is sealed with vrs-envelope first.";
    /// Of a later version.
    UnknownVersion: "新しい版のプログラムで作られたファイルです。支援窓口に中央サーバーの更新を依頼してください。",
        "It was made by a later version. Ask the support desk to bring the central up to date.";
    /// Cut short.
    Truncated: "ファイルが途中で切れています。もう一度媒体から選び直してください。繰り返すときは、送付元に作り直しを依頼してください。",
        "The file is cut short. Choose it from the medium again; if that does not help, ask the sender for a new one.";
    /// Longer than it says.
    TooLong: "ファイルの後ろに余分なものが付いています。使わずに、送付元に連絡してください。",
        "Something follows that does not belong to the file. Do not use it, and call the sender.";
    /// Altered.
    Altered: "ファイルが壊れているか、書き換えられています。使わずに、送付元に連絡してください。",
        "The file is damaged or was altered. Do not use it, and call the sender.";
    /// Signed by nobody who is known.
    UnknownSender: "送付元の鍵カードがこの市区町村に登録されていません。鍵カードの画面で登録してから、もう一度取り込んでください。",
        "The sender's key card is not registered for this municipality. Register it on the page of key cards, then bring the file again.";
    /// For another recipient.
    OtherRecipient: "この中央サーバーに宛てたものではありません。送付元に連絡し、中央サーバーの今の鍵カードで作り直してもらってください。",
        "It is not sealed to this central. Call the sender and ask for one made with the central's present key card.";
    /// No second approval.
    NotAllowed: "2人目の承認がありません。使わずに、送付元に連絡してください。",
        "The second approval is missing. Do not use it, and call the sender.";
    /// One person twice.
    SamePerson: "申請した人と許可した人が同じです。別の人の許可を得て、作り直してください。",
        "The same person asked and allowed. Another person has to allow it; make it anew.";
    /// A signature does not fit.
    ApprovalInvalid: "承認の署名が内容と合いません。使わずに、送付元に連絡してください。",
        "An approval does not fit the content. Do not use it, and call the sender.";
    /// Approver not on the card.
    UnknownApprover: "承認した人が登録済みの鍵カードに載っていません。新しい鍵カードを登録してから、もう一度取り込んでください。",
        "Who approved is not on the registered key card. Register the newer card, then bring the file again.";
    /// Too late.
    Expired: "期限が切れています。送付元に、新しく作るよう依頼してください。",
        "It has expired. Ask the sender to make a new one.";
    /// Made in the future.
    FromFuture: "作成日時が1日以上先になっています。送付元のパソコンの日付と時刻を直し、作り直してもらってください。",
        "It was made more than a day after now. Have the clock of the sender's computer set right, and a new one made.";
    /// Not what the manifest says.
    OtherContent: "中身が目録と一致しません。使わずに、送付元に連絡してください。",
        "The content is not what the manifest says. Do not use it, and call the sender.";
    /// Beyond the format.
    OutOfBounds: "大きさが限度を超えています。分けて作り直してください。",
        "It is beyond the bounds of the format. Make it anew in parts.";
    /// Keys.
    Cryptography: "鍵を扱えません。支援窓口に連絡してください。",
        "The keys cannot be used. Call the support desk.";
    /// The system could not read or write.
    System: "中央サーバーがファイルを読み書きできませんでした。少し待ってもう一度行い、繰り返すときは支援窓口に連絡してください。",
        "The central could not read or write the file. Try again in a moment; if it goes on, call the support desk.";
    /// Opened before.
    OpenedBefore: "この封緘ファイルは取込み済みです。同じものは一度しか開けません。もう一度必要なら、送付元に新しい封緘ファイルを依頼してください。",
        "This envelope was opened before. Each is opened once. If it is needed again, ask its sender for a new one.";
    /// Being opened.
    BeingRead: "この封緘ファイルは今読み込んでいます。終わるまで待つか、読込みを中止してください。",
        "This envelope is being read now. Wait until that has ended, or stop it.";
    /// Not people.
    NotPeople: "接種対象者の封緘ファイルではありません。中央サーバーには、内容の種類が「接種対象者」のCSV1個の封緘ファイルを渡してください。",
        "It is not an envelope of people. The central takes envelopes of the kind people with one CSV file.";
    /// Its rows cannot be read.
    UnreadableRows: "CSVを読めません。下に表示した理由を直し、新しい封緘ファイルを作ってください。",
        "The CSV cannot be read. Mend what is said below and make a new envelope.";
    /// Another import waits.
    ImportOpen: "別の取込みが反映待ちです。反映するか取りやめてから、もう一度取り込んでください。",
        "Another import is open. Let it take effect or discard it, then bring the file again.";
    /// Stopped by somebody.
    Stopped: "中止しました。何も変わっていません。",
        "It was stopped. Nothing has changed.";
    /// The program ended.
    Interrupted: "中央サーバーが途中で終了したため、やり直しになりました。何も変わっていません。もう一度行ってください。",
        "The central ended in the middle of it. Nothing has changed. Do it once more.";
    /// A dose has no column.
    TooFewGroups: "出力設定の列に収まらない接種回数の記録があります。支援窓口に出力設定の変更を依頼してください。",
        "There is a dose for which the output has no columns. Ask the support desk to change the output's profile.";
    /// A character is lacking.
    Encoding: "出力の文字コードで表せない文字があります。支援窓口に出力設定の変更を依頼してください。",
        "There is a character that the output's encoding lacks. Ask the support desk to change the output's profile.";
    /// The faulty rows are gone.
    NoFaultyRows: "差し戻しファイルの元がもうありません(31日で消えます)。元のファイルをもう一度取り込んでください。",
        "The faulty rows are no longer there (they are removed after 31 days). Bring the file again.";
    /// Another import took effect since.
    Outdated: "読み込んだ後に別の取込みが反映または取消されたため、反映していません。取りやめて、新しい封緘ファイルを取り込んでください。",
        "Another import took effect or was undone since this one was read, so it did not take effect. Discard it and bring a new envelope.";
    /// Later imports touched the same people.
    TouchedLater: "後の取込みが同じ人を変えているため、取り消していません。後の取込みを先に取り消してください。",
        "A later import changed some of the same people, so nothing was undone. Undo the later one first.";
    /// The card of the recipient holds no longer.
    RecipientWithdrawn: "申請した後で送付先の鍵カードが解除されたため、出せません。今の鍵カードで、新しく申請してください。",
        "The recipient's key card was withdrawn since this was asked for. Ask anew with the present card.";
    /// A check number differs.
    OtherCheckNumber: "確認番号が違います。鍵カードを登録していません。紙か電話で聞いた20桁をもう一度確かめ、違うときはそのカードを使わないでください。",
        "The check number differs, and the card was not registered. Compare the 20 digits once more; if they differ, do not use the card.";
    /// Another key than the one known.
    OtherKey: "登録済みの鍵と違う鍵のカードです。鍵を作り直したときは、今のカードを解除してから登録してください。",
        "The card has another key than the one registered. If new keys were made, withdraw the present card first.";
    /// An older card.
    OlderCard: "登録済みのカードより古いカードです。新しいカードを選んでください。",
        "The card is older than the one registered. Choose the newer one.";
    /// Of another office.
    OtherOffice: "この市区町村の鍵カードではありません。vrs-envelope keys card で作った自分の市区町村のカードを選んでください。",
        "It is not a key card of this municipality. Choose your own office's, made with vrs-envelope keys card.";
    /// People joined.
    PeopleJoined: "カードに新しい人が加わっています。下の名前を本人または上司に確かめ、確認の欄に印を付けて、もう一度登録してください。",
        "People joined on the card. Ask them or their superior about the names below, tick the box, and register it once more.";
    /// Not of this file.
    OtherFile: "この封緘ファイルの受領書ではありません。届いていないものとして扱い、送付先に確かめてください。",
        "The receipt is not of this envelope. Take it as not arrived, and ask the recipient.";
}

impl Reason {
    /// Both sentences.
    #[must_use]
    pub fn sentence(self) -> Sentence {
        let (japanese, english) = self.words();
        Sentence::new(japanese, english)
    }
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::OtherKind => Self::OtherKind,
            Refusal::UnknownVersion => Self::UnknownVersion,
            Refusal::Truncated => Self::Truncated,
            Refusal::TooLong => Self::TooLong,
            Refusal::Altered => Self::Altered,
            Refusal::UnknownSender => Self::UnknownSender,
            Refusal::OtherRecipient => Self::OtherRecipient,
            Refusal::NotAllowed => Self::NotAllowed,
            Refusal::SamePerson => Self::SamePerson,
            Refusal::ApprovalInvalid => Self::ApprovalInvalid,
            Refusal::UnknownApprover => Self::UnknownApprover,
            Refusal::Expired => Self::Expired,
            Refusal::FromFuture => Self::FromFuture,
            Refusal::OtherContent => Self::OtherContent,
            Refusal::OutOfBounds => Self::OutOfBounds,
            Refusal::Cryptography => Self::Cryptography,
            Refusal::Read(_) | Refusal::Write(_) => Self::System,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_a_sentence_of_its_own_and_a_next_step() {
        let mut seen = std::collections::HashSet::new();
        for reason in Reason::ALL {
            let (japanese, english) = reason.words();
            assert!(seen.insert(japanese) && seen.insert(english), "{reason:?}");
            assert!(
                japanese.matches('。').count() >= 2 && english.matches(['.', ';']).count() >= 2,
                "{reason:?}"
            );
        }
    }
}
