//! Sending, and what the central has questions about.
//!
//! Must not: call anything sent without its verified receipt.

use record::ReviewReason;
use sync::{exchange::NetworkError, status::SendProblem};

use super::{super::Said, person, stopped};
use crate::display::Language;

/// What is wrong with sending.
#[must_use]
pub fn send_problem(problem: SendProblem, language: Language) -> Said {
    match problem {
        SendProblem::Network(NetworkError::Unreachable) => person(
            (
                "ネットワークにつながっていません。記録は端末に残っています。",
                "このまま続けられます。つながると自動で送ります。",
            ),
            (
                "There is no way to the central. The records are kept on this tablet.",
                "You can go on working. They are sent when the network returns.",
            ),
        ),
        SendProblem::Network(NetworkError::Broken) => person(
            (
                "送信の途中で切れました。記録は端末に残っています。",
                "自動で送り直します。二重には記録されません。",
            ),
            (
                "The connection broke off. The records are kept on this tablet.",
                "They are sent again by themselves, and never counted twice.",
            ),
        ),
        SendProblem::Network(NetworkError::Untrusted) => stopped(
            (
                "つながった相手が、設定された送信先ではありません。送っていません。",
                "ログインの要るWi-Fiではないか確かめてください。続くときは支援窓口へ知らせてください。",
            ),
            (
                "Whoever answered is not the configured central. Nothing was sent.",
                "Check whether the Wi-Fi asks for a sign-in. If this goes on, tell the support desk.",
            ),
        ),
        SendProblem::Network(NetworkError::TooLarge) | SendProblem::Nonsense => stopped(
            (
                "送信先から正しい応答がありません。記録は端末に残っています。",
                "ログインの要るWi-Fiではないか確かめてください。自動でまた試します。",
            ),
            (
                "The central gave no proper answer. The records are kept on this tablet.",
                "Check whether the Wi-Fi asks for a sign-in. It is tried again by itself.",
            ),
        ),
        SendProblem::Network(NetworkError::Address) => stopped(
            (
                "設定された送信先が使えません。",
                "支援窓口へ知らせ、設定ファイルを作り直してもらってください。",
            ),
            (
                "The configured address cannot be used.",
                "Tell the support desk; the configuration file must be made anew.",
            ),
        ),
        SendProblem::Receipt => stopped(
            (
                "受領証を確認できません。送信済みにはしていません。",
                "自動でまた試します。続くときは支援窓口へ知らせてください。",
            ),
            (
                "The receipt cannot be verified. Nothing was marked as sent.",
                "It is tried again by itself. If this goes on, tell the support desk.",
            ),
        ),
        SendProblem::NotEnrolled => stopped(
            (
                "送信先にこの端末が登録されていません。記録は端末に残っています。",
                "支援窓口へ、この端末の番号を知らせてください。",
            ),
            (
                "The central does not know this tablet. The records are kept on it.",
                "Tell the support desk this tablet's number.",
            ),
        ),
        SendProblem::TokenRefused => stopped(
            (
                "この端末の登録が断られました。記録は端末に残っています。",
                "新しい設定ファイルを配布元に頼んでください。",
            ),
            (
                "The registration of this tablet was refused. The records are kept on it.",
                "Ask the sender for a new configuration file.",
            ),
        ),
        SendProblem::Busy => person(
            (
                "送信先が混み合っています。記録は端末に残っています。",
                "このまま続けられます。自動でまた送ります。",
            ),
            (
                "The central is busy. The records are kept on this tablet.",
                "You can go on working. They are sent again by themselves.",
            ),
        ),
        SendProblem::SignatureRefused => person(
            (
                "この端末からの送信を確認できませんでした。時刻を合わせて送り直します。",
                "続くときは支援窓口へ知らせてください。",
            ),
            (
                "The central could not confirm that this came from this tablet. It is sent again with the time set anew.",
                "If this goes on, tell the support desk.",
            ),
        ),
        SendProblem::Refused => stopped(
            (
                "送信先が受け取れない形でした。記録は端末に残っています。",
                "支援窓口へ、プログラムの更新を頼んでください。",
            ),
            (
                "The central cannot take it in this form. The records are kept on this tablet.",
                "Ask the support desk to update the program.",
            ),
        ),
        SendProblem::Store => stopped(
            (
                "送信の準備ができません。端末の保存に問題があります。",
                "端末を再起動してください。直らないときは支援窓口へ知らせてください。",
            ),
            (
                "Sending cannot be prepared: the tablet has trouble with its storage.",
                "Restart the tablet. If that does not help, tell the support desk.",
            ),
        ),
    }
    .in_language(language)
}

/// Why an entry needs a person, and what to do.
#[must_use]
pub fn review(reason: &ReviewReason, language: Language) -> Said {
    match reason {
        ReviewReason::FutureDate => person(
            ("接種日が先の日付です。", "日付を紙と比べ、違うときは訂正してください。"),
            (
                "The date lies in the future.",
                "Compare the date with the paper and correct it if it is wrong.",
            ),
        ),
        ReviewReason::UnknownMunicipality => person(
            (
                "この市町村コードは実在しません。",
                "番号を紙と比べ、違うときは訂正してください。紙も同じなら、責任者に知らせてください。",
            ),
            (
                "This municipality code does not exist.",
                "Compare the number with the paper and correct it if it differs. If it is the same, tell the person in charge.",
            ),
        ),
        ReviewReason::OtherContentForSameDose => person(
            (
                "同じ接種券の同じ回数が、別の内容でもう記録されています。",
                "紙を取っておいてください。市区町村の担当者が、どちらが正しいか決めます。",
            ),
            (
                "The same dose of this coupon is recorded already with other content.",
                "Keep the paper. The municipality decides which one is right.",
            ),
        ),
        ReviewReason::CheckedRecord => person(
            (
                "この接種は、市区町村の担当者が内容を確定しています。",
                "紙を取っておいてください。市区町村の担当者が、改めて判断します。",
            ),
            (
                "The municipality has checked this dose and decided what is right.",
                "Keep the paper. The municipality looks at it again.",
            ),
        ),
        ReviewReason::ChangesChangedEntry => person(
            ("ほかの訂正か取消が先に届いています。", "一覧で今の内容を確かめてください。"),
            ("Another correction or cancellation came first.", "Look at the present content in the list."),
        ),
        ReviewReason::ReplacedTablet => person(
            (
                "このタブレットは、その日にはもう予備機に置き換えられていました。中身は失われていません。",
                "紙を取っておき、支援窓口に連絡してください。",
            ),
            (
                "Another tablet had taken this one's place by that day. Nothing is lost.",
                "Keep the paper, and call the support desk.",
            ),
        ),
        ReviewReason::ChangesUndeliveredChange => person(
            (
                "訂正する前の内容が、市区町村の担当者の確認を待っています。",
                "紙を取っておいてください。市区町村の担当者が、すべての訂正を見て決めます。",
            ),
            (
                "The correction before this one still waits for the municipality.",
                "Keep the paper. The municipality looks at all the corrections and decides.",
            ),
        ),
        ReviewReason::ChangesUnknownEntry => person(
            (
                "訂正する前の記録が、まだ届いていません。",
                "そのままで構いません。前の記録が届くと、支援窓口が確かめます。",
            ),
            (
                "The record that this one corrects has not arrived yet.",
                "Leave it as it is. The support desk checks it when the earlier one arrives.",
            ),
        ),
        ReviewReason::Malformed
        | ReviewReason::OtherMunicipality
        | ReviewReason::OtherContentForSameId
        | ReviewReason::PositionTaken
        | ReviewReason::ChainBroken => person(
            (
                "送信先で、記録のつながりに疑問が出ました。中身は失われていません。",
                "支援窓口が調べます。紙を取っておいてください。",
            ),
            (
                "The central has a question about how this record fits the others. Nothing of it is lost.",
                "The support desk looks into it. Keep the paper.",
            ),
        ),
        ReviewReason::Unknown(_) => person(
            ("送信先が、職員の確認を求めています。", "紙を取っておき、支援窓口に聞いてください。"),
            ("The central asks staff to check it.", "Keep the paper and ask the support desk."),
        ),
    }
    .in_language(language)
}
