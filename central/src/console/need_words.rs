//! What a tablet needs, in words: its state, and what to do next. Both languages side by side.
//!
//! Must not: leave a need without a next step.

use super::language::Language;
use crate::fleet::needs::Need;

/// The state, as it stands beside its shape.
pub(crate) fn state(language: Language, need: Need) -> &'static str {
    let (japanese, english) = match need {
        Need::ChainDiffers => ("鎖の不一致", "Chain differs"),
        Need::MissingEntries => ("欠番あり", "Missing"),
        Need::Review => ("要確認", "Review"),
        Need::Silent => ("連絡なし", "Silent"),
        Need::LowStorage => ("空き容量不足", "Low storage"),
        Need::ClockOff => ("時計のずれ", "Clock off"),
        Need::OldVersion => ("旧バージョン", "Old version"),
        Need::Invited => ("登録待ち", "Awaited"),
        Need::Nothing => ("正常", "In order"),
    };
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}

/// What it means and what to do.
pub(crate) fn help(language: Language, need: Need) -> &'static str {
    let (japanese, english) = match need {
        Need::ChainDiffers => (
            "端末の記録の鎖が、受領した記録と一致しません。この端末での記録を止め、電源を切らずに保管し、システム管理者に連絡してください。",
            "The chain on the tablet is not the one that was received. Stop recording on it, keep it switched on and safe, and call the system's administrator.",
        ),
        Need::MissingEntries => (
            "途中の記録が届いていません。タブレットを充電・接続し、送信画面を確認してください。",
            "Entries in between have not arrived. Charge and connect the tablet, then look at its Sending page.",
        ),
        Need::Review => (
            "受領しましたが、職員の確認が必要な記録があります。市区町村の担当者に確認を依頼してください。",
            "Everything arrived, but staff must check some entries. Ask the municipality's officers to do so.",
        ),
        Need::Silent => (
            "長い時間連絡がありません。電源と回線を確認してください。",
            "Nothing was heard for a long time. Check power and network.",
        ),
        Need::LowStorage => (
            "端末の空き容量が512 MiB未満です。なくなると記録できません。送信を済ませ、端末を交換するか、他のファイルを消してください。",
            "Less than 512 MiB are free on the tablet; without space it cannot record. Let it finish sending, then replace it or remove other files.",
        ),
        Need::ClockOff => (
            "端末の時計が1分以上ずれています。記録の日時に影響します。端末の設定で時刻を合わせてください。",
            "The tablet's clock is off by a minute or more, and so are the times it records. Set the time in the device's settings.",
        ),
        Need::OldVersion => (
            "端末のプログラムがサーバーより古い版です。送信を済ませてから、新しい版に更新してください。",
            "The tablet's program is older than the central. Let it finish sending, then update it.",
        ),
        Need::Invited => (
            "設定ファイルを作成しました。タブレットへの読み込みと最初の接続を待っています。",
            "A configuration bundle was made. Waiting for the tablet to load it and make contact.",
        ),
        Need::Nothing => {
            ("送られた記録はすべて受領しています。", "Every entry that was sent has been received.")
        }
    };
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}
